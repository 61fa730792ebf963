//! What happens around every request: its id and log line, its errors' form, its headers, its key, and
//! who may read the answer.

mod cors;
mod count;
mod delegate;
mod errors;
mod headers;
mod key;
mod log;

pub(super) use cors::allow_origins;
pub(super) use count::count_request;
pub(super) use delegate::offer_sign_in;
pub(super) use errors::{shape_errors, tell_errors};
pub(super) use headers::{NoStore, add_headers};
pub(super) use key::check_key;
pub(super) use log::log_request;
