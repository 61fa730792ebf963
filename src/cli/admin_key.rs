//! `hallpass admin-key`: what the site's back end speaks to the admin API with.

use anyhow::Context as _;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use serde_json::json;

use super::act;
use super::print::{data, json, table, talk};
use crate::config::Config;
use crate::domain::admin::admin_keys;
use crate::model::{AdminKey, AdminKeyId, AdminKeyName, AdminScope, AdminScopes, Networks, Timestamp};

#[derive(Debug, Subcommand)]
pub(super) enum AdminKeyCommand {
    /// Make a key, and print it, this once
    Create(CreateArgs),
    /// Show the keys, ended ones too
    List {
        /// As one JSON array
        #[arg(long)]
        json: bool,
    },
    /// End a key now
    Revoke {
        /// The id that `admin-key list` shows
        id: AdminKeyId,
    },
}

#[derive(Args, Debug)]
pub(super) struct CreateArgs {
    /// What the key is for, in your own words
    #[arg(long, value_parser = name)]
    name: AdminKeyName,
    /// What it may do; may be given several times
    #[arg(long = "scope", value_name = "SCOPE", required = true, value_parser = scope())]
    scopes: Vec<AdminScope>,
    /// From where it holds, an address or a network such as 10.0.0.0/8; may be given several times (default: from everywhere)
    #[arg(long = "address", value_name = "CIDR", value_parser = network)]
    addresses: Vec<String>,
}

fn name(text: &str) -> Result<AdminKeyName, String> {
    AdminKeyName::parse(text).map_err(|error| error.to_string())
}

/// All the words there are stand in the help.
fn scope() -> impl TypedValueParser<Value = AdminScope> {
    PossibleValuesParser::new(AdminScope::ALL.map(AdminScope::word)).try_map(|word| word.parse::<AdminScope>())
}

fn network(text: &str) -> Result<String, String> {
    Networks::parse(text).map(|network| network.to_string()).map_err(|error| error.to_string())
}

pub(super) fn run(command: &AdminKeyCommand, config: &Config) -> anyhow::Result<()> {
    match command {
        AdminKeyCommand::Create(args) => create(args, config),
        AdminKeyCommand::List { json } => list(*json, config),
        AdminKeyCommand::Revoke { id } => {
            act(config, async |cx| Ok(admin_keys::revoke(&cx, *id).await?))?;
            talk(&format!("admin key {id} is ended"));
            Ok(())
        }
    }
}

/// The key is data, for a script to keep; all else is talk.
fn create(args: &CreateArgs, config: &Config) -> anyhow::Result<()> {
    let scopes = AdminScopes::of(args.scopes.iter().copied())?;
    let networks = if args.addresses.is_empty() {
        Networks::everywhere()
    } else {
        Networks::parse(&args.addresses.join(",")).context("--address")?
    };
    let (id, key) = act(config, async |cx| Ok(admin_keys::create(&cx, args.name.clone(), scopes, networks).await?))?;
    talk(&format!("admin key {id} is made; keep it now, it is not shown again"));
    Ok(data(key.expose())?)
}

fn list(as_json: bool, config: &Config) -> anyhow::Result<()> {
    let keys = act(config, async |cx| Ok(admin_keys::list(&cx).await?))?;
    if as_json {
        return json(&keys.iter().map(one_as_json).collect::<Vec<_>>());
    }
    if keys.is_empty() {
        talk("There is no admin key yet.");
        return Ok(());
    }
    let rows: Vec<_> = keys.iter().map(row).collect();
    Ok(table(["ID", "NAME", "KEY", "SCOPES", "FROM", "MADE", "LAST USED", "STATE"], &rows)?)
}

fn row(key: &AdminKey) -> [String; 8] {
    [
        key.id.to_string(),
        key.name.to_string(),
        format!("{}…", key.start),
        key.scopes.to_string(),
        key.networks.to_string(),
        key.created_at.iso_seconds(),
        key.last_used_at.map_or_else(|| "never".to_owned(), Timestamp::iso_seconds),
        if key.revoked_at.is_some() { "revoked".to_owned() } else { "active".to_owned() },
    ]
}

fn one_as_json(key: &AdminKey) -> serde_json::Value {
    json!({
        "id": key.id.get(),
        "name": key.name.as_str(),
        "key_start": key.start,
        "scopes": key.scopes.words().collect::<Vec<_>>(),
        "addresses": key.networks.to_string().split(',').collect::<Vec<_>>(),
        "created_at": key.created_at.iso_millis(),
        "last_used_at": key.last_used_at.map(Timestamp::iso_millis),
        "revoked_at": key.revoked_at.map(Timestamp::iso_millis),
    })
}
