//! `--forget`: ending keys at their sites.

use anyhow::{Context as _, bail};

use super::calls::{Calls, Said};
use super::keys::Keys;
use super::watch::Means;
use crate::cli::handshake::Site;
use crate::cli::print::talk;

/// Ends the key at each site, also when another site fails.
pub(super) fn forget(sites: &[Site], keys: &Keys, means: &Means) -> anyhow::Result<()> {
    let mut failed = 0;
    for site in sites {
        match end(site, keys, means) {
            Ok(()) => talk(&format!("{site}: the key is ended and forgotten")),
            Err(error) => {
                failed += 1;
                talk(&format!("{site}: {error:#}"));
            }
        }
    }
    if failed > 0 {
        bail!("{failed} of {} keys could not be ended", sites.len());
    }
    Ok(())
}

/// A key that the site could not be told of is kept: without it, nothing here could end it any more.
fn end(site: &Site, keys: &Keys, means: &Means) -> anyhow::Result<()> {
    let kept = keys.find(site)?.context("there is no key for it")?;
    match Calls::new(site.clone(), kept.clone(), means.clock.clone()).revoke() {
        Said::Json(_) | Said::KeyRefused => keys.forget(site, &kept),
        Said::Later(after) => bail!("the key is kept, since it asks to come again in {} s", after.as_secs()),
        Said::Failed(why) => bail!("the key is kept, since {why}"),
    }
}
