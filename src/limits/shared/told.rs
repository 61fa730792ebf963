//! What the log is told of a Redis that cannot be asked: once, until it can.

use std::sync::atomic::{AtomicBool, Ordering};

use redis::{ErrorKind, RedisError};

use crate::model::OnFailure;

/// Codes with which Redis says that it is not for us. That passes when somebody changes something, not by itself.
const SHUT_OUT: [&str; 3] = ["NOAUTH", "WRONGPASS", "NOPERM"];

/// What was told already.
#[derive(Debug, Default)]
pub(super) struct Told {
    silent: AtomicBool,
    shut_out: AtomicBool,
}

impl Told {
    /// Tells it, unless it was told before.
    pub(super) fn tell(&self, error: &RedisError, on_failure: OnFailure) {
        let is_shut_out = is_shut_out(error);
        let told = if is_shut_out { &self.shut_out } else { &self.silent };
        if told.swap(true, Ordering::Relaxed) {
            tracing::debug!(%error, "Redis still cannot be asked");
            return;
        }
        let meanwhile = match on_failure {
            OnFailure::Local => "this node counts alone",
            OnFailure::Refuse => "what is limited is refused",
        };
        match on_failure {
            _ if is_shut_out => tracing::error!(
                %error,
                "Redis does not let this node in: see user and password in limits.url; until it does, {meanwhile}"
            ),
            OnFailure::Local => tracing::warn!(%error, "Redis does not answer; until it does, {meanwhile}"),
            OnFailure::Refuse => tracing::error!(%error, "Redis does not answer; until it does, {meanwhile}"),
        }
    }

    /// It can be asked again.
    pub(super) fn forget(&self) {
        self.silent.store(false, Ordering::Relaxed);
        self.shut_out.store(false, Ordering::Relaxed);
    }
}

/// What the client finds while it signs in has no code.
fn is_shut_out(error: &RedisError) -> bool {
    error.kind() == ErrorKind::AuthenticationFailed || error.code().is_some_and(|code| SHUT_OUT.contains(&code))
}
