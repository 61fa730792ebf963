//! What users are told.

use std::fmt::Display;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use crate::domain::notifications::{Published, Recipient};
use crate::http::error::Problem;
use crate::model::{
    DedupeId, ExternalId, NewNotification, Notification, NotificationData, NotificationError, NotificationType,
    NotificationUrl, Paging, UserId, Username,
};

/// What is to be told, and to whom: to at least one user, and at most 500 in all.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewNotification)]
#[serde(deny_unknown_fields)]
pub(in crate::http::admin) struct PublishBody {
    /// The users with these ids.
    #[serde(default)]
    #[schema(value_type = Vec<i64>, max_items = 500)]
    user_ids: Vec<UserId>,
    /// And the users of these names, whatever their case.
    #[serde(default)]
    #[schema(max_items = 500)]
    usernames: Vec<String>,
    /// And the users whom the site calls so.
    #[serde(default)]
    #[schema(max_items = 500)]
    external_ids: Vec<String>,
    /// 1 a mention, 2 a reply, 6 a personal message, 14 something else: the numbers that applications know.
    #[schema(value_type = i64, minimum = 1, maximum = 32767)]
    notification_type: Value,
    /// What applications show; `topic_title` is what it is about, `display_username` who did it, `excerpt` some words of it.
    /// At most 4,000 bytes.
    #[serde(default)]
    #[schema(value_type = Object)]
    data: Map<String, Value>,
    /// Where it leads: an `http` or `https` URL, or a path of the site that begins with one slash.
    #[schema(min_length = 1, max_length = 2000)]
    url: Option<String>,
    /// Whether it is set apart until it is read.
    #[serde(default)]
    high_priority: bool,
    /// What the site calls it: a user has each once.
    #[schema(min_length = 1, max_length = 200)]
    dedupe_id: Option<String>,
}

impl PublishBody {
    pub(in crate::http::admin) fn parse(self) -> Result<(Vec<Recipient>, NewNotification), Problem> {
        let wrong = |parameter| move |error: NotificationError| Problem::wrong(parameter, &error);
        let url = self.url.as_deref().map(NotificationUrl::parse).transpose();
        let notification = NewNotification {
            notification_type: NotificationType::parse_json(&self.notification_type)
                .map_err(wrong("notification_type"))?,
            high_priority: self.high_priority,
            data: NotificationData::new(self.data).map_err(wrong("data"))?,
            url: url.map_err(|error| Problem::wrong("url", &error))?,
            dedupe_id: self.dedupe_id.as_deref().map(DedupeId::parse).transpose().map_err(wrong("dedupe_id"))?,
        };
        let mut to: Vec<Recipient> = self.user_ids.into_iter().map(Recipient::Id).collect();
        to.extend(each("usernames", &self.usernames, Username::parse, Recipient::Username)?);
        to.extend(each("external_ids", &self.external_ids, ExternalId::parse, Recipient::ExternalId)?);
        Ok((to, notification))
    }
}

/// One recipient for each entry of a list.
fn each<T, E: Display>(
    list: &'static str,
    entries: &[String],
    parse: impl Fn(&str) -> Result<T, E>,
    recipient: impl Fn(T) -> Recipient,
) -> Result<Vec<Recipient>, Problem> {
    let one = |(index, entry): (usize, &String)| {
        parse(entry).map(&recipient).map_err(|error| Problem::wrong(list, &error).at(index))
    };
    entries.iter().enumerate().map(one).collect()
}

/// What became of it, in the order of the users: those by id, by name, by what the site calls them.
#[derive(Serialize, ToSchema)]
#[schema(as = PublishedNotifications)]
pub(in crate::http::admin) struct PublishedBody {
    items: Vec<PublishedOne>,
}

/// What became of it for one user.
#[derive(Serialize, ToSchema)]
#[schema(as = PublishedNotification)]
struct PublishedOne {
    #[schema(minimum = 1)]
    user_id: i64,
    /// Of the notification.
    #[schema(minimum = 1)]
    id: i64,
    /// Whether it was made just now; if not, the user had it already.
    is_new: bool,
}

impl From<Vec<Published>> for PublishedBody {
    fn from(published: Vec<Published>) -> Self {
        let one = |Published { notification, is_new }| PublishedOne {
            user_id: notification.user_id.get(),
            id: notification.id.get(),
            is_new,
        };
        Self { items: published.into_iter().map(one).collect() }
    }
}

/// What a user was told.
#[derive(Serialize, ToSchema)]
#[schema(as = Notification)]
pub(in crate::http::admin) struct NotificationBody {
    #[schema(minimum = 1)]
    id: i64,
    #[schema(minimum = 1)]
    user_id: i64,
    #[schema(minimum = 1, maximum = 32767)]
    notification_type: i32,
    /// Whether the user has read it.
    read: bool,
    /// Whether it is set apart until it is read.
    high_priority: bool,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(value_type = Object)]
    data: Map<String, Value>,
    /// Where it leads.
    #[schema(required)]
    url: Option<String>,
    /// What the site calls it.
    #[schema(required)]
    dedupe_id: Option<String>,
}

impl From<Notification> for NotificationBody {
    fn from(notification: Notification) -> Self {
        Self {
            id: notification.id.get(),
            user_id: notification.user_id.get(),
            notification_type: notification.notification_type.get(),
            read: notification.read,
            high_priority: notification.high_priority,
            created_at: notification.created_at.iso_millis(),
            data: notification.data.members().clone(),
            url: notification.url.as_ref().map(NotificationUrl::as_str).map(str::to_owned),
            dedupe_id: notification.dedupe_id.as_ref().map(DedupeId::as_str).map(str::to_owned),
        }
    }
}

/// Which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http::admin) struct NotificationsQuery {
    /// `next_cursor` of the page before; without it the first.
    #[param(pattern = "^[0-9a-f]{16}$")]
    cursor: Option<String>,
    /// How many rows; without it 50.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<String>,
}

impl NotificationsQuery {
    pub(in crate::http::admin) fn parse(&self) -> Result<Paging, Problem> {
        Ok(Paging::parse(self.cursor.as_deref(), self.limit.as_deref())?)
    }
}

/// Which of a user's notifications.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http::admin) struct DedupeQuery {
    /// The one that the site calls so.
    #[param(min_length = 1, max_length = 200)]
    dedupe_id: Option<String>,
}

impl DedupeQuery {
    pub(in crate::http::admin) fn parse(&self) -> Result<Option<DedupeId>, Problem> {
        let parsed = self.dedupe_id.as_deref().map(DedupeId::parse).transpose();
        parsed.map_err(|error| Problem::wrong("dedupe_id", &error))
    }
}
