//! `hallpass client`: applications that the site has registered.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde_json::json;

use super::act;
use super::print::{json, table, talk};
use crate::config::Config;
use crate::domain::clients::{self, Registrar};
use crate::model::{Client, ClientId, Fields, Origin, RedirectUri, Registration, Scope};

#[derive(Debug, Subcommand)]
pub(super) enum ClientCommand {
    /// Show the registered applications
    List {
        /// As one JSON array
        #[arg(long)]
        json: bool,
    },
    /// Register an application: pages show it as known, and it gets keys at its address only
    Register(RegisterArgs),
    /// Remove a registered application. This ends every key it has, at once and for good
    Remove {
        /// The one that `client list` shows
        #[arg(value_parser = client_id)]
        client_id: ClientId,
    },
}

#[derive(Args, Debug)]
pub(super) struct RegisterArgs {
    /// What the application sends as `client_id`; at most 200 bytes
    #[arg(value_parser = client_id)]
    client_id: ClientId,
    /// The name that pages will show, whatever the application sends
    #[arg(long)]
    name: String,
    /// The only address to which its keys are sent; it has to be on `allowed_user_api_auth_redirects` as well
    #[arg(long, value_name = "URL")]
    auth_redirect: String,
    /// The most it may ask for: names with commas between
    #[arg(long, value_name = "A,B")]
    scopes: String,
    /// A file with its RSA public key in PEM form: its keys are encrypted to this one, whatever it sends
    #[arg(long, value_name = "FILE")]
    public_key_file: PathBuf,
}

fn client_id(text: &str) -> Result<ClientId, String> {
    if text.trim().is_empty() {
        return Err("a client_id is not empty".to_owned());
    }
    ClientId::parse(text).map_err(|error| error.to_string())
}

pub(super) fn run(command: &ClientCommand, config: &Config) -> anyhow::Result<()> {
    match command {
        ClientCommand::List { json } => list(*json, config),
        ClientCommand::Register(args) => register(args, config),
        ClientCommand::Remove { client_id } => {
            let keys = act(config, async |cx| Ok(clients::remove(&cx, client_id, Origin::default()).await?))?;
            let ended =
                if keys == 1 { "its one key is ended".to_owned() } else { format!("its {keys} keys are ended") };
            talk(&format!("{client_id} is removed, and {ended}"));
            Ok(())
        }
    }
}

fn register(args: &RegisterArgs, config: &Config) -> anyhow::Result<()> {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let fields = Fields::new(vec![
        pair("client_id", args.client_id.as_str()),
        pair("application_name", &args.name),
        pair("public_key", &read(&args.public_key_file)?),
        pair("auth_redirect", &args.auth_redirect),
        pair("scopes", &args.scopes),
    ]);
    let may_be_sent_there = act(config, async |cx| {
        clients::register(&cx, Registrar::Operator, &fields, Origin::default()).await?;
        Ok(RedirectUri::parse(&args.auth_redirect).is_ok_and(|address| cx.rules.redirects.allows(&address)))
    })?;
    talk(&format!("{} is registered", args.client_id));
    if !may_be_sent_there {
        let address = &args.auth_redirect;
        talk(&format!("but no key is sent to {address} before user_api.allowed_user_api_auth_redirects allows it"));
    }
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn list(as_json: bool, config: &Config) -> anyhow::Result<()> {
    let found = act(config, async |cx| Ok(clients::list(&cx).await?))?;
    let registered: Vec<_> = found.into_iter().filter_map(taken_apart).collect();
    if as_json {
        return json(&registered.iter().map(one_as_json).collect::<Vec<_>>());
    }
    if registered.is_empty() {
        talk("No application is registered.");
        return Ok(());
    }
    let rows: Vec<_> = registered.iter().map(row).collect();
    Ok(table(["CLIENT ID", "APPLICATION", "SCOPES", "REDIRECT", "REGISTERED", "KEYS"], &rows)?)
}

type Registered = (Client, Registration, u64);

fn taken_apart((client, keys): (Client, u64)) -> Option<Registered> {
    client.registration.clone().map(|registration| (client, registration, keys))
}

fn row((client, registration, keys): &Registered) -> [String; 6] {
    [
        client.client_id.to_string(),
        client.application_name.shown(),
        registration.scopes.to_string(),
        registration.auth_redirect.as_str().to_owned(),
        registration.since.iso_seconds(),
        keys.to_string(),
    ]
}

fn one_as_json((client, registration, keys): &Registered) -> serde_json::Value {
    json!({
        "client_id": client.client_id.as_str(),
        "application_name": client.application_name.as_str(),
        "scopes": registration.scopes.iter().map(Scope::as_str).collect::<Vec<_>>(),
        "auth_redirect": registration.auth_redirect.as_str(),
        "fingerprint": registration.fingerprint.to_hex(),
        "registered_at": registration.since.iso_millis(),
        "keys": keys,
    })
}
