//! From where a key is presented, and who answers for it when it does not exist.

use std::net::IpAddr;

use super::VerifyError;
use crate::domain::Context;
use crate::limits::{Act, ActRefused};
use crate::model::{address_text, limited_as};

/// Makes the error of a full window.
type Refuse = fn(ActRefused) -> VerifyError;

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
        for (act, subject, refuse) in self.windows() {
            cx.peek(act, &subject, refuse).await?;
        }
        Ok(())
    }

    /// Counts an unknown key.
    pub(super) async fn take(self, cx: &Context) -> Result<(), VerifyError> {
        for (act, subject, refuse) in self.windows() {
            cx.charge(act, &subject, refuse).await?;
        }
        Ok(())
    }

    /// Where it is counted. A caller that names no client answers for itself alone, in a window of its own: in that of a client
    /// whoever guesses through it would shut out everybody else who comes through it (`security.md L4`). The client's is first,
    /// so one that is over its limit costs its caller nothing (`L7`).
    fn windows(self) -> impl Iterator<Item = (Act, String, Refuse)> {
        let (client, caller) = match self {
            Self::Client(client) => (Some(client), None),
            Self::Caller { caller, client } => (client, Some(caller)),
        };
        let (guessing, limited): (Refuse, Refuse) = (VerifyError::Guessing, VerifyError::CallerLimited);
        let client = client.map(|client| (Act::UnknownKeysPerAddress, limited_as(client), guessing));
        let caller = caller.map(|caller| (Act::UnknownKeysPerCaller, address_text(caller), limited));
        client.into_iter().chain(caller)
    }
}
