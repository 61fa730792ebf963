//! Ending and taking back on the page.

use super::{issue, live, press};
use crate::support::TestApp;

const PAGE: &str = "/u/ada/preferences/apps";

#[actix_web::test]
async fn an_ended_application_stays_with_undo_until_the_page_is_left() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.html();
    let (one, two) = (issue(&site, &ada, "one").await, issue(&site, &ada, "two").await);
    let page = ada.get(PAGE).await;
    assert!(page.body.contains("App one") && page.body.contains("App two"), "{page:?}");
    let ended = press(&ada, &page, &format!("{PAGE}/{one}/end")).await;
    assert_eq!((ended.status, ended.header("location")), (303, format!("{PAGE}?ended={one}").as_str()));
    assert_eq!(live(&site), 1);

    let shown = ada.get(ended.header("location")).await;
    assert!(shown.body.contains(&format!("id=\"app-{one}\"")) && shown.body.contains(&format!("{PAGE}/{one}/undo\"")));
    assert!(!shown.body.contains(&format!("{PAGE}/{one}/end\"")), "{shown:?}");
    assert!(shown.body.contains(&format!("{PAGE}/{two}/end\"")), "{shown:?}");
    let left = ada.get(PAGE).await;
    assert!(!left.body.contains("App one") && left.body.contains("App two"), "{left:?}");

    let undone = press(&ada, &shown, &format!("{PAGE}/{one}/undo")).await;
    assert_eq!((undone.status, undone.header("location")), (303, format!("{PAGE}?restored={one}").as_str()));
    assert_eq!(live(&site), 2);
    let back = ada.get(undone.header("location")).await;
    assert!(back.body.contains(&format!("{PAGE}/{one}/end\"")) && back.body.contains("role=\"status\""), "{back:?}");
}

#[actix_web::test]
async fn what_was_not_used_for_sixty_days_is_ended_together() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let old = ada.holder_of(&site.client_app().set("client_id", "used").approved_by(&ada).await.key);
    issue(&site, &ada, "unused").await;
    let bob = site.user("bob").await;
    issue(&site, &bob, "of-bob").await;
    site.clock.advance_days(59);
    let ada = site.sign_in("ada").await.html();
    assert!(!ada.get(PAGE).await.body.contains("end-unused"));
    assert_eq!(old.get("/about.json").await.status, 200);
    issue(&site, &ada, "new").await;
    site.clock.advance_days(1);
    let page = ada.get(PAGE).await;
    let done = press(&ada, &page, &format!("{PAGE}/end-unused")).await;
    assert_eq!((done.status, done.header("location")), (303, format!("{PAGE}?ended_unused=1").as_str()));
    assert_eq!((live(&site), old.get("/about.json").await.status), (3, 200));
    let left = ada.get(done.header("location")).await;
    assert!(!left.body.contains("App unused") && left.body.contains("App new"), "{left:?}");
}

#[actix_web::test]
async fn the_forms_need_their_token_and_a_person_w3() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.html();
    let id = issue(&site, &ada, "one").await;
    let bob = site.user("bob").await.html();
    let foreign = bob.get("/u/bob/preferences/apps").await.hidden("authenticity_token");
    let writer = ada.holder_of(&site.client_app().scopes("write").approved_by(&ada).await.key);
    for action in [format!("{PAGE}/{id}/end"), format!("{PAGE}/{id}/undo"), format!("{PAGE}/end-unused")] {
        for token in ["", "nonsense", &foreign] {
            let refused = ada.post_form(&action, &[("authenticity_token", token)]).await;
            // A person is told what to do; programs do not come here.
            assert_eq!((refused.status, refused.body.contains("open for too long")), (403, true), "{action} {token}");
        }
        assert_eq!(site.anonymous().html().post(&action).await.status, 403, "{action}");
        assert_eq!(writer.json().post(&action).await.json()["error_type"], "not_logged_in", "{action}");
        assert_eq!(ada.get(&action).await.status, 404, "{action}");
    }
    assert_eq!(live(&site), 2);
}

