//! Plays application and user over a real socket; holds the rules of the house.
// Says to clippy that helper functions are test code too.
#![cfg(test)]

mod apps;
mod architecture;
mod at_rest;
mod config;
mod conformance;
<<<<<<< HEAD
mod docs;
=======
mod connect;
>>>>>>> ae11c525ac613250990dc33c53c25fd4f3c8e85e
mod errors;
mod evidence;
mod fresh_password;
mod generated;
mod handshake;
mod headers;
mod keys;
mod limits;
mod limits_on_the_wire;
mod pages;
mod redirects;
mod revoke;
mod session;
mod setup;
mod site;
mod support;
mod threats;
mod under_a_path;
mod verify;
