//! `hallpass backup`: a copy of the database while the service runs.

use std::path::PathBuf;

use clap::Args;

use crate::config::Config;
use crate::store::backup;

#[derive(Clone, Debug, Args)]
pub(super) struct BackupArgs {
    /// The file to make; it must not be there
    file: PathBuf,
}

pub(super) fn run(args: &BackupArgs, config: &Config) -> anyhow::Result<()> {
    Ok(backup(&config.database, &args.file)?)
}
