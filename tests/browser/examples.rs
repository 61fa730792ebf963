//! The worked examples of the guide, as their authors would run them.

use std::path::Path;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::site::{PASSWORD, Server};
use crate::support::{Browser, Stage, Website};

const SIGNED_IN: &str = "#signed-in:not([hidden])";
const SIGNED_OUT: &str = "#signed-out:not([hidden])";
const KEPT: &str = "return chrome.storage.local.get('key').then(kept => kept.key ?? null)";
const CALL: &str = "return import('./user-api-key.js')
    .then(({ call }) => call(SITE, '/session/current.json', { key: KEY })).then(JSON.stringify, error => error.message)";
const PUT_BACK: &str = "return new Promise(resolve => {
    chrome.storage.onChanged.addListener(({ key }) => key && !key.newValue && resolve('forgotten'));
    chrome.storage.local.set({ key: KEY });
})";
const WHO: &str = "Signed in as ada, with 0 unread notifications.";

#[actix_web::test]
async fn a_website_signs_its_user_in_by_popup_and_calls_from_its_own_origin_c078_c296_c297_c298_w7() {
    let website = Website::of("docs/guide/examples/web-application");
    let stage = Stage::with(&[("cors.origins", &website.origin)]).await;
    let driver = stage.browser.driver();
    stage.browser.open(&website.origin).await;
    let page = driver.window().await.unwrap();
    assert_eq!(stage.browser.axe().await, Vec::<String>::new());
    stage.give_site().await;
    stage.browser.enter_popup().await;
    stage.browser.shows("#login").await;
    stage.sign_in_as("ada", PASSWORD).await;
    stage.allow_in_popup().await;
    driver.switch_to_window(page.clone()).await.unwrap();
    stage.browser.shows(SIGNED_IN).await;
    assert!(stage.reads().await.contains(WHO));
    stage.browser.screenshot("example-web-application").await;
    stage.click("#sign-out").await;
    stage.browser.shows(SIGNED_OUT).await;

    stage.give_site().await;
    stage.browser.enter_popup().await;
    stage.browser.shows("#allow").await;
    stage.allow_in_popup().await;
    driver.switch_to_window(page.clone()).await.unwrap();
    stage.browser.shows(SIGNED_IN).await;
    driver.new_tab().await.unwrap();
    stage.browser.enter_popup().await;
    stage.open("/u/ada/preferences/apps").await;
    stage.answer("End access").await;
    assert!(stage.reads().await.contains("Access of “Meadow Reader” ended."));
    driver.close_window().await.unwrap();
    driver.switch_to_window(page).await.unwrap();
    stage.click("#again").await;
    stage.browser.shows(SIGNED_OUT).await;
    assert!(stage.reads().await.contains("not permitted"), "refusals can be read too: {}", stage.reads().await);
}

#[actix_web::test]
async fn a_website_that_is_not_listed_reads_no_answer_c297_w7() {
    let (listed, other) = ["docs/guide/examples/web-application"; 2].map(Website::of).into();
    let stage = Stage::with(&[("cors.origins", &listed.origin)]).await;
    let fetched = format!(
        "const done = arguments[arguments.length - 1];
         fetch({}).then(answer => done(answer.status), error => done(error.message))",
        Value::from(format!("{}/site/basic-info.json", stage.server.base))
    );
    for (website, outcome) in [(listed, Value::from(200)), (other, Value::from("Failed to fetch"))] {
        stage.browser.open(&website.origin).await;
        let got = stage.browser.driver().execute_async(fetched.clone(), Vec::new()).await.unwrap();
        assert_eq!(got.json(), &outcome);
    }
}

#[actix_web::test]
async fn an_extension_signs_its_user_in_by_device_code_c296_c298_c308() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide/examples/extension").canonicalize().unwrap();
    let origin = format!("chrome-extension://{}", id_of(&folder));
    let server = Server::start(&[("site.title", "Meadow Forum"), ("cors.origins", &origin)]);
    server.account("ada", PASSWORD, &[]);
    let load = format!("--load-extension={}", folder.display());
    let stage = Stage { server, browser: Browser::with(&[&load]).await };
    let driver = stage.browser.driver();
    stage.browser.open(&format!("{origin}/page.html")).await;
    let page = driver.window().await.unwrap();
    stage.browser.shows(SIGNED_OUT).await;
    stage.give_site().await;
    stage.browser.shows("#waiting:not([hidden])").await;
    let code = stage.browser.find("#code").await.text().await.unwrap();
    stage.click("#link").await;
    stage.browser.enter_popup().await;
    stage.browser.shows("#login").await;
    stage.sign_in_as("ada", PASSWORD).await;
    stage.fill("code", &code).await;
    stage.follow("#allow").await;
    stage.open("/u/ada/preferences/apps").await;
    let listed = stage.reads().await;
    assert!(listed.contains("Meadow Bell") && listed.contains("Ends\non "), "{listed}");
    driver.switch_to_window(page).await.unwrap();
    stage.browser.shows(SIGNED_IN).await;
    assert!(stage.reads().await.contains(WHO));
    stage.browser.screenshot("example-extension").await;

    let key = stage.browser.ask(KEPT).await.as_str().expect("it has kept the key").to_owned();
    assert_eq!(stage.status_of(&key).await, 200);
    stage.click("#sign-out").await;
    stage.browser.shows(SIGNED_OUT).await;
    assert_eq!((stage.status_of(&key).await, stage.browser.ask(KEPT).await), (403, Value::Null));

    let [site, key] = [&stage.server.base, &key].map(|text| Value::from(text.as_str()));
    let said = stage.browser.ask(&CALL.replace("SITE", &site.to_string()).replace("KEY", &key.to_string())).await;
    assert!(said.as_str().is_some_and(|said| said.contains("not permitted")), "what the site says: {said}");
    assert_eq!(
        stage.browser.ask(&PUT_BACK.replace("KEY", &key.to_string())).await,
        "forgotten",
        "by the one on the icon"
    );
}

impl Stage {
    /// Tells an example where the site is, and starts its sign-in.
    async fn give_site(&self) {
        self.browser.find("#site").await.clear().await.expect("the field can be emptied");
        self.fill("site", &self.server.base).await;
        self.click("#signed-out button").await;
    }

    /// The window closes itself, maybe before chromedriver has its answer.
    async fn allow_in_popup(&self) {
        self.browser.find("#allow").await.click().await.ok();
    }
}

/// What Chromium calls an extension that is loaded from a folder: half a hash of the path, in letters from a to p.
fn id_of(folder: &Path) -> String {
    let hash = Sha256::digest(folder.as_os_str().as_encoded_bytes());
    let letter = |half: u8| char::from(b'a' + half);
    hash.iter().take(16).flat_map(|byte| [letter(byte >> 4), letter(byte & 15)]).collect()
}
