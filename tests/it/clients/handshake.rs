//! What registration changes for the handshake (`C-268`).

use super::{REDIRECT, key, register, site, wish, with};
use crate::support::{ClientApp, TestApp};

/// The registered application's request with nothing that is known already.
fn short(site: &TestApp) -> ClientApp {
    site.client_app().without("application_name").without("public_key").redirect(REDIRECT)
}

#[actix_web::test]
async fn a_registered_application_leaves_out_its_name_and_its_key_c071_c268_c048() {
    let site = site().await;
    register(&site, &wish()).await;
    let ada = site.user("ada").await;
    let model = ada.get(&short(&site).json_path()).await.json();
    assert_eq!((&model["state"], &model["application_name"]), (&"ready".into(), &"Deskbell".into()), "{model}");
    assert_eq!(model["public_key"], key("rsa2048"));
    let received = short(&site).approved_by(&ada).await;
    assert_eq!(received.payload["api"], 4);
    assert_eq!(ada.holder_of(&received.key).get("/session/current.json").await.status, 200);
}

#[actix_web::test]
async fn the_registered_key_wins_over_one_that_is_sent_c072_c048() {
    let site = site().await;
    register(&site, &wish()).await;
    let ada = site.user("ada").await;
    let with_another = short(&site).set("public_key", &key("rsa3072"));
    assert_eq!(ada.get(&with_another.json_path()).await.json()["public_key"], key("rsa3072"));
    // It decrypts with the private half of the registered key.
    assert_eq!(with_another.approved_by(&ada).await.payload["api"], 4);
    let with_garbage = short(&site).set("public_key", "garbage");
    assert_eq!(with_garbage.approved_by(&ada).await.payload["api"], 4);
}

#[actix_web::test]
async fn a_registered_name_is_never_another_one_c070_c048() {
    let site = site().await;
    register(&site, &wish()).await;
    let ada = site.user("ada").await;
    let renamed = short(&site).set("application_name", "Your Bank");
    assert_eq!(ada.get(&renamed.json_path()).await.json()["application_name"], "Deskbell");
    let page = ada.html().get(&renamed.path()).await;
    assert!(page.body.contains("<h1>“Deskbell” wants to use your account</h1>"), "{page:?}");
    renamed.approved_by(&ada).await;
    assert_eq!(ada.get("/u/ada.json").await.json()["user"]["user_api_keys"][0]["application_name"], "Deskbell");
    assert_eq!(ada.get(&short(&site).json_path()).await.json()["application_name"], "Deskbell");

    let path = site.anonymous().html().get(&renamed.path()).await.header("location").to_owned();
    let base = site.base.rsplit_once("//").unwrap().1.split_once('/').map_or("", |(_, path)| path);
    let login = site.anonymous().html().get(path.strip_prefix(base).unwrap()).await;
    assert!(login.body.contains("“Deskbell”") && !login.body.contains("Your Bank"), "{login:?}");
}

#[actix_web::test]
async fn an_approval_does_not_rename_another_users_application_c070() {
    let site = TestApp::start().await;
    let (ada, bob) = (site.user("ada").await, site.user("bob").await);
    site.client_app().approved_by(&ada).await;
    site.client_app().set("application_name", "Other").approved_by(&bob).await;
    assert_eq!(ada.get("/u/ada.json").await.json()["user"]["user_api_keys"][0]["application_name"], "Deskbell");
    let nameless = site.client_app().without("application_name");
    assert_eq!(bob.get(&nameless.json_path()).await.json()["application_name"], "Deskbell");
}

#[actix_web::test]
async fn what_is_not_registered_sends_its_key_first_and_then_its_name_c034_c035() {
    let site = site().await;
    let ada = site.user("ada").await;
    let missing = |name: &str| format!("param is missing or the value is empty or invalid: {name}");
    for application in [site.client_app(), site.client_app().set("client_id", "known")] {
        let neither = application.clone().without("public_key").without("application_name");
        let answer = ada.json().get(&neither.path()).await;
        assert_eq!((answer.status, answer.error()), (400, missing("public_key")));
        assert_eq!(neither.approve(&ada).await.error(), missing("public_key"));
        let nameless = ada.json().get(&application.clone().without("application_name").path()).await;
        assert_eq!((nameless.status, nameless.error()), (400, missing("application_name")));
    }
    site.client_app().set("client_id", "known").approved_by(&ada).await;
    let keyless = site.client_app().set("client_id", "known").without("public_key");
    assert_eq!(keyless.approve(&ada).await.error(), missing("public_key"), "a known client has no key");
}

