//! Charges limits: those of all nodes together where there are such, otherwise those of this process. Nobody else does.

use super::verify::VerifyError;
use super::{Context, KnownKey};
use crate::limits::{Act, ActRefused, RequestRefused, SharedActRefused, SharedLimits, Standing, Unreachable};
use crate::model::KeyId;

impl Context {
    /// Accepts and counts a request of this key, in all its windows or in none.
    pub(super) async fn charge_request(&self, known: &KnownKey) -> Result<Standing, VerifyError> {
        let Some(shared) = &self.shared_limits else {
            let charge = || self.key_limits.take_from(&known.windows.key).map_err(VerifyError::Limited);
            return self.user_limits.take_with(&known.windows.owner, VerifyError::OwnerLimited, charge);
        };
        // Boxed, so that the future of a request that waits for nothing is not as large.
        Ok(Box::pin(shared.take(known.key.id, known.owner.id)).await?)
    }

    /// How the limits of these keys stand, in this order; charges nothing.
    pub(super) async fn standings(&self, keys: &[KeyId]) -> Vec<Standing> {
        match &self.shared_limits {
            Some(shared) => shared.standings(keys).await,
            None => keys.iter().map(|key| self.key_limits.standing(*key)).collect(),
        }
    }

    /// Accepts and counts an act of this subject; `refuse` makes the error of a full window.
    pub(super) async fn charge<E: From<Unreachable>>(
        &self,
        act: Act,
        subject: &str,
        refuse: impl FnOnce(ActRefused) -> E,
    ) -> Result<(), E> {
        match self.shared_by(act) {
            Some(shared) => shared.take_act(act, subject).await.map_err(|error| refused_by(error, refuse)),
            None => self.act_limits.take(act, subject).map_err(refuse),
        }
    }

    /// What [`Context::charge`] would answer, without charging.
    pub(super) async fn peek<E: From<Unreachable>>(
        &self,
        act: Act,
        subject: &str,
        refuse: impl FnOnce(ActRefused) -> E,
    ) -> Result<(), E> {
        match self.shared_by(act) {
            Some(shared) => shared.peek_act(act, subject).await.map_err(|error| refused_by(error, refuse)),
            None => self.act_limits.peek(act, subject).map_err(refuse),
        }
    }

    /// Where all nodes count this act together. Callers never are: the proxy of every node is 127.0.0.1 to it, and what guesses
    /// through one would shut all; what their window holds, the load of the database, each node has in its own hands
    /// (`security.md L4`, `L7`).
    fn shared_by(&self, act: Act) -> Option<&SharedLimits> {
        self.shared_limits.as_ref().filter(|_| act != Act::UnknownKeysPerCaller)
    }
}

fn refused_by<E: From<Unreachable>>(error: SharedActRefused, refuse: impl FnOnce(ActRefused) -> E) -> E {
    match error {
        SharedActRefused::Act(refused) => refuse(refused),
        SharedActRefused::Unreachable(error) => error.into(),
    }
}

impl From<RequestRefused> for VerifyError {
    fn from(refused: RequestRefused) -> Self {
        match refused {
            RequestRefused::Key(refused) => Self::Limited(refused),
            RequestRefused::User(refused) => Self::OwnerLimited(refused),
            RequestRefused::Unreachable(error) => error.into(),
        }
    }
}
