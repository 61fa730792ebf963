//! `[session]`: how long a sign-in lasts, and the secret that signs cookies and forms.

use std::time::Duration;

use super::catalog::{Kind, Section, Setting};
use super::reader::Reader;
use super::secret_source::SecretSource;
use crate::model::Database;

pub(super) const SECTION: Section = Section {
    name: "session",
    about: "How long a sign-in lasts, and the secret that signs cookies and forms.",
    settings: &[&SECRET_KEY, &SECRET_KEY_FILE, &IDLE_DAYS, &ABSOLUTE_DAYS],
};

pub(super) const SECRET_KEY: Setting = Setting {
    section: "session",
    name: "secret_key",
    kind: Kind::Secret("at least 32 characters at random, such as `openssl rand -hex 32` prints; or nothing"),
    default: r#""""#,
    about: "The secret that signs cookies and forms, at least 32 characters. All processes of one service need the \
            same. Empty: `secret_key_file` counts. Changing it ends every sign-in; keys of applications go on.",
};

const SECRET_KEY_FILE: Setting = Setting {
    section: "session",
    name: "secret_key_file",
    kind: Kind::Text("the path of a file that holds at least 32 characters; or nothing"),
    default: r#""""#,
    about: "A file that holds the secret instead. With neither of the two set, the file is the one beside the SQLite \
            file with `.secret_key` added to its name (`hallpass.db.secret_key`); it is made on the first start, with \
            mode 0600. With PostgreSQL one of the two has to be set.",
};

const IDLE_DAYS: Setting = Setting {
    section: "session",
    name: "idle_days",
    kind: Kind::Integer(1, MOST_DAYS),
    default: "14",
    about: "A sign-in ends after so many days without a visit.",
};

const ABSOLUTE_DAYS: Setting = Setting {
    section: "session",
    name: "absolute_days",
    kind: Kind::Integer(1, MOST_DAYS),
    default: "90",
    about: "A sign-in ends so many days after it began, however often it was used. Not less than `idle_days`.",
};

const MOST_DAYS: i64 = 3650;
const DAY: Duration = Duration::from_hours(24);

/// How long a sign-in lasts, and the secret that signs cookies and forms.
#[derive(Clone, Debug)]
pub struct Session {
    /// The secret that signs cookies and forms. Unset, it is in a file beside the SQLite file, made when it is missing:
    /// [`super::Config::secret_key_path`].
    pub secret: SecretSource,
    /// A sign-in ends after this long without a visit (`security.md W4`).
    pub idle: Duration,
    /// A sign-in ends this long after it began (`security.md W4`).
    pub absolute: Duration,
}

impl Session {
    pub(super) fn read(reader: &mut Reader, database: Option<&Database>) -> Option<Self> {
        let secret = SecretSource::read(reader, &SECRET_KEY, &SECRET_KEY_FILE);
        let on_server = database.is_some_and(|database| database.url.sqlite_path().is_none());
        if on_server && matches!(secret, Some(SecretSource::Unset)) {
            let problem = "with PostgreSQL there is no file to keep a secret beside".to_owned();
            let remedy = "the path of a file with at least 32 characters, the same for every process";
            reader.conflict(&SECRET_KEY_FILE, problem, remedy);
        }
        let idle = reader.integer::<u32>(&IDLE_DAYS).map(|days| DAY * days);
        let absolute = reader.integer::<u32>(&ABSOLUTE_DAYS).map(|days| DAY * days);
        if let (Some(idle), Some(absolute)) = (idle, absolute)
            && idle > absolute
        {
            let problem = "it is more than `session.absolute_days`, so it could never be reached".to_owned();
            reader.conflict(&IDLE_DAYS, problem, "as many days as `session.absolute_days`, or fewer");
        }
        Some(Self { secret: secret?, idle: idle?, absolute: absolute? })
    }
}
