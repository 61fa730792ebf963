//! The table `device_grants`: requests for a key by device code. Of the device code only the hash is here.

use diesel::prelude::*;

use super::error::corrupt;
use super::schema::device_grants as grants;
use super::{AnyConnection, StoreError};
use crate::model::{
    Authorized, DeviceGrant, GrantId, GrantState, KeyId, NewGrant, Pending, RequestToken, Timestamp, UserAgent,
    UserCode, UserId,
};

const PENDING: &str = "pending";
const AUTHORIZED: &str = "authorized";
const DENIED: &str = "denied";

#[derive(Queryable, Selectable)]
#[diesel(table_name = grants)]
struct GrantRow {
    id: i64,
    user_code: Option<String>,
    request_token: Option<String>,
    request: String,
    address: String,
    user_agent: String,
    created_at: i64,
    expires_at: i64,
    state: String,
    user_id: Option<i64>,
    payload: Option<String>,
    user_api_key_id: Option<i64>,
}

fn broken<E: ToString>(column: &'static str) -> impl FnOnce(E) -> StoreError {
    corrupt("device_grants", column)
}

impl GrantRow {
    fn state(&self) -> Result<GrantState, StoreError> {
        let user = self.user_id.map(UserId::parse).transpose().map_err(broken("user_id"))?;
        match (self.state.as_str(), user, self.user_api_key_id, &self.payload) {
            (PENDING, user, None, None) => Ok(GrantState::Pending(Pending { user })),
            (AUTHORIZED, Some(user), Some(key), Some(payload)) => Ok(GrantState::Authorized(Authorized {
                user,
                key: KeyId::parse(key).map_err(broken("user_api_key_id"))?,
                payload: payload.clone(),
                expires_at: Timestamp::from_micros(self.expires_at),
            })),
            (DENIED, ..) => Ok(GrantState::Denied),
            _ => Err(broken("state")(&self.state)),
        }
    }
}

impl TryFrom<GrantRow> for DeviceGrant {
    type Error = StoreError;

    fn try_from(row: GrantRow) -> Result<Self, StoreError> {
        let state = row.state()?;
        let code = row.user_code.map(|code| UserCode::typed(&code).ok_or_else(|| broken("user_code")("no code")));
        let token =
            row.request_token.map(|text| RequestToken::parse(&text).ok_or_else(|| broken("request_token")("no token")));
        Ok(Self {
            id: GrantId::parse(row.id).map_err(broken("id"))?,
            user_code: code.transpose()?,
            request_token: token.transpose()?,
            request: row.request,
            address: row.address.parse().map_err(broken("address"))?,
            user_agent: UserAgent::of(&row.user_agent),
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: Timestamp::from_micros(row.expires_at),
            state,
        })
    }
}

/// Stores a new request.
///
/// # Errors
/// [`StoreError::Conflict`] when one of its codes is taken, and those of the database.
pub fn insert_device_grant(c: &mut AnyConnection, new: &NewGrant) -> Result<(), StoreError> {
    diesel::insert_into(grants::table)
        .values((
            grants::device_code_hash.eq(&new.code_hash),
            grants::user_code.eq(new.user_code.as_str()),
            grants::request_token.eq(new.request_token.as_str()),
            grants::request.eq(&new.request),
            grants::address.eq(new.address.to_string()),
            grants::user_agent.eq(new.user_agent.as_str()),
            grants::created_at.eq(new.created_at.as_micros()),
            grants::expires_at.eq(new.expires_at.as_micros()),
            grants::state.eq(PENDING),
        ))
        .execute(c)?;
    Ok(())
}

/// The request with this id.
///
/// # Errors
/// Of the database.
pub fn find_device_grant(c: &mut AnyConnection, id: GrantId) -> Result<Option<DeviceGrant>, StoreError> {
    let row = grants::table.find(id.get()).select(GrantRow::as_select());
    row.get_result(c).optional()?.map(DeviceGrant::try_from).transpose()
}

