//! One Chromium: opening pages, typing, pressing keys, pictures.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{By, ChromiumLikeCapabilities, DesiredCapabilities, Key, LoggingPrefsLogLevel};
use thirtyfour::{WebDriver, WebElement};

use super::chromedriver::Chromedriver;

const FLAGS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP *.example 127.0.0.1",
    "--hide-scrollbars",
];
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// A Chromium with a new profile; it and its driver end when this is dropped.
#[derive(Debug)]
pub(crate) struct Browser {
    // In this order: the driver ended, the profile removed.
    driver: WebDriver,
    chromedriver: Chromedriver,
    _profile: TempDir,
}

impl Browser {
    /// Starts a browser with a window of 1280 by 800.
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// Starts one with these flags more.
    pub(crate) async fn with(flags: &[&str]) -> Self {
        let chromedriver = Chromedriver::start();
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let mut wishes = DesiredCapabilities::chrome();
        for flag in FLAGS.iter().chain(flags) {
            wishes.add_arg(flag).expect("a flag is text");
        }
        wishes.add_arg(&format!("--user-data-dir={}", profile.path().display())).expect("a flag is text");
        wishes.set_browser_log_level(LoggingPrefsLogLevel::All).expect("a level is text");
        // What travels, for `network.rs`.
        wishes.set_logging_prefs("performance", LoggingPrefsLogLevel::All).expect("a level is text");
        let driver = WebDriver::builder(chromedriver.url(), wishes).request_timeout(ANSWER_WITHIN).await;
        let this = Self { driver: driver.expect("Chromium starts"), chromedriver, _profile: profile };
        this.resize(1280, 800).await;
        this.note_policy_violations().await;
        this
    }

    /// The session itself, for what has no word here.
    pub(crate) fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Opens a page and waits until it is loaded.
    pub(crate) async fn open(&self, url: &str) {
        self.driver.goto(url).await.expect("the page opens");
    }

    /// Sets the page's size in CSS pixels, exactly; a window could not be as narrow as 320.
    pub(crate) async fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.tell("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// The first element that a CSS selector finds; waits for none.
    pub(crate) async fn find(&self, selector: &str) -> WebElement {
        self.driver.find(By::Css(selector)).await.expect("the element is on the page")
    }

    /// What the page's JavaScript answers to `return …`.
    pub(crate) async fn ask(&self, script: &str) -> Value {
        self.driver.execute(script, Vec::new()).await.expect("the script runs").json().clone()
    }

    /// Presses a key wherever the focus is.
    pub(crate) async fn press(&self, key: Key) {
        self.driver.action_chain().send_keys(key).perform().await.expect("the key is pressed");
    }

    /// Saves the whole page, also what is below the window, as `target/screenshots/NAME.png`; the file.
    pub(crate) async fn screenshot(&self, name: &str) -> PathBuf {
        let folder = super::target().join("screenshots");
        fs::create_dir_all(&folder).expect("a folder for pictures");
        let metrics = self.tell("Page.getLayoutMetrics", json!({})).await;
        let pixels =
            |area: &str, side: &str| metrics[area][side].as_u64().and_then(|pixels| u32::try_from(pixels).ok());
        let [width, height, whole] = [
            pixels("cssLayoutViewport", "clientWidth"),
            pixels("cssLayoutViewport", "clientHeight"),
            pixels("cssContentSize", "height"),
        ]
        .map(|pixels| pixels.expect("the page has a size"));
        // Chromium can take what is below the window, but forgets the visitor's size of text over it.
        self.resize(width, whole).await;
        let taken = self.tell("Page.captureScreenshot", json!({})).await;
        self.resize(width, height).await;
        let picture = taken.get("data").and_then(Value::as_str).and_then(|data| STANDARD.decode(data).ok());
        let file = folder.join(format!("{name}.png"));
        fs::write(&file, picture.expect("a picture")).expect("the picture is saved");
        file
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // thirtyfour would close the session itself, and wait half a minute for an answer that it has blocked.
        drop(self.driver.clone().leak());
        let chromium = self.driver.capabilities().get("goog:processID").and_then(Value::as_u64);
        self.chromedriver.close(self.driver.session_id(), chromium);
    }
}
