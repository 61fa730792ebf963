//! From a request to values of `model`.

mod address;
mod caller;
mod csrf;
mod format;
mod origin;
mod params;

pub(super) use address::client_address;
pub(super) use caller::{Caller, SignedIn};
pub(super) use csrf::{Csrf, TokenFrom, check_csrf};
pub(super) use format::{Format, wants_error_json, wants_html};
pub(super) use origin::{RequestId, origin};
pub(super) use params::{Body, Query};
