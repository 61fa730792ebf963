//! Redirects: what is refused outright, what the list allows, and the URL that carries the payload.

#![cfg(test)]

mod allow_list;
mod handover;
pub(crate) mod refused;

use hallpass::model::{RedirectRules, RedirectUri};

const GOOD: &[&str] = &[
    "discourse://auth_redirect",
    "web+nextclouddiscourse://auth-redirect",
    "fomio://auth_redirect",
    "com.example.app://callback/done",
    "myapp://callback",
    "http://over.the/rainbow",
    "https://abcdefghijklmnop.chromiumapp.org/discourse-user-api",
    "https://xn--bcher-kva.example/",
    "https://EXAMPLE.org:8443/Path?a[]=1&b=%20#frag",
    "http://127.0.0.1:51234/callback?state=a%2Fb",
    "http://[::1]:51234",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://localhost:0/",
    "https://h/a/../b",
    "https://h/@user",
    "https://h/?u=http://other@x",
];

fn redirect(text: &str) -> RedirectUri {
    RedirectUri::parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

fn rules(entries: &[&str], loopback: bool, localhost: bool) -> RedirectRules {
    let entries: Vec<String> = entries.iter().map(ToString::to_string).collect();
    RedirectRules::parse(&entries, loopback, localhost).unwrap()
}

/// By the list alone.
fn listed(entry: &str, candidate: &str) -> bool {
    RedirectUri::parse(candidate).is_ok_and(|candidate| rules(&[entry], false, false).allows(&candidate))
}
