//! `hallpass user`: the built-in accounts.

use std::collections::BTreeSet;
use std::io::BufRead;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use secrecy::SecretString;
use serde_json::json;

use super::print::{json, table, talk};
use super::{act, act_on};
use crate::config::Config;
use crate::domain::accounts;
use crate::model::{Email, Group, NewUser, Origin, Staff, TrustLevel, User, Username};
use crate::store::Store;

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Make an account
    Create(CreateArgs),
    /// Show every account
    List {
        /// As one JSON array
        #[arg(long)]
        json: bool,
    },
    /// Suspend an account: it is signed out, its keys are refused
    Suspend {
        /// Whose
        #[arg(value_parser = username)]
        name: Username,
    },
    /// Lift a suspension: the account's keys work again
    Unsuspend {
        /// Whose
        #[arg(value_parser = username)]
        name: Username,
    },
    /// Give an account another password: it is signed out
    SetPassword {
        /// Whose
        #[arg(value_parser = username)]
        name: Username,
        /// Read the password from the first line of standard input
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

#[derive(Args, Debug)]
pub(super) struct CreateArgs {
    /// The name to sign in with: 1 to 60 letters, digits, '.', '_', '-'
    #[arg(value_parser = username)]
    name: Username,
    /// Read the password from the first line of standard input
    #[arg(long, required = true)]
    password_stdin: bool,
    /// An e-mail address, to sign in with as well
    #[arg(long, value_parser = email)]
    email: Option<Email>,
    /// The name to go by
    #[arg(long = "name", value_name = "NAME", default_value = "")]
    full_name: String,
    /// How far the site trusts the user
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=4))]
    trust_level: u8,
    /// A group of the site's own to put the user in; may be given several times
    #[arg(long = "group", value_name = "GROUP", value_parser = group)]
    groups: Vec<Group>,
    /// Make the user a moderator
    #[arg(long)]
    moderator: bool,
    /// Make the user an administrator
    #[arg(long)]
    admin: bool,
}

fn username(text: &str) -> Result<Username, String> {
    Username::parse(text).map_err(|error| error.to_string())
}

fn email(text: &str) -> Result<Email, String> {
    Email::parse(text).map_err(|error| error.to_string())
}

fn group(text: &str) -> Result<Group, String> {
    match Group::parse(text).map_err(|error| error.to_string())? {
        named @ Group::Named(_) => Ok(named),
        built_in => Err(format!("{built_in} is built in: use --admin, --moderator or --trust-level")),
    }
}

pub(super) fn run(command: &UserCommand, config: &Config) -> anyhow::Result<()> {
    let operator = Origin::default;
    match command {
        UserCommand::Create(args) => create(args, config),
        UserCommand::List { json } => list(*json, config),
        UserCommand::Suspend { name } => {
            act(config, async |cx| Ok(accounts::suspend(&cx, name, operator()).await?))?;
            talk(&format!("{name} is suspended"));
            Ok(())
        }
        UserCommand::Unsuspend { name } => {
            act(config, async |cx| Ok(accounts::unsuspend(&cx, name, operator()).await?))?;
            talk(&format!("{name} is no longer suspended"));
            Ok(())
        }
        UserCommand::SetPassword { name, .. } => {
            let password = password()?;
            act(config, async |cx| Ok(accounts::set_password(&cx, name, password, operator()).await?))?;
            talk(&format!("{name} has a new password"));
            Ok(())
        }
    }
}

fn create(args: &CreateArgs, config: &Config) -> anyhow::Result<()> {
    let account = NewUser {
        username: args.name.clone(),
        name: args.full_name.clone(),
        email: args.email.clone(),
        staff: Staff { admin: args.admin, moderator: args.moderator },
        trust_level: TrustLevel::parse(args.trust_level)?,
        named_groups: args.groups.iter().cloned().collect::<BTreeSet<_>>(),
    };
    let password = password()?;
    // The first account may come before the first start.
    let store = Store::make(&config.database)?;
    let id = act_on(store, config, async |cx| Ok(accounts::create(&cx, account, password, Origin::default()).await?))?;
    talk(&format!("{} is user {id}", args.name));
    Ok(())
}

fn password() -> anyhow::Result<SecretString> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("the password cannot be read from standard input")?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        bail!("standard input holds no password; write it there as the first line");
    }
    Ok(SecretString::from(password.to_owned()))
}

fn list(as_json: bool, config: &Config) -> anyhow::Result<()> {
    let users = act(config, async |cx| Ok(accounts::list(&cx).await?))?;
    if as_json {
        return json(&users.iter().map(one_as_json).collect::<Vec<_>>());
    }
    if users.is_empty() {
        talk("There is no account yet.");
        return Ok(());
    }
    let rows: Vec<_> = users.iter().map(row).collect();
    Ok(table(["ID", "NAME", "E-MAIL", "GROUPS", "STATE"], &rows)?)
}

fn groups(user: &User) -> Vec<String> {
    user.groups().iter().map(ToString::to_string).collect()
}

fn row(user: &User) -> [String; 5] {
    [
        user.id.to_string(),
        user.username.to_string(),
        user.email.as_ref().map(|email| email.as_str().to_owned()).unwrap_or_default(),
        groups(user).join(", "),
        if user.is_suspended() { "suspended".to_owned() } else { "active".to_owned() },
    ]
}

fn one_as_json(user: &User) -> serde_json::Value {
    json!({
        "id": user.id.get(),
        "username": user.username.as_str(),
        "name": user.name,
        "email": user.email.as_ref().map(Email::as_str),
        "admin": user.staff.admin,
        "moderator": user.staff.moderator,
        "trust_level": user.trust_level.get(),
        "groups": groups(user),
        "suspended": user.is_suspended(),
        "created_at": user.created_at.iso_millis(),
    })
}
