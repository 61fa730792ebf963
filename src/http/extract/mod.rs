//! From a request to values of `model`.

mod address;
mod caller;
mod credential;
mod csrf;
mod format;
mod origin;
mod params;
mod presence;

pub(super) use address::{add_forwarded, address_by, address_of, client_address, client_named, peer_address};
pub(super) use caller::{Caller, SignedIn};
pub(super) use credential::{Credential, client_id, presented_client_id, presented_key};
pub(super) use csrf::{Csrf, TokenFrom, check_csrf};
pub(super) use format::{Format, wants_error_json, wants_html};
pub(super) use origin::{RequestId, origin};
pub(super) use params::{Body, Query, whole};
pub(super) use presence::says_present;
