//! What the site has to tell a user, and how much of it is new to them.

use std::fmt::{self, Display};

use serde_json::{Map, Value};

use super::{NotificationId, NotificationUrl, Timestamp, UserId};

/// The longest `data`, bytes of JSON: a notification points to something, it does not hold it.
const LONGEST_DATA: usize = 4000;

/// The largest number of a type.
const LARGEST_TYPE: i32 = 32_767;

/// What is wrong with a part of a notification.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotificationError {
    /// Not the number of a type.
    #[error(
        "a notification_type is a whole number from 1 to {LARGEST_TYPE}: 1 for a mention, 2 for a reply, 6 for a personal \
         message, 14 for something else"
    )]
    Type,
    /// No JSON object.
    #[error("data is a JSON object")]
    NoObject,
    /// More than is kept.
    #[error("data is {0} bytes of JSON long; at most {LONGEST_DATA} are kept")]
    TooLong(usize),
    /// Not what the site may call a notification.
    #[error("a dedupe_id is 1 to 200 characters without control characters")]
    DedupeId,
}

/// The kind of a notification, as a number whose meaning the protocol's applications know: 1 is a mention, 2 a reply, 6 a
/// personal message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NotificationType(i32);

impl NotificationType {
    /// A message to the user alone, which is counted apart.
    pub const PERSONAL_MESSAGE: Self = Self(6);

    /// # Errors
    /// When it is not from 1 to 32,767.
    pub fn parse(number: i64) -> Result<Self, NotificationError> {
        let known = i32::try_from(number).ok().filter(|number| (1..=LARGEST_TYPE).contains(number));
        known.map(Self).ok_or(NotificationError::Type)
    }

    /// # Errors
    /// When it is no whole number, such as the name of a type, or not from 1 to 32,767.
    pub fn parse_json(value: &Value) -> Result<Self, NotificationError> {
        value.as_i64().ok_or(NotificationError::Type).and_then(Self::parse)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> i32 {
        self.0
    }
}

/// What applications show of a notification: members of the site's choice, some of which they know by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NotificationData(Map<String, Value>);

impl NotificationData {
    /// # Errors
    /// When it is over 4,000 bytes as JSON.
    pub fn new(members: Map<String, Value>) -> Result<Self, NotificationError> {
        let data = Self(members);
        let bytes = data.to_string().len();
        if bytes <= LONGEST_DATA { Ok(data) } else { Err(NotificationError::TooLong(bytes)) }
    }

    /// As it was kept. Its length was looked at when it came: read once more, a fraction may take more digits.
    ///
    /// # Errors
    /// When it is no JSON object.
    pub fn parse(json: &str) -> Result<Self, NotificationError> {
        serde_json::from_str(json).map(Self).map_err(|_no_object| NotificationError::NoObject)
    }

    /// The members.
    #[must_use]
    pub const fn members(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The member of this name, if it is a text and not an empty one.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str().filter(|text| !text.trim().is_empty())
    }

    /// The member of this name, if it is a whole number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<i64> {
        self.0.get(name)?.as_i64()
    }
}

/// As JSON.
impl Display for NotificationData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Of texts and numbers: it always is JSON.
        f.write_str(&serde_json::to_string(&self.0).map_err(|_never| fmt::Error)?)
    }
}

/// What the site itself calls a notification. A user has each once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DedupeId(String);

impl DedupeId {
    /// # Errors
    /// When it is not 1 to 200 characters without control characters.
    pub fn parse(text: &str) -> Result<Self, NotificationError> {
        let good = (1..=200).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        if good { Ok(Self(text.to_owned())) } else { Err(NotificationError::DedupeId) }
    }

