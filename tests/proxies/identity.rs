//! Who asks, as the site is told.

use crate::client::send_with;
use crate::proxy::{Proxy, Running};
use crate::shop::Seen;
use crate::stage::{Key, Stage};

/// What a client could say about itself and about its request; `evil` must arrive nowhere.
const SPOOFED: [(&str, &str); 34] = [
    ("Remote-User", "evil"),
    ("remote-user", "evil"),
    ("REMOTE-GROUPS", "admins,evil"),
    ("Remote-Name", "evil"),
    ("Remote-Email", "evil@example.org"),
    ("Remote_User", "evil"),
    ("remote_groups", "evil"),
    ("REMOTE_EMAIL", "evil"),
    ("Hallpass-User-Id", "evil"),
    ("Hallpass-Scopes", "evil"),
    ("Hallpass-Client-Id", "evil"),
    ("Hallpass-Key-Id", "evil"),
    ("Hallpass_User_Id", "evil"),
    ("Hallpass-User_Id", "evil"),
    ("hallpass_key-id", "evil"),
    ("Hallpass-Secret", "evil"),
    ("X-Original-URI", "/evil"),
    ("X-Original-Method", "EVIL"),
    ("X-Original-URL", "/evil"),
    ("X-Original-Host", "evil"),
    ("X-Forwarded-Uri", "/evil"),
    ("X-Forwarded-Method", "EVIL"),
    ("X-Forwarded-Host", "evil"),
    ("X-Forwarded-For", "evil"),
    ("X-Forwarded-For", "198.51.100.66"),
    ("X-Forwarded-Proto", "evil"),
    ("X-Forwarded-Prefix", "/evil"),
    ("X_Forwarded_Uri", "/evil"),
    ("X-Rewrite-URL", "/evil"),
    ("X-HTTP-Method", "EVIL"),
    ("X-HTTP-Method-Override", "EVIL"),
    ("X-Method-Override", "EVIL"),
    ("Forwarded", "for=evil"),
    ("X-Real-IP", "evil"),
];

fn says(proxy: &Running, stage: &Stage, key: Option<&Key>, headers: &[(&str, &str)]) {
    let presented = key.map(Key::header);
    let all = [headers, presented.as_slice()].concat();
    let response = proxy.get("/api/books", &all);
    let name = proxy.proxy;
    assert_eq!(response.status, 200, "{name:?}: {response:?}\n{}", proxy.log());
    let seen = stage.shop.take_one();
    assert_eq!(seen.identity(), key.map(Key::identity).unwrap_or_default(), "{name:?}: {seen:#?}");
    assert!(!seen.mentions("evil") && !seen.mentions("198.51.100.66"), "{name:?}: {seen:#?}");
}

#[actix_web::test]
async fn a_key_reaches_the_site_as_exactly_the_identity_of_its_user_w9_k6() {
    let stage = Stage::new(&[]);
    let key = stage.key("deskbell-1", "read").await;
    for proxy in &stage.proxies {
        says(proxy, &stage, Some(&key), &[]);
    }
}

#[actix_web::test]
async fn whatever_a_client_says_of_itself_reaches_the_site_neither_with_nor_without_a_key_w8_w9() {
    let stage = Stage::new(&[("verify.anonymous", "allow"), ("user_api.max_user_api_reqs_per_minute", "1000")]);
    let key = stage.key("deskbell-1", "read").await;
    for proxy in &stage.proxies {
        for key in [None, Some(&key)] {
            says(proxy, &stage, key, &SPOOFED);
            for spoofed in SPOOFED {
                says(proxy, &stage, key, &[spoofed]);
                says(proxy, &stage, key, &[spoofed, (spoofed.0, "evil twin")]);
            }
        }
    }
}

