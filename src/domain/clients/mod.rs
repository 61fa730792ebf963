//! What the site knows of applications by their `client_id`: looked up, registered, removed (section 11.2 of the
//! protocol).
//!
//! An application is registered when its row has an `auth_redirect`; then name, key and redirect are those of the
//! registration, whatever a request says. `register.rs` is the endpoint's act and the operator's.

mod register;
mod request;

pub use register::{RegisterError, Registrar, RemoveError, list, register, remove};
pub use request::RegistrationRequest;

use super::Context;
use crate::model::{Client, ClientId, Fields};
use crate::store::{self, StoreError};

/// What is kept of this `client_id`: the stored name, and for a registered application its key, redirect, scopes and
/// the day of its registration (`C-138`…`C-140`).
///
/// # Errors
/// Of the database.
pub async fn find(cx: &Context, client_id: &ClientId) -> Result<Option<Client>, StoreError> {
    let client_id = client_id.clone();
    cx.store.read(move |c| store::find_client(c, &client_id)).await
}

/// The same for the `client_id` that a request names; `None` where it names none that can be one. What is wrong with
/// it, the parser of the request says in its own order.
///
/// # Errors
/// Of the database.
pub async fn of_request(cx: &Context, fields: &Fields) -> Result<Option<Client>, StoreError> {
    let named = fields.filled("client_id").ok().flatten().and_then(|text| ClientId::parse(text).ok());
    match named {
        Some(client_id) => find(cx, &client_id).await,
        None => Ok(None),
    }
}
