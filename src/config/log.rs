//! `[log]`: how the log is written.

use super::catalog::{Kind, Section, Setting};
use super::reader::Reader;
use crate::model::LogFormat;

pub(super) const SECTION: Section =
    Section { name: "log", about: "How the log is written; `RUST_LOG` says what.", settings: &[&FORMAT] };

const FORMAT: Setting = Setting {
    section: "log",
    name: "format",
    kind: Kind::Text("\"text\" or \"json\""),
    default: r#""text""#,
    about: "`text` is for people; `json` is one object a line, for programs that collect logs.",
};

pub(super) fn read(reader: &mut Reader) -> Option<LogFormat> {
    reader.word(&FORMAT, [("text", LogFormat::Text), ("json", LogFormat::Json)])
}
