//! What the site's back end and its scripts do through the admin API: one file an act, or one word of acts.
//!
//! `authenticate.rs` says who asks and what they may; the database is asked every time, so that an ended key is ended.
//! `admin_keys.rs` is the operator's: no admin key makes or ends another (`security.md K12`).

pub mod act;
pub mod admin_keys;
pub mod audit;
pub mod auth;
mod authenticate;
pub mod clients;
pub mod keys;
pub mod mint;
pub mod notifications;
pub mod users;

pub use authenticate::{Admin, AdminError, NamedUser, Presented, authenticate};
