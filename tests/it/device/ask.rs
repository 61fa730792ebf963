//! `POST /user-api-key/device`.

use std::net::IpAddr;
use std::time::Duration;

use hallpass::app::App;
use hallpass::config::{Config, Sources};
use hallpass::crypto::Random;
use hallpass::domain::device::{self, DeviceError};
use hallpass::model::{Fields, Timestamp, UserAgent};
use serde_json::{Value, json};

use super::{allow, ask, codes, enter, poll, status, token};
use crate::support::{Answer, ClientApp, TestApp};

const PATH: &str = "/user-api-key/device.json";

async fn asked(site: &TestApp, application: &ClientApp) -> Answer {
    site.anonymous().post_json(PATH, &application.as_json()).await
}

/// Asserts 400 `invalid_parameters` that names the parameter.
fn names(answer: &Answer, parameter: &str) {
    assert_eq!((answer.status, &answer.json()["error_type"]), (400, &json!("invalid_parameters")), "{answer:?}");
    assert!(answer.error().contains(parameter), "{parameter}: {answer:?}");
    assert!(answer.json()["reason"].is_string(), "{answer:?}");
}

fn forbidden(answer: &Answer) {
    assert_eq!((answer.status, &answer.json()["error_type"]), (403, &json!("invalid_access")), "{answer:?}");
}

#[actix_web::test]
async fn only_json_is_taken_and_only_json_is_answered_c109_c110_c111() {
    let site = TestApp::start().await;
    let (program, application) = (site.anonymous(), site.client_app());
    let answer = program.post_json("/user-api-key/device", &application.as_json()).await;
    assert_eq!(answer.status, 403);
    assert!(!answer.header("content-type").starts_with("application/json"), "{answer:?}");
    forbidden(&program.post_form(PATH, application.fields()).await);
    forbidden(&program.json().post(PATH).await);
    codes(&program.json().post_json("/user-api-key/device", &application.as_json()).await);
}

#[actix_web::test]
async fn the_twenty_first_request_of_an_address_in_a_minute_is_refused_whatever_is_in_it_c112() {
    let site = TestApp::start().await;
    let program = site.anonymous();
    // What is no JSON is not counted.
    program.post_form(PATH, site.client_app().fields()).await;
    for number in 0..20 {
        let answer = match number % 3 {
            0 => program.post_json(PATH, &json!({})).await,
            1 => program.request(reqwest::Method::POST, PATH, Some(("application/json", b"{".to_vec()))).await,
            _ => program.post_json(PATH, &site.client_app().as_json()).await,
        };
        assert_ne!(answer.status, 429, "{number}");
    }
    let refused = program.post_json(PATH, &site.client_app().as_json()).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "60"), "{refused:?}");
    assert_eq!(refused.json()["error_type"], "rate_limit");
    assert_eq!(refused.header("discourse-rate-limit-error-code"), "");
    site.clock.advance(Duration::from_mins(1));
    codes(&program.post_json(PATH, &site.client_app().as_json()).await);
}

#[actix_web::test]
async fn what_every_request_needs_is_told_as_base_c113() {
    let site = TestApp::start().await;
    for name in ["nonce", "scopes", "client_id"] {
        names(&asked(&site, &site.client_app().without(name)).await, "base");
        let answer = asked(&site, &site.client_app().set(name, " ")).await;
        names(&answer, "base");
        names(&answer, name);
    }
}

#[actix_web::test]
async fn lengths_are_bytes_and_are_checked_in_order_c114() {
    let site = TestApp::start().await;
    let limits =
        [("client_id", 200), ("application_name", 200), ("nonce", 256), ("public_key", 4096), ("push_url", 2000)];
    let long = |name: &str, bytes: usize| (name.to_owned(), "ü".repeat(bytes / 2 + 1));
    let mut application = site.client_app();
    for (name, bytes) in limits.into_iter().rev() {
        let (name, value) = long(name, bytes);
        application = application.set(&name, &value);
        names(&asked(&site, &application).await, &name);
    }
    site.clock.advance(Duration::from_mins(1));
    let at_the_limit = site
        .client_app()
        .key_pair("rsa4096")
        .set("client_id", &"ü".repeat(100))
        .set("application_name", &"ü".repeat(100))
        .set("nonce", &"ü".repeat(128))
        .set("push_url", &format!("https://push.example/{}", "x".repeat(1979)));
    codes(&asked(&site, &at_the_limit).await);
}

