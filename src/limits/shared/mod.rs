//! Windows that all nodes share, in Redis: never more than N over all of them together.
//!
//! [`SharedLimits`] asks Redis, where a script (`take.lua`) decides all windows of a request and charges them in one step, by Redis's
//! own clock. What Redis accepts is noted in this node's own windows too. When Redis does not answer, [`OnFailure`] says what
//! happens: every request is refused, or the node decides by its own windows and remembers what it owes. Before Redis is asked
//! again it is told what is owed (`owed.rs`, `give.lua`). `line.rs` is the connection; `docs/design/0007-limits-over-all-nodes.md` says why.

mod counters;
mod line;
mod owed;
mod scripts;
mod told;
mod window;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use redis::RedisError;

use super::{Act, ActLimits, ActRefused, KeyLimits, Refused, Standing, UserLimits};
use crate::model::{KeyId, OnFailure, SharedStore, UserId};
pub use counters::Counters;
use line::{Line, Up};
use scripts::{Answer, Scripts};
use told::Told;
pub(super) use window::{Asked, Owed, WindowName};

/// How many keys are looked at in one script: nobody else is answered meanwhile.
const LOOKS_AT_ONCE: usize = 32;

/// Redis does not answer, and the operator wants no decision without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the limits cannot be asked: Redis does not answer, and limits.on_failure is \"refuse\"")]
pub struct Unreachable;

/// Why a request was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestRefused {
    /// By the windows of its key.
    #[error(transparent)]
    Key(#[from] Refused),
    /// By that of the key's owner.
    #[error(transparent)]
    User(ActRefused),
    /// Nobody could say.
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
}

/// Why an act was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SharedActRefused {
    /// By its window.
    #[error(transparent)]
    Act(#[from] ActRefused),
    /// Nobody could say.
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
}

/// The limits of all nodes together.
#[derive(Debug)]
pub struct SharedLimits {
    line: Line,
    scripts: Scripts,
    on_failure: OnFailure,
    keys: Arc<KeyLimits>,
    users: Arc<UserLimits>,
    acts: Arc<ActLimits>,
    told: Told,
    /// Since when the server that was met last remembers.
    since: Mutex<Option<Arc<str>>>,
    /// How much was decided without Redis when it was last lost.
    at_loss: AtomicU64,
    counters: Counters,
}

impl SharedLimits {
    /// Limits over the windows of this node; Redis is not asked before [`SharedLimits::tend`]. Names in Redis begin with the prefix.
    ///
    /// # Errors
    /// When the URL is none that the client can use.
    pub fn new(
        store: &SharedStore,
        prefix: &str,
        (keys, users, acts): (Arc<KeyLimits>, Arc<UserLimits>, Arc<ActLimits>),
    ) -> Result<Self, RedisError> {
        Ok(Self {
            line: Line::new(&store.url)?,
            scripts: Scripts::new(prefix),
            on_failure: store.on_failure,
            keys,
            users,
            acts,
            told: Told::default(),
            since: Mutex::default(),
            at_loss: AtomicU64::default(),
            counters: Counters::default(),
        })
    }

    /// Accepts and counts a request of this key in its two windows and in that of its owner, or in none.
    ///
    /// # Errors
    /// See [`RequestRefused`].
    pub async fn take(&self, key: KeyId, user: UserId) -> Result<Standing, RequestRefused> {
        let [minute, day] = self.keys.asked(key);
        let windows = [self.users.asked(user), minute, day];
        let judge = |answer: &Answer| {
            let (minute, day) = (answer.survey(1)?, answer.survey(2)?);
            Ok(if answer.is_accepted {
                Ok(self.keys.shared_standing(minute, day))
            } else {
                let room = self.users.judge(answer.survey(0)?).map_err(RequestRefused::User);
                room.and_then(|()| Ok(self.keys.judge(minute, day)?))
            })
        };
        let note = || {
            self.users.note(user);
            self.keys.note(key);
        };
        let alone = || {
            let key_of_it = || self.keys.take(key).map_err(RequestRefused::Key);
            let standing = self.users.take_with(&self.users.window(user), RequestRefused::User, key_of_it)?;
            self.users.owe(user);
            self.keys.owe(key);
            Ok(standing)
        };
        self.decide(true, &windows, judge, note, alone).await
    }

    /// How the windows of these keys stand, in this order; charges nothing.
    pub async fn standings(&self, keys: &[KeyId]) -> Vec<Standing> {
        let mut all = Vec::with_capacity(keys.len());
        for some in keys.chunks(LOOKS_AT_ONCE) {
            all.extend(self.some_standings(some).await);
        }
        all
    }

