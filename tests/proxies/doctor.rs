//! `hallpass doctor` before whole set-ups and before broken ones: each fault is found by the check that is for it, and
//! by no other.

use std::process::Command;

use serde_json::Value;

use crate::proxy::{Proxy, Running};
use crate::shop::Shop;
use crate::site::{Server, free_port};
use crate::stage::{PASSWORD, TRUSTED, Wiring};

const CHECKS: [&str; 18] = [
    "reach",
    "public_url",
    "links",
    "cookies",
    "trusted_proxies",
    "clock",
    "page_headers",
    "internal",
    "identity",
    "rewording",
    "key_stripped",
    "paths",
    "scope",
    "original_uri",
    "401",
    "403",
    "good_key",
    "429",
];

/// A service that knows where its proxy will listen.
struct SetUp {
    hallpass: Server,
    wiring: Wiring,
    port: u16,
}

/// A line of the recipe, what stands there instead, and the checks that fail for it.
type Fault<'a> = (&'a str, &'a str, &'a [&'a str]);

impl SetUp {
    fn new(settings: &[(&str, &str)]) -> Self {
        Self::at("http://127.0.0.1", "", settings)
    }

    fn at(host: &str, path: &str, settings: &[(&str, &str)]) -> Self {
        let port = free_port();
        let public_url = format!("{host}:{port}{path}");
        let hallpass = Server::start(&[&[TRUSTED, ("server.public_url", &public_url)], settings].concat());
        hallpass.account("ada", PASSWORD, &[]);
        let authority = |url: &str| url.strip_prefix("http://").unwrap().to_owned();
        let (public, internal) = (authority(&hallpass.base), authority(&hallpass.internal));
        let wiring = Wiring { public, internal, shop: free_port(), public_url: Some(public_url) };
        Self { hallpass, wiring, port }
    }

    fn recipe(&self, proxy: Proxy, protect: &str) -> String {
        self.wiring.printed(proxy.word(), self.port, protect, &[], &[])
    }

    /// The findings, with a user's keys and in the site's place.
    fn examined(&self) -> Vec<Value> {
        let stand_in = format!("127.0.0.1:{}", self.wiring.shop);
        self.asked(&self.address(), &["--user", "ada", "--stand-in", &stand_in])
    }

    fn asked(&self, url: &str, arguments: &[&str]) -> Vec<Value> {
        self.asked_with(&[], url, arguments)
    }

    /// With settings of doctor's own.
    fn asked_with(&self, settings: &[&str], url: &str, arguments: &[&str]) -> Vec<Value> {
        let command = [settings, &["doctor", url, "--path", "/api/books", "--json"], arguments].concat();
        let output = self.hallpass.cli(&command, "");
        let report: Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
        let checks = report["checks"].as_array().unwrap().clone();
        let failed = checks.iter().any(|check| check["outcome"] == "failed");
        assert_eq!(output.status.success(), !failed, "{output:?}");
        checks
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Puts one fault after the other into the recipe.
    fn finds(&self, proxy: Proxy, protect: &str, faults: &[Fault<'_>]) {
        for (line, instead, failing) in faults {
            let whole = self.recipe(proxy, protect);
            assert!(whole.contains(line), "{line:?} is not in the recipe: {whole}");
            let running = Running::start(proxy, self.port, &whole.replacen(line, instead, 1));
            let checks = self.examined();
            assert_eq!(with(&checks, "failed"), *failing, "{line:?}, {instead:?}: {checks:#?}\n{}", running.log());
        }
    }

    fn has_no_living_key(&self) -> bool {
        let listed = self.hallpass.cli(&["key", "list", "--json"], "").stdout;
        let keys: Value = serde_json::from_slice(&listed).unwrap();
        let keys = keys.as_array().unwrap();
        !keys.is_empty() && keys.iter().all(|key| matches!(key["state"].as_str().unwrap(), "revoked" | "replaced"))
    }
}

/// The names of the checks with this outcome.
fn with<'a>(checks: &'a [Value], outcome: &str) -> Vec<&'a str> {
    let found = checks.iter().filter(|check| check["outcome"] == outcome);
    found.map(|check| check["check"].as_str().unwrap()).collect()
}

#[test]
fn every_check_is_well_behind_every_proxy_and_no_key_is_left() {
    for (anonymous, path, protect) in [("refuse", "", "/"), ("allow", "/hall", "/api/")] {
        let set_up = SetUp::at("http://127.0.0.1", path, &[("verify.anonymous", anonymous)]);
        for proxy in Proxy::ALL {
            let running = Running::start(proxy, set_up.port, &set_up.recipe(proxy, protect));
            let checks = set_up.examined();
            assert_eq!(with(&checks, "ok"), CHECKS, "{proxy:?}: {checks:#?}\n{}", running.log());
            assert!(set_up.has_no_living_key(), "{proxy:?}");
        }
    }
}

#[test]
fn a_proxy_that_may_not_ask_is_named_by_the_log_once_and_looked_for_where_it_is_missing_w8() {
    let set_up = SetUp::new(&[("verify.peers", "198.51.100.7")]);
    let _running = Running::start(Proxy::Nginx, set_up.port, &set_up.recipe(Proxy::Nginx, "/"));
    let checks = set_up.examined();
    for name in ["401", "good_key"] {
        let found = checks.iter().find(|check| check["check"] == name).unwrap();
        assert_eq!(found["outcome"], "failed", "{checks:#?}");
        assert!(found["advice"].as_str().unwrap().contains("verify.peers"), "{found}");
    }
    let log = set_up.hallpass.log();
    let told: Vec<&str> = log.lines().filter(|line| line.contains("is not in verify.peers")).collect();
    assert!(told.len() == 1 && told[0].contains("127.0.0.1"), "{log}");
}

#[test]
fn from_elsewhere_what_can_be_seen_is_well_and_the_rest_is_not_claimed() {
    let mut set_up = SetUp::new(&[]);
    set_up.wiring.shop = Shop::open().port;
    for proxy in Proxy::ALL {
        let _running = Running::start(proxy, set_up.port, &set_up.recipe(proxy, "/"));
        let checks = set_up.asked(&set_up.address(), &["--elsewhere"]);
        let seen = ["reach", "links", "cookies", "clock", "page_headers", "internal", "paths", "401", "403"];
        assert_eq!(with(&checks, "ok"), seen, "{proxy:?}: {checks:#?}");
        assert_eq!(with(&checks, "not_checked").len(), CHECKS.len() - seen.len(), "{proxy:?}: {checks:#?}");
    }
}

#[test]
fn by_https_everything_is_well_too_for_those_who_know_the_authority() {
    let set_up = SetUp::at("https://localhost", "", &[]);
    let folder = tempfile::tempdir().unwrap();
    let [certificate, key] = ["cert.pem", "key.pem"].map(|name| folder.path().join(name).display().to_string());
    let words = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=doctor -addext subjectAltName=DNS:localhost -addext \
                 basicConstraints=critical,CA:FALSE -out";
    let words = words.split(' ').filter(|word| !word.is_empty()).chain([certificate.as_str(), "-keyout", &key]);
    assert!(Command::new("openssl").args(words).output().unwrap().status.success());
    let listen = format!("    listen 127.0.0.1:{}", set_up.port);
    let tls = format!("    ssl_certificate {certificate};\n    ssl_certificate_key {key};\n{listen} ssl");
    let recipe = set_up.recipe(Proxy::Nginx, "/").replacen(&listen, &tls, 1);
    let running = Running::start(Proxy::Nginx, set_up.port, &recipe);
    let (address, stand_in) =
        (format!("https://localhost:{}", set_up.port), format!("127.0.0.1:{}", set_up.wiring.shop));
    let checks = set_up.asked(&address, &["--user", "ada", "--stand-in", &stand_in, "--ca-file", &certificate]);
    assert_eq!(with(&checks, "ok"), CHECKS, "{checks:#?}\n{}", running.log());
    let checks = set_up.asked(&address, &[]);
    assert_eq!(with(&checks, "failed"), ["reach"], "{checks:#?}");
    assert!(checks[0]["advice"].as_str().unwrap().contains("--ca-file"), "{checks:#?}");
}

#[test]
fn a_second_recipe_of_another_name_is_examined_beside_the_first_in_one_nginx() {
    let set_up = SetUp::new(&[]);
    let second = SetUp { port: free_port(), wiring: Wiring { shop: free_port(), ..set_up.wiring.clone() }, ..set_up };
    let shop = Shop::open();
    let first = Wiring { shop: shop.port, ..second.wiring.clone() };
    let first = first.printed("nginx", free_port(), "/", &[], &[]);
    let both = format!("{first}{}", second.wiring.printed("nginx", second.port, "/", &[], &["--name", "doctor"]));
    let running = Running::start(Proxy::Nginx, second.port, &both);
    let checks = second.examined();
    assert_eq!(with(&checks, "failed"), ["public_url", "links"], "{checks:#?}\n{}", running.log());
    assert_eq!(with(&checks, "ok").len(), CHECKS.len() - 2, "{checks:#?}");
}

#[test]
fn a_site_that_does_not_run_is_asked_after() {
    let set_up = SetUp::new(&[]);
    let _running = Running::start(Proxy::Nginx, set_up.port, &set_up.recipe(Proxy::Nginx, "/"));
    let checks = set_up.asked(&set_up.address(), &["--user", "ada"]);
    let good_key = checks.iter().find(|check| check["check"] == "good_key").unwrap();
    assert_eq!(good_key["outcome"], "failed", "{checks:#?}");
    assert!(good_key["advice"].as_str().unwrap().contains("does the site itself run"), "{good_key}");
}

#[test]
fn a_small_limit_leaves_checks_out_and_is_no_fault() {
    let set_up = SetUp::new(&[("user_api.max_user_api_reqs_per_minute", "2")]);
    let _running = Running::start(Proxy::Nginx, set_up.port, &set_up.recipe(Proxy::Nginx, "/"));
    let checks = set_up.examined();
    assert_eq!(with(&checks, "failed"), [""; 0], "{checks:#?}");
    assert_eq!(with(&checks, "not_checked"), ["identity", "rewording", "key_stripped", "scope", "original_uri"]);
    assert_eq!((with(&checks, "warning"), with(&checks, "ok").last()), (vec!["good_key"], Some(&"429")));
}

#[test]
fn what_the_site_must_not_get_is_found_when_it_gets_it() {
    let faults: [Fault<'_>; 5] = [
        ("    proxy_set_header User-Api-Key \"\";\n", "", &["key_stripped"]),
        ("    proxy_set_header XF-Api-Key \"\";\n", "", &["key_stripped"]),
        ("    proxy_set_header Authorization $hallpass_site_authorization;\n", "", &["key_stripped"]),
        ("    proxy_set_header Remote-User $hallpass_remote_user;\n", "", &["identity"]),
        ("    proxy_set_header X-HTTP-Method-Override \"\";\n", "", &["rewording"]),
    ];
    SetUp::new(&[]).finds(Proxy::Nginx, "/", &faults);
    // Where nobody is verified, either.
    let open = "respond @hallpass_unclear 403\n\t\t\timport hallpass_clean\n\t\t\timport hallpass_strip\n";
    let faults: [Fault<'_>; 2] = [
        (open, &open.replace("import hallpass_clean", ""), &["identity", "rewording"]),
        (open, &open.replace("import hallpass_strip", ""), &["key_stripped"]),
    ];
    SetUp::new(&[]).finds(Proxy::Caddy, "/api/", &faults);
}

#[test]
fn refusals_that_are_changed_on_the_way_are_found() {
    let faults: [Fault<'_>; 5] = [
        ("error_page 401 403 500 =", "error_page 401 403 =", &["429"]),
        ("        add_header Retry-After $hallpass_retry_after always;\n", "", &["429"]),
        ("        add_header Discourse-Rate-Limit-Error-Code $hallpass_limit_code always;\n", "", &["429"]),
        ("\"error_type\":\"not_logged_in\"", "\"error\":401", &["401"]),
        ("\"error_type\":\"invalid_access\"", "\"error\":403", &["403"]),
    ];
    SetUp::new(&[]).finds(Proxy::Nginx, "/", &faults);
    let unasked: Fault<'_> =
        ("        auth_request /.hallpass/verify;\n", "", &["identity", "scope", "original_uri", "401", "403", "429"]);
    SetUp::new(&[]).finds(Proxy::Nginx, "/", &[unasked]);
}

#[test]
fn pages_that_are_changed_on_the_way_are_found() {
    let pages = "        proxy_pass http://hallpass_pages;\n";
    let change = |change: &str| format!("        {change}\n{pages}");
    let (hide, add) =
        (change("proxy_hide_header Content-Security-Policy;"), change("add_header X-Frame-Options SAMEORIGIN always;"));
    let (opener, cookie, version) = (
        change("add_header Cross-Origin-Opener-Policy same-origin always;"),
        change("proxy_hide_header Set-Cookie;"),
        change("proxy_hide_header Auth-Api-Version;"),
    );
    let faults: [Fault<'_>; 5] = [
        (pages, &hide, &["page_headers"]),
        (pages, &add, &["page_headers"]),
        (pages, &opener, &["page_headers"]),
        (pages, &cookie, &["cookies"]),
        (pages, &version, &["reach"]),
    ];
    SetUp::new(&[]).finds(Proxy::Nginx, "/", &faults);
    let date = "handle @hallpass {\n\t\theader {\n\t\t\tDate \"Tue, 24 Nov 2015 10:30:00 GMT\"\n\t\t\tdefer\n\t\t}";
    SetUp::new(&[]).finds(Proxy::Caddy, "/", &[("handle @hallpass {", date, &["clock"])]);
}

#[test]
fn ways_past_hallpass_are_found() {
    let site = "    # The site. The path";
    // With a header of its own it takes out none of the client's.
    let open = |location: &str| {
        format!("    location {location} {{ proxy_set_header Host $host; proxy_pass http://hallpass_verify; }}\n{site}")
    };
    let (health, verify, envoy) = (open("/health/"), open("= /verify"), open("/verify/envoy/"));
    let (introspect, metrics) = (open("= /introspect"), open("= /metrics"));
    let asked = "        proxy_set_header X-Original-URI $request_uri;\n";
    // What a client says of itself counts before what it asks for.
    let believed = "        set $asked $request_uri;\n        if ($http_x_original_uri) { set $asked $http_x_original_uri; }\n        \
                    proxy_set_header X-Original-URI $asked;\n";
    let faults: [Fault<'_>; 6] = [
        (site, &health, &["internal"]),
        (site, &verify, &["internal"]),
        (site, &envoy, &["internal"]),
        (site, &introspect, &["internal"]),
        (site, &metrics, &["internal"]),
        (asked, believed, &["original_uri"]),
    ];
    SetUp::new(&[]).finds(Proxy::Nginx, "/", &faults);
    let refused = "            return 403;\n";
    SetUp::new(&[]).finds(Proxy::Nginx, "/api/", &[(refused, "            set $unclear 1;\n", &["paths", "scope"])]);
}

#[test]
fn keys_of_a_database_that_is_not_the_services_are_found_and_prove_nothing() {
    let set_up = SetUp::new(&[]);
    let _running = Running::start(Proxy::Nginx, set_up.port, &set_up.recipe(Proxy::Nginx, "/"));
    let stand_in = format!("127.0.0.1:{}", set_up.wiring.shop);
    let database = set_up.hallpass.folder().join("other.db");
    let other = format!("database.url=sqlite://{}", database.display());
    let create = ["--set", &other, "user", "create", "ada", "--password-stdin"];
    assert!(set_up.hallpass.cli(&create, PASSWORD).status.success());
    let public_url = format!("server.public_url={}", set_up.address());
    let settings = ["--set", &other, "--set", &public_url, "--set", "server.trusted_proxies=127.0.0.1"];
    let checks = set_up.asked_with(&settings, &set_up.address(), &["--user", "ada", "--stand-in", &stand_in]);
    assert_eq!(with(&checks, "failed"), ["good_key"], "{checks:#?}");
    let unknown = ["identity", "rewording", "key_stripped", "scope", "original_uri", "429"];
    assert_eq!(with(&checks, "not_checked"), unknown, "{checks:#?}");
}

#[test]
fn an_address_that_is_not_the_one_browsers_see_is_found() {
    let set_up = SetUp::new(&[]);
    let _running = Running::start(Proxy::Nginx, set_up.port, &set_up.recipe(Proxy::Nginx, "/"));
    let checks = set_up.asked(&format!("http://localhost:{}", set_up.port), &[]);
    assert_eq!(with(&checks, "failed"), ["public_url", "links"], "{checks:#?}");
    let checks = set_up.asked(&format!("{}/hall", set_up.address()), &[]);
    assert_eq!(with(&checks, "failed"), ["reach"], "{checks:#?}");
}