#[actix_web::test]
async fn scopes_are_a_short_list_of_names_that_the_site_offers_c115_c117_c118_c119() {
    let site = TestApp::start().await;
    let with = |scopes: String| site.client_app().scopes(&scopes);
    for bad in [
        "read,".repeat(101),
        ["read"; 21].join(","),
        "read,,write".to_owned(),
        "read, ,write".to_owned(),
        ",".to_owned(),
        "one_time_password".to_owned(),
        "read,one_time_password".to_owned(),
    ] {
        names(&asked(&site, &with(bad)).await, "scopes");
    }
    for unknown in ["admin", "read,admin", " read", "READ"] {
        forbidden(&asked(&site, &with(unknown.to_owned())).await);
    }
    codes(&asked(&site, &with(["read"; 20].join(","))).await);
}

#[actix_web::test]
async fn the_other_parameters_are_named_when_they_are_wrong_c116_c121_c122_c123_c124() {
    let site = TestApp::start().await;
    let app = || site.client_app();
    let ec = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n";
    for (application, name) in [
        (app().without("application_name"), "application_name"),
        (app().set("application_name", " "), "application_name"),
        (app().set("padding", "none"), "padding"),
        (app().without("public_key"), "public_key"),
        (app().set("public_key", "nonsense"), "public_key"),
        (app().set("public_key", ec), "public_key"),
        (app().key_pair("rsa1024"), "public_key"),
        (app().set("expires_in_seconds", "0"), "expires_in_seconds"),
        (app().set("expires_in_seconds", "31536001"), "expires_in_seconds"),
        (app().set("expires_in_seconds", &"9".repeat(1000)), "expires_in_seconds"),
    ] {
        names(&asked(&site, &application).await, name);
    }
}

#[actix_web::test]
async fn small_keys_are_for_the_redirect_flow_only_c123() {
    let site = TestApp::with(&[("user_api.min_user_api_rsa_bits", "1024")]).await;
    let small = site.client_app().key_pair("rsa1024");
    names(&asked(&site, &small).await, "public_key");
    assert_eq!(small.approve(&site.user("ada").await).await.status, 200);
    codes(&asked(&site, &site.client_app().key_pair("rsa8192")).await);
}

#[actix_web::test]
async fn what_would_not_fit_is_refused_before_anything_is_kept_c125_c126_c141() {
    let site = TestApp::start().await;
    for (padding, words) in [("oaep", "Payload too large for OAEP"), ("pkcs1", "Payload too large for PKCS#1")] {
        let answer = asked(&site, &site.client_app().set("padding", padding).set("nonce", &"n".repeat(200))).await;
        assert_eq!(answer.status, 400);
        assert!(answer.error().contains(words), "{answer:?}");
    }
    // Each of these takes six bytes to write down.
    names(&asked(&site, &site.client_app().set("push_url", &"\u{1}".repeat(2000))).await, "base");
    assert_eq!(grants(&site).await, 0);
    ask(&site, &site.client_app()).await;
    assert_eq!(grants(&site).await, 1);
}

/// How many requests the store holds.
pub(super) async fn grants(site: &TestApp) -> usize {
    let all = Timestamp::from_micros(i64::MAX);
    site.app.cx.store.read(move |c| hallpass::store::list_expired_device_grants(c, all)).await.unwrap().len()
}

#[actix_web::test]
async fn a_redirect_means_nothing_numbers_count_as_text_and_nobody_signs_in_c023_c128_c129_c130() {
    let site = TestApp::start().await;
    let mut body = site.client_app().redirect("javascript:alert(1)").as_json();
    body["expires_in_seconds"] = json!(86_400);
    codes(&site.anonymous().post_json(PATH, &body).await);
}

