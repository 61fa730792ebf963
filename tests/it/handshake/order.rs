//! In which order a request is judged (section 3): every fault at once, mended one by one.

use super::{kind, listed};
use crate::support::{ClientApp, TestApp};

/// Each step mends what the word before it complained of.
const MENDED: [(&str, &str, &str); 11] = [
    ("nonce", "n", "nonce"),
    ("scopes", "fly", "scopes"),
    ("client_id", "c", "client_id"),
    ("public_key", "garbage", "public_key"),
    ("application_name", "Hallpass", "application_name"),
    ("scopes", "read", "unknown_scope"),
    ("public_key", "", "bad_public_key"),
    ("padding", "oaep", "bad_padding"),
    ("auth_redirect", "http://over.the/rainbow", "redirect_not_allowed"),
    ("expires_in_seconds", "60", "bad_expiry"),
    ("application_name", "Deskbell", "reserved_name"),
];

fn everything_wrong(site: &TestApp) -> ClientApp {
    ["nonce", "scopes", "client_id", "public_key", "application_name"]
        .into_iter()
        .fold(site.client_app(), ClientApp::without)
        .set("padding", "x")
        .redirect("https://evil.example/")
        .set("expires_in_seconds", "0")
}

fn mend(app: ClientApp, name: &str, value: &str) -> ClientApp {
    let key = crate::keys::pem("rsa2048");
    app.set(name, if (name, value) == ("public_key", "") { &key } else { value })
}

async fn site() -> TestApp {
    TestApp::with(&[
        listed("http://over.the/rainbow"),
        ("user_api.user_api_key_allowed_groups", "trust_level_4"),
        ("site.title", "Hallpass"),
    ])
    .await
}

#[actix_web::test]
async fn get_judges_in_the_protocols_order_and_asks_who_it_is_last_c033_c034_c035_c036_c038_c039_c040_c043_c045() {
    let site = site().await;
    let anybody = site.anonymous();
    let mut app = everything_wrong(&site);
    for (name, value, complaint) in MENDED {
        let body = anybody.get(&app.json_path()).await.json();
        let named = body["errors"][0].as_str().and_then(|text| text.rsplit(": ").next()).unwrap_or_default();
        let reason = body["reason"].as_str().unwrap_or(named);
        assert_eq!(reason, complaint, "{body}");
        app = mend(app, name, value);
    }
    assert_eq!(anybody.get(&app.json_path()).await.status, 302);
    let ada = site.user("ada").await;
    assert_eq!(ada.get(&app.json_path()).await.json()["state"], "no_trust_level");
}

#[actix_web::test]
async fn post_asks_who_it_is_first_and_then_judges_in_the_same_order_c057_c058_c059_c061_c062_c063_c065_c066() {
    let site = site().await;
    let ada = site.user("ada").await;
    let mut app = everything_wrong(&site);
    let nobody = site.anonymous().post_form("/user-api-key.json", app.fields()).await;
    assert_eq!(kind(&nobody), (403, "not_logged_in".into()));
    assert_eq!(ada.post_form("/user-api-key.json", app.fields()).await.body, "[\"BAD CSRF\"]");
    for (name, value, complaint) in MENDED {
        let body = app.approve(&ada).await.json();
        let named = body["errors"][0].as_str().and_then(|text| text.rsplit(": ").next()).unwrap_or_default();
        assert_eq!(body["reason"].as_str().unwrap_or(named), complaint, "{body}");
        app = mend(app, name, value);
    }
    assert_eq!(app.approve(&ada).await.json()["reason"], "not_allowed");
    let eve = site.admin("eve").await;
    assert_eq!(app.approve(&eve).await.status, 200);
}
