//! `hallpass config`: looks at the configuration.

use anyhow::ensure;
use clap::Subcommand;

use super::print::{data, talk};
use crate::app::{redirect_rules, secret_faults};
use crate::config::{Config, Sources, reference, sample};

#[derive(Clone, Copy, Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Say everything that is wrong or unwise in the configuration
    Check,
    /// Show every setting, its value and where that comes from
    Show,
    /// Print a file with every setting and its default
    Sample,
    /// Print the reference of all settings as Markdown
    #[command(hide = true)]
    Reference,
}

pub(super) fn run(command: ConfigCommand, sources: &Sources) -> anyhow::Result<()> {
    match command {
        ConfigCommand::Check => check(&super::load(sources)?),
        ConfigCommand::Show => Ok(data(super::load(sources)?.show().trim_end())?),
        ConfigCommand::Sample => Ok(data(sample().trim_end())?),
        ConfigCommand::Reference => Ok(data(reference().trim_end())?),
    }
}

fn check(config: &Config) -> anyhow::Result<()> {
    let warnings = config.warnings().into_iter().chain(redirect_rules(config)?.warnings());
    warnings.for_each(|warning| talk(&format!("warning: {warning}")));
    let faults = secret_faults(config);
    ensure!(faults.is_empty(), "the service will not start:\n{}", faults.join("\n"));
    Ok(data("The configuration is good.")?)
}
