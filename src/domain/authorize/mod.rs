//! The handshake: an application asks, the user reads, the application gets its key.
//!
//! `request.rs` takes an application's wish apart in the order the protocol fixes; `consent.rs` says what the user
//! has to know; `approve.rs` issues; `refusal.rs` names everything that stands in the way.

mod approve;
mod consent;
mod payload;
mod refusal;
mod request;

pub use approve::{ApproveError, Approved, approve};
pub(super) use approve::{Issue, prepare, settle};
pub use consent::{Consent, FingerprintHistory, consider};
pub(super) use payload::seal;
pub use refusal::Refusal;
pub use request::AuthorizationRequest;
pub(in crate::domain) use request::redirect_text;
