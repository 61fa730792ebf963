//! Many users at once, as a site imports them.

use std::collections::HashSet;

use super::{UsersError, write};
use crate::domain::Context;
use crate::model::{Change, Origin, Timestamp, User, UserChange, UserFilter, Username};
use crate::store::{self, AnyConnection};

/// The most users of one call: others who write wait for no more than these.
pub const MOST: usize = 500;

/// What is to be known of one user.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The name they sign in with.
    pub username: Username,
    /// Whatever else is said.
    pub more: UserChange,
}

/// What became of an entry.
#[derive(Clone, Debug)]
pub struct Upserted {
    /// The user.
    pub user: User,
    /// Whether they were made just now.
    pub is_new: bool,
}

/// Makes the users there are not and changes those there are; all of it or nothing.
///
/// # Errors
/// See [`UsersError`].
pub async fn upsert(cx: &Context, entries: Vec<Entry>, origin: Origin) -> Result<Vec<Upserted>, UsersError> {
    if entries.len() > MOST {
        return Err(UsersError::TooMany(entries.len()));
    }
    let mut names = HashSet::new();
    if let Some(again) = entries.iter().find(|entry| !names.insert(entry.username.folded())) {
        return Err(UsersError::Twice(again.username.clone()));
    }
    let now = cx.now();
    cx.store
        .write(move |tx| {
            write::keeping_an_administrator(tx, |tx| {
                entries.into_iter().map(|entry| upsert_one(tx, entry, &origin, now)).collect()
            })
        })
        .await
}

fn upsert_one(
    tx: &mut AnyConnection,
    Entry { username, more }: Entry,
    origin: &Origin,
    now: Timestamp,
) -> Result<Upserted, UsersError> {
    let found = find(tx, &username, &more)?;
    let is_new = found.is_none();
    let before = match found {
        Some(user) => user,
        None => write::insert(tx, &username, origin, now)?,
    };
    let change = UserChange { username: Change::To(username), ..more };
    Ok(Upserted { user: write::apply(tx, &before, change, origin, now)?, is_new })
}

/// The user whom the site calls so, whatever their name was; else the one of that name, unless the site calls that one
/// otherwise. One of the staff is not taken for somebody who has the same name at the site.
fn find(tx: &mut AnyConnection, username: &Username, more: &UserChange) -> Result<Option<User>, UsersError> {
    let by_name = UserFilter::from(username.clone());
    let Change::To(Some(external_id)) = &more.external_id else { return Ok(store::find_user_by(tx, &by_name)?) };
    if let Some(user) = store::find_user_by(tx, &external_id.clone().into())? {
        return Ok(Some(user));
    }
    let named = store::find_user_by(tx, &by_name)?.filter(|user| user.external_id.is_none());
    if named.as_ref().is_some_and(User::is_staff) { Err(UsersError::Staff(username.clone())) } else { Ok(named) }
}
