//! The table `user_api_keys`. Only the hash of a key is here.

use diesel::prelude::*;

use super::error::corrupt;
use super::prepared::Prepared;
use super::schema::{user_api_key_clients as clients, user_api_keys as keys, user_groups, users};
use super::users::UserRow;
use super::{AnyConnection, StoreError};
use crate::model::{
    ApplicationName, ClientId, ClientRowId, Fingerprint, KeyHash, KeyId, NewKey, Page, Paging, PushUrl, RedirectUri,
    Scopes, Succession, Timestamp, User, UserApiKey, UserId,
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = keys)]
struct KeyRow {
    id: i64,
    user_id: i64,
    user_api_key_client_id: i64,
    key_start: String,
    application_name: String,
    scopes: String,
    auth_redirect: Option<String>,
    push_url: Option<String>,
    fingerprint: String,
    created_at: i64,
    last_used_at: i64,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
    replaces: Option<i64>,
    replaced_until: Option<i64>,
}

fn broken<E: ToString>(column: &'static str) -> impl FnOnce(E) -> StoreError {
    corrupt("user_api_keys", column)
}

/// Empty for a key that was encrypted to nobody.
fn fingerprint(text: &str) -> Result<Option<Fingerprint>, StoreError> {
    let some = Some(text).filter(|text| !text.is_empty());
    some.map(Fingerprint::parse).transpose().map_err(broken("fingerprint"))
}

impl TryFrom<(KeyRow, String)> for UserApiKey {
    type Error = StoreError;

    fn try_from((row, client_id): (KeyRow, String)) -> Result<Self, StoreError> {
        let redirect = row.auth_redirect.as_deref().map(RedirectUri::parse).transpose();
        Ok(Self {
            id: KeyId::parse(row.id).map_err(broken("id"))?,
            user_id: UserId::parse(row.user_id).map_err(broken("user_id"))?,
            client_row: ClientRowId::parse(row.user_api_key_client_id).map_err(broken("user_api_key_client_id"))?,
            client_id: ClientId::parse(&client_id).map_err(broken("user_api_key_client_id"))?,
            start: row.key_start,
            application_name: ApplicationName::parse(&row.application_name).map_err(broken("application_name"))?,
            scopes: Scopes::parse(&row.scopes).map_err(broken("scopes"))?,
            auth_redirect: redirect.map_err(broken("auth_redirect"))?,
            push_url: row.push_url.as_deref().map(PushUrl::parse).transpose().map_err(broken("push_url"))?,
            fingerprint: fingerprint(&row.fingerprint)?,
            created_at: Timestamp::from_micros(row.created_at),
            last_used_at: Timestamp::from_micros(row.last_used_at),
            expires_at: row.expires_at.map(Timestamp::from_micros),
            revoked_at: row.revoked_at.map(Timestamp::from_micros),
            succession: Succession::parse(row.replaces, row.replaced_until).map_err(broken("replaces"))?,
        })
    }
}

// What every look-up selects; a macro-free way to name diesel's type of it does not exist.
macro_rules! with_client_id {
    ($filter:expr) => {
        keys::table.inner_join(clients::table).filter($filter).select((KeyRow::as_select(), clients::client_id))
    };
}

/// The key whose hash this is, in whatever state, with its owner; one query, by the index over the hashes.
///
/// # Errors
/// Of the database.
pub fn find_key_with_owner(c: &mut AnyConnection, hash: &KeyHash) -> Result<Option<(UserApiKey, User)>, StoreError> {
    let rows: Vec<(KeyRow, String, UserRow, Option<String>)> = keys::table
        .inner_join(clients::table)
        .inner_join(users::table.left_join(user_groups::table))
        .filter(keys::key_hash.eq(hash.to_hex()))
        .select((KeyRow::as_select(), clients::client_id, UserRow::as_select(), user_groups::name.nullable()))
        .load(c)?;
    // A row for each group of the owner.
    let groups: Vec<String> = rows.iter().filter_map(|(.., group)| group.clone()).collect();
    let Some((key, client_id, owner, _)) = rows.into_iter().next() else { return Ok(None) };
    Ok(Some((UserApiKey::try_from((key, client_id))?, owner.into_user(&groups)?)))
}

/// The key with this id, in whatever state.
///
/// # Errors
/// Of the database.
pub fn find_key(c: &mut AnyConnection, id: KeyId) -> Result<Option<UserApiKey>, StoreError> {
    let query = with_client_id!(keys::id.eq(id.get()));
    query.get_result::<(KeyRow, String)>(c).optional()?.map(UserApiKey::try_from).transpose()
}

