//! The text form of a ciphertext.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const COLUMNS: usize = 60;

/// Standard base64 with padding, a newline after every 60 characters and at the end (`C-080`): the shape that clients
/// have always been sent, and that the strictest of them expect.
#[must_use]
pub fn wrap_base64(bytes: &[u8]) -> String {
    let text = STANDARD.encode(bytes);
    let mut wrapped = String::with_capacity(text.len().saturating_add(text.len().div_ceil(COLUMNS)));
    for (position, character) in text.chars().enumerate() {
        if position > 0 && position.is_multiple_of(COLUMNS) {
            wrapped.push('\n');
        }
        wrapped.push(character);
    }
    if !wrapped.is_empty() {
        wrapped.push('\n');
    }
    wrapped
}
