//! One poll: who polls, and what they hear until it is over.

use tokio::time::{Instant, sleep_until};

use super::look::{Positions, Said, find, find_pass};
use super::polls::Place;
use super::request::PollRequest;
use crate::domain::Context;
use crate::limits::{Act, ActRefused, Unreachable};
use crate::model::{BusChannel, BusClientId, KeyId, SessionId, UserId};
use crate::store::{AnyConnection, StoreError, Waiter};

/// How a user polls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// At a browser.
    Session(SessionId),
    /// By a program.
    Key(KeyId),
}

/// Who polls.
#[derive(Clone, Debug)]
pub struct Poller {
    /// Whose channels are read.
    pub user: UserId,
    /// How they come.
    pub by: By,
    /// What the client calls itself.
    pub client: BusClientId,
    /// What they ask for, as it came: a key is judged again whenever there is something to tell it.
    pub path: String,
}

/// A poll that was begun.
#[derive(Debug)]
pub struct Poll {
    user: UserId,
    by: By,
    path: String,
    positions: Positions,
    /// None where nothing comes any more.
    wait: Option<Wait>,
}

#[derive(Debug)]
struct Wait {
    waiter: Waiter,
    place: Place,
    until: Instant,
}

/// Why a poll was not begun.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// Too many of the user's pages, or too often.
    #[error("too many polls of pages at which this user is signed in")]
    Limited(ActRefused),
    /// The limits of all nodes.
    #[error(transparent)]
    Limits(#[from] Unreachable),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Begins a poll, and gives what there is for it already. One by a key was charged when the key was judged.
///
/// # Errors
/// See [`BeginError`].
pub async fn begin(cx: &Context, poller: Poller, request: PollRequest) -> Result<(Poll, Said), BeginError> {
    let Poller { user, by, client, path } = poller;
    if let By::Session(_) = by {
        cx.charge(Act::PollsPerUser, &user.to_string(), BeginError::Limited).await?;
    }
    let place = if request.waits { cx.polls.take_place(user, client, request.seq) } else { None };
    // Who waits before they look misses nothing that is said in between.
    let until = Instant::now() + cx.polls.longest();
    let wait = place.map(|place| Wait { waiter: cx.store.wait_for(user), place, until });
    let mut poll = Poll { user, by, path, positions: request.positions, wait };
    let said = poll.look(cx).await?;
    Ok((poll, said))
}

impl Poll {
    /// Whether nothing comes any more.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.wait.is_none()
    }

    /// Waits for what is said next; nothing where the poll is over first.
    ///
    /// # Errors
    /// Of the database; then the poll is over.
    pub async fn next(&mut self, cx: &Context) -> Result<Said, StoreError> {
        while let Some(wait) = &self.wait {
            if !wait.is_woken().await {
                self.wait = None;
                break;
            }
            let said = self.look(cx).await.inspect_err(|_| self.wait = None)?;
            if !said.is_nothing() {
                return Ok(said);
            }
        }
        Ok(Said::default())
    }

    async fn look(&mut self, cx: &Context) -> Result<Said, StoreError> {
        let (user, by, positions, life, now) = (self.user, self.by, self.positions, cx.session_life, cx.now());
        let look = move |c: &mut AnyConnection| {
            let pass = find_pass(c, user, by, life, now)?;
            Ok::<_, StoreError>((find(c, user, &positions)?, pass))
        };
        let ((mut said, positions), pass) = cx.store.read(look).await?;
        self.positions = positions;
        if !pass.is_some_and(|pass| pass.permits(cx, &self.path)) {
            // Who was signed out meanwhile is told so, and nothing else.
            said.messages.retain(|message| message.channel == BusChannel::Logout);
            said.status.clear();
            self.wait = None;
        }
        Ok(said)
    }
}

impl Wait {
    /// Waits until something may have been said; false where the poll is over first.
    async fn is_woken(&self) -> bool {
        tokio::select! {
            biased;
            () = self.place.over() => false,
            () = self.waiter.woken() => true,
            () = sleep_until(self.until) => false,
        }
    }
}
