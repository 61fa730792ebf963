//! Signs what is pushed, so that a receiver knows where it is from and when it was sent.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::model::hex;

/// The mark of a body that is sent at this second since 1970: HMAC-SHA-256 of `at.body` in hexadecimal digits.
#[must_use]
pub fn sign_push(secret: &str, at: i64, body: &str) -> String {
    let mut hmac = match Hmac::<Sha256>::new_from_slice(secret.as_bytes()) {
        Ok(hmac) => hmac,
        Err(hmac::digest::InvalidLength) => unreachable!("HMAC takes a key of any length"),
    };
    hmac.update(format!("{at}.").as_bytes());
    hmac.update(body.as_bytes());
    hex::encode(&hmac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    // echo -n '1795348800.{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
    #[test]
    fn the_mark_is_what_openssl_makes_of_time_and_body() {
        let mark = sign_push("0123456789abcdef0123456789abcdef", 1_795_348_800, r#"{"a":1}"#);
        assert_eq!(mark, "21e89301ff258a336959ee8725baef3630f6d5de3007d1bd3937936623b18bbe");
    }
}
