//! What an application asks, and what it gets.

use serde_json::{Value, json};

use super::{REDIRECT, ask, come, json_path, key, made, name_of, opened, path, wish, with};
use crate::support::TestApp;

const MISSING: &str = "param is missing or the value is empty or invalid: ";

#[actix_web::test]
async fn the_first_missing_parameter_is_named_c220_c228() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let mut fields = Vec::new();
    for (name, value) in wish() {
        let asked = site.anonymous().get(&path(&fields)).await;
        assert_eq!((asked.status, asked.error()), (400, format!("{MISSING}{name}")));
        let posted = ask(&ada, &fields).await;
        assert_eq!((posted.status, posted.error()), (400, format!("{MISSING}{name}")));
        fields.push((name, value));
    }
}

#[actix_web::test]
async fn what_is_wrong_is_told_to_anybody_before_sign_in_c221_c222_c223_c228_c028() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    for (fields, status, kind, named) in [
        (with("public_key", "garbage"), 400, "invalid_parameters", "public_key"),
        (with("public_key", &key("ec")), 400, "invalid_parameters", "public_key"),
        (with("padding", "none"), 400, "invalid_parameters", "padding"),
        (with("auth_redirect", "https://elsewhere.example/"), 403, "invalid_access", "auth_redirect"),
    ] {
        let anonymous = site.anonymous().get(&json_path(&fields)).await;
        for answer in [anonymous, ada.get(&json_path(&fields)).await, ask(&ada, &fields).await] {
            assert_eq!((answer.status, &answer.json()["error_type"]), (status, &kind.into()), "{answer:?}");
            assert!(answer.error().contains(named), "{answer:?}");
        }
    }
}

#[actix_web::test]
async fn a_registered_key_asks_from_its_own_address_only_c224() {
    let other = "https://deskbell.example/done";
    let site = TestApp::with(&[
        ("user_api.allow_user_api_key_client_scopes", "read"),
        ("user_api.allowed_user_api_auth_redirects", &format!("{REDIRECT}|{other}")),
    ])
    .await;
    let mut registration = with("auth_redirect", other);
    registration.extend([("client_id", "deskbell-1".to_owned()), ("scopes", "read".to_owned())]);
    assert_eq!(site.anonymous().post_form("/user-api-key-client.json", &registration).await.status, 200);
    assert_eq!(site.anonymous().get(&json_path(&wish())).await.status, 403);
    let ada = site.user("ada").await;
    assert_eq!(ask(&ada, &wish()).await.status, 403);

    let mut own = with("auth_redirect", other);
    own.retain(|(name, _)| *name != "application_name");
    own.push(("application_name", "Your Bank".to_owned()));
    assert_eq!(ask(&ada, &own).await.status, 200);
    let page = ada.html().get(&path(&own)).await;
    assert!(page.body.contains("“Deskbell” wants to sign in as you"), "{page:?}");
    assert!(page.body.contains("Listed by Hallpass since 22 November 2026"));
    // The same key in another shape is the same key; a key that nobody registered is free.
    let crlf = with("public_key", &key("rsa2048").replace('\n', "\r\n"));
    assert_eq!(ask(&ada, &crlf).await.status, 403);
    assert_eq!(ask(&ada, &with("public_key", &key("rsa3072"))).await.status, 200);
}

#[actix_web::test]
async fn somebody_signs_in_first_and_comes_back_with_everything_c225() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let visitor = site.anonymous().html();
    let fields = with("padding", "oaep");
    let asked = visitor.get(&path(&fields)).await;
    assert_eq!(asked.status, 302);
    let login = visitor.get(asked.header("location")).await;
    assert!(login.body.contains("Sign in to answer “Deskbell”"), "{login:?}");
    let form = [
        ("authenticity_token", login.hidden("authenticity_token")),
        ("return", login.hidden("return")),
        ("login", "ada".to_owned()),
        ("password", crate::support::PASSWORD.to_owned()),
    ];
    assert_eq!(visitor.post_form("/login", &form).await.header("location"), path(&fields));
}

