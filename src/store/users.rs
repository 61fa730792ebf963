//! The tables `users` and `user_groups`.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use super::error::corrupt;
use super::prepared::Prepared;
use super::schema::{user_groups, users};
use super::{AnyConnection, StoreError};
use crate::model::{
    AvatarTemplate, Email, ExternalId, Group, NewUser, Page, Paging, Staff, Timestamp, TrustLevel, User, UserFilter,
    UserId, Username,
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
pub(super) struct UserRow {
    id: i64,
    username: String,
    email: Option<String>,
    name: String,
    admin: bool,
    moderator: bool,
    trust_level: i32,
    suspended_at: Option<i64>,
    created_at: i64,
    external_id: Option<String>,
    avatar_template: Option<String>,
}

impl UserRow {
    pub(super) fn into_user(self, groups: &[String]) -> Result<User, StoreError> {
        let level = u8::try_from(self.trust_level).map_err(corrupt("users", "trust_level"))?;
        let (external, avatar) = (self.external_id.as_deref(), self.avatar_template.as_deref());
        let group = |name: &String| Group::parse(name).map_err(corrupt("user_groups", "name"));
        Ok(User {
            id: UserId::parse(self.id).map_err(corrupt("users", "id"))?,
            username: Username::parse(&self.username).map_err(corrupt("users", "username"))?,
            email: self.email.as_deref().map(Email::parse).transpose().map_err(corrupt("users", "email"))?,
            name: self.name,
            staff: Staff { admin: self.admin, moderator: self.moderator },
            trust_level: TrustLevel::parse(level).map_err(corrupt("users", "trust_level"))?,
            named_groups: groups.iter().map(group).collect::<Result<_, _>>()?,
            external_id: external.map(ExternalId::parse).transpose().map_err(corrupt("users", "external_id"))?,
            avatar_template: avatar
                .map(AvatarTemplate::parse)
                .transpose()
                .map_err(corrupt("users", "avatar_template"))?,
            suspended_at: self.suspended_at.map(Timestamp::from_micros),
            created_at: Timestamp::from_micros(self.created_at),
        })
    }
}

fn with_groups(c: &mut AnyConnection, row: UserRow) -> Result<User, StoreError> {
    let mine = user_groups::table.filter(user_groups::user_id.eq(row.id)).select(user_groups::name);
    let groups: Vec<String> = mine.load(c)?;
    row.into_user(&groups)
}

/// All of these, in their order, with one query for their groups.
pub(super) fn all_with_groups(c: &mut AnyConnection, rows: Vec<UserRow>) -> Result<Vec<User>, StoreError> {
    let ids: BTreeSet<i64> = rows.iter().map(|row| row.id).collect();
    let theirs = user_groups::table.filter(user_groups::user_id.eq_any(ids));
    let mut groups: HashMap<i64, Vec<String>> = HashMap::new();
    for (id, name) in theirs.select((user_groups::user_id, user_groups::name)).load::<(i64, String)>(c)? {
        groups.entry(id).or_default().push(name);
    }
    let with = |row: UserRow| {
        let groups = groups.get(&row.id).map_or(&[][..], Vec::as_slice);
        row.into_user(groups)
    };
    rows.into_iter().map(with).collect()
}

/// The user with this id.
///
/// # Errors
/// Of the database.
pub fn find_user(c: &mut AnyConnection, id: UserId) -> Result<Option<User>, StoreError> {
    let row = users::table.find(id.get()).select(UserRow::as_select()).get_result(c).optional()?;
    row.map(|row| with_groups(c, row)).transpose()
}

/// Whether there is such a user, who is not suspended.
///
/// # Errors
/// Of the database.
pub fn is_user_active(c: &mut AnyConnection, id: UserId) -> Result<bool, StoreError> {
    let suspended: Option<Option<i64>> =
        users::table.find(id.get()).select(users::suspended_at).get_result(c).optional()?;
    Ok(suspended == Some(None))
}

/// The user who signs in with this name or address, without regard to case.
///
/// # Errors
/// Of the database.
pub fn find_user_by_login(c: &mut AnyConnection, login: &str) -> Result<Option<User>, StoreError> {
    let folded = login.trim().to_lowercase();
    // PostgreSQL cannot even be asked for such a text; nobody is called so.
    if folded.contains('\0') {
        return Ok(None);
    }
    let either = users::username_folded.eq(&folded).or(users::email_folded.eq(&folded));
    let row = users::table.filter(either).limit(1).select(UserRow::as_select()).get_result(c).optional()?;
    row.map(|row| with_groups(c, row)).transpose()
}

/// Every user, by name.
///
/// # Errors
/// Of the database.
pub fn list_users(c: &mut AnyConnection) -> Result<Vec<User>, StoreError> {
    let rows: Vec<UserRow> = users::table.order(users::username_folded).select(UserRow::as_select()).load(c)?;
    rows.into_iter().map(|row| with_groups(c, row)).collect()
}

// The query for the users who are meant; diesel's type of it is two lines long and says nothing.
macro_rules! meant {
    ($filter:expr) => {{
        let filter: &UserFilter = $filter;
        let mut query = users::table.select(UserRow::as_select()).into_boxed();
        if let Some(name) = &filter.username {
            query = query.filter(users::username_folded.eq(name.folded()));
        }
        if let Some(email) = &filter.email {
            query = query.filter(users::email_folded.eq(email.folded()));
        }
        if let Some(id) = &filter.external_id {
            query = query.filter(users::external_id.eq(id.as_str()));
        }
        query
    }};
}

/// The first of the users who are meant.
///
/// # Errors
/// Of the database.
pub fn find_user_by(c: &mut AnyConnection, filter: &UserFilter) -> Result<Option<User>, StoreError> {
    let row = meant!(filter).order(users::id).limit(1).get_result(c).optional()?;
    row.map(|row| with_groups(c, row)).transpose()
}

/// A page of the users who are meant, in the order in which they were made.
///
/// # Errors
/// Of the database.
pub fn list_users_page(c: &mut AnyConnection, filter: &UserFilter, paging: Paging) -> Result<Page<User>, StoreError> {
    let query = meant!(filter).filter(users::id.gt(paging.after_id())).order(users::id).limit(paging.rows());
    let rows: Vec<UserRow> = query.load(c)?;
    let users = rows.into_iter().map(|row| with_groups(c, row)).collect::<Result<_, _>>()?;
    Ok(Page::of(users, paging, |user: &User| user.id.get()))
}

/// Whether the site has an administrator.
///
/// # Errors
/// Of the database.
pub fn any_administrator(c: &mut AnyConnection) -> Result<bool, StoreError> {
    Ok(users::table.filter(users::admin.eq(true)).count().get_result::<i64>(c)? > 0)
}

/// The user's password hash, if they have a password.
///
/// # Errors
/// Of the database.
pub fn find_password_hash(c: &mut AnyConnection, id: UserId) -> Result<Option<String>, StoreError> {
    let hash = users::table.find(id.get()).select(users::password_hash).get_result::<Option<String>>(c).optional()?;
    Ok(hash.flatten())
}

/// Makes a user; gives the id.
///
/// # Errors
/// [`StoreError::Conflict`] when the name or the address is taken.
pub fn insert_user(
    c: &mut AnyConnection,
    user: &NewUser,
    now: Timestamp,
    password_hash: Option<&str>,
) -> Result<UserId, StoreError> {
    let id: i64 = diesel::insert_into(users::table)
        .values((
            users::username.eq(user.username.as_str()),
            users::username_folded.eq(user.username.folded()),
            users::email.eq(user.email.as_ref().map(Email::as_str)),
            users::email_folded.eq(user.email.as_ref().map(Email::folded)),
            users::name.eq(&user.name),
            users::password_hash.eq(password_hash),
            users::admin.eq(user.staff.admin),
            users::moderator.eq(user.staff.moderator),
            users::trust_level.eq(i32::from(user.trust_level.get())),
            users::created_at.eq(now.as_micros()),
        ))
        .returning(users::id)
        .get_result(c)?;
    insert_groups(c, id, &user.named_groups)?;
    UserId::parse(id).map_err(corrupt("users", "id"))
}

fn insert_groups(c: &mut AnyConnection, user: i64, groups: &BTreeSet<Group>) -> Result<(), StoreError> {
    for group in groups {
        let row = (user_groups::user_id.eq(user), user_groups::name.eq(group.to_string()));
        diesel::insert_into(user_groups::table).values(row).execute(c)?;
    }
    Ok(())
}

/// Writes down all that is known of a user; says whether there is such a user.
///
/// # Errors
/// [`StoreError::Conflict`] when the name, the address or the external id is taken.
pub fn update_user(c: &mut AnyConnection, user: &User) -> Result<bool, StoreError> {
    let id = user.id.get();
    let set = (
        users::username.eq(user.username.as_str()),
        users::username_folded.eq(user.username.folded()),
        users::email.eq(user.email.as_ref().map(Email::as_str)),
        users::email_folded.eq(user.email.as_ref().map(Email::folded)),
        users::name.eq(&user.name),
        users::admin.eq(user.staff.admin),
        users::moderator.eq(user.staff.moderator),
        users::trust_level.eq(i32::from(user.trust_level.get())),
        users::external_id.eq(user.external_id.as_ref().map(ExternalId::as_str)),
        users::avatar_template.eq(user.avatar_template.as_ref().map(AvatarTemplate::as_str)),
        users::suspended_at.eq(user.suspended_at.map(Timestamp::as_micros)),
    );
    if diesel::update(users::table.find(id)).set(set).execute(c)? != 1 {
        return Ok(false);
    }
    diesel::delete(user_groups::table.filter(user_groups::user_id.eq(id))).execute(c)?;
    insert_groups(c, id, &user.named_groups)?;
    Ok(true)
}

/// Deletes a user with all that is theirs; says whether there was one.
///
/// # Errors
/// Of the database.
pub fn delete_user(c: &mut AnyConnection, id: UserId) -> Result<bool, StoreError> {
    Ok(diesel::delete(users::table.find(id.get())).execute(c)? == 1)
}

/// Suspends the user, or lifts the suspension; says whether there is such a user.
///
/// # Errors
/// Of the database.
pub fn update_suspended(c: &mut AnyConnection, id: UserId, since: Option<Timestamp>) -> Result<bool, StoreError> {
    let at = users::suspended_at.eq(since.map(Timestamp::as_micros));
    Ok(diesel::update(users::table.find(id.get())).set(at).execute(c)? == 1)
}

/// Replaces the user's password; says whether there is such a user.
///
/// # Errors
/// Of the database.
pub fn update_password(c: &mut AnyConnection, id: UserId, hash: &str) -> Result<bool, StoreError> {
    let set = users::password_hash.eq(Some(hash));
    Ok(diesel::update(users::table.find(id.get())).set(set).execute(c)? == 1)
}

/// Notes when the user was last there; an earlier instant than the stored one changes nothing.
///
/// # Errors
/// Of the database.
pub fn update_last_seen(c: &mut AnyConnection, id: UserId, at: Timestamp) -> Result<(), StoreError> {
    let (id, at) = (Some(id.get()), Some(at.as_micros()));
    let parts = ["UPDATE users SET last_seen_at = ", " WHERE (last_seen_at IS NULL OR last_seen_at < ", ") AND id = "];
    Prepared { parts, values: [at, at, id] }.execute(c)?;
    Ok(())
}
