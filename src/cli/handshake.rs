//! Getting a key from a site, for the commands that are applications of it.
//!
//! They ask as any application does. Start at [`obtain`]; `listener.rs` and `paste.rs` are the two ways back from the
//! browser, `payload.rs` opens what came.

mod callback;
mod listener;
mod paste;
mod payload;
mod probe;
mod request;
mod site;

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;
use ureq::tls::RootCerts;

use super::agent::agent;
use super::print::talk;
use crate::crypto::{KeyPair, Random};
use crate::model::Padding;
pub(super) use callback::Handover;
use listener::Listener;
pub(super) use payload::{Grant, open};
pub(super) use probe::location;
use request::Request;
pub(super) use site::Site;

/// The least that every site takes.
const BITS: usize = 2048;

/// How the answer comes from the browser to us.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct WayArgs {
    /// Come back by hand: the page shows the payload, standard input takes it
    #[arg(long)]
    pub(super) paste: bool,
    /// How long to wait for the browser or the payload, seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    timeout: u64,
    /// Print the address only, open no browser
    #[arg(long)]
    no_browser: bool,
}

/// What a site is asked for.
#[derive(Debug)]
pub(super) struct Wish<'a> {
    /// The program that asks, as it names itself to servers; its installations are numbered after it.
    pub(super) program: &'static str,
    /// What the page calls us.
    pub(super) application_name: &'a str,
    /// What the key may do, with commas between.
    pub(super) scopes: &'a str,
    /// How the site pads before it encrypts.
    pub(super) padding: Padding,
    /// When the key shall end by itself.
    pub(super) expires_in_seconds: Option<u64>,
    /// Where the site shall push to.
    pub(super) push_url: Option<&'a str>,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Obtained {
    /// The name of this installation, to which the key belongs.
    pub(super) client_id: String,
    /// What the user gave us.
    pub(super) grant: Grant,
}

/// Has the user asked in their browser, and waits for the answer.
///
/// # Errors
/// When the site gives no keys, nothing came back in time, or what came is no answer to this request.
pub(super) fn obtain(site: &Site, wish: &Wish<'_>, way: &WayArgs, random: &Random) -> anyhow::Result<Obtained> {
    let version = probe::probe(site, &agent(wish.program, site.is_local(), RootCerts::WebPki))?;
    talk(&format!("Version {version} of the protocol is spoken at {site}."));
    if site.is_in_clear() {
        talk("Careful: by http:// others on the way can read the key; https:// is safe.");
    }
    let (pair, request) = (KeyPair::generate(BITS)?, Request::new(wish, random));
    let address = |redirect: Option<&str>| request.address(site, wish, &pair, redirect);
    let way_back = if way.paste { by_hand(address, &pair)? } else { by_redirect(address, way, random)? };
    let handover = wait(&way_back, way.timeout)?;
    let grant = open(&handover, &pair, wish.padding, &request.nonce)?;
    Ok(Obtained { client_id: request.client_id, grant })
}

type WayBack = Receiver<anyhow::Result<Handover>>;

fn by_hand(address: impl Fn(Option<&str>) -> url::Url, pair: &KeyPair) -> anyhow::Result<WayBack> {
    talk("Open this address in a browser, sign in and approve:");
    talk(address(None).as_str());
    talk("Then paste here what the page shows, and press Enter (Ctrl+C gives up):");
    Ok(paste::start(pair.block_bytes())?)
}

fn by_redirect(address: impl Fn(Option<&str>) -> url::Url, way: &WayArgs, random: &Random) -> anyhow::Result<WayBack> {
    let listener = Listener::open(random).context("no port can be opened on 127.0.0.1; --paste does without one")?;
    let address = address(Some(&listener.redirect()?));
    let way_back = listener.start()?;
    talk("Sign in and approve in the browser, at this address:");
    talk(address.as_str());
    if !way.no_browser && webbrowser::open(address.as_str()).is_err() {
        talk("No browser can be opened from here: open the address yourself.");
    }
    talk(&format!("Waiting {} s for the browser to come back (Ctrl+C gives up) ...", way.timeout));
    Ok(way_back)
}

fn wait(way_back: &WayBack, seconds: u64) -> anyhow::Result<Handover> {
    match way_back.recv_timeout(Duration::from_secs(seconds)) {
        Ok(handover) => handover,
        Err(RecvTimeoutError::Timeout) => {
            bail!(
                "nothing came back within {seconds} s: run it again and approve sooner, or wait longer with --timeout"
            )
        }
        Err(RecvTimeoutError::Disconnected) => bail!("nothing can come back any more: run it again, or use --paste"),
    }
}
