//! The way of a device without a browser: it shows a code, and a person answers elsewhere.

use serde_json::{Value, json};

use crate::site::{ClientApp, PASSWORD, Visitor};
use crate::support::Stage;

const ACTIVATE: &str = "/user-api-key/activate";
/// Formed like a code, and nobody's.
const WRONG: &str = "aaaa-2222";

/// A program on the device, and what it was told.
struct Device {
    program: Visitor,
    application: ClientApp,
    told: Value,
}

impl Device {
    /// Asks as the program does.
    async fn ask(stage: &Stage, application: ClientApp) -> Self {
        let program = Visitor::new(&stage.server.base).with("User-Agent", "Deskbell/2.1 (Linux; x86_64)");
        let told = program.post_json("/user-api-key/device.json", &application.as_json()).await.json();
        Self { program, application, told }
    }

    /// What it was told under this name.
    fn shows(&self, name: &str) -> &str {
        self.told[name].as_str().unwrap_or_else(|| panic!("{name}: {:?}", self.told))
    }

    /// The code as people type it: small letters, no dash.
    fn as_typed(&self) -> String {
        self.shows("user_code").replace('-', "").to_lowercase()
    }

    async fn poll(&self) -> Value {
        let code = json!({ "device_code": self.shows("device_code") });
        self.program.post_json("/user-api-key/device/poll.json", &code).await.json()
    }

    /// The key, once it was allowed.
    async fn receive(&self) -> String {
        let answer = self.poll().await;
        assert_eq!(answer["status"], "authorized", "{answer}");
        self.application.decrypt(answer["payload"].as_str().unwrap()).key
    }
}

#[actix_web::test]
async fn a_code_typed_in_any_way_leads_to_the_facts_and_yes_to_the_key_c018_c148_c154_c185_c192_c9() {
    let stage = Stage::start().await;
    let device = Device::ask(&stage, stage.application()).await;
    assert_eq!(device.shows("verification_uri"), format!("{}{ACTIVATE}", stage.server.base));
    stage.open(ACTIVATE).await;
    stage.sign_in_as("ada", PASSWORD).await;
    assert_eq!(stage.place().await, ACTIVATE);
    assert!(stage.reads().await.contains("Did someone send you this code? Then stop here."));
    stage.look("device-code").await;
    stage.fill("code", WRONG).await;
    stage.follow("main button[type=submit]").await;
    assert!(stage.reads().await.contains("There is no such code."));
    stage.look("device-code-unknown").await;

    stage.fill("code", &device.as_typed()).await;
    let shown = stage.browser.ask("return document.getElementById('code').value").await;
    assert_eq!(shown, device.shows("user_code"), "it is shown as on the device");
    stage.follow("main button[type=submit]").await;
    let reads = stage.reads().await;
    let facts = ["“Deskbell” wants to use your account", "told us its name itself", "Did someone send you this code?"];
    for fact in
        facts.into_iter().chain(["ago from 127.0.0.1", "with Deskbell on Linux", "read everything you can read"])
    {
        assert!(reads.contains(fact), "{fact}: {reads}");
    }
    stage.look("device-typed").await;
    assert_eq!(device.poll().await["status"], "authorization_pending", "she has only read");
    stage.follow("#allow").await;
    assert!(stage.reads().await.starts_with("Done. Go back to Deskbell"));
    stage.look("device-done").await;
    assert_eq!(stage.status_of(&device.receive().await).await, 200);
}

#[actix_web::test]
async fn a_link_shows_the_facts_and_takes_the_code_beside_the_answer_c145_c170_c171_c185_c9() {
    let stage = Stage::start().await;
    let device = Device::ask(&stage, stage.application().set("expires_in_seconds", "86400")).await;
    stage.browser.open(device.shows("verification_uri_with_request")).await;
    stage.sign_in_as("ada", PASSWORD).await;
    assert!(stage.place().await.starts_with(&format!("{ACTIVATE}?request=")), "the link outlives the sign-in");
    let source = stage.browser.driver().source().await.unwrap();
    assert!(!source.contains(device.shows("user_code")), "whoever has the link alone does not learn the code");
    assert!(stage.reads().await.contains("Did someone send you this code?"));
    stage.look("device-link").await;
    stage.fill("code", WRONG).await;
    stage.follow("#allow").await;
    assert!(stage.reads().await.contains("This is not the code of this request."));
    assert_eq!(stage.browser.ask("return document.activeElement.id").await, "", "yes is not the next key press away");
    stage.look("device-link-wrong").await;
    assert_eq!(device.poll().await["status"], "authorization_pending");

    stage.browser.find("#code").await.clear().await.unwrap();
    stage.fill("code", &device.as_typed()).await;
    stage.follow("#allow").await;
    assert!(stage.reads().await.starts_with("Done."));
    assert_eq!(stage.status_of(&device.receive().await).await, 200);
    stage.quiet("device-link, done").await;

    stage.browser.open(device.shows("verification_uri_with_request")).await;
    assert!(stage.reads().await.contains("This code is over."));
    stage.look("device-code-expired").await;
}

#[actix_web::test]
async fn without_javascript_a_person_says_no_to_one_device_and_yes_to_another_c018_c154_c170_c171_c182_c11() {
    let stage = Stage::start().await;
    let device = Device::ask(&stage, stage.application()).await;
    stage.browser.allow_scripts(false).await;
    stage.open(ACTIVATE).await;
    stage.sign_in_as("ada", PASSWORD).await;
    stage.fill("code", &device.as_typed()).await;
    stage.follow("main button[type=submit]").await;
    stage.follow("#dont-allow").await;
    let reads = stage.reads().await;
    assert!(reads.starts_with("You said no") && reads.contains("“Deskbell” got no new key"), "{reads}");
    assert_eq!(device.poll().await["status"], "access_denied");

    let other = Device::ask(&stage, stage.application().set("client_id", "wall")).await;
    stage.browser.open(other.shows("verification_uri_with_request")).await;
    stage.fill("code", WRONG).await;
    stage.follow("#allow").await;
    assert!(stage.reads().await.contains("This is not the code of this request."));
    stage.browser.find("#code").await.clear().await.unwrap();
    stage.fill("code", &other.as_typed()).await;
    stage.follow("#allow").await;
    assert!(stage.reads().await.starts_with("Done."));
    assert_eq!(stage.status_of(&other.receive().await).await, 200);
    stage.quiet("devices without scripts").await;
}
