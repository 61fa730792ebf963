//! Input that is too large, broken, doubled or hostile: each gets a clear answer, and nothing is lost by it.

use reqwest::Method;

use super::{kind, traces, works};
use crate::keys::pem;
use crate::keys::public_keys::{modulus, of_numbers};
use crate::support::visitor::form;
use crate::support::{Answer, TestApp, Visitor};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// A site, a signed-in user with a token, and a key that has to survive.
struct Scene {
    site: TestApp,
    ada: Visitor,
    key: String,
    before: (Vec<String>, usize),
}

impl Scene {
    async fn new() -> Self {
        let site = TestApp::start().await;
        let ada = site.user("ada").await;
        let key = site.client_app().approved_by(&ada).await.key;
        let before = traces(&site).await;
        Self { ada: ada.csrf().await, site, key, before }
    }

    async fn post(&self, path: &str, content_type: &str, body: &[u8]) -> Answer {
        self.ada.request(Method::POST, path, Some((content_type, body.to_vec()))).await
    }

    async fn nothing_is_lost(&self) {
        assert_eq!(traces(&self.site).await, self.before);
        assert!(works(&self.ada, &self.key).await);
    }
}

/// A refusal for programs: status, type, reason, and a word that its sentence must hold.
fn refused(answer: &Answer, status: u16, reason: &str, word: &str) {
    let error_type = if status == 413 { "too_large" } else { "invalid_parameters" };
    assert_eq!(kind(answer), (status, error_type.into()), "{answer:?}");
    assert_eq!(answer.json()["reason"].as_str().unwrap_or_default(), reason, "{answer:?}");
    assert!(answer.error().contains(word), "{word}: {}", answer.error());
}

#[actix_web::test]
async fn a_body_over_the_limit_is_413_and_says_so() {
    let scene = Scene::new().await;
    for (content_type, head) in [(FORM, "nonce="), (JSON, "{\"nonce\":\"")] {
        let body = [head.as_bytes(), &vec![b'n'; 70_000]].concat();
        refused(&scene.post("/user-api-key.json", content_type, &body).await, 413, "", "larger");
        let page = scene.post("/user-api-key", content_type, &body).await;
        assert_eq!((page.status, page.header("content-type")), (413, "text/html; charset=utf-8"));
    }
    let padded = format!("{}&x={}", form(scene.site.client_app().fields()), "y".repeat(60_000));
    assert_eq!(scene.post("/user-api-key.json", FORM, padded.as_bytes()).await.status, 200);
}

#[actix_web::test]
async fn broken_utf_8_and_nul_are_refused_wherever_it_stands() {
    let scene = Scene::new().await;
    let whole = form(scene.site.client_app().fields());
    for broken in ["nonce=%ff", "%ff=x", "x=%c3", "x=%c3%28", "x=%ed%a0%80", "x=%f0%9f", "client_id=%00", "x=a%00b"] {
        let path = format!("/user-api-key/new.json?{whole}&{broken}");
        refused(&scene.ada.get(&path).await, 400, "bad_encoding", "UTF-8");
        let page = scene.ada.html().get(&path.replace(".json", "")).await;
        assert_eq!(page.status, 400);
        assert!(page.body.contains("bad_encoding") && page.body.contains("UTF-8"), "{page:?}");
        let in_query = scene.post(&format!("/user-api-key.json?{broken}"), FORM, whole.as_bytes()).await;
        refused(&in_query, 400, "bad_encoding", "UTF-8");
        let in_form = scene.post("/user-api-key.json", FORM, format!("{whole}&{broken}").as_bytes()).await;
        refused(&in_form, 400, "bad_encoding", "UTF-8");
    }
    let raw = [whole.as_bytes(), b"&x=\xff"].concat();
    refused(&scene.post("/user-api-key.json", FORM, &raw).await, 400, "bad_encoding", "UTF-8");
    for body in [&b"{\"nonce\":\"\xff\"}"[..], b"{\"nonce\":\"a\\u0000b\"}"] {
        refused(&scene.post("/user-api-key.json", JSON, body).await, 400, "bad_encoding", "UTF-8");
    }
    scene.nothing_is_lost().await;
}

#[actix_web::test]
async fn a_parameter_that_comes_twice_is_refused_by_its_name() {
    let scene = Scene::new().await;
    let app = scene.site.client_app().redirect("http://127.0.0.1:1/").set("padding", "oaep").set("push_url", "x");
    let app = app.set("expires_in_seconds", "60");
    let whole = form(app.fields());
    for (name, value) in app.fields() {
        let twin = form(&[(name, value)]);
        let path = format!("/user-api-key/new.json?{whole}&{twin}");
        refused(&scene.ada.get(&path).await, 400, "repeated_parameter", name);
        let twice = scene.post("/user-api-key.json", FORM, format!("{twin}&{whole}").as_bytes()).await;
        refused(&twice, 400, "repeated_parameter", name);
        let across = scene.post(&format!("/user-api-key.json?{twin}"), FORM, whole.as_bytes()).await;
        refused(&across, 400, "repeated_parameter", name);
        let json = app.as_json().to_string();
        let doubled = format!("{},{}:\"other\"}}", json.trim_end_matches('}'), serde_json::json!(name));
        let twice = scene.post("/user-api-key.json", JSON, doubled.as_bytes()).await;
        refused(&twice, 400, "repeated_parameter", name);
        let page = scene.ada.html().get(&path.replace(".json", "")).await;
        assert_eq!(page.status, 400);
        assert!(page.body.contains("repeated_parameter") && page.body.contains(name), "{page:?}");
    }
    scene.nothing_is_lost().await;
}

