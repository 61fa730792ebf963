//! Where a story plays: a new service, a new browser, and ada, who has an account.

use thirtyfour::{By, Key};

use super::{Browser, Landing};
use crate::site::{ClientApp, PASSWORD, Server, Visitor};

/// A server and a browser.
pub(crate) struct Stage {
    /// The service.
    pub(crate) server: Server,
    /// The browser.
    pub(crate) browser: Browser,
}

impl Stage {
    /// With an account `ada`.
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With an account `ada`, and these settings.
    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        let this = Self::empty(settings).await;
        this.server.account("ada", PASSWORD, &[]);
        this
    }

    /// Without any account.
    pub(crate) async fn empty(settings: &[(&str, &str)]) -> Self {
        let named = [&[("site.title", "Meadow Forum")], settings].concat();
        Self { server: Server::start(&named), browser: Browser::start().await }
    }

    /// An application nobody registered.
    pub(crate) fn application(&self) -> ClientApp {
        ClientApp::new(&self.server.base).set("padding", "oaep")
    }

    /// The same, waiting at a landing.
    pub(crate) fn waiting_at(&self, landing: &Landing) -> ClientApp {
        self.application().redirect(&landing.url("/callback?from=meadow"))
    }

    /// A program with this key.
    pub(crate) fn program(&self, key: &str) -> Visitor {
        Visitor::new(&self.server.base).holder_of(key)
    }

    /// The status that a request with this key gets.
    pub(crate) async fn status_of(&self, key: &str) -> u16 {
        self.program(key).get("/session/current.json").await.status
    }

    /// Opens a path of the service.
    pub(crate) async fn open(&self, path: &str) {
        self.browser.open(&format!("{}{path}", self.server.base)).await;
    }

    /// Where the browser is: a path of the service with its query, or a whole address elsewhere.
    pub(crate) async fn place(&self) -> String {
        let url = self.browser.driver().current_url().await.expect("the browser is somewhere").to_string();
        url.strip_prefix(&self.server.base).map_or_else(|| url.clone(), str::to_owned)
    }

    /// Clicks what a CSS selector finds.
    pub(crate) async fn click(&self, selector: &str) {
        self.browser.find(selector).await.click().await.expect("it can be clicked");
    }

    /// Clicks what a CSS selector finds, and waits for the page that comes of it.
    pub(crate) async fn follow(&self, selector: &str) {
        self.browser.leave_by(self.click(selector)).await;
    }

    /// Clicks the button whose words begin like this, and waits for the page that comes of it.
    pub(crate) async fn answer(&self, words: &str) {
        let found = By::XPath(format!("//button[starts-with(normalize-space(), '{words}')]"));
        let button = self.browser.driver().find(found).await.expect("the button is on the page");
        self.browser.leave_by(async { button.click().await.expect("it can be clicked") }).await;
    }

    /// Types into the field of this id.
    pub(crate) async fn fill(&self, id: &str, text: &str) {
        self.browser.find(&format!("#{id}")).await.send_keys(text).await.expect("the field takes text");
    }

    /// Fills in the sign-in form that is shown, and sends it.
    pub(crate) async fn sign_in_as(&self, name: &str, password: &str) {
        self.browser.find("#login").await.clear().await.expect("the field can be emptied");
        self.fill("login", name).await;
        self.fill("password", password).await;
        self.follow("main button[type=submit]").await;
    }

    /// Opens the sign-in page, signs ada in.
    pub(crate) async fn sign_in(&self) {
        self.open("/login").await;
        self.sign_in_as("ada", PASSWORD).await;
    }

    /// What a person reads on the page's main part.
    pub(crate) async fn reads(&self) -> String {
        self.browser.find("main").await.text().await.expect("the page has a text")
    }

    /// Presses Tab until the focus is on the element of this id; how often that took.
    pub(crate) async fn tab_to(&self, id: &str) -> usize {
        for presses in 1..30 {
            self.browser.press(Key::Tab).await;
            if self.browser.ask("return document.activeElement.id").await == id {
                return presses;
            }
        }
        panic!("Tab never comes to {id}");
    }

    /// Types wherever the focus is.
    pub(crate) async fn type_there(&self, text: &str) {
        self.browser.driver().action_chain().send_keys(text).perform().await.expect("the keys are pressed");
    }
}
