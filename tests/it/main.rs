//! Plays application and user over a real socket; holds the rules of the house.
// Says to clippy that helper functions are test code too.
#![cfg(test)]

mod architecture;
mod config;
mod conformance;
<<<<<<< HEAD
mod docs;
=======
mod connect;
>>>>>>> ae11c525ac613250990dc33c53c25fd4f3c8e85e
mod errors;
mod evidence;
mod generated;
mod handshake;
mod keys;
mod limits;
mod pages;
mod redirects;
mod support;
mod threats;
