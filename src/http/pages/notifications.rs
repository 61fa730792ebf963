//! What the site has told the user, and what of it is read.

use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::login::sign_in_first;
use super::shell::{Shell, frame};
use crate::app::App;
use crate::domain::notifications::{List, look};
use crate::http::api::{list_as_json, mark};
use crate::http::error::Problem;
use crate::http::extract::{Body, Caller, Format, Query, check_csrf};
use crate::http::views::notifications::{Link, NotificationRow, NotificationsPage};
use crate::model::{Fields, Notification, NotificationUrl};

/// The rows of a page.
const ROWS: u16 = 30;

/// The list: a page for people at a browser, which is a look at them; the protocol's JSON for programs.
pub(in crate::http) async fn get_notifications(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    fields: Query,
    format: Format,
) -> Result<HttpResponse, Problem> {
    let Some(user) = caller.user() else {
        return match format {
            Format::Json => Err(Problem::NotLoggedIn),
            Format::Html => Ok(sign_in_first(&app, &request)),
        };
    };
    // A key is a program's, whatever it says of what it accepts.
    if format == Format::Json || caller.signed_in().is_none() {
        return list_as_json(&app, user, &fields.0).await;
    }
    let offset = offset(&fields.0);
    let list = look(&app.cx, user.id, offset, ROWS).await?;
    let after = offset.saturating_add(ROWS.into());
    let page = NotificationsPage {
        frame: frame(&app, &request, &caller),
        now: app.cx.now(),
        newer: (offset > 0).then(|| offset.saturating_sub(ROWS.into())),
        older: (u64::from(after) < list.total).then_some(after),
        urgent: rows(&app, &list, |one| !one.read && one.high_priority),
        unread: rows(&app, &list, |one| !one.read && !one.high_priority),
        read: rows(&app, &list, |one| one.read),
    };
    Ok(Shell::isolated().send(&page))
}

fn offset(fields: &Fields) -> u32 {
    fields.get("offset").ok().flatten().and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn rows(app: &App, list: &List, meant: impl Fn(&Notification) -> bool) -> Vec<NotificationRow> {
    list.notifications.iter().filter(|one| meant(one)).map(|one| row(app, one)).collect()
}

fn row(app: &App, one: &Notification) -> NotificationRow {
    let text = |names: [&str; 2]| names.into_iter().find_map(|name| one.data.text(name)).map(str::to_owned);
    NotificationRow {
        id: one.id.to_string(),
        kind: one.notification_type.get(),
        title: text(["topic_title", "title"]),
        who: text(["display_username", "username"]),
        excerpt: text(["excerpt", "message"]),
        link: one.url.as_ref().map(|url| link(app, url)),
        at: one.created_at,
        read: one.read,
    }
}

fn link(app: &App, url: &NotificationUrl) -> Link {
    let origin = url.origin();
    let host = origin.as_ref().filter(|origin| origin.as_str() != app.public_url.origin()).and_then(|_| url.host());
    Link { href: url.as_str().to_owned(), host }
}

/// Marks one notification as read, or all, then shows the list. For people at a browser; programs have PUT.
pub(in crate::http) async fn post_read(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    fields: Body,
) -> Result<HttpResponse, Problem> {
    let signed_in = caller.signed_in().ok_or(Problem::NotLoggedIn)?;
    check_csrf(&app, &request, &caller, &fields.0)?;
    mark(&app, &signed_in.user, &fields.0).await?;
    let list = app.public_url.path("/notifications");
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, list)).finish())
}
