//! `hallpass push`: where pushes are not taken, and what they are signed with.

use anyhow::ensure;
use clap::Subcommand;
use secrecy::ExposeSecret;
use serde_json::json;

use super::act;
use super::print::{data, json, table, talk};
use crate::app::push_secret;
use crate::config::Config;
use crate::domain::push::{list_failing, switch_on};
use crate::model::{PushTarget, PushUrl, Timestamp};

#[derive(Debug, Subcommand)]
pub(super) enum PushCommand {
    /// Show the addresses that did not take what was pushed last, those that are switched off among them
    List {
        /// As one JSON array
        #[arg(long)]
        json: bool,
    },
    /// Forget the failures of an address, so that it is pushed to again
    Enable {
        /// The one that `push list` shows
        #[arg(value_name = "URL", value_parser = push_url)]
        url: PushUrl,
    },
    /// Print what pushes are signed with: who writes a receiver checks them with it, and keeps it to themselves
    Secret,
}

fn push_url(text: &str) -> Result<PushUrl, String> {
    PushUrl::parse(text).map_err(|error| error.to_string())
}

pub(super) fn run(command: &PushCommand, config: &Config) -> anyhow::Result<()> {
    match command {
        PushCommand::List { json } => list(*json, config),
        PushCommand::Enable { url } => {
            let known = act(config, async |cx| Ok(switch_on(&cx, url.clone()).await?))?;
            ensure!(known, "no failure of {} is known; `hallpass push list` shows those that are", url.as_str());
            talk(&format!("{} is pushed to again", url.as_str()));
            Ok(())
        }
        PushCommand::Secret => Ok(data(push_secret(config)?.expose_secret())?),
    }
}

fn list(as_json: bool, config: &Config) -> anyhow::Result<()> {
    let failing = act(config, async |cx| Ok(list_failing(&cx).await?))?;
    if as_json {
        return json(&failing.iter().map(one_as_json).collect::<Vec<_>>());
    }
    if failing.is_empty() {
        talk("Every address takes what is pushed to it.");
        return Ok(());
    }
    let rows: Vec<_> = failing.iter().map(row).collect();
    Ok(table(["URL", "FAILURES", "SINCE", "SWITCHED OFF", "LAST FAILURE"], &rows)?)
}

fn row(target: &PushTarget) -> [String; 5] {
    let instant = |at: Option<Timestamp>| at.map_or_else(|| "no".to_owned(), Timestamp::iso_seconds);
    [
        target.push_url.as_str().to_owned(),
        target.failures.to_string(),
        instant(target.failing_since),
        instant(target.switched_off_at),
        target.last_failure.clone().unwrap_or_default(),
    ]
}

fn one_as_json(target: &PushTarget) -> serde_json::Value {
    json!({
        "push_url": target.push_url.as_str(),
        "failures": target.failures,
        "failing_since": target.failing_since.map(Timestamp::iso_millis),
        "switched_off_at": target.switched_off_at.map(Timestamp::iso_millis),
        "last_failure": target.last_failure,
    })
}
