//! A page of a list.

use serde::Serialize;
use utoipa::ToSchema;

use crate::model::{Cursor, Page};

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub(in crate::http::admin) struct PageBody<T: ToSchema> {
    items: Vec<T>,
    /// Where the list goes on; null at its end.
    #[schema(required)]
    next_cursor: Option<String>,
}

impl<T: ToSchema> PageBody<T> {
    /// The page, each row as it is shown.
    pub(in crate::http::admin) fn of<R>(page: Page<R>, shown: impl Fn(R) -> T) -> Self {
        let next_cursor = page.next.as_ref().map(Cursor::to_string);
        Self { items: page.items.into_iter().map(shown).collect(), next_cursor }
    }
}
