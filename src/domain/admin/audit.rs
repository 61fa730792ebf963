//! The log of what was done to whom, for those who look after it.

use crate::domain::Context;
use crate::model::{AuditFilter, LoggedLine, Page, Paging};
use crate::store::{self, StoreError};

/// A page of the lines that are meant, newest first.
///
/// # Errors
/// Of the database.
pub async fn list(cx: &Context, filter: AuditFilter, paging: Paging) -> Result<Page<LoggedLine>, StoreError> {
    cx.store.read(move |c| store::list_audit_page(c, filter, paging)).await
}
