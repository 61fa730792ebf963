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
    /// Listens from now on, until the program ends; keeps only what carries this mark, so that strangers fill no memory.
    ///
    /// # Errors
    /// When the address is taken: by the site, which has to be stopped for so long.
    pub(super) fn open(at: SocketAddr, mark: String) -> anyhow::Result<Self> {
        let socket = TcpListener::bind(at).with_context(|| {
            format!("--stand-in cannot listen on {at}: stop the site first, or name another address")
        })?;
        let this = Self { seen: Arc::default() };
        let seen = Arc::clone(&this.seen);
        serve(socket, move |stream, head| answer(stream, head, &mark, &seen))?;
        Ok(this)
    }

    /// What arrived of the probe with this answer. The proxy has answered it, so whatever arrives is here.
    pub(super) fn arrived(&self, answer: &Answer) -> Option<Arrival> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter().find(|arrival| arrival.all(PROBE).contains(&answer.probe.as_str())).cloned()
    }
}

/// Visitors of the real site are asked to come again.
fn answer(stream: &TcpStream, head: &str, mark: &str, seen: &Mutex<Vec<Arrival>>) {
    let arrival = Arrival(head.to_owned());
    if !arrival.all(PROBE).iter().any(|probe| probe.starts_with(mark)) {
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

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    #[test]
    fn of_strangers_nothing_is_kept_whatever_they_send_l6() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let stand_in = StandIn::open(free, "ours-".to_owned()).unwrap();
        let visit = |probe: &str| {
            let mut stream = TcpStream::connect(free).unwrap();
            write!(stream, "GET / HTTP/1.1\r\nHost: x\r\n{probe}\r\n").unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            (answer, stand_in.seen.lock().unwrap().len())
        };
        for stranger in ["", "Doctor-Probe: 1\r\n", "Doctor-Probe: x-ours-1\r\n"] {
            let (answer, kept) = visit(stranger);
            assert!(answer.starts_with("HTTP/1.1 503 ") && kept == 0, "{stranger}: {answer}");
        }
        let (answer, kept) = visit("doctor-probe: ours-1\r\n");
        assert!(answer.starts_with("HTTP/1.1 200 ") && kept == 1, "{answer}");
    }
}
