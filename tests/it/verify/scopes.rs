//! What each scope opens. A path that is permitted and not there is 404; one that is not permitted is 403.

use reqwest::Method;
use serde_json::json;

use crate::support::{TestApp, Visitor};

async fn program(scopes: &str) -> (TestApp, Visitor) {
    let all = "read|write|message_bus|push|notifications|session_info|one_time_password|bookmarks_calendar|user_status";
    let many = ("user_api.max_user_api_reqs_per_minute", "1000");
    let site = TestApp::with(&[("user_api.allow_user_api_key_scopes", all), many]).await;
    let program = site.key(scopes).await;
    (site, program)
}

/// Of these requests, those that the scope permits.
async fn permitted(scopes: &str, requests: &[&str]) -> Vec<String> {
    let (_site, program) = program(scopes).await;
    let mut permitted = Vec::new();
    for request in requests {
        let (method, path) = request.split_once(' ').unwrap();
        let method: Method = method.parse().unwrap();
        // A poll of the message bus would wait.
        let path = format!("{path}?dlp=t");
        let answer = program.json().request(method.clone(), &path, None).await;
        if answer.status == 403 {
            let empty = method == Method::HEAD;
            assert!(empty || answer.json()["error_type"] == "invalid_access", "{scopes}: {request}: {answer:?}");
        } else {
            permitted.push((*request).to_owned());
        }
    }
    permitted
}

const ALL: &[&str] = &[
    "GET /session/current",
    "GET /session/current.json",
    "GET /about.json",
    "GET /nowhere",
    "HEAD /about.json",
    "OPTIONS /about.json",
    "POST /nowhere",
    "PUT /nowhere",
    "PATCH /nowhere",
    "DELETE /nowhere",
    "POST /message-bus/abc123/poll",
    "POST /message-bus/abc123/poll.json",
    "GET /message-bus/abc123/poll",
    "POST /message-bus/abc123",
    "POST /message-bus/a/b/poll",
    "GET /notifications",
    "GET /notifications.json",
    "GET /notifications/totals.json",
    "POST /notifications",
    "PUT /notifications/mark-read",
    "PUT /notifications/read.json",
    "PUT /notifications/17",
    "GET /u/ada/topic-tracking-state.json",
    "GET /u/ada/bookmarks.ics",
    "GET /u/ada/bookmarks.json",
    "GET /user-status",
    "PUT /user-status.json",
    "DELETE /user-status",
    "POST /user-status",
    "POST /user-api-key/undo-revoke",
    "POST /user-api-key",
];

fn only(wanted: impl Fn(&str) -> bool) -> Vec<String> {
    ALL.iter().filter(|request| wanted(request)).map(|request| (*request).to_owned()).collect()
}

#[actix_web::test]
async fn read_opens_every_get_and_head_and_nothing_else_c282_c284() {
    let expected = only(|request| request.starts_with("GET ") || request.starts_with("HEAD "));
    assert_eq!(permitted("read", ALL).await, expected);
}

#[actix_web::test]
async fn write_opens_everything_but_options_c283_c284() {
    assert_eq!(permitted("write", ALL).await, only(|request| !request.starts_with("OPTIONS ")));
}

#[actix_web::test]
async fn message_bus_opens_its_poll_c285() {
    let poll = ["POST /message-bus/abc123/poll", "POST /message-bus/abc123/poll.json"];
    assert_eq!(permitted("message_bus", ALL).await, poll);
}

#[actix_web::test]
async fn notifications_opens_the_list_the_totals_the_mark_and_the_poll_c286() {
    let expected = [
        "POST /message-bus/abc123/poll",
        "POST /message-bus/abc123/poll.json",
        "GET /notifications",
        "GET /notifications.json",
        "GET /notifications/totals.json",
        "PUT /notifications/mark-read",
        "PUT /notifications/read.json",
    ];
    assert_eq!(permitted("notifications", ALL).await, expected);
}

#[actix_web::test]
async fn session_info_opens_who_am_i_c287() {
    let expected = ["GET /session/current", "GET /session/current.json", "GET /u/ada/topic-tracking-state.json"];
    assert_eq!(permitted("session_info", ALL).await, expected);
}

#[actix_web::test]
async fn push_and_one_time_password_open_nothing_by_themselves_c288() {
    assert_eq!(permitted("push", ALL).await, [""; 0]);
    assert_eq!(permitted("one_time_password", ALL).await, [""; 0]);
}

#[actix_web::test]
async fn bookmarks_calendar_opens_the_calendar_and_user_status_the_status_c289() {
    assert_eq!(permitted("bookmarks_calendar", ALL).await, ["GET /u/ada/bookmarks.ics"]);
    let status = ["GET /user-status", "PUT /user-status.json", "DELETE /user-status"];
    assert_eq!(permitted("user_status", ALL).await, status);
}

#[actix_web::test]
async fn several_scopes_open_what_each_opens() {
    let both = permitted("session_info,user_status", ALL).await;
    assert_eq!(both.len(), 6, "{both:?}");
}

#[actix_web::test]
async fn a_scope_that_does_not_suffice_is_told_c276_k11() {
    let (_site, program) = program("read").await;
    let sentence = "You are not permitted to view the requested resource.";
    let json = program.json().post("/user-api-key").await;
    assert_eq!((json.status, json.json()), (403, json!({ "errors": [sentence], "error_type": "invalid_access" })));
    let suffix = program.post("/user-api-key.json").await;
    assert_eq!((suffix.status, suffix.header("content-type")), (403, "application/json; charset=utf-8"));
    let page = program.html().post("/user-api-key").await;
    assert_eq!((page.status, page.json()), (403, json.json()), "no person reads it");
    assert_eq!(program.get("/session/current.json").await.status, 200);
}

#[actix_web::test]
async fn any_key_may_end_itself_c290() {
    for scopes in ["read", "push", "session_info", "one_time_password", "bookmarks_calendar"] {
        let (_site, program) = program(scopes).await;
        let ended = program.post("/user-api-key/revoke").await;
        assert_eq!((ended.status, ended.json()), (200, json!({ "success": "OK" })), "{scopes}");
        assert_eq!(program.post("/user-api-key/revoke").await.status, 403, "{scopes}");
    }
}
