//! The question as a page.

use std::time::Duration;

use super::{REDIRECT, path, wish, with};
use crate::support::{Answer, PASSWORD, TestApp};

/// The fields of the form on the page, as a browser sends them.
fn filled(page: &Answer) -> Vec<(String, String)> {
    let names = ["authenticity_token", "application_name", "public_key", "auth_redirect"];
    names.iter().map(|name| ((*name).to_owned(), page.hidden(name).replace('\n', "\r\n"))).collect()
}

#[actix_web::test]
async fn a_person_reads_who_and_where_to_and_answers_without_javascript_c016_c226_c231() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.html();
    let page = ada.get(&path(&wish())).await;
    assert_eq!(page.status, 200);
    for said in ["“Deskbell” wants to sign in as you", "told us its name itself", "discourse: links", "Don’t allow"]
    {
        assert!(page.body.contains(said), "{said}: {page:?}");
    }
    assert!(page.header("content-security-policy").contains("form-action 'self' discourse:;"), "{page:?}");
    assert_eq!(page.header("cross-origin-opener-policy"), "");
    let answer = ada.post_form("/user-api-key/otp", &filled(&page)).await;
    assert_eq!(answer.status, 302, "{answer:?}");
    assert!(answer.header("location").starts_with(REDIRECT) && answer.body.contains("You allowed “Deskbell”"));
}

#[actix_web::test]
async fn a_form_that_came_back_changed_gives_nothing_c7() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.html();
    let page = ada.get(&path(&wish())).await;
    for place in 1..filled(&page).len() {
        let mut changed = filled(&page);
        let field = &mut changed[place];
        field.1 = match field.0.as_str() {
            "public_key" => super::key("rsa3072"),
            "auth_redirect" => "http://127.0.0.1:5000/".to_owned(),
            _ => "Other".to_owned(),
        };
        assert_eq!(ada.post_form("/user-api-key/otp", &changed).await.status, 400, "{changed:?}");
    }
    let mut added = filled(&page);
    added.push(("padding".to_owned(), "oaep".to_owned()));
    assert_eq!(ada.post_form("/user-api-key/otp", &added).await.status, 400);
}

#[actix_web::test]
async fn after_ten_minutes_the_page_wants_the_password_again_c6() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.html();
    site.clock.advance(Duration::from_mins(10) + Duration::from_secs(1));
    let page = ada.get(&path(&wish())).await;
    assert!(page.body.contains("type=\"password\""), "{page:?}");
    let mut fields = filled(&page);
    let again = ada.post_form("/user-api-key/otp", &fields).await;
    assert!(again.status == 403 && again.body.contains("Enter your password"), "{again:?}");
    fields.push(("password".to_owned(), PASSWORD.to_owned()));
    assert_eq!(ada.post_form("/user-api-key/otp", &fields).await.status, 302);
}

#[actix_web::test]
async fn too_many_passwords_are_told_when_to_come_back_c6_l2() {
    let site = TestApp::with(&[("limits.sign_in_per_account_and_address_per_minute", "1")]).await;
    let ada = site.user("ada").await.html();
    site.clock.advance(Duration::from_mins(11));
    let page = ada.get(&path(&wish())).await;
    let mut fields = filled(&page);
    fields.push(("password".to_owned(), "wrong password".to_owned()));
    assert_eq!(ada.post_form("/user-api-key/otp", &fields).await.status, 403);
    let limited = ada.post_form("/user-api-key/otp", &fields).await;
    assert_eq!((limited.status, limited.header("retry-after")), (429, "60"), "{limited:?}");
}

#[actix_web::test]
async fn who_may_not_is_told_before_the_question_c5_c11() {
    let site = TestApp::with(&[("user_api.user_api_key_allowed_groups", "trust_level_2")]).await;
    let page = site.user("ada").await.html().get(&path(&wish())).await;
    assert!(
        page.status == 200 && page.body.contains("trust level 2") && !page.body.contains("id=\"allow\""),
        "{page:?}"
    );
    let site = TestApp::with(&[("user_api.allow_user_api_key_scopes", "read")]).await;
    let page = site.user("ada").await.html().get(&path(&wish())).await;
    assert!(page.body.contains("unknown_scope") && page.header("location").is_empty(), "{page:?}");
    let wrong = site.anonymous().html().get(&path(&with("auth_redirect", "https://elsewhere.example/"))).await;
    assert!(wrong.status == 403 && wrong.header("location").is_empty(), "{wrong:?}");
    assert!(wrong.body.contains("redirect_not_allowed"), "{wrong:?}");
}
