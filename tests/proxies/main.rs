//! Real proxies, told what `hallpass proxy-config` prints and nothing else, between a client and a small site.
//!
//! The client writes its requests byte by byte, so that nothing is tidied up on the way; the site notes down what it
//! got. Start at `stage.rs`.
// Says to clippy that helper functions are test code too.
#![cfg(test)]

mod client;
mod doctor;
mod down;
mod identity;
mod mirror;
mod pages;
mod paths;
mod proxy;
mod refused;
mod shop;
mod stage;
mod traefik;

/// The service and the people around it, as the other tests know them.
#[path = "../it/support"]
#[expect(dead_code, reason = "the other tests use the rest")]
mod site {
    mod answer;
    mod client_app;
    mod database;
    mod server;
    pub(crate) mod tricks;
    mod visitor;

    pub(crate) use answer::Answer;
    pub(crate) use client_app::ClientApp;
    pub(crate) use server::{Server, cli, free_port};
    pub(crate) use visitor::Visitor;
}
