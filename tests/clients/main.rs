//! Applications nobody here wrote, over the real server.
// Says to clippy that helper functions are test code too.
#![cfg(test)]
