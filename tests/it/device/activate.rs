//! `GET` and `POST /user-api-key/activate`: typing a code, following a link.

use serde_json::{Value, json};
use url::Url;

use super::{allow, ask, authorize, deny, enter, expired, invalid, status, token};
use crate::support::{Answer, PASSWORD, TestApp, Visitor};

const PATH: &str = "/user-api-key/activate";

/// Signs in on the page that this answer leads to; where that leads.
async fn follow_through_sign_in(visitor: &Visitor, answer: &Answer) -> String {
    assert_eq!(answer.status, 302, "{answer:?}");
    let login = visitor.html().get(answer.header("location")).await;
    let fields = [
        ("authenticity_token", login.hidden("authenticity_token")),
        ("return", login.hidden("return")),
        ("login", "ada".to_owned()),
        ("password", PASSWORD.to_owned()),
    ];
    visitor.html().post_form("/login", &fields).await.header("location").to_owned()
}

#[actix_web::test]
async fn a_stranger_signs_in_first_and_keeps_a_token_but_never_a_code_c143_c144_c145_c146_w5() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    for (query, kept) in [
        ("", PATH.to_owned()),
        ("?code=ABCD-EFGH", PATH.to_owned()),
        ("?request=abc_-123", format!("{PATH}?request=abc_-123")),
        ("?request=abc_-123&code=ABCD-EFGH", format!("{PATH}?request=abc_-123")),
        ("?request=abc_-1234", PATH.to_owned()),
        ("?request=//evil.ex", PATH.to_owned()),
    ] {
        for suffix in ["", ".json"] {
            let stranger = site.anonymous();
            let answer = stranger.get(&format!("{PATH}{suffix}{query}")).await;
            assert!(answer.header("location").starts_with("/login?return="), "{answer:?}");
            assert!(!answer.header("location").contains("ABCD"), "{answer:?}");
            assert_eq!(follow_through_sign_in(&stranger, &answer).await, kept, "{query}");
            site.clock.advance(std::time::Duration::from_mins(1));
        }
    }
}

#[actix_web::test]
async fn a_stranger_who_posts_needs_the_token_of_the_page_and_is_sent_to_sign_in_c152() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let stranger = site.anonymous();
    let fields = [("code", "ABCD-EFGH"), ("request", "abc_-123")];
    let answer = stranger.post_form(PATH, &fields).await;
    assert_eq!((answer.status, answer.body.as_str()), (403, "[\"BAD CSRF\"]"));
    let answer = stranger.csrf().await.post_form(PATH, &fields).await;
    assert_eq!(follow_through_sign_in(&stranger, &answer).await, format!("{PATH}?request=abc_-123"));
}

#[actix_web::test]
async fn a_code_in_an_address_is_dropped_c147() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let codes = ask(&site, &site.client_app()).await;
    let answer = ada.get(&format!("{PATH}?code={}&request={}", codes.user, codes.request)).await;
    assert_eq!((answer.status, answer.header("location")), (302, PATH));
}

#[actix_web::test]
async fn without_anything_the_code_is_asked_for_c148_c186() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    for path in ["/user-api-key/activate.json", "/user-api-key/activate.json?request="] {
        let answer = ada.get(path).await;
        assert_eq!((answer.status, answer.json()), (200, json!({ "state": "enter_code" })));
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert_eq!(ada.json().get(PATH).await.json(), json!({ "state": "enter_code" }));
}

fn whole(model: &Value, request: &Value, approval: &Value) {
    let expected = json!({
        "state": "authorize",
        "request_token": request,
        "approval_token": approval,
        "no_trust_level": false,
        "invalid_code": false,
        "device_auth": {
            "application_name": "Deskbell",
            "localized_scopes": ["read everything you can read", "post, edit and delete in your name, and let other applications in"],
            "write_scope": true,
            "unregistered_client": true,
            "expires_at": "2026-11-22T12:01:00Z",
        },
        "current_user": model["current_user"],
    });
    assert_eq!(model, &expected);
    assert_eq!(model["current_user"]["username"], "ada");
    assert!(model["current_user"]["avatar_template"].as_str().unwrap().contains("{size}"));
}