#[actix_web::test]
async fn a_client_that_has_headers_left_out_on_the_way_loses_no_identity_w9() {
    let stage = Stage::new(&[("user_api.max_user_api_reqs_per_minute", "1000")]);
    let key = stage.key("deskbell-1", "read").await;
    let names =
        ["Remote-User, Remote-Groups, Hallpass-User-Id", "X-Forwarded-Uri, X-Forwarded-Method", "X-Forwarded-For"];
    for proxy in &stage.proxies {
        for connection in names.map(|names| format!("close, {names}")) {
            let response = proxy.get("/api/books", &[key.header(), ("Connection", &connection)]);
            let seen = stage.shop.take();
            // Envoy refuses whoever wants to have left out what it adds itself.
            let refused = proxy.proxy == Proxy::Envoy && response.status == 400 && seen.is_empty();
            let whole = || seen.iter().map(Seen::identity).eq([key.identity()]);
            assert!(refused || whole(), "{:?}, {connection}: {response:?}, {seen:#?}", proxy.proxy);
        }
    }
}

#[actix_web::test]
async fn outside_of_what_is_protected_nobody_has_an_identity_w8_w9_k6() {
    let stage = Stage::protecting("/api/", &[]);
    let key = stage.key("deskbell-1", "read").await;
    for proxy in &stage.proxies {
        let response = proxy.get("/shelf", &[&SPOOFED[..], &[key.header()]].concat());
        assert_eq!((response.status, response.body.as_str()), (200, crate::shop::BODY), "{response:?}");
        let seen = stage.shop.take_one();
        assert_eq!(seen.identity(), [], "{seen:#?}");
        assert!(!seen.mentions("evil") && !seen.mentions(&key.key), "{seen:#?}");
        assert_eq!(proxy.get("/api/books", &[]).status, 401);
        says(proxy, &stage, Some(&key), &[]);
    }
}

#[actix_web::test]
async fn the_key_stays_with_the_proxy_however_it_is_written_k6() {
    let stage = Stage::new(&[("verify.anonymous", "allow"), ("user_api.max_user_api_reqs_per_minute", "1000")]);
    let key = stage.key("deskbell-1", "read").await;
    let key = key.key.as_str();
    let bearer = ["Bearer ", "bearer ", "BEARER  "].map(|scheme| format!("{scheme}{key}"));
    let [one, two, three] = bearer.each_ref().map(|value| [("Authorization", value.as_str())]);
    let twice = format!("Basic YWRhOmFkYQ==, Bearer {key}");
    let ways: [&[(&str, &str)]; 9] = [
        &[("User-Api-Key", key)],
        &[("user-api-key", key), ("USER-API-KEY", key)],
        &[("User_Api_Key", key)],
        &one,
        &two,
        &three,
        &[("User-Api-Key", key), one[0]],
        &[("Authorization", "Basic YWRhOmFkYQ=="), one[0]],
        &[("Authorization", &twice)],
    ];
    for proxy in &stage.proxies {
        for way in ways {
            proxy.get("/api/books", way);
            for seen in stage.shop.take() {
                assert!(!seen.mentions(key), "{:?}, {way:?}: {seen:#?}", proxy.proxy);
            }
        }
    }
}

#[actix_web::test]
async fn an_authorization_that_is_no_key_is_the_sites_own_k6() {
    let stage = Stage::new(&[("verify.anonymous", "allow")]);
    for proxy in &stage.proxies {
        for own in ["Basic YWRhOmFkYQ==", "Bearer eyJhbGciOi.J9.x", "Bearer 0123456789abcdef0123456789abcdef0"] {
            let response = proxy.get("/api/books", &[("Authorization", own)]);
            assert_eq!(response.status, 200, "{:?}: {response:?}", proxy.proxy);
            let seen = stage.shop.take_one();
            assert!(seen.mentions(own), "{:?}: {seen:#?}", proxy.proxy);
        }
    }
}

#[actix_web::test]
async fn method_body_and_query_reach_the_site_as_they_were_sent_w10() {
    let stage = Stage::new(&[]);
    let key = stage.key("deskbell-1", "read,write").await;
    for proxy in &stage.proxies {
        let headers = [key.header(), ("Content-Length", "11")];
        let target = "/api/books?a=%2f&deny_as=403";
        let response = send_with(proxy.port, "POST", target, &headers, "title=Ulyss");
        assert_eq!(response.status, 200, "{:?}: {response:?}", proxy.proxy);
        let seen = stage.shop.take_one();
        assert_eq!((seen.method.as_str(), seen.target.as_str(), seen.length), ("POST", target, 11), "{seen:#?}");
    }
}
