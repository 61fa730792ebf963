//! The settings: what is read, what is refused and how it is told, and what is printed from the catalog.

mod access;
mod faults;
mod public_url;
mod scopes;
mod secrets;

use std::path::{Path, PathBuf};
use std::time::Duration;

use hallpass::config::{Config, FileSource, Origin, Sources, catalog, reference, sample};
use hallpass::model::{DangerousScopes, Group};

const SECRET: &str = "correct-horse-battery-staple-and-more";

fn file(text: &str) -> Sources {
    Sources { file: Some(FileSource { path: "hallpass.toml".into(), text: text.to_owned() }), ..Sources::default() }
}

fn pairs(given: &[(&str, &str)]) -> Vec<(String, String)> {
    given.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn flags(given: &[(&str, &str)]) -> Sources {
    Sources { flags: pairs(given), ..Sources::default() }
}

fn environment(given: &[(&str, &str)]) -> Sources {
    Sources { environment: pairs(given), ..Sources::default() }
}

/// The text of the faults; empty when there are none.
fn told(sources: &Sources) -> String {
    Config::load(sources).map_or_else(|faults| faults.to_string(), |_| String::new())
}

/// What can be compared of a configuration.
fn values(config: &Config) -> String {
    let Config { site, server, database, session, user_api, limits, cors, .. } = config;
    format!("{site:#?}{server:#?}{database:#?}{session:#?}{user_api:#?}{limits:#?}{cors:#?}")
}

#[test]
fn with_nothing_said_the_defaults_hold() {
    let config = Config::load(&Sources::default()).unwrap();
    assert_eq!(config.site.title, "Hallpass");
    assert_eq!(config.site.logo_url, None);
    assert_eq!(config.server.listen, "127.0.0.1:8080".parse().unwrap());
    assert_eq!(config.server.public_url.to_string(), "http://127.0.0.1:8080");
    assert_eq!(config.server.body_limit_bytes, 65_536);
    assert_eq!(config.database.url.sqlite_path(), Some(Path::new("hallpass.db")));
    assert_eq!(config.session.idle, Duration::from_hours(14 * 24));
    assert_eq!(config.secret_key_path(), Some(PathBuf::from("hallpass.db.secret_key")));
    let groups: Vec<_> = config.user_api.user_api_key_allowed_groups.iter().map(Group::to_string).collect();
    assert_eq!(groups, ["admins", "moderators", "trust_level_0"]);
    assert_eq!(config.user_api.allowed_user_api_auth_redirects, ["discourse://auth_redirect"]);
    assert_eq!(config.user_api.max_user_api_reqs_per_day, 2880);
    assert_eq!(config.warnings(), Vec::<String>::new());
}

#[test]
fn every_setting_of_the_catalog_is_read_and_every_setting_read_is_in_the_catalog() {
    let shown = Config::load(&Sources::default()).unwrap().show();
    let mut section = "";
    let mut keys = Vec::new();
    for line in shown.lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
        } else if let Some((name, _)) = line.split_once(" = ") {
            keys.push(format!("{section}.{name}"));
        }
    }
    assert_eq!(keys, catalog::settings().map(catalog::Setting::key).collect::<Vec<_>>());
    for section in catalog::SECTIONS {
        assert!(section.settings.iter().all(|setting| setting.section == section.name), "{}", section.name);
    }
}

#[test]
fn the_sample_says_the_defaults_with_and_without_its_comment_signs() {
    let defaults = values(&Config::load(&Sources::default()).unwrap());
    let sample = sample();
    assert_eq!(values(&Config::load(&file(&sample)).unwrap()), defaults);

    let bare = |line: &str| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line).to_owned();
    let said: Vec<_> = sample.lines().map(bare).collect();
    assert_eq!(
        said.iter().filter(|line| line.contains(" = ") && !line.starts_with('#')).count(),
        catalog::settings().count()
    );
    assert_eq!(values(&Config::load(&file(&said.join("\n"))).unwrap()), defaults);
}

