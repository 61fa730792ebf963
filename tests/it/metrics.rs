//! What Prometheus fetches: true, well-formed, and about nobody.

mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::time::Duration;

use hallpass::worker::Worker;

use crate::ending::soon;
use crate::generated::{hold, root};
use crate::support::{PASSWORD, TestApp, Visitor};
use text::{Family, Text};

async fn fetched(site: &TestApp) -> (String, Text) {
    let answer = Visitor::new(&site.internal).get("/metrics").await;
    assert_eq!(answer.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
    (answer.body.clone(), Text::parse(&answer.body))
}

/// A proxy that asks about this request.
fn about(program: &Visitor, site: &TestApp, path: &str) -> Visitor {
    program.at(&site.internal).with("X-Original-Method", "GET").with("X-Original-URI", path)
}

#[actix_web::test]
async fn questions_about_keys_are_counted_by_what_came_of_them() {
    let site = TestApp::with(&[("user_api.max_user_api_reqs_per_minute", "3")]).await;
    let program = site.key("read").await;
    let before = fetched(&site).await.1;
    let ask = async |program: &Visitor, path: &str| about(program, &site, path).get("/verify").await.status;
    assert_eq!((ask(&program, "/a").await, ask(&program, "/a").await), (200, 200));
    assert_eq!(ask(&program, "/a/../b").await, 403);
    assert_eq!(ask(&program, "/a").await, 429);
    assert_eq!(ask(&program.with("User-Api-Key", &"0".repeat(32)), "/a").await, 403);
    assert_eq!(ask(&program.with("User-Api-Key", "no key"), "/a").await, 403);
    assert_eq!(ask(&program.without("User-Api-Key"), "/a").await, 401);

    let after = fetched(&site).await.1;
    let more = |series: &str| after.of(series) - before.of(series);
    for (result, times) in
        [("valid", 2), ("ambiguous", 1), ("limited_minute", 1), ("unknown", 1), ("malformed", 1), ("scope", 0)]
    {
        assert_eq!(more(&format!("hallpass_verify_total{{result=\"{result}\"}}")), times, "{result}");
    }
    for (code, times) in [(200, 2), (400, 0), (429, 1), (403, 3), (401, 1), (503, 0)] {
        assert_eq!(
            more(&format!("hallpass_http_requests_total{{route=\"/verify\",code=\"{code}\"}}")),
            times,
            "{code}"
        );
    }
    assert_eq!(more("hallpass_http_request_duration_seconds_count{route=\"/verify\"}"), 7);
    assert_eq!((more("hallpass_key_cache_misses_total"), more("hallpass_key_cache_hits_total")), (2, 3));
    // Of the 100,000 that are set, what divides by the parts of the table.
    assert_eq!((after.of("hallpass_key_cache_entries"), after.of("hallpass_key_cache_capacity")), (1, 99_840));
    let limit = |name: &str, decision: &str| {
        more(&format!("hallpass_limit_decisions_total{{limit=\"{name}\",decision=\"{decision}\"}}"))
    };
    assert_eq!((limit("key_minute", "accepted"), limit("key_minute", "refused")), (3, 1));
    assert_eq!((limit("user_minute", "accepted"), limit("user_minute", "refused")), (3, 0));
    assert_eq!(limit("unknown_keys_per_address", "accepted"), 1);
}

#[actix_web::test]
async fn requests_are_counted_by_route_and_code_and_never_by_path() {
    let site = TestApp::with(&[("server.public_url", "http://{public}/hall")]).await;
    site.account("ada", |_| {}).await;
    let visitor = site.anonymous();
    for number in 0..20 {
        assert_eq!(visitor.get(&format!("/nowhere/{number}")).await.status, 404);
    }
    assert_eq!(visitor.sign_in("ada", PASSWORD).await.status, 200);
    for _ in 0..3 {
        assert_eq!(visitor.get("/u/ada/preferences/apps").await.status, 200);
    }
    assert_eq!(Visitor::new(&site.internal).get("/health/live").await.status, 200);
    let after = fetched(&site).await.1;
    let count = |route: &str, code: u16| {
        after.of(&format!("hallpass_http_requests_total{{route=\"{route}\",code=\"{code}\"}}"))
    };
    assert_eq!((count("none", 404), count("/session", 200), count("/session/csrf", 200)), (20, 1, 1));
    assert_eq!(count("/u/{username}/preferences/apps", 200), 3);
    assert_eq!(after.of("hallpass_http_request_duration_seconds_count{route=\"none\"}"), 20);
    assert_eq!(after.of("hallpass_http_requests_in_flight"), 1, "this one");
    assert_eq!(after.of("hallpass_limit_decisions_total{limit=\"sign_in_per_address\",decision=\"accepted\"}"), 1);
    let routes: BTreeSet<_> =
        after.0["hallpass_http_request_duration_seconds"].pairs().into_iter().map(|(_, it)| it).collect();
    let seen = ["/health/live", "/session", "/session/csrf", "/u/{username}/preferences/apps", "/verify", "none"];
    assert_eq!(routes, BTreeSet::from(seen.map(str::to_owned)));
}

#[actix_web::test]
async fn no_label_ever_names_a_user_a_key_a_client_or_an_address() {
    let site = TestApp::start().await;
    let ada = site.user("ada-lovelace").await;
    let application = site.client_app().set("client_id", "client-4711").set("application_name", "Zeitgeber");
    let key = application.approved_by(&ada).await.key;
    let program = ada.holder_of(&key).with("User-Api-Client-Id", "client-4711");
    assert_eq!(about(&program, &site, "/books/9315").get("/verify").await.status, 200);
    assert_eq!(about(&program, &site, "/books/9315").get("/verify/envoy/books/9315").await.status, 200);
    assert_eq!(program.get("/session/current.json").await.status, 200);
    assert_eq!(ada.get("/u/ada-lovelace/preferences/apps").await.status, 200);
    assert_eq!(ada.get("/u/ada-lovelace.json").await.status, 200);
    assert_eq!(ada.get("/session/otp/0123456789abcdef0123456789abcdef").await.status, 200);
    assert_eq!(program.post("/user-api-key/revoke.json").await.status, 200);
    site.anonymous().sign_in("ada-lovelace", "wrong").await;
    let (text, _) = fetched(&site).await;
    let named = ["ada", "lovelace", &key, &key[..8], "4711", "Zeitgeber", "9315", "127.0.0.1", "0123456789", "wrong"];
    for name in named {
        assert!(!text.contains(name), "{name} is in\n{text}");
    }
}

#[actix_web::test]
async fn the_other_parts_say_how_things_stand_with_them() {
    let site = TestApp::start().await;
    let worker = Worker::start(&site.app);
    let jobs = ["write_windows", "write_seen", "hear", "sweep", "daily"];
    let times = |all: &Text, job: &str| all.of(&format!("hallpass_job_duration_seconds_count{{job=\"{job}\"}}"));
    soon(async || {
        let all = fetched(&site).await.1;
        jobs.iter().all(|job| times(&all, job) > 0)
    })
    .await;
    worker.stop().await;
    let all = fetched(&site).await.1;
    assert_eq!(all.of(&format!("hallpass_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"))), 1);
    assert!(all.of("hallpass_database_connections{state=\"idle\"}") >= 1);
    assert_eq!(all.of("hallpass_database_connections{state=\"in_use\"}"), 0);
    assert!(all.of("hallpass_database_connections_max") >= 5);
    assert_eq!(all.of("hallpass_database_failures_total{kind=\"busy\"}"), 0);
    assert!(all.of("process_resident_memory_bytes") > 1_000_000 && all.of("process_open_fds") > 3);
    assert_eq!(all.of("process_start_time_seconds"), site.app.cx.now().as_seconds());
    for job in jobs {
        let success = all.of(&format!("hallpass_job_last_success_timestamp_seconds{{job=\"{job}\"}}"));
        assert_eq!(success, site.app.cx.now().as_seconds(), "{job}");
        assert_eq!(all.of(&format!("hallpass_job_failures_total{{job=\"{job}\"}}")), 0);
    }
}

