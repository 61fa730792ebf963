//! What goes over the wire, by its members.

mod audit;
mod auth;
mod client;
mod key;
mod notification;
mod page;
mod user;
mod user_change;

use serde::Serialize;
use utoipa::ToSchema;

pub(super) use audit::{AuditBody, AuditQuery};
pub(super) use auth::{AuthBody, AuthenticatedBody};
pub(super) use client::{Blocked, ClientBody, ClientsQuery};
pub(super) use key::{ExpiryBody, KeyBody, KeysQuery, MintBody, MintedBody};
pub(super) use notification::{DedupeQuery, NotificationBody, NotificationsQuery, PublishBody, PublishedBody};
pub(super) use page::PageBody;
pub(super) use user::{UserBody, UsersQuery};
pub(super) use user_change::{PasswordBody, UpsertedBody, UserChangeBody, UserEntriesBody, UserEntryBody};

/// It was done, and there is no more to say.
#[derive(Serialize, ToSchema)]
pub(super) struct Done {
    pub(super) success: &'static str,
}
