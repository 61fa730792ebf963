//! Who may approve, for what, under which name (`C-065`; `security.md` C4, C5, K10).

use hallpass::model::{Group, NewUser, TrustLevel};

use super::{keys_of, kind, works};
use crate::support::{Answer, ClientApp, TestApp, Visitor};

async fn somebody(site: &TestApp, name: &str, change: impl FnOnce(&mut NewUser)) -> Visitor {
    site.account(name, change).await;
    site.sign_in(name).await
}

/// The reason in the answer, or nothing.
fn reason(answer: &Answer) -> String {
    answer.json()["reason"].as_str().unwrap_or_default().to_owned()
}

#[actix_web::test]
async fn the_allowed_groups_and_staff_may_approve_and_nobody_else_c045_c065_c5() {
    for (groups, allowed) in [
        ("trust_level_0", "ada lee tess mod adm"),
        ("trust_level_2", "lee mod adm"),
        ("testers", "tess mod adm"),
        ("testers|trust_level_2", "lee tess mod adm"),
        ("admins", "mod adm"),
    ] {
        let site = TestApp::with(&[("user_api.user_api_key_allowed_groups", groups)]).await;
        let people = [
            ("ada", somebody(&site, "ada", |_| {}).await),
            ("lee", somebody(&site, "lee", |user| user.trust_level = TrustLevel::parse(2).unwrap()).await),
            (
                "tess",
                somebody(&site, "tess", |user| user.named_groups.extend([Group::parse("testers").unwrap()])).await,
            ),
            ("mod", somebody(&site, "mod", |user| user.staff.moderator = true).await),
            ("adm", somebody(&site, "adm", |user| user.staff.admin = true).await),
        ];
        for (name, user) in people {
            let may = allowed.split(' ').any(|one| one == name);
            let app = site.client_app();
            let model = user.get(&app.json_path()).await.json();
            assert_eq!(model["state"], if may { "ready" } else { "no_trust_level" }, "{groups}: {name}");
            let answer = app.approve(&user).await;
            if may {
                assert_eq!(answer.status, 200, "{groups}: {name}");
            } else {
                assert_eq!(kind(&answer), (403, "invalid_access".into()), "{groups}: {name}");
                assert_eq!(reason(&answer), "not_allowed");
                assert!(answer.error().contains(groups.split('|').next().unwrap()), "{}", answer.error());
            }
        }
    }
}

async fn asks(site: &TestApp, user: &Visitor, scopes: &str) -> (Answer, Answer) {
    let app = site.client_app().scopes(scopes);
    (user.get(&app.json_path()).await, app.approve(user).await)
}

#[actix_web::test]
async fn scopes_that_change_things_are_refused_to_strangers_by_a_setting_c5() {
    let strict = TestApp::with(&[("user_api.unregistered_dangerous_scopes", "refuse")]).await;
    let lenient = TestApp::start().await;
    for site in [&strict, &lenient] {
        let ada = site.user("ada").await;
        let adm = site.admin("adm").await;
        for user in [&ada, &adm] {
            for scopes in ["write", "read,write", "one_time_password,read"] {
                let (model, answer) = asks(site, user, scopes).await;
                if std::ptr::eq(site, &raw const strict) {
                    assert_eq!((reason(&model), model.status), ("dangerous_scope_refused".into(), 200));
                    assert_eq!(kind(&answer), (403, "invalid_access".into()));
                    assert_eq!(reason(&answer), "dangerous_scope_refused");
                    assert!(answer.error().contains("scope"));
                } else {
                    assert_eq!((&model.json()["state"], answer.status), (&"ready".into(), 200), "{scopes}");
                }
            }
            for scopes in ["read", "read,notifications,session_info,message_bus,push"] {
                let (model, answer) = asks(site, user, scopes).await;
                assert_eq!((&model.json()["state"], answer.status), (&"ready".into(), 200), "{scopes}");
            }
        }
    }
}

#[actix_web::test]
async fn nobody_takes_the_name_of_the_site_or_calls_itself_official_c4() {
    let site = TestApp::with(&[("site.title", "Meadow Forum")]).await;
    let ada = site.user("ada").await;
    let named = |name: &str| site.client_app().set("application_name", name);
    for name in ["Meadow Forum", "meadow forum", "Меаdоw Fоrum", "M3adow Forum Official", "Official Deskbell"] {
        let (model, answer) = (ada.get(&named(name).json_path()).await, named(name).approve(&ada).await);
        assert_eq!((reason(&model), reason(&answer)), ("reserved_name".into(), "reserved_name".into()), "{name}");
        assert_eq!(answer.status, 403);
        assert!(answer.error().contains("choose another"), "{}", answer.error());
    }
    assert!(keys_of(&site, "ada").await.is_empty());
    for name in ["Deskbell", "Meadow Forum Notifier", "Unofficial Meadow"] {
        assert_eq!(named(name).approve(&ada).await.status, 200, "{name}");
    }
}

#[actix_web::test]
async fn a_user_has_only_so_many_keys_k10() {
    let site = TestApp::with(&[("user_api.max_keys_per_user", "2")]).await;
    let (ada, bob) = (site.user("ada").await, site.user("bob").await);
    let client = |id: &str| site.client_app().set("client_id", id);
    let first = client("one").approved_by(&ada).await.key;
    client("two").approved_by(&ada).await;
    let third = client("three").approve(&ada).await;
    assert_eq!((third.status, reason(&third)), (403, "too_many_keys".into()));
    assert!(works(&ada, &first).await);
    // Another key for an application that has one replaces it, and other users have their own number.
    client("two").approved_by(&ada).await;
    client("three").approved_by(&bob).await;
    ada.holder_of(&first).post("/user-api-key/revoke").await;
    client("three").approved_by(&ada).await;
}

#[actix_web::test]
async fn the_operator_can_stop_new_keys_and_old_ones_go_on() {
    let site = TestApp::with(&[("user_api.allow_user_api_keys", "false")]).await;
    let ada = site.user("ada").await;
    let app: ClientApp = site.client_app();
    assert_eq!(reason(&ada.get(&app.json_path()).await), "disabled");
    assert_eq!((app.approve(&ada).await.status, keys_of(&site, "ada").await.len()), (403, 0));
}

#[actix_web::test]
async fn only_scopes_on_the_operators_list_can_be_asked_for_c036_c059() {
    let site = TestApp::with(&[("user_api.allow_user_api_key_scopes", "read|session_info")]).await;
    let ada = site.user("ada").await;
    let (model, answer) = asks(&site, &ada, "read,write").await;
    assert_eq!((reason(&model), reason(&answer)), ("unknown_scope".into(), "unknown_scope".into()));
    assert!(answer.error().contains("read,session_info"), "what there is instead: {}", answer.error());
    assert_eq!(asks(&site, &ada, "session_info").await.1.status, 200);
}