#[actix_web::test]
async fn the_answer_has_its_six_members_in_their_shapes_c131_c132_c133_c134_c135_c136_c137_c302() {
    let site = TestApp::with(&[("server.public_url", "http://{public}/hall")]).await;
    let answer = asked(&site, &site.client_app()).await;
    let body = answer.json();
    let mut members: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    let expected =
        ["device_code", "expires_in", "interval", "user_code", "verification_uri", "verification_uri_with_request"];
    assert_eq!(members, expected);
    let codes = codes(&answer);
    assert!(codes.device.len() == 64 && codes.device.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')));
    let symbol = |c: char| "ABCDEFGHJKLMNPQRSTUVWXYZ23456789".contains(c);
    assert!(
        codes.user.len() == 9
            && codes.user.chars().enumerate().all(|(at, c)| if at == 4 { c == '-' } else { symbol(c) })
    );
    assert!(codes.request.len() == 8 && codes.request.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)));
    let activate = format!("{}/user-api-key/activate", site.base);
    assert_eq!(body["verification_uri"], activate);
    assert_eq!(body["verification_uri_with_request"], format!("{activate}?request={}", codes.request));
    assert_eq!((&body["expires_in"], &body["interval"]), (&json!(600), &json!(5)));
    assert!(!body["verification_uri_with_request"].as_str().unwrap().contains(&codes.user));
    let headers = ["cache-control", "pragma", "expires", "referrer-policy"].map(|name| answer.header(name));
    assert_eq!(headers, ["no-store", "no-cache", "0", "same-origin"]);
}

#[actix_web::test]
async fn an_application_that_nobody_registered_is_shown_as_such_under_the_name_it_sent_c138_c140() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    site.client_app().approved_by(&ada).await;
    let codes = ask(&site, &site.client_app().set("application_name", "Doorbell")).await;
    let shown = enter(&ada, &codes.user).await.json()["device_auth"].clone();
    assert_eq!((&shown["application_name"], &shown["unregistered_client"]), (&json!("Doorbell"), &json!(true)));
}

/// A site with a registered Deskbell, which has the key pair `rsa3072` and may ask for `read`.
async fn with_registered() -> (TestApp, ClientApp) {
    let site = TestApp::with(&[
        ("user_api.allow_user_api_key_client_scopes", "read|write"),
        ("user_api.allowed_user_api_auth_redirects", "https://deskbell.example/done"),
    ])
    .await;
    let own = site.client_app().key_pair("rsa3072").set("application_name", "Deskbell, registered");
    let registration = own.clone().redirect("https://deskbell.example/done");
    let answer = site.anonymous().post_form("/user-api-key-client.json", registration.fields()).await;
    assert_eq!(answer.json(), json!({ "success": "OK" }), "{answer:?}");
    (site, own)
}

#[actix_web::test]
async fn a_registered_application_is_shown_by_its_own_name_and_gets_its_key_locked_to_its_own_c138_c139_c140() {
    let (site, own) = with_registered().await;
    let ada = site.user("ada").await;
    let sent = site.client_app().set("application_name", "Doorbell");
    for application in [sent, site.client_app().without("application_name").without("public_key")] {
        let codes = ask(&site, &application).await;
        let shown = enter(&ada, &codes.user).await.json()["device_auth"].clone();
        assert_eq!(shown["application_name"], "Deskbell, registered");
        assert_eq!(shown["unregistered_client"], false);
        allow(&ada, &codes).await;
        let payload = poll(&site.anonymous(), &codes).await["payload"].as_str().unwrap().to_owned();
        own.decrypt(&payload);
    }
}

#[actix_web::test]
async fn a_registered_application_asks_for_no_more_than_it_registered_and_needs_no_redirect_c120_c128() {
    let (site, _) = with_registered().await;
    forbidden(&asked(&site, &site.client_app().scopes("read,write")).await);
    let elsewhere = site.client_app().redirect("https://evil.example/");
    codes(&asked(&site, &elsewhere).await);
    // Its own redirect has left the list: that is nothing to an application that waits at no address.
    let later = site.beside(&[("user_api.allowed_user_api_auth_redirects", "")]).await;
    codes(&asked(&later, &site.client_app()).await);
}

#[actix_web::test]
async fn a_known_client_needs_to_send_no_name_c116() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    site.client_app().approved_by(&ada).await;
    let codes = ask(&site, &site.client_app().without("application_name")).await;
    assert_eq!(enter(&ada, &codes.user).await.json()["device_auth"]["application_name"], "Deskbell");
}

