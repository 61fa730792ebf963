//! One-time passwords: an application lets its user sign in at the site without typing (section 10 of the protocol).
//!
//! `request.rs` takes an application's wish apart, `make.rs` answers it, `redeem.rs` lets somebody in, and `delegate.rs`
//! sends a browser that comes from an application back to it, to ask first. A one-time password is a whole session of its
//! user: it is stored as a hash, works once, and for ten minutes.

mod delegate;
mod make;
mod redeem;
mod request;

pub use delegate::{Delegation, delegate};
pub(in crate::domain) use make::Fresh;
pub use make::{check_may_make, make};
pub use redeem::{RedeemError, discard, owner, redeem};
pub use request::OtpRequest;
