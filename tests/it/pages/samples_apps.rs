//! Samples of the list of applications.

use hallpass::http::views::apps::{AppRow, AppState, AppsNotice, AppsPage};
use hallpass::http::views::destination::Destination;
use hallpass::http::views::expiry::{Expiry, Soon};
use hallpass::model::Timestamp;

use super::samples::{NOW, ada, days_ago, name, render, web};
use super::samples_consent::line;

fn app(id: &str, application: &str, scopes: &[&str]) -> AppRow {
    AppRow {
        id: id.to_owned(),
        application: name(application),
        scopes: scopes.iter().map(|scope| line(scope)).collect(),
        approved: days_ago(203),
        last_used: Some(Timestamp::from_micros(NOW.as_micros() - 200_000_000)),
        expiry: Expiry::On(days_ago(-91)),
        received: Some(Destination::OnThisComputer { host: "127.0.0.1".to_owned(), port: Some(51004) }),
        soon: None,
        before_until: None,
        push_is_off: false,
        used_today: 1204,
        per_day: 2880,
        state: AppState::Active,
    }
}

fn apps() -> Vec<AppRow> {
    let reader = AppRow {
        last_used: Some(days_ago(1)),
        expiry: Expiry::UntilUnused { days: 180 },
        received: Some(Destination::Web(web("reader.example"))),
        used_today: 1,
        ..app("8", "Quiet Reader", &["read"])
    };
    let script = AppRow {
        last_used: None,
        approved: days_ago(90),
        expiry: Expiry::UntilEnded,
        received: Some(Destination::ShownHere),
        used_today: 0,
        ..app(
            "9",
            "backup script on the old laptop <3",
            &["read", "write", "session_info", "meadow-extras:pick_flowers"],
        )
    };
    let phone = AppRow {
        last_used: Some(days_ago(70)),
        received: Some(Destination::AppScheme { scheme: "discourse".to_owned() }),
        used_today: 0,
        ..app("10", "اشعارات", &["notifications", "push"])
    };
    vec![app("7", "Deskbell", &["read", "notifications", "write"]), reader, script, phone]
}

/// The samples.
pub(super) fn pages(base: &str) -> Vec<(&'static str, String)> {
    let page = |apps| AppsPage { frame: ada(base), owner: "ada".to_owned(), own: true, now: NOW, notice: None, apps };
    let other = |apps| AppsPage { owner: "grace".to_owned(), own: false, ..page(apps) };
    let mut ended = apps();
    ended[0].state = AppState::Ended;
    let notice = Some(AppsNotice::Ended(name("Deskbell")));
    let undone = Some(AppsNotice::Undone(name("Deskbell")));
    let mut all_ended = apps();
    for app in &mut all_ended {
        app.state = AppState::Ended;
    }
    let mut ending = apps();
    ending[0].soon = Some(Soon::On(days_ago(-11)));
    ending[0].expiry = Expiry::On(days_ago(-11));
    ending[1].before_until = Some(Timestamp::from_micros(NOW.as_micros() + 3_000_000_000));
    ending[3].push_is_off = true;
    ending[3].soon = Some(Soon::UnlessUsed(days_ago(-3)));
    ending[3].expiry = Expiry::UntilUnused { days: 180 };
    vec![
        ("apps_ending", render(&page(ending))),
        ("apps", render(&page(apps()))),
        ("apps_of_another", render(&other(apps()))),
        ("apps_empty", render(&page(Vec::new()))),
        ("apps_empty_of_another", render(&other(Vec::new()))),
        ("apps_ended", render(&AppsPage { notice, ..page(ended) })),
        ("apps_undone", render(&AppsPage { notice: undone, ..page(apps()) })),
        ("apps_ended_of_another", render(&AppsPage { notice: Some(AppsNotice::UnusedEnded(4)), ..other(all_ended) })),
    ]
}
