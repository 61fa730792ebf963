//! The tables `bus_channels` and `bus_messages`: what users are told of at once, and how far each channel has come.
//!
//! A message is part of the transaction that it tells of, and its position is given out under the lock of the channel's row:
//! positions have no gaps, come in the order of the commits, and a message is there when what it tells of is.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use enum_map::EnumMap;
use serde_json::Value;

use super::error::corrupt;
use super::others::bus_word;
use super::schema::{bus_channels as channels, bus_messages as messages};
use super::{AnyConnection, StoreError};
use crate::model::{BusChannel, BusMessage, NotificationId, Timestamp, UserId};

/// The most messages that are kept of a channel: the newest. Who was away for longer asks for what there is.
const MOST: i64 = 100;

#[derive(Queryable, Selectable)]
#[diesel(table_name = messages)]
struct MessageRow {
    id: i64,
    channel: String,
    message_id: i64,
    data: String,
}

impl TryFrom<MessageRow> for BusMessage {
    type Error = StoreError;

    fn try_from(row: MessageRow) -> Result<Self, StoreError> {
        Ok(Self {
            global_id: row.id,
            message_id: row.message_id,
            channel: row.channel.parse().map_err(corrupt("bus_messages", "channel"))?,
            data: serde_json::from_str(&row.data).map_err(corrupt("bus_messages", "data"))?,
        })
    }
}

/// Says this in a channel of the user. Once the transaction is committed, every process has its polls look for it.
///
/// # Errors
/// Of the database.
pub fn insert_bus_message(
    tx: &mut AnyConnection,
    user: UserId,
    channel: BusChannel,
    data: &Value,
    now: Timestamp,
) -> Result<(), StoreError> {
    insert(tx, user, (channel, data, None), now)
}

/// Says this of a notification of the user. It goes with the notification.
///
/// # Errors
/// Of the database.
pub fn insert_bus_alert(
    tx: &mut AnyConnection,
    user: UserId,
    notification: NotificationId,
    data: &Value,
    now: Timestamp,
) -> Result<(), StoreError> {
    insert(tx, user, (BusChannel::NotificationAlert, data, Some(notification)), now)
}

fn insert(
    tx: &mut AnyConnection,
    user: UserId,
    (channel, data, about): (BusChannel, &Value, Option<NotificationId>),
    now: Timestamp,
) -> Result<(), StoreError> {
    let position = next(tx, user, channel)?;
    diesel::insert_into(messages::table)
        .values((
            messages::user_id.eq(user.get()),
            messages::channel.eq(channel.word()),
            messages::message_id.eq(position),
            messages::data.eq(data.to_string()),
            messages::created_at.eq(now.as_micros()),
            messages::notification_id.eq(about.map(NotificationId::get)),
        ))
        .execute(tx)?;
    let of_channel = messages::user_id.eq(user.get()).and(messages::channel.eq(channel.word()));
    let too_many = messages::message_id.le(position - MOST);
    diesel::delete(messages::table.filter(of_channel.and(too_many))).execute(tx)?;
    tell(tx, user)
}

/// Moves the channel on by one.
fn next(tx: &mut AnyConnection, user: UserId, channel: BusChannel) -> Result<i64, StoreError> {
    let row = channels::table.find((user.get(), channel.word()));
    let moved = diesel::update(row).set(channels::last_id.eq(channels::last_id + 1));
    if let Some(last) = moved.returning(channels::last_id).get_result(tx).optional()? {
        return Ok(last);
    }
    let first = (channels::user_id.eq(user.get()), channels::channel.eq(channel.word()), channels::last_id.eq(1));
    diesel::insert_into(channels::table).values(first).execute(tx)?;
    Ok(1)
}

/// A server passes this on when the transaction is committed, also to the process that says it. Of a file's messages those
/// that are new are looked for (`waiting.rs`).
fn tell(tx: &mut AnyConnection, user: UserId) -> Result<(), StoreError> {
    match tx {
        AnyConnection::Sqlite(_) => Ok(()),
        AnyConnection::Postgres(inner) => Ok(inner.batch_execute(&bus_word(user))?),
    }
}

/// How far the channels of the user have come; 0 where nothing was ever said.
///
/// # Errors
/// Of the database.
pub fn find_bus_positions(c: &mut AnyConnection, user: UserId) -> Result<EnumMap<BusChannel, i64>, StoreError> {
    let query = channels::table.filter(channels::user_id.eq(user.get())).select((channels::channel, channels::last_id));
    let mut positions = EnumMap::default();
    for (channel, last) in query.load::<(String, i64)>(c)? {
        positions[channel.parse().map_err(corrupt("bus_channels", "channel"))?] = last;
    }
    Ok(positions)
}

/// What was said in a channel of the user after this position, as far as it is kept.
///
/// # Errors
/// Of the database.
pub fn list_bus_messages(
    c: &mut AnyConnection,
    user: UserId,
    channel: BusChannel,
    after: i64,
) -> Result<Vec<BusMessage>, StoreError> {
    let query = messages::table
        .filter(messages::user_id.eq(user.get()))
        .filter(messages::channel.eq(channel.word()))
        .filter(messages::message_id.gt(after))
        .order(messages::message_id)
        .select(MessageRow::as_select());
    query.load(c)?.into_iter().map(BusMessage::try_from).collect()
}

/// The number of the newest message of all channels; 0 where there is none.
pub(super) fn find_newest(c: &mut AnyConnection) -> Result<i64, StoreError> {
    let newest: Option<i64> = messages::table.select(diesel::dsl::max(messages::id)).get_result(c)?;
    Ok(newest.unwrap_or(0))
}

/// The messages with a larger number, and whom each is for; oldest first.
pub(super) fn list_newer(c: &mut AnyConnection, than: i64) -> Result<Vec<(i64, UserId)>, StoreError> {
    let query = messages::table.filter(messages::id.gt(than)).order(messages::id);
    let rows: Vec<(i64, i64)> = query.select((messages::id, messages::user_id)).load(c)?;
    let parse = |(id, user)| Ok((id, UserId::parse(user).map_err(corrupt("bus_messages", "user_id"))?));
    rows.into_iter().map(parse).collect()
}

/// Whether messages are kept from before this instant. They go as they came, so that it is the oldest that tells.
///
/// # Errors
/// Of the database.
pub fn has_bus_messages_before(c: &mut AnyConnection, then: Timestamp) -> Result<bool, StoreError> {
    let oldest: Option<i64> =
        messages::table.order(messages::id).limit(1).select(messages::created_at).get_result(c).optional()?;
    Ok(oldest.is_some_and(|at| at < then.as_micros()))
}

/// Clears away messages from before this instant: of the oldest, so many at most.
///
/// # Errors
/// Of the database.
pub fn delete_bus_messages_before(c: &mut AnyConnection, then: Timestamp, most: i64) -> Result<(), StoreError> {
    let oldest: Vec<(i64, i64)> =
        messages::table.order(messages::id).limit(most).select((messages::id, messages::created_at)).load(c)?;
    if let Some((last, _)) = oldest.into_iter().take_while(|(_, at)| *at < then.as_micros()).last() {
        diesel::delete(messages::table.filter(messages::id.le(last))).execute(c)?;
    }
    Ok(())
}
