//! Scopes of the operator's own, from the file to the verdict.

use serde_json::json;

use crate::support::{TestApp, Visitor};

const FILE: &str = r#"
[scopes."books:read"]
label = "Read your book list"
allow = ["GET /api/books", "GET /api/books/**"]

[scopes."books:write"]
label = "Add and remove your books"
allow = ["POST|DELETE /api/books/*"]
dangerous = true
"#;

#[actix_web::test]
async fn a_scope_of_the_operator_goes_from_the_page_to_the_verdict_c2() {
    let site = TestApp::with_file(FILE, &[]).await;
    let ada = site.user("ada").await;
    let application = site.client_app().scopes("books:read,books:write,session_info");
    let page = ada.get(&application.path()).await.body;
    let (plain, set_apart) = page.split_once("may-change").expect("scopes that are set apart");
    assert!(plain.contains("<span>Read your book list</span>"), "{page}");
    assert!(set_apart.contains("<span>Add and remove your books</span>"), "{page}");
    let model = ada.json().get(&application.json_path()).await.json();
    let labels = ["Read your book list", "Add and remove your books", "see who you are: your name and account details"];
    assert_eq!(model["localized_scopes"], json!(labels));

    let key = application.approved_by(&ada).await.key;
    let apps = ada.get("/u/ada/preferences/apps").await.body;
    assert!(apps.contains("Read your book list") && apps.contains("Add and remove your books"), "{apps}");

    let asked = |method: &str, uri: &str| {
        let nginx = Visitor::new(&site.internal).with("X-Original-Method", method).with("X-Original-URI", uri);
        nginx.with("User-Api-Key", &key)
    };
    for (method, uri) in [
        ("GET", "/api/books"),
        ("HEAD", "/api/books/1/x?y"),
        ("POST", "/api/books/1"),
        ("GET", "/session/current.json"),
    ] {
        let answer = asked(method, uri).get("/verify").await;
        assert_eq!(
            (answer.status, answer.header("hallpass-scopes")),
            (200, "books:read,books:write,session_info"),
            "{uri}"
        );
    }
    for (method, uri) in [
        ("POST", "/api/books"),
        ("GET", "/api/books.json"),
        ("PUT", "/api/books/1"),
        ("GET", "/api/users"),
        ("GET", "/API/books"),
    ] {
        let answer = asked(method, uri).get("/verify").await;
        assert_eq!((answer.status, &answer.json()["error_type"]), (403, &"invalid_access".into()), "{method} {uri}");
    }
}

#[actix_web::test]
async fn a_scope_that_the_operator_calls_dangerous_is_kept_from_unregistered_applications_c5() {
    let site = TestApp::with_file(FILE, &[("user_api.unregistered_dangerous_scopes", "refuse")]).await;
    let ada = site.user("ada").await;
    let refused = site.client_app().scopes("books:write").approve(&ada).await;
    assert_eq!((refused.status, &refused.json()["reason"]), (403, &"dangerous_scope_refused".into()), "{refused:?}");
    assert_eq!(site.client_app().scopes("books:read").approve(&ada).await.status, 200);
}

#[actix_web::test]
async fn a_scope_that_is_no_longer_in_the_file_permits_nothing_and_is_not_offered() {
    let site = TestApp::with_file(FILE, &[]).await;
    let ada = site.user("ada").await;
    let key = site.client_app().scopes("books:read,session_info").approved_by(&ada).await.key;
    let site = site.again_with_file("").await;
    let asked = |uri: &str| {
        Visitor::new(&site.internal)
            .with("X-Original-Method", "GET")
            .with("X-Original-URI", uri)
            .with("User-Api-Key", &key)
    };
    assert_eq!(asked("/api/books").get("/verify").await.status, 403);
    assert_eq!(asked("/session/current").get("/verify").await.status, 200);
    let ada = site.sign_in("ada").await;
    let refused = site.client_app().scopes("books:read").approve(&ada).await;
    assert_eq!(refused.json()["reason"], "unknown_scope", "{refused:?}");
    let apps = ada.get("/u/ada/preferences/apps").await.body;
    assert!(apps.contains("books:read"), "{apps}");
}
