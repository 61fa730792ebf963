//! Says who asks through the admin API, and what they may.

use std::net::IpAddr;

use crate::crypto::hash_key;
use crate::domain::Context;
use crate::limits::{Act, ActRefused, Unreachable};
use crate::model::{
    AdminKey, AdminScope, AuditEvent, AuditLine, Origin, PresentedKey, User, UserId, Username, limited_as,
};
use crate::store::{self, StoreError};

/// How stale the stored instant of a key's last use may get, seconds.
const TOUCH_AFTER: u64 = 60;

/// What somebody comes with.
#[derive(Clone, Debug)]
pub struct Presented<'a> {
    /// The key, if there is one.
    pub key: Option<&'a str>,
    /// The user for whom they act, if for one.
    pub user: Option<NamedUser<'a>>,
    /// From where; `None` where a proxy asks that names no client.
    pub address: Option<IpAddr>,
    /// Which call it is: `GET /admin/users/{id}`.
    pub route: String,
    /// In which request.
    pub request_id: Option<String>,
}

/// How a caller says which user they act for.
#[derive(Clone, Copy, Debug)]
pub enum NamedUser<'a> {
    /// By the user's name.
    Name(&'a str),
    /// By the user's id.
    Id(&'a str),
}

/// Who asks.
#[derive(Clone, Debug)]
pub struct Admin {
    /// With this key.
    pub key: AdminKey,
    /// For this user.
    pub user: Option<User>,
    /// What the log is told of them.
    pub origin: Origin,
    /// Whether they name a user there is not.
    names_nobody: bool,
}

/// Why somebody may not. On the wire those with a key that is not good look the same (`security.md K3`).
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// There is no key.
    #[error("a key of the admin API is needed")]
    Missing,
    /// No key that is alive, or not from this address.
    #[error("this is no admin key, or it was ended, or it does not hold for this address")]
    Refused,
    /// The key does not hold this scope.
    #[error("this admin key lacks the scope {0}")]
    Scope(AdminScope),
    /// There is no user of that name to act for.
    #[error("there is no user of the name in Api-Username, or of the id in XF-Api-User")]
    NoSuchUser,
    /// This address guessed too often (`security.md L4`).
    #[error("too many unknown admin keys from this address")]
    Guessing(ActRefused),
    /// The limits of all nodes.
    #[error(transparent)]
    Limits(#[from] Unreachable),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Looks the key up, in the database each time: there are few such calls, and what was ended is ended at once. That a call with a
/// good key was made is in the log before anything else comes of it (`security.md K12`).
///
/// # Errors
/// See [`AdminError`].
pub async fn authenticate(cx: &Context, presented: Presented<'_>) -> Result<Admin, AdminError> {
    let key = recognize(cx, &presented).await?;
    let_in(cx, key, presented).await
}

/// The key, if it is good where it is presented. Nothing is noted yet.
pub(super) async fn recognize(cx: &Context, presented: &Presented<'_>) -> Result<AdminKey, AdminError> {
    let text = presented.key.ok_or(AdminError::Missing)?;
    let key = find(cx, text, presented.address).await?;
    let is_good = key.revoked_at.is_none() && key.networks.hold_at(presented.address);
    if is_good { Ok(key) } else { Err(AdminError::Refused) }
}

/// Who comes with this good key, for whom; and the line in the log.
pub(super) async fn let_in(cx: &Context, key: AdminKey, presented: Presented<'_>) -> Result<Admin, AdminError> {
    let user = match presented.user {
        Some(name) => find_user(cx, name).await?,
        None => None,
    };
    let names_nobody = user.is_none() && presented.user.is_some();
    let origin = Origin {
        actor: user.as_ref().map(|user| user.id),
        admin_key: Some(key.id),
        address: presented.address,
        request_id: presented.request_id,
        route: Some(presented.route),
    };
    note(cx, &key, origin.clone()).await?;
    Ok(Admin { key, user, origin, names_nobody })
}

impl Admin {
    /// Whether the key holds this scope, and there is the user whom it names: that there is none hears only who may ask at all.
    ///
    /// # Errors
    /// When it does not, or there is none.
    pub fn check(&self, scope: AdminScope) -> Result<(), AdminError> {
        if !self.key.scopes.contains(scope) {
            return Err(AdminError::Scope(scope));
        }
        if self.names_nobody { Err(AdminError::NoSuchUser) } else { Ok(()) }
    }

    /// The user whom it names, as far as it may know whether there is one.
    ///
    /// # Errors
    /// When it may, and there is none.
    pub fn named(&self) -> Result<Option<&User>, AdminError> {
        let knowing = [AdminScope::UsersRead, AdminScope::UsersAct];
        let Some(scope) = knowing.into_iter().find(|scope| self.key.scopes.contains(*scope)) else { return Ok(None) };
        self.check(scope).map(|()| self.user.as_ref())
    }
}

/// Guesses are counted in a window of their own: users' keys that do not exist, of which a proxy may bring many, shut no
/// back end out. Nor do those of clients that a proxy does not name: they share another, which is no address's.
async fn find(cx: &Context, text: &str, address: Option<IpAddr>) -> Result<AdminKey, AdminError> {
    let hash = hash_key(PresentedKey::parse(text).map_err(|_shape| AdminError::Refused)?);
    let subject = address.map_or_else(|| "a client that is not named".to_owned(), limited_as);
    cx.peek(Act::UnknownAdminKeysPerAddress, &subject, AdminError::Guessing).await?;
    if let Some(key) = cx.store.read(move |c| store::find_admin_key(c, &hash)).await? {
        return Ok(key);
    }
    cx.charge(Act::UnknownAdminKeysPerAddress, &subject, AdminError::Guessing).await?;
    Err(AdminError::Refused)
}

async fn find_user(cx: &Context, named: NamedUser<'_>) -> Result<Option<User>, StoreError> {
    match named {
        NamedUser::Name(name) => {
            let Ok(login) = Username::parse(name).map(|name| name.folded()) else { return Ok(None) };
            cx.store.read(move |c| store::find_user_by_login(c, &login)).await
        }
        NamedUser::Id(id) => {
            let Ok(id) = id.parse::<UserId>() else { return Ok(None) };
            cx.store.read(move |c| store::find_user(c, id)).await
        }
    }
}

/// That the key was used, and for what.
async fn note(cx: &Context, key: &AdminKey, origin: Origin) -> Result<(), StoreError> {
    let (id, now) = (key.id, cx.now());
    let is_stale = key.last_used_at.is_none_or(|then| now.since(then).as_secs() >= TOUCH_AFTER);
    let line = AuditLine::new(AuditEvent::AdminCalled, origin, now);
    let write = move |tx: &mut store::AnyConnection| {
        if is_stale {
            store::update_admin_key_used(tx, id, now)?;
        }
        store::insert_audit_line(tx, &line)
    };
    cx.store.write_aside(write).await
}
