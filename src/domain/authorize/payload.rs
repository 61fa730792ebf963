//! What the application finds when it decrypts: `{"key":…,"nonce":…,"push":…,"api":4}`, in this order (`C-077`).

use serde::Serialize;
use zeroize::Zeroizing;

use super::{AuthorizationRequest, Refusal};
use crate::crypto::{EncryptError, wrap_base64};
use crate::model::{KeyRules, Padding, PlainKey, Timestamp};

/// Stands in for the key where only its length counts.
const PLACEHOLDER: &str = "00000000000000000000000000000000";

#[derive(Serialize)]
struct Payload<'a> {
    key: &'a str,
    nonce: &'a str,
    push: bool,
    api: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
}

fn plaintext(request: &AuthorizationRequest, key: &str, push: bool, expires: Option<Timestamp>) -> Zeroizing<Vec<u8>> {
    let expires_at = expires.map(Timestamp::iso_seconds);
    let payload = Payload { key, nonce: request.nonce.as_str(), push, api: 4, expires_at };
    // A struct of strings, a boolean and a number always serialises.
    Zeroizing::new(serde_json::to_vec(&payload).unwrap_or_default())
}

/// Whether the payload fits the application's key: asked before the user is (`C-067`, `C-079`, `security.md H3`).
pub(super) fn fits(request: &AuthorizationRequest, rules: &KeyRules) -> Result<(), Refusal> {
    let expires = request.expires_in.map(|_| Timestamp::from_micros(0));
    let bytes = plaintext(request, PLACEHOLDER, request.pushes(rules), expires).len();
    let most = request.public_key.capacity(request.padding);
    if bytes <= most {
        return Ok(());
    }
    let padding = match request.padding {
        Padding::Pkcs1 => "PKCS#1",
        Padding::Oaep | Padding::OaepSha256 => "OAEP",
    };
    let nonce = (most + request.nonce.as_str().len()).saturating_sub(bytes);
    Err(Refusal::PayloadTooLarge { padding, most, bytes, nonce })
}

/// The payload for this key, encrypted and wrapped (`C-080`).
///
/// # Errors
/// When the application's key does not encrypt.
pub(in crate::domain) fn seal(
    request: &AuthorizationRequest,
    key: &PlainKey,
    rules: &KeyRules,
    expires: Option<Timestamp>,
) -> Result<String, EncryptError> {
    let plaintext = plaintext(request, key.expose(), request.pushes(rules), expires);
    Ok(wrap_base64(&request.public_key.encrypt(request.padding, &plaintext)?))
}
