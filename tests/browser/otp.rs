//! A one-time password: an application signs its user in, in a browser that has no session.

use url::Url;
use url::form_urlencoded::Serializer;

use crate::site::{ClientApp, PASSWORD};
use crate::support::{Landing, Stage};

/// The page on which the application asks for a one-time password.
fn question(application: &ClientApp) -> String {
    let wanted = ["application_name", "public_key", "auth_redirect", "padding"];
    let fields = application.fields().iter().filter(|(name, _)| wanted.contains(&name.as_str()));
    format!("/user-api-key/otp?{}", Serializer::new(String::new()).extend_pairs(fields).finish())
}

/// The one-time password that came to the landing, decrypted.
fn opened(application: &ClientApp, arrival: &str) -> String {
    let url = Url::parse(arrival).unwrap();
    let sealed = url.query_pairs().find(|(name, _)| name == "oneTimePassword").expect("a one-time password").1;
    application.open(&sealed)
}

/// Whom the browser is signed in as, as the page's header says.
async fn whose(stage: &Stage) -> String {
    let link = stage
        .browser
        .find(".account a[href^='/u/']")
        .await
        .attr("href")
        .await
        .unwrap()
        .expect("a link to the applications");
    link.strip_prefix("/u/").and_then(|rest| rest.split('/').next()).unwrap_or_else(|| panic!("{link}")).to_owned()
}

#[actix_web::test]
async fn an_allowed_application_signs_its_user_in_once_c016_c010_c226_c231_c235_c237_c238() {
    let (stage, landing) = (Stage::start().await, Landing::start());
    let application = stage.waiting_at(&landing);
    stage.open(&question(&application)).await;
    stage.sign_in_as("ada", PASSWORD).await;
    let reads = stage.reads().await;
    for fact in ["“Deskbell” wants to sign in as you", "told us its name itself", "once, within ten minutes"] {
        assert!(reads.contains(fact), "{fact}: {reads}");
    }
    stage.look("otp").await;
    stage.follow("#allow").await;
    let password = opened(&application, &landing.arrival());
    assert!(password.len() == 32 && password.bytes().all(|byte| byte.is_ascii_hexdigit()), "{password}");

    let link = format!("/session/otp/{password}");
    stage.open("/").await;
    stage.browser.driver().delete_all_cookies().await.unwrap();
    stage.open(&link).await;
    assert!(stage.reads().await.starts_with("Sign in as ada?"));
    stage.look("otp-sign-in").await;
    stage.follow("#sign-in").await;
    assert_eq!(stage.place().await, "/");
    assert_eq!(whose(&stage).await, "ada");
    stage.quiet("home, signed in by a link").await;
    stage.open(&link).await;
    assert!(stage.reads().await.starts_with("This link does not work any more"));
    stage.look("otp-gone").await;
}

#[actix_web::test]
async fn a_registered_application_is_shown_as_such_on_both_questions_c070_c224_c235_c237_c268() {
    let (stage, landing) = (Stage::start().await, Landing::start());
    stage.server.account("grace", PASSWORD, &[]);
    let application = stage.waiting_at(&landing);
    register(&stage, &application, &landing);
    stage.sign_in().await;
    for (path, name) in [(application.path(), "consent-registered"), (question(&application), "otp-registered")] {
        stage.open(&path).await;
        let reads = stage.reads().await;
        assert!(reads.starts_with("“Official Deskbell” wants to"), "the registered name: {reads}");
        assert!(reads.contains("Listed by Meadow Forum since") && !reads.contains("told us its name"), "{reads}");
        stage.look(name).await;
        stage.follow("#allow").await;
    }
    assert_eq!(stage.status_of(&application.receive(&landing.arrival()).key).await, 200);
    let password = opened(&application, &landing.arrival());

    stage.open("/").await;
    stage.browser.driver().delete_all_cookies().await.unwrap();
    stage.open("/login").await;
    stage.sign_in_as("grace", PASSWORD).await;
    stage.open(&format!("/session/otp/{password}")).await;
    assert!(stage.reads().await.contains("You are signed in as grace now. That would end in this browser."));
    stage.look("otp-sign-in-instead").await;
    stage.follow("#sign-in").await;
    stage.open("/").await;
    assert_eq!(whose(&stage).await, "ada");
}

/// Registers the application at the landing, as the operator does.
fn register(stage: &Stage, application: &ClientApp, landing: &Landing) {
    let field = |wanted: &str| &application.fields().iter().find(|(name, _)| name == wanted).unwrap().1;
    std::fs::write(stage.server.folder().join("deskbell.pem"), field("public_key")).unwrap();
    let redirect = landing.url("/callback?from=meadow");
    let command = ["client", "register", "deskbell-1", "--name", "Official Deskbell", "--auth-redirect", &redirect];
    let made =
        stage.server.cli(&[&command[..], &["--scopes", "read", "--public-key-file", "deskbell.pem"]].concat(), "");
    assert!(made.status.success(), "{made:?}");
}
