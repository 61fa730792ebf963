//! Several clients, two at each node, that ask with two keys in turn.
//!
//! When a node decided is known to lie between the sending of a request and the coming of its answer, both by one clock of this
//! process that nothing sets. So many decisions fell into some 60 seconds for certain as there are such spans that lie whole
//! within them; more than the limit would prove a breach. A breach that only the spans at both ends could hide, some
//! milliseconds, would not be seen here; it is the tests beside the scripts that show these windows to be exact.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Clients at each node.
const CLIENTS: usize = 2;

/// Between two requests of a client: they are to outlast what a phase has to show.
const PAUSE: Duration = Duration::from_millis(4);

/// An accepted request; instants since the beginning.
#[derive(Clone, Copy, Debug)]
pub(super) struct Accepted {
    pub(super) key: usize,
    pub(super) node: usize,
    pub(super) sent: Duration,
    pub(super) received: Duration,
}

/// What a node answered so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counts {
    pub(super) accepted: usize,
    pub(super) refused: usize,
    pub(super) unable: usize,
}

#[derive(Debug)]
struct Node {
    address: Mutex<String>,
    accepted: AtomicUsize,
    refused: AtomicUsize,
    unable: AtomicUsize,
}

/// Clients at work.
pub(super) struct Load {
    nodes: Arc<Vec<Node>>,
    begin: Instant,
    is_over: Arc<AtomicBool>,
    clients: Vec<JoinHandle<Vec<Accepted>>>,
}

impl Load {
    /// On nodes at these internal addresses, with these keys.
    pub(super) fn start(internal: &[&str], keys: &[String]) -> Self {
        let counter = || AtomicUsize::new(0);
        let node = |address: &&str| Node {
            address: Mutex::new(bare(address)),
            accepted: counter(),
            refused: counter(),
            unable: counter(),
        };
        let nodes: Arc<Vec<Node>> = Arc::new(internal.iter().map(node).collect());
        let (begin, is_over) = (Instant::now(), Arc::new(AtomicBool::new(false)));
        let client = |number: usize| {
            let (nodes, keys, is_over) = (Arc::clone(&nodes), keys.to_vec(), Arc::clone(&is_over));
            thread::spawn(move || ask(&nodes[number / CLIENTS], number / CLIENTS, &keys, begin, &is_over))
        };
        let clients = (0..internal.len() * CLIENTS).map(client).collect();
        Self { nodes, begin, is_over, clients }
    }

    /// Since the beginning.
    pub(super) fn now(&self) -> Duration {
        self.begin.elapsed()
    }

    pub(super) fn counts(&self) -> Vec<Counts> {
        let of = |count: &AtomicUsize| count.load(Ordering::SeqCst);
        let node =
            |node: &Node| Counts { accepted: of(&node.accepted), refused: of(&node.refused), unable: of(&node.unable) };
        self.nodes.iter().map(node).collect()
    }

    /// A node is at another address now.
    pub(super) fn moved(&self, node: usize, internal: &str) {
        *self.nodes[node].address.lock().unwrap() = bare(internal);
    }

    /// Ends it; gives what was accepted, in the order of sending.
    pub(super) fn end(self) -> Vec<Accepted> {
        self.is_over.store(true, Ordering::SeqCst);
        let mut all: Vec<Accepted> = self.clients.into_iter().flat_map(|client| client.join().unwrap()).collect();
        all.sort_by_key(|one| one.sent);
        all
    }
}

/// The most that lie whole within any 60 seconds; they come in the order of sending.
pub(super) fn most_in_a_window<'a>(accepted: impl Iterator<Item = &'a Accepted>) -> usize {
    let all: Vec<&Accepted> = accepted.collect();
    let from = |first: usize| {
        let end = all[first].sent + Duration::from_mins(1);
        all[first..].iter().filter(|one| one.received < end).count()
    };
    (0..all.len()).map(from).max().unwrap_or(0)
}

fn ask(node: &Node, number: usize, keys: &[String], begin: Instant, is_over: &AtomicBool) -> Vec<Accepted> {
    let (mut accepted, mut stream) = (Vec::new(), None);
    for key in (0..keys.len()).cycle() {
        if is_over.load(Ordering::SeqCst) {
            break;
        }
        let sent = begin.elapsed();
        match answer(&mut stream, &node.address, &keys[key]) {
            Some(200) => {
                accepted.push(Accepted { key, node: number, sent, received: begin.elapsed() });
                node.accepted.fetch_add(1, Ordering::SeqCst);
            }
            Some(429) => drop(node.refused.fetch_add(1, Ordering::SeqCst)),
            Some(503) => drop(node.unable.fetch_add(1, Ordering::SeqCst)),
            Some(other) => panic!("a node answered {other}"),
            // It was killed; what it answered last is lost.
            None => stream = None,
        }
        thread::park_timeout(PAUSE);
    }
    accepted
}

/// The status of one answer, read to its end; `None` if the connection breaks.
fn answer(stream: &mut Option<TcpStream>, address: &Mutex<String>, key: &str) -> Option<u16> {
    if stream.is_none() {
        *stream = TcpStream::connect(&*address.lock().unwrap()).ok();
    }
    let stream = stream.as_mut()?;
    let request = format!(
        "GET /verify HTTP/1.1\r\nHost: h\r\nUser-Api-Key: {key}\r\nX-Original-Method: GET\r\nX-Original-URI: /notifications\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).ok()?;
    let (mut bytes, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        let count = stream.read(&mut chunk).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0");
        if body.len() >= length.parse::<usize>().unwrap() {
            return head.split(' ').nth(1)?.parse().ok();
        }
    }
}

fn bare(internal: &str) -> String {
    internal.strip_prefix("http://").unwrap().to_owned()
}
