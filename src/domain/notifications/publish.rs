//! Tells users something.

use std::collections::HashSet;
use std::fmt::{self, Display};

use super::announce;
use crate::domain::Context;
use crate::model::{
    AuditEvent, AuditLine, ExternalId, NewNotification, Notification, Origin, PushRules, Timestamp, User, UserFilter,
    UserId, Username,
};
use crate::store::{self, AnyConnection, StoreError};

/// The most users of one call: others who write wait for no more than these.
pub const MOST_USERS: usize = 500;

/// Who is to be told, by whichever of their names the site has at hand.
#[derive(Clone, Debug)]
pub enum Recipient {
    /// The user with this id.
    Id(UserId),
    /// The user who signs in with this name.
    Username(Username),
    /// The user whom the site calls so.
    ExternalId(ExternalId),
}

impl Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "user_id {id}"),
            Self::Username(name) => write!(f, "username {name}"),
            Self::ExternalId(id) => write!(f, "external_id {id}"),
        }
    }
}

/// Why nobody was told anything.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// There is nobody to tell.
    #[error("nobody is named: list users in user_ids, usernames or external_ids")]
    Nobody,
    /// More than one call takes.
    #[error("users: {0} are too many for one call; send at most {MOST_USERS}")]
    TooMany(usize),
    /// There are no such users.
    #[error("users: there is none with {0}; leave those out, or make them first")]
    NoSuchUsers(String),
    /// Two of the names are one user's.
    #[error("users: {0} is named twice")]
    Twice(Username),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of it, for one user.
#[derive(Clone, Debug)]
pub struct Published {
    /// The notification.
    pub notification: Notification,
    /// Whether it was made just now; if not, the user had one that the site calls the same.
    pub is_new: bool,
}

/// Tells each of these users the same, in the order in which they are named; all of them or nobody. A notification that
/// a user has already, by its `dedupe_id`, is given back as it is. Suspended users are told too: it waits for them.
/// The log has one line of it.
///
/// # Errors
/// See [`PublishError`].
pub async fn publish(
    cx: &Context,
    to: Vec<Recipient>,
    notification: NewNotification,
    origin: Origin,
) -> Result<Vec<Published>, PublishError> {
    match to.len() {
        0 => return Err(PublishError::Nobody),
        1..=MOST_USERS => {}
        many => return Err(PublishError::TooMany(many)),
    }
    let (now, most, push) = (cx.now(), cx.notification_rules.most_per_user, cx.push.rules.clone());
    let published = cx.store.write_aside(move |tx| {
        let users = find_all(tx, &to)?;
        let told = users.iter().map(|user| tell(tx, &push, user, &notification, most, now));
        let told = told.collect::<Result<Vec<_>, _>>()?;
        log(tx, &told, &origin, now)?;
        Ok::<_, PublishError>(told)
    });
    let published = published.await?;
    cx.push.stored.notify_one();
    Ok(published)
}

/// One line however many are told, or it would be a list of what everybody is told; none where nothing is new.
fn log(tx: &mut AnyConnection, told: &[Published], origin: &Origin, at: Timestamp) -> Result<(), StoreError> {
    if !told.iter().any(|one| one.is_new) {
        return Ok(());
    }
    let user_id = if let [one] = told { Some(one.notification.user_id) } else { None };
    let line = AuditLine::new(AuditEvent::NotificationPublished, origin.clone(), at);
    store::insert_audit_line(tx, &AuditLine { user_id, ..line })
}

fn find_all(tx: &mut AnyConnection, to: &[Recipient]) -> Result<Vec<User>, PublishError> {
    let (mut users, mut unknown, mut known) = (Vec::with_capacity(to.len()), Vec::new(), HashSet::new());
    for recipient in to {
        match find(tx, recipient)? {
            Some(user) if !known.insert(user.id) => return Err(PublishError::Twice(user.username)),
            Some(user) => users.push(user),
            None => unknown.push(recipient.to_string()),
        }
    }
    if unknown.is_empty() { Ok(users) } else { Err(PublishError::NoSuchUsers(unknown.join(", "))) }
}

fn find(tx: &mut AnyConnection, recipient: &Recipient) -> Result<Option<User>, StoreError> {
    match recipient {
        Recipient::Id(id) => store::find_user(tx, *id),
        Recipient::Username(name) => store::find_user_by(tx, &UserFilter::from(name.clone())),
        Recipient::ExternalId(id) => store::find_user_by(tx, &UserFilter::from(id.clone())),
    }
}

fn tell(
    tx: &mut AnyConnection,
    push: &PushRules,
    user: &User,
    new: &NewNotification,
    most: u32,
    now: Timestamp,
) -> Result<Published, StoreError> {
    if let Some(id) = &new.dedupe_id
        && let Some(notification) = store::find_notification_by_dedupe_id(tx, user.id, id)?
    {
        return Ok(Published { notification, is_new: false });
    }
    let notification = store::insert_notification(tx, user.id, new, now)?;
    store::delete_notifications_beyond(tx, user.id, most)?;
    announce::published(tx, push, user, &notification, now)?;
    announce::recount(tx, user.id, now)?;
    Ok(Published { notification, is_new: true })
}
