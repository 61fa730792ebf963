//! Plays application and user over a real socket; holds the rules of the house.
// Says to clippy that helper functions are test code too.
#![cfg(test)]

mod architecture;
mod config;
mod conformance;
mod device;
mod docs;
mod evidence;
mod generated;
mod handshake;
mod keys;
mod limits;
mod pages;
mod redirects;
mod support;
mod threats;