/// The keys of a user, in whatever state; least recently used first, as `C-299` has it.
///
/// # Errors
/// Of the database.
pub fn list_keys(c: &mut AnyConnection, user: UserId) -> Result<Vec<UserApiKey>, StoreError> {
    let query = with_client_id!(keys::user_id.eq(user.get())).order((keys::last_used_at, keys::id));
    query.load::<(KeyRow, String)>(c)?.into_iter().map(UserApiKey::try_from).collect()
}

/// A page of the keys, in whatever state, in the order in which they were made: of this user, or of all.
///
/// # Errors
/// Of the database.
pub fn list_keys_page(
    c: &mut AnyConnection,
    user: Option<UserId>,
    paging: Paging,
) -> Result<Page<UserApiKey>, StoreError> {
    let mut query = with_client_id!(keys::id.gt(paging.after_id())).into_boxed();
    if let Some(user) = user {
        query = query.filter(keys::user_id.eq(user.get()));
    }
    let rows: Vec<(KeyRow, String)> = query.order(keys::id).limit(paging.rows()).load(c)?;
    let found = rows.into_iter().map(UserApiKey::try_from).collect::<Result<_, _>>()?;
    Ok(Page::of(found, paging, |key: &UserApiKey| key.id.get()))
}

/// The keys of a user for a client, in whatever state; oldest first.
///
/// # Errors
/// Of the database.
pub fn list_keys_of_client(
    c: &mut AnyConnection,
    user: UserId,
    client: ClientRowId,
) -> Result<Vec<UserApiKey>, StoreError> {
    let theirs = keys::user_id.eq(user.get()).and(keys::user_api_key_client_id.eq(client.get()));
    let query = with_client_id!(theirs).order(keys::id);
    query.load::<(KeyRow, String)>(c)?.into_iter().map(UserApiKey::try_from).collect()
}

/// The keys of a user whose applications want to be pushed to, those that are ended, expired or being replaced left out; by
/// `client_id`.
///
/// # Errors
/// Of the database.
pub fn list_pushed_keys(c: &mut AnyConnection, user: UserId, now: Timestamp) -> Result<Vec<UserApiKey>, StoreError> {
    let live = keys::expires_at.is_null().or(keys::expires_at.gt(now.as_micros()));
    let current = keys::revoked_at.is_null().and(keys::replaced_until.is_null()).and(live);
    let theirs = keys::user_id.eq(user.get()).and(keys::push_url.is_not_null()).and(current);
    let query = with_client_id!(theirs).order((clients::client_id, keys::id));
    query.load::<(KeyRow, String)>(c)?.into_iter().map(UserApiKey::try_from).collect()
}

