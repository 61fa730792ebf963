//! What each kind of notification is called.

use super::Words;

impl Words {
    /// The kind with this number, as the protocol's applications know them: `Mention` for 1. Any other is a notification.
    #[must_use]
    pub fn notification_kind(&self, number: i32) -> String {
        let id = match number {
            1 | 15 | 29 | 32 => "notification-mention",
            2 | 9 => "notification-reply",
            3 | 33 => "notification-quote",
            4 => "notification-edit",
            5 | 19 | 25 => "notification-like",
            6 | 16 | 30 => "notification-message",
            7 | 13 | 28 | 31 => "notification-invitation",
            12 => "notification-badge",
            18 | 24 | 27 => "notification-reminder",
            _ => "notification-other",
        };
        self.say(id).to_string()
    }
}