#[actix_web::test]
async fn somebody_elses_page_is_closed_and_staff_may_look() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let id = issue(&site, &ada, "one").await;
    let bob = site.user("bob").await.html();
    for path in [PAGE, "/u/nobody/preferences/apps", "/u/ADA/preferences/apps"] {
        let closed = bob.get(path).await;
        assert_eq!((closed.status, closed.header("content-type")), (403, "text/html; charset=utf-8"), "{path}");
        assert!(!closed.body.contains("App one"));
    }
    let token = bob.get("/").await.hidden("authenticity_token");
    for action in
        [format!("{PAGE}/{id}/end"), format!("/u/bob/preferences/apps/{id}/end"), format!("{PAGE}/end-unused")]
    {
        assert_eq!(bob.post_form(&action, &[("authenticity_token", &token)]).await.status, 403, "{action}");
    }
    assert_eq!(live(&site), 1);

    site.account("mo", |user| user.staff.moderator = true).await;
    let mo = site.sign_in("mo").await.html();
    let page = mo.get(PAGE).await;
    assert!(page.status == 200 && page.body.contains("App one") && page.body.contains("id=\"whose\""), "{page:?}");
    assert_eq!(press(&mo, &page, &format!("{PAGE}/{id}/end")).await.status, 403);
    let token = page.hidden("authenticity_token");
    let unused = mo.post_form(&format!("{PAGE}/end-unused"), &[("authenticity_token", &token)]).await;
    assert_eq!((unused.status, live(&site)), (403, 1));

    let root = site.admin("root").await.html();
    let page = root.get(PAGE).await;
    let ended = press(&root, &page, &format!("{PAGE}/{id}/end")).await;
    assert_eq!((ended.status, ended.header("location")), (303, format!("{PAGE}?ended={id}").as_str()));
    assert_eq!(live(&site), 0);
    assert_eq!(root.get("/u/nobody/preferences/apps").await.status, 404);
}

#[actix_web::test]
async fn a_form_for_a_user_that_cannot_be_ends_nothing() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.html();
    let id = issue(&site, &ada, "one").await;
    let token = ada.get(PAGE).await.hidden("authenticity_token");
    for name in ["a%0D%0Ab", "ada%3Fx=", "%2F%2Fevil.example", "a%20b"] {
        for act in [format!("{id}/end"), format!("{id}/undo"), "end-unused".to_owned()] {
            let path = format!("/u/{name}/preferences/apps/{act}");
            let refused = ada.post_form(&path, &[("authenticity_token", &token)]).await;
            assert_eq!((refused.status, refused.header("location"), live(&site)), (404, "", 1), "{path}");
        }
    }
}

#[actix_web::test]
async fn who_is_not_signed_in_is_sent_there_and_programs_are_told() {
    let site = TestApp::start().await;
    let sent = site.anonymous().html().get(PAGE).await;
    assert!(sent.status == 302 && sent.header("location").starts_with("/login?return="), "{sent:?}");
    let told = site.anonymous().get(&format!("{PAGE}.json")).await;
    assert_eq!((told.status, &told.json()["error_type"]), (403, &"not_logged_in".into()));
}

#[actix_web::test]
async fn everything_done_is_noted_with_who_and_from_where_l9() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.html();
    let id = issue(&site, &ada, "one").await;
    let page = ada.get(PAGE).await;
    let ended = press(&ada, &page, &format!("{PAGE}/{id}/end")).await;
    press(&ada, &ada.get(ended.header("location")).await, &format!("{PAGE}/{id}/undo")).await;
    site.clock.advance_days(60);
    let root = site.admin("root").await.html();
    let page = root.get(PAGE).await;
    let unused = press(&root, &page, &format!("{PAGE}/end-unused")).await;
    let events = [("key_issued", 1), ("key_revoked", 1), ("key_restored", 1), ("key_revoked", 2)];
    for (at, (event, actor)) in events.into_iter().enumerate() {
        let line = format!(
            "SELECT count(*) FROM (SELECT * FROM audit_log WHERE user_api_key_id = {id} ORDER BY id LIMIT 1 OFFSET {at}) AS one
             WHERE event = '{event}' AND actor_id = {actor} AND user_id = 1 AND client_id = 'one'
             AND address = '127.0.0.1' AND length(request_id) = 16"
        );
        assert_eq!(site.number(&line), Some(1), "{event} by {actor}");
    }
    let last = unused.header("x-request-id");
    assert_eq!(site.number(&format!("SELECT count(*) FROM audit_log WHERE request_id = '{last}'")), Some(1));
    assert_eq!(site.number("SELECT count(*) FROM audit_log WHERE event = 'user_created'"), Some(2));
}
