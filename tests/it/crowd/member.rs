//! One of the crowd: does things at random and remembers what was answered.

use std::iter::Sum;

use hallpass::crypto::Random;

use super::{CLIENTS, USERS, find};
use crate::support::{Answer, ClientApp, PASSWORD, TestApp, Visitor};

/// How many acts of each kind were answered.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Did {
    pub(super) approvals: usize,
    pub(super) revocations: usize,
    pub(super) undos: usize,
    pub(super) sign_ins: usize,
    /// Tries that came too late: the key had been replaced.
    pub(super) late: usize,
}

impl Did {
    pub(super) const fn all(self) -> usize {
        self.approvals + self.revocations + self.undos + self.sign_ins + self.late
    }
}

impl Sum for Did {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            approvals: sum.approvals + one.approvals,
            revocations: sum.revocations + one.revocations,
            undos: sum.undos + one.undos,
            sign_ins: sum.sign_ins + one.sign_ins,
            late: sum.late + one.late,
        })
    }
}

/// A key that a member got, and whether it was ended last or not. Nobody else ends it, but others may replace it.
pub(super) struct Held {
    pub(super) key: String,
    pub(super) ended: bool,
}

pub(super) struct Member {
    pub(super) did: Did,
    pub(super) held: Vec<Held>,
    random: Random,
    name: String,
    browser: Visitor,
    other_sessions: Vec<Visitor>,
}

impl Member {
    pub(super) async fn arrive(site: &TestApp, number: u64) -> Self {
        let name = format!("user{}", number % USERS);
        let browser = site.sign_in(&name).await.csrf().await;
        let random = Random::seeded(number);
        Self { did: Did::default(), held: Vec::new(), random, name, browser, other_sessions: Vec::new() }
    }

    /// A number below `end`.
    fn dice(&self, end: u64) -> u64 {
        u64::from_le_bytes(self.random.bytes()) % end
    }

    pub(super) async fn act(&mut self, site: &TestApp) {
        match self.dice(10) {
            0..4 => self.approve(site).await,
            4..7 => self.end(site).await,
            7..9 => self.undo(site).await,
            _ => self.sign_in(site).await,
        }
    }

    async fn approve(&mut self, site: &TestApp) {
        let client = format!("client-{}", self.dice(CLIENTS));
        let application: ClientApp = site.client_app().set("client_id", &client);
        let answer = self.browser.post_form("/user-api-key.json", application.fields()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let key = application.decrypt(answer.json()["payload"].as_str().unwrap()).key;
        self.held.push(Held { key, ended: false });
        self.did.approvals += 1;
    }

    /// One of the member's keys that is ended, or is not, the newest twice as often as the one before it.
    fn pick(&self, ended: bool) -> Option<usize> {
        let mut fitting: Vec<usize> = (0..self.held.len()).filter(|at| self.held[*at].ended == ended).collect();
        while fitting.len() > 1 && self.dice(2) == 0 {
            fitting.pop();
        }
        fitting.pop()
    }

    async fn end(&mut self, site: &TestApp) {
        let Some(at) = self.pick(false) else { return self.approve(site).await };
        let answer = self.browser.holder_of(&self.held[at].key).post("/user-api-key/revoke").await;
        // 403 when it was replaced before the key was looked at, 404 when that happened just after.
        if self.was_answered(&answer, &[403, 404]) {
            self.held[at].ended = true;
            self.did.revocations += 1;
        }
    }

    async fn undo(&mut self, site: &TestApp) {
        let Some(at) = self.pick(true) else { return self.sign_in(site).await };
        let Some(row) = find(site, &self.held[at].key).await else { return self.sign_in(site).await };
        let id = row.id.to_string();
        let answer = self.browser.post_form("/user-api-key/undo-revoke", &[("id", &id)]).await;
        if self.was_answered(&answer, &[404]) {
            self.held[at].ended = false;
            self.did.undos += 1;
        }
    }

    fn was_answered(&mut self, answer: &Answer, too_late: &[u16]) -> bool {
        if answer.status == 200 {
            return true;
        }
        assert!(too_late.contains(&answer.status), "{answer:?}");
        self.did.late += 1;
        false
    }

    async fn sign_in(&mut self, site: &TestApp) {
        let visitor = site.anonymous();
        let answer = visitor.sign_in(&self.name, PASSWORD).await;
        assert!(answer.json()["user"].is_object(), "{answer:?}");
        self.other_sessions.push(visitor);
        self.did.sign_ins += 1;
    }

    pub(super) async fn still_signed_in(&self) {
        for visitor in self.other_sessions.iter().chain([&self.browser]) {
            let current = visitor.get("/session/current.json").await;
            assert_eq!(current.json()["current_user"]["username"], self.name.as_str());
        }
    }
}
