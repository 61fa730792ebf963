//! The table `jobs`: what runs once a day, on whichever node comes first.

use diesel::prelude::*;

use super::schema::jobs;
use super::{AnyConnection, StoreError};
use crate::model::Timestamp;

// A stored instant ahead of the clock comes from a clock that was wrong: it must not stop the job for as long.
macro_rules! due {
    ($name:expr, $then:expr, $now:expr) => {
        jobs::name.eq($name).and(jobs::last_run_at.le($then.as_micros()).or(jobs::last_run_at.gt($now.as_micros())))
    };
}

/// Whether the job did not run since an instant.
///
/// # Errors
/// Of the database.
pub fn is_job_due(c: &mut AnyConnection, name: &str, then: Timestamp, now: Timestamp) -> Result<bool, StoreError> {
    Ok(jobs::table.filter(due!(name, then, now)).count().get_result::<i64>(c)? == 1)
}

/// Claims a run of the job, unless it ran since an instant; says whether it is ours. Of several nodes one gets it.
///
/// # Errors
/// Of the database.
pub fn update_job_claimed(
    c: &mut AnyConnection,
    name: &str,
    then: Timestamp,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let row = jobs::table.filter(due!(name, then, now));
    Ok(diesel::update(row).set(jobs::last_run_at.eq(now.as_micros())).execute(c)? == 1)
}
