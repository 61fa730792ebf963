//! What the site's back end and its scripts do through the admin API: one file an act.
//!
//! `authenticate.rs` says who asks and what they may; the database is asked every time, so that an ended key is ended.
//! `admin_keys.rs` is the operator's: no admin key makes or ends another (`security.md K12`).

pub mod admin_keys;
mod authenticate;
pub mod users;

pub use authenticate::{Admin, AdminError, Presented, authenticate};
