//! Which key is made, and which one it replaces (section 4.2).

use hallpass::crypto::hash_key;
use hallpass::model::PlainKey;
use hallpass::store::{self, StoreError};
use sha2::{Digest, Sha256};

use super::{keys_of, traces, works};
use crate::support::TestApp;

/// A site that replaces as upstream does, without a grace for the key before.
async fn at_once() -> TestApp {
    TestApp::with(&[("user_api.user_api_key_replacement_grace_seconds", "0")]).await
}

#[actix_web::test]
async fn an_unknown_client_id_gets_a_row_c069() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    assert!(traces(&site).await.0.is_empty());
    site.client_app().approved_by(&ada).await;
    assert_eq!(traces(&site).await.0, ["deskbell-1"]);
    site.client_app().approved_by(&ada).await;
    assert_eq!(traces(&site).await.0, ["deskbell-1"]);
    // Not registered by it: the key is still asked for; the name is known.
    assert_eq!(site.client_app().without("public_key").approve(&ada).await.status, 400);
}

#[actix_web::test]
async fn each_key_keeps_its_own_name_c070() {
    let site = at_once().await;
    let (ada, bob) = (site.user("ada").await, site.user("bob").await);
    let names = async |user| keys_of(&site, user).await[0].application_name.as_str().to_owned();
    site.client_app().approved_by(&ada).await;
    site.client_app().set("application_name", "Evilbell").approved_by(&bob).await;
    assert_eq!((names("ada").await, names("bob").await), ("Deskbell".into(), "Evilbell".into()));
    site.client_app().set("application_name", "Deskbell 2").approved_by(&ada).await;
    assert_eq!((names("ada").await, names("bob").await), ("Deskbell 2".into(), "Evilbell".into()));
}

#[actix_web::test]
async fn another_approval_replaces_that_users_keys_for_that_client_and_no_others_c073() {
    let site = at_once().await;
    let (ada, bob) = (site.user("ada").await, site.user("bob").await);
    let app = site.client_app();
    let first = app.approved_by(&ada).await.key;
    let of_bob = app.approved_by(&bob).await.key;
    let other = app.clone().set("client_id", "deskbell-2").approved_by(&ada).await.key;
    let second = app.approved_by(&ada).await.key;
    assert!(!works(&ada, &first).await, "the earlier key");
    for key in [&second, &of_bob, &other] {
        assert!(works(&ada, key).await);
    }
    assert_eq!((keys_of(&site, "ada").await.len(), keys_of(&site, "bob").await.len()), (2, 1));
    assert_eq!(traces(&site).await.0, ["deskbell-1", "deskbell-2"]);
}

#[actix_web::test]
async fn ended_keys_are_replaced_too_c073() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let first = site.client_app().approved_by(&ada).await.key;
    ada.holder_of(&first).post("/user-api-key/revoke").await;
    let id = keys_of(&site, "ada").await[0].id.get().to_string();
    site.client_app().approved_by(&ada).await;
    assert_eq!(keys_of(&site, "ada").await.len(), 1);
    // Deleted, not ended: there is nothing to bring back.
    let undo = ada.csrf().await.post_form("/user-api-key/undo-revoke.json", &[("id", id)]).await;
    assert_eq!(undo.status, 404);
    assert!(!works(&ada, &first).await);
}

#[actix_web::test]
async fn a_key_is_32_hex_digits_of_which_only_the_sha_256_is_stored_c074_k1_k2() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..5 {
        let key = site.client_app().approved_by(&ada).await.key;
        assert!(key.len() == 32 && key.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')), "{key}");
        let sum = format!("{:x}", Sha256::digest(key.as_bytes()));
        let hash = hash_key(&PlainKey::parse(&key).unwrap());
        assert_eq!(hash.to_hex(), sum);
        let find = move |c: &mut store::AnyConnection| store::find_key_with_owner(c, &hash);
        let stored = site.app.cx.store.read::<_, StoreError, _>(find).await.unwrap().unwrap().0;
        assert_eq!(stored.start, key[..4]);
        assert!(!format!("{stored:?}").contains(&key));
        seen.insert(key);
    }
    assert_eq!(seen.len(), 5);
}

#[actix_web::test]
async fn a_scope_named_twice_counts_once_and_a_lone_comma_permits_nothing_c075() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    site.client_app().scopes("read,read").approved_by(&ada).await;
    assert_eq!(keys_of(&site, "ada").await[0].scopes.to_string(), "read");

    let program = ada.holder_of(&site.client_app().scopes(",").approved_by(&ada).await.key);
    assert_eq!(keys_of(&site, "ada").await[0].scopes.to_string(), "");
    for path in ["/session/current.json", "/about.json", "/site/basic-info.json"] {
        assert_eq!(program.get(path).await.status, 403, "{path}");
    }
    assert_eq!(program.post("/user-api-key/revoke.json").await.status, 200);
    assert!(keys_of(&site, "ada").await[0].revoked_at.is_some());
}

#[actix_web::test]
async fn what_was_approved_is_what_is_stored() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let app = site
        .client_app()
        .scopes("read,write")
        .redirect("http://127.0.0.1:3000/cb")
        .set("push_url", "https://push.example/p")
        .set("expires_in_seconds", "60");
    app.approved_by(&ada).await;
    let key = keys_of(&site, "ada").await.remove(0);
    assert_eq!((key.client_id.as_str(), key.scopes.to_string()), ("deskbell-1", "read,write".into()));
    assert_eq!(key.auth_redirect.unwrap().as_str(), "http://127.0.0.1:3000/cb");
    assert_eq!(key.push_url.unwrap().as_str(), "https://push.example/p");
    assert_eq!(key.expires_at.unwrap().since(key.created_at).as_secs(), 60);
    assert_eq!(key.fingerprint, Some(crate::keys::key("rsa2048").fingerprint()));
}