/// How many keys the user has that are neither ended nor expired, those of one client left out. A key that is being
/// replaced and the one that replaces it are one.
///
/// # Errors
/// Of the database.
pub fn count_live_keys(
    c: &mut AnyConnection,
    user: UserId,
    except: ClientRowId,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let live = keys::expires_at.is_null().or(keys::expires_at.gt(now.as_micros()));
    let others = keys::table.filter(keys::user_id.eq(user.get())).filter(keys::user_api_key_client_id.ne(except.get()));
    let current = others.filter(keys::revoked_at.is_null()).filter(keys::replaced_until.is_null());
    let count: i64 = current.filter(live).count().get_result(c)?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Stores a new key of a client, and where it stands in a replacement; gives its id.
///
/// # Errors
/// Of the database.
pub fn insert_key(
    c: &mut AnyConnection,
    client: ClientRowId,
    key: &NewKey,
    succession: Succession,
) -> Result<KeyId, StoreError> {
    let (replaces, replaced_until) = succession.columns();
    let id: i64 = diesel::insert_into(keys::table)
        .values((
            keys::user_id.eq(key.user_id.get()),
            keys::user_api_key_client_id.eq(client.get()),
            keys::key_hash.eq(key.hash.to_hex()),
            keys::key_start.eq(&key.start),
            keys::application_name.eq(key.application_name.as_str()),
            keys::scopes.eq(key.scopes.to_string()),
            keys::auth_redirect.eq(key.auth_redirect.as_ref().map(RedirectUri::as_str)),
            keys::push_url.eq(key.push_url.as_ref().map(PushUrl::as_str)),
            keys::fingerprint.eq(key.fingerprint.as_ref().map(Fingerprint::to_hex).unwrap_or_default()),
            keys::created_at.eq(key.created_at.as_micros()),
            keys::last_used_at.eq(key.created_at.as_micros()),
            keys::expires_at.eq(key.expires_at.map(Timestamp::as_micros)),
            keys::replaces.eq(replaces),
            keys::replaced_until.eq(replaced_until),
        ))
        .returning(keys::id)
        .get_result(c)?;
    KeyId::parse(id).map_err(broken("id"))
}

/// Deletes a key; says whether there was one.
///
/// # Errors
/// Of the database.
pub fn delete_key(c: &mut AnyConnection, id: KeyId) -> Result<bool, StoreError> {
    Ok(diesel::delete(keys::table.find(id.get())).execute(c)? == 1)
}

/// Ends a key at an instant, or takes the end back; says whether there is such a key.
///
/// # Errors
/// Of the database.
pub fn update_revoked(c: &mut AnyConnection, id: KeyId, at: Option<Timestamp>) -> Result<bool, StoreError> {
    let set = keys::revoked_at.eq(at.map(Timestamp::as_micros));
    Ok(diesel::update(keys::table.find(id.get())).set(set).execute(c)? == 1)
}

/// Says when a key ends by itself; says whether there is such a key.
///
/// # Errors
/// Of the database.
pub fn update_expiry(c: &mut AnyConnection, id: KeyId, at: Option<Timestamp>) -> Result<bool, StoreError> {
    let set = keys::expires_at.eq(at.map(Timestamp::as_micros));
    Ok(diesel::update(keys::table.find(id.get())).set(set).execute(c)? == 1)
}

/// Notes when a key was last used; an earlier instant than the stored one changes nothing.
///
/// # Errors
/// Of the database.
pub fn update_last_used(c: &mut AnyConnection, id: KeyId, at: Timestamp) -> Result<(), StoreError> {
    let (id, at) = (Some(id.get()), Some(at.as_micros()));
    let parts = ["UPDATE user_api_keys SET last_used_at = ", " WHERE id = ", " AND last_used_at < "];
    Prepared { parts, values: [at, id, at] }.execute(c)?;
    Ok(())
}

/// Hangs a key on another client.
///
/// # Errors
/// Of the database.
pub fn update_key_client(c: &mut AnyConnection, id: KeyId, client: ClientRowId) -> Result<bool, StoreError> {
    let set = keys::user_api_key_client_id.eq(client.get());
    Ok(diesel::update(keys::table.find(id.get())).set(set).execute(c)? == 1)
}

/// The keys that are neither ended nor expired, and that were last used before an instant.
///
/// # Errors
/// Of the database.
pub fn list_keys_unused_since(
    c: &mut AnyConnection,
    then: Timestamp,
    now: Timestamp,
) -> Result<Vec<UserApiKey>, StoreError> {
    let live = keys::expires_at.is_null().or(keys::expires_at.gt(now.as_micros()));
    let stale = keys::last_used_at.lt(then.as_micros()).and(keys::revoked_at.is_null()).and(live);
    let query = with_client_id!(stale).order(keys::id);
    query.load::<(KeyRow, String)>(c)?.into_iter().map(UserApiKey::try_from).collect()
}

/// The keys that are neither ended nor expired, and that were made before an instant.
///
/// # Errors
/// Of the database.
pub fn list_keys_made_before(
    c: &mut AnyConnection,
    then: Timestamp,
    now: Timestamp,
) -> Result<Vec<UserApiKey>, StoreError> {
    let live = keys::expires_at.is_null().or(keys::expires_at.gt(now.as_micros()));
    let old = keys::created_at.lt(then.as_micros()).and(keys::revoked_at.is_null()).and(live);
    let query = with_client_id!(old).order(keys::id);
    query.load::<(KeyRow, String)>(c)?.into_iter().map(UserApiKey::try_from).collect()
}

/// The keys that a newer one has replaced by this instant.
///
/// # Errors
/// Of the database.
pub fn list_replaced_keys(c: &mut AnyConnection, now: Timestamp) -> Result<Vec<UserApiKey>, StoreError> {
    let query = with_client_id!(keys::replaced_until.le(now.as_micros())).order(keys::id);
    query.load::<(KeyRow, String)>(c)?.into_iter().map(UserApiKey::try_from).collect()
}

/// Writes down where a key stands in a replacement; says whether there is such a key.
///
/// # Errors
/// Of the database.
pub fn update_succession(c: &mut AnyConnection, id: KeyId, succession: Succession) -> Result<bool, StoreError> {
    let (replaces, until) = succession.columns();
    let parts = ["UPDATE user_api_keys SET replaces = ", ", replaced_until = ", " WHERE id = "];
    Ok(Prepared { parts, values: [replaces, until, Some(id.get())] }.execute(c)? == 1)
}

/// Ends the wait of the key that replaces this one, if there is one; says whether there was.
///
/// # Errors
/// Of the database.
pub fn update_successor_settled(c: &mut AnyConnection, old: KeyId) -> Result<bool, StoreError> {
    let successor = keys::table.filter(keys::replaces.eq(old.get()));
    Ok(diesel::update(successor).set(keys::replaces.eq(None::<i64>)).execute(c)? > 0)
}
