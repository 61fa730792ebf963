//! The one place that hears of every change to what users are told. Both functions work in the caller's transaction,
//! which may run twice: they change nothing but the database.

use serde_json::{Map, Value};

use crate::domain::bus;
use crate::domain::push::{Told, enqueue};
use crate::model::{Notification, PublicUrl, PushRules, Timestamp, Totals, User, UserId};
use crate::store::{self, AnyConnection, StoreError};

/// A new notification of a user, who may be suspended. Called once for each.
pub(super) fn published(
    tx: &mut AnyConnection,
    push: &PushRules,
    user: &User,
    notification: &Notification,
    now: Timestamp,
) -> Result<(), StoreError> {
    bus::alerted(tx, notification, now)?;
    let members = pushed(notification, &push.public_url);
    enqueue(tx, push, &Told { user, notification: notification.id, members }, now)
}

/// What an application is sent: what the site says of it, at the top as the protocol has it.
fn pushed(notification: &Notification, public_url: &PublicUrl) -> Map<String, Value> {
    let mut members = notification.data.members().clone();
    members.insert("id".to_owned(), Value::from(notification.id.get()));
    members.insert("notification_type".to_owned(), Value::from(notification.notification_type.get()));
    // Else a receiver would open what nobody has checked.
    members.remove("url");
    if let Some(url) = &notification.url {
        members.insert("url".to_owned(), Value::from(url.absolute(public_url)));
    }
    members
}

/// What is new to a user has changed: something was published, read, seen or deleted. Gives how much it is now.
pub(in crate::domain) fn recount(tx: &mut AnyConnection, user: UserId, now: Timestamp) -> Result<Totals, StoreError> {
    let totals = store::find_totals(tx, user)?;
    bus::counted(tx, user, &totals, now)?;
    Ok(totals)
}
