//! The web: takes requests apart, makes one call into `domain`, and turns the answer into a page or JSON.
//!
//! `routes.rs` has every route on one page, `error/table.rs` the one table from failures to answers. A handler with an
//! `if` about keys, users or limits is in the wrong layer.

mod admin;
mod api;
mod bounded;
mod descriptors;
mod error;
mod extract;
mod front;
mod internal;
mod last;
mod middleware;
mod pages;
mod routes;
mod server;
mod session_store;
pub mod views;

pub use admin::openapi;
pub use descriptors::room_for_polls;
pub use error::{Problem, table};
pub use routes::BESIDE_A_SITE;
pub use server::{Bound, bind};
