//! Real Chromium over the real server.
//!
//! Each test is a story with a browser of its own; [`support::Stage`] is where they play. Pictures of every page they come
//! by are in `target/screenshots` afterwards.
// Says to clippy that helper functions are test code too.
#![cfg(test)]

mod answers;
mod applications;
mod device;
mod examples;
mod first_start;
mod harness;
mod notifications;
mod odd_pages;
mod otp;
mod paste;
mod popup;
mod redirects;
mod support;

/// The service and the people around it, as the other tests know them.
#[path = "../it/support"]
#[expect(dead_code, reason = "the tests without a browser use the rest")]
mod site {
    mod answer;
    mod client_app;
    mod database;
    mod server;
    mod visitor;

    pub(crate) use answer::Answer;
    pub(crate) use client_app::ClientApp;
    pub(crate) use server::Server;
    pub(crate) use visitor::Visitor;

    pub(crate) const PASSWORD: &str = "correct horse battery";
}
