//! From where a key is presented, and who answers for it when it does not exist.

use std::net::IpAddr;

use super::VerifyError;
use crate::domain::Context;
use crate::limits::{Act, ActRefused};
use crate::model::limited_as;

/// From where a key is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// By a client that we see ourselves, or that our own proxy names.
    Client(IpAddr),
    /// By a proxy or a back end that asks for a client.
    Caller {
        /// Its own address.
        caller: IpAddr,
        /// The client's, where it is told.
        client: Option<IpAddr>,
    },
}

impl Source {
    /// The address for the log: the client's if there is one.
    #[must_use]
    pub fn address(self) -> IpAddr {
        match self {
            Self::Client(address) => address,
            Self::Caller { caller, client } => client.unwrap_or(caller),
        }
    }

    /// Whether an unknown key may be looked up for it.
    pub(super) fn peek(self, cx: &Context) -> Result<(), VerifyError> {
        self.each(|act, subject| cx.act_limits.peek(act, subject))
    }

    /// Counts an unknown key.
    pub(super) fn take(self, cx: &Context) -> Result<(), VerifyError> {
        self.each(|act, subject| cx.act_limits.take(act, subject))
    }

    /// A caller that names no client answers for itself alone, in a window of its own: in that of a client whoever guesses
    /// through it would shut out everybody else who comes through it (`security.md L4`). The client's is first, so one that is
    /// over its limit costs its caller nothing (`L7`).
    fn each(self, count: impl Fn(Act, &str) -> Result<(), ActRefused>) -> Result<(), VerifyError> {
        let (caller, client) = match self {
            Self::Client(client) => (None, Some(client)),
            Self::Caller { caller, client } => (Some(caller), client),
        };
        if let Some(client) = client {
            count(Act::UnknownKeysPerAddress, &limited_as(client)).map_err(VerifyError::Guessing)?;
        }
        if let Some(caller) = caller {
            count(Act::UnknownKeysPerCaller, &caller.to_string()).map_err(VerifyError::CallerLimited)?;
        }
        Ok(())
    }
}
