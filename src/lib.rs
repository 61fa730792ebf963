//! Hallpass gives any website user API keys.
//!
//! ```text
//!         cli      http      worker         edges: a terminal, a request, a timer
//!           \        |        /
//!              domain                       decides
//!             /   |      \      \
//!        store  crypto  limits  metrics     do one thing each
//!             \   |      /      /
//!               model                       the words of the house
//! ```
//!
//! `config` is what the operator may set; `app` puts everything together. `docs/ARCHITECTURE.md` has the walks.

pub mod app;
pub mod cli;
pub mod config;
pub mod courier;
pub mod crypto;
pub mod domain;
pub mod http;
pub mod limits;
pub mod metrics;
pub mod model;
pub mod store;
pub mod telemetry;
pub mod worker;
