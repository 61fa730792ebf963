//! `hallpass notify`: says when notifications come in, at several sites at once. A worked example of an application.
//!
//! Start at [`run`]. `tour.rs` gets keys and sets a watch going for each site; `watch.rs` asks, by `calls.rs`, as often as
//! `pace.rs` and `limits.rs` allow; `board.rs` shows what came; `keys.rs` is where keys are kept.

mod board;
mod calls;
#[cfg(feature = "desktop")]
mod desktop;
#[cfg(not(feature = "desktop"))]
#[path = "notify/no_desktop.rs"]
mod desktop;
mod forget;
mod keys;
mod limits;
mod pace;
mod tour;
mod watch;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::ensure;
use clap::Args;

use super::handshake::{Site, WayArgs};
use super::signals::Signals;
use crate::app::SystemClock;
use crate::crypto::Random;
use board::Board;
use desktop::Desktop;
use keys::Keys;
use tour::Tour;
use watch::Means;

/// What it calls itself where servers read along.
const PROGRAM: &str = "hallpass-notify";

#[derive(Args, Debug)]
pub(super) struct NotifyArgs {
    /// Where the sites are: example.org, example.org/forum, localhost:8080, or whole addresses
    #[arg(required = true, value_name = "SITE", value_parser = Site::parse)]
    sites: Vec<Site>,
    /// Print how things stand and end; fails when a site does
    #[arg(long)]
    once: bool,
    /// How often to ask each site, seconds; less often where its limits want that
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = seconds)]
    every: u64,
    #[command(flatten)]
    show: ShowArgs,
    /// Where keys are kept (default: hallpass/keys.json in `XDG_CONFIG_HOME`, else in ~/.config)
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// End the keys that are kept for these sites, there and here
    #[arg(long, conflicts_with_all = ["once", "every", "json", "desktop"])]
    forget: bool,
    #[command(flatten)]
    way: WayArgs,
}

/// How news are shown.
#[derive(Args, Debug)]
struct ShowArgs {
    /// As one JSON object a line, for status bars
    #[arg(long)]
    json: bool,
    /// Show a notification on the desktop, too, when more is new than before
    #[arg(long)]
    desktop: bool,
}

fn seconds(text: &str) -> Result<u64, String> {
    let wrong = || "it takes seconds, such as 60, from 1 to 86400".to_owned();
    text.parse().ok().filter(|seconds| (1..=86_400).contains(seconds)).ok_or_else(wrong)
}

/// Watches until told to end.
pub(super) fn run(args: &NotifyArgs) -> anyhow::Result<()> {
    let keys = Keys::at(args.keys.as_deref())?;
    let means = Means {
        every: Duration::from_secs(args.every),
        once: args.once,
        random: Arc::new(Random::from_os()),
        clock: Arc::new(SystemClock),
    };
    if args.forget {
        return forget::forget(&args.sites, &keys, &means);
    }
    super::runtime()?.block_on(watch(args, keys, means))
}

async fn watch(args: &NotifyArgs, keys: Keys, means: Means) -> anyhow::Result<()> {
    let mut signals = Signals::take()?;
    let desktop = if args.show.desktop { Some(Desktop::open()?) } else { None };
    let mut board = Board::new(args.show.json, Arc::clone(&means.clock), desktop);
    let mut told = Tour::start(&args.sites, keys, means, args.way)?;
    loop {
        let news = tokio::select! {
            news = told.recv() => news,
            () = signals.told_to_end() => {
                ensure!(!args.once, "told to end before every site had answered");
                return Ok(());
            }
        };
        let Some((site, news)) = news else { break };
        if !board.take(&site, news)? {
            return Ok(());
        }
    }
    board.end()
}
