//! `POST /api/auth`.

use std::time::Duration;

use hallpass::crypto::hash_key;
use hallpass::model::PresentedKey;
use serde_json::{Value, json};

use super::{forum, key, read, seen, wish};
use crate::support::{Answer, PASSWORD, TestApp, Visitor};

fn reason(answer: &Answer) -> (u16, String) {
    (answer.status, answer.json()["reason"].as_str().unwrap_or_default().to_owned())
}

async fn ask(back_end: &Visitor, login: &str, password: &str) -> Answer {
    back_end.post_json("/api/auth", &json!({ "login": login, "password": password })).await
}

#[actix_web::test]
async fn keys_of_two_users_with_the_same_scopes_see_what_each_may_see_and_a_change_of_groups_counts_at_once_k12() {
    let site = forum(&[]).await;
    let back_end = site.full_back_end().await;
    let (ada, bob) = (key(&back_end, "ada", &["read"]).await, key(&back_end, "bob", &["read"]).await);
    assert_eq!((seen(&site, &ada).await, seen(&site, &bob).await), (vec!["/books", "/press/1"], vec!["/books"]));

    let change = async |user: u8, change: Value| {
        assert_eq!(back_end.patch_json(&format!("/admin/users/{user}"), &change).await.status, 200);
    };
    change(1, json!({ "named_groups": [] })).await;
    change(2, json!({ "named_groups": ["press"] })).await;
    assert_eq!((seen(&site, &ada).await, seen(&site, &bob).await), (vec!["/books"], vec!["/books", "/press/1"]));
    change(2, json!({ "moderator": true })).await;
    assert_eq!(seen(&site, &bob).await, ["/books", "/press/1", "/staff/1"]);
    change(2, json!({ "suspended": true })).await;
    assert_eq!(seen(&site, &bob).await, [""; 0]);
}

#[actix_web::test]
async fn a_key_is_shown_once_and_its_hash_is_none_k1_k2() {
    let site = forum(&[]).await;
    let back_end = site.full_back_end().await;
    let told = back_end.post_json("/api/auth", &wish("Ada", &["read"])).await;
    let (key, id) =
        (told.json()["key"]["key"].as_str().unwrap().to_owned(), told.json()["key"]["details"]["id"].clone());
    assert_eq!((&told.json()["success"], &told.json()["user"]["username"]), (&json!(true), &json!("ada")), "{told:?}");
    assert_eq!((told.header("cache-control"), read(&site, &key, "/books").await.status), ("no-store", 200));
    for path in [format!("/admin/keys/{id}"), "/admin/keys".to_owned(), "/admin/audit".to_owned()] {
        assert!(!back_end.get(&path).await.body.contains(&key), "{path}");
    }
    let hash = hash_key(PresentedKey::parse(&key).unwrap());
    let digits = hash.to_hex();
    for wrong in [&digits, &digits[..32], &digits[32..]] {
        assert_eq!(read(&site, wrong, "/books").await.status, 403, "{wrong}");
    }
}

#[actix_web::test]
async fn a_new_key_takes_the_place_of_one_and_may_do_the_same_k2_k8() {
    let site = forum(&[]).await;
    let back_end = site.full_back_end().await;
    let old = key(&back_end, "ada", &["read"]).await;
    let told = back_end.post("/admin/keys/1/regenerate").await;
    let new = told.json()["key"].as_str().unwrap_or_else(|| panic!("{told:?}")).to_owned();
    assert_ne!(old, new);
    assert_eq!((&told.json()["details"]["scopes"], &told.json()["details"]["id"]), (&json!(["read"]), &json!(2)));
    assert_eq!(read(&site, &old, "/books").await.status, 200, "until the new one is used");
    assert_eq!(seen(&site, &new).await, ["/books", "/press/1"]);
    assert_eq!(read(&site, &old, "/books").await.status, 403);

    for nowhere in ["1", "9", "x"] {
        assert_eq!(back_end.post(&format!("/admin/keys/{nowhere}/regenerate")).await.status, 404);
    }
    back_end.patch_json("/admin/users/1", &json!({ "suspended": true })).await;
    assert_eq!(back_end.post("/admin/keys/2/regenerate").await.status, 403, "the rules of a new key hold");
    back_end.post("/admin/keys/2/revoke").await;
    assert_eq!(reason(&back_end.post("/admin/keys/2/regenerate").await), (403, "key_revoked".into()));
}

#[actix_web::test]
async fn whoever_is_not_who_they_say_gets_nothing_and_hears_no_more_w6() {
    let site = forum(&[]).await;
    let back_end = site.full_back_end().await;
    let good = ask(&back_end, "ada", PASSWORD).await;
    assert_eq!((good.status, good.json()["key"].is_null()), (200, true), "no key unless it is wished for");
    let (wrong, nobody) = (ask(&back_end, "ada", "wrong").await, ask(&back_end, "nobody", PASSWORD).await);
    assert_eq!((reason(&wrong), &wrong.body), ((400, "wrong_credentials".into()), &nobody.body));
    let mut refused = wish("bob", &["read"]);
    refused["password"] = json!("wrong");
    assert_eq!(reason(&back_end.post_json("/api/auth", &refused).await), (400, "wrong_credentials".into()));
    back_end.patch_json("/admin/users/2", &json!({ "suspended": true })).await;
    assert_eq!(reason(&ask(&back_end, "bob", PASSWORD).await), (403, "suspended".into()));
    assert_eq!((site.noted("user_authenticated").await, site.noted("key_minted").await), (1, 0));
}

