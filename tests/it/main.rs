//! Plays application and user over a real socket; holds the rules of the house.
// Says to clippy that helper functions are test code too.
#![cfg(test)]

mod architecture;
mod cli;
mod config;
mod conformance;
mod crash;
mod crowd;
mod evidence;
mod generated;
mod handshake;
mod health;
mod keys;
mod limits;
mod migrations;
mod pages;
mod redirects;
mod secrets;
mod store;
mod support;
mod threats;
