//! Stores what is to be pushed.

use serde_json::{Map, Value};

use crate::model::{NewDelivery, Notification, PushRules, Timestamp, wants_pushes};
use crate::store::{self, AnyConnection, StoreError};

/// Stores a notification in the caller's transaction, with the members of it that applications know, once for each application
/// of the user that wants pushes and may have them. Whether it is sent is decided when its time has come. Call `Push::stored`
/// once the transaction is done.
///
/// # Errors
/// Of the database.
pub fn enqueue(
    tx: &mut AnyConnection,
    rules: &PushRules,
    told: &Notification,
    members: Map<String, Value>,
    now: Timestamp,
) -> Result<(), StoreError> {
    if !rules.is_on() {
        return Ok(());
    }
    let payload = Value::Object(members).to_string();
    for key in store::list_pushed_keys(tx, told.user_id, now)? {
        let allowed = key.push_url.filter(|url| rules.target(url).is_some());
        if let Some(push_url) = allowed.filter(|_| wants_pushes(&key.scopes)) {
            let payload = payload.clone();
            let new = NewDelivery { key: key.id, notification: told.id, push_url, payload, created_at: now };
            store::insert_push_delivery(tx, &new)?;
        }
    }
    Ok(())
}
