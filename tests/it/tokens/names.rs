//! `XF-Api-Key`: another name of the header that a user's key comes in.

use super::{forum, key, request};

#[actix_web::test]
async fn a_users_key_is_good_in_xf_api_key_too_and_two_that_differ_are_refused_k5() {
    let site = forum(&[]).await;
    let back_end = site.full_back_end().await;
    let (ada, bob) = (key(&back_end, "ada", &["read"]).await, key(&back_end, "bob", &["read"]).await);
    let nginx = request(&site, "GET", "/press/1");
    assert_eq!(nginx.with("XF-Api-Key", &ada).get("/verify").await.header("remote-user"), "ada");
    assert_eq!(nginx.with("XF-Api-Key", &bob).get("/verify").await.status, 403);
    let same = nginx.with("XF-Api-Key", &ada).with("User-Api-Key", &ada);
    assert_eq!(same.get("/verify").await.status, 200);
    let bearer = format!("Bearer {bob}");
    for (other, value) in [("User-Api-Key", bob.as_str()), ("Authorization", &bearer)] {
        let two = nginx.with("XF-Api-Key", &ada).with(other, value).get("/verify").await;
        assert_eq!((two.status, two.json()["reason"].as_str()), (403, Some("two_credentials")), "{other}");
    }
    let current = site.anonymous().with("XF-Api-Key", &ada).get("/session/current.json").await;
    assert_eq!(current.json()["current_user"]["username"], "ada", "{current:?}");
}

#[actix_web::test]
async fn the_admin_api_knows_its_key_by_either_name_and_refuses_two_k5() {
    let site = forum(&[]).await;
    let (_, admin_key) = site.admin_key("users:read", "127.0.0.1").await;
    let internal = crate::support::Visitor::new(&site.internal);
    let named = internal.with("XF-Api-Key", &admin_key);
    assert_eq!(named.get("/admin/users").await.status, 200);
    assert_eq!(named.with("XF-Api-User", "1").get("/admin/users").await.status, 200);
    for nobody in ["9", "ada", ""] {
        let refused = named.with("XF-Api-User", nobody).get("/admin/users").await;
        assert_eq!((refused.status, refused.json()["reason"].as_str()), (403, Some("no_such_user")), "{nobody}");
    }
    for two in [named.with("Api-Key", &admin_key), named.with("XF-Api-User", "1").with("Api-Username", "ada")] {
        let refused = two.get("/admin/users").await;
        assert_eq!((refused.status, refused.json()["reason"].as_str()), (403, Some("two_credentials")));
    }
}
