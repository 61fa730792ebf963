//! A poll, taken apart: a position for each channel, and how many polls the client has made.

use enum_map::EnumMap;

use crate::model::{BusChannel, Fields, Position, PositionError, Repeated, UserId};

/// What is wrong with a poll.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PollError {
    /// A channel, or another parameter, that came more than once.
    #[error(transparent)]
    Repeated(#[from] Repeated),
    /// A channel of the user without a position.
    #[error("{fault}")]
    Position {
        /// The channel.
        channel: String,
        /// What is wrong with its value.
        fault: PositionError,
    },
    /// Not a number of polls.
    #[error("__seq is a whole number, one larger with each poll of a client")]
    Seq,
}

/// A poll. A channel of anybody else, or of which nobody knows, is not in it: the client hears nothing on it.
#[derive(Clone, Debug)]
pub struct PollRequest {
    /// Where the client goes on, in each channel that it listens to.
    pub positions: EnumMap<BusChannel, Option<Position>>,
    /// How many polls the client has made; 0 where it does not count.
    pub seq: u64,
    /// Whether the client would wait for messages.
    pub waits: bool,
}

impl PollRequest {
    /// # Errors
    /// See [`PollError`].
    pub fn parse(user: UserId, fields: &Fields) -> Result<Self, PollError> {
        let mut positions = EnumMap::default();
        for channel in BusChannel::ALL {
            positions[channel] = position(fields, channel.path(user))?;
        }
        let seq = fields.get("__seq")?.map_or(Ok(0), |seq| seq.parse().map_err(|_no_number| PollError::Seq))?;
        Ok(Self { positions, seq, waits: fields.get("dlp")? != Some("t") })
    }
}

fn position(fields: &Fields, channel: String) -> Result<Option<Position>, PollError> {
    let Some(text) = fields.get(&channel)? else { return Ok(None) };
    Position::parse(text).map(Some).map_err(|fault| PollError::Position { channel, fault })
}
