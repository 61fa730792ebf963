//! Applications nobody here wrote, over the real server.
// Says to clippy that helper functions are test code too.
#![cfg(test)]

mod a_a_chat_cli;

#[path = "../it/support/server.rs"]
#[expect(dead_code, reason = "the other tests use the rest")]
mod server;
