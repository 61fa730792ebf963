//! `hallpass migrate`: the database's tables.

use anyhow::Context as _;
use clap::Subcommand;
use secrecy::{ExposeSecret as _, SecretString};

use super::print::{data, table};
use crate::config::Config;
use crate::model::{Database, DatabaseUrl};
use crate::store::{Store, copy};

#[derive(Clone, Debug, Subcommand)]
pub(super) enum MigrateCommand {
    /// Run the migrations that are missing; `serve` does so too
    Up,
    /// Show which migrations there are and which have run
    Status,
    /// Copy a whole site from a SQLite file to a new PostgreSQL database; stop the service before
    Copy {
        /// The URL of the SQLite file
        from: SecretString,
        /// The URL of the PostgreSQL database; its password is better in PGPASSWORD or ~/.pgpass
        to: SecretString,
    },
}

pub(super) fn run(command: &MigrateCommand, config: &Config) -> anyhow::Result<()> {
    match command {
        MigrateCommand::Up => {
            let ran = Store::make(&config.database)?.migrate()?;
            ran.iter().try_for_each(|name| data(&format!("ran {name}")))?;
            if ran.is_empty() {
                data("Nothing was missing.")?;
            }
        }
        MigrateCommand::Status => {
            for migration in Store::connect(&config.database)?.migration_state()? {
                data(&format!("{}  {}", if migration.applied { "ran    " } else { "missing" }, migration.name))?;
            }
        }
        MigrateCommand::Copy { from, to } => {
            let copied = copy(&database("FROM", from, config)?, &database("TO", to, config)?)?;
            let rows: Vec<_> = copied.into_iter().map(|(name, rows)| [name, rows.to_string()]).collect();
            table(["TABLE", "ROWS"], &rows)?;
        }
    }
    Ok(())
}

/// Parsed here and not by clap, which repeats what it refuses.
fn database(name: &'static str, url: &SecretString, config: &Config) -> anyhow::Result<Database> {
    let url = DatabaseUrl::parse(url.expose_secret()).context(name)?;
    Ok(Database { url, ..config.database.clone() })
}
