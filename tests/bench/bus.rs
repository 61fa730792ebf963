//! Holds idle polls of the message bus, publishes notifications to users at random, and measures how soon they are heard.
//!
//! `bus PUBLIC INTERNAL FOLDER POLLS SECONDS` polls `/notification/{user}` with the first POLLS keys of the folder's `keys.txt`, one
//! for each user, in chunks; then calls `POST /admin/notifications` with the admin key in the folder's `admin-key.txt`. It prints JSON.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use actix_web::rt;
use anyhow::{Context, bail, ensure};
use hallpass::crypto::Random;
use reqwest::Client;
use serde_json::{Value, json};
use tokio::net::TcpStream;

/// Calls a second, and users of each: 1,000 notifications a second.
const CALLS: usize = 100;
const USERS: usize = 10;

/// Connections on which the calls come, one after the other on each. A user is always told on the same one, so that the first
/// message on their channel is of the first call for them, and so on.
const CONNECTIONS: usize = 5;

/// Polls that are begun before the answer to the first of them is waited for.
const TOGETHER: usize = 64;

const SECOND: Duration = Duration::from_secs(1);

/// What stands behind each chunk.
const BEHIND: &str = "\r\n|\r\n";

/// What happened.
#[derive(Debug, Default)]
struct Ledger {
    /// When the call began that each message is of: whose it is, and its position on their channel. Those that were not heard yet.
    called: HashMap<(usize, usize), Instant>,
    /// How soon the others were heard, microseconds.
    heard: Vec<u128>,
    /// How soon the calls were answered, microseconds.
    answered: Vec<u128>,
}

#[derive(Clone, Debug, Default)]
struct Shared(Arc<Mutex<Ledger>>);

impl Shared {
    fn hold(&self) -> MutexGuard<'_, Ledger> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [public, internal, folder, polls, seconds] = arguments.as_slice() else {
        bail!("bus PUBLIC INTERNAL FOLDER POLLS SECONDS")
    };
    let folder = Path::new(folder);
    let (keys, admin_key) =
        (fs::read_to_string(folder.join("keys.txt"))?, fs::read_to_string(folder.join("admin-key.txt"))?);
    let keys: Vec<&str> = keys.lines().take(polls.parse()?).collect();
    let ledger = Shared::default();
    for (first, some) in keys.chunks(TOGETHER).enumerate() {
        let some = some.iter().enumerate().map(|(number, key)| (first * TOGETHER + number + 1, *key));
        let begun = some.map(|(user, key)| (user, rt::spawn(begin(public.clone(), user, key.to_owned()))));
        for (user, stream) in begun.collect::<Vec<_>>() {
            rt::spawn(listen(stream.await??, user, ledger.clone()));
        }
    }
    // Whoever started this sees that all of them wait, and reads how much memory the service takes.
    rt::time::sleep(SECOND * 3).await;
    let back_end = BackEnd { address: format!("http://{internal}/admin/notifications"), admin_key, users: keys.len() };
    let calls = CALLS * seconds.parse::<usize>()?;
    let span = back_end.publish(calls, &ledger).await?;
    rt::time::sleep(SECOND).await;
    print(&ledger, calls * USERS, span)
}

/// Begins a poll, and waits for its first chunk.
async fn begin(public: String, user: usize, key: String) -> anyhow::Result<TcpStream> {
    let stream = TcpStream::connect(&public).await?;
    let body = format!("%2Fnotification%2F{user}=0&__seq=1");
    let request = format!(
        "POST /message-bus/{user}/poll HTTP/1.1\r\nHost: {public}\r\nUser-Api-Key: {key}\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}",
        body.len()
    );
    write(&stream, request.as_bytes()).await?;
    let mut text = String::new();
    while !text.contains(BEHIND) {
        text.push_str(&read(&stream).await?.context("the poll ended")?);
    }
    if !text.starts_with("HTTP/1.1 200") {
        bail!("{text}");
    }
    Ok(stream)
}

async fn write(stream: &TcpStream, mut bytes: &[u8]) -> anyhow::Result<()> {
    while !bytes.is_empty() {
        stream.writable().await?;
        if let Ok(count) = stream.try_write(bytes) {
            bytes = bytes.get(count..).unwrap_or_default();
        }
    }
    Ok(())
}

