//! Applications nobody here wrote, over the real server; where they need a person, it is one with real Chromium.
// Says to clippy that helper functions are test code too.
#![cfg(test)]

mod a_a_chat_cli;
mod discourse_mcp;
mod message_bus_client;
mod program;

/// A browser, as the tests of pages know it.
#[path = "../browser/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the tests of pages use the rest")]
mod support;

/// The service and the people around it, as the other tests know them.
#[path = "../it/support"]
#[expect(dead_code, reason = "the other tests use the rest")]
mod site {
    mod answer;
    mod client_app;
    mod database;
    mod receiver;
    mod server;
    mod visitor;

    pub(crate) use answer::Answer;
    pub(crate) use client_app::ClientApp;
    pub(crate) use receiver::{Receiver, SECRET, ids};
    pub(crate) use server::Server;
    pub(crate) use visitor::Visitor;

    pub(crate) const PASSWORD: &str = "correct horse battery";
}
