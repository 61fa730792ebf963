//! What there is for a poll, and whether whoever polls may still have it.

use enum_map::EnumMap;
use serde_json::{Map, Value};

use super::By;
use crate::domain::Context;
use crate::domain::verify::still_permits;
use crate::model::{BusChannel, BusMessage, Method, Position, SessionLife, Timestamp, User, UserApiKey, UserId};
use crate::store::{self, AnyConnection, StoreError};

/// Where a client goes on, in each channel that it listens to.
pub(super) type Positions = EnumMap<BusChannel, Option<Position>>;

/// What a client hears at one time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// The messages, in the order in which they were said.
    pub messages: Vec<BusMessage>,
    /// How far those channels have come of which the client does not know it, by their names.
    pub status: Map<String, Value>,
}

impl Said {
    /// Whether it is nothing.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.messages.is_empty() && self.status.is_empty()
    }
}

/// What there is after these positions, and where the client goes on behind it.
pub(super) fn find(
    c: &mut AnyConnection,
    user: UserId,
    positions: &Positions,
) -> Result<(Said, Positions), StoreError> {
    let last = store::find_bus_positions(c, user)?;
    let (mut said, mut next) = (Said::default(), *positions);
    for (channel, position) in positions {
        let Some(position) = position else { continue };
        next[channel] = Some(Position::at(last[channel]));
        match position.after(last[channel]) {
            None => {
                said.status.insert(channel.path(user), last[channel].into());
            }
            Some(after) if after < last[channel] => {
                let mut new = store::list_bus_messages(c, user, channel, after)?;
                // What was said between the two queries comes another time.
                new.retain(|message| message.message_id <= last[channel]);
                said.messages.extend(new);
            }
            Some(_) => {}
        }
    }
    said.messages.sort_by_key(|message| message.global_id);
    Ok((said, next))
}

/// By what somebody goes on to poll.
pub(super) enum Pass {
    /// A session that is still good.
    Session,
    /// A key that is, and its owner, as they are now.
    Key(Box<(UserApiKey, User)>),
}

impl Pass {
    /// Whether a poll of this path goes on with it. A key is judged as one that begins a poll.
    pub(super) fn permits(self, cx: &Context, path: &str) -> bool {
        let Self::Key(known) = self else { return true };
        let (key, owner) = *known;
        still_permits(cx, key, &owner, Method::Post, path)
    }
}

/// What became of the session, or the key, by which somebody began to poll; none where it is no longer good.
pub(super) fn find_pass(
    c: &mut AnyConnection,
    user: UserId,
    by: By,
    life: SessionLife,
    now: Timestamp,
) -> Result<Option<Pass>, StoreError> {
    let Some(user) = store::find_user(c, user)?.filter(|user| !user.is_suspended()) else { return Ok(None) };
    Ok(match by {
        By::Session(id) => {
            let session = store::find_session_by_id(c, id)?;
            session.filter(|session| session.is_alive(life, now)).map(|_alive| Pass::Session)
        }
        By::Key(id) => {
            let key = store::find_key(c, id)?;
            key.filter(|key| key.state(now).is_alive()).map(|key| Pass::Key(Box::new((key, user))))
        }
    })
}
