//! Setting the watches going: at once where there is a key, elsewhere when the user has given one.

use std::thread;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::keys::{Kept, Keys};
use super::watch::{Means, News, Watch};
use crate::cli::handshake::{Obtained, Site, WayArgs, Wish, obtain};
use crate::cli::print::talk;
use crate::model::Padding;

/// What the notifier has to see, and no more.
const SCOPES: &str = "notifications,session_info";

/// News, and from where.
pub(super) type Told = (Site, News);

/// Each watch has a thread of its own, so that no site waits for another. The threads end with the program, or by
/// themselves; when all have, nothing is told any more.
#[derive(Clone, Debug)]
pub(super) struct Tour {
    keys: Keys,
    means: Means,
    way: WayArgs,
    teller: UnboundedSender<Told>,
}

impl Tour {
    /// What is told comes out of the receiver.
    pub(super) fn start(
        sites: &[Site],
        keys: Keys,
        means: Means,
        way: WayArgs,
    ) -> anyhow::Result<UnboundedReceiver<Told>> {
        let (teller, told) = unbounded_channel();
        let tour = Self { keys, means, way, teller };
        let mut without_key = Vec::new();
        for (at, site) in sites.iter().enumerate() {
            if sites.iter().take(at).any(|before| before == site) {
                continue;
            }
            match tour.keys.find(site)? {
                Some(kept) => tour.watch(site, &kept)?,
                None => without_key.push(site.clone()),
            }
        }
        thread::Builder::new().spawn(move || tour.get_keys(&without_key))?;
        Ok(told)
    }

    fn tell(&self, site: &Site, news: News) -> bool {
        self.teller.send((site.clone(), news)).is_ok()
    }

    fn watch(&self, site: &Site, kept: &Kept) -> anyhow::Result<()> {
        let watch = Watch::new(site.clone(), kept.clone(), &self.means);
        let (tour, site, kept) = (self.clone(), site.clone(), kept.clone());
        let tell = move |news| {
            if matches!(news, News::KeyEnded) {
                tour.forget(&site, &kept);
            }
            tour.tell(&site, news)
        };
        let once = self.means.once;
        thread::Builder::new().spawn(move || watch.run(once, tell))?;
        Ok(())
    }

    fn forget(&self, site: &Site, kept: &Kept) {
        if let Err(error) = self.keys.forget(site, kept) {
            talk(&format!("{site}: its key has ended and cannot be forgotten: {error:#}"));
        }
    }

    /// One site after the other: the user has one browser before them. Whatever is still waiting for a paste would take the
    /// next one too, so that after a failure there is none.
    fn get_keys(self, sites: &[Site]) {
        let mut goes_on = true;
        for site in sites {
            let got = if goes_on { self.get_key(site) } else { Err(anyhow::anyhow!("it was not asked for a key")) };
            if let Err(error) = got {
                goes_on = !self.way.paste;
                self.tell(site, News::NoKey(format!("{error:#}")));
            }
        }
    }

    fn get_key(&self, site: &Site) -> anyhow::Result<()> {
        let wish = Wish {
            program: super::PROGRAM,
            application_name: "hallpass notify",
            scopes: SCOPES,
            padding: Padding::Oaep,
            expires_in_seconds: None,
            push_url: None,
        };
        let Obtained { client_id, grant } = obtain(site, &wish, &self.way, &self.means.random)?;
        let kept = Kept { key: grant.key, client_id };
        self.keys.put(site, &kept)?;
        self.watch(site, &kept)
    }
}
