//! Requests with a key: section 11.3 of the protocol, and the life of a key (9.1).

#![cfg(test)]

mod by_back_end;
mod by_proxy;
mod everywhere;
mod expiry;
mod guessing;
mod on_the_wire;
mod presented;
mod remembered;
mod scopes;
mod used;

use crate::support::Answer;

/// All that an answer says, but for what every answer has of its own.
fn said(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let own = |name: &str| matches!(name, "date" | "x-request-id");
    let headers = answer.headers.iter().filter(|(name, _)| !own(name.as_str()));
    let mut headers: Vec<_> =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    headers.sort();
    (answer.status, headers, answer.body.clone())
}
