//! What the user sees: a line when something changed, and nothing otherwise.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::ensure;
use serde_json::json;

use super::desktop::Desktop;
use super::watch::{News, Standing};
use crate::cli::handshake::Site;
use crate::cli::print::{offer, talk};
use crate::model::Clock;

/// All sites, as they were last seen.
#[derive(Debug)]
pub(super) struct Board {
    json: bool,
    clock: Arc<dyn Clock>,
    desktop: Option<Desktop>,
    rows: HashMap<String, Row>,
}

#[derive(Debug, Default)]
struct Row {
    standing: Option<Standing>,
    is_in_trouble: bool,
}

impl Board {
    pub(super) fn new(json: bool, clock: Arc<dyn Clock>, desktop: Option<Desktop>) -> Self {
        Self { json, clock, desktop, rows: HashMap::new() }
    }

    /// Shows what is new; whether anybody still looks.
    pub(super) fn take(&mut self, site: &Site, news: News) -> anyhow::Result<bool> {
        let row = self.rows.entry(site.to_string()).or_default();
        match news {
            News::Standing(standing) => self.has_answered(site, &standing),
            News::Trouble(_) if row.is_in_trouble => Ok(true),
            News::Trouble(why) | News::NoKey(why) => self.has_failed(site, &why),
            News::KeyEnded => {
                let why = "its key has ended and is forgotten";
                talk(&format!("To connect again: hallpass notify {site}"));
                self.has_failed(site, why)
            }
        }
    }

    /// When nothing is to come any more.
    ///
    /// # Errors
    /// When a site is in trouble.
    pub(super) fn end(self) -> anyhow::Result<()> {
        if let Some(desktop) = self.desktop {
            desktop.finish();
        }
        let (all, failed) = (self.rows.len(), self.rows.values().filter(|row| row.is_in_trouble).count());
        ensure!(failed == 0, "{failed} of {all} {} failed", if all == 1 { "site" } else { "sites" });
        Ok(())
    }

    fn has_answered(&mut self, site: &Site, standing: &Standing) -> anyhow::Result<bool> {
        let row = self.rows.entry(site.to_string()).or_default();
        let was_in_trouble = std::mem::take(&mut row.is_in_trouble);
        let before = row.standing.replace(standing.clone());
        if was_in_trouble {
            talk(&format!("{site}: it answers again"));
        }
        let is_new = before.as_ref() != Some(standing);
        if standing.new > before.map_or(0, |before| before.new) {
            self.desktop.iter().for_each(|desktop| desktop.show(&standing.title, &counts(standing)));
        }
        if self.json && (is_new || was_in_trouble) {
            return Ok(offer(&self.as_json(site, Some(standing), None))?);
        }
        Ok(self.json || !is_new || offer(&line(site, standing))?)
    }

    fn has_failed(&mut self, site: &Site, why: &str) -> anyhow::Result<bool> {
        talk(&format!("{site}: {why}"));
        let row = self.rows.entry(site.to_string()).or_default();
        row.is_in_trouble = true;
        let standing = row.standing.clone();
        Ok(!self.json || offer(&self.as_json(site, standing.as_ref(), Some(why)))?)
    }

    fn as_json(&self, site: &Site, standing: Option<&Standing>, error: Option<&str>) -> String {
        json!({
            "site": site.to_string(),
            "title": standing.map(|it| &it.title),
            "username": standing.and_then(|it| it.username.as_ref()),
            "new": standing.map(|it| it.new),
            "unread_high_priority": standing.and_then(|it| it.high_priority),
            "changed": self.clock.now().iso_seconds(),
            "error": error,
        })
        .to_string()
    }
}

fn line(site: &Site, standing: &Standing) -> String {
    let Standing { title, username, .. } = standing;
    let address = Some(site.to_string()).filter(|address| address != title);
    let place = address.map(|address| format!(" ({address})")).unwrap_or_default();
    let whose = username.as_ref().map(|username| format!(", {username}")).unwrap_or_default();
    format!("{title}{place}{whose}: {}", counts(standing))
}

fn counts(standing: &Standing) -> String {
    match standing.high_priority {
        None | Some(0) => format!("{} new", standing.new),
        Some(high) => format!("{} new; {high} unread of high priority", standing.new),
    }
}
