//! What the tests stand on: a real server on a port of its own, who asks as a type, a clock that is moved by hand.

pub(crate) mod answer;
pub(crate) mod app;
pub(crate) mod certificate;
pub(crate) mod client_app;
pub(crate) mod clock;
pub(crate) mod database;
pub(crate) mod disk;
pub(crate) mod form;
pub(crate) mod inside;
pub(crate) mod postgres;
pub(crate) mod receiver;
pub(crate) mod redis;
pub(crate) mod relay;
pub(crate) mod server;
pub(crate) mod stand_in;
pub(crate) mod terminal;
pub(crate) mod trials;
pub(crate) mod tricks;
pub(crate) mod visitor;

pub(crate) use answer::Answer;
pub(crate) use app::TestApp;
pub(crate) use client_app::ClientApp;
pub(crate) use visitor::Visitor;

/// The password of every user of the tests.
pub(crate) const PASSWORD: &str = "correct horse battery";
