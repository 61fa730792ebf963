//! The lines around a PEM block, read as leniently as real clients need.
//!
//! By hand, because every PEM reader tried trips over something that clients send: 72 columns, one line, a leading
//! blank line (`rsa`), or blank lines inside (`pem`).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::public_key::PublicKeyError;

/// The DER inside the first PEM block of a text that ought to hold a public key.
pub(super) fn public_der(text: &str) -> Result<Vec<u8>, PublicKeyError> {
    if text.contains("PRIVATE KEY") {
        return Err(PublicKeyError::Private);
    }
    let (label, body) = block(text).ok_or(PublicKeyError::NotPem)?;
    match label {
        "PUBLIC KEY" | "RSA PUBLIC KEY" => decode(body),
        label if label.contains("CERTIFICATE") => Err(PublicKeyError::Certificate),
        _ => Err(PublicKeyError::NotRsa),
    }
}

/// Label and body of the first block, whose END line must name the same label.
fn block(text: &str) -> Option<(&str, &str)> {
    let (_, rest) = text.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, end) = rest.split_once("-----END ")?;
    end.strip_prefix(label)?.starts_with("-----").then_some((label, body))
}

fn decode(body: &str) -> Result<Vec<u8>, PublicKeyError> {
    if lost_characters(body) {
        return Err(PublicKeyError::Spaces);
    }
    let compact: String = body.split_ascii_whitespace().collect();
    STANDARD.decode(compact).map_err(PublicKeyError::Base64)
}

/// Whether `+` or line ends became spaces on the way, the commonest fault of all: spaces inside a line, or a block
/// whose only white space they are. Spaces at a line's end are left alone.
fn lost_characters(body: &str) -> bool {
    let spaces_only = body.contains(' ') && !body.contains('\n');
    spaces_only || body.lines().any(|line| line.trim().contains(' '))
}