#[actix_web::test]
async fn the_keys_end_is_fixed_when_the_application_asks_c142_c207() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let application = site.client_app().set("expires_in_seconds", "3600");
    let codes = ask(&site, &application).await;
    site.clock.advance(Duration::from_mins(5));
    let shown = enter(&ada, &codes.user).await.json()["device_auth"]["expires_at"].clone();
    assert_eq!(shown, "2026-11-22T13:00:00Z");
    allow(&ada, &codes).await;
    let payload = poll(&site.anonymous(), &codes).await["payload"].as_str().unwrap().to_owned();
    let received = application.decrypt(&payload);
    assert_eq!(received.payload["expires_at"], shown);
    let program = ada.holder_of(&received.key);
    site.clock.advance(Duration::from_secs(3299));
    assert_eq!(program.get("/session/current.json").await.status, 200);
    site.clock.advance(Duration::from_secs(1));
    assert_eq!(program.get("/session/current.json").await.status, 403);
}

#[actix_web::test]
async fn a_short_life_can_be_over_before_the_answer_c142() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let application = site.client_app().set("expires_in_seconds", "60");
    let codes = ask(&site, &application).await;
    site.clock.advance(Duration::from_secs(90));
    allow(&ada, &codes).await;
    let payload = poll(&site.anonymous(), &codes).await["payload"].as_str().unwrap().to_owned();
    let program = ada.holder_of(&application.decrypt(&payload).key);
    assert_eq!(program.get("/session/current.json").await.status, 403);
}

#[actix_web::test]
async fn a_request_waits_ten_minutes_by_each_of_its_codes_c141_l6() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let (codes, by_link) = (ask(&site, &site.client_app()).await, ask(&site, &site.client_app()).await);
    site.clock.advance(Duration::from_secs(599));
    assert_eq!(status(&site.anonymous(), &codes).await, "authorization_pending");
    token(&ada, &codes).await;
    let state = |answer: Answer| answer.json()["state"].clone();
    let link = format!("/user-api-key/activate.json?request={}", by_link.request);
    assert_eq!(state(ada.get(&link).await), "authorize");
    site.clock.advance(Duration::from_secs(1));
    assert_eq!(status(&site.anonymous(), &codes).await, "expired_token");
    assert_eq!(enter(&ada, &codes.user).await.json(), super::invalid());
    assert_eq!(ada.get(&link).await.json(), super::expired());
    hallpass::domain::housekeeping::sweep(&site.app.cx).await.unwrap();
    assert_eq!(grants(&site).await, 0);
}

/// One that draws the same numbers as every other of this database.
async fn seeded(site: &TestApp) -> App {
    let clock: std::sync::Arc<dyn hallpass::model::Clock> = site.clock.clone();
    let flags = site.database().settings(site.folder());
    let config = Config::load(&Sources { flags, ..Sources::default() }).unwrap_or_else(|faults| panic!("{faults}"));
    App::build(config, clock, Random::seeded(7)).await.unwrap()
}

#[actix_web::test]
async fn after_twenty_codes_that_are_taken_there_is_none_c127() {
    let site = TestApp::start().await;
    let fields = Fields::new(site.client_app().fields().to_vec());
    let address = IpAddr::from([127, 0, 0, 1]);
    let (first, second) = (seeded(&site).await, seeded(&site).await);
    for _ in 0..20 {
        device::ask(&first.cx, &fields, address, UserAgent::default()).await.unwrap();
    }
    let error = device::ask(&second.cx, &fields, address, UserAgent::default()).await.unwrap_err();
    assert!(matches!(error, DeviceError::NoFreeCode), "{error}");
    assert_eq!(grants(&site).await, 20);
    device::ask(&second.cx, &fields, address, UserAgent::default()).await.unwrap();
}

#[actix_web::test]
async fn a_repeated_member_is_refused_c113() {
    let site = TestApp::start().await;
    let body = br#"{"client_id":"a","client_id":"b","nonce":"1","scopes":"read"}"#.to_vec();
    let answer = site.anonymous().request(reqwest::Method::POST, PATH, Some(("application/json", body))).await;
    assert_eq!((answer.status, &answer.json()["reason"]), (400, &Value::from("repeated_parameter")));
}
