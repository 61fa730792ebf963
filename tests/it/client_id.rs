//! `User-Api-Client-Id`: the client id a key is presented under.

use crate::support::{TestApp, Visitor};

const NOW: &str = "/session/current.json";

fn under(program: &Visitor, client_id: &str) -> Visitor {
    program.with("User-Api-Client-Id", client_id)
}

#[actix_web::test]
async fn another_client_id_makes_a_client_of_the_same_name_and_moves_the_key_c279() {
    let site = TestApp::with(&[("user_api.user_api_key_replacement_grace_seconds", "0")]).await;
    let ada = site.user("ada").await;
    let program = ada.holder_of(&site.client_app().approved_by(&ada).await.key);
    for _ in 0..3 {
        assert_eq!(under(&program, "laptop").get(NOW).await.status, 200);
    }
    assert_eq!(site.client_ids().await, ["deskbell-1", "laptop"].map(str::to_owned).into());
    assert_eq!(site.noted("key_moved").await, 1, "the second request finds it there and writes nothing");

    // An approval replaces the keys of its client: that of the old id touches the key no more, that of the new one does.
    site.client_app().approved_by(&ada).await;
    assert_eq!(program.get(NOW).await.status, 200);
    site.client_app().set("client_id", "laptop").set("application_name", "Another").approved_by(&ada).await;
    assert_eq!(program.get(NOW).await.status, 403);
}

#[actix_web::test]
async fn a_client_id_that_exists_takes_the_key_over_c280() {
    let site = TestApp::with(&[("user_api.user_api_key_replacement_grace_seconds", "0")]).await;
    let ada = site.user("ada").await;
    let phone = site.client_app().set("client_id", "phone");
    let first = ada.holder_of(&site.client_app().approved_by(&ada).await.key);
    let second = ada.holder_of(&phone.approved_by(&ada).await.key);
    assert_eq!(under(&first, "phone").get(NOW).await.status, 200);
    assert_eq!((first.get(NOW).await.status, second.get(NOW).await.status), (200, 200), "both go on");

    let third = ada.holder_of(&phone.approved_by(&ada).await.key);
    let statuses = [&first, &second, &third].map(|program| program.get(NOW));
    let [first, second, third] = statuses;
    assert_eq!((first.await.status, second.await.status, third.await.status), (403, 403, 200));
}

#[actix_web::test]
async fn a_registered_application_takes_no_foreign_key_c280() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    site.client_app().set("client_id", "registered").approved_by(&ada).await;
    site.as_if_registered("registered");
    let program = ada.holder_of(&site.client_app().approved_by(&ada).await.key);
    let refused = under(&program, "registered").get(NOW).await;
    assert_eq!((refused.status, refused.json()["reason"].as_str()), (403, Some("client_id_registered")));
    assert_eq!(program.get(NOW).await.status, 200);
    assert_eq!(site.noted("key_moved").await, 0);
}

#[actix_web::test]
async fn no_client_id_an_empty_one_and_its_own_change_nothing_c281() {
    let site = TestApp::start().await;
    let program = site.key("read").await;
    assert_eq!(program.get(NOW).await.status, 200);
    assert_eq!(under(&program, "").get(NOW).await.status, 200);
    assert_eq!(under(&program, "deskbell-1").get(NOW).await.status, 200);
    assert_eq!(site.client_ids().await.len(), 1);
    assert_eq!(site.noted("key_moved").await, 0);
}

#[actix_web::test]
async fn a_refused_request_moves_no_key_c279() {
    let site = TestApp::start().await;
    let program = site.key("read").await;
    assert_eq!(under(&program, "elsewhere").post("/session/csrf.json").await.status, 403);
    let long = under(&program, &"x".repeat(201)).get(NOW).await;
    assert_eq!((long.status, long.json()["error_type"].as_str()), (400, Some("invalid_parameters")));
    assert!(long.error().contains("client_id"), "{long:?}");
    assert_eq!(site.client_ids().await.len(), 1);
}

#[actix_web::test]
async fn a_key_of_a_registered_application_stays_with_it_so_that_removing_ends_it_c280() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let program = ada.holder_of(&site.client_app().set("client_id", "registered").approved_by(&ada).await.key);
    site.as_if_registered("registered");
    let refused = under(&program, "elsewhere").get(NOW).await;
    assert_eq!((refused.status, refused.json()["reason"].as_str()), (403, Some("client_id_registered")));
    assert_eq!(site.number("SELECT count(*) FROM user_api_key_clients WHERE client_id = 'elsewhere'"), Some(0));
    assert_eq!(under(&program, "registered").get(NOW).await.status, 200);
}
