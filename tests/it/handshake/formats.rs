//! Paths, methods, and who gets JSON (sections 1.1 and 1.2).

use reqwest::Method;

use super::kind;
use crate::support::{Answer, TestApp};

const JSON: &str = "application/json; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";

fn form(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.header("content-type"))
}

#[actix_web::test]
async fn the_authorization_page_answers_get_and_head_on_both_paths_c001() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let app = site.client_app();
    assert_eq!(form(&ada.html().get(&app.path()).await), (200, HTML));
    assert_eq!(form(&ada.get(&app.json_path()).await), (200, JSON));
    for path in ["/user-api-key/new", "/user-api-key/new.json"] {
        let answer = site.anonymous().head(path).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, ""), "{path}");
    }
}

#[actix_web::test]
async fn a_post_issues_a_key_on_both_paths_c002_c012() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.csrf().await;
    let app = site.client_app();
    let by_suffix = ada.post_form("/user-api-key.json", app.fields()).await;
    let by_accept = ada.json().post_form("/user-api-key", app.fields()).await;
    for answer in [by_suffix, by_accept] {
        assert_eq!(form(&answer), (200, JSON));
        assert_eq!(app.decrypt(answer.json()["payload"].as_str().unwrap()).key.len(), 32);
    }
}

#[actix_web::test]
async fn any_other_method_or_path_is_not_found_c011() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.csrf().await;
    for (method, path) in [
        (Method::PUT, "/user-api-key/new"),
        (Method::DELETE, "/user-api-key/new"),
        (Method::POST, "/user-api-key/new"),
        (Method::GET, "/user-api-key"),
        (Method::PATCH, "/user-api-key"),
        (Method::GET, "/user-api-key/revoke"),
        (Method::GET, "/user-api-key/undo-revoke"),
        (Method::GET, "/user-api-key/undo_revoke"),
        (Method::GET, "/user-api-key/news"),
        (Method::GET, "/user-api-key/new/"),
        (Method::POST, "/user-api-key/new.xml"),
    ] {
        let page = ada.request(method.clone(), path, None).await;
        assert_eq!(form(&page), (404, HTML), "{method} {path}");
        let json = ada.json().request(method.clone(), path, None).await;
        assert_eq!((form(&json), kind(&json)), ((404, JSON), (404, "not_found".into())), "{method} {path}");
        assert_eq!(super::members(&json.json()), ["error_type", "errors"]);
    }
}

#[actix_web::test]
async fn json_goes_to_those_who_ask_by_suffix_or_accept_c012() {
    let site = TestApp::start().await;
    let (anybody, app) = (site.anonymous(), site.client_app().set("padding", "x"));
    for accept in ["application/json", "application/json, text/plain, */*", "application/json;q=0.9,text/html;q=0.1"] {
        let answer = anybody.with("Accept", accept).get(&app.path()).await;
        assert_eq!(form(&answer), (400, JSON), "{accept}");
    }
    // The suffix wins over a browser's own header.
    assert_eq!(form(&anybody.html().get(&app.json_path()).await), (400, JSON));
    assert_eq!(form(&anybody.post("/user-api-key.json").await), (403, JSON));
}

#[actix_web::test]
async fn everybody_else_gets_pages_but_for_missing_parameters_and_limits_c013_c033() {
    let site = TestApp::with(&[("user_api.max_user_api_reqs_per_minute", "1")]).await;
    let program = site.key("read").await;
    let (bad, lacking) = (site.client_app().set("padding", "x").path(), site.client_app().without("nonce").path());
    for accept in ["*/*", "", "text/html", "text/plain", "image/png"] {
        let anybody = site.anonymous().with("Accept", accept);
        assert_eq!(form(&anybody.get(&bad).await), (400, HTML), "{accept:?}");
        assert_eq!(form(&anybody.post("/user-api-key").await), (403, HTML), "{accept:?}");
        let missing = if accept == "text/html" { HTML } else { JSON };
        assert_eq!(form(&anybody.get(&lacking).await), (400, missing), "{accept:?}");
    }
    assert_eq!(program.get("/about").await.status, 200);
    assert_eq!(form(&program.with("Accept", "*/*").get("/about").await), (429, JSON));
}

#[actix_web::test]
async fn scripts_get_errors_as_json_c014() {
    let site = TestApp::start().await;
    let script = site.anonymous().with("X-Requested-With", "XMLHttpRequest").with("Accept", "*/*");
    assert_eq!(form(&script.get(&site.client_app().set("padding", "x").path()).await), (400, JSON));
    assert_eq!(form(&script.post("/user-api-key").await), (403, JSON));
    assert_eq!(form(&script.get("/nowhere").await), (404, JSON));
    assert_eq!(form(&site.anonymous().with("Accept", "*/*").get("/nowhere").await), (404, HTML));
}

#[actix_web::test]
async fn the_page_shows_and_sends_what_the_model_has_c015() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let app = site
        .client_app()
        .set("application_name", "Desk <b> & \"bell\" ü")
        .scopes("read,write")
        .redirect("http://127.0.0.1:4711/cb?x=1&y=2")
        .set("padding", "oaep")
        .set("expires_in_seconds", "3600");
    let (page, model) = (ada.html().get(&app.path()).await, ada.get(&app.json_path()).await.json());
    let form = page.form("/user-api-key");
    for name in ["application_name", "public_key", "nonce", "client_id", "auth_redirect", "scopes", "padding"] {
        assert_eq!(form.value(name), model[name], "{name}");
    }
    assert_eq!(form.value("expires_in_seconds"), "3600");
    let shown = |text: &str| assert!(page.body.contains(text), "{text}: {page:?}");
    shown("Desk &#60;b&#62; &#38; &#34;bell&#34; ü");
    shown("ada");
    shown("127.0.0.1");
    model["localized_scopes"].as_array().unwrap().iter().for_each(|label| shown(label.as_str().unwrap()));
}

#[actix_web::test]
async fn a_pasted_key_comes_on_a_page_that_names_the_application_c017_c084() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let app = site.client_app();
    let page = ada.html().get(&app.path()).await.form("/user-api-key").submit(&ada).await;
    assert_eq!(form(&page), (200, HTML));
    assert!(page.body.contains("Deskbell"));
    let (_, rest) = page.body.split_once("<code id=\"user-api-key-payload\"").unwrap();
    let payload = rest.split(['>', '<']).nth(1).unwrap();
    assert!(super::works(&ada, &app.decrypt(payload).key).await);
}