#[actix_web::test]
async fn a_link_shows_the_request_without_binding_it_or_telling_the_code_c149_c187_c188_c189() {
    let site = TestApp::start().await;
    let (ada, bob) = (site.user("ada").await, site.user("bob").await);
    let application = site.client_app().scopes("read,write").set("expires_in_seconds", "60");
    let codes = ask(&site, &application).await;
    let answer = ada.get(&format!("{PATH}.json?request={}", codes.request)).await;
    whole(&answer.json(), &json!(codes.request), &Value::Null);
    let page = ada.html().get(&format!("{PATH}?request={}", codes.request)).await;
    for answer in [answer, page] {
        assert!(!answer.body.contains(&codes.user) && !answer.body.contains(&codes.user.replace('-', "")));
    }
    token(&bob, &codes).await;
}

#[actix_web::test]
async fn a_good_code_shows_the_request_with_a_token_to_answer_c158_c161_c187() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let application = site.client_app().scopes("read,write").set("expires_in_seconds", "60");
    let codes = ask(&site, &application).await;
    let model = enter(&ada, &codes.user).await.json();
    let token = model["approval_token"].as_str().unwrap().to_owned();
    assert!(token.len() == 64 && token.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')), "{token}");
    whole(&model, &Value::Null, &json!(token));
    // The code stays good for the same user, who gets another token.
    assert_ne!(super::token(&ada, &codes).await, token);
}

#[actix_web::test]
async fn however_it_is_typed_a_code_is_the_same_c154() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let codes = ask(&site, &site.client_app()).await;
    let bare = codes.user.replace('-', "");
    for typed in [bare.to_lowercase(), bare.clone(), format!(" {} {} ", &bare[..4], &bare[4..])] {
        assert_eq!(enter(&ada, &typed).await.json()["state"], "authorize", "{typed}");
    }
}

#[actix_web::test]
async fn a_wrong_code_tells_nothing_c155_c186() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    ask(&site, &site.client_app()).await;
    for typed in ["", "ABC", "AAAA-AAAA", "ABCD-EFGHJ"] {
        let answer = enter(&ada, typed).await;
        assert_eq!((answer.status, answer.json()), (200, invalid()), "{typed}");
    }
    assert_eq!(ada.csrf().await.post("/user-api-key/activate.json").await.json(), invalid());
}

#[actix_web::test]
async fn a_link_that_leads_to_nothing_for_this_user_is_over_c150() {
    let site = TestApp::start().await;
    let (ada, bob) = (site.user("ada").await, site.user("bob").await);
    let [bound, allowed, denied] = [
        ask(&site, &site.client_app()).await,
        ask(&site, &site.client_app()).await,
        ask(&site, &site.client_app()).await,
    ];
    token(&bob, &bound).await;
    allow(&ada, &allowed).await;
    let no = token(&ada, &denied).await;
    deny(&ada, &[("approval_token", &no)]).await;
    let tokens = ["short", "abcdefgh", "a.b.c.d.", &bound.request, &allowed.request, &denied.request];
    for request in tokens {
        let answer = ada.get(&format!("{PATH}.json?request={request}")).await;
        assert_eq!((answer.status, answer.json()), (200, expired()), "{request}");
    }
}

#[actix_web::test]
async fn the_first_to_type_the_code_has_the_request_alone_c156_c159_c9() {
    let site = TestApp::start().await;
    let (ada, bob) = (site.user("ada").await, site.user("bob").await);
    let codes = ask(&site, &site.client_app()).await;
    token(&ada, &codes).await;
    assert_eq!(enter(&bob, &codes.user).await.json(), expired());
    let both = [("request", codes.request.as_str()), ("code", codes.user.as_str())];
    assert_eq!(authorize(&bob, &both).await.json(), expired());
    assert_eq!(status(&site.anonymous(), &codes).await, "authorization_pending");
    allow(&ada, &codes).await;
}

