//! What survives when the program ends, orderly or not.

mod applicant;
mod grants;
mod memory;

use std::collections::BTreeMap;
use std::env;
use std::hint;
use std::thread;
use std::time::{Duration, Instant};

use hallpass::crypto::Random;
use hallpass::model::{KeyState, Timestamp};
use hallpass::store::{self, AnyConnection, StoreError};

use crate::support::database::kind;
use crate::support::server::Server;
use crate::support::trials::note;
use crate::support::{PASSWORD, Visitor};
use applicant::{Applicant, Way};

/// How often the program is killed; `tests/kills` does it more often, on each database.
const KILLS: u32 = 50;

/// Set to another number of kills.
const MORE: &str = "HALLPASS_TEST_KILLS";

/// Users who approve at the same time; half of them at a page, half of them as scripts.
const APPLICANTS: u32 = 4;

const SETTINGS: [(&str, &str); 3] = [
    ("user_api.max_keys_per_user", "10000"),
    ("user_api.max_user_api_reqs_per_minute", "10000"),
    ("user_api.max_user_api_reqs_per_day", "100000"),
];

#[actix_web::test]
async fn kills_amid_approvals_lose_no_answered_key_and_leave_no_half_of_a_grant_c068() {
    let mut server = Server::start(&SETTINGS);
    let random = Random::seeded(2026);
    let mut applicants = arrive(&server).await;
    let span;
    (applicants, span) = time_of_an_approval(applicants).await;
    let mut cut_off = 0;
    let kills = env::var(MORE).map_or(KILLS, |number| number.parse().unwrap());
    for round in 0..kills {
        // Evenly over the first four approvals of the round.
        let moment = span * 4 * u32::from(u16::from_le_bytes(random.bytes())) / 65_536;
        let killer = thread::spawn(move || kill_after(server, moment));
        applicants = all_at_once(applicants, |one| one.approve_until_the_end(round)).await;
        server = killer.join().unwrap().again();
        cut_off += check(&server, &mut applicants).await;
        grants::check(&server);
    }
    let answered: usize = applicants.iter().map(|one| one.answered.len()).sum();
    // Else the kills came too late or too early to show anything.
    assert!(answered > 20 && cut_off > 5, "{answered} answered, {cut_off} cut off");
    for one in &applicants {
        one.check_all().await;
    }
    note(&format!("kills-{}", kind()), &format!("| {} | {kills} | {answered} | {cut_off} |", kind()));
}

async fn arrive(server: &Server) -> Vec<Applicant> {
    let mut applicants = Vec::new();
    for number in 0..APPLICANTS {
        let name = format!("user{number}");
        server.account(&name, PASSWORD, &[]);
        let browser = Visitor::new(&server.base);
        browser.sign_in(&name, PASSWORD).await;
        let way = if number % 2 == 0 { Way::Page } else { Way::Script };
        applicants.push(Applicant::new(&server.base, name, browser.csrf().await, way));
    }
    applicants
}

async fn all_at_once<F>(applicants: Vec<Applicant>, act: impl Fn(Applicant) -> F) -> Vec<Applicant>
where
    F: Future<Output = Applicant> + 'static,
{
    let busy: Vec<_> = applicants.into_iter().map(|one| actix_web::rt::spawn(act(one))).collect();
    let mut done = Vec::new();
    for one in busy {
        done.push(one.await.unwrap());
    }
    done
}

/// The mean of five, while the others approve too.
async fn time_of_an_approval(applicants: Vec<Applicant>) -> (Vec<Applicant>, Duration) {
    let begun = Instant::now();
    let applicants = all_at_once(applicants, |one| one.approve_times(5)).await;
    (applicants, begun.elapsed() / 5)
}

fn kill_after(mut server: Server, moment: Duration) -> Server {
    let begun = Instant::now();
    while begun.elapsed() < moment {
        hint::spin_loop();
    }
    server.kill();
    server
}

/// Looks at what the restarted program knows; says how many replacements were cut off before their answer.
async fn check(server: &Server, applicants: &mut [Applicant]) -> usize {
    let live = live_keys(server).await;
    let mut cut_off = 0;
    for one in applicants {
        one.reconnect().await;
        one.check_answered().await;
        let keys = live.get(&(one.name.clone(), applicant::SAME.to_owned())).copied().unwrap_or_default();
        assert_eq!(keys, 1, "{} has {keys} live keys of one application", one.name);
        cut_off += usize::from(one.check_replaced().await);
    }
    cut_off
}

/// How many live keys each user has for each client.
async fn live_keys(server: &Server) -> BTreeMap<(String, String), usize> {
    let store = server.database().store();
    let count = |c: &mut AnyConnection| {
        let mut count = BTreeMap::new();
        for user in store::list_users(c)? {
            let keys = store::list_keys(c, user.id)?;
            for key in keys.iter().filter(|key| key.state(Timestamp::from_micros(0)) == KeyState::Active) {
                *count.entry((user.username.to_string(), key.client_id.as_str().to_owned())).or_default() += 1;
            }
        }
        Ok::<_, StoreError>(count)
    };
    store.read(count).await.unwrap()
}
