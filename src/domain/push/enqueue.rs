//! Stores what is to be pushed.

use serde_json::{Map, Value};

use super::Push;
use crate::model::{NewDelivery, Timestamp, UserId, wants_pushes};
use crate::store::{self, AnyConnection, StoreError};

/// What a user is told.
#[derive(Clone, Debug)]
pub struct Told {
    /// Who is told.
    pub user: UserId,
    /// What: the members that applications know.
    pub members: Map<String, Value>,
}

/// Stores it in the caller's transaction, once for each application of the user that wants pushes and may have them. Whether it
/// is sent is decided when its time has come. Call `Push::stored` once the transaction is done.
///
/// # Errors
/// Of the database.
pub fn enqueue(tx: &mut AnyConnection, push: &Push, told: &Told, now: Timestamp) -> Result<(), StoreError> {
    if !push.rules.is_on() {
        return Ok(());
    }
    let payload = Value::Object(told.members.clone()).to_string();
    for key in store::list_pushed_keys(tx, told.user, now)? {
        let allowed = key.push_url.filter(|url| push.rules.target(url).is_some());
        if let Some(push_url) = allowed.filter(|_| wants_pushes(&key.scopes)) {
            let new = NewDelivery { key: key.id, push_url, payload: payload.clone(), created_at: now, due_at: now };
            store::insert_push_delivery(tx, &new)?;
        }
    }
    Ok(())
}