    /// The id as the site writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A notification to be made.
#[derive(Clone, Debug)]
pub struct NewNotification {
    /// Its kind.
    pub notification_type: NotificationType,
    /// Whether it is set apart until it is read.
    pub high_priority: bool,
    /// What applications show of it.
    pub data: NotificationData,
    /// Where it leads.
    pub url: Option<NotificationUrl>,
    /// What the site calls it.
    pub dedupe_id: Option<DedupeId>,
}

/// A notification.
#[derive(Clone, Debug, PartialEq)]
pub struct Notification {
    /// The id. A later notification has a larger one.
    pub id: NotificationId,
    /// Whose it is.
    pub user_id: UserId,
    /// Its kind.
    pub notification_type: NotificationType,
    /// Whether the user has read it.
    pub read: bool,
    /// Whether it is set apart until it is read.
    pub high_priority: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// What applications show of it.
    pub data: NotificationData,
    /// Where it leads.
    pub url: Option<NotificationUrl>,
    /// What the site calls it.
    pub dedupe_id: Option<DedupeId>,
}

/// How much of what a user was told is new to them, in the protocol's words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Neither read nor seen, and of no high priority.
    pub unread: u64,
    /// Not read, and of high priority; seen or not.
    pub unread_high_priority: u64,
    /// Neither read nor seen, of whatever priority.
    pub all_unread: u64,
    /// Of those, the personal messages.
    pub personal_messages: u64,
    /// The newest notification that the user has been shown; 0 before any.
    pub seen_notification_id: i64,
}

impl Totals {
    /// Counts a notification that is not read.
    pub fn add_unread(&mut self, id: i64, notification_type: i32, high_priority: bool) {
        let is_new = id > self.seen_notification_id;
        self.unread += u64::from(is_new && !high_priority);
        self.unread_high_priority += u64::from(high_priority);
        self.all_unread += u64::from(is_new);
        self.personal_messages += u64::from(is_new && notification_type == NotificationType::PERSONAL_MESSAGE.get());
    }
}

/// How many notifications are kept, and how long.
#[derive(Clone, Copy, Debug)]
pub struct NotificationRules {
    /// How many of one user: the newest.
    pub most_per_user: u32,
    /// Days after which one that was read goes; 0 for never.
    pub keep_read_days: u32,
    /// Days after which any goes; 0 for never.
    pub keep_days: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_a_number_that_fits_both_databases() {
        for number in [1, 6, 900, 32_767] {
            assert_eq!(NotificationType::parse(number).map(|kind| i64::from(kind.get())), Ok(number));
        }
        for number in [0, -1, 32_768, i64::MAX] {
            assert_eq!(NotificationType::parse(number), Err(NotificationError::Type), "{number}");
        }
    }

    #[test]
    fn data_is_an_object_of_bounded_length_and_comes_back_as_it_went() {
        let text = r#"{"topic_title":"Bread","topic_id":7,"nested":{"z":[1,2.5,null]}}"#;
        let data = NotificationData::parse(text).unwrap();
        assert_eq!((data.to_string().as_str(), data.text("topic_title")), (text, Some("Bread")));
        assert_eq!((data.number("topic_id"), data.number("topic_title"), data.text("none")), (Some(7), None, None));
        for bad in ["", "[]", "1", "null", "{", r#"{"a":1}{}"#] {
            assert_eq!(NotificationData::parse(bad), Err(NotificationError::NoObject), "{bad}");
        }
        let of_length = |bytes: usize| {
            let text = Value::String("x".repeat(bytes - 8));
            NotificationData::new([("a".to_owned(), text)].into_iter().collect())
        };
        assert!(of_length(4000).is_ok());
        assert_eq!(of_length(4001), Err(NotificationError::TooLong(4001)));
    }

    #[test]
    fn what_is_new_is_neither_read_nor_seen() {
        let mut totals = Totals { seen_notification_id: 2, ..Totals::default() };
        for (id, kind, high) in [(1, 1, false), (2, 6, true), (3, 1, false), (4, 6, true), (5, 6, false)] {
            totals.add_unread(id, kind, high);
        }
        let expected =
            Totals { unread: 2, unread_high_priority: 2, all_unread: 3, personal_messages: 2, seen_notification_id: 2 };
        assert_eq!(totals, expected);
    }

    #[test]
    fn a_dedupe_id_is_one_line() {
        for bad in ["", "a\nb", "a\0b", &"x".repeat(201)] {
            assert_eq!(DedupeId::parse(bad), Err(NotificationError::DedupeId), "{bad:?}");
        }
        assert_eq!(DedupeId::parse("order:7/paid").unwrap().as_str(), "order:7/paid");
    }
}
