//! What a user was told, for programs: shapes of `clients.md` section 1.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::filters;
use serde_json::{Value, json};

use super::{done, json_ok};
use crate::app::App;
use crate::domain::notifications::{List, list, look, mark_all_read, mark_read, recent, totals};
use crate::http::error::Problem;
use crate::http::extract::{Body, Caller, check_csrf};
use crate::model::{Fields, Notification, NotificationId, User};

/// The most notifications of one answer, and how many there are where nobody says.
const MOST: u16 = 60;

/// How many there are where nobody says, of those that matter most.
const USUAL_RECENT: u16 = 15;

/// How much is new to the user.
pub(in crate::http) async fn get_totals(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    let user = caller.known()?;
    let totals = totals(&app.cx, user.id).await?;
    Ok(json_ok(&json!({
        "id": user.id.get(),
        "username": user.username.as_str(),
        "unread_notifications": totals.all_unread.saturating_sub(totals.personal_messages),
        "unread_personal_messages": totals.personal_messages,
        "unseen_reviewables": 0,
        "topic_tracking": { "new": 0, "unread": 0 },
        "group_inboxes": [],
    })))
}

/// The user's notifications as the protocol's JSON has them: with `recent` those that matter most, which the user has seen
/// by that unless `silent` is there too; else all, newest first, some at a time.
pub(in crate::http) async fn list_as_json(app: &App, user: &User, fields: &Fields) -> Result<HttpResponse, Problem> {
    check_owner(user, fields)?;
    if !is_set(fields, "recent")? {
        return list_some(app, user, fields).await;
    }
    let limit = number(fields, "limit", 1..=MOST)?.unwrap_or(USUAL_RECENT);
    let list = if is_set(fields, "silent")? {
        recent(&app.cx, user.id, 0, limit).await?
    } else {
        look(&app.cx, user.id, 0, limit).await?
    };
    Ok(json_ok(&json!({
        "notifications": all_as_json(app, &list),
        "seen_notification_id": list.totals.seen_notification_id,
    })))
}

async fn list_some(app: &App, user: &User, fields: &Fields) -> Result<HttpResponse, Problem> {
    let limit = number(fields, "limit", 1..=MOST)?.unwrap_or(MOST);
    let offset = number(fields, "offset", 0..=u32::MAX)?.unwrap_or(0);
    let list = list(&app.cx, user.id, offset, limit).await?;
    let more = format!("/notifications?limit={limit}&offset={}", offset.saturating_add(limit.into()));
    Ok(json_ok(&json!({
        "notifications": all_as_json(app, &list),
        "total_rows_notifications": list.total,
        "seen_notification_id": list.totals.seen_notification_id,
        "load_more_notifications": app.public_url.path(&format!("{more}&username={}", user.username)),
    })))
}

/// Somebody else's are not shown to anybody.
fn check_owner(user: &User, fields: &Fields) -> Result<(), Problem> {
    match fields.filled("username")? {
        Some(name) if name.to_lowercase() != user.username.folded() => Err(Problem::forbidden()),
        _ => Ok(()),
    }
}

/// Whether a parameter is there, with whatever value but `false`.
fn is_set(fields: &Fields, name: &str) -> Result<bool, Problem> {
    Ok(fields.get(name)?.is_some_and(|value| value != "false"))
}

fn number<T>(fields: &Fields, name: &'static str, bounds: RangeInclusive<T>) -> Result<Option<T>, Problem>
where
    T: FromStr + PartialOrd + Display,
{
    let Some(text) = fields.filled(name)? else { return Ok(None) };
    let (least, most) = (bounds.start(), bounds.end());
    let wrong = || Problem::wrong(name, &format!("{name} is a whole number from {least} to {most}"));
    text.parse().ok().filter(|number| bounds.contains(number)).map(Some).ok_or_else(wrong)
}

fn all_as_json(app: &App, list: &List) -> Vec<Value> {
    list.notifications.iter().map(|notification| as_json(app, notification)).collect()
}

fn as_json(app: &App, notification: &Notification) -> Value {
    let data = &notification.data;
    json!({
        "id": notification.id.get(),
        "user_id": notification.user_id.get(),
        "notification_type": notification.notification_type.get(),
        "read": notification.read,
        "high_priority": notification.high_priority,
        "created_at": notification.created_at.iso_millis(),
        "post_number": data.number("post_number"),
        "topic_id": data.number("topic_id"),
        "fancy_title": data.text("topic_title").map(as_markup),
        "slug": data.text("slug"),
        "data": data.members(),
        "url": notification.url.as_ref().map(|url| url.absolute(&app.public_url)),
    })
}

/// Programs put `fancy_title` into pages as it is.
fn as_markup(text: &str) -> String {
    filters::escape(text, filters::Html).map(|escaped| escaped.to_string()).unwrap_or_default()
}

/// Marks one notification as read, or all.
pub(in crate::http) async fn put_read(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    fields: Body,
) -> Result<HttpResponse, Problem> {
    let user = caller.known()?;
    check_csrf(&app, &request, &caller, &fields.0)?;
    // Whoever means one and names it otherwise is not to lose all.
    if let Some(other) = fields.0.other_than(&["id", "authenticity_token"]) {
        let message = format!("{other} means nothing here; send id for one notification, or nothing for all");
        return Err(Problem::wrong(other, &message));
    }
    mark(&app, user, &fields.0).await?;
    Ok(done())
}

/// Marks the user's notification with this `id` as read; where there is none, all.
pub(in crate::http) async fn mark(app: &App, user: &User, fields: &Fields) -> Result<(), Problem> {
    let id = fields.get("id")?.map(str::parse::<NotificationId>).transpose();
    match id.map_err(|error| Problem::wrong("id", &error))? {
        Some(id) => mark_read(&app.cx, user.id, id).await?,
        None => mark_all_read(&app.cx, user.id).await?,
    }
    Ok(())
}
