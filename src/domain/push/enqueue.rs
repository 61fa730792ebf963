//! Stores what is to be pushed.

use serde_json::{Map, Value};

use crate::model::{NewDelivery, NotificationId, PushRules, Timestamp, User};
use crate::store::{self, AnyConnection, StoreError};

/// What a user is told.
#[derive(Clone, Debug)]
pub struct Told<'a> {
    /// Who is told.
    pub user: &'a User,
    /// The notification.
    pub notification: NotificationId,
    /// The members of it that applications know.
    pub members: Map<String, Value>,
}

/// Stores it in the caller's transaction, once for each application of the user that wants pushes and may have them. Whether it
/// is sent is decided when its time has come. Call `Push::stored` once the transaction is done.
///
/// # Errors
/// Of the database.
pub fn enqueue(tx: &mut AnyConnection, rules: &PushRules, told: &Told<'_>, now: Timestamp) -> Result<(), StoreError> {
    if !rules.is_on() {
        return Ok(());
    }
    let payload = Value::Object(told.members.clone()).to_string();
    for key in store::list_pushed_keys(tx, told.user.id, now)? {
        let allowed = key.push_url.filter(|url| rules.target(url).is_some());
        if let Some(push_url) = allowed.filter(|_| rules.wants(key.scopes, told.user)) {
            let (notification, payload) = (told.notification, payload.clone());
            let new = NewDelivery { key: key.id, notification, push_url, payload, created_at: now };
            store::insert_push_delivery(tx, &new)?;
        }
    }
    Ok(())
}
