//! Long lists, a page at a time.

use std::fmt::{self, Display};

use super::hex;

/// The most rows of a page.
const MOST: u16 = 100;

/// The rows of a page where nobody says how many.
const USUAL: u16 = 50;

/// What is wrong with the wish for a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PagingError {
    /// Not what an earlier page gave.
    #[error("cursor is the next_cursor of an earlier page, unchanged")]
    Cursor,
    /// No number of rows, or too many.
    #[error("limit is a whole number from 1 to {MOST}")]
    Limit,
}

/// Where a list goes on: behind the row with this id. Ids are never used twice, so rows that come or go meanwhile neither
/// move others to another page nor show them twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor(i64);

impl Cursor {
    /// # Errors
    /// When it is not as it was given out.
    pub fn parse(text: &str) -> Result<Self, PagingError> {
        hex::decode::<8>(text).map(|bytes| Self(i64::from_be_bytes(bytes))).ok_or(PagingError::Cursor)
    }

    /// The id.
    #[must_use]
    pub const fn id(self) -> i64 {
        self.0
    }
}

/// As it is given out: nobody is to read anything in it.
impl Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0.to_be_bytes()))
    }
}

/// The wish for a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// Behind which row it begins; `None`: with the first.
    pub after: Option<Cursor>,
    /// How many rows.
    limit: u16,
}

impl Paging {
    /// # Errors
    /// See [`PagingError`].
    pub fn parse(cursor: Option<&str>, limit: Option<&str>) -> Result<Self, PagingError> {
        let after = cursor.map(Cursor::parse).transpose()?;
        let limit = limit.map_or(Ok(USUAL), |text| text.parse().map_err(|_no_number| PagingError::Limit))?;
        if (1..=MOST).contains(&limit) { Ok(Self { after, limit }) } else { Err(PagingError::Limit) }
    }

    /// The id behind which a list in the order of ids begins; ids begin at 1.
    #[must_use]
    pub fn after_id(self) -> i64 {
        self.after.map_or(0, Cursor::id)
    }

    /// The id before which a list begins that goes from the latest row back.
    #[must_use]
    pub fn before_id(self) -> i64 {
        self.after.map_or(i64::MAX, Cursor::id)
    }

    /// How many rows to ask for: one more than are shown, which says that there are more.
    #[must_use]
    pub fn rows(self) -> i64 {
        i64::from(self.limit) + 1
    }
}

/// Some rows of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the list goes on, if it does.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page of the rows that [`Paging::rows`] asked for.
    #[must_use]
    pub fn of(mut items: Vec<T>, paging: Paging, id: impl Fn(&T) -> i64) -> Self {
        let limit = usize::from(paging.limit);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|last| Cursor(id(last)));
        Self { items, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went_and_nothing_else_is_one() {
        let cursor = Cursor(42);
        assert_eq!(Cursor::parse(&cursor.to_string()), Ok(cursor));
        for text in ["", "42", "000000000000002A", "000000000000002a0", "cursor"] {
            assert_eq!(Cursor::parse(text), Err(PagingError::Cursor), "{text}");
        }
    }

    #[test]
    fn a_page_has_so_many_rows_and_says_whether_there_are_more() {
        let paging = Paging::parse(None, Some("2")).unwrap();
        assert_eq!(Page::of(vec![1, 2, 3], paging, |id| *id), Page { items: vec![1, 2], next: Some(Cursor(2)) });
        assert_eq!(Page::of(vec![1, 2], paging, |id| *id), Page { items: vec![1, 2], next: None });
        for limit in ["0", "101", "-1", "ten", "", "65536"] {
            assert_eq!(Paging::parse(None, Some(limit)), Err(PagingError::Limit), "{limit}");
        }
    }
}
