//! Shows from outside that a limit is exact: eight connections ask with one key as fast as they can, and no 60 seconds
//! ever hold more accepted requests than the limit.
//!
//! `exact ADDRESS KEY LIMIT SECONDS` asks `/verify` there. When the service decided is known to lie between the sending
//! of a request and the coming of its answer, both by one monotonic clock of this process. More than LIMIT of these
//! intervals whole within 60 seconds would prove a breach. Prints one line of JSON.
#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, anyhow, bail};
use serde_json::json;

const CONNECTIONS: usize = 8;
const WINDOW: Duration = Duration::from_mins(1);

/// When a request was sent and when its answer had come, counted from the beginning.
type Interval = (Duration, Duration);

#[derive(Default)]
struct Seen {
    accepted: Vec<Interval>,
    refused: usize,
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, key, limit, seconds] = arguments.as_slice() else { bail!("exact ADDRESS KEY LIMIT SECONDS") };
    let (limit, span) = (limit.parse::<usize>()?, Duration::from_secs(seconds.parse()?));
    let mut seen = hammer(address, key, span)?;
    seen.accepted.sort_unstable();
    let most = most_in_a_window(&seen.accepted);
    println!("{}", json!({ "accepted": seen.accepted.len(), "refused": seen.refused, "most": most, "limit": limit }));
    anyhow::ensure!(most <= limit, "{most} within 60 seconds");
    Ok(())
}

fn hammer(address: &str, key: &str, span: Duration) -> anyhow::Result<Seen> {
    let begin = Instant::now();
    let threads = (0..CONNECTIONS).map(|_| {
        let (address, request) = (address.to_owned(), request(address, key));
        thread::spawn(move || ask(&address, &request, begin, span))
    });
    let mut all = Seen::default();
    for thread in threads.collect::<Vec<_>>() {
        let seen = thread.join().map_err(|_panic| anyhow!("a connection panicked"))??;
        all.accepted.extend(seen.accepted);
        all.refused += seen.refused;
    }
    Ok(all)
}

fn request(address: &str, key: &str) -> String {
    format!(
        "GET /verify HTTP/1.1\r\nHost: {address}\r\nUser-Api-Key: {key}\r\nX-Original-Method: GET\r\n\
         X-Original-URI: /notifications\r\n\r\n"
    )
}

fn ask(address: &str, request: &str, begin: Instant, span: Duration) -> anyhow::Result<Seen> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut seen = Seen::default();
    while begin.elapsed() < span {
        let sent = begin.elapsed();
        stream.write_all(request.as_bytes())?;
        match answer(&mut stream)? {
            200 => seen.accepted.push((sent, begin.elapsed())),
            429 => seen.refused += 1,
            other => bail!("status {other}"),
        }
    }
    Ok(seen)
}

/// Reads one answer to its end; gives its status.
fn answer(stream: &mut TcpStream) -> anyhow::Result<u16> {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        let count = stream.read(&mut chunk)?;
        bytes.extend_from_slice(chunk.get(..count).filter(|some| !some.is_empty()).context("the connection ended")?);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0");
        if body.len() >= length.parse()? {
            return Ok(head.split(' ').nth(1).context("no status")?.parse()?);
        }
    }
}

/// The most intervals that lie whole within one window; `accepted` is in the order of sending.
fn most_in_a_window(accepted: &[Interval]) -> usize {
    let begins = accepted.iter().map(|(sent, _)| *sent);
    let within = |begin: Duration| accepted.iter().filter(move |(s, r)| *s >= begin && *r < begin + WINDOW).count();
    begins.map(within).max().unwrap_or(0)
}
