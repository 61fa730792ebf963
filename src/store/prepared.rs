//! A statement that the database prepares once for each connection. Those that change a row are prepared anew each time when diesel
//! writes them, which with a row of a key takes longer than the change.

use diesel::backend::Backend;
use diesel::connection::Connection;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType, Nullable};
use diesel::{QueryResult, RunQueryDsl};

/// Text and numbers by turns: each part of the text is followed by a number.
pub(super) struct Prepared<const N: usize> {
    /// The text.
    pub(super) parts: [&'static str; N],
    /// The numbers; `None` is NULL.
    pub(super) values: [Option<i64>; N],
}

// By its text it is found again, of which there are few.
impl<const N: usize> QueryId for Prepared<N> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB, const N: usize> QueryFragment<DB> for Prepared<N>
where
    DB: Backend + HasSqlType<BigInt>,
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        for (part, value) in self.parts.iter().zip(&self.values) {
            out.push_sql(part);
            out.push_bind_param::<Nullable<BigInt>, _>(value)?;
        }
        Ok(())
    }
}

impl<C: Connection, const N: usize> RunQueryDsl<C> for Prepared<N> {}
