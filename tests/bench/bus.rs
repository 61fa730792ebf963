//! Holds idle polls of the message bus, says things to users at random, and measures how soon they are heard.
//!
//! `bus PUBLIC FOLDER POLLS RATE SECONDS` polls with the first POLLS keys of the folder's `keys.txt`, one for each user, in chunks; then says
//! RATE things a second through the folder's database, as another process on the same file. It prints JSON.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::rt;
use anyhow::{Context, bail};
use hallpass::app::SystemClock;
use hallpass::crypto::Random;
use hallpass::model::{BusChannel, Clock as _, UserId};
use hallpass::store::{self, AnyConnection, Store, StoreError};
use serde_json::json;
use tokio::net::TcpStream;

/// Things that are said in one transaction: each transaction is synced to the disk.
const BATCH: usize = 10;

/// Polls that are begun before the answer to the first of them is waited for.
const TOGETHER: usize = 64;

const SECOND: Duration = Duration::from_secs(1);

/// What stands behind each chunk.
const BEHIND: &str = "\r\n|\r\n";

/// When each thing was said, by its number; and how soon those were heard that were, microseconds.
type Heard = Arc<Mutex<(HashMap<u64, Instant>, Vec<u128>)>>;

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [public, folder, polls, rate, seconds] = arguments.as_slice() else {
        bail!("bus PUBLIC FOLDER POLLS RATE SECONDS")
    };
    let (folder, rate, seconds): (_, usize, usize) = (Path::new(folder), rate.parse()?, seconds.parse()?);
    let keys = fs::read_to_string(folder.join("keys.txt"))?;
    let keys: Vec<&str> = keys.lines().take(polls.parse()?).collect();
    let heard = Heard::default();
    for (first, some) in keys.chunks(TOGETHER).enumerate() {
        let some = some.iter().enumerate();
        let begun = some
            .map(|(number, key)| rt::spawn(begin(public.clone(), first * TOGETHER + number + 1, (*key).to_owned())));
        for stream in begun.collect::<Vec<_>>() {
            rt::spawn(listen(stream.await??, Arc::clone(&heard)));
        }
    }
    // Whoever started this sees that all of them wait, and reads how much memory the service takes.
    rt::time::sleep(SECOND * 3).await;
    let span = speak(folder, keys.len(), rate, seconds, &heard).await?;
    rt::time::sleep(SECOND).await;
    print(&heard, rate * seconds, span)
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

/// Notes when each thing is heard.
async fn listen(stream: TcpStream, heard: Heard) -> anyhow::Result<()> {
    let mut text = String::new();
    while let Some(more) = read(&stream).await? {
        let now = Instant::now();
        text.push_str(&more);
        let Some((whole, rest)) = text.rsplit_once(BEHIND) else { continue };
        let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
        for number in whole.split("\"data\":{\"number\":").skip(1) {
            let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
            if let Some(said) = heard.0.remove(&digits.parse()?) {
                heard.1.push(now.duration_since(said).as_micros());
            }
        }
        text = rest.to_owned();
    }
    Ok(())
}

/// Says so many things a second, and gives how long it took.
async fn speak(folder: &Path, users: usize, rate: usize, seconds: usize, heard: &Heard) -> anyhow::Result<Duration> {
    let (store, random) = (Store::open_sqlite(&folder.join("hallpass.db"))?, Random::seeded(2026));
    let begun = Instant::now();
    for batch in 0..rate * seconds / BATCH {
        let due = begun + SECOND * u32::try_from(batch * BATCH)? / u32::try_from(rate)?;
        rt::time::sleep_until(due.into()).await;
        let to = (0..BATCH).map(|place| {
            let user = u64::from_le_bytes(random.bytes()) % u64::try_from(users)? + 1;
            Ok((UserId::parse(i64::try_from(user)?)?, u64::try_from(batch * BATCH + place)?))
        });
        let to = to.collect::<anyhow::Result<Vec<_>>>()?;
        let said = Instant::now();
        heard.lock().unwrap_or_else(PoisonError::into_inner).0.extend(to.iter().map(|(_, number)| (*number, said)));
        let say = move |tx: &mut AnyConnection| {
            let now = SystemClock.now();
            to.iter().try_for_each(|(user, number)| {
                store::insert_bus_message(tx, *user, BusChannel::Notification, &json!({ "number": number }), now)
            })
        };
        store.write_aside::<_, StoreError, _>(say).await?;
    }
    Ok(begun.elapsed())
}

#[expect(clippy::print_stdout, reason = "what a program says")]
fn print(heard: &Heard, said: usize, span: Duration) -> anyhow::Result<()> {
    let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
    heard.1.sort_unstable();
    let times = &heard.1;
    let at = |part: usize| times.get(times.len() * part / 100).copied().context("nothing was heard");
    let lost = said - times.len();
    println!(
        "{}",
        json!({ "median": at(50)?, "p99": at(99)?, "said": said, "lost": lost, "span": span.as_secs_f64() })
    );
    Ok(())
}
