//! What `actix-session` is to keep: nothing but the token, which is in its cookie. A session is a row of our store.
//!
//! What fails here, `actix-session` answers with a bare 500, outside of our log, pages and headers. So nothing here can fail: handlers
//! begin and end sessions themselves (`domain/session.rs`), and whoever asks for the caller looks up whose session it is.

use std::collections::HashMap;

use actix_session::Session;
use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time::Duration;
use secrecy::SecretString;
use serde_json::json;

/// The state's name for the token: the one that came, or that of a session which a handler has begun.
pub(super) const TOKEN: &str = "token";

/// The token of the session that a request came with, or of the one that was begun since.
pub(super) fn token(state: &Session) -> Option<SecretString> {
    state.get::<String>(TOKEN).ok().flatten().map(SecretString::from)
}

type State = HashMap<String, String>;

/// Passes tokens by. How long a session lives is `domain::session`'s to say, so the spans handed in are not read.
pub(super) struct Tokens;

impl SessionStore for Tokens {
    async fn load(&self, key: &SessionKey) -> Result<Option<State>, LoadError> {
        Ok(Some(State::from([(TOKEN.to_owned(), json!(key.as_ref()).to_string())])))
    }

    async fn save(&self, state: State, _: &Duration) -> Result<SessionKey, SaveError> {
        let token = state.get(TOKEN).and_then(|token| serde_json::from_str::<String>(token).ok());
        let token = token.ok_or_else(|| SaveError::Other(anyhow::anyhow!("a session that nobody began")))?;
        token.try_into().map_err(|error| SaveError::Other(anyhow::Error::from(error)))
    }

    async fn update(&self, key: SessionKey, _: State, _: &Duration) -> Result<SessionKey, UpdateError> {
        // A session never changes; a new proof of the password begins a new one.
        Ok(key)
    }

    async fn update_ttl(&self, _: &SessionKey, _: &Duration) -> Result<(), anyhow::Error> {
        // Whoever asks for the caller notes the use.
        Ok(())
    }

    async fn delete(&self, _: &SessionKey) -> Result<(), anyhow::Error> {
        // Whoever has it deleted has ended it.
        Ok(())
    }
}
