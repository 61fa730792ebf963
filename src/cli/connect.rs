//! `hallpass connect`: a complete client of the protocol, to try a site's handshake with.
//!
//! It asks as any application does (`handshake.rs`) and shows what it got. The key is printed to standard output, which
//! is the purpose; no message of ours carries it. Start at [`run`].

mod calls;
mod report;

use anyhow::Context as _;
use clap::Args;

use super::handshake::{Site, WayArgs, Wish, obtain};
use super::print::talk;
use crate::crypto::Random;
use crate::model::Padding;
use calls::Calls;

/// What it calls itself where servers read along.
const PROGRAM: &str = "hallpass-connect";

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
    /// What the page calls us
    #[arg(long, value_name = "NAME", default_value = "hallpass connect")]
    application_name: String,
    /// Ask for a key that ends after so many seconds
    #[arg(long, value_name = "SECONDS")]
    expires_in_seconds: Option<u64>,
    /// Ask the site to push there; it takes the scope push or notifications, and the site has to list the address
    #[arg(long, value_name = "URL")]
    push_url: Option<String>,
    #[command(flatten)]
    way: WayArgs,
    /// As one JSON object
    #[arg(long)]
    json: bool,
}

fn padding(word: &str) -> Result<Padding, String> {
    Padding::parse(Some(word)).map_err(|error| error.to_string())
}

/// Gets a key and tries it. What was got is printed even if the key then turns out not to work.
pub(super) fn run(args: &ConnectArgs) -> anyhow::Result<()> {
    let wish = Wish {
        program: PROGRAM,
        application_name: &args.application_name,
        scopes: &args.scopes,
        padding: args.padding,
        expires_in_seconds: args.expires_in_seconds,
        push_url: args.push_url.as_deref(),
    };
    let obtained = obtain(&args.site, &wish, &args.way, &Random::from_os())?;
    let seen = Calls::new(&args.site).session(&obtained.grant.key, &args.scopes);
    report::print(args, &obtained, &seen)?;
    if seen.user.context("there is a key, but it does not work")?.is_none() {
        talk("Whose key it is cannot be asked with these scopes; try it on what they are for.");
    }
    Ok(())
}
