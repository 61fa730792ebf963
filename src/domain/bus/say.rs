//! What is said on the bus. Every function works in the caller's transaction.

use serde_json::{Value, json};

use crate::model::{BusChannel, Notification, Timestamp, Totals, UserId};
use crate::store::{self, AnyConnection, StoreError};

/// That the user was signed out.
///
/// # Errors
/// Of the database.
pub fn signed_out(tx: &mut AnyConnection, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    store::insert_bus_message(tx, user, BusChannel::Logout, &json!(user.get()), now)
}

/// How much is new to the user, by the names that clients of the bus know.
///
/// # Errors
/// Of the database.
pub fn counted(tx: &mut AnyConnection, user: UserId, totals: &Totals, now: Timestamp) -> Result<(), StoreError> {
    let data = json!({
        "unread_notifications": totals.unread,
        "unread_high_priority_notifications": totals.unread_high_priority,
        "all_unread_notifications_count": totals.all_unread,
        "new_personal_messages_notifications_count": totals.personal_messages,
        "seen_notification_id": totals.seen_notification_id,
    });
    store::insert_bus_message(tx, user, BusChannel::Notification, &data, now)
}

/// That something is new to the user: what the site says of it, and where it leads. It is said for as long as the notification
/// is there.
///
/// # Errors
/// Of the database.
pub fn alerted(tx: &mut AnyConnection, notification: &Notification, now: Timestamp) -> Result<(), StoreError> {
    let mut data = notification.data.members().clone();
    // Else a client would open what nobody has checked; what was is in `post_url`.
    data.remove("url");
    data.insert("id".to_owned(), notification.id.get().into());
    data.insert("notification_type".to_owned(), notification.notification_type.get().into());
    data.insert("high_priority".to_owned(), notification.high_priority.into());
    data.insert("post_url".to_owned(), notification.url.as_ref().map(|url| url.as_str().to_owned()).into());
    store::insert_bus_alert(tx, notification.user_id, notification.id, &Value::Object(data), now)
}
