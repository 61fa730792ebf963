//! `hallpass connect`: a complete client of the protocol, to try a site's handshake with.
//!
//! It asks as any application does and shows what it got. The key is printed to standard output, which is the purpose;
//! no message of ours carries it. Start at [`run`]; `listener.rs` and `paste.rs` are the two ways back from the
//! browser, `payload.rs` opens what came.

mod callback;
mod calls;
mod listener;
mod paste;
mod payload;
mod report;
mod request;
mod site;

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;

use super::print::talk;
use crate::crypto::{KeyPair, Random};
use crate::model::Padding;
pub(super) use callback::Handover;
use calls::Calls;
use listener::Listener;
pub(super) use payload::open;
use request::Request;
use site::Site;

/// The least that every site takes.
const BITS: usize = 2048;

#[derive(Args, Debug)]
pub(super) struct ConnectArgs {
    /// Where the site is: example.org, example.org/forum, localhost:8080, or a whole address
    #[arg(value_parser = Site::parse)]
    site: Site,
    /// What the key may do, with commas between
    #[arg(long, value_name = "LIST", default_value = "read")]
    scopes: String,
    /// How the site pads before it encrypts: oaep, oaep-sha256 or pkcs1
    #[arg(long, default_value = "oaep", value_parser = padding)]
    padding: Padding,
    /// Come back by hand: the page shows the payload, standard input takes it
    #[arg(long)]
    paste: bool,
    /// What the page calls us
    #[arg(long, value_name = "NAME", default_value = "hallpass connect")]
    application_name: String,
    /// Ask for a key that ends after so many seconds
    #[arg(long, value_name = "SECONDS")]
    expires_in_seconds: Option<u64>,
    /// How long to wait for the browser or the payload, seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    timeout: u64,
    /// Print the address only, open no browser
    #[arg(long)]
    no_browser: bool,
    /// As one JSON object
    #[arg(long)]
    json: bool,
}

fn padding(word: &str) -> Result<Padding, String> {
    Padding::parse(Some(word)).map_err(|error| error.to_string())
}

/// Gets a key and tries it. What was got is printed even if the key then turns out not to work.
pub(super) fn run(args: &ConnectArgs) -> anyhow::Result<()> {
    let site = &args.site;
    let calls = Calls::new(site);
    talk(&format!("Version {} of the protocol is spoken at {site}.", calls.probe()?));
    if site.is_in_clear() {
        talk("Careful: by http:// others on the way can read the key; https:// is safe.");
    }
    let random = Random::from_os();
    let (pair, request) = (KeyPair::generate(BITS)?, Request::new(&random));
    let way_back =
        if args.paste { by_hand(args, &pair, &request)? } else { by_redirect(args, &pair, &request, &random)? };
    let handover = wait(&way_back, args.timeout)?;
    let grant = open(&handover, &pair, args.padding, &request.nonce)?;
    let seen = calls.session(&grant.key, &args.scopes);
    report::print(args, &request, &grant, &seen)?;
    if seen.user.context("there is a key, but it does not work")?.is_none() {
        talk("Whose key it is cannot be asked with these scopes; try it on what they are for.");
    }
    Ok(())
}

type WayBack = Receiver<anyhow::Result<Handover>>;

fn by_hand(args: &ConnectArgs, pair: &KeyPair, request: &Request) -> anyhow::Result<WayBack> {
    talk("Open this address in a browser, sign in and approve:");
    talk(request.address(&args.site, args, pair, None).as_str());
    talk("Then paste here what the page shows, and press Enter (Ctrl+C gives up):");
    Ok(paste::start(pair.block_bytes())?)
}

fn by_redirect(args: &ConnectArgs, pair: &KeyPair, request: &Request, random: &Random) -> anyhow::Result<WayBack> {
    let listener = Listener::open(random).context("no port can be opened on 127.0.0.1; --paste does without one")?;
    let redirect = listener.redirect()?;
    let address = request.address(&args.site, args, pair, Some(&redirect));
    let way_back = listener.start()?;
    talk("Sign in and approve in the browser, at this address:");
    talk(address.as_str());
    if !args.no_browser && webbrowser::open(address.as_str()).is_err() {
        talk("No browser can be opened from here: open the address yourself.");
    }
    talk(&format!("Waiting {} s for the browser to come back (Ctrl+C gives up) ...", args.timeout));
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
