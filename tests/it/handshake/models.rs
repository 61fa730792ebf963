//! What GET tells a program about a request it can answer (section 3.2).

use serde_json::{Value, json};

use super::{keys_of, listed, traces};
use crate::support::{ClientApp, TestApp, Visitor};

async fn ready(user: &Visitor, app: &ClientApp) -> Value {
    let answer = user.get(&app.json_path()).await;
    assert_eq!((answer.status, &answer.json()["state"]), (200, &"ready".into()), "{answer:?}");
    answer.json()
}

#[actix_web::test]
async fn ready_has_every_member_and_null_where_unset_c046_c047_c049_c050_c051_c052() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let model = ready(&ada, &site.client_app().scopes("session_info,read")).await;
    let labels = model["localized_scopes"].as_array().unwrap();
    assert!(labels.len() == 2 && labels.iter().all(|label| label.as_str().unwrap().len() > 8), "{labels:?}");
    assert_eq!(
        model,
        json!({
            "state": "ready",
            "application_name": "Deskbell",
            "public_key": crate::keys::pem("rsa2048"),
            "nonce": "4f1e66bb1b7a4b2fa4ee1f2b8f4b5d55",
            "client_id": "deskbell-1",
            "auth_redirect": null,
            "redirect_uri": null,
            "push_url": null,
            "localized_scopes": labels,
            "scopes": "session_info,read",
            "write_scope": false,
            "padding": null,
            "expires_in_seconds": null,
            "expires_at": null,
            "current_user": { "username": "ada", "avatar_template": "/static/avatar/{size}.png" },
        })
    );
}

#[actix_web::test]
async fn ready_repeats_what_was_asked_c046_c049_c050_c051_c052() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let app = site
        .client_app()
        .scopes("write,read")
        .redirect("http://127.0.0.1:3000/cb?a=1")
        .set("push_url", "https://push.example/p")
        .set("padding", "oaep")
        .set("expires_in_seconds", "0003600");
    let model = ready(&ada, &app).await;
    assert_eq!(model["auth_redirect"], "http://127.0.0.1:3000/cb?a=1");
    assert_eq!(model["redirect_uri"], "127.0.0.1:3000");
    assert_eq!(model["push_url"], "https://push.example/p");
    assert_eq!((&model["scopes"], &model["write_scope"]), (&json!("write,read"), &json!(true)));
    assert_eq!(model["padding"], "oaep");
    assert_eq!(model["expires_in_seconds"], 3600);
    assert_eq!(model["expires_at"], "2026-11-22T13:00:00Z");
    let other_order = ready(&ada, &app.scopes("read,write")).await;
    assert_eq!(model["localized_scopes"][0], other_order["localized_scopes"][1]);
    assert_eq!(model["localized_scopes"][1], other_order["localized_scopes"][0]);
}

#[actix_web::test]
async fn every_scope_on_offer_has_words_of_its_own_c049() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let all = "read,write,message_bus,push,notifications,session_info,one_time_password";
    let model = ready(&ada, &site.client_app().scopes(all)).await;
    let labels: std::collections::BTreeSet<_> =
        model["localized_scopes"].as_array().unwrap().iter().map(|label| label.as_str().unwrap()).collect();
    assert_eq!(labels.len(), 7);
    assert!(all.split(',').all(|scope| !labels.contains(scope)), "{labels:?}");
}

#[actix_web::test]
async fn only_the_scope_write_counts_as_writing_c050() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    for (scopes, writes) in [("write", true), ("read,write", true), ("one_time_password", false), ("read", false)] {
        assert_eq!(ready(&ada, &site.client_app().scopes(scopes)).await["write_scope"], writes, "{scopes}");
    }
}

#[actix_web::test]
async fn a_user_outside_the_groups_is_told_so_c045() {
    let site = TestApp::with(&[("user_api.user_api_key_allowed_groups", "trust_level_2")]).await;
    let ada = site.user("ada").await;
    assert_eq!(
        ada.get(&site.client_app().json_path()).await.json(),
        json!({
            "state": "no_trust_level",
            "application_name": "Deskbell",
            "current_user": { "username": "ada", "avatar_template": "/static/avatar/{size}.png" },
        })
    );
    let page = ada.html().get(&site.client_app().redirect("discourse://auth_redirect").path()).await;
    assert_eq!((page.status, page.header("location")), (200, ""));
    assert!(page.body.contains("trust_level_2") || page.body.contains("Deskbell"), "{page:?}");
    assert!(!page.body.contains("id=\"allow\""));
}

#[actix_web::test]
async fn the_redirect_is_labelled_by_its_host_c053_c054_c055() {
    let list =
        "http://over.the/*|http://over.the:443/*|https://over.the:8443/*|discourse://auth_redirect|myapp://callback";
    let site = TestApp::with(&[listed(list)]).await;
    let ada = site.user("ada").await;
    for (redirect, label) in [
        ("http://over.the/rainbow", Some("over.the")),
        ("http://over.the:80/rainbow", Some("over.the")),
        ("http://over.the:443/rainbow", Some("over.the")),
        ("https://over.the:8443/rainbow", Some("over.the:8443")),
        ("http://127.0.0.1:3000/", Some("127.0.0.1:3000")),
        ("myapp://callback", Some("callback")),
        ("discourse://auth_redirect", None),
    ] {
        let model = ready(&ada, &site.client_app().redirect(redirect)).await;
        assert_eq!((model["redirect_uri"].as_str(), &model["auth_redirect"]), (label, &json!(redirect)));
    }
}

#[actix_web::test]
async fn the_other_name_of_the_redirect_means_the_same() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let app = site.client_app().set("redirect_uri", "http://127.0.0.1:3000/");
    let model = ready(&ada, &app).await;
    assert_eq!(
        (&model["auth_redirect"], &model["redirect_uri"]),
        (&json!("http://127.0.0.1:3000/"), &json!("127.0.0.1:3000"))
    );
    ready(&ada, &app.clone().redirect("http://127.0.0.1:3000/")).await;
    let both = ada.get(&app.redirect("http://127.0.0.1:3001/").json_path()).await;
    assert_eq!((both.status, &both.json()["reason"]), (400, &json!("bad_redirect")));
}

#[actix_web::test]
async fn looking_at_a_request_leaves_nothing_behind_c056() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let before = traces(&site).await;
    let app = site.client_app();
    for path in [app.path(), app.json_path(), app.clone().scopes("fly").path(), app.without("nonce").path()] {
        ada.html().get(&path).await;
        ada.get(&path).await;
        site.anonymous().html().get(&path).await;
    }
    assert_eq!(traces(&site).await, before);
    assert!(before.0.is_empty() && keys_of(&site, "ada").await.is_empty());
}
