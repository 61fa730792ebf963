//! `/admin/users`.

use hallpass::model::{Email, Group};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, TestApp, Visitor};

#[actix_web::test]
async fn a_user_is_found_by_id_name_and_address() {
    let site = TestApp::start().await;
    site.account("Ada", |ada| {
        ada.email = Some(Email::parse("ada@example.org").unwrap());
        ada.named_groups.insert(Group::parse("press").unwrap());
        ada.staff.moderator = true;
    })
    .await;
    site.account("bob", |_| {}).await;
    let back_end = site.back_end("users:read").await;
    let mut ada = back_end.get("/admin/users/1").await.json();
    assert!(ada["created_at"].take().as_str().unwrap().ends_with('Z'));
    assert_eq!(
        ada,
        json!({
            "id": 1, "username": "Ada", "name": "", "email": "ada@example.org", "external_id": null,
            "avatar_template": null, "admin": false, "moderator": true, "trust_level": 0, "named_groups": ["press"],
            "groups": ["moderators", "staff", "trust_level_0", "press"], "suspended_at": null, "created_at": null,
        })
    );
    for query in ["username=ADA", "email=Ada@Example.org", "username=ada&email=ada@example.org"] {
        let found = back_end.get(&format!("/admin/users?{query}")).await.json();
        assert_eq!(
            (&found["items"][0]["id"], &found["items"][1], &found["next_cursor"]),
            (&json!(1), &Value::Null, &Value::Null)
        );
    }
    assert_eq!(back_end.get("/admin/users?username=carol").await.json()["items"], json!([]));
    for nowhere in ["/admin/users/3", "/admin/users/0", "/admin/users/ada", "/admin/users/9007199254740992"] {
        assert_eq!(back_end.get(nowhere).await.status, 404, "{nowhere}");
    }
    assert_eq!(back_end.get("/admin/users/99").await.error(), "there is no user 99");
}

#[actix_web::test]
async fn who_calls_with_another_method_is_told_which_ones_there_are_and_nobody_is_without_a_key() {
    let site = TestApp::start().await;
    let back_end = site.full_back_end().await;
    for (method, path, allowed) in [
        (Method::POST, "/admin/users/1", "DELETE, GET, PATCH"),
        (Method::GET, "/admin/users/1/password", "PUT"),
        (Method::GET, "/admin/notifications", "POST"),
        (Method::GET, "/api/auth", "POST"),
    ] {
        let refused = back_end.request(method.clone(), path, None).await;
        assert_eq!((refused.status, sorted(refused.header("allow"))), (405, allowed.to_owned()), "{path}");
        assert!(refused.error().starts_with("This address takes "), "{refused:?}");
        assert_eq!(Visitor::new(&site.internal).request(method, path, None).await.status, 401, "{path}");
    }
    assert_eq!(back_end.get("/admin/nowhere").await.status, 404);
}

fn sorted(list: &str) -> String {
    let mut words: Vec<&str> = list.split(", ").collect();
    words.sort_unstable();
    words.join(", ")
}

#[actix_web::test]
async fn a_list_goes_on_behind_its_last_row_while_users_come_and_go() {
    let site = TestApp::start().await;
    for name in ["a", "b", "c", "d", "e"] {
        site.account(name, |_| {}).await;
    }
    let back_end = site.back_end("users:read").await;
    let page = async |query: &str| {
        let page = back_end.get(&format!("/admin/users?limit=2{query}")).await.json();
        let names: Vec<String> = page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|user| user["username"].as_str().unwrap().to_owned())
            .collect();
        (names.concat(), page["next_cursor"].as_str().map(str::to_owned))
    };
    let (first, next) = page("").await;
    site.execute("DELETE FROM users WHERE username = 'a'").await;
    site.account("f", |_| {}).await;
    let (second, then) = page(&format!("&cursor={}", next.unwrap())).await;
    let (third, end) = page(&format!("&cursor={}", then.unwrap())).await;
    assert_eq!((first.as_str(), second.as_str(), third.as_str(), end), ("ab", "cd", "ef", None));
}