#[actix_web::test]
async fn it_asks_for_no_more_than_it_registered_c037_c060_c268() {
    let site = site().await;
    register(&site, &wish()).await;
    let ada = site.user("ada").await;
    let more = short(&site).scopes("read,push");
    let model = ada.get(&more.json_path()).await;
    assert_eq!((model.status, &model.json()["state"]), (200, &"generic_error".into()));
    assert_eq!(model.json()["reason"], "scope_not_registered");
    let refused = more.approve(&ada).await;
    assert_eq!((refused.status, &refused.json()["error_type"]), (403, &"invalid_access".into()));
    assert_eq!(short(&site).scopes("session_info").approve(&ada).await.status, 200);
}

#[actix_web::test]
async fn another_redirect_than_the_registered_one_is_refused_c041_c268() {
    let site = site().await;
    register(&site, &wish()).await;
    let ada = site.user("ada").await;
    let elsewhere = short(&site).redirect("http://127.0.0.1:5000/");
    let model = ada.get(&elsewhere.json_path()).await.json();
    assert_eq!((&model["state"], &model["reason"]), (&"generic_error".into(), &"redirect_not_allowed".into()));
    assert_eq!(elsewhere.approve(&ada).await.status, 403);
}

#[actix_web::test]
async fn a_registered_redirect_has_to_be_on_the_list_as_well_c064_c268() {
    let site = site().await;
    let off = "https://elsewhere.example/x";
    assert_eq!(register(&site, &with("auth_redirect", off)).await.status, 200);
    let ada = site.user("ada").await;
    let answer = short(&site).redirect(off).approve(&ada).await;
    assert_eq!((answer.status, answer.json()["reason"].as_str()), (403, Some("redirect_not_allowed")));
}

#[actix_web::test]
async fn dangerous_scopes_and_reserved_names_are_for_registered_applications_c5_c4() {
    let site = TestApp::with(&[
        ("user_api.allow_user_api_key_client_scopes", "write"),
        ("user_api.unregistered_dangerous_scopes", "refuse"),
        ("user_api.allowed_user_api_auth_redirects", REDIRECT),
    ])
    .await;
    register(&site, &with("scopes", "write")).await;
    let ada = site.user("ada").await;
    assert_eq!(short(&site).scopes("write").approve(&ada).await.status, 200);
    let stranger = site.client_app().set("client_id", "stranger").scopes("write").approve(&ada).await;
    assert_eq!((stranger.status, stranger.json()["reason"].as_str()), (403, Some("dangerous_scope_refused")));
}

#[actix_web::test]
async fn the_page_says_that_the_site_lists_it_and_since_when_c2() {
    let site = site().await;
    register(&site, &wish()).await;
    let ada = site.user("ada").await;
    let page = ada.html().get(&short(&site).path()).await;
    assert!(page.body.contains("Listed by Hallpass since 22 November 2026"), "{page:?}");
    assert!(!page.body.contains("told us its name itself"));
    let stranger = ada.html().get(&site.client_app().set("client_id", "stranger").path()).await;
    assert!(stranger.body.contains("told us its name itself"));
}

#[actix_web::test]
async fn the_form_is_bound_to_the_registration_that_was_shown_c7() {
    let site = site().await;
    register(&site, &wish()).await;
    let ada = site.user("ada").await.html();
    let page = ada.get(&short(&site).path()).await;
    let mut fields = short(&site).fields().to_vec();
    fields.push(("authenticity_token".to_owned(), page.hidden("authenticity_token")));

    let id = hallpass::model::ClientId::parse("deskbell-1").unwrap();
    let operator = hallpass::model::Origin::default;
    hallpass::domain::clients::remove(&site.app.cx, &id, operator()).await.unwrap();
    register(&site, &with("application_name", "Deskbell Two")).await;
    let changed = ada.post_form("/user-api-key", &fields).await;
    assert_eq!(changed.status, 400, "{changed:?}");

    let again = ada.get(&short(&site).path()).await;
    fields.last_mut().unwrap().1 = again.hidden("authenticity_token");
    assert_eq!(ada.post_form("/user-api-key", &fields).await.status, 302);
}