#[actix_web::test]
async fn of_many_users_who_type_a_code_at_once_one_gets_it_c158_c160() {
    let site = TestApp::start().await;
    let codes = ask(&site, &site.client_app()).await;
    let mut tries = Vec::new();
    for name in ["ada", "bob", "cleo", "dan", "eve"] {
        let (user, code) = (site.user(name).await.csrf().await, codes.user.clone());
        tries.push(actix_web::rt::spawn(async move {
            user.post_form("/user-api-key/activate.json", &[("code", code)]).await.json()
        }));
    }
    let mut states = Vec::new();
    for one in tries {
        let answer = one.await.unwrap();
        states.push(if answer == expired() { "expired" } else { "shown" });
    }
    assert_eq!(states.iter().filter(|state| **state == "shown").count(), 1, "{states:?}");
}

#[actix_web::test]
async fn who_may_let_nothing_in_sees_the_request_and_leaves_it_as_it_was_c149_c157() {
    let site = TestApp::with(&[("user_api.user_api_key_allowed_groups", "trust_level_2")]).await;
    let ada = site.user("ada").await;
    let codes = ask(&site, &site.client_app()).await;
    for model in
        [enter(&ada, &codes.user).await.json(), ada.get(&format!("{PATH}.json?request={}", codes.request)).await.json()]
    {
        assert_eq!((&model["state"], &model["no_trust_level"]), (&json!("authorize"), &json!(true)));
        assert_eq!((&model["approval_token"], &model["invalid_code"]), (&Value::Null, &json!(false)));
        assert_eq!(model["device_auth"]["application_name"], "Deskbell");
    }
    let page = ada.html().get(&format!("{PATH}?request={}", codes.request)).await;
    assert!(page.body.contains("trust level 2") && !page.body.contains("device/authorize"), "{page:?}");
    allow(&site.admin("grace").await, &codes).await;
}

#[actix_web::test]
async fn a_program_with_a_key_cannot_type_codes_or_answer_c161() {
    let site = TestApp::start().await;
    let program = site.key("read,write").await;
    let codes = ask(&site, &site.client_app()).await;
    let both = [("request", codes.request.as_str()), ("code", codes.user.as_str())];
    for path in ["activate.json", "device/authorize.json", "device/deny.json"] {
        let answer = program.post_form(&format!("/user-api-key/{path}"), &both).await;
        assert_eq!((answer.status, &answer.json()["error_type"]), (403, &json!("invalid_access")), "{path}");
    }
    assert_eq!(program.json().get(PATH).await.status, 403);
}

/// The hidden fields of a form on a page, with what a person adds.
fn fields<'a>(page: &Answer, hidden: &[&'a str], typed: &[(&'a str, &str)]) -> Vec<(&'a str, String)> {
    let kept = hidden.iter().map(|name| (*name, page.hidden(name)));
    kept.chain(typed.iter().map(|(name, value)| (*name, (*value).to_owned()))).collect()
}

#[actix_web::test]
async fn without_script_a_person_types_the_code_reads_and_allows_c018_c185_c188_c9() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.html();
    let program = site.anonymous().with("User-Agent", "Deskbell/2.1 (Linux; x86_64)");
    let wish = site.client_app().scopes("read,write").as_json();
    let codes = super::codes(&program.post_json("/user-api-key/device.json", &wish).await);
    site.clock.advance(std::time::Duration::from_secs(40));

    let page = ada.get(PATH).await;
    assert!(page.body.contains("autocomplete=\"one-time-code\""), "{page:?}");
    assert!(page.body.contains("Did someone send you this code? Then stop here."));
    let page = ada.post_form(PATH, &fields(&page, &["authenticity_token"], &[("code", "AAAA")])).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("There is no such code"), "{page:?}");

    let page = ada.post_form(PATH, &fields(&page, &["authenticity_token"], &[("code", &codes.user)])).await;
    assert_eq!(page.status, 200);
    for fact in [
        "40 seconds ago from 127.0.0.1",
        "with Deskbell on Linux",
        "Did someone send you this code? Then stop here.",
        "has not checked who made it",
        "read everything you can read",
        "And, which can change things",
        "keeps its access until you end it",
    ] {
        assert!(page.body.contains(fact), "{fact}: {}", page.body);
    }
    assert!(!page.body.contains(&codes.device));
    assert!(page.header("content-security-policy").contains("form-action 'self';"), "{page:?}");
    assert_eq!((page.header("x-frame-options"), page.header("cache-control")), ("DENY", "no-store"));

    let yes = fields(&page, &["authenticity_token", "approval_token"], &[]);
    let page = ada.post_form("/user-api-key/device/authorize", &yes).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Done. Go back to Deskbell"), "{page:?}");
    assert_eq!(status(&program, &codes).await, "authorized");
    let page = ada.post_form("/user-api-key/device/authorize", &yes).await;
    assert!(page.status == 200 && page.body.contains("This code is over"), "{page:?}");
}