#[actix_web::test]
async fn what_is_asked_wrongly_is_told() {
    let site = TestApp::start().await;
    let back_end = site.back_end("users:read").await;
    for (query, word) in [
        ("limit=0", "from 1 to 100"),
        ("limit=101", "from 1 to 100"),
        ("cursor=1", "next_cursor"),
        ("username=a%20b", "letters"),
        ("email=x", "name@example.org"),
        ("external_id=%00", "control characters"),
        ("name=ada", "unknown field `name`"),
        ("limit=1&limit=2", "duplicate field"),
    ] {
        let answer = back_end.get(&format!("/admin/users?{query}")).await;
        assert!(answer.status == 400 && answer.error().contains(word), "{query}: {answer:?}");
    }
}

#[actix_web::test]
async fn a_user_is_made_changed_and_deleted_and_each_has_its_line_l9() {
    let site = TestApp::start().await;
    site.account("root", |root| root.staff.admin = true).await;
    let back_end = site.full_back_end().await.with("Api-Username", "root");
    let wish = json!({
        "username": "Ada", "name": "Ada L.", "email": "ada@example.org", "external_id": "u-7", "trust_level": 2,
        "avatar_template": "https://cdn.example/7/{size}.png", "named_groups": ["press"], "moderator": true,
    });
    let made = back_end.post_json("/admin/users", &wish).await;
    assert_eq!(made.status, 200, "{made:?}");
    let id = made.json()["id"].as_i64().unwrap();
    for (member, value) in wish.as_object().unwrap() {
        assert_eq!(&made.json()[member], value, "{member}");
    }
    let path = format!("/admin/users/{id}");
    let patched = back_end.patch_json(&path, &json!({ "email": null, "named_groups": [], "username": "ada" })).await;
    assert_eq!((&patched.json()["email"], &patched.json()["named_groups"]), (&Value::Null, &json!([])));
    assert_eq!((&patched.json()["username"], &patched.json()["name"]), (&json!("ada"), &json!("Ada L.")));
    assert_eq!(back_end.get(&path).await.json(), patched.json());
    back_end.patch_json(&path, &json!({})).await;
    assert_eq!(back_end.delete(&path).await.json(), json!({ "success": "OK" }));
    assert_eq!((back_end.delete(&path).await.status, back_end.get(&path).await.status), (404, 404));
    // What changes nothing has no line.
    assert_eq!(site.audit().await[2..], ["user_created", "user_changed", "user_changed", "user_deleted"]);
    let by_both = format!("SELECT count(*) FROM audit_log WHERE actor_id = 1 AND admin_key_id = 1 AND user_id = {id}");
    assert_eq!(site.number(&by_both), Some(4));
    assert_eq!(site.number("SELECT count(*) FROM audit_log WHERE user_id = 2 AND request_id IS NULL"), Some(0));
}

#[actix_web::test]
async fn a_change_bites_on_the_users_next_request_k11() {
    let site = TestApp::with(&[("verify.secret", "a secret of more than thirty-two characters")]).await;
    let ada = site.user("ada").await;
    let key = site.client_app().scopes("read").approved_by(&ada).await.key;
    let back_end = site.full_back_end().await;
    let proxy = Visitor::new(&site.internal).with("X-Original-Method", "GET").with("X-Original-URI", "/books");
    let asked = async || proxy.with("User-Api-Key", &key).get("/verify").await;
    assert_eq!((asked().await.status, asked().await.header("remote-groups")), (200, "trust_level_0"));
    back_end.patch_json("/admin/users/1", &json!({ "named_groups": ["press"], "trust_level": 1 })).await;
    assert_eq!(asked().await.header("remote-groups"), "trust_level_0,trust_level_1,press");
    assert_eq!(ada.get("/session/current.json").await.json()["current_user"]["trust_level"], 1);
    let avatar = "https://cdn.example/{size}.png";
    back_end.patch_json("/admin/users/1", &json!({ "avatar_template": avatar })).await;
    assert_eq!(ada.get("/session/current.json").await.json()["current_user"]["avatar_template"], avatar);
    back_end.patch_json("/admin/users/1", &json!({ "suspended": true })).await;
    assert_eq!((asked().await.status, ada.get("/session/current.json").await.status), (403, 404));
    back_end.patch_json("/admin/users/1", &json!({ "suspended": false })).await;
    assert_eq!(
        (asked().await.status, ada.get("/session/current.json").await.status),
        (200, 404),
        "signed out for good"
    );
    back_end.delete("/admin/users/1").await;
    assert_eq!(asked().await.status, 403);
    assert!(site.audit().await.iter().any(|event| event == "user_suspended"));
}

