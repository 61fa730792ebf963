//! `[notifications]`: how many notifications of a user are kept, and how long.

use super::catalog::{Kind, Section, Setting};
use super::reader::Reader;
use crate::model::NotificationRules;

pub(super) const SECTION: Section = Section {
    name: "notifications",
    about: "How many notifications of a user are kept, and how long. What is over is deleted once a day.",
    settings: &[&MOST_PER_USER, &KEEP_READ_DAYS, &KEEP_DAYS],
};

const MOST_PER_USER: Setting = Setting {
    section: "notifications",
    name: "most_per_user",
    kind: Kind::Integer(10, 10_000),
    default: "1000",
    about: "How many notifications of one user are kept. A new one makes the oldest go, read or not, as soon as there are \
            more.",
};

const KEEP_READ_DAYS: Setting = Setting {
    section: "notifications",
    name: "keep_read_days",
    kind: Kind::Integer(0, 36_500),
    default: "60",
    about: "A notification that was read goes so many days after it was made. 0: not for that.",
};

const KEEP_DAYS: Setting = Setting {
    section: "notifications",
    name: "keep_days",
    kind: Kind::Integer(0, 36_500),
    default: "365",
    about: "Any notification goes so many days after it was made, read or not. 0: not for that.",
};

pub(super) fn read(reader: &mut Reader) -> Option<NotificationRules> {
    let most_per_user = reader.integer(&MOST_PER_USER);
    let keep_read_days = reader.integer(&KEEP_READ_DAYS);
    let keep_days = reader.integer(&KEEP_DAYS);
    Some(NotificationRules { most_per_user: most_per_user?, keep_read_days: keep_read_days?, keep_days: keep_days? })
}
