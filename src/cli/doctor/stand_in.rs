//! The site, for the time of the visit: notes down what a proxy sends it.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;

use super::live::{Answer, PROBE};
use crate::cli::listen::{serve, write};

/// One request of ours, as the site gets it.
#[derive(Clone, Debug)]
pub(super) struct Arrival(String);

impl Arrival {
    /// Every value of a header, in whatever case its name is.
    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        let pairs = self.0.lines().skip(1).filter_map(|line| line.split_once(':'));
        pairs.filter(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).collect()
    }

    /// Whether these words are anywhere in it.
    pub(super) fn mentions(&self, words: &str) -> bool {
        self.0.contains(words)
    }
}

/// The listener in the site's place.
#[derive(Debug)]
pub(super) struct StandIn {
    seen: Arc<Mutex<Vec<Arrival>>>,
}

impl StandIn {
    /// Listens from now on, until the program ends.
    ///
    /// # Errors
    /// When the address is taken: by the site, which has to be stopped for so long.
    pub(super) fn open(at: SocketAddr) -> anyhow::Result<Self> {
        let socket = TcpListener::bind(at).with_context(|| {
            format!("--stand-in cannot listen on {at}: stop the site first, or name another address")
        })?;
        let this = Self { seen: Arc::default() };
        let seen = Arc::clone(&this.seen);
        serve(socket, move |stream, head| answer(stream, head, &seen))?;
        Ok(this)
    }

    /// What arrived of the probe with this answer. The proxy has answered it, so whatever arrives is here.
    pub(super) fn arrived(&self, answer: &Answer) -> Option<Arrival> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter().find(|arrival| arrival.all(PROBE).contains(&answer.probe.as_str())).cloned()
    }
}

/// Visitors of the real site are asked to come again.
fn answer(stream: &TcpStream, head: &str, seen: &Mutex<Vec<Arrival>>) {
    let arrival = Arrival(head.to_owned());
    if arrival.all(PROBE).is_empty() {
        let later = "Content-Type: text/plain\r\nRetry-After: 60\r\nCache-Control: no-store\r\n";
        return write(
            stream,
            "503 Service Unavailable",
            later,
            "The site is being examined. Come again in a minute.\n",
        );
    }
    seen.lock().unwrap_or_else(PoisonError::into_inner).push(arrival);
    let headers = "Content-Type: text/plain\r\nCache-Control: no-store\r\n";
    write(stream, "200 OK", headers, "hallpass doctor stands in for the site\n");
}
