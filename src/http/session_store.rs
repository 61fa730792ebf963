//! Lets `actix-session` keep its sessions as rows of our store: made at sign-in only, the token hashed.

use std::collections::HashMap;

use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time::Duration;
use actix_web::web::Data;
use secrecy::{ExposeSecret, SecretString};

use crate::app::App;
use crate::domain::session;
use crate::model::UserId;

/// The state's name for the user's id.
pub(super) const USER: &str = "user";
/// The state's name for the session's id.
pub(super) const SESSION: &str = "session";
/// The state's name for the instant the password was given, microseconds since 1970.
pub(super) const SINCE: &str = "since";

type State = HashMap<String, String>;

/// The sessions of our store. How long one lives is `domain::session`'s to say, so the spans handed in are not read.
pub(super) struct StoredSessions(pub(super) Data<App>);

impl SessionStore for StoredSessions {
    async fn load(&self, key: &SessionKey) -> Result<Option<State>, LoadError> {
        let found = session::find(&self.0.cx, &token(key)).await.map_err(|error| LoadError::Other(error.into()))?;
        Ok(found.map(|session| {
            let numbers =
                [(USER, session.user_id.get()), (SESSION, session.id.get()), (SINCE, session.created_at.as_micros())];
            numbers.into_iter().map(|(name, number)| (name.to_owned(), number.to_string())).collect()
        }))
    }

    async fn save(&self, state: State, _: &Duration) -> Result<SessionKey, SaveError> {
        let user = state.get(USER).and_then(|id| id.parse::<UserId>().ok());
        let user = user.ok_or_else(|| SaveError::Other(anyhow::anyhow!("a session without a user")))?;
        let token = session::begin(&self.0.cx, user).await.map_err(|error| SaveError::Other(error.into()))?;
        token.expose_secret().to_owned().try_into().map_err(|error| SaveError::Other(anyhow::Error::from(error)))
    }

    async fn update(&self, key: SessionKey, _: State, _: &Duration) -> Result<SessionKey, UpdateError> {
        // A session never changes; a new proof of the password begins a new one.
        Ok(key)
    }

    async fn update_ttl(&self, _: &SessionKey, _: &Duration) -> Result<(), anyhow::Error> {
        // `load` has noted the use already.
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        Ok(session::end(&self.0.cx, &token(key)).await?)
    }
}

fn token(key: &SessionKey) -> SecretString {
    SecretString::from(key.as_ref().to_owned())
}
