//! The hand-off of a key: public keys, payloads, the text form, and what is kept of a key.
//!
//! The tests that decrypt need `openssl` and `node`, because only another implementation can show that ours is right;
//! where one is missing they fail.

#![cfg(test)]

mod payloads;
pub(crate) mod public_keys;
mod secrets;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use hallpass::crypto::PublicKey;
use hallpass::model::Padding;

const PADDINGS: [Padding; 3] = [Padding::Pkcs1, Padding::Oaep, Padding::OaepSha256];

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/keys").join(name)
}

pub(crate) fn pem(name: &str) -> String {
    std::fs::read_to_string(path(&format!("{name}.pem"))).unwrap()
}

pub(crate) fn key(name: &str) -> PublicKey {
    PublicKey::parse(&pem(name), 1024).unwrap()
}

/// Runs a program that must be there and succeed; its standard output.
fn run(program: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("this test needs `{program}`: {error}"));
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The base64 of a block, without its lines.
pub(crate) fn body(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}

pub(crate) fn armored(label: &str, der: &str, columns: usize, end: &str) -> String {
    let lines: Vec<&str> = der.as_bytes().chunks(columns).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----{end}{}{end}-----END {label}-----{end}", lines.join(end))
}
