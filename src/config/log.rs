//! `[log]`: how the log is written, and how long the database keeps what grows with every call.

use super::catalog::{Kind, Section, Setting};
use super::reader::Reader;
use crate::model::LogFormat;

pub(super) const SECTION: Section = Section {
    name: "log",
    about: "How the log is written; `RUST_LOG` says what.",
    settings: &[&FORMAT, &ADMIN_CALLS_DAYS],
};

const FORMAT: Setting = Setting {
    section: "log",
    name: "format",
    kind: Kind::Text("\"text\" or \"json\""),
    default: r#""text""#,
    about: "`text` is for people; `json` is one object a line, for programs that collect logs.",
};

const ADMIN_CALLS_DAYS: Setting = Setting {
    section: "log",
    name: "admin_calls_days",
    kind: Kind::Integer(0, 36_500),
    default: "90",
    about: "How long the audit log, which is in the database, keeps the lines that say that a call of the admin API was \
            made, one line a call. Lines about what was changed stay. 0 keeps all.",
};

/// How the log is written, and what is kept.
#[derive(Clone, Copy, Debug)]
pub struct Log {
    /// For whom it is written.
    pub format: LogFormat,
    /// Days that calls of the admin API are kept in the audit log; 0 for ever.
    pub admin_calls_days: u32,
}

impl Log {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let format = reader.word(&FORMAT, [("text", LogFormat::Text), ("json", LogFormat::Json)]);
        let admin_calls_days = reader.integer(&ADMIN_CALLS_DAYS);
        Some(Self { format: format?, admin_calls_days: admin_calls_days? })
    }
}
