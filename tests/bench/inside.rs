//! What cannot be measured from outside a running service.
//!
//! `inside memory FOLDER` fills memory with what active keys need and says what each of them costs. A day goes by on a
//! clock that is moved by hand. FOLDER is one that `stage` made.
//!
//! `inside floor FOLDER SECONDS` does what an approval cannot do without, again and again: the encryption of a payload to a
//! 2048-bit key, and a transaction of one row that is synced to the disk.
//!
//! Both print one line of JSON.
#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use hallpass::app::{SystemClock, context};
use hallpass::config::{Config, Sources};
use hallpass::crypto::{PublicKey, Random};
use hallpass::domain::Context;
use hallpass::domain::verify::{Presented, Source, verify};
use hallpass::model::{AuditEvent, AuditLine, Clock, KeyId, Method, Origin, Padding, Timestamp};
use hallpass::store::{self, Store, StoreError};
use serde_json::{Value, json};

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let measured = match words.as_slice() {
        ["memory", folder] => memory(Path::new(folder)).await?,
        ["floor", folder, seconds] => floor(Path::new(folder), Duration::from_secs(seconds.parse()?)).await?,
        _ => bail!("inside memory FOLDER | inside floor FOLDER SECONDS"),
    };
    println!("{measured}");
    Ok(())
}

#[derive(Debug)]
struct Hand(AtomicI64);

impl Hand {
    fn advance(&self, span: Duration) {
        self.0.fetch_add(i64::try_from(span.as_micros()).unwrap_or(0), Ordering::Relaxed);
    }
}

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::Relaxed))
    }
}

/// Bytes per key: remembered with its owner, and with both windows full at the default limits.
async fn memory(folder: &Path) -> anyhow::Result<Value> {
    let hand = Arc::new(Hand(AtomicI64::new(SystemClock.now().as_micros())));
    let url = format!("sqlite://{}", folder.join("hallpass.db").canonicalize()?.display());
    let flags = vec![("database.url".to_owned(), url)];
    let config =
        Config::load(&Sources { flags, ..Sources::default() }).map_err(|faults| anyhow::anyhow!("{faults}"))?;
    let clock: Arc<dyn Clock> = hand.clone();
    let cx = context(&config, Store::make(&config.database)?, clock, Random::from_os())?;
    let keys = fs::read_to_string(folder.join("keys.txt"))?;
    let keys: Vec<&str> = keys.lines().collect();
    let (one, others) = keys.split_first().context("there is no key")?;
    // What is made once for all keys is made by the first.
    remember(&cx, &[one]).await?;
    let empty = resident()?;
    let ids = remember(&cx, others).await?;
    let remembered = resident()?;
    fill(&cx, &hand, &ids)?;
    let per_key = |from: u64, to: u64| to.saturating_sub(from).checked_div(ids.len().try_into().unwrap_or(0));
    Ok(json!({
        "keys": ids.len(),
        "remembered": per_key(empty, remembered),
        "windows": per_key(remembered, resident()?),
    }))
}

async fn remember(cx: &Context, keys: &[&str]) -> anyhow::Result<Vec<KeyId>> {
    let mut ids = Vec::with_capacity(keys.len());
    for key in keys {
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let presented = Presented {
            key,
            source: &|| Source::Client(address),
            method: Method::Get,
            uri: "/notifications",
            client_id: None,
        };
        ids.push(verify(cx, presented).await?.known.key.id);
    }
    Ok(ids)
}

/// A request each 30.2 seconds through a day, and as many as go in its last minute: then both windows refuse.
fn fill(cx: &Context, hand: &Hand, ids: &[KeyId]) -> anyhow::Result<()> {
    for _ in 0..2859 {
        hand.advance(Duration::from_millis(30_150));
        ids.iter().try_for_each(|id| cx.key_limits.take(*id).map(drop))?;
    }
    hand.advance(Duration::from_mins(1));
    for _ in 0..20 {
        hand.advance(Duration::from_secs(2));
        ids.iter().try_for_each(|id| cx.key_limits.take(*id).map(drop))?;
    }
    let full = |id: &KeyId| {
        let standing = cx.key_limits.standing(*id);
        standing.minute.remaining == 0 && standing.day.remaining == 0
    };
    if ids.iter().all(full) { Ok(()) } else { bail!("a window is not full") }
}

/// Bytes of this process that are in memory.
fn resident() -> anyhow::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
}

/// Seconds that each of the two takes, by turns.
async fn floor(folder: &Path, span: Duration) -> anyhow::Result<Value> {
    let key = PublicKey::parse(include_str!("../fixtures/keys/rsa2048.pem"), 2048)?;
    let store = Store::open_sqlite(&folder.join("hallpass.db"))?;
    let (mut encrypting, mut committing, mut rounds) = (Duration::ZERO, Duration::ZERO, 0_u32);
    while encrypting + committing < span {
        let begin = Instant::now();
        key.encrypt(Padding::Pkcs1, &[b'x'; 150])?;
        let encrypted = begin.elapsed();
        commit(&store).await?;
        encrypting += encrypted;
        committing += begin.elapsed().saturating_sub(encrypted);
        rounds += 1;
    }
    let each = |span: Duration| span.as_secs_f64() / f64::from(rounds);
    Ok(json!({ "encrypt": each(encrypting), "commit": each(committing) }))
}

async fn commit(store: &Store) -> Result<(), StoreError> {
    let (event, origin) = (AuditEvent::KeyIssued, Origin::default());
    let line = AuditLine { at: SystemClock.now(), event, origin, user_id: None, key_id: None, client_id: None };
    store.write(move |c| store::insert_audit_line(c, &line)).await
}
