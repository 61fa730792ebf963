//! The way back: Redis answers again, and is told what it does not know.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use redis::RedisError;
use redis::aio::MultiplexedConnection;

use super::{Owed, SharedLimits, WindowName};

/// How many windows are told of in one script: nobody else is answered meanwhile.
const AT_ONCE: usize = 16;

/// How often what was decided meanwhile is told before the line is taken up all the same; the rest follows then.
const ROUNDS: usize = 5;

impl SharedLimits {
    /// Takes the line down if it is broken, and up if it is down and Redis answers. To be called about ten times a second, by one
    /// caller.
    pub async fn tend(&self) {
        if self.holds().await {
            return;
        }
        match self.reach().await {
            Ok(told) => {
                self.told.forget();
                let meanwhile = self.counters.without().saturating_sub(self.at_loss.load(Ordering::Relaxed));
                tracing::info!(told, meanwhile, "Redis answers; limits hold over all nodes");
            }
            Err(error) => self.note_failure(&error),
        }
    }

    /// Whether the line is up. That is asked, because a connection that nobody uses breaks without a word; and it is asked for the
    /// mark, because a server that was emptied is to be told before the next request.
    async fn holds(&self) -> bool {
        let Some(up) = self.line.up() else { return false };
        let since = self.scripts.since_when(&mut up.redis.clone()).await;
        if let Ok(Some(since)) = &since
            && **since == *up.since
        {
            return true;
        }
        self.lose(&up);
        if let Err(error) = since {
            self.note_failure(&error);
        }
        false
    }

    async fn reach(&self) -> Result<u32, RedisError> {
        let mut redis = self.line.connect().await?;
        let since: Arc<str> = self.scripts.greet(&mut redis).await?.into();
        if self.has_forgotten(&since) {
            tracing::warn!("Redis lost what it remembered; it is told what this node knows");
            self.keys.owe_all();
            self.users.owe_all();
            self.acts.owe_all();
        }
        let mut told = 0;
        for _ in 0..ROUNDS {
            match self.give(&mut redis).await? {
                0 => break,
                more => told += more,
            }
        }
        self.line.take_up(redis.clone(), since);
        Ok(told + self.give(&mut redis).await?)
    }

    /// Whether the server is another than the one before, or has lost its memory. What is owed stays noted until it is told.
    fn has_forgotten(&self, since: &Arc<str>) -> bool {
        let mut known = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        let before = known.replace(Arc::clone(since));
        before.is_some_and(|before| before != *since)
    }

    async fn give(&self, redis: &mut MultiplexedConnection) -> Result<u32, RedisError> {
        let mut told = 0;
        let owed = [self.keys.owed(), self.users.owed(), self.acts.owed()].concat();
        for some in owed.chunks(AT_ONCE) {
            self.scripts.give(redis, some).await?;
            told += some.iter().map(|owed| self.settle(owed)).sum::<u32>();
        }
        self.counters.count_told(u64::from(told));
        Ok(told)
    }

    fn settle(&self, owed: &Owed) -> u32 {
        let told = owed.count();
        match owed.name {
            WindowName::KeyMinute(key) => self.keys.settle_minute(key, told),
            WindowName::KeyDay(key) => self.keys.settle_day(key, told),
            WindowName::User(user) => self.users.settle(user, told),
            WindowName::Act(act, subject) => self.acts.settle(act, subject, told),
        }
        told
    }
}
