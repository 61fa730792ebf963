//! What is said on the bus. Every function works in the caller's transaction.

use serde_json::json;

use crate::model::{BusChannel, Timestamp, UserId};
use crate::store::{self, AnyConnection, StoreError};

/// That the user was signed out.
///
/// # Errors
/// Of the database.
pub fn signed_out(tx: &mut AnyConnection, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    store::insert_bus_message(tx, user, BusChannel::Logout, &json!(user.get()), now)
}
