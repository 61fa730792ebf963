//! The command line: data to standard output, talk to standard error. One file a command.

mod admin_key;
mod agent;
mod backup;
mod client;
mod config;
mod connect;
mod doctor;
mod handshake;
mod health;
mod key;
mod listen;
mod migrate;
mod notify;
mod print;
mod proxy_config;
mod push;
mod serve;
mod signals;
mod user;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use clap::{Parser, Subcommand};

use crate::app::{SystemClock, context};
use crate::config::{Config, Sources};
use crate::crypto::Random;
use crate::domain;
use crate::store::Store;
use print::talk;

/// Discourse-style user API keys for any website.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
struct Cli {
    /// The configuration file (default: `HALLPASS_CONFIG`, else hallpass.toml where it is)
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Set one setting, stronger than file and environment; may be given several times, all before the command or all after
    #[arg(long, global = true, value_name = "SECTION.KEY=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the service (also without any command)
    Serve,
    /// Accounts
    #[command(subcommand)]
    User(user::UserCommand),
    /// Keys that applications hold
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Applications that the site has registered
    #[command(subcommand)]
    Client(client::ClientCommand),
    /// Keys that the site's back end speaks to the admin API with
    #[command(subcommand)]
    AdminKey(admin_key::AdminKeyCommand),
    /// Where pushes are not taken, and what they are signed with
    #[command(subcommand)]
    Push(push::PushCommand),
    /// The configuration
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// The database's tables
    #[command(subcommand)]
    Migrate(migrate::MigrateCommand),
    /// Copy the SQLite database to a new file, while the service runs or not
    Backup(backup::BackupArgs),
    /// Ask the running service whether it is ready; fails when it is not
    Health,
    /// Get a key from a site as an application does: to try the handshake
    Connect(connect::ConnectArgs),
    /// Say when notifications come in, at several sites at once: an application of this protocol
    Notify(notify::NotifyArgs),
    /// Try a live set-up: does everything come through the proxy, and nothing past Hallpass?
    Doctor(doctor::DoctorArgs),
    /// Print the configuration of a reverse proxy that asks this service about every request
    ProxyConfig(proxy_config::ProxyConfigArgs),
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write it as section.key=value")?;
    Ok((key.to_owned(), value.to_owned()))
}

/// A place to listen at; many write the port alone.
fn place(text: &str) -> Result<SocketAddr, String> {
    let port = text.rsplit(':').next().unwrap_or(text);
    let example = if port.parse::<u16>().is_ok() { port } else { "8000" };
    text.parse().map_err(|_invalid| {
        format!("write an IP address and a port: 127.0.0.1:{example} for this machine alone, 0.0.0.0:{example} for all")
    })
}

/// Parses the command line and runs the command.
#[must_use]
pub fn run() -> ExitCode {
    match Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            talk(&format!("hallpass: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

impl Cli {
    fn run(self) -> anyhow::Result<()> {
        self.ensure_all_set(std::env::args_os())?;
        let sources = || Sources::gather(self.config.clone(), self.set.clone());
        match &self.command {
            None | Some(Command::Serve) => serve::run(load(&sources())?),
            Some(Command::User(command)) => user::run(command, &load(&sources())?),
            Some(Command::Key(command)) => key::run(command, &load(&sources())?),
            Some(Command::Client(command)) => client::run(command, &load(&sources())?),
            Some(Command::AdminKey(command)) => admin_key::run(command, &load(&sources())?),
            Some(Command::Push(command)) => push::run(command, &load(&sources())?),
            Some(Command::Config(command)) => config::run(*command, &sources()),
            Some(Command::Migrate(command)) => migrate::run(command, &load(&sources())?),
            Some(Command::Backup(args)) => backup::run(args, &load(&sources())?),
            Some(Command::Health) => health::run(&load(&sources())?),
            Some(Command::Connect(args)) => connect::run(args),
            Some(Command::Notify(args)) => notify::run(args),
            Some(Command::Doctor(args)) => doctor::run(args, &load(&sources())?),
            Some(Command::ProxyConfig(args)) => proxy_config::run(args, &load(&sources())?),
        }
    }

    /// Of a global argument clap keeps what stands behind the command and forgets what stands before it.
    fn ensure_all_set(&self, arguments: impl Iterator<Item = OsString>) -> anyhow::Result<()> {
        let is_set =
            |argument: &OsString| argument.to_str().is_some_and(|it| it == "--set" || it.starts_with("--set="));
        ensure!(
            arguments.filter(is_set).count() == self.set.len(),
            "--set stands before the command and after it, and only one of the places counts: write all of them in one place"
        );
        Ok(())
    }
}

fn load(sources: &Sources) -> anyhow::Result<Config> {
    Config::load(sources).map_err(|faults| anyhow::anyhow!("{faults}"))
}

/// Runs an act on the database of this configuration, beside a running server or without one. In the wrong folder there is
/// none, and none is made.
fn act<T>(config: &Config, act: impl AsyncFnOnce(domain::Context) -> anyhow::Result<T>) -> anyhow::Result<T> {
    act_on(Store::connect(&config.database)?, config, act)
}

fn act_on<T>(
    store: Store,
    config: &Config,
    act: impl AsyncFnOnce(domain::Context) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    runtime()?.block_on(async {
        let cx = context(config, store, Arc::new(SystemClock), Random::from_os())?;
        cx.store.migrate().context("the database's tables cannot be brought up to date")?;
        act(cx).await
    })
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().context("no runtime can be started")
}
