//! The table `push_deliveries`: what is still to be pushed.

use diesel::dsl::min;
use diesel::prelude::*;

use super::error::corrupt;
use super::schema::{
    notifications, push_deliveries as deliveries, push_targets as targets, user_api_key_clients as clients,
    user_api_keys as keys, users,
};
use super::users::{UserRow, all_with_groups};
use super::{AnyConnection, StoreError};
use crate::model::{Delivery, KeyState, NewDelivery, PushUrl, Scopes, Succession, Timestamp, User};

#[derive(Queryable, Selectable)]
#[diesel(table_name = deliveries)]
struct DeliveryRow {
    id: i64,
    payload: String,
    created_at: i64,
}

/// What became of the key and the notification, and when the owner was last seen.
#[derive(Queryable)]
struct AboutRow {
    client_id: String,
    scopes: String,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
    replaces: Option<i64>,
    replaced_until: Option<i64>,
    last_seen_at: Option<i64>,
    read: bool,
}

impl AboutRow {
    fn is_good(&self, now: Timestamp) -> Result<bool, StoreError> {
        let succession = Succession::parse(self.replaces, self.replaced_until);
        let succession = succession.map_err(corrupt("user_api_keys", "replaces"))?;
        let [expires, revoked] = [self.expires_at, self.revoked_at].map(|at| at.map(Timestamp::from_micros));
        let works = KeyState::of(revoked, expires, succession, now) == KeyState::Active;
        Ok(works && !self.read)
    }
}

/// Stores something to be pushed.
///
/// # Errors
/// Of the database.
pub fn insert_push_delivery(c: &mut AnyConnection, new: &NewDelivery) -> Result<(), StoreError> {
    diesel::insert_into(deliveries::table)
        .values((
            deliveries::user_api_key_id.eq(new.key.get()),
            deliveries::notification_id.eq(new.notification.get()),
            deliveries::push_url.eq(new.push_url.as_str()),
            deliveries::payload.eq(&new.payload),
            deliveries::created_at.eq(new.created_at.as_micros()),
            deliveries::due_at.eq(new.created_at.as_micros()),
        ))
        .execute(c)?;
    Ok(())
}

/// The addresses to which something is to be pushed now, and nobody is at it: those where it waits longest, so many at most.
///
/// # Errors
/// Of the database.
pub fn list_due_push_urls(c: &mut AnyConnection, now: Timestamp, most: i64) -> Result<Vec<PushUrl>, StoreError> {
    let may_be_tried = targets::due_at.nullable().le(now.as_micros()).and(targets::switched_off_at.is_null());
    let urls: Vec<String> = deliveries::table
        .left_join(targets::table.on(targets::push_url.eq(deliveries::push_url)))
        .filter(deliveries::due_at.le(now.as_micros()))
        .filter(targets::push_url.nullable().is_null().or(may_be_tried))
        .group_by(deliveries::push_url)
        .select(deliveries::push_url)
        .order((min(deliveries::due_at), deliveries::push_url))
        .limit(most)
        .load(c)?;
    urls.iter().map(|url| PushUrl::parse(url).map_err(corrupt("push_deliveries", "push_url"))).collect()
}

/// What is to be pushed to an address now, what waits longest first, so much at most.
///
/// # Errors
/// Of the database.
pub fn list_due_push_deliveries(
    c: &mut AnyConnection,
    url: &PushUrl,
    now: Timestamp,
    most: i64,
) -> Result<Vec<Delivery>, StoreError> {
    let about = (
        clients::client_id,
        keys::scopes,
        keys::expires_at,
        keys::revoked_at,
        keys::replaces,
        keys::replaced_until,
        users::last_seen_at,
        notifications::read,
    );
    let rows: Vec<(DeliveryRow, AboutRow, UserRow)> = deliveries::table
        .inner_join(keys::table.inner_join(clients::table).inner_join(users::table))
        .inner_join(notifications::table)
        .filter(deliveries::push_url.eq(url.as_str()))
        .filter(deliveries::due_at.le(now.as_micros()))
        .order((deliveries::due_at, deliveries::id))
        .limit(most)
        .select((DeliveryRow::as_select(), about, UserRow::as_select()))
        .load(c)?;
    let (rows, owners): (Vec<_>, Vec<_>) = rows.into_iter().map(|(row, about, owner)| ((row, about), owner)).unzip();
    let owners = all_with_groups(c, owners)?;
    rows.into_iter().zip(owners).map(|((row, about), owner)| delivery(row, about, owner, now)).collect()
}

fn delivery(row: DeliveryRow, about: AboutRow, owner: User, now: Timestamp) -> Result<Delivery, StoreError> {
    Ok(Delivery {
        id: row.id,
        wanted: about.is_good(now)? && !owner.is_suspended(),
        client_id: about.client_id,
        payload: row.payload,
        created_at: Timestamp::from_micros(row.created_at),
        scopes: Scopes::parse(&about.scopes).map_err(corrupt("user_api_keys", "scopes"))?,
        owner,
        last_seen_at: about.last_seen_at.map(Timestamp::from_micros),
    })
}

/// Puts one off until an instant.
///
/// # Errors
/// Of the database.
pub fn update_push_delivery_due(c: &mut AnyConnection, id: i64, at: Timestamp) -> Result<(), StoreError> {
    diesel::update(deliveries::table.find(id)).set(deliveries::due_at.eq(at.as_micros())).execute(c)?;
    Ok(())
}

/// Puts nothing off any longer that waits for an address.
///
/// # Errors
/// Of the database.
pub fn update_push_deliveries_due_now(c: &mut AnyConnection, url: &PushUrl, now: Timestamp) -> Result<(), StoreError> {
    let rows =
        deliveries::table.filter(deliveries::push_url.eq(url.as_str())).filter(deliveries::due_at.gt(now.as_micros()));
    diesel::update(rows).set(deliveries::due_at.eq(now.as_micros())).execute(c)?;
    Ok(())
}

/// Forgets these.
///
/// # Errors
/// Of the database.
pub fn delete_push_deliveries(c: &mut AnyConnection, ids: &[i64]) -> Result<(), StoreError> {
    diesel::delete(deliveries::table.filter(deliveries::id.eq_any(ids))).execute(c)?;
    Ok(())
}

/// Forgets all that waits for an address.
///
/// # Errors
/// Of the database.
pub fn delete_push_deliveries_to(c: &mut AnyConnection, url: &PushUrl) -> Result<(), StoreError> {
    diesel::delete(deliveries::table.filter(deliveries::push_url.eq(url.as_str()))).execute(c)?;
    Ok(())
}

/// Forgets what was to be told before an instant, and what waits for an address that is switched off.
///
/// # Errors
/// Of the database.
pub fn delete_stale_push_deliveries(c: &mut AnyConnection, before: Timestamp) -> Result<(), StoreError> {
    let off = targets::table.filter(targets::switched_off_at.is_not_null()).select(targets::push_url);
    diesel::delete(deliveries::table.filter(deliveries::created_at.lt(before.as_micros()))).execute(c)?;
    diesel::delete(deliveries::table.filter(deliveries::push_url.eq_any(off))).execute(c)?;
    Ok(())
}

/// How much waits to be pushed.
///
/// # Errors
/// Of the database.
pub fn count_push_deliveries(c: &mut AnyConnection) -> Result<u64, StoreError> {
    let count: i64 = deliveries::table.count().get_result(c)?;
    Ok(u64::try_from(count).unwrap_or(0))
}
