//! The log of what was done to whom, for those who look after it.

use crate::domain::Context;
use crate::model::{AuditEvent, AuditFilter, AuditLine, LoggedLine, Origin, Page, Paging, Timestamp, UserId};
use crate::store::{self, AnyConnection, StoreError};

/// A page of the lines that are meant, newest first.
///
/// # Errors
/// Of the database.
pub async fn list(cx: &Context, filter: AuditFilter, paging: Paging) -> Result<Page<LoggedLine>, StoreError> {
    cx.store.read(move |c| store::list_audit_page(c, filter, paging)).await
}

/// Writes a line about a user.
pub(super) fn log(
    tx: &mut AnyConnection,
    event: AuditEvent,
    user: UserId,
    origin: &Origin,
    at: Timestamp,
) -> Result<(), StoreError> {
    store::insert_audit_line(tx, &AuditLine::of_user(event, user, origin.clone(), at))
}
