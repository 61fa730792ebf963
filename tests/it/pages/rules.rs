//! Rules that hold for every page, and those of single pages.

use super::markup::{Tag, tags, within};
use super::{all, page};

fn questions() -> Vec<(&'static str, String)> {
    all("").into_iter().filter(|(name, _)| name.starts_with("consent")).collect()
}

fn count(tags: &[Tag<'_>], wanted: impl Fn(&Tag<'_>) -> bool) -> usize {
    tags.iter().filter(|tag| wanted(tag)).count()
}

#[test]
fn no_page_has_an_inline_style_or_script_w1() {
    for (name, html) in all("") {
        for tag in tags(&html) {
            assert_ne!(tag.name, "style", "{name}");
            assert!(tag.name != "script" || tag.attribute("src").is_some(), "{name}");
            assert!(tag.attributes().all(|attribute| attribute != "style" && !attribute.starts_with("on")), "{name}");
        }
        assert!(!html.contains("data:") && !html.contains("javascript:"), "{name}");
    }
}

#[test]
fn no_page_loads_anything_from_elsewhere_r7_c3() {
    for (name, html) in all("") {
        for tag in tags(&html).iter().filter(|tag| matches!(tag.name, "img" | "script" | "link")) {
            let address = tag.attribute("src").or(tag.attribute("href")).expect("an address");
            assert!(address.starts_with("/static/"), "{name}: {address}");
        }
    }
}

#[test]
fn style_and_script_load_nothing_and_hold_no_data_w1_r7() {
    for file in ["hallpass.css", "hallpass.js", "icon.svg"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("static").join(file);
        let text = std::fs::read_to_string(path).expect("a file").replace("http://www.w3.org/2000/svg", "");
        for wish in ["http:", "https:", "url(", "@import", "data:", "fetch(", "eval(", ".style"] {
            assert!(!text.contains(wish), "{file}: {wish}");
        }
    }
}

#[test]
fn every_page_has_one_heading_a_title_and_a_language() {
    for (name, html) in all("") {
        let tags = tags(&html);
        assert_eq!(count(&tags, |tag| tag.name == "h1"), 1, "{name}");
        assert_eq!(count(&tags, |tag| tag.name == "title"), 1, "{name}");
        assert_eq!(count(&tags, |tag| tag.name == "html" && tag.attribute("lang") == Some("en")), 1, "{name}");
    }
}

#[test]
fn every_form_posts_and_carries_a_token_w3() {
    for (name, html) in all("") {
        for form in html.split("<form").skip(1) {
            let form = form.split("</form>").next().expect("a form");
            assert!(form.contains("method=\"post\""), "{name}");
            assert_eq!(form.matches("name=\"authenticity_token\"").count(), 1, "{name}");
        }
    }
}

#[test]
fn every_field_has_a_label() {
    for (name, html) in all("") {
        let tags = tags(&html);
        for field in tags.iter().filter(|tag| tag.name == "input" && tag.takes_focus()) {
            let id = field.attribute("id").expect("an id");
            assert_eq!(count(&tags, |tag| tag.name == "label" && tag.attribute("for") == Some(id)), 1, "{name}: {id}");
        }
    }
}

#[test]
fn allow_is_the_only_submit_of_its_form_and_the_form_is_the_first_c6() {
    for (name, html) in questions() {
        let form = within(&html, "<form", "</form>");
        let tags = tags(form);
        assert_eq!(tags[0].attribute("action"), Some("/user-api-key"), "{name}");
        assert_eq!(count(&tags, |tag| tag.name == "button"), 1, "{name}");
        assert_eq!(count(&tags, |tag| tag.attribute("id") == Some("allow")), 1, "{name}");
        assert_eq!(html.matches("action=\"/user-api-key\"").count(), 1, "{name}");
    }
}

