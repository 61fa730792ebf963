//! Lets `actix-session` keep its sessions as rows of our store: made at sign-in only, the token hashed.
//!
//! What fails here, `actix-session` answers with a bare 500, outside of our log, pages and headers. So handlers begin and end
//! sessions themselves, and a session that could not be read is handed to whoever asks for the caller.

use std::collections::HashMap;

use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time::Duration;
use actix_web::web::Data;
use secrecy::SecretString;
use serde_json::json;

use crate::app::App;
use crate::domain::session;

/// The state's name for the user's id.
pub(super) const USER: &str = "user";
/// The state's name for the session's id.
pub(super) const SESSION: &str = "session";
/// The state's name for the instant the password was given, microseconds since 1970.
pub(super) const SINCE: &str = "since";

/// The state's name for the instant the session was last used, as far as it is written down, microseconds since 1970.
pub(super) const SEEN: &str = "seen";
/// The state's name for the token of a session that a handler has begun.
pub(super) const TOKEN: &str = "token";
/// The state's name for why nobody knows whose session it is.
pub(super) const UNREAD: &str = "unread";

type State = HashMap<String, String>;

/// The sessions of our store. How long one lives is `domain::session`'s to say, so the spans handed in are not read.
pub(super) struct StoredSessions(pub(super) Data<App>);

impl SessionStore for StoredSessions {
    async fn load(&self, key: &SessionKey) -> Result<Option<State>, LoadError> {
        let found = match session::find(&self.0.cx, &token(key)).await {
            Ok(found) => found,
            Err(error) => return Ok(Some(State::from([(UNREAD.to_owned(), json!(error.to_string()).to_string())]))),
        };
        Ok(found.map(|session| {
            let numbers = [
                (USER, session.user_id.get()),
                (SESSION, session.id.get()),
                (SINCE, session.created_at.as_micros()),
                (SEEN, session.last_seen_at.as_micros()),
            ];
            numbers.into_iter().map(|(name, number)| (name.to_owned(), number.to_string())).collect()
        }))
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

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        Ok(session::end_by_token(&self.0.cx, &token(key)).await?)
    }
}

fn token(key: &SessionKey) -> SecretString {
    SecretString::from(key.as_ref().to_owned())
}