#[actix_web::test]
async fn how_late_others_were_heard_of_and_since_when_nobody_was_is_told_l8() {
    let site = TestApp::start().await;
    let other = site.beside(&[]).await;
    let count = |all: &Text| all.of("hallpass_revocation_lag_seconds_count");
    // Hearing for the first time takes in whatever was; when that was nobody knows.
    site.hear().await;
    let all = fetched(&site).await.1;
    assert_eq!((count(&all), all.text_of("hallpass_unheard_seconds")), (0, "0.0"));
    site.clock.advance(Duration::from_millis(7500));
    assert_eq!(fetched(&site).await.1.text_of("hallpass_unheard_seconds"), "7.5");
    let worker = Worker::start(&site.app);
    other.account("ada", |_| {}).await;
    soon(async || count(&fetched(&site).await.1) > 0).await;
    worker.stop().await;
    let all = fetched(&site).await.1;
    assert_eq!(all.text_of("hallpass_unheard_seconds"), "0.0");
    let lag: f64 = all.text_of("hallpass_revocation_lag_seconds_sum").parse().unwrap();
    assert!(lag > 0.0 && lag < 60.0, "{lag}");
}

#[actix_web::test]
async fn the_reference_of_the_figures_is_what_the_service_tells() {
    let site = TestApp::start().await;
    // A route that is in no other test's way, so that each family has a series.
    site.anonymous().get("/site/basic-info.json").await;
    let families = fetched(&site).await.1.0;
    let mut page = String::from(
        "# Metrics\n\n`GET /metrics` on the internal listener, in the text format of Prometheus. Nothing is asked of whoever fetches: no \
         label is\never a user, a key, a client or an address, and the listener is not for the public. What to watch: [Operate \
         it](../guide/operate.md).\n\nThis page is generated from what the service tells. To renew it: `tests/generate`.\n\n\
         | name | type | labels | |\n|---|---|---|---|\n",
    );
    for (name, family) in &families {
        page += &row(name, family);
    }
    page += "\n## Labels\n\n| label | values |\n|---|---|\n";
    for (label, values) in values(&families) {
        writeln!(page, "| `{label}` | {values} |").unwrap();
    }
    hold("docs/reference/metrics.md", &page);
}

