//! Opening what the site encrypted to us.

use anyhow::{Context as _, bail, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::callback::Handover;
use crate::cli::print::quoted;
use crate::crypto::KeyPair;
use crate::model::Padding;

/// What the user gave us.
#[derive(Debug)]
pub(in crate::cli) struct Grant {
    /// The user API key.
    pub(in crate::cli) key: SecretString,
    /// Whether the site will send pushes; some sites leave it out.
    pub(in crate::cli) push: Option<bool>,
    /// The version of the protocol.
    pub(in crate::cli) api: serde_json::Number,
    /// When the key ends, as the site wrote it; absent when it does not end by itself.
    pub(in crate::cli) expires_at: Option<String>,
    /// Signs a browser in once.
    pub(in crate::cli) one_time_password: Option<SecretString>,
}

/// The plaintext (`C-077`). Not `Debug`: it holds the key.
#[derive(Deserialize)]
struct Payload {
    key: String,
    nonce: String,
    push: Option<bool>,
    api: serde_json::Value,
    expires_at: Option<String>,
}

/// Decrypts, and checks that the payload answers this very request.
pub(in crate::cli) fn open(
    handover: &Handover,
    pair: &KeyPair,
    padding: Padding,
    nonce: &str,
) -> anyhow::Result<Grant> {
    let plaintext = decrypt(&handover.payload, pair, padding).context("the payload cannot be read")?;
    let one_time_password = handover.one_time_password.as_deref().map(|text| {
        let password = decrypt(text, pair, padding).context("the one-time password cannot be read")?;
        Ok::<_, anyhow::Error>(SecretString::from(str::from_utf8(&password)?))
    });
    Ok(Grant { one_time_password: one_time_password.transpose()?, ..read(&plaintext, nonce)? })
}

fn decrypt(text: &str, pair: &KeyPair, padding: Padding) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let ciphertext = decode(text)?;
    pair.decrypt(padding, &ciphertext).with_context(|| {
        format!("run it again; if it stays so, the site does not keep to --padding {}", padding.as_str())
    })
}

/// Standard base64 with its `=`, wherever its lines end (`C-080`). Strict otherwise, because other clients are.
fn decode(text: &str) -> anyhow::Result<Vec<u8>> {
    let compact: String = text.split_ascii_whitespace().collect();
    STANDARD.decode(compact).context("it is no standard base64: copy all of it, with the = at its end")
}

fn read(plaintext: &[u8], nonce: &str) -> anyhow::Result<Grant> {
    let payload: Payload = serde_json::from_slice(plaintext).context(
        "the payload opens, but is not the JSON of this protocol: the site has to put in key, nonce, push, api",
    )?;
    ensure!(payload.nonce == nonce, "the payload answers another request (its nonce is not ours): run it again");
    let serde_json::Value::Number(api) = payload.api else {
        let api = quoted(&payload.api.to_string());
        bail!("the payload's api is {api} and has to be a number: the site has to write it without quotes");
    };
    // Anything else could not travel in a header.
    let key_is_plain = !payload.key.is_empty() && payload.key.bytes().all(|byte| byte.is_ascii_graphic());
    ensure!(key_is_plain, "the payload's key is empty or no plain text: the site has to send 32 hexadecimal digits");
    let key = SecretString::from(payload.key);
    Ok(Grant { key, push: payload.push, api, expires_at: payload.expires_at, one_time_password: None })
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn base64_is_read_with_any_line_ends_and_in_no_other_alphabet_c080() {
        for text in ["+/+/AA==", "+/+/\nAA==\n", " +/+/ AA== ", "+/+/\r\nAA=="] {
            assert_eq!(decode(text).unwrap(), [0xfb, 0xff, 0xbf, 0], "{text:?}");
        }
        for text in ["-_-_AA==", "+/+/AA", "+/+/A"] {
            assert!(decode(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_payload_is_taken_with_and_without_expiry_c077() {
        let grant = read(br#"{"key":"0f","nonce":"n","push":false,"api":4}"#, "n").unwrap();
        assert_eq!((grant.key.expose_secret(), grant.push, grant.expires_at), ("0f", Some(false), None));
        let json = br#"{"key":"0f","nonce":"n","push":true,"api":4,"expires_at":"2026-11-22T09:30:00Z","later":1}"#;
        let grant = read(json, "n").unwrap();
        assert_eq!(grant.expires_at.as_deref(), Some("2026-11-22T09:30:00Z"));
    }

    #[test]
    fn a_payload_that_breaks_the_protocol_is_refused_by_name_h4() {
        let rows = [
            (r#"{"key":"0f","nonce":"m","push":false,"api":4}"#, "nonce"),
            (r#"{"key":"0f","nonce":"n","push":false,"api":"4"}"#, "api"),
            (r#"{"key":"","nonce":"n","push":false,"api":4}"#, "key"),
            (r#"{"key":"0\n","nonce":"n","push":false,"api":4}"#, "key"),
            (r#"{"nonce":"n","push":false,"api":4}"#, "JSON"),
            ("no", "JSON"),
        ];
        for (json, word) in rows {
            let error = read(json.as_bytes(), "n").unwrap_err().to_string();
            assert!(error.contains(word), "{json}: {error}");
        }
    }
    #[test]
    fn a_site_steers_no_terminal_by_what_it_writes_for_a_number() {
        let api = format!("\u{9b}2J\u{7f}\u{202e}{}", "x".repeat(1000));
        let json = serde_json::json!({ "key": "0f", "nonce": "n", "push": false, "api": api }).to_string();
        let error = read(json.as_bytes(), "n").unwrap_err().to_string();
        assert!(error.contains("api is \"2Jxxx") && error.len() < 400, "{error}");
        assert!(!error.chars().any(char::is_control), "{error:?}");
    }
}
