//! What the parts of a request cost, each alone: `cargo bench --bench micro`.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use hallpass::app::SystemClock;
use hallpass::crypto::{PublicKey, hash_key};
use hallpass::limits::KeyLimits;
use hallpass::model::{KeyId, Method, OriginalPath, Padding, PlainKey, ScopeCatalog, Scopes};

fn hashing(c: &mut Criterion) {
    let key = PlainKey::from_bits(&[0x5a; 16]);
    c.bench_function("hash a key", |b| b.iter(|| hash_key(black_box(&key))));
}

fn matching(c: &mut Criterion) {
    let (Ok(catalog), Ok(scopes)) = (ScopeCatalog::protocol(), Scopes::parse("session_info,notifications,read")) else {
        return;
    };
    let matcher = catalog.matcher(&scopes);
    let permits = |path: &str| OriginalPath::parse(path).is_ok_and(|path| matcher.permits(Method::Get, &path));
    c.bench_function("match a path", |b| b.iter(|| permits(black_box("/u/ada/topic-tracking-state"))));
}

fn limiting(c: &mut Criterion) {
    let Ok(key) = KeyId::parse(7) else { return };
    let open = KeyLimits::new(10_000_000, 10_000_000, Arc::new(SystemClock));
    c.bench_function("charge both windows", |b| b.iter(|| open.take(black_box(key))));
    let full = KeyLimits::new(20, 2880, Arc::new(SystemClock));
    c.bench_function("refuse a full window", |b| b.iter(|| full.take(black_box(key))));
}

fn encrypting(c: &mut Criterion) {
    let Ok(key) = PublicKey::parse(include_str!("../fixtures/keys/rsa2048.pem"), 2048) else { return };
    for padding in [Padding::Pkcs1, Padding::Oaep, Padding::OaepSha256] {
        let name = format!("encrypt to 2048 bits, {}", padding.as_str());
        c.bench_function(&name, |b| b.iter(|| key.encrypt(padding, black_box(&[b'x'; 150]))));
    }
}

criterion_group!(micro, hashing, matching, limiting, encrypting);
criterion_main!(micro);
