//! What the operator may set, parsed into values that cannot be wrong.
//!
//! [`Config::load`] takes what was said ([`Sources`]) and gives a [`Config`] or every fault at once ([`Faults`]). It
//! does no I/O and asks nothing of the process; [`Sources::gather`] does that, for `cli` alone.
//!
//! To add a setting: a constant in its section's file, its place in that section's list, a field, and the line that
//! reads it. The check for unknown keys, the sample, the reference page and `config show` follow from the constant; the
//! tests refuse a constant that nobody reads and a setting that is in no list. Start reading at `catalog`, then
//! `server`.

mod access;
pub mod catalog;
mod cors;
mod database;
mod faults;
mod file;
mod given;
mod limits;
mod log;
mod message_bus;
mod notifications;
mod print;
mod push_warnings;
mod reader;
mod scopes;
mod secret_source;
mod server;
mod session;
mod site;
mod sources;
mod suggest;
mod table;
mod user_api;
mod value;
mod verify;
mod warnings;

use std::path::{Path, PathBuf};

use crate::model::{AccessRule, Database, NotificationRules, OwnScope, PublicUrl, ReservedScope};
use access::Access;
use reader::{Effective, Reader};
use scopes::Scopes;

pub use cors::Cors;
pub use faults::{Fault, Faults, Origin};
pub use limits::Limits;
pub use log::Log;
pub use message_bus::MessageBus;
pub use print::{reference, sample};
pub use secret_source::SecretSource;
pub use server::Server;
pub use session::Session;
pub use site::Site;
pub use sources::{FileSource, Sources};
pub use user_api::UserApi;
pub use verify::Verify;

/// The whole configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// How the site presents itself.
    pub site: Site,
    /// Where the service listens, and how it is reached.
    pub server: Server,
    /// Where the data is kept.
    pub database: Database,
    /// How long a sign-in lasts, and the secret that signs cookies and forms.
    pub session: Session,
    /// Who may make keys, for what, and how much a key may do.
    pub user_api: UserApi,
    /// What one client address may try.
    pub limits: Limits,
    /// Who may ask about keys, and what is answered.
    pub verify: Verify,
    /// How users are told at once of what is new.
    pub message_bus: MessageBus,
    /// How many notifications of a user are kept, and how long.
    pub notifications: NotificationRules,
    /// Who may call the API from a browser.
    pub cors: Cors,
    /// How the log is written.
    pub log: Log,
    /// The operator's own scopes, in the order of the file.
    pub scopes: Vec<OwnScope>,
    /// Which scopes are for some groups only.
    pub reserved_scopes: Vec<ReservedScope>,
    /// Which requests are.
    pub access: Vec<AccessRule>,
    shown_tables: String,
    effective: Vec<Effective>,
}

impl Config {
    /// Reads every setting. A value that a stronger source replaces is not looked at.
    ///
    /// # Errors
    /// All faults at once: values, combinations, unknown keys, lines that are not TOML, and what could not be read.
    pub fn load(sources: &Sources) -> Result<Self, Faults> {
        let mut reader = Reader::new(sources);
        let public_url = reader.text(&server::PUBLIC_URL, PublicUrl::parse);
        let site = Site::read(&mut reader, public_url.as_ref());
        let server = Server::read(&mut reader, public_url);
        let database = database::read(&mut reader);
        let session = Session::read(&mut reader, database.as_ref());
        let user_api = UserApi::read(&mut reader);
        let limits = Limits::read(&mut reader);
        let verify = Verify::read(&mut reader);
        let message_bus = MessageBus::read(&mut reader);
        let notifications = notifications::read(&mut reader);
        let cors = Cors::read(&mut reader);
        let log = Log::read(&mut reader);
        let own = scopes::read(&mut reader);
        let access = access::read(&mut reader);
        let effective = reader.finish()?;
        // Where a section is missing there was a fault, and `finish` has told it.
        let nothing = || Faults::new(Vec::new());
        let Scopes { own: scopes, reserved: reserved_scopes, shown } = own.ok_or_else(nothing)?;
        let Access { rules: access, shown: shown_access } = access.ok_or_else(nothing)?;
        Ok(Self {
            site: site.ok_or_else(nothing)?,
            server: server.ok_or_else(nothing)?,
            database: database.ok_or_else(nothing)?,
            session: session.ok_or_else(nothing)?,
            user_api: user_api.ok_or_else(nothing)?,
            limits: limits.ok_or_else(nothing)?,
            verify: verify.ok_or_else(nothing)?,
            message_bus: message_bus.ok_or_else(nothing)?,
            notifications: notifications.ok_or_else(nothing)?,
            cors: cors.ok_or_else(nothing)?,
            log: log.ok_or_else(nothing)?,
            scopes,
            reserved_scopes,
            access,
            shown_tables: shown + &shown_access,
            effective,
        })
    }

    /// What is allowed, but probably not meant: one sentence each, beginning with the key.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        warnings::of(self)
    }

    /// Each value with where it came from, in the order of the documentation. Secrets are `(set)` or `(not set)`.
    #[must_use]
    pub fn show(&self) -> String {
        format!("{}{}", print::show(&self.effective), self.shown_tables)
    }

    /// The file that holds the secret for cookies and forms; `None` when the secret was given itself.
    #[must_use]
    pub fn secret_key_path(&self) -> Option<PathBuf> {
        match &self.session.secret {
            SecretSource::Inline(_) => None,
            SecretSource::File(path) => Some(path.clone()),
            SecretSource::Unset => self.database.url.sqlite_path().map(beside),
        }
    }
}

fn beside(database: &Path) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push(".secret_key");
    path.into()
}
