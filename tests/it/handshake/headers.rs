//! The headers that every answer of one kind has (section 1.3).

use crate::support::{Answer, TestApp};

const FOUR: [(&str, &str); 4] =
    [("cache-control", "no-store"), ("pragma", "no-cache"), ("expires", "0"), ("referrer-policy", "same-origin")];

fn never_kept(answer: &Answer) {
    for (name, value) in FOUR {
        assert_eq!(answer.header(name), value, "{name}: {answer:?}");
    }
}

fn plain_default(answer: &Answer) {
    assert_eq!(answer.header("cache-control"), "no-cache, no-store", "{answer:?}");
    for name in ["pragma", "expires", "referrer-policy"] {
        assert_eq!(answer.header(name), "", "{name}: {answer:?}");
    }
}

#[actix_web::test]
async fn whatever_the_handshake_answers_is_kept_nowhere_c019() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let (app, back) = (site.client_app(), site.client_app().redirect("http://127.0.0.1:1/"));
    never_kept(&site.anonymous().head("/user-api-key/new").await);
    // 302 to sign-in, page, model, refusal, missing parameter.
    never_kept(&site.anonymous().get(&app.path()).await);
    never_kept(&ada.html().get(&app.path()).await);
    never_kept(&ada.get(&app.json_path()).await);
    never_kept(&ada.html().get(&app.clone().scopes("x").path()).await);
    never_kept(&ada.get(&app.clone().scopes("x").json_path()).await);
    never_kept(&ada.get(&app.clone().without("nonce").json_path()).await);
    // Issued by paste and by redirect, and refused.
    never_kept(&app.approve(&ada).await);
    never_kept(&back.approve(&ada).await);
    never_kept(&ada.html().get(&app.path()).await.form("/user-api-key").submit(&ada).await);
    never_kept(&ada.html().get(&back.path()).await.form("/user-api-key").submit(&ada).await);
    never_kept(&app.without("nonce").approve(&ada).await);
}

#[actix_web::test]
async fn what_fails_before_the_handshake_has_the_default_c020() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let app = site.client_app();
    let stranger = ada.holder_of(&"0".repeat(32));
    let refused = [
        (stranger.get(&app.json_path()).await, 403),
        (site.anonymous().post_form("/user-api-key.json", app.fields()).await, 403),
        (ada.post_form("/user-api-key.json", app.fields()).await, 403),
    ];
    for (answer, status) in refused {
        assert_eq!(answer.status, status);
        plain_default(&answer);
    }
}

#[actix_web::test]
async fn ending_a_key_has_the_default_c021() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let key = site.client_app().approved_by(&ada).await.key;
    let id = super::keys_of(&site, "ada").await[0].id.get().to_string();
    let revoked = ada.holder_of(&key).post("/user-api-key/revoke.json").await;
    let undone = ada.csrf().await.post_form("/user-api-key/undo-revoke.json", &[("id", id)]).await;
    for answer in [revoked, undone] {
        assert_eq!(answer.status, 200);
        plain_default(&answer);
    }
}

#[actix_web::test]
async fn every_answer_names_its_route_and_the_user_c022() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let app = site.client_app();
    let names = |answer: &Answer| [answer.header("x-discourse-route"), answer.header("x-discourse-username")].join(" ");
    assert_eq!(names(&site.anonymous().get(&app.path()).await), "user_api_keys/new ");
    assert_eq!(names(&site.anonymous().head("/user-api-key/new").await), "user_api_keys/new ");
    assert_eq!(names(&site.anonymous().post("/user-api-key").await), "user_api_keys/create ");
    assert_eq!(names(&ada.get(&app.json_path()).await), "user_api_keys/new ada");
    assert_eq!(names(&ada.post("/user-api-key").await), "user_api_keys/create ada");
    let program = ada.holder_of(&app.approved_by(&ada).await.key);
    assert_eq!(names(&program.get("/session/current.json").await), "session/current ada");
    assert_eq!(names(&program.post("/user-api-key/revoke").await), "user_api_keys/revoke ada");
    assert_eq!(names(&ada.post("/user-api-key/undo-revoke").await), "user_api_keys/undo_revoke ada");
}
