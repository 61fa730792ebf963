//! Plays application and user over a real socket; holds the rules of the house.
// Says to clippy that helper functions are test code too.
#![cfg(test)]

mod architecture;
mod clients;
mod config;
mod conformance;
mod docs;
mod evidence;
mod generated;
mod handshake;
mod keys;
mod limits;
mod otp;
mod pages;
mod redirects;
mod support;
mod threats;
