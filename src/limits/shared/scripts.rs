//! The three scripts that Redis runs for us. Each is one round trip, and nothing else happens there meanwhile.

use redis::aio::MultiplexedConnection;
use redis::{RedisError, Script, ScriptInvocation};

use super::window::{Asked, Owed, WindowName};
use crate::limits::sliding::Survey;

/// The scripts, and what all names begin with.
#[derive(Debug)]
pub(super) struct Scripts {
    prefix: String,
    take: Script,
    give: Script,
    greet: Script,
}

/// What Redis says about some windows, as of the instant 0.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) is_accepted: bool,
    surveys: Vec<Survey>,
}

impl Answer {
    /// How the window at this place stands.
    pub(super) fn survey(&self, place: usize) -> Result<Survey, RedisError> {
        self.surveys.get(place).copied().ok_or_else(unreadable)
    }
}

impl Scripts {
    pub(super) fn new(prefix: &str) -> Self {
        Self {
            prefix: prefix.to_owned(),
            take: Script::new(include_str!("take.lua")),
            give: Script::new(include_str!("give.lua")),
            greet: Script::new(include_str!("greet.lua")),
        }
    }

    /// Asks about one request in all of these windows; charges them if `charge` says so and all have room. `None` where the
    /// server does not remember since then any more.
    pub(super) async fn take(
        &self,
        redis: &mut MultiplexedConnection,
        since: &str,
        charge: bool,
        windows: &[Asked<'_>],
    ) -> Result<Option<Answer>, RedisError> {
        let mut call = self.take.prepare_invoke();
        call.key(self.since()).arg(since).arg(if charge { "take" } else { "look" });
        self.name(&mut call, &windows.iter().map(|asked| asked.name));
        for Asked { shape, .. } in windows {
            call.arg(shape.quota.max()).arg(shape.window()).arg(shape.bucket).arg(shape.span);
        }
        let numbers: Vec<i64> = call.invoke_async(redis).await?;
        if numbers.is_empty() { Ok(None) } else { read(&numbers, windows.len()).map(Some).ok_or_else(unreadable) }
    }

    /// Tells what was accepted without asking.
    pub(super) async fn give(&self, redis: &mut MultiplexedConnection, owed: &[Owed]) -> Result<(), RedisError> {
        let mut call = self.give.prepare_invoke();
        self.name(&mut call, &owed.iter().map(|owed| owed.name));
        for Owed { shape, buckets, .. } in owed {
            call.arg(shape.quota.max()).arg(shape.window()).arg(shape.span).arg(buckets.len());
            for (age, count) in buckets {
                call.arg(*age).arg(*count);
            }
        }
        call.invoke_async(redis).await
    }

    /// Since when the server remembers.
    pub(super) async fn greet(&self, redis: &mut MultiplexedConnection) -> Result<String, RedisError> {
        self.greet.prepare_invoke().key(self.since()).key(format!("{}:met", self.prefix)).invoke_async(redis).await
    }

    /// The same without writing anything; `None` where nobody has met the server, or it has forgotten.
    pub(super) async fn since_when(&self, redis: &mut MultiplexedConnection) -> Result<Option<String>, RedisError> {
        redis::cmd("GET").arg(self.since()).query_async(redis).await
    }

    fn since(&self) -> String {
        format!("{}:since", self.prefix)
    }

    /// The heads of the windows, then their closed buckets.
    fn name(&self, call: &mut ScriptInvocation<'_>, windows: &(impl Iterator<Item = WindowName> + Clone)) {
        for part in ["", ":closed"] {
            for window in windows.clone() {
                call.key(format!("{}:{window}{part}", self.prefix));
            }
        }
    }
}

fn read(numbers: &[i64], windows: usize) -> Option<Answer> {
    let (accepted, rest) = numbers.split_first()?;
    let survey = |pair: &[i64; 2]| {
        let [counted, leaving] = *pair;
        Some(Survey { counted: u32::try_from(counted).ok()?, oldest: Some(leaving).filter(|span| *span >= 0) })
    };
    let surveys: Vec<Survey> = rest.as_chunks().0.iter().map(survey).collect::<Option<_>>()?;
    (surveys.len() == windows).then_some(Answer { is_accepted: *accepted == 1, surveys })
}

fn unreadable() -> RedisError {
    RedisError::from((redis::ErrorKind::UnexpectedReturnType, "a script answered something else"))
}

#[cfg(test)]
mod tests;
