//! Set-up: the printed link makes one administrator, and then it is over.

#![cfg(test)]

use crate::support::{Answer, PASSWORD, TestApp, Visitor};

fn account(name: &str) -> Vec<(String, String)> {
    let email = format!("{name}@example.org");
    let fields = [("username", name), ("email", &email), ("password", PASSWORD), ("password_again", PASSWORD)];
    fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

async fn link(site: &TestApp) -> String {
    site.app.set_up_link().await.unwrap().expect("a site without an administrator has a link")
}

async fn form(visitor: &Visitor, link: &str) -> Vec<(String, String)> {
    let page = visitor.get(link).await;
    assert_eq!(page.status, 200, "{page:?}");
    vec![("authenticity_token".to_owned(), page.hidden("authenticity_token"))]
}

fn administrators(site: &TestApp) -> i64 {
    site.number("SELECT count(*) FROM users WHERE admin").unwrap()
}

#[actix_web::test]
async fn the_link_makes_one_administrator_who_is_signed_in_and_then_it_is_over() {
    let site = TestApp::start().await;
    let (link, visitor) = (link(&site).await, site.anonymous().html());
    let mut fields = form(&visitor, &link).await;
    fields.extend(account("root"));
    let done = visitor.post_form(&link, &fields).await;
    assert_eq!((done.status, done.header("location")), (303, "/welcome"));
    let current = visitor.get("/session/current.json").await.json();
    assert_eq!(
        (&current["current_user"]["username"], &current["current_user"]["admin"]),
        (&"root".into(), &true.into())
    );
    assert_eq!(visitor.get("/welcome").await.status, 200);

    assert_eq!(site.app.set_up_link().await.unwrap(), None);
    assert_eq!(visitor.get(&link).await.status, 404);
    let mut fields = vec![("authenticity_token".to_owned(), visitor.get("/").await.hidden("authenticity_token"))];
    fields.extend(account("second"));
    assert_eq!(visitor.post_form(&link, &fields).await.status, 404);
    assert_eq!(administrators(&site), 1);
}

#[actix_web::test]
async fn another_token_than_the_printed_one_leads_nowhere() {
    let site = TestApp::start().await;
    let link = link(&site).await;
    let visitor = site.anonymous().html();
    let mut fields = form(&visitor, &link).await;
    fields.extend(account("root"));
    let (_, token) = link.rsplit_once('/').unwrap();
    assert!(token.len() >= 32, "{token}");
    for wrong in ["x", "%20", &token[1..], &token.to_uppercase(), &format!("{token}0"), &"0".repeat(32)] {
        let path = format!("/setup/{wrong}");
        assert_eq!(visitor.get(&path).await.status, 404, "{wrong}");
        assert_eq!(visitor.post_form(&path, &fields).await.status, 404, "{wrong}");
    }
    assert_eq!(administrators(&site), 0);
    let restarted = site.again().await;
    assert!(!self::link(&restarted).await.ends_with(token), "a new start prints a new link");
}

#[actix_web::test]
async fn the_form_needs_its_token_w3() {
    let site = TestApp::start().await;
    let link = link(&site).await;
    let refused = site.anonymous().html().post_form(&link, &account("root")).await;
    assert_eq!((refused.status, administrators(&site)), (403, 0));
    assert!(refused.body.contains("open for too long"), "{refused:?}");
}

#[actix_web::test]
async fn what_will_not_do_is_told_and_makes_nobody() {
    let site = TestApp::start().await;
    let (link, visitor) = (link(&site).await, site.anonymous().html());
    let token = form(&visitor, &link).await;
    let wrong =
        [("username", "a b"), ("username", ""), ("email", "nobody"), ("password", "short"), ("password_again", "x")];
    for (field, value) in wrong {
        let mut fields = token.clone();
        let change = |(name, old): (String, String)| if name == field { (name, value.into()) } else { (name, old) };
        fields.extend(account("root").into_iter().map(change));
        let again: Answer = visitor.post_form(&link, &fields).await;
        assert_eq!((again.status, administrators(&site)), (400, 0), "{field}");
        assert!(again.body.contains(&format!("id=\"{field}-problem\"")), "{field}: {again:?}");
        assert!(!again.body.contains(PASSWORD), "a password is never sent back");
    }
}

#[actix_web::test]
async fn two_at_the_same_time_make_one() {
    let site = TestApp::start().await;
    let link = link(&site).await;
    let [one, two] = [site.anonymous().html(), site.anonymous().html()];
    let (mut first, mut second) = (form(&one, &link).await, form(&two, &link).await);
    first.extend(account("one"));
    second.extend(account("two"));
    let (one, two) = tokio::join!(one.post_form(&link, &first), two.post_form(&link, &second));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!((statuses, administrators(&site)), ([303, 404], 1));
}

#[actix_web::test]
async fn an_administrator_from_the_command_line_ends_the_link_too() {
    let site = TestApp::start().await;
    let link = link(&site).await;
    site.account("ada", |_| {}).await;
    assert_eq!(site.anonymous().html().get(&link).await.status, 200);
    site.admin("root").await;
    assert_eq!(site.anonymous().html().get(&link).await.status, 404);
    assert_eq!(site.app.set_up_link().await.unwrap(), None);
}

#[actix_web::test]
async fn the_welcome_is_for_administrators() {
    let site = TestApp::start().await;
    assert_eq!(site.user("ada").await.html().get("/welcome").await.status, 403);
    assert_eq!(site.anonymous().html().get("/welcome").await.status, 403);
}