#[actix_web::test]
async fn without_script_a_person_says_no_c182_c185_c11() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.html();
    let codes = ask(&site, &site.client_app()).await;
    let page = ada.get(PATH).await;
    let page = ada.post_form(PATH, &fields(&page, &["authenticity_token"], &[("code", &codes.user)])).await;
    let no = fields(&page, &["authenticity_token", "approval_token"], &[]);
    let page = ada.post_form("/user-api-key/device/deny", &no).await;
    assert_eq!((page.status, page.header("location")), (200, ""));
    assert!(page.body.contains("You said no") && page.body.contains("Deskbell"), "{page:?}");
    assert_eq!(status(&site.anonymous(), &codes).await, "access_denied");
}

#[actix_web::test]
async fn the_page_of_a_link_takes_the_code_beside_the_answer_c170_c171_c185_c9() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.html();
    let codes = ask(&site, &site.client_app()).await;
    let page = ada.get(&format!("{PATH}?request={}", codes.request)).await;
    let path = "/user-api-key/device/authorize";
    let hidden = ["authenticity_token", "request"];
    let page = ada.post_form(path, &fields(&page, &hidden, &[("code", "AAAA-AAAA")])).await;
    assert!(page.status == 200 && page.body.contains("not the code of this request"), "{page:?}");
    assert_eq!(status(&site.anonymous(), &codes).await, "authorization_pending");
    let page = ada.post_form(path, &fields(&page, &hidden, &[("code", &codes.user.to_lowercase())])).await;
    assert!(page.body.contains("Done. Go back to Deskbell"), "{page:?}");
}

#[actix_web::test]
async fn what_changes_things_needs_the_password_again_on_the_page_and_not_from_a_script_c6() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let page_of = ada.html();
    site.clock.advance(std::time::Duration::from_secs(601));
    let codes = ask(&site, &site.client_app().scopes("write")).await;
    let page = page_of.get(PATH).await;
    let page = page_of.post_form(PATH, &fields(&page, &["authenticity_token"], &[("code", &codes.user)])).await;
    assert!(page.body.contains("name=\"password\""), "{page:?}");
    let (path, hidden) = ("/user-api-key/device/authorize", ["authenticity_token", "approval_token"]);
    let page = page_of.post_form(path, &fields(&page, &hidden, &[])).await;
    assert!(page.status == 403 && page.body.contains("Enter your password"), "{page:?}");
    let page = page_of.post_form(path, &fields(&page, &hidden, &[("password", "wrong")])).await;
    assert!(page.status == 403 && page.body.contains("not your password"), "{page:?}");
    assert_eq!(status(&site.anonymous(), &codes).await, "authorization_pending");
    let page = page_of.post_form(path, &fields(&page, &hidden, &[("password", PASSWORD)])).await;
    assert!(page.status == 200 && page.body.contains("Done."), "{page:?}");

    let codes = ask(&site, &site.client_app().scopes("write")).await;
    allow(&ada, &codes).await;
}

#[actix_web::test]
async fn addresses_of_a_service_under_a_path_stay_there_c134_c145() {
    let site = TestApp::with(&[("server.public_url", "http://{public}/hall")]).await;
    site.account("ada", |_| {}).await;
    let codes = ask(&site, &site.client_app()).await;
    let stranger = site.anonymous();
    let answer = stranger.get(&format!("{PATH}?request={}", codes.request)).await;
    let login = Url::parse(&site.base).unwrap().join(answer.header("location")).unwrap();
    assert_eq!(login.path(), "/hall/login");
}
