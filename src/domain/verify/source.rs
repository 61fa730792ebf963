//! From where a key is presented, and who answers for it when it does not exist.

use std::net::IpAddr;

use super::VerifyError;
use crate::domain::Context;
use crate::limits::Act;
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
    pub(super) async fn peek(self, cx: &Context) -> Result<(), VerifyError> {
        let (client, caller) = self.subjects();
        if let Some(client) = client {
            cx.peek(Act::UnknownKeysPerAddress, &client, VerifyError::Guessing).await?;
        }
        if let Some(caller) = caller {
            cx.peek(Act::UnknownKeysPerCaller, &caller, VerifyError::CallerLimited).await?;
        }
        Ok(())
    }

    /// Counts an unknown key. For the client first, so that one that is over its limit costs its caller nothing (`L7`).
    pub(super) async fn take(self, cx: &Context) -> Result<(), VerifyError> {
        let (client, caller) = self.subjects();
        if let Some(client) = client {
            cx.charge(Act::UnknownKeysPerAddress, &client, VerifyError::Guessing).await?;
        }
        if let Some(caller) = caller {
            cx.charge(Act::UnknownKeysPerCaller, &caller, VerifyError::CallerLimited).await?;
        }
        Ok(())
    }

    /// Client and caller, as they are limited. A caller that names no client answers for itself alone, in a window of its own:
    /// in that of a client whoever guesses through it would shut out everybody else who comes through it (`security.md L4`).
    fn subjects(self) -> (Option<String>, Option<String>) {
        match self {
            Self::Client(client) => (Some(limited_as(client)), None),
            Self::Caller { caller, client } => (client.map(limited_as), Some(caller.to_string())),
        }
    }
}