#[test]
fn the_reference_page_is_the_one_made_from_the_catalog() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reference/configuration.md");
    if std::env::var_os("HALLPASS_TEST_UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(page, reference()).unwrap();
    }
    let kept = std::fs::read_to_string(page).unwrap();
    assert!(kept == reference(), "docs/reference/configuration.md is not what src/config says: run tests/generate");
}

#[test]
fn a_flag_is_stronger_than_the_environment_and_that_than_the_file() {
    let mut sources = file("[site]\ntitle = \"file\"\ndescription = \"file\"\naccent_color = \"#aaa\"\n");
    sources.environment =
        pairs(&[("HALLPASS_SITE__DESCRIPTION", "environment"), ("HALLPASS_SITE__ACCENT_COLOR", "#bbb")]);
    sources.flags = pairs(&[("site.accent_color", "#ccc"), ("site.accent_color", "#DDD")]);
    let config = Config::load(&sources).unwrap();
    assert_eq!((config.site.title.as_str(), config.site.description.as_str()), ("file", "environment"));
    assert_eq!(config.site.accent_color.as_ref().map(ToString::to_string).as_deref(), Some("#dddddd"));
    let shown = config.show();
    assert!(shown.contains("title = \"file\"  # hallpass.toml, line 2\n"), "{shown}");
    assert!(
        shown.contains("description = \"environment\"  # environment variable HALLPASS_SITE__DESCRIPTION\n"),
        "{shown}"
    );
    assert!(shown.contains("accent_color = \"#DDD\"  # flag --set site.accent_color\n"), "{shown}");
    assert!(shown.contains("listen = \"127.0.0.1:8080\"  # default\n"), "{shown}");
}

#[test]
fn a_list_is_an_array_or_one_text_with_bars() {
    let expected = ["https://a.example/x", "https://b.example/y"];
    let key = "user_api.allowed_user_api_auth_redirects";
    let both = "https://a.example/x | https://b.example/y|";
    let array =
        "[user_api]\nallowed_user_api_auth_redirects = [\n  \"https://a.example/x\",\n  \"https://b.example/y\",\n]";
    for sources in [
        file(array),
        file(&format!("[user_api]\nallowed_user_api_auth_redirects = \"{both}\"")),
        environment(&[("HALLPASS_USER_API__ALLOWED_USER_API_AUTH_REDIRECTS", both)]),
        flags(&[(key, both)]),
    ] {
        assert_eq!(Config::load(&sources).unwrap().user_api.allowed_user_api_auth_redirects, expected);
    }
    assert!(told(&file("[server]\ntrusted_proxies = [\"10.0.0.1|10.0.0.2\"]")).contains("make it two entries"));
    assert!(told(&file("[server]\ntrusted_proxies = [1]")).contains("an entry of the array is not text in quotes"));
}

#[test]
fn numbers_and_truth_values_of_the_environment_are_read_strictly() {
    let good = environment(&[
        ("HALLPASS_USER_API__MAX_USER_API_REQS_PER_MINUTE", "30"),
        ("HALLPASS_USER_API__ALLOW_USER_API_KEYS", "false"),
    ]);
    let config = Config::load(&good).unwrap();
    assert_eq!((config.user_api.max_user_api_reqs_per_minute, config.user_api.allow_user_api_keys), (30, false));
    for number in ["+30", " 30", "3_0", "3e1", "", "-", "99999999999999999999"] {
        let told = told(&environment(&[("HALLPASS_USER_API__MAX_USER_API_REQS_PER_MINUTE", number)]));
        assert!(told.contains("not a whole number in plain digits"), "{number:?}: {told}");
        assert!(told.contains("write:  a whole number from 1 to 100000"), "{number:?}: {told}");
    }
    for answer in ["yes", "1", "True", ""] {
        let told = told(&environment(&[("HALLPASS_USER_API__ALLOW_USER_API_KEYS", answer)]));
        assert!(told.contains("write:  `true` or `false`"), "{answer:?}: {told}");
    }
}