#[actix_web::test]
async fn the_model_repeats_what_was_asked_and_looks_at_no_group_c008_c226() {
    let site = TestApp::with(&[("user_api.user_api_key_allowed_groups", "admins")]).await;
    let ada = site.user("ada").await;
    let expected = |padding: Value| json!({ "application_name": "Deskbell", "public_key": key("rsa2048"), "auth_redirect": REDIRECT, "padding": padding });
    let model = ada.get(&json_path(&wish())).await;
    assert_eq!((model.status, model.json()), (200, expected(Value::Null)));
    assert_eq!(ada.json().get(&path(&with("padding", "oaep"))).await.json(), expected("oaep".into()));
}

#[actix_web::test]
async fn nobody_gets_none_and_a_form_needs_its_token_c227_c025() {
    let site = TestApp::start().await;
    let nobody = site.anonymous().csrf().await.post_form("/user-api-key/otp.json", &wish()).await;
    assert_eq!((nobody.status, &nobody.json()["error_type"]), (403, &"not_logged_in".into()));
    let ada = site.user("ada").await;
    let tokenless = ada.post_form("/user-api-key/otp", &wish()).await;
    assert_eq!((tokenless.status, tokenless.body.as_str()), (403, "[\"BAD CSRF\"]"));
}

#[actix_web::test]
async fn only_the_allowed_groups_and_staff_get_one_c229() {
    let site = TestApp::with(&[("user_api.user_api_key_allowed_groups", "trust_level_2")]).await;
    let refused = ask(&site.user("ada").await, &wish()).await;
    assert_eq!((refused.status, refused.json()["reason"].as_str()), (403, Some("not_allowed")));
    assert_eq!(ask(&site.admin("grace").await, &wish()).await.status, 200);
    site.account("mo", |user| user.staff.moderator = true).await;
    assert_eq!(ask(&site.sign_in("mo").await, &wish()).await.status, 200);
}

#[actix_web::test]
async fn without_the_scope_on_the_sites_list_there_are_none_c230() {
    let site = TestApp::with(&[("user_api.allow_user_api_key_scopes", "read|write")]).await;
    let refused = ask(&site.admin("grace").await, &wish()).await;
    assert_eq!((refused.status, &refused.json()["error_type"]), (403, &"invalid_access".into()));
}

#[actix_web::test]
async fn the_browser_is_sent_back_with_it_c231_c232_c008() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.csrf().await;
    let page = ada.html().post_form("/user-api-key/otp", &wish()).await;
    let url = page.header("location").to_owned();
    assert!(page.status == 302 && url.starts_with("discourse://auth_redirect?oneTimePassword="), "{page:?}");
    assert!(url.ends_with("%3D%3D%0A"), "escaped, line breaks and all: {url}");
    let kept = with("auth_redirect", "http://127.0.0.1:5000/x?a=1#end");
    let answer = ada.post_form("/user-api-key/otp.json", &kept).await.json();
    let url = answer["redirect_url"].as_str().unwrap();
    assert!(url.starts_with("http://127.0.0.1:5000/x?a=1&oneTimePassword=") && url.ends_with("#end"), "{url}");
    assert_eq!(answer.as_object().unwrap().len(), 1);
}

#[actix_web::test]
async fn the_redirect_goes_by_its_other_name_too() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let mut fields = wish();
    fields[1].0 = "redirect_uri";
    assert_eq!(ada.get(&json_path(&fields)).await.json()["auth_redirect"], REDIRECT);
    assert_eq!(ask(&ada, &fields).await.status, 200);
    fields.push(("auth_redirect", "http://127.0.0.1:5000/".to_owned()));
    assert_eq!(ask(&ada, &fields).await.status, 400, "two redirects");
}

#[actix_web::test]
async fn it_is_32_digits_encrypted_alone_with_the_padding_that_was_asked_for_c233() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    for padding in ["pkcs1", "oaep", "oaep-sha256"] {
        let answer = ask(&ada, &with("padding", padding)).await.json();
        let application = site.client_app().set("padding", padding);
        let password = opened(&application, answer["redirect_url"].as_str().unwrap());
        assert!(password.len() == 32 && password.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')), "{password}");
    }
}