#[actix_web::test]
async fn a_wish_that_cannot_be_is_refused_with_what_is_wrong() {
    let site = forum(&[]).await;
    let back_end = site.full_back_end().await;
    for (change, named) in [
        (json!({ "title": "" }), "title"),
        (json!({ "scopes": [] }), "scopes"),
        (json!({ "scopes": ["fly"] }), "fly"),
        (json!({ "client_id": "" }), "client_id"),
        (json!({ "expires_in_seconds": 0 }), "expires_in_seconds"),
    ] {
        let mut wish = wish("ada", &["read"]);
        wish["create_key"].as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let refused = back_end.post_json("/api/auth", &wish).await;
        assert!(matches!(refused.status, 400 | 403) && refused.error().contains(named), "{refused:?}");
    }
    for unread in
        [json!({}), json!({ "login": "ada", "password": 1 }), json!({ "login": "ada", "password": "x", "a": 1 })]
    {
        assert_eq!(back_end.post_json("/api/auth", &unread).await.status, 400, "{unread}");
    }
    assert_eq!(site.noted("key_minted").await, 0);
}

#[actix_web::test]
async fn tries_count_for_the_address_that_the_back_end_names_and_for_the_name_w6() {
    let site = forum(&[("limits.sign_in_per_address_per_minute", "3")]).await;
    let back_end = site.full_back_end().await;
    let from = async |address: &str, login: &str| {
        let body = json!({ "login": login, "password": PASSWORD, "limit_ip": address });
        back_end.post_json("/api/auth", &body).await.status
    };
    for login in ["ada", "bob", "eve"] {
        assert_eq!(from("192.0.2.7", login).await, 200);
    }
    assert_eq!((from("192.0.2.7", "ada").await, from("::ffff:192.0.2.7", "ada").await), (429, 429));
    assert_eq!(from("192.0.2.8", "ada").await, 200);
    assert_eq!(ask(&back_end, "ada", PASSWORD).await.status, 200, "its own address has its own");
    assert_eq!(from("somewhere", "ada").await, 400);
    site.clock.advance(Duration::from_mins(1));
    assert_eq!(from("192.0.2.7", "ada").await, 200);
}

#[actix_web::test]
async fn no_choice_of_addresses_lets_an_admin_key_guess_at_one_account_without_end_w6() {
    let site = forum(&[
        ("limits.sign_in_per_address_per_minute", "3"),
        ("limits.sign_in_per_account_and_address_per_minute", "1"),
    ])
    .await;
    let (back_end, other) = (site.full_back_end().await, site.full_back_end().await);
    let guess = async |back_end: &Visitor, host: u8, login: &str| {
        let body = json!({ "login": login, "password": "wrong", "limit_ip": format!("192.0.2.{host}") });
        back_end.post_json("/api/auth", &body).await.status
    };
    assert_eq!(guess(&back_end, 1, "ada").await, 400);
    for _ in 0..5 {
        assert_eq!(guess(&back_end, 1, "ada").await, 429, "of this address, and it costs the account nothing");
    }
    assert_eq!((guess(&back_end, 2, "ada").await, guess(&back_end, 3, " Ada").await), (400, 400));
    assert_eq!((guess(&back_end, 4, "ada").await, guess(&back_end, 5, "ADA").await), (429, 429));
    assert_eq!((guess(&back_end, 6, "bob").await, guess(&other, 7, "ada").await), (400, 400));
    site.clock.advance(Duration::from_mins(1));
    assert_eq!(guess(&back_end, 4, "ada").await, 400);
}

#[actix_web::test]
async fn an_admin_key_needs_the_scope_for_asking_and_one_more_for_making_a_key_k12() {
    let site = forum(&[]).await;
    let with =
        async |scopes: &str| Visitor::new(&site.internal).with("Api-Key", &site.admin_key(scopes, "127.0.0.1").await.1);
    let asking = with("auth").await;
    assert_eq!(ask(&asking, "ada", PASSWORD).await.status, 200);
    let refused = asking.post_json("/api/auth", &wish("ada", &["read"])).await;
    assert_eq!(reason(&refused), (403, "admin_scope".into()));
    assert!(refused.error().contains("keys:mint"), "{refused:?}");
    assert_eq!(ask(&with("keys:mint").await, "ada", PASSWORD).await.status, 403);
    assert_eq!(ask(&Visitor::new(&site.internal), "ada", PASSWORD).await.status, 401);
    assert_eq!(
        site.anonymous().with("Api-Key", "x").post_json("/api/auth", &json!({})).await.status,
        404,
        "never in public"
    );
}

#[actix_web::test]
async fn a_key_for_the_same_client_id_gives_way_and_without_one_stands_alone() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let back_end = site.full_back_end().await;
    let mut of_forum = wish("ada", &["read"]);
    of_forum["create_key"]["client_id"] = json!("forum");
    let alone = key(&back_end, "ada", &["read"]).await;
    let mut keys = Vec::new();
    for _ in 0..2 {
        let told = back_end.post_json("/api/auth", &of_forum).await;
        keys.push(told.json()["key"]["key"].as_str().unwrap().to_owned());
    }
    assert_eq!(read(&site, &keys[1], "/books").await.status, 200);
    assert_eq!((read(&site, &keys[0], "/books").await.status, read(&site, &alone, "/books").await.status), (403, 200));
}