#[test]
fn variables_without_two_underscores_are_no_settings() {
    let sources = environment(&[("HALLPASS_TEST_UPDATE", "1"), ("HALLPASS_CONFIG", "x"), ("OTHER__THING", "x")]);
    assert!(Config::load(&sources).is_ok());
}

#[test]
fn the_smallest_rsa_key_can_be_set_from_1024_to_8192_bits_h1() {
    let told = |bits: &str| told(&flags(&[("user_api.min_user_api_rsa_bits", bits)]));
    assert_eq!((told("1024"), told("8192")), (String::new(), String::new()));
    assert!(told("1023").contains("write:  a whole number from 1024 to 8192"));
    assert!(told("8193").contains("write:  a whole number from 1024 to 8192"));
}

#[test]
fn dangerous_scopes_of_unregistered_applications_are_warned_of_or_refused() {
    let set = |word| Config::load(&flags(&[("user_api.unregistered_dangerous_scopes", word)]));
    assert_eq!(set("warn").unwrap().user_api.unregistered_dangerous_scopes, DangerousScopes::Warn);
    assert_eq!(set("refuse").unwrap().user_api.unregistered_dangerous_scopes, DangerousScopes::Refuse);
    assert!(set("allow").unwrap_err().to_string().contains("write:  \"warn\" or \"refuse\""));
}

#[test]
fn what_is_allowed_but_probably_not_meant_is_warned_of() {
    for (given, warning) in [
        (("server.internal_listen", "0.0.0.0:8081"), "server.internal_listen: 0.0.0.0:8081 is not loopback"),
        (("server.public_url", "http://example.org"), "server.public_url: http://example.org is not https"),
        (("server.listen", "0.0.0.0:8080"), "server.public_url: links to http://127.0.0.1:8080"),
        (("server.trusted_proxies", "0.0.0.0/0"), "server.trusted_proxies: 0.0.0.0/0"),
        (("verify.peers", "0.0.0.0/0"), "verify.peers: 0.0.0.0/0"),
        (("user_api.min_user_api_rsa_bits", "1024"), "user_api.min_user_api_rsa_bits: keys of 1024 bits"),
        (("user_api.max_user_api_reqs_per_day", "5"), "user_api.max_user_api_reqs_per_day"),
        (("user_api.allow_user_api_key_scopes", ""), "user_api.allow_user_api_key_scopes"),
        (("user_api.allowed_user_api_push_networks", "127.0.0.1"), "user_api.allowed_user_api_push_networks: nothing"),
        (("session.secret_key", SECRET), "session.secret_key: everybody"),
    ] {
        let warnings = Config::load(&flags(&[given])).unwrap().warnings();
        assert!(warnings.iter().any(|found| found.starts_with(warning)), "{warning}: {warnings:?}");
        assert_eq!(warnings.len(), 1, "{warnings:?}");
    }
}

#[test]
fn pushes_into_every_network_are_warned_of_r8() {
    let warnings = |networks: &str| {
        let urls = ("user_api.allowed_user_api_push_urls", "https://push.example/");
        let secret = ("user_api.push_api_secret_key_file", "/run/secret");
        Config::load(&flags(&[urls, secret, ("user_api.allowed_user_api_push_networks", networks)])).unwrap().warnings()
    };
    assert_eq!(warnings("127.0.0.1|10.1.0.0/16"), [""; 0]);
    for all in ["0.0.0.0/0", "::/0"] {
        let found = warnings(&format!("10.1.0.0/16|{all}"));
        assert!(found.len() == 1 && found[0].contains(&format!("{all} lets pushes into every network")), "{found:?}");
    }
}