#[actix_web::test]
async fn a_program_with_write_asks_for_itself_and_one_without_may_not_c234_c026_c307() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let of = |scopes: &'static str, id: &'static str| site.client_app().scopes(scopes).set("client_id", id);
    let writer = ada.holder_of(&of("write", "a").approved_by(&ada).await.key);
    let answer = writer.post_form("/user-api-key/otp.json", &wish()).await;
    let url = url::Url::parse(answer.json()["redirect_url"].as_str().unwrap()).unwrap();
    assert_eq!(
        (url.scheme(), url.host_str(), url.path(), url.fragment()),
        ("discourse", Some("auth_redirect"), "", None)
    );
    let password = opened(&site.client_app(), url.as_str());
    let browser = site.anonymous();
    let signed_in = come(&browser, &password).await;
    assert_eq!((signed_in.status, signed_in.header("location")), (302, "/"));
    assert_eq!(name_of(&browser).await, "ada");
    assert_eq!(writer.post("/user-api-key/revoke").await.status, 200);

    let reader = ada.holder_of(&of("read", "b").approved_by(&ada).await.key);
    assert_eq!(reader.post_form("/user-api-key/otp.json", &wish()).await.status, 403);
}

#[actix_web::test]
async fn what_nobody_registered_gets_no_one_time_password_where_that_is_refused_c5_c4() {
    let site = TestApp::with(&[("user_api.unregistered_dangerous_scopes", "refuse")]).await;
    let refused = ask(&site.user("ada").await, &wish()).await;
    assert_eq!((refused.status, refused.json()["reason"].as_str()), (403, Some("dangerous_scope_refused")));
    let site = TestApp::start().await;
    let refused = ask(&site.user("ada").await, &with("application_name", "Hallpass")).await;
    assert_eq!((refused.status, refused.json()["reason"].as_str()), (403, Some("reserved_name")));
}

#[actix_web::test]
async fn a_key_with_the_scope_comes_with_one_behind_the_payload_c087_c089() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    for padding in ["pkcs1", "oaep"] {
        let application = site.client_app().scopes("read,one_time_password").set("padding", padding).redirect(REDIRECT);
        let answer = application.approve(&ada).await.json();
        let url = answer["redirect_url"].as_str().unwrap();
        let (payload, password) = (url.find("?payload=").unwrap(), url.find("&oneTimePassword=").unwrap());
        assert!(payload < password, "{url}");
        assert_eq!(application.receive(url).payload["api"], 4);
        let browser = site.anonymous();
        come(&browser, &opened(&application, url)).await;
        assert_eq!(name_of(&browser).await, "ada");
    }
    let without = site.client_app().redirect(REDIRECT).approve(&ada).await.json();
    assert!(!without["redirect_url"].as_str().unwrap().contains("oneTimePassword"));
}

#[actix_web::test]
async fn a_key_without_a_redirect_comes_without_one_and_none_is_made_c090() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let answer = site.client_app().scopes("one_time_password").approve(&ada).await;
    let members: Vec<_> = answer.json().as_object().unwrap().keys().cloned().collect();
    assert_eq!(members, ["payload", "instructions"]);
    let lines = site.app.cx.store.read(hallpass::store::list_audit_lines).await.unwrap();
    assert!(lines.iter().all(|(event, _)| event != "one_time_password_made"), "{lines:?}");
}

#[actix_web::test]
async fn its_answers_are_never_kept_anywhere_c019() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    for answer in [ada.get(&json_path(&wish())).await, ada.html().get(&path(&wish())).await, ask(&ada, &wish()).await] {
        let headers = ["cache-control", "pragma", "expires", "referrer-policy"].map(|name| answer.header(name));
        assert_eq!(headers, ["no-store", "no-cache", "0", "same-origin"]);
    }
    made(&site, &ada).await;
}
