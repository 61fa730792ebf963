//! The OpenAPI document is what is served, and says of each call which scope it needs.

use serde_json::Value;

use crate::generated::hold;
use crate::support::{TestApp, Visitor};

#[actix_web::test]
async fn the_document_is_the_committed_one() {
    let text = serde_json::to_string_pretty(&hallpass::http::openapi()).unwrap();
    hold("docs/reference/openapi.json", &format!("{text}\n"));
    let site = TestApp::start().await;
    let served = Visitor::new(&site.internal).get("/admin/openapi.json").await;
    assert_eq!((served.status, served.header("content-type")), (200, "application/json; charset=utf-8"));
    assert_eq!(served.json(), hallpass::http::openapi());
    assert_eq!(served.json()["openapi"], "3.1.0");
}

/// Method, path, scope.
pub(super) fn calls() -> Vec<(String, String, String)> {
    let document = hallpass::http::openapi();
    let mut calls = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, call) in item.as_object().unwrap() {
            let scopes: &Value = &call["security"][0]["admin_key"];
            let scope = scopes[0].as_str().unwrap_or_else(|| panic!("{method} {path} says no scope"));
            assert!(scopes[1].is_null() && call["security"][1].is_null(), "{method} {path}");
            calls.push((method.to_uppercase(), path.clone(), scope.to_owned()));
        }
    }
    calls
}

#[actix_web::test]
async fn each_call_needs_the_scope_that_the_document_says_and_no_other_k12() {
    let site = TestApp::start().await;
    for (method, path, scope) in calls() {
        let others: Vec<&str> =
            hallpass::model::AdminScope::ALL.iter().map(|one| one.word()).filter(|word| *word != scope).collect();
        let ask = async |scopes: &str| {
            let path = path.replace("{id}", "4711");
            let back_end = site.back_end(scopes).await;
            back_end.request(method.parse().unwrap(), &path, Some(("application/json", b"{}".to_vec()))).await
        };
        let refused = ask(&others.join(",")).await;
        assert!(refused.status == 403 && refused.error().contains(&scope), "{method} {path}: {refused:?}");
        let answer = ask(&scope).await;
        assert!(matches!(answer.status, 200 | 400 | 404), "{method} {path}: {answer:?}");
    }
}

#[actix_web::test]
async fn the_page_for_people_shows_every_call_and_loads_nothing_from_elsewhere_r7() {
    let site = TestApp::start().await;
    let visitor = Visitor::new(&site.internal);
    let page = visitor.get("/admin/docs").await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'"));
    assert!(!page.body.contains("<script") && !page.body.contains("://"), "{page:?}");
    for (method, path, scope) in calls() {
        assert!(page.body.contains(&format!("<code>{method} {path}</code></h3>")), "{method} {path}");
        assert!(page.body.contains(&format!("<code>{scope}</code>")), "{scope}");
    }
    for link in page.body.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        match link.strip_prefix('#') {
            Some(id) => assert!(page.body.contains(&format!("id=\"{id}\"")), "{link}"),
            None => assert_eq!(visitor.get(&format!("/admin/{link}")).await.status, 200, "{link}"),
        }
    }
}
