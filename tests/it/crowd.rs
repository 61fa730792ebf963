//! A thousand things done at once over one SQLite file: nothing is locked out, lost, or there twice.

mod member;
mod watch;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hallpass::crypto::hash_key;
use hallpass::model::{KeyState, PlainKey, UserApiKey, Username};
use hallpass::store;

use crate::support::TestApp;
use member::{Did, Held, Member};

/// Members of the crowd; each is a task with a browser of its own.
const MEMBERS: u64 = 16;
/// What each of them does.
const ACTS: usize = 1_000 / 16 + 1;
/// Users, and clients of each: several members share each pair.
const USERS: u64 = 4;
const CLIENTS: u64 = 3;

const SETTINGS: [(&str, &str); 6] = [
    ("limits.sign_in_per_account_and_address_per_minute", "1000"),
    ("limits.sign_in_per_address_per_minute", "10000"),
    ("limits.unknown_keys_per_address_per_minute", "100000"),
    ("user_api.max_user_api_reqs_per_minute", "10000"),
    ("user_api.max_user_api_reqs_per_day", "100000"),
    ("user_api.user_api_key_replacement_grace_seconds", "0"),
];

#[actix_web::test]
async fn a_thousand_approvals_revocations_undos_and_sign_ins_at_once_lose_nothing_c073() {
    let site = Arc::new(TestApp::with(&SETTINGS).await);
    for user in 0..USERS {
        site.account(&format!("user{user}"), |_| {}).await;
    }
    let over = Arc::new(AtomicBool::new(false));
    let watcher = actix_web::rt::spawn(watch::never_two_live(Arc::clone(&site), Arc::clone(&over)));
    let crowd: Vec<_> = (0..MEMBERS).map(|number| actix_web::rt::spawn(take_part(Arc::clone(&site), number))).collect();
    let mut members = Vec::new();
    for member in crowd {
        members.push(member.await.unwrap());
    }
    over.store(true, Ordering::Relaxed);
    let looks = watcher.await.unwrap();
    assert!(looks > 10, "the watcher looked only {looks} times");

    let did: Did = members.iter().map(|member| member.did).sum();
    assert_eq!(did.all(), 16 * ACTS);
    assert!(did.approvals > 100 && did.revocations > 50 && did.undos > 10 && did.sign_ins > 50, "{did:?}");
    check_log(&site, did).await;
    check_keys(&site, &members).await;
    for member in &members {
        member.still_signed_in().await;
    }
}

async fn take_part(site: Arc<TestApp>, number: u64) -> Member {
    let mut member = Member::arrive(&site, number).await;
    for _ in 0..ACTS {
        member.act(&site).await;
    }
    member
}

/// One line for each answered act, and no other.
async fn check_log(site: &TestApp, did: Did) {
    let mut lines = BTreeMap::<String, usize>::new();
    for (event, _) in site.app.cx.store.read(store::list_audit_lines).await.unwrap() {
        *lines.entry(event).or_default() += 1;
    }
    let expected = [
        ("key_issued", did.approvals),
        ("key_restored", did.undos),
        ("key_revoked", did.revocations),
        ("user_created", usize::try_from(USERS).unwrap()),
    ];
    assert_eq!(lines.into_iter().collect::<Vec<_>>(), expected.map(|(event, count)| (event.to_owned(), count)));
}

/// Each key that was answered verifies, unless it was ended or replaced; each end that was answered holds.
async fn check_keys(site: &TestApp, members: &[Member]) {
    let mut there = Vec::new();
    for held in members.iter().flat_map(|member| &member.held) {
        let row = find(site, &held.key).await;
        let answer = site.anonymous().holder_of(&held.key).get("/session/current.json").await;
        match &row {
            None => assert_eq!(answer.status, 403, "a replaced key verifies"),
            Some(row) => check_row(row, held, answer.status),
        }
        there.extend(row.map(|row| (row.user_id, row.client_id.as_str().to_owned())));
    }
    let pairs = there.len();
    there.sort();
    there.dedup();
    assert_eq!(there.len(), pairs, "two keys of one user for one client");
    // What was replaced was replaced by a key that was answered too: one is there for each pair.
    let mut stored = 0;
    for user in 0..USERS {
        stored += keys_of(site, &format!("user{user}")).await.len();
    }
    assert_eq!((stored, pairs), (12, usize::try_from(USERS * CLIENTS).unwrap()));
}

fn check_row(row: &UserApiKey, held: &Held, status: u16) {
    assert_eq!(row.revoked_at.is_some(), held.ended, "{row:?}");
    assert_eq!(status, if held.ended { 403 } else { 200 }, "{row:?}");
}

async fn find(site: &TestApp, key: &str) -> Option<UserApiKey> {
    let hash = hash_key(&PlainKey::parse(key).unwrap());
    site.app.cx.store.read(move |c| store::find_key_with_owner(c, &hash)).await.unwrap().map(|(key, _owner)| key)
}

async fn keys_of(site: &TestApp, name: &str) -> Vec<UserApiKey> {
    let name = Username::parse(name).unwrap().folded();
    let list = move |c: &mut store::AnyConnection| {
        let user = store::find_user_by_login(c, &name)?.unwrap();
        store::list_keys(c, user.id)
    };
    site.app.cx.store.read(list).await.unwrap()
}

fn is_live(site: &TestApp, key: &UserApiKey) -> bool {
    key.state(site.app.cx.now()) == KeyState::Active
}