#[actix_web::test]
async fn a_password_is_set_and_the_sessions_before_it_end_w4() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let back_end = site.full_back_end().await;
    let set =
        async |password: &str| back_end.put_json("/admin/users/1/password", &json!({ "password": password })).await;
    let short = set("short").await;
    assert!(short.status == 400 && short.error().contains("at least 10"), "{short:?}");
    assert_eq!(set("another horse battery").await.status, 200);
    assert_eq!(ada.get("/session/current.json").await.status, 404);
    assert!(site.anonymous().sign_in("ada", "another horse battery").await.json()["user"].is_object());
    assert_eq!(back_end.put_json("/admin/users/9/password", &json!({ "password": PASSWORD })).await.status, 404);
}

#[actix_web::test]
async fn many_users_are_made_and_changed_at_once_or_none_of_them_are() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    site.account("bob", |bob| bob.email = Some(Email::parse("bob@example.org").unwrap())).await;
    let back_end = site.full_back_end().await;
    let put = async |users: Value| back_end.put_json("/admin/users", &json!({ "users": users })).await;
    let done = put(json!([
        { "username": "ada", "external_id": "u-1", "trust_level": 3 },
        { "username": "carol", "external_id": "u-3", "named_groups": ["press"] },
    ]))
    .await;
    let told: Vec<(Value, Value)> = done.json()["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["is_new"].clone(), one["user"]["id"].clone()))
        .collect();
    assert_eq!(told, [(json!(false), json!(1)), (json!(true), json!(3))], "{done:?}");
    // By what the site calls them, whatever their name was.
    let renamed = put(json!([{ "username": "ada.l", "external_id": "u-1" }])).await.json();
    assert_eq!(
        (&renamed["items"][0]["user"]["id"], &renamed["items"][0]["user"]["trust_level"]),
        (&json!(1), &json!(3))
    );

    let lines = || site.number("SELECT count(*) FROM audit_log WHERE event <> 'admin_called'");
    let before = lines();
    for (users, fault) in [
        (json!([{ "username": "dan" }, { "username": "erin", "email": "BOB@example.org" }]), "email"),
        (json!([{ "username": "dan" }, { "username": "carol", "external_id": "u-9" }]), "username"),
        (json!([{ "username": "dan" }, { "username": "DAN" }]), "two entries"),
        (json!([{ "username": "dan" }, { "username": "no name" }]), "entry 1: username"),
        (json!([{ "username": "dan" }, {}]), "entry 1: username is missing"),
        (json!([{ "username": "dan" }, { "username": "erin", "nick": "e" }]), "nick"),
        (Value::from(vec![json!({ "username": "dan" }); 501]), "at most 500"),
    ] {
        let refused = put(users).await;
        assert!(refused.status == 400 && refused.error().contains(fault), "{fault}: {refused:?}");
    }
    assert_eq!(site.number("SELECT count(*) FROM users"), Some(3));
    assert_eq!(lines(), before);
    let many: Vec<Value> = (0..500).map(|number| json!({ "username": format!("user-{number}") })).collect();
    assert_eq!(put(many.into()).await.json()["items"].as_array().unwrap().len(), 500);
}

