//! Plays application and user over a real socket; holds the rules of the house.
// Says to clippy that helper functions are test code too.
#![cfg(test)]

mod apps;
mod architecture;
mod at_rest;
mod cli;
mod client_id;
mod clients;
mod config;
mod conformance;
mod connect;
mod cors;
mod crash;
mod crowd;
mod daily;
mod device;
mod docs;
mod errors;
mod evidence;
mod fresh_password;
mod generated;
mod handshake;
mod headers;
mod health;
mod keys;
mod limits;
mod limits_on_the_wire;
mod migrations;
mod otp;
mod own_scopes;
mod pages;
mod paths;
mod pressed;
mod redirects;
mod replacement;
mod revoke;
mod secrets;
mod session;
mod setup;
mod site;
mod store;
mod support;
mod threats;
mod under_a_path;
mod user_limit;
mod verify;