#[test]
fn no_other_form_of_the_question_mentions_the_protocol_c6() {
    for (name, html) in questions() {
        let rest: Vec<_> = html.split("<form").skip(2).collect();
        assert_eq!(rest.len(), 1, "{name}: one form beside the question's, to switch accounts");
        assert!(!rest[0].contains("user-api-key"), "{name}");
        assert!(rest[0].contains("action=\"/logout\"") && rest[0].contains("name=\"return\""), "{name}");
    }
}

#[test]
fn dont_allow_comes_first_to_the_keyboard_and_nothing_is_focused_c6() {
    for (name, html) in questions() {
        let tags = tags(&html);
        let first = tags.iter().find(|tag| tag.takes_focus()).expect("something to reach");
        assert_eq!(first.attribute("id"), Some("dont-allow"), "{name}");
        assert_eq!(first.attribute("href"), Some("/user-api-key/declined"), "{name}");
        let turned = |tag: &Tag<'_>| tag.attribute("autofocus").or(tag.attribute("tabindex")).is_some();
        assert_eq!(count(&tags, turned), 0, "{name}");
    }
}

#[test]
fn both_answers_look_alike_c6() {
    for (name, html) in questions() {
        let tags = tags(&html);
        let class = |id| tags.iter().find(|tag| tag.attribute("id") == Some(id)).and_then(|tag| tag.attribute("class"));
        assert_eq!(class("dont-allow"), Some("button"), "{name}");
        assert_eq!(class("allow"), class("dont-allow"), "{name}");
    }
}

#[test]
fn the_hidden_inputs_alone_are_the_request_c6() {
    let html = page("consent");
    let form = within(&html, "<form", "</form>");
    let names: Vec<_> = tags(form).iter().filter_map(|tag| tag.attribute("name")).collect();
    let sent =
        ["authenticity_token", "application_name", "public_key", "nonce", "client_id", "scopes", "auth_redirect"];
    assert_eq!(names, sent);
    assert!(form.contains("value=\"-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n\""));
}

#[test]
fn the_question_says_who_what_where_and_until_when_c2() {
    let html = page("consent");
    for said in [
        "“Deskbell” wants to use your account",
        "told us its name itself",
        "Signed in as <strong>ada</strong>",
        "read everything you can read",
        "post, edit and delete in your name, and let other applications in",
        "an application on this computer",
        "127.0.0.1",
        "port 51004",
        "Until 21 February 2027",
        "At most 20 requests a minute and 2,880 a day",
        "7f3a 91c2 04be d811",
        "same as on 3 May 2026",
        "Don’t allow",
        "Allow Deskbell",
    ] {
        assert!(html.contains(said), "{said}");
    }
    let apart = within(&html, "<section class=\"may may-change\"", "</section>");
    assert!(apart.contains("in your name") && !apart.contains("you can read"));
}

#[test]
fn each_kind_of_place_is_named_c2_c3() {
    let places = [
        ("consent_shown_here", "shown on the next page"),
        ("consent_web", "<strong class=\"host\">app.deskbell.example</strong>"),
        ("consent_web_unusual", "xn--bcherwurm-q9a.example"),
        ("consent_web_unusual", "written bücherwurm.example"),
        ("consent_web_unusual", "port 8080"),
        ("consent_web_unusual", "over http, which is not encrypted"),
        ("consent_scheme", "the one that opens deskbell: links"),
        ("consent_push", "push.deskbell.example"),
        ("consent_registered", "Listed by Meadow Forum since 2 March 2026"),
        ("consent_changed_key", "changed since 3 May 2026"),
    ];
    for (name, said) in places {
        assert!(page(name).contains(said), "{name}: {said}");
    }
}

#[test]
fn the_payload_is_the_first_code_of_the_result_and_has_its_lines_c017_c084_c10() {
    let html = page("result");
    let first = within(&html, "<code", "</code>");
    assert!(first.starts_with("<code id=\"user-api-key-payload\""));
    assert!(first.contains(super::samples::PAYLOAD));
    assert!(html.contains("id=\"copy-api-key-btn\"") && html.contains("Copy this into Deskbell"));
    assert!(!html.contains("<pre"));
    assert!(html.contains("nowhere else"));
}

