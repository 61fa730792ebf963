//! The page, without JavaScript.

use serde_json::json;

use crate::support::TestApp;

const PAGE: &str = "/notifications";

#[actix_web::test]
async fn what_matters_is_set_apart_and_each_is_marked_with_its_button() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.html();
    assert!(ada.get(PAGE).await.body.contains("No notifications"));
    site.tell(1, 2, json!({ "data": { "topic_title": "Rye", "display_username": "bob", "excerpt": "It rose." } }))
        .await;
    site.tell(1, 6, json!({ "data": { "topic_title": "Wheat" }, "high_priority": true })).await;
    site.tell(1, 1, json!({ "data": { "topic_title": "Oats" } })).await;
    let page = ada.get(PAGE).await;
    let order = ["Important", "Wheat", "Unread", "Oats", "Mention", "Rye", "Reply", "bob", "It rose."];
    let mut rest = page.body.as_str();
    for word in order {
        rest = rest.split_once(word).unwrap_or_else(|| panic!("{word} is not where it belongs: {page:?}")).1;
    }
    assert!(!page.body.contains("<h2>Read</h2>"), "{page:?}");
    assert_eq!(
        ada.json().get("/session/current").await.json()["current_user"]["seen_notification_id"],
        3,
        "she looked"
    );

    let one = page.body.match_indices("name=\"id\"").count();
    assert_eq!(one, 3);
    let token = page.hidden("authenticity_token");
    let marked = ada.post_form("/notifications/read", &[("authenticity_token", token.as_str()), ("id", "2")]).await;
    assert_eq!((marked.status, marked.header("location")), (303, PAGE));
    let page = ada.get(PAGE).await;
    assert!(page.body.contains("<h2>Read</h2>") && !page.body.contains("<h2>Important</h2>"), "{page:?}");
    let all = page.form("/notifications/read");
    assert_eq!(all.fields.len(), 1, "the first form is the one for all");
    assert_eq!(all.submit(&ada).await.status, 303);
    assert_eq!(site.number("SELECT count(*) FROM notifications WHERE NOT read"), Some(0));
    assert!(!ada.get(PAGE).await.body.contains("name=\"id\""));
}

#[actix_web::test]
async fn a_link_opens_what_is_written_and_says_where_it_leads() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.html();
    let markup = "<script>alert(1)</script>";
    let data = json!({ "topic_title": markup, "display_username": markup, "excerpt": markup });
    site.tell(1, 1, json!({ "data": data, "url": "https://other.example/a?b=\"><script>" })).await;
    site.tell(1, 1, json!({ "url": "/t/7" })).await;
    let page = ada.get(PAGE).await.body;
    assert!(
        page.contains(r#"<a href="https://other.example/a?b=%22%3E%3Cscript%3E" rel="noopener noreferrer">"#),
        "{page}"
    );
    assert!(page.contains("Leads to other.example") && page.contains(r#"<a href="/t/7" "#), "{page}");
    assert_eq!(page.matches("Leads to").count(), 1, "of a path of this site there is no more to say");
    assert!(!page.contains("<script>"), "{page}");
}

#[actix_web::test]
async fn a_long_list_goes_on_to_older_pages_and_back() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.html();
    site.tell_often(1, 31).await;
    let first = ada.get(PAGE).await.body;
    assert!(
        first.contains("/notifications?offset=30") && !first.contains("Newer") && !first.contains(">Topic 1<"),
        "{first}"
    );
    let last = ada.get("/notifications?offset=30").await.body;
    assert!(
        last.contains(">Topic 1<") && last.contains("/notifications?offset=0") && !last.contains("Older"),
        "{last}"
    );
    for odd in ["?offset=-1", "?offset=x", "?offset=4294967295", "?offset=1&offset=2"] {
        assert_eq!(ada.get(&format!("{PAGE}{odd}")).await.status, 200, "{odd}");
    }
}

#[actix_web::test]
async fn a_form_without_its_token_and_one_of_a_program_mark_nothing_w3() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    site.tell(1, 1, json!({})).await;
    for token in ["", "nonsense"] {
        let refused = ada.html().post_form("/notifications/read", &[("authenticity_token", token)]).await;
        assert_eq!((refused.status, refused.body.contains("open for too long")), (403, true), "{token}");
    }
    let writer = ada.holder_of(&site.client_app().scopes("write").approved_by(&ada).await.key);
    assert_eq!(writer.json().post("/notifications/read").await.json()["error_type"], "not_logged_in");
    assert_eq!(site.number("SELECT count(*) FROM notifications WHERE read"), Some(0));
}
