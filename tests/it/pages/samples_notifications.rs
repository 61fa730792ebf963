//! Samples of the list of notifications.

use hallpass::http::views::notifications::{Link, NotificationRow, NotificationsPage};

use super::samples::{NOW, ada, days_ago, render};

fn row(id: &str, kind: i32, title: &str) -> NotificationRow {
    NotificationRow {
        id: id.to_owned(),
        kind,
        title: Some(title.to_owned()),
        who: Some("grace".to_owned()),
        excerpt: None,
        link: Some(Link { href: format!("/t/{id}"), host: None }),
        at: days_ago(1),
        read: false,
    }
}

fn urgent() -> Vec<NotificationRow> {
    let excerpt = Some("Can you open the hall at eight tomorrow? I have the only other key with me.".to_owned());
    vec![NotificationRow { excerpt, ..row("9", 6, "The keys of the hall") }]
}

fn unread() -> Vec<NotificationRow> {
    let elsewhere = Link { href: "https://tickets.example/42".to_owned(), host: Some("tickets.example".to_owned()) };
    let nameless = NotificationRow { title: None, who: None, link: None, ..row("7", 900, "") };
    vec![
        NotificationRow {
            link: Some(elsewhere), who: Some("اليس".to_owned()), ..row("8", 2, "حفلة في القاعة")
        },
        nameless,
        NotificationRow {
            excerpt: Some("<b>not bold</b> & \"quoted\"".to_owned()),
            ..row("6", 1, &format!("<script>alert(1)</script> {}", "Llanfairpwllgwyngyll".repeat(6)))
        },
    ]
}

fn read() -> Vec<NotificationRow> {
    let old = |id, kind, title| NotificationRow { read: true, at: days_ago(40), ..row(id, kind, title) };
    vec![old("5", 5, "Bread for beginners"), NotificationRow { link: None, ..old("4", 12, "First steps") }]
}

/// The samples.
pub(super) fn pages(base: &str) -> Vec<(&'static str, String)> {
    let page = |urgent, unread, read| NotificationsPage {
        frame: ada(base),
        now: NOW,
        urgent,
        unread,
        read,
        newer: None,
        older: None,
    };
    let amid_others = NotificationsPage { newer: Some(0), older: Some(60), ..page(urgent(), unread(), read()) };
    vec![
        ("notifications", render(&amid_others)),
        ("notifications_read", render(&page(Vec::new(), Vec::new(), read()))),
        ("notifications_empty", render(&page(Vec::new(), Vec::new(), Vec::new()))),
    ]
}
