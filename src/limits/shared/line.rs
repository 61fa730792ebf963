//! The line to Redis: up with a connection, or down.
//!
//! Whoever finds it broken takes it down, so nobody waits for a server that is known not to answer; `Shared::tend` takes it up
//! again. What is decided without Redis is decided while the line is held down, so nothing slips in between the last telling
//! and the first asking.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisError};
use secrecy::ExposeSecret as _;

use crate::model::RedisUrl;

/// How long an answer may take. A script takes some microseconds; more than this and the request is better decided here.
const ANSWER: Duration = Duration::from_millis(250);

/// How long it may take until a connection is there.
const CONNECT: Duration = Duration::from_secs(2);

/// Questions that may wait to be sent before whoever asks has to wait.
const QUEUE: usize = 1024;

/// The client prints itself without its password.
#[derive(Debug)]
pub(super) struct Line {
    client: Client,
    state: RwLock<State>,
}

#[derive(Debug, Default)]
struct State {
    up: Option<(MultiplexedConnection, Arc<str>)>,
    /// Of the connection, to tell it from the ones before.
    number: u64,
}

/// A connection, and which one it is.
#[derive(Debug)]
pub(super) struct Up {
    pub(super) redis: MultiplexedConnection,
    /// Since when the server said it remembers.
    pub(super) since: Arc<str>,
    number: u64,
}

impl Line {
    /// A line that is down.
    pub(super) fn new(url: &RedisUrl) -> Result<Self, RedisError> {
        Ok(Self { client: Client::open(url.whole().expose_secret())?, state: RwLock::default() })
    }

    /// A new connection; the line stays as it is.
    pub(super) async fn connect(&self) -> Result<MultiplexedConnection, RedisError> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(Some(ANSWER))
            .set_pipeline_buffer_size(QUEUE);
        self.client.get_multiplexed_async_connection_with_config(&config).await
    }

    /// The connection, if the line is up.
    pub(super) fn up(&self) -> Option<Up> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        state.up.clone().map(|(redis, since)| Up { redis, since, number: state.number })
    }

    /// Takes the line up, to a server that remembers since then.
    pub(super) fn take_up(&self, redis: MultiplexedConnection, since: Arc<str>) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        *state = State { up: Some((redis, since)), number: state.number + 1 };
    }

    /// Takes the line down, if it is still this one, and says whether it was.
    pub(super) fn take_down(&self, broken: &Up) -> bool {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let State { up, number } = &mut *state;
        up.take_if(|_| *number == broken.number).is_some()
    }

    /// Does this while the line is down; `None` if it is up.
    pub(super) fn while_down<T>(&self, decide: impl FnOnce() -> T) -> Option<T> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        state.up.is_none().then(decide)
    }

    /// Does this while the line is still up by this connection; `None` if it is not.
    pub(super) fn while_up<T>(&self, up: &Up, note: impl FnOnce() -> T) -> Option<T> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        (state.up.is_some() && state.number == up.number).then(note)
    }
}
