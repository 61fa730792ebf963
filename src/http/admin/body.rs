//! The JSON that was sent, as the handler wants it.

use std::future::Future;
use std::pin::Pin;

use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;

use super::fault::fault_in;
use crate::http::error::Problem;
use crate::http::extract::whole;

/// The largest body, bytes: room for as many users as one call takes.
pub(super) const LARGEST: usize = 1 << 20;

/// A body, whatever its content type says. It is read when the handler knows that the caller may.
pub(super) struct Sent(Bytes);

impl Sent {
    /// As JSON. A member that nobody knows is refused: it may be a misspelt one.
    ///
    /// # Errors
    /// When it is not what is wanted.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let text = std::str::from_utf8(&self.0).map_err(|_broken| Problem::bad_encoding())?;
        if has_nul(text) {
            return Err(Problem::bad_encoding());
        }
        serde_json::from_str(text).map_err(|error| fault_in::<T>(text, &error))
    }
}

impl FromRequest for Sent {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = Bytes::from_request(request, payload);
        Box::pin(async move { whole(bytes).await.map(Self) })
    }
}

/// Whether a text in it has a NUL, which means nothing anywhere and which PostgreSQL cannot store: an escape that is not
/// itself escaped. A bare one is no JSON.
fn has_nul(text: &str) -> bool {
    let is_escape = |at: usize| {
        let before = text.get(..at).unwrap_or_default();
        (before.len() - before.trim_end_matches('\\').len()).is_multiple_of(2)
    };
    text.match_indices("\\u0000").any(|(at, _)| is_escape(at))
}

#[cfg(test)]
mod tests {
    use super::has_nul;

    #[test]
    fn a_nul_is_seen_and_what_only_looks_like_one_is_not() {
        assert!(has_nul(r#"{"name":"a\u0000b"}"#) && has_nul(r#"{"name":"\\\u0000"}"#));
        assert!(!has_nul(r#"{"name":"\\u0000"}"#) && !has_nul(r#"{"name":"u0000"}"#));
    }
}
