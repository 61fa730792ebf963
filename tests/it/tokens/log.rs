//! Every call with a good admin key is in the log, whatever came of it.

use serde_json::{Value, json};

use super::{forum, request, wish};
use crate::support::Visitor;

async fn calls(back_end: &Visitor) -> Vec<Value> {
    back_end.get("/admin/audit?event=admin_called&limit=100").await.json()["items"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn every_call_is_in_the_log_with_its_route_and_both_identities_l9_k12() {
    let site = forum(&[]).await;
    let back_end = site.full_back_end().await;
    let read = back_end.with("Api-Username", "ada").get("/admin/users/2").await;
    back_end.post_json("/api/auth", &wish("ada", &["read"])).await;
    back_end.get("/admin/0123456789abcdef0123456789abcdef").await;
    request(&site, "POST", "/books")
        .with("XF-Api-Key", &back_end.sent("Api-Key"))
        .with("XF-Api-User", "2")
        .with("X-Forwarded-For", "127.0.0.1")
        .get("/verify")
        .await;
    let lines = calls(&back_end).await;
    let routes: Vec<&str> = lines.iter().rev().map(|line| line["route"].as_str().unwrap()).collect();
    let wanted = ["GET /admin/users/{id}", "POST /api/auth", "GET (nowhere)", "POST /verify", "GET /admin/audit"];
    assert_eq!(routes, wanted);
    let (reading, acting) = (&lines[4], &lines[1]);
    assert_eq!((&reading["actor_id"], &reading["admin_key_id"]), (&json!(1), &json!(1)), "{reading}");
    assert_eq!(reading["request_id"], read.header("x-request-id"));
    assert_eq!((&acting["actor_id"], &acting["admin_key_id"]), (&json!(2), &json!(1)), "{acting}");

    let others = back_end.get("/admin/audit").await.json();
    assert!(!others.to_string().contains("admin_called"), "they would bury the others: {others}");
    let events: Vec<&str> =
        others["items"].as_array().unwrap().iter().map(|line| line["event"].as_str().unwrap()).take(2).collect();
    assert_eq!(events, ["key_minted", "user_authenticated"]);
    assert_eq!(others["items"][0]["route"], "POST /api/auth");
}

#[actix_web::test]
async fn a_request_that_is_to_go_past_the_rules_is_told_from_others_l9_k12() {
    let site = forum(&[]).await;
    let (_, plain) = site.admin_key("users:act", "127.0.0.1").await;
    let (_, full) = site.admin_key("users:act,users:bypass", "127.0.0.1").await;
    for (key, bypass) in [(&full, "1"), (&plain, "1"), (&full, "0")] {
        let acting = request(&site, "GET", "/staff/1").with("XF-Api-Key", key).with("XF-Api-User", "2");
        acting.with("X-Forwarded-For", "127.0.0.1").with("XF-Api-Bypass-Permissions", bypass).get("/verify").await;
    }
    let lines = calls(&site.full_back_end().await).await;
    let routes: Vec<&str> = lines.iter().rev().map(|line| line["route"].as_str().unwrap()).collect();
    assert_eq!(routes, ["GET /verify (bypass)", "GET /verify (bypass)", "GET /verify", "GET /admin/audit"]);
}

#[actix_web::test]
async fn a_call_without_a_good_key_leaves_no_line() {
    let site = forum(&[]).await;
    Visitor::new(&site.internal).with("Api-Key", &"0".repeat(32)).get("/admin/users").await;
    Visitor::new(&site.internal).get("/admin/users").await;
    assert_eq!(calls(&site.full_back_end().await).await.len(), 1, "the one that asks");
}

#[actix_web::test]
async fn lines_about_calls_go_after_their_days_and_the_others_stay() {
    let site = forum(&[("log.admin_calls_days", "2")]).await;
    let back_end = site.full_back_end().await;
    back_end.post_json("/api/auth", &wish("ada", &["read"])).await;
    let sweep = async || hallpass::domain::housekeeping::sweep(&site.app.cx).await.unwrap();
    site.clock.advance_days(2);
    sweep().await;
    assert_eq!(calls(&back_end).await.len(), 2, "two days are not more than two");
    site.clock.advance_days(1);
    sweep().await;
    assert_eq!(calls(&back_end).await.len(), 2, "the line of the first is gone, and this is a third");
    assert_eq!(site.noted("user_authenticated").await, 1);
}
