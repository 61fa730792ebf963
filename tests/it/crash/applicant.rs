//! A user who approves one application after the other, until nobody answers any more.

use reqwest::Method;

use crate::support::visitor::form;
use crate::support::{Answer, ClientApp, Visitor};

/// The application that is approved again and again.
pub(super) const SAME: &str = "same";

/// How a user approves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// On the page, whose form is answered with a redirect.
    Page,
    /// By JSON, which is answered with `redirect_url`.
    Script,
}

pub(super) struct Applicant {
    pub(super) name: String,
    /// Every key of an application that was approved once.
    pub(super) answered: Vec<String>,
    /// Keys of the application that was approved again and again, the newest last.
    pub(super) replaced: Vec<String>,
    /// Whether the last try to replace had no answer.
    unanswered: bool,
    /// How many of `answered` were looked at.
    checked: usize,
    base: String,
    browser: Visitor,
    way: Way,
}

impl Applicant {
    pub(super) fn new(base: &str, name: String, browser: Visitor, way: Way) -> Self {
        let (answered, replaced) = (Vec::new(), Vec::new());
        Self { name, answered, replaced, unanswered: false, checked: 0, base: base.to_owned(), browser, way }
    }

    /// Approves, and gives the key; an error when no answer came.
    pub(super) async fn approve(&mut self, client: &str) -> reqwest::Result<String> {
        let application =
            ClientApp::new(&self.base).set("client_id", client).redirect("http://127.0.0.1:4117/back?from=here");
        let url = match self.way {
            Way::Page => self.approve_on_page(&application).await?.header("Location").to_owned(),
            Way::Script => {
                let answer = self.post(&self.browser, "/user-api-key.json", application.fields()).await?;
                answer.json()["redirect_url"].as_str().unwrap().to_owned()
            }
        };
        Ok(application.receive(&url).key)
    }

    async fn approve_on_page(&self, application: &ClientApp) -> reqwest::Result<Answer> {
        let page = self.browser.html().attempt(Method::GET, &application.path(), None).await?;
        let mut fields = application.fields().to_vec();
        fields.push(("authenticity_token".to_owned(), page.hidden("authenticity_token")));
        let answer = self.post(&self.browser.without("X-CSRF-Token").html(), "/user-api-key", &fields).await?;
        assert_eq!(answer.status, 302, "{answer:?}");
        Ok(answer)
    }

    async fn post(&self, from: &Visitor, path: &str, fields: &[(String, String)]) -> reqwest::Result<Answer> {
        let body = form(fields).into_bytes();
        from.attempt(Method::POST, path, Some(("application/x-www-form-urlencoded", body))).await
    }

    /// The same application again and again, while nothing is in the way.
    pub(super) async fn approve_times(mut self, times: u32) -> Self {
        for _ in 0..times {
            let key = self.approve(SAME).await.unwrap();
            self.replaced.push(key);
        }
        self
    }

    /// A new application and the same one as always, in turn.
    pub(super) async fn approve_until_the_end(mut self, round: u32) -> Self {
        for turn in round.. {
            if turn % 2 == 0 {
                let Ok(key) = self.approve(&format!("once-{round}-{turn}")).await else { break };
                self.answered.push(key);
            } else {
                self.unanswered = true;
                let Ok(key) = self.approve(SAME).await else { break };
                self.replaced.push(key);
                self.unanswered = false;
            }
        }
        self
    }

    async fn verifies(&self, key: &str) -> bool {
        self.browser.holder_of(key).get("/session/current.json").await.status == 200
    }

    /// To be called when the service is there again.
    pub(super) async fn reconnect(&self) {
        self.browser.reconnect().await;
    }

    /// What was answered since the last time verifies.
    pub(super) async fn check_answered(&mut self) {
        for key in &self.answered[self.checked..] {
            assert!(self.verifies(key).await, "{} lost a key that was answered", self.name);
        }
        self.checked = self.answered.len();
    }

    /// The newest of the application that is always the same verifies, unless a replacement was made whose answer was
    /// lost. Says whether one was cut off before
    /// it was made.
    pub(super) async fn check_replaced(&mut self) -> bool {
        let there = self.verifies(self.replaced.last().unwrap()).await;
        assert!(there || self.unanswered, "{} lost the newest key", self.name);
        there && std::mem::take(&mut self.unanswered)
    }

    /// Nothing of all this has been lost since.
    pub(super) async fn check_all(&self) {
        for key in &self.answered {
            assert!(self.verifies(key).await, "{} lost a key later on", self.name);
        }
    }
}
