//! What the database holds of secrets, and how many keys a user may have.

#![cfg(test)]

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use diesel::{QueryableByName, RunQueryDsl};
use hallpass::model::Email;
use hallpass::store::AnyConnection;
use serde_json::json;

use crate::support::{PASSWORD, TestApp};

#[derive(QueryableByName)]
struct Text {
    #[diesel(sql_type = diesel::sql_types::Text)]
    text: String,
}

/// Every byte of the folder: a SQLite file with its log, and whatever stands beside it. Of a server's database all that a
/// query gives.
fn everything(site: &TestApp) -> Vec<(String, Vec<u8>)> {
    let mut connection = site.database().connect();
    if let AnyConnection::Postgres(_) = &connection {
        let mut texts = |query: String| -> Vec<String> {
            let rows: Vec<Text> = diesel::sql_query(query).load(&mut connection).unwrap();
            rows.into_iter().map(|row| row.text).collect()
        };
        let tables = texts("SELECT tablename::text AS text FROM pg_tables WHERE schemaname = 'public'".to_owned());
        let rows = |table: String| {
            let rows = texts(format!("SELECT t::text AS text FROM {table} t")).concat();
            (table, rows.into_bytes())
        };
        return tables.into_iter().map(rows).collect();
    }
    let file = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        (path.display().to_string(), fs::read(&path).unwrap())
    };
    fs::read_dir(site.folder()).unwrap().map(file).collect()
}

fn holds(files: &[(String, Vec<u8>)], text: &[u8]) -> Vec<String> {
    let there = |bytes: &[u8]| bytes.windows(text.len()).any(|window| window == text);
    files.iter().filter(|(_, bytes)| there(bytes)).map(|(name, _)| name.clone()).collect()
}

#[actix_web::test]
async fn neither_key_nor_session_nor_password_nor_nonce_is_anywhere_in_the_database_k2_w4() {
    let site = TestApp::start().await;
    site.account("ada", |user| user.email = Some(Email::parse("ada@example.org").unwrap())).await;
    let ada = site.anonymous();
    let signed_in = ada.sign_in("ada", PASSWORD).await;
    let cookie = signed_in.cookies()[0].split(['=', ';']).nth(1).unwrap().to_owned();
    let application = site.client_app();
    let received = application.approved_by(&ada).await;
    assert_eq!(ada.holder_of(&received.key).get("/session/current.json").await.status, 200);
    site.flush().await;

    let files = everything(&site);
    let raw = hex(&received.key);
    let nonce = received.payload["nonce"].as_str().unwrap().as_bytes();
    let upper = received.key.to_uppercase();
    let (base64, url) = (STANDARD.encode(&raw), URL_SAFE_NO_PAD.encode(&raw));
    for secret in [received.key.as_bytes(), upper.as_bytes(), &raw, base64.as_bytes(), url.as_bytes(), nonce] {
        assert_eq!(holds(&files, secret), [""; 0], "{}", String::from_utf8_lossy(secret));
    }
    // The cookie is a signature of 44 characters and the token.
    let token =
        percent_encoding::percent_decode_str(&cookie).decode_utf8().unwrap().chars().skip(44).collect::<String>();
    assert!(token.len() >= 40, "{cookie}");
    for secret in [token.as_bytes(), PASSWORD.as_bytes()] {
        assert_eq!(holds(&files, secret), [""; 0], "{}", String::from_utf8_lossy(secret));
    }
    // What is searched for would be found: what may be there is.
    let hash = hallpass::crypto::hash_key(&hallpass::model::PlainKey::parse(&received.key).unwrap());
    assert!(!holds(&files, hash.to_hex().as_bytes()).is_empty());
    assert!(!holds(&files, b"ada@example.org").is_empty());
    let start = format!("SELECT count(*) FROM user_api_keys WHERE key_start = '{}'", &received.key[..4]);
    assert_eq!(site.number(&start), Some(1), "no more than four characters are kept to tell keys apart");
}

#[actix_web::test]
async fn neither_an_admin_key_nor_a_key_made_with_it_is_anywhere_in_the_database_k2_k12() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let back_end = site.full_back_end().await;
    let wish = json!({ "application_name": "Shop", "scopes": ["read"] });
    let made = back_end.post_json("/admin/users/1/keys", &wish).await.json()["key"].as_str().unwrap().to_owned();
    let admin = back_end.sent("Api-Key");
    let files = everything(&site);
    for key in [&made, &admin] {
        for secret in [key.as_bytes(), key.to_uppercase().as_bytes(), &hex(key), STANDARD.encode(hex(key)).as_bytes()] {
            assert_eq!(holds(&files, secret), [""; 0], "{}", String::from_utf8_lossy(secret));
        }
        let hash = hallpass::crypto::hash_key(&hallpass::model::PlainKey::parse(key).unwrap());
        assert!(!holds(&files, hash.to_hex().as_bytes()).is_empty(), "what is searched for would be found");
    }
}

fn hex(key: &str) -> Vec<u8> {
    (0..key.len()).step_by(2).map(|at| u8::from_str_radix(&key[at..at + 2], 16).unwrap()).collect()
}

#[actix_web::test]
async fn a_user_has_so_many_keys_and_an_application_one_of_them_k10() {
    let at_once = ("user_api.user_api_key_replacement_grace_seconds", "0");
    let site = TestApp::with(&[("user_api.max_keys_per_user", "2"), at_once]).await;
    let (ada, bob) = (site.user("ada").await, site.user("bob").await);
    let application = |id: &str| site.client_app().set("client_id", id);
    let one = ada.holder_of(&application("one").approved_by(&ada).await.key);
    application("two").set("expires_in_seconds", "60").approved_by(&ada).await;
    let refused = application("three").approve(&ada).await;
    assert_eq!((refused.status, &refused.json()["reason"]), (403, &json!("too_many_keys")));
    assert_eq!(site.number("SELECT count(*) FROM user_api_keys"), Some(2));

    // Asking again replaces: never one more, and the key before is over.
    let again = ada.holder_of(&application("one").approved_by(&ada).await.key);
    assert_eq!(site.number("SELECT count(*) FROM user_api_keys"), Some(2));
    assert_eq!((one.get("/about.json").await.status, again.get("/about.json").await.status), (403, 200));

    // Another user has a count of their own; expired and ended keys count no more.
    assert_eq!(application("three").approve(&bob).await.status, 200);
    site.clock.advance(std::time::Duration::from_mins(1));
    assert_eq!(application("three").approve(&ada).await.status, 200);
    assert_eq!(application("four").approve(&ada).await.status, 403);
    assert_eq!(again.post("/user-api-key/revoke").await.status, 200);
    assert_eq!(application("four").approve(&ada).await.status, 200);
}