#[actix_web::test]
async fn json_that_is_no_flat_object_is_refused() {
    let scene = Scene::new().await;
    for broken in
        ["{", "[]", "\"x\"", "null", "1", "nonce=1", "{\"nonce\":1}x", "{'nonce':1}", "{\"nonce\":\"\\ud800\"}"]
    {
        let answer = scene.post("/user-api-key.json", JSON, broken.as_bytes()).await;
        refused(&answer, 400, "bad_json", "JSON object");
    }
    for name in ["scopes", "nonce", "x"] {
        for nested in [serde_json::json!(["read"]), serde_json::json!({ "a": 1 }), serde_json::json!([])] {
            let mut body = scene.site.client_app().as_json();
            body[name] = nested;
            let answer = scene.ada.post_json("/user-api-key.json", &body).await;
            refused(&answer, 400, "bad_json", name);
        }
    }
    let deep = format!("{{\"nonce\":{}{}}}", "[".repeat(30_000), "]".repeat(30_000));
    refused(&scene.post("/user-api-key.json", JSON, deep.as_bytes()).await, 400, "bad_json", "JSON object");
    scene.nothing_is_lost().await;
}

#[actix_web::test]
async fn numbers_booleans_and_null_count_as_their_text_in_json() {
    let scene = Scene::new().await;
    let app = scene.site.client_app();
    let mut body = app.as_json();
    body["nonce"] = serde_json::json!(1_234_567_890_123_u64);
    body["client_id"] = serde_json::json!(true);
    body["push_url"] = serde_json::Value::Null;
    body["expires_in_seconds"] = serde_json::json!(60);
    let answer = scene.ada.post_json("/user-api-key.json", &body).await.json();
    let payload = app.decrypt(answer["payload"].as_str().unwrap()).payload;
    assert_eq!((&payload["nonce"], payload["expires_at"].is_string()), (&"1234567890123".into(), true));
    body["nonce"] = serde_json::Value::Null;
    let missing = scene.ada.post_json("/user-api-key.json", &body).await;
    assert_eq!((missing.status, missing.error().ends_with(": nonce")), (400, true), "{missing:?}");
}

#[actix_web::test]
async fn an_unusable_public_key_is_refused_with_what_is_wrong_h1_c061() {
    let scene = Scene::new().await;
    let odd = modulus(2048, 1);
    for (key, word) in [
        (pem("rsa512"), "512 bits"),
        (pem("rsa1024"), "1024 bits"),
        (of_numbers(&odd, &[1]), "exponent"),
        (of_numbers(&odd, &[4]), "exponent"),
        (of_numbers(&modulus(2048, 2), &[1, 0, 1]), "modulus is even"),
        (of_numbers(&modulus(16_384, 1), &[1, 0, 1]), "8192 bits"),
        (pem("ec"), "make an RSA key pair"),
        (pem("rsa2048.private"), "private key"),
        (pem("ec.private"), "private key"),
        (pem("certificate"), "certificate"),
        (pem("rsa2048").replace('+', " "), "%2B"),
        ("ssh-rsa AAAA".to_owned(), "BEGIN PUBLIC KEY"),
        (format!("{}{}", pem("rsa2048"), "\n".repeat(4096)), "4096 bytes"),
    ] {
        let app = scene.site.client_app().set("public_key", &key);
        let answer = app.approve(&scene.ada).await;
        let small = word.ends_with("bits") && !word.starts_with('8');
        refused(&answer, 400, if small { "key_too_small" } else { "bad_public_key" }, word);
        assert!(answer.error().contains("public_key"), "{}", answer.error());
        let model = scene.ada.get(&app.json_path()).await.json();
        assert!(model["message"].as_str().unwrap().contains(word), "{model}");
        // What is private is not repeated to anybody.
        assert!(!answer.body.contains("MII") && !model.to_string().contains("MII"));
    }
    scene.nothing_is_lost().await;
}

#[actix_web::test]
async fn the_room_for_a_nonce_is_counted_in_bytes_of_the_payload_c067_c079_h3() {
    let scene = Scene::new().await;
    let app = scene.site.client_app();
    // 2048 bits with PKCS#1 leave 171 bytes, 135 beside an expiry; a quotation mark takes two, an umlaut too.
    for (nonce, expires, fits) in [
        ("n".repeat(171), "", true),
        ("n".repeat(172), "", false),
        ("n".repeat(135), "60", true),
        ("n".repeat(136), "60", false),
        ("\"".repeat(85), "", true),
        ("\"".repeat(86), "", false),
        ("ü".repeat(85), "", true),
        ("ü".repeat(86), "", false),
    ] {
        let app = app.clone().set("nonce", &nonce).set("expires_in_seconds", expires);
        let model = scene.ada.get(&app.json_path()).await.json();
        assert_eq!(model["state"], if fits { "ready" } else { "generic_error" }, "{nonce}");
        let answer = app.approve(&scene.ada).await;
        if fits {
            let payload = app.decrypt(answer.json()["payload"].as_str().unwrap()).payload;
            assert_eq!(payload["nonce"], nonce);
        } else {
            refused(&answer, 400, "payload_too_large", "Payload too large for PKCS#1");
        }
    }
}
