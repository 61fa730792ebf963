//! `hallpass key`: the keys that applications hold.

use anyhow::{Context as _, bail};
use clap::Subcommand;
use serde_json::json;

use super::act;
use super::print::{json, table, talk};
use crate::config::Config;
use crate::domain::apps::{App, list_all};
use crate::domain::revoke::{RevokeError, Wisher, revoke};
use crate::domain::{Context, accounts};
use crate::model::{KeyId, KeyState, Origin, Timestamp, Username};

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Show keys, ended ones too
    List {
        /// Of this user only
        #[arg(long, value_name = "NAME", value_parser = |text: &str| Username::parse(text).map_err(|error| error.to_string()))]
        user: Option<Username>,
        /// As one JSON array
        #[arg(long)]
        json: bool,
    },
    /// End a key now
    Revoke {
        /// The id that `key list` shows
        id: KeyId,
    },
}

pub(super) fn run(command: &KeyCommand, config: &Config) -> anyhow::Result<()> {
    match command {
        KeyCommand::List { user, json } => list(user.as_ref(), *json, config),
        KeyCommand::Revoke { id } => end(*id, config),
    }
}

fn end(id: KeyId, config: &Config) -> anyhow::Result<()> {
    act(config, async |cx| match revoke(&cx, Wisher::Operator, Some(id), Origin::default()).await {
        Err(RevokeError::NotFound) => bail!("there is no key {id}; `hallpass key list` shows those there are"),
        other => other.with_context(|| format!("key {id} is not ended")),
    })?;
    talk(&format!("key {id} is ended"));
    Ok(())
}

async fn of_user(cx: &Context, user: Option<&Username>) -> anyhow::Result<Vec<(App, String)>> {
    let users = match user {
        Some(name) => vec![accounts::find(cx, name).await?],
        None => accounts::list(cx).await?,
    };
    let mut keys = Vec::new();
    for user in users {
        let name = user.username.to_string();
        keys.extend(list_all(cx, user.id).await?.into_iter().map(|app| (app, name.clone())));
    }
    keys.sort_by_key(|(app, _)| app.key.id);
    Ok(keys)
}

fn list(user: Option<&Username>, as_json: bool, config: &Config) -> anyhow::Result<()> {
    let keys = act(config, async |cx| of_user(&cx, user).await)?;
    if as_json {
        return json(&keys.iter().map(one_as_json).collect::<Vec<_>>());
    }
    if keys.is_empty() {
        talk("There is no key yet.");
        return Ok(());
    }
    let rows: Vec<_> = keys.iter().map(row).collect();
    Ok(table(["ID", "USER", "APPLICATION", "SCOPES", "APPROVED", "LAST USED", "ENDS", "STATE"], &rows)?)
}

/// When the key ends if nothing happens, or ended.
fn end_of(app: &App) -> Option<Timestamp> {
    match app.state {
        KeyState::Active => app.ends.map(|(at, _)| at),
        KeyState::BeingReplaced(at) | KeyState::Replaced(at) | KeyState::Revoked(at) | KeyState::Expired(at) => {
            Some(at)
        }
    }
}

fn row((app, user): &(App, String)) -> [String; 8] {
    let key = &app.key;
    [
        key.id.to_string(),
        user.clone(),
        key.application_name.shown(),
        key.scopes.to_string(),
        key.created_at.iso_seconds(),
        key.last_used_at.iso_seconds(),
        end_of(app).map_or_else(|| "never".to_owned(), Timestamp::iso_seconds),
        app.state.word().to_owned(),
    ]
}

fn one_as_json((app, user): &(App, String)) -> serde_json::Value {
    let key = &app.key;
    json!({
        "id": key.id.get(),
        "user": user,
        "client_id": key.client_id.as_str(),
        "application_name": key.application_name.as_str(),
        "key_start": key.start,
        "scopes": key.scopes.iter().map(crate::model::Scope::as_str).collect::<Vec<_>>(),
        "created_at": key.created_at.iso_millis(),
        "last_used_at": key.last_used_at.iso_millis(),
        "expires_at": key.expires_at.map(Timestamp::iso_seconds),
        "ends_at": end_of(app).map(Timestamp::iso_seconds),
        "revoked_at": key.revoked_at.map(Timestamp::iso_millis),
        "replaced_until": key.succession.replaced_until().map(Timestamp::iso_seconds),
        "state": app.state.word(),
    })
}
