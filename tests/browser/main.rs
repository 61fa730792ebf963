//! Real Chromium over the real server.

mod harness;
mod support;