/// The request whose device code has this hash.
///
/// # Errors
/// Of the database.
pub fn find_device_grant_by_code_hash(c: &mut AnyConnection, hash: &str) -> Result<Option<DeviceGrant>, StoreError> {
    let row = grants::table.filter(grants::device_code_hash.eq(hash)).select(GrantRow::as_select());
    row.get_result(c).optional()?.map(DeviceGrant::try_from).transpose()
}

/// The unanswered request with this user code.
///
/// # Errors
/// Of the database.
pub fn find_device_grant_by_user_code(
    c: &mut AnyConnection,
    code: &UserCode,
) -> Result<Option<DeviceGrant>, StoreError> {
    let row = grants::table.filter(grants::user_code.eq(code.as_str())).select(GrantRow::as_select());
    row.get_result(c).optional()?.map(DeviceGrant::try_from).transpose()
}

/// The unanswered request with this token.
///
/// # Errors
/// Of the database.
pub fn find_device_grant_by_token(
    c: &mut AnyConnection,
    token: &RequestToken,
) -> Result<Option<DeviceGrant>, StoreError> {
    let row = grants::table.filter(grants::request_token.eq(token.as_str())).select(GrantRow::as_select());
    row.get_result(c).optional()?.map(DeviceGrant::try_from).transpose()
}

/// Notes who typed the code.
///
/// # Errors
/// Of the database.
pub fn update_device_grant_user(c: &mut AnyConnection, id: GrantId, user: UserId) -> Result<(), StoreError> {
    let row = grants::table.find(id.get()).filter(grants::state.eq(PENDING));
    diesel::update(row).set(grants::user_id.eq(user.get())).execute(c)?;
    Ok(())
}

/// Keeps the payload for the application, and forgets the codes of the user's side (`C-178`).
///
/// # Errors
/// Of the database.
pub fn update_device_grant_authorized(
    c: &mut AnyConnection,
    id: GrantId,
    authorized: &Authorized,
) -> Result<(), StoreError> {
    let row = grants::table.find(id.get()).filter(grants::state.eq(PENDING));
    diesel::update(row)
        .set((
            grants::state.eq(AUTHORIZED),
            grants::user_id.eq(authorized.user.get()),
            grants::user_code.eq(None::<String>),
            grants::request_token.eq(None::<String>),
            grants::payload.eq(&authorized.payload),
            grants::user_api_key_id.eq(authorized.key.get()),
            grants::expires_at.eq(authorized.expires_at.as_micros()),
        ))
        .execute(c)?;
    Ok(())
}

/// Keeps that the user said no, and forgets the codes of the user's side (`C-182`).
///
/// # Errors
/// Of the database.
pub fn update_device_grant_denied(c: &mut AnyConnection, id: GrantId) -> Result<(), StoreError> {
    let row = grants::table.find(id.get()).filter(grants::state.eq(PENDING));
    diesel::update(row)
        .set((grants::state.eq(DENIED), grants::user_code.eq(None::<String>), grants::request_token.eq(None::<String>)))
        .execute(c)?;
    Ok(())
}

/// Forgets a request; says whether it was there, which is so for exactly one of many who ask at once.
///
/// # Errors
/// Of the database.
pub fn delete_device_grant(c: &mut AnyConnection, id: GrantId) -> Result<bool, StoreError> {
    Ok(diesel::delete(grants::table.find(id.get())).execute(c)? == 1)
}

/// The requests whose time was up at an instant.
///
/// # Errors
/// Of the database.
pub fn list_expired_device_grants(c: &mut AnyConnection, now: Timestamp) -> Result<Vec<DeviceGrant>, StoreError> {
    let over = grants::table.filter(grants::expires_at.le(now.as_micros()));
    let rows: Vec<GrantRow> = over.select(GrantRow::as_select()).load(c)?;
    rows.into_iter().map(DeviceGrant::try_from).collect()
}
