//! The set-up, as a client of the site sees it.

use std::fmt::{self, Display};
use std::io::Read;

use serde_json::Value;
use ureq::http::{HeaderMap, Response};
use ureq::tls::RootCerts;
use ureq::{Agent, Body};

use crate::cli::agent::agent;
use crate::crypto::Random;
use crate::model::PublicUrl;

/// The header by which a probe is known again where it arrives.
pub(super) const PROBE: &str = "Doctor-Probe";

const MOST_BYTES: u64 = 65_536;

/// Where probes are sent.
#[derive(Debug)]
pub(super) struct Live {
    agent: Agent,
    random: Random,
    /// What the probes of this visit begin with, and no other visitor's.
    pub(super) mark: String,
    /// Scheme, host and port, of site and service alike.
    pub(super) origin: String,
    /// The path before all pages of the service: empty, or such as `/hall`.
    pub(super) base: String,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    /// The status; 0 when there was no answer, and the body then says why.
    pub(super) status: u16,
    headers: HeaderMap,
    /// The body, or the beginning of a long one.
    pub(super) body: String,
    /// The value of the probe's [`PROBE`].
    pub(super) probe: String,
}

impl Live {
    pub(super) fn new(url: &PublicUrl, base: &str, authorities: RootCerts) -> Self {
        let agent = agent("hallpass-doctor", url.is_loopback(), authorities);
        let random = Random::from_os();
        let mark = random.hex::<16>();
        Self { agent, random, mark, origin: url.origin(), base: base.to_owned() }
    }

    /// Asks for a path of the site, sent as it is written here.
    pub(super) fn get(&self, target: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(headers, self.agent.get(format!("{}{target}", self.origin)), ureq::RequestBuilder::call)
    }

    /// The same, for its headers.
    pub(super) fn head(&self, target: &str) -> Answer {
        self.send(&[], self.agent.head(format!("{}{target}", self.origin)), ureq::RequestBuilder::call)
    }

    /// Posts nothing to it.
    pub(super) fn post(&self, target: &str) -> Answer {
        self.send(&[], self.agent.post(format!("{}{target}", self.origin)), ureq::RequestBuilder::send_empty)
    }

    /// A page of the service, as a browser asks for it.
    pub(super) fn page(&self, path: &str) -> Answer {
        self.get(&format!("{}{path}", self.base), &[("Accept", "text/html")])
    }

    /// What nobody can have guessed: a mark, or a key that does not exist.
    pub(super) fn unheard_of(&self) -> String {
        self.random.hex::<16>()
    }

    fn send<Kind>(
        &self,
        headers: &[(&str, &str)],
        request: ureq::RequestBuilder<Kind>,
        call: impl FnOnce(ureq::RequestBuilder<Kind>) -> Result<Response<Body>, ureq::Error>,
    ) -> Answer {
        let probe = format!("{}-{}", self.mark, self.random.hex::<8>());
        let request = request.header(PROBE, &probe);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        match call(request) {
            Ok(response) => Answer::read(response, probe),
            Err(error) => Answer { status: 0, headers: HeaderMap::new(), body: error.to_string(), probe },
        }
    }
}

/// The address of the service's pages.
impl Display for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.base)
    }
}

impl Answer {
    fn read(response: Response<Body>, probe: String) -> Self {
        let (parts, body) = response.into_parts();
        let mut bytes = Vec::new();
        // What is missing of a broken body is missed by whoever looks for it.
        drop(body.into_reader().take(MOST_BYTES).read_to_end(&mut bytes));
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Self { status: parts.status.as_u16(), headers: parts.headers, body, probe }
    }

    /// Every value of a header.
    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        self.headers.get_all(name).iter().map(|value| value.to_str().unwrap_or("(no text)")).collect()
    }

    /// The first value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.all(name).first().copied()
    }

    /// A member of the body; null where the body is no JSON.
    pub(super) fn json(&self, pointer: &str) -> Value {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        body.pointer(pointer).cloned().unwrap_or_default()
    }

    /// Whether nobody could answer: a proxy without its server, or a server at its end.
    pub(super) const fn is_broken(&self) -> bool {
        self.status == 0 || self.status >= 500
    }

    /// Whether something was served.
    pub(super) const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }
}

/// The status, for a sentence such as "it is answered …".
impl Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.status {
            0 => write!(f, "by nobody ({})", self.body),
            status => write!(f, "{status}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::cli::listen::{serve, write};

    #[test]
    fn a_probe_is_sent_as_it_is_written() {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = PublicUrl::parse(&format!("http://{}", socket.local_addr().unwrap())).unwrap();
        serve(socket, |stream, head| write(stream, "200 OK", "", head)).unwrap();
        let live = Live::new(&url, "", RootCerts::WebPki);
        for target in ["//a", "/a/../b", "/./a", "/a%2fb", "/a\\..\\b", "/a/..;/b", "/%252e", "/a?b=/../c"] {
            let answer = live.get(target, &[("Remote_User", "x")]);
            let head = format!("GET {target} HTTP/1.1\r\n");
            assert!(answer.body.starts_with(&head) && answer.body.contains(&answer.probe), "{target}: {answer:?}");
            assert!(answer.body.to_lowercase().contains("remote_user: x"), "{answer:?}");
        }
    }
}