    async fn some_standings(&self, keys: &[KeyId]) -> Vec<Standing> {
        let windows: Vec<_> = keys.iter().flat_map(|key| self.keys.asked(*key)).collect();
        let judge = |answer: &Answer| {
            let of = |place| Ok(self.keys.shared_standing(answer.survey(place)?, answer.survey(place + 1)?));
            (0..windows.len()).step_by(2).map(of).collect::<Result<_, _>>().map(Ok::<_, Unreachable>)
        };
        let here = || keys.iter().map(|key| self.keys.standing(*key)).collect();
        self.decide(false, &windows, judge, || (), || Ok(here())).await.unwrap_or_else(|Unreachable| here())
    }

    /// Accepts and counts an act of this subject.
    ///
    /// # Errors
    /// See [`SharedActRefused`].
    pub async fn take_act(&self, act: Act, subject: &str) -> Result<(), SharedActRefused> {
        let alone = || {
            self.acts.decide(act, subject)?;
            self.acts.owe(act, subject);
            Ok(())
        };
        let said = self.decide_act(true, act, subject, || self.acts.note(act, subject), alone).await;
        if !matches!(said, Err(SharedActRefused::Unreachable(_))) {
            self.acts.count(act, said.is_ok());
        }
        said
    }

    /// What [`SharedLimits::take_act`] would answer, without charging.
    ///
    /// # Errors
    /// See [`SharedActRefused`].
    pub async fn peek_act(&self, act: Act, subject: &str) -> Result<(), SharedActRefused> {
        self.decide_act(false, act, subject, || (), || Ok(self.acts.peek(act, subject)?)).await
    }

    /// What happened so far.
    #[must_use]
    pub const fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Whether Redis answers, as far as is known.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.line.up().is_some()
    }

    /// What happens while it does not.
    #[must_use]
    pub const fn on_failure(&self) -> OnFailure {
        self.on_failure
    }

    async fn decide_act(
        &self,
        charge: bool,
        act: Act,
        subject: &str,
        note: impl Fn(),
        alone: impl Fn() -> Result<(), SharedActRefused>,
    ) -> Result<(), SharedActRefused> {
        let judge = |answer: &Answer| {
            let judged = if answer.is_accepted { Ok(()) } else { self.acts.judge(act, answer.survey(0)?) };
            Ok(judged.map_err(SharedActRefused::Act))
        };
        self.decide(charge, &[self.acts.asked(act, subject)], judge, note, alone).await
    }

    /// Asks Redis, or decides without it. An acceptance whose line went down before it was noted is decided anew: this node
    /// has begun to decide alone, and counts what it did not know of.
    async fn decide<T, E: From<Unreachable>>(
        &self,
        charge: bool,
        windows: &[Asked<'_>],
        judge: impl Fn(&Answer) -> Result<Result<T, E>, RedisError>,
        note: impl Fn(),
        alone: impl Fn() -> Result<T, E>,
    ) -> Result<T, E> {
        loop {
            let Some(up) = self.line.up() else {
                match self.line.while_down(|| self.without(charge, &alone)) {
                    Some(decided) => return decided,
                    None => continue,
                }
            };
            let judged = |answer: Answer| Ok((judge(&answer)?, answer.is_accepted));
            match self.ask(&up, charge, windows).await.and_then(|answer| answer.map(judged).transpose()) {
                Ok(Some((decided, true))) if charge => {
                    if self.line.while_up(&up, &note).is_some() {
                        return decided;
                    }
                }
                Ok(Some((decided, _))) => return decided,
                // `tend` finds that out as well, and tells the server what it does not know.
                Ok(None) => self.lose(&up),
                Err(error) => {
                    self.lose(&up);
                    self.note_failure(&error);
                }
            }
        }
    }

    /// Only what charges is a decision; who looks does not count.
    async fn ask(&self, up: &Up, charge: bool, windows: &[Asked<'_>]) -> Result<Option<Answer>, RedisError> {
        let begin = Instant::now();
        let answer = self.scripts.take(&mut up.redis.clone(), &up.since, charge, windows).await?;
        if charge && answer.is_some() {
            self.counters.count_answer(begin.elapsed());
        }
        Ok(answer)
    }

    fn without<T, E: From<Unreachable>>(&self, charge: bool, alone: impl Fn() -> Result<T, E>) -> Result<T, E> {
        match self.on_failure {
            OnFailure::Local => {
                charge.then(|| self.counters.count_alone());
                alone()
            }
            OnFailure::Refuse => {
                charge.then(|| self.counters.count_refused());
                Err(Unreachable.into())
            }
        }
    }

    fn lose(&self, up: &Up) {
        if self.line.take_down(up) {
            self.at_loss.store(self.counters.without(), Ordering::Relaxed);
        }
    }

    fn note_failure(&self, error: &RedisError) {
        self.counters.count_failure();
        self.told.tell(error, self.on_failure);
    }
}
