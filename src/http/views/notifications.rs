//! What the site has told the user.

use askama::Template;

use super::frame::Frame;
use crate::model::Timestamp;

/// The list at `{base}/notifications`. Its forms post `authenticity_token` to `…/read`, with an `id` or without for all.
#[derive(Template)]
#[template(path = "pages/notifications.html")]
pub struct NotificationsPage {
    /// The frame, with an account.
    pub frame: Frame,
    /// The present instant.
    pub now: Timestamp,
    /// Those of high priority that are not read.
    pub urgent: Vec<NotificationRow>,
    /// The others that are not read.
    pub unread: Vec<NotificationRow>,
    /// Those that are.
    pub read: Vec<NotificationRow>,
    /// Where the page before this one begins.
    pub newer: Option<u32>,
    /// Where the next page begins.
    pub older: Option<u32>,
}

/// One notification.
#[derive(Clone, Debug)]
pub struct NotificationRow {
    /// Its id, as the form carries it.
    pub id: String,
    /// The number of its type.
    pub kind: i32,
    /// What it is about.
    pub title: Option<String>,
    /// Who did it.
    pub who: Option<String>,
    /// Some words of it.
    pub excerpt: Option<String>,
    /// Where it leads.
    pub link: Option<Link>,
    /// When it was made.
    pub at: Timestamp,
    /// Whether it is read.
    pub read: bool,
}

/// Where a notification leads.
#[derive(Clone, Debug)]
pub struct Link {
    /// An `http` or `https` URL, or a path of this host.
    pub href: String,
    /// The host, where it is another one than this.
    pub host: Option<String>,
}

impl NotificationsPage {
    fn is_empty(&self) -> bool {
        self.urgent.is_empty() && self.unread.is_empty() && self.read.is_empty()
    }

    fn any_unread(&self) -> bool {
        !self.urgent.is_empty() || !self.unread.is_empty()
    }

    /// The groups, each with its heading, but for those with nothing in them.
    fn groups(&self) -> Vec<(String, &[NotificationRow])> {
        let groups = [
            (self.frame.say("notifications-urgent"), &self.urgent),
            (self.frame.say("notifications-unread"), &self.unread),
            (self.frame.say("notifications-read"), &self.read),
        ];
        let filled = groups.into_iter().filter(|(_, rows)| !rows.is_empty());
        filled.map(|(heading, rows)| (heading.to_string(), rows.as_slice())).collect()
    }
}

impl NotificationRow {
    /// What it is about; else of what kind it is.
    fn heading(&self, frame: &Frame) -> String {
        self.title.clone().unwrap_or_else(|| frame.words.notification_kind(self.kind))
    }
}