/// What has arrived; nothing at the end.
async fn read(stream: &TcpStream) -> anyhow::Result<Option<String>> {
    let mut buffer = [0; 1024];
    loop {
        stream.readable().await?;
        match stream.try_read(&mut buffer) {
            Ok(0) => return Ok(None),
            Ok(count) => {
                return Ok(Some(String::from_utf8_lossy(buffer.get(..count).unwrap_or_default()).into_owned()));
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Notes when each message of the user is heard.
async fn listen(stream: TcpStream, user: usize, ledger: Shared) -> anyhow::Result<()> {
    let mut text = String::new();
    while let Some(more) = read(&stream).await? {
        let now = Instant::now();
        text.push_str(&more);
        let Some((whole, rest)) = text.rsplit_once(BEHIND) else { continue };
        let mut ledger = ledger.hold();
        for position in whole.split("\"message_id\":").skip(1) {
            let digits: String = position.chars().take_while(char::is_ascii_digit).collect();
            if let Some(called) = ledger.called.remove(&(user, digits.parse()?)) {
                ledger.heard.push(now.duration_since(called).as_micros());
            }
        }
        text = rest.to_owned();
    }
    Ok(())
}

/// Who has notifications to publish.
#[derive(Clone, Debug)]
struct BackEnd {
    address: String,
    admin_key: String,
    users: usize,
}

impl BackEnd {
    /// Makes so many calls, and gives how long that took.
    async fn publish(self, calls: usize, ledger: &Shared) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        let lanes = (0..CONNECTIONS).map(|lane| rt::spawn(self.clone().publish_on(lane, calls, begun, ledger.clone())));
        for lane in lanes.collect::<Vec<_>>() {
            lane.await??;
        }
        Ok(begun.elapsed())
    }

    /// Makes those that come on one connection, each when it is due.
    async fn publish_on(self, lane: usize, calls: usize, begun: Instant, ledger: Shared) -> anyhow::Result<()> {
        let (client, random) = (Client::new(), Random::seeded(2026 + u64::try_from(lane)?));
        let mut positions = HashMap::new();
        for call in (lane..calls).step_by(CONNECTIONS) {
            let due = begun + SECOND * u32::try_from(call)? / u32::try_from(CALLS)?;
            rt::time::sleep_until(due.into()).await;
            let to = self.some_of(lane, &random)?;
            let called = Instant::now();
            for user in &to {
                let position = positions.entry(*user).and_modify(|position| *position += 1).or_insert(1);
                ledger.hold().called.insert((*user, *position), called);
            }
            self.call(&client, &to).await?;
            ledger.hold().answered.push(called.elapsed().as_micros());
        }
        Ok(())
    }

    /// Users at random, of those who are told on this connection.
    fn some_of(&self, lane: usize, random: &Random) -> anyhow::Result<BTreeSet<usize>> {
        let mut some = BTreeSet::new();
        while some.len() < USERS {
            let any = usize::try_from(u32::from_le_bytes(random.bytes()))?;
            some.insert(any % (self.users / CONNECTIONS) * CONNECTIONS + lane + 1);
        }
        Ok(some)
    }

    async fn call(&self, client: &Client, to: &BTreeSet<usize>) -> anyhow::Result<()> {
        let data =
            json!({ "topic_title": "The tide tables", "display_username": "ada", "excerpt": "High water at nine." });
        let body = json!({ "user_ids": to, "notification_type": 2, "data": data, "url": "/t/1" });
        let sent = client.post(&self.address).header("Api-Key", self.admin_key.trim()).json(&body).send().await?;
        let (status, said) = (sent.status(), sent.text().await?);
        let told: Value = serde_json::from_str(&said)?;
        let items = told.get("items").and_then(Value::as_array).map_or(0, Vec::len);
        ensure!(status == 200 && items == to.len(), "{status} {said}");
        Ok(())
    }
}

#[expect(clippy::print_stdout, reason = "what a program says")]
fn print(ledger: &Shared, published: usize, span: Duration) -> anyhow::Result<()> {
    let Ledger { heard, answered, .. } = &mut *ledger.hold();
    let [median, p99, answer] = [at(heard, 50)?, at(heard, 99)?, at(answered, 50)?];
    let (lost, span) = (published - heard.len(), span.as_secs_f64());
    println!(
        "{}",
        json!({ "median": median, "p99": p99, "answer": answer, "published": published, "lost": lost, "span": span })
    );
    Ok(())
}

/// The time below which so many of a hundred are.
fn at(times: &mut [u128], part: usize) -> anyhow::Result<u128> {
    times.sort_unstable();
    times.get(times.len() * part / 100).copied().context("there is none")
}
