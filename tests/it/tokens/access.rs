//! `[[access]]`: from the file to the verdict.

use serde_json::json;

use super::{RULES, forum, key, request};
use crate::support::{TestApp, Visitor};

#[actix_web::test]
async fn a_rule_of_access_holds_for_keys_that_users_approve_and_for_whatever_a_site_takes_for_the_path_w10() {
    let site = forum(&[]).await;
    let (ada, bob) = (site.sign_in("ada").await, site.sign_in("bob").await);
    let ada = site.client_app().scopes("read,write").approved_by(&ada).await.key;
    let bob = site.client_app().scopes("read,write").approved_by(&bob).await.key;
    for (method, uri) in [
        ("GET", "/press"),
        ("GET", "/press/"),
        ("GET", "/Press/1.json?a=b"),
        ("HEAD", "/press;a=b/1"),
        ("POST", "/%70ress/1"),
        ("DELETE", "/press/1"),
        ("GET", "/pre%C5%BFs/1"),
    ] {
        let ask = async |key: &str| request(&site, method, uri).with("User-Api-Key", key).get("/verify").await;
        assert_eq!((ask(&ada).await.status, ask(&bob).await.status), (200, 403), "{method} {uri}");
    }
    let open = request(&site, "GET", "/pressing").with("User-Api-Key", &bob).get("/verify").await;
    assert_eq!(open.status, 200);
}

#[actix_web::test]
async fn a_rule_gives_nothing_that_the_scopes_do_not() {
    let site = forum(&[]).await;
    let back_end = site.full_back_end().await;
    let key = key(&back_end, "ada", &["notifications"]).await;
    assert_eq!(request(&site, "GET", "/press/1").with("User-Api-Key", &key).get("/verify").await.status, 403);
}

#[actix_web::test]
async fn where_nobody_is_welcome_too_a_rule_still_asks_for_a_key_w9() {
    let site = TestApp::with_file(RULES, &[("verify.anonymous", "allow")]).await;
    for (uri, status) in [("/books", 200), ("/press/1", 401), ("/press", 401)] {
        assert_eq!(request(&site, "GET", uri).get("/verify").await.status, status, "{uri}");
    }
    assert_eq!(
        Visitor::new(&site.internal).get("/verify").await.status,
        403,
        "of what nobody says no rule can be read"
    );
    let without = TestApp::with(&[("verify.anonymous", "allow")]).await;
    assert_eq!(Visitor::new(&without.internal).get("/verify").await.status, 200);
}

#[actix_web::test]
async fn a_rule_by_method_is_not_passed_by_another_spelling_of_it_k12_w10() {
    let rule = "[[access]]\npaths = [\"/staff/**\"]\nmethods = [\"POST\", \"DELETE\"]\ngroups = [\"staff\"]\n";
    let site = TestApp::with_file(rule, &[("verify.anonymous", "allow")]).await;
    for (method, status) in
        [("POST", 401), ("post", 401), ("Delete", 401), ("PROPFIND", 401), ("GET", 200), ("HEAD", 200)]
    {
        assert_eq!(request(&site, method, "/staff/1").get("/verify").await.status, status, "{method}");
    }
    assert_eq!(request(&site, "post", "/books").get("/verify").await.status, 200, "no rule is about it");
}

#[actix_web::test]
async fn the_back_end_hears_that_it_was_a_rule() {
    const SECRET: &str = "a secret of more than thirty-two characters";
    let site = forum(&[("verify.secret", SECRET)]).await;
    let key = key(&site.full_back_end().await, "bob", &["read"]).await;
    let ask = Visitor::new(&site.internal).with("Authorization", &format!("Bearer {SECRET}"));
    let asked = json!({ "key": key, "method": "GET", "uri": "/press/1" });
    let told = ask.post_json("/verify.json", &asked).await.json();
    assert_eq!((&told["valid"], &told["code"]), (&json!(false), &json!("access")), "{told}");
}