#[actix_web::test]
async fn nobody_becomes_one_of_the_staff_by_their_name_k12() {
    let site = TestApp::start().await;
    site.account("root", |root| root.staff.admin = true).await;
    site.account("mo", |mo| mo.staff.moderator = true).await;
    let back_end = site.full_back_end().await;
    let put = async |users: Value| back_end.put_json("/admin/users", &json!({ "users": users })).await;
    for (name, staff) in [("ROOT", "ROOT"), ("mo", "mo")] {
        let refused =
            put(json!([{ "username": "ada", "external_id": "u-1" }, { "username": name, "external_id": "u-2" }]));
        let refused = refused.await;
        assert_eq!((refused.status, refused.json()["reason"].as_str()), (400, Some("staff")), "{refused:?}");
        assert!(refused.error().contains(staff) && refused.error().contains("PATCH /admin/users/{id}"), "{refused:?}");
    }
    assert_eq!(site.number("SELECT count(*) FROM users WHERE external_id IS NOT NULL"), Some(0), "nor anybody else");
    assert_eq!(back_end.patch_json("/admin/users/1", &json!({ "external_id": "u-2" })).await.status, 200);
    let same = put(
        json!([{ "username": "root", "external_id": "u-2", "trust_level": 1 }, { "username": "mo", "name": "Mo" }]),
    );
    let ids: Vec<Value> =
        same.await.json()["items"].as_array().unwrap().iter().map(|one| one["user"]["id"].clone()).collect();
    assert_eq!(ids, [json!(1), json!(2)]);
}

#[actix_web::test]
async fn what_belongs_to_another_user_is_refused_by_name() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let back_end = site.full_back_end().await;
    let first = json!({ "username": "bob", "email": "bob@example.org", "external_id": "u-2" });
    assert_eq!(back_end.post_json("/admin/users", &first).await.status, 200);
    for (member, value) in [("username", "BOB"), ("email", "Bob@example.org"), ("external_id", "u-2")] {
        let refused = back_end.patch_json("/admin/users/1", &json!({ member: value })).await;
        assert_eq!((refused.status, refused.json()["reason"].as_str()), (400, Some("taken")), "{member}");
        assert!(refused.error().starts_with(&format!("{member}: ")), "{refused:?}");
    }
    for (member, value, word) in [
        ("email", json!("x"), "name@example.org"),
        ("trust_level", json!(5), "trust_level_4"),
        ("named_groups", json!(["admins"]), "admin, moderator or trust_level"),
        ("avatar_template", json!("javascript:alert(1)"), "http"),
        ("name", json!("a\u{1b}[2J"), "control"),
        ("name", Value::Null, "null"),
        ("name", json!("a\0b"), "NUL"),
        ("nick", json!("a"), "unknown field"),
    ] {
        let refused = back_end.patch_json("/admin/users/1", &json!({ member: value })).await;
        assert!(refused.status == 400 && refused.error().contains(word), "{member}: {refused:?}");
    }
    let nameless = back_end.post_json("/admin/users", &json!({ "name": "Ada" })).await;
    assert!(nameless.status == 400 && nameless.error().ends_with("username"), "{nameless:?}");
}

#[actix_web::test]
async fn the_last_administrator_stays_one() {
    let site = TestApp::start().await;
    site.account("root", |root| root.staff.admin = true).await;
    site.account("ada", |_| {}).await;
    let back_end = site.full_back_end().await;
    let refused = |answer: Answer| (answer.status, answer.json()["reason"].as_str().map(str::to_owned));
    let last = (403, Some("last_administrator".to_owned()));
    assert_eq!(refused(back_end.delete("/admin/users/1").await), last);
    assert_eq!(refused(back_end.patch_json("/admin/users/1", &json!({ "admin": false })).await), last);
    let swap = json!({ "users": [{ "username": "root", "admin": false }, { "username": "ada", "admin": true }] });
    assert_eq!(back_end.put_json("/admin/users", &swap).await.status, 200, "there is one at the end");
    assert_eq!(back_end.delete("/admin/users/1").await.status, 200);
}

#[actix_web::test]
async fn a_body_that_is_too_large_is_not_read_l6() {
    let site = TestApp::start().await;
    let back_end = site.full_back_end().await;
    let large = json!({ "users": [{ "username": "ada", "name": "a".repeat(1 << 20) }] });
    assert_eq!(back_end.put_json("/admin/users", &large).await.status, 413);
    assert_eq!(site.number("SELECT count(*) FROM users"), Some(0));
}
