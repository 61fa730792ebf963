//! The table `push_targets`: where something is being pushed, and where it did not go well. An address that takes what it is
//! sent has no row here, but while it is being sent.

use diesel::prelude::*;

use super::error::corrupt;
use super::schema::push_targets as targets;
use super::{AnyConnection, StoreError};
use crate::model::{PushTarget, PushUrl, Timestamp};

#[derive(Queryable, Selectable)]
#[diesel(table_name = targets)]
struct TargetRow {
    push_url: String,
    due_at: i64,
    failures: i32,
    failing_since: Option<i64>,
    last_failure: Option<String>,
    switched_off_at: Option<i64>,
}

impl TryFrom<TargetRow> for PushTarget {
    type Error = StoreError;

    fn try_from(row: TargetRow) -> Result<Self, StoreError> {
        Ok(Self {
            push_url: PushUrl::parse(&row.push_url).map_err(corrupt("push_targets", "push_url"))?,
            due_at: Timestamp::from_micros(row.due_at),
            failures: u32::try_from(row.failures).map_err(corrupt("push_targets", "failures"))?,
            failing_since: row.failing_since.map(Timestamp::from_micros),
            last_failure: row.last_failure,
            switched_off_at: row.switched_off_at.map(Timestamp::from_micros),
        })
    }
}

/// What is known of an address.
///
/// # Errors
/// Of the database.
pub fn find_push_target(c: &mut AnyConnection, url: &PushUrl) -> Result<Option<PushTarget>, StoreError> {
    let row = targets::table.find(url.as_str()).select(TargetRow::as_select()).get_result(c).optional()?;
    row.map(PushTarget::try_from).transpose()
}

/// The addresses where it did not go well, by their text.
///
/// # Errors
/// Of the database.
pub fn list_failing_push_targets(c: &mut AnyConnection) -> Result<Vec<PushTarget>, StoreError> {
    let failing = targets::table.filter(targets::failures.gt(0)).order(targets::push_url);
    let rows: Vec<TargetRow> = failing.select(TargetRow::as_select()).load(c)?;
    rows.into_iter().map(PushTarget::try_from).collect()
}

/// Which of these addresses are switched off.
///
/// # Errors
/// Of the database.
pub fn list_switched_off_push_urls(c: &mut AnyConnection, urls: &[&PushUrl]) -> Result<Vec<PushUrl>, StoreError> {
    let of_these = targets::table.filter(targets::push_url.eq_any(urls.iter().map(|url| url.as_str())));
    let off: Vec<String> = of_these.filter(targets::switched_off_at.is_not_null()).select(targets::push_url).load(c)?;
    off.iter().map(|url| PushUrl::parse(url).map_err(corrupt("push_targets", "push_url"))).collect()
}

/// How many addresses are switched off.
///
/// # Errors
/// Of the database.
pub fn count_switched_off_push_targets(c: &mut AnyConnection) -> Result<u64, StoreError> {
    let count: i64 = targets::table.filter(targets::switched_off_at.is_not_null()).count().get_result(c)?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Writes down what is known of an address, in place of what was.
///
/// # Errors
/// Of the database.
pub fn upsert_push_target(c: &mut AnyConnection, target: &PushTarget) -> Result<(), StoreError> {
    // Two steps in the caller's transaction: the connection over several databases has no `on_conflict`.
    delete_push_target(c, &target.push_url)?;
    diesel::insert_into(targets::table)
        .values((
            targets::push_url.eq(target.push_url.as_str()),
            targets::due_at.eq(target.due_at.as_micros()),
            targets::failures.eq(i32::try_from(target.failures).unwrap_or(i32::MAX)),
            targets::failing_since.eq(target.failing_since.map(Timestamp::as_micros)),
            targets::last_failure.eq(&target.last_failure),
            targets::switched_off_at.eq(target.switched_off_at.map(Timestamp::as_micros)),
        ))
        .execute(c)?;
    Ok(())
}

/// Forgets all about an address; says whether anything was known.
///
/// # Errors
/// Of the database.
pub fn delete_push_target(c: &mut AnyConnection, url: &PushUrl) -> Result<bool, StoreError> {
    Ok(diesel::delete(targets::table.find(url.as_str())).execute(c)? == 1)
}

/// Forgets all about an address that is switched off.
///
/// # Errors
/// Of the database.
pub fn delete_switched_off_push_target(c: &mut AnyConnection, url: &PushUrl) -> Result<(), StoreError> {
    diesel::delete(targets::table.find(url.as_str()).filter(targets::switched_off_at.is_not_null())).execute(c)?;
    Ok(())
}
