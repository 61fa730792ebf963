//! Writes users, with all that belongs to a change of one. Every function works in the caller's transaction.

use super::UsersError;
use crate::domain::admin::audit::log;
use crate::domain::session;
use crate::model::{
    AuditEvent, NewUser, Origin, Staff, Timestamp, TrustLevel, User, UserChange, UserFilter, UserId, Username,
};
use crate::store::{self, AnyConnection};

/// Makes a user of this name, with nothing else.
pub(super) fn insert(
    tx: &mut AnyConnection,
    username: &Username,
    origin: &Origin,
    now: Timestamp,
) -> Result<User, UsersError> {
    check_name(tx, username, None)?;
    let new = NewUser {
        username: username.clone(),
        name: String::new(),
        email: None,
        staff: Staff::default(),
        trust_level: TrustLevel::default(),
        named_groups: std::collections::BTreeSet::new(),
    };
    let id = store::insert_user(tx, &new, now, None)?;
    log(tx, AuditEvent::UserCreated, id, origin, now)?;
    get(tx, id)
}

/// The user with this id.
pub(super) fn get(tx: &mut AnyConnection, id: UserId) -> Result<User, UsersError> {
    store::find_user(tx, id)?.ok_or(UsersError::NotFound(id))
}

/// Changes a user; writes nothing where that changes nothing.
pub(super) fn apply(
    tx: &mut AnyConnection,
    before: &User,
    change: UserChange,
    origin: &Origin,
    now: Timestamp,
) -> Result<User, UsersError> {
    let after = change.applied_to(before.clone(), now);
    if after == *before {
        return Ok(after);
    }
    check_free(tx, &after)?;
    store::update_user(tx, &after)?;
    if after.is_suspended() && !before.is_suspended() {
        session::end_all(tx, after.id, now)?;
    }
    log(tx, event(before, &after), after.id, origin, now)?;
    Ok(after)
}

fn event(before: &User, after: &User) -> AuditEvent {
    match (before.is_suspended(), after.is_suspended()) {
        (false, true) => AuditEvent::UserSuspended,
        (true, false) => AuditEvent::UserUnsuspended,
        _ => AuditEvent::UserChanged,
    }
}

/// Whether nobody else has what only one user may have.
fn check_free(tx: &mut AnyConnection, user: &User) -> Result<(), UsersError> {
    check_name(tx, &user.username, Some(user.id))?;
    if let Some(email) = &user.email {
        check(tx, &email.clone().into(), Some(user.id), ("email", email.as_str()))?;
    }
    if let Some(id) = &user.external_id {
        check(tx, &id.clone().into(), Some(user.id), ("external_id", id.as_str()))?;
    }
    Ok(())
}

fn check_name(tx: &mut AnyConnection, username: &Username, owner: Option<UserId>) -> Result<(), UsersError> {
    check(tx, &username.clone().into(), owner, ("username", username.as_str()))
}

fn check(
    tx: &mut AnyConnection,
    filter: &UserFilter,
    owner: Option<UserId>,
    (what, value): (&'static str, &str),
) -> Result<(), UsersError> {
    match store::find_user_by(tx, filter)? {
        Some(other) if Some(other.id) != owner => Err(UsersError::Taken { what, value: value.to_owned() }),
        _ => Ok(()),
    }
}

/// Does this, and takes care that a site with an administrator still has one afterwards: without one the next start would
/// print a link that makes one of whoever follows it.
pub(super) fn keeping_an_administrator<T>(
    tx: &mut AnyConnection,
    work: impl FnOnce(&mut AnyConnection) -> Result<T, UsersError>,
) -> Result<T, UsersError> {
    let had = store::any_administrator(tx)?;
    let done = work(tx)?;
    if had && !store::any_administrator(tx)? { Err(UsersError::LastAdministrator) } else { Ok(done) }
}
