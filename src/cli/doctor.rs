//! `hallpass doctor`: fires probes at a live set-up, and says what is not as it has to be and what to change.
//!
//! `live.rs` sends the probes, `stand_in.rs` is the site while they arrive, `trial.rs` makes the keys and ends them. Each
//! other file is a group of checks; `report.rs` prints what they found. Start at [`examine`].

mod address;
mod arrivals;
mod clock;
mod finding;
mod internal;
mod live;
mod pages;
mod paths;
mod refusals;
mod report;
mod stand_in;
mod trial;

use std::io::BufRead;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use ureq::tls::RootCerts;

use super::agent::authorities;
use super::proxy_config::is_plain;
use super::{act, place};
use crate::config::Config;
use crate::model::{PlainKey, PublicUrl, Username};
use finding::{Finding, Outcome};
use live::{Answer, Live};
use stand_in::{Arrival, StandIn};
use trial::Keys;

/// What is missing where a check has no key.
const NEEDS_KEY: &str = "name a user with --user, whose key is tried, where the service runs";

#[derive(Args, Debug)]
pub(super) struct DoctorArgs {
    /// Where browsers reach the site, or Hallpass beside it: <https://books.example>
    #[arg(value_parser = url)]
    url: PublicUrl,
    /// A path of the site that only verified requests reach
    #[arg(long, value_name = "PATH", default_value = "/", value_parser = path)]
    path: String,
    #[command(flatten)]
    keys: KeyArgs,
    /// Listen in the place of the site, to see what reaches it: its address as the proxy has it; stop the site first
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = place)]
    stand_in: Option<SocketAddr>,
    /// Trust the certificates in this file, not the public authorities
    #[arg(long, value_name = "PEM FILE")]
    ca_file: Option<PathBuf>,
    /// This is another machine than the service's: no configuration here counts
    #[arg(long, conflicts_with = "user")]
    elsewhere: bool,
    /// As one JSON object
    #[arg(long)]
    json: bool,
}

/// With which keys it is tried.
#[derive(Args, Debug)]
struct KeyArgs {
    /// Try with keys of this user, made for the purpose and ended afterwards
    #[arg(long, value_name = "NAME", value_parser = username)]
    user: Option<Username>,
    /// What the user's key may do: GET of the path has to be among it
    #[arg(long, value_name = "LIST", default_value = "read")]
    scopes: String,
    /// Try with the key on the first line of standard input; it is over its limit afterwards
    #[arg(long, conflicts_with = "user")]
    key_stdin: bool,
    /// Send keys by http:// to another machine too, where others on the way can read them
    #[arg(long)]
    in_clear: bool,
}

fn url(text: &str) -> Result<PublicUrl, String> {
    PublicUrl::parse(text).map_err(|error| error.to_string())
}

fn username(text: &str) -> Result<Username, String> {
    Username::parse(text).map_err(|error| error.to_string())
}

fn path(text: &str) -> Result<String, &'static str> {
    let wish = "write a path such as /api/books, of letters, digits, `.`, `_`, `-` and `~`";
    if is_plain(text) { Ok(text.to_owned()) } else { Err(wish) }
}

/// What every check looks at.
struct Scene<'a> {
    live: Live,
    url: &'a PublicUrl,
    path: &'a str,
    /// `None` elsewhere.
    config: Option<&'a Config>,
    keys: Keys,
    stand_in: Option<StandIn>,
}

pub(super) fn run(args: &DoctorArgs, config: &Config) -> anyhow::Result<()> {
    keep_to_ourselves(args)?;
    let authorities = args.ca_file.as_deref().map_or(Ok(RootCerts::WebPki), authorities)?;
    let config_here = (!args.elsewhere).then_some(config);
    let live = Live::new(&args.url, base(args, config_here), authorities);
    let stand_in = args.stand_in.map(|at| StandIn::open(at, live.mark.clone())).transpose()?;
    let examine =
        |keys| examine(&Scene { live, url: &args.url, path: &args.path, config: config_here, keys, stand_in });
    let findings = match &args.keys.user {
        Some(user) => act(config, async |cx| trial::with_keys(&cx, user, &args.keys.scopes, examine).await)?,
        None => examine(Keys { wide: given(args)?, ..Keys::default() }),
    };
    report::print(&args.url.to_string(), &findings, args.json)
}

/// A key that was read on the way is good for whoever read it, for as long as it lives.
fn keep_to_ourselves(args: &DoctorArgs) -> anyhow::Result<()> {
    let has_key = args.keys.key_stdin || args.keys.user.is_some();
    ensure!(
        !has_key || args.keys.in_clear || args.url.is_https() || args.url.is_loopback(),
        "by http:// others on the way to {} can read the key: give its https:// address, leave out --user and --key-stdin, \
         or say --in-clear where nobody else is on the way",
        args.url
    );
    Ok(())
}

/// The key that the operator hands over; other users of the machine see arguments, not standard input.
fn given(args: &DoctorArgs) -> anyhow::Result<Option<SecretString>> {
    if !args.keys.key_stdin {
        return Ok(None);
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("the key cannot be read from standard input")?;
    let key = line.trim();
    ensure!(
        PlainKey::parse(key).is_ok(),
        "standard input holds no key: write its 32 characters there as the first line"
    );
    Ok(Some(SecretString::from(key)))
}

/// Every check, in the order of the report. Those that use up the key's limit come last.
fn examine(scene: &Scene) -> Vec<Finding> {
    let reached = pages::reach(scene);
    if reached.outcome == Outcome::Failed {
        return vec![reached];
    }
    let mut findings = vec![reached];
    findings.extend(address::check(scene));
    findings.extend([clock::check(scene), pages::check(scene), internal::check(scene)]);
    findings.extend(arrivals::check(scene));
    findings.extend(paths::check(scene));
    findings.extend(refusals::check(scene));
    findings
}

/// An address without a path is the site's; where Hallpass is beside it, the configuration knows.
fn base<'a>(args: &'a DoctorArgs, config: Option<&'a Config>) -> &'a str {
    let set = config.map(|config| &config.server.public_url).filter(|set| set.origin() == args.url.origin());
    match (args.url.base_path(), set) {
        ("", Some(set)) => set.base_path(),
        (base, _) => base,
    }
}

impl Scene<'_> {
    fn wide_key(&self) -> Option<&str> {
        self.keys.wide.as_ref().map(SecretString::expose_secret)
    }

    fn narrow_key(&self) -> Option<&str> {
        self.keys.narrow.as_ref().map(SecretString::expose_secret)
    }

    /// With the good key, if there is one.
    fn with_key(&self, target: &str, headers: &[(&str, &str)]) -> Option<Answer> {
        let key = [("User-Api-Key", self.wide_key()?)];
        Some(self.live.get(target, &[&key, headers].concat()))
    }

    /// With a key that nobody has.
    fn with_unknown_key(&self, target: &str, headers: &[(&str, &str)]) -> Answer {
        let key = self.live.unheard_of();
        self.live.get(target, &[&[("User-Api-Key", key.as_str())], headers].concat())
    }

    /// What the site got of it, where that can be seen.
    fn arrived(&self, answer: &Answer) -> Option<Arrival> {
        self.stand_in.as_ref()?.arrived(answer)
    }
}