#[test]
fn pushes_that_cannot_work_are_warned_of_r8() {
    let warnings = |urls: &str, networks: &str, more: (&str, &str)| {
        let own =
            [("user_api.allowed_user_api_push_urls", urls), ("user_api.allowed_user_api_push_networks", networks)];
        Config::load(&flags(&[&own[..], &[more]].concat())).unwrap().warnings()
    };
    let secret = ("user_api.push_api_secret_key_file", "/run/secret");
    for (url, networks, words) in [
        ("https://push.example/publish", "", ""),
        ("http://127.0.0.1:9000/", "127.0.0.1", ""),
        ("http://127.0.0.1*", "127.0.0.0/8", ""),
        ("http://receiver.internal/", "10.1.0.0/16", ""),
        ("https://[2606:4700::1]/", "", ""),
        ("http://127.0.0.1:9000/", "", "127.0.0.1 is not in user_api.allowed_user_api_push_networks"),
        ("http://127.0.0.1*", "10.1.0.0/16", "127.0.0.1 is not in"),
        ("http://localhost:9000/", "", "127.0.0.1 is not in"),
        ("https://10.0.0.1/", "", "10.0.0.1 is not in"),
        ("https://[::1]/", "", "::1 is not in"),
        ("http://push.example/", "", "http is for addresses in"),
        ("push.example", "", "never matches"),
        ("https://u@push.example/", "", "never matches"),
        ("app://push", "", "not https"),
        ("https://*", "", "wildcard in its host"),
        ("https://*.push.example/", "", "wildcard in its host"),
        ("*", "", "sent anywhere"),
    ] {
        let found = warnings(url, networks, secret);
        assert_eq!(found.len(), usize::from(!words.is_empty()), "{url}: {found:?}");
        let start = format!("user_api.allowed_user_api_push_urls: {url:?} ");
        assert!(found.iter().all(|one| one.starts_with(&start) && one.contains(words)), "{url}: {found:?}");
    }
    let scopes = ("user_api.allow_user_api_key_scopes", "read");
    let found = warnings("https://push.example/", "", scopes);
    assert!(found.len() == 2 && found[0].contains("nothing is pushed unless push is among them"), "{found:?}");
    assert!(found[1].starts_with("user_api.push_api_secret_key: it is not set"), "{found:?}");
}

#[test]
fn behind_a_proxy_the_port_of_the_links_is_the_proxys() {
    let warnings = |more: &[(&str, &str)]| {
        let settings = [&[("server.public_url", "http://127.0.0.1:8000")], more].concat();
        Config::load(&flags(&settings)).unwrap().warnings()
    };
    assert!(warnings(&[])[0].contains("server.trusted_proxies where a proxy is between"));
    assert_eq!(warnings(&[("server.trusted_proxies", "127.0.0.1")]), [""; 0]);
}

#[test]
fn the_file_is_the_one_named_by_flag_then_variable_and_must_exist() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("one.toml"), "[site]\ntitle = \"one\"\n").unwrap();
    std::fs::write(path("two.toml"), "[site]\ntitle = \"two\"\n").unwrap();
    let variable = |name: &str| vec![("HALLPASS_CONFIG".into(), path(name).into())];

    let both = Sources::of_process(Some(path("one.toml")), variable("two.toml"), Vec::new());
    assert_eq!(Config::load(&both).unwrap().site.title, "one");
    let second = Sources::of_process(None, variable("two.toml"), Vec::new());
    assert_eq!(Config::load(&second).unwrap().site.title, "two");

    let missing = Sources::of_process(None, variable("three.toml"), pairs(&[("site.title", "")]));
    let faults = Config::load(&missing).unwrap_err();
    let origins: Vec<_> = faults.as_slice().iter().map(|fault| fault.origin.clone()).collect();
    assert_eq!(origins, [Origin::Environment("HALLPASS_CONFIG".into()), Origin::Flag("--set site.title".into())]);
}

#[test]
fn built_in_groups_are_known_in_any_case_and_other_names_keep_theirs() {
    assert_eq!(Group::parse("Admins"), Ok(Group::Admins));
    assert_eq!(Group::parse("TRUST_LEVEL_3").unwrap().to_string(), "trust_level_3");
    assert_eq!(Group::parse("Beta-Testers").unwrap().to_string(), "Beta-Testers");
    assert!(["", "a b", "a,b", "a|b", "trust_level_", "trust_level_10"].iter().all(|name| Group::parse(name).is_err()));
}
