//! `hallpass migrate`: the database's tables.

use clap::Subcommand;

use super::print::data;
use crate::config::Config;
use crate::store::Store;

#[derive(Clone, Copy, Debug, Subcommand)]
pub(super) enum MigrateCommand {
    /// Run the migrations that are missing; `serve` does so too
    Up,
    /// Show which migrations there are and which have run
    Status,
}

pub(super) fn run(command: MigrateCommand, config: &Config) -> anyhow::Result<()> {
    let store = Store::connect(&config.database)?;
    match command {
        MigrateCommand::Up => {
            let ran = store.migrate()?;
            ran.iter().try_for_each(|name| data(&format!("ran {name}")))?;
            if ran.is_empty() {
                data("Nothing was missing.")?;
            }
        }
        MigrateCommand::Status => {
            for migration in store.migration_state()? {
                data(&format!("{}  {}", if migration.applied { "ran    " } else { "missing" }, migration.name))?;
            }
        }
    }
    Ok(())
}
