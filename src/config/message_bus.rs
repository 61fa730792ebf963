//! `[message_bus]`: how users are told at once of what is new.

use std::time::Duration;

use super::catalog::{Kind, Section, Setting};
use super::reader::Reader;

pub(super) const SECTION: Section = Section {
    name: "message_bus",
    about: "How long polling tells users at once of what is new (`POST /message-bus/{client_id}/poll`).",
    settings: &[&LONG_POLL_SECONDS, &MAX_POLLS_PER_USER],
};

const LONG_POLL_SECONDS: Setting = Setting {
    section: "message_bus",
    name: "long_poll_seconds",
    kind: Kind::Integer(1, 60),
    default: "25",
    about: "How long a poll waits for messages before it is answered with none. Shorter than a proxy waits for an answer \
            (nginx: 60 seconds). A poll is a request: with `35` a key that polls around the clock stays within the \
            default of `max_user_api_reqs_per_day`, with `25` it does not.",
};

const MAX_POLLS_PER_USER: Setting = Setting {
    section: "message_bus",
    name: "max_polls_per_user",
    kind: Kind::Integer(1, 10_000),
    default: "50",
    about: "How many polls of one user may wait at the same time on one node: browser tabs and programs together. One more \
            is answered at once, with what there is.",
};

/// How users are told at once of what is new.
#[derive(Clone, Copy, Debug)]
pub struct MessageBus {
    /// How long a poll waits.
    pub long_poll: Duration,
    /// How many of one user do so at the same time (`security.md L6`).
    pub max_polls_per_user: usize,
}

impl MessageBus {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let long_poll = reader.integer(&LONG_POLL_SECONDS).map(Duration::from_secs);
        let max_polls_per_user = reader.integer(&MAX_POLLS_PER_USER);
        Some(Self { long_poll: long_poll?, max_polls_per_user: max_polls_per_user? })
    }
}