#[test]
fn the_alerts_of_the_guide_are_about_figures_that_there_are() {
    let read = |page: &str| std::fs::read_to_string(root().join("docs").join(page)).unwrap();
    let (guide, figures) = (read("guide/operate.md"), read("reference/metrics.md"));
    let rules = guide.split("```yaml").nth(1).unwrap().split("```").next().unwrap();
    let words = rules.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let named: BTreeSet<_> =
        words.filter(|word| word.starts_with("hallpass_") || word.starts_with("process_")).collect();
    assert!(named.len() > 7, "{named:?}");
    for name in named {
        let name = name.trim_end_matches("_bucket");
        assert!(figures.contains(&format!("| `{name}` |")), "{name}");
    }
}

fn row(name: &str, family: &Family) -> String {
    let labels = family.labels().iter().map(|label| format!("`{label}`")).collect::<Vec<_>>().join(", ");
    format!("| `{name}` | {} | {labels} | {} |\n", family.kind, family.help)
}

/// What a label may say, by its name. Routes, codes and versions are as many as there are.
fn values(families: &BTreeMap<String, Family>) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in families.values().flat_map(Family::pairs) {
        let values = all.entry(name).or_default();
        if !values.contains(&value) {
            values.push(value);
        }
    }
    let told = |(name, values): (String, Vec<String>)| {
        let told = match name.as_str() {
            "route" => {
                "the pattern of the route, without the path of `public_url`; `none` for what leads nowhere".to_owned()
            }
            "code" => "the status".to_owned(),
            "version" => "the version".to_owned(),
            _ => values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", "),
        };
        (name, told)
    };
    all.into_iter().map(told).collect()
}