#[test]
fn a_refusal_and_a_no_lead_to_the_site_alone_c11() {
    for name in ["refused", "refused_unnamed", "not_allowed", "declined", "declined_unnamed"] {
        let html = page(name);
        assert!(!html.contains("http-equiv"), "{name}");
        for link in tags(&html).iter().filter(|tag| tag.name == "a") {
            let href = link.attribute("href").expect("an address");
            assert!(["/", "/notifications", "/u/ada/preferences/apps"].contains(&href), "{name}: {href}");
        }
    }
}

#[test]
fn a_refusal_names_its_reason_for_the_author_below_the_fold() {
    let html = page("refused");
    let folded = within(&html, "<details", "</details>");
    assert!(folded.contains("<code id=\"refusal-reason\">redirect_not_allowed</code>"));
    assert!(!folded.contains("<details open"));
    assert!(!html.replace(folded, "").contains("redirect_not_allowed"));
}

#[test]
fn not_allowed_says_which_group_is_needed_and_whom_to_ask_c5() {
    let html = page("not_allowed");
    for said in
        ["administrators, moderators or trust level 2", "Ask the people who run", "signed in as ada", "Deskbell"]
    {
        assert!(html.contains(said), "{said}");
    }
}

#[test]
fn the_question_about_a_one_time_password_has_two_equal_answers_and_no_comes_first_c6() {
    for name in ["otp", "otp_registered", "otp_password_wrong"] {
        let html = page(name);
        let all = tags(&html);
        let first = all.iter().find(|tag| tag.takes_focus()).expect("something to reach");
        assert_eq!(first.attribute("id"), Some("dont-allow"), "{name}");
        let class = |id| all.iter().find(|tag| tag.attribute("id") == Some(id)).and_then(|tag| tag.attribute("class"));
        assert_eq!((class("dont-allow"), class("allow")), (Some("button"), Some("button")), "{name}");
        let form = within(&html, "<form", "</form>");
        assert_eq!(tags(form)[0].attribute("action"), Some("/user-api-key/otp"), "{name}");
        assert_eq!(form.matches("<button").count(), 1, "{name}");
        let apart = within(&html, "<section class=\"may may-change\"", "</section>");
        assert!(apart.contains("sign in as you"), "{name}");
    }
}

#[test]
fn signing_in_with_a_one_time_password_is_one_button_c235() {
    let html = page("otp_sign_in");
    let form = within(&html, "<form", "</form>");
    assert_eq!((html.matches("<form").count(), form.matches("<button").count()), (1, 1));
    assert!(html.contains("Sign in as ada?") && html.contains("Meadow Forum"));
    assert!(page("otp_sign_in_instead").contains("You are signed in as grace now"));
}

fn device_questions() -> Vec<(&'static str, String)> {
    let asks = |name: &str| name.starts_with("device_typed") || name.starts_with("device_link");
    all("").into_iter().filter(|(name, _)| asks(name)).collect()
}

#[test]
fn a_code_from_another_device_is_answered_like_any_question_and_says_to_stop_c6_c9() {
    let questions = device_questions();
    assert_eq!(questions.len(), 5);
    for (name, html) in questions {
        let tags = tags(&html);
        let first = tags.iter().find(|tag| tag.takes_focus()).expect("something to reach");
        assert_eq!(first.attribute("id"), Some("dont-allow"), "{name}");
        assert_eq!(count(&tags, |tag| tag.attribute("autofocus").is_some()), 0, "{name}");
        assert_eq!(count(&tags, |tag| tag.attribute("id") == Some("allow")), 1, "{name}");
        let buttons =
            ["dont-allow", "allow"].map(|id| tags.iter().find(|tag| tag.attribute("id") == Some(id)).unwrap());
        assert_eq!(buttons[0].attribute("class"), buttons[1].attribute("class"), "{name}");
        assert!(html.contains("Did someone send you this code? Then stop here."), "{name}");
        assert!(html.contains("40 seconds ago from "), "{name}");
    }
}
