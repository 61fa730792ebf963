//! Whatever is changed about a key on one node counts on every other.

use super::Site;
use super::asker::{Asker, Said};
use crate::support::{ClientApp, PASSWORD, Visitor};

/// The others, which remember the key.
struct Others<'a> {
    site: &'a Site,
    askers: [Asker; 2],
}

impl Others<'_> {
    fn all_say(&mut self, wished: fn(&Said) -> bool) {
        for asker in &mut self.askers {
            asker.until(&self.site.key, wished);
        }
    }

    /// The key ends by the one and lives by the other.
    fn end_and_live(&mut self, end: impl FnOnce(&Site), live: impl FnOnce(&Site)) {
        self.askers.iter_mut().for_each(|asker| asker.until_remembered(&self.site.key));
        end(self.site);
        self.all_say(|said| said.status == 403);
        live(self.site);
        self.all_say(|said| said.status == 200);
    }
}

fn command(arguments: &[&str]) -> impl FnOnce(&Site) {
    move |site| {
        let done = site.node.cli(arguments, "");
        assert!(done.status.success(), "{done:?}");
    }
}

fn statement(text: &str) -> impl FnOnce(&Site) {
    move |site| site.node.database().execute(text)
}

fn act(what: &str) -> impl FnOnce(&Site) {
    move |site| site.act(&mut Asker::to(&site.node.base), what)
}

#[actix_web::test]
async fn what_is_changed_about_a_key_counts_on_every_node_l8() {
    let site = Site::start().await;
    let nodes = [site.node.beside(&[]), site.node.beside(&[])];
    let mut others = Others { site: &site, askers: nodes.each_ref().map(|node| Asker::to(&node.internal)) };
    others.end_and_live(act("revoke"), act("undo-revoke"));
    others.end_and_live(command(&["key", "revoke", &site.id]), Site::restore);
    others.end_and_live(command(&["user", "suspend", "ada"]), command(&["user", "unsuspend", "ada"]));
    others.end_and_live(
        statement("UPDATE user_api_keys SET expires_at = 1"),
        statement("UPDATE user_api_keys SET expires_at = NULL"),
    );

    statement("INSERT INTO user_groups (user_id, name) SELECT id, 'editors' FROM users")(&site);
    others.all_say(|said| said.text.contains("editors"));
    statement("DELETE FROM user_groups")(&site);
    others.all_say(|said| !said.text.contains("editors"));

    let browser = Visitor::new(&site.node.base);
    browser.sign_in("ada", PASSWORD).await;
    let new = ClientApp::new(&site.node.base).scopes("read").approved_by(&browser).await.key;
    for asker in &mut others.askers {
        asker.until(&new, |said| said.status == 200);
    }
    others.all_say(|said| said.status == 403);
}
