//! The settings: what is read, what is refused and how it is told, and what is printed from the catalog.
//!
//! Longer than most files, because each setting has its row in the tables below.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hallpass::config::{Config, FileSource, Origin, SecretSource, Sources, catalog, reference, sample};
use hallpass::model::{DangerousScopes, Group, PublicUrl};

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
    assert!(
        kept == reference(),
        "docs/reference/configuration.md is not what src/config says; HALLPASS_TEST_UPDATE=1 writes it"
    );
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
fn a_fault_names_key_source_value_and_remedy() {
    assert_eq!(
        told(&file("[server]\nlisten = \"8080\"\n")),
        "the configuration has a fault:\n\n\
         server.listen\n\
         \x20 from:   hallpass.toml, line 2\n\
         \x20 value:  \"8080\"\n\
         \x20 wrong:  it is not an IP address with a port\n\
         \x20 write:  an IP address and a port, such as \"127.0.0.1:8080\" or \"[::1]:8080\""
    );
}

#[test]
fn all_faults_are_told_at_once() {
    let mut sources = file(
        "titel = \"x\"\n[server]\nlisten = 8080\nbody_limit_bytes = \"65536\"\n[limts]\nx = 1\n[site]\ntitle = \"\"\n",
    );
    sources.environment = pairs(&[("HALLPASS_DATABASE__URL", "mysql://x"), ("HALLPASS_SITE__TITLES", "x")]);
    sources.flags = pairs(&[("session.idle_days", "91"), ("user_api.min_user_api_rsa_bits", "512")]);
    let faults = Config::load(&sources).unwrap_err();
    let found: Vec<_> = faults.as_slice().iter().map(|fault| format!("{} | {}", fault.key, fault.origin)).collect();
    assert_eq!(
        found,
        [
            "titel | hallpass.toml, line 1",
            "[limts] | hallpass.toml, line 5",
            "site.titles | environment variable HALLPASS_SITE__TITLES",
            "site.title | hallpass.toml, line 8",
            "server.listen | hallpass.toml, line 3",
            "server.body_limit_bytes | hallpass.toml, line 4",
            "database.url | environment variable HALLPASS_DATABASE__URL",
            "session.idle_days | flag --set session.idle_days",
            "user_api.min_user_api_rsa_bits | flag --set user_api.min_user_api_rsa_bits",
        ],
    );
    assert!(faults.to_string().starts_with("the configuration has 9 faults:\n"), "{faults}");
}

#[test]
fn each_value_that_cannot_be_is_refused_with_its_reason() {
    for (key, value, reason) in [
        ("site.title", "", "it is empty"),
        ("site.title", "two\nlines", "control character"),
        ("site.accent_color", "red", "three or six hexadecimal digits"),
        ("site.accent_color", "#12", "three or six hexadecimal digits"),
        ("site.logo_url", "https://cdn.example/logo.svg", "on another origin"),
        ("site.logo_url", "//cdn.example/logo.svg", "on another origin"),
        ("site.logo_url", "data:image/png,x", "neither a path"),
        ("site.logo_url", "logo.svg", "neither a path"),
        ("server.listen", "localhost:8080", "not an IP address with a port"),
        ("server.internal_listen", "127.0.0.1:8080", "cannot be bound at the same time"),
        ("server.internal_listen", "0.0.0.0:8080", "cannot be bound at the same time"),
        ("server.public_url", "example.org", "does not begin with"),
        ("server.public_url", "https://example.org/?x", "query or a fragment"),
        ("server.trusted_proxies", "10.0.0.1|nginx", "\"nginx\": not an IP address or network"),
        ("server.body_limit_bytes", "1", "outside of the allowed range"),
        ("limits.url", "limits.example:6379", "does not begin with `redis://`"),
        ("limits.url", "redis://:s3/cr3t@localhost", "percent-encoded"),
        ("limits.url", "rediss://:s3cr3t@localhost/#insecure", "parameters or a `#`"),
        ("limits.on_failure", "ignore", "neither of the two"),
        ("database.url", "postgres://ada:s3cr3t@localhost", "names no database"),
        ("database.url", "postgres://ada:s3@cr3t@localhost/hall", "percent-encoded"),
        ("database.url", "postgres://ada:s3cr3t@localhost:x/hall", "host or port"),
        ("database.url", "mysql://localhost/x", "does not begin with `sqlite://` or `postgres://`"),
        ("database.url", "hallpass.db", "does not begin with `sqlite://`"),
        ("database.url", "sqlite://", "names no file"),
        ("database.url", "sqlite:///var/lib/", "names no file"),
        ("database.url", "sqlite://:memory:", "lose every key"),
        ("database.url", "sqlite://x.db?mode=ro", "may not contain `?`"),
        ("session.secret_key", "short", "too short"),
        ("session.idle_days", "0", "outside of the allowed range"),
        ("session.absolute_days", "3", "never be reached"),
        ("user_api.allow_user_api_key_scopes", "read,write", "\"read,write\": not the name of a scope"),
        ("user_api.user_api_key_allowed_groups", "1|2|10", "10 to 14 are `trust_level_0` to `trust_level_4`"),
        ("user_api.user_api_key_allowed_groups", "trust_level_5", "from `trust_level_0` to `trust_level_4`"),
        ("user_api.user_api_key_allowed_groups", "beta testers", "1 to 60 of the ASCII letters"),
        ("user_api.allowed_user_api_auth_redirects", "https://a.example https://b.example", "separated by `|`"),
        ("user_api.max_user_api_reqs_per_minute", "0", "outside of the allowed range"),
        ("user_api.max_user_api_key_expiry_days", "36501", "outside of the allowed range"),
        ("limits.unknown_keys_per_address_per_minute", "-1", "outside of the allowed range"),
    ] {
        let told = told(&flags(&[(key, value)]));
        assert!(told.contains(reason) && told.contains("write:  "), "{key} = {value:?}: {told}");
        assert_eq!(told.matches("wrong:").count(), 1, "{key} = {value:?}: {told}");
        assert!(!told.contains("cr3t"), "{told}");
    }
}

#[test]
fn a_redis_is_shown_without_its_password() {
    let config = Config::load(&flags(&[("limits.url", "rediss://hall:s3cr3t@limits.example:6380/1")])).unwrap();
    assert!(config.show().contains("url = \"rediss://hall@limits.example:6380/1\"  # "), "{}", config.show());
    assert!(!format!("{}{config:?}", config.show()).contains("s3cr3t"));
}

#[test]
fn a_database_on_a_server_is_shown_without_its_password_and_wants_a_secret() {
    let url = ("database.url", "postgres://ada:s3cr3t@db.example/hall?sslmode=verify-full");
    assert!(told(&flags(&[url])).contains("session.secret_key_file"));
    let config = Config::load(&flags(&[url, ("session.secret_key_file", "/run/secret")])).unwrap();
    assert!(config.show().contains("url = \"postgres://ada@db.example/hall?sslmode=verify-full\"  # "));
    assert!(!format!("{}{config:?}", config.show()).contains("s3cr3t"));
    assert_eq!(config.secret_key_path(), Some(PathBuf::from("/run/secret")));
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
fn an_unknown_key_is_a_fault_that_says_what_was_meant() {
    for (sources, remedy) in [
        (file("[server]\nlisen = \"x\""), "write:  `listen` in section `[server]`"),
        (file("[server]\ntitle = \"x\""), "write:  `title` in section `[site]`"),
        (file("listen = \"x\""), "write:  `listen` in section `[server]`"),
        (file("[sessions]\nidle_days = 1"), "write:  `[session]`"),
        (file("[gardens]"), "write:  one of `[site]`, `[server]`, "),
        (file("[site]\ncolour_of_the_sky = 1"), "the keys of `[site]`: `title`, `description`"),
        (file("[site.title]\nx = 1"), "wrong:  it is not text in quotes"),
        (environment(&[("HALLPASS_SERVER__LISEN", "x")]), "write:  `HALLPASS_SERVER__LISTEN`"),
        (environment(&[("HALLPASS_server__listen", "x")]), "write:  `HALLPASS_SERVER__LISTEN`"),
        (environment(&[("HALLPASS_SESION__IDLE_DAYS", "x")]), "write:  `HALLPASS_SESSION__IDLE_DAYS`"),
        (flags(&[("user_api.idle_days", "x")]), "write:  `--set session.idle_days=…`"),
        (flags(&[("listen", "x")]), "write:  `--set server.listen=…`"),
    ] {
        let told = told(&sources);
        assert!(told.contains(remedy) && told.starts_with("the configuration has a fault:"), "{remedy}: {told}");
    }
}

const BOOKS: &str = "[scopes.\"books:read\"]\nlabel = \"Read your book list\"\nallow = [\"GET /api/books/**\"]\n";

#[test]
fn a_scope_of_the_operator_is_read_and_shown_with_where_it_stands() {
    let config = Config::load(&file(&format!("[site]\ntitle = \"Books\"\n{BOOKS}"))).unwrap();
    let [own] = &config.scopes[..] else { panic!("{:?}", config.scopes) };
    assert_eq!(
        (own.name.as_str(), own.label.to_string(), own.dangerous),
        ("books:read", "Read your book list".into(), false)
    );
    assert_eq!(config.warnings(), Vec::<String>::new());
    let shown = config.show();
    let tail = "[scopes.\"books:read\"]\nlabel = \"Read your book list\"  # hallpass.toml, line 4\n\
                allow = [\"GET /api/books/**\"]  # hallpass.toml, line 5\ndangerous = false  # default\n";
    assert!(shown.ends_with(tail), "{shown}");
}

#[test]
fn each_slip_in_a_scope_of_the_operator_is_told_with_its_line() {
    for (text, key, line, reason) in [
        ("[scopes.\"b c\"]\nlabel = \"x\"\nallow = \"GET /x\"", "scopes.\"b c\"\n", 1, "not the name of a scope"),
        (
            "[scopes.read]\nlabel = \"x\"\nallow = \"GET /x\"",
            "scopes.\"read\"\n",
            1,
            "the protocol has a scope of this name",
        ),
        ("[scopes.x]", "scopes.\"x\".label\n", 1, "it is missing"),
        ("[scopes.x]", "scopes.\"x\".allow\n", 1, "it is missing"),
        ("[scopes.x]\nlabel = \" \"", "scopes.\"x\".label\n", 2, "it is empty"),
        ("[scopes.x]\nlabel = \"a\\nb\"", "scopes.\"x\".label\n", 2, "a line break or an invisible character"),
        ("[scopes.x]\nlabel = 3", "scopes.\"x\".label\n", 2, "it is not text in quotes"),
        ("[scopes.x]\nallow = []", "scopes.\"x\".allow\n", 2, "it permits nothing"),
        (
            "[scopes.x]\nallow = [\"GET books\"]",
            "scopes.\"x\".allow\n",
            2,
            "\"GET books\" is no rule, because one space and a `/`",
        ),
        ("[scopes.x]\nallow = [\"/books\"]", "scopes.\"x\".allow\n", 2, "no space is between"),
        ("[scopes.x]\nallow = [\"GET /a?b\"]", "scopes.\"x\".allow\n", 2, "leave out what follows the `?`"),
        ("[scopes.x]\nallow = [\"GET /a//b\"]", "scopes.\"x\".allow\n", 2, "loses its empty segments"),
        ("[scopes.x]\nallow = [\"GET /a*\"]", "scopes.\"x\".allow\n", 2, "stand for whole segments"),
        ("[scopes.x]\nallow = [\"GET /**/a\"]", "scopes.\"x\".allow\n", 2, "nothing comes after it"),
        ("[scopes.x]\nallow = [\"GET /a\", \"FETCH /b\", \"c\"]", "scopes.\"x\".allow\n", 2, "no method; write GET"),
        ("[scopes.x]\nallow = [\"GET /a\", \"FETCH /b\", \"c\"]", "scopes.\"x\".allow\n", 2, "\"c\" is no rule"),
        ("[scopes.x]\nallow = [\"FETCH /books\"]", "scopes.\"x\".allow\n", 2, "is no method"),
        ("[scopes.x]\nallow = [\"GET /a/../b\"]", "scopes.\"x\".allow\n", 2, "would never match"),
        ("[scopes.x]\ndangerous = \"no\"", "scopes.\"x\".dangerous\n", 2, "stand without quotes"),
        ("[scopes.x]\nalow = []", "scopes.\"x\".alow\n", 2, "there is no setting of this name"),
        ("[scopes]\nread = true", "scopes.read\n", 2, "each as a table"),
        ("scopes = true", "scopes\n", 1, "outside of any section"),
        ("[scope.x]\na = 1", "[scope]\n", 1, "no section of this name"),
        ("[scopes.books:read]", "the configuration file\n", 1, "not TOML"),
    ] {
        let told = told(&file(text));
        let fault = told.split("\n\n").find(|fault| fault.starts_with(key)).unwrap_or_else(|| panic!("{text}: {told}"));
        let from = format!("from:   hallpass.toml, line {line}\n");
        assert!(fault.contains(&from) && fault.contains(reason) && fault.contains("write:  "), "{text}: {told}");
    }
    assert!(told(&flags(&[("scopes.x.label", "y")])).contains("the site's own scopes stand in the file"));
    assert!(told(&file("[scopes.books:read]")).contains("the name of the scope in quotes"));
    assert!(told(&file("[scope.x]\na = 1")).contains("write:  `[scopes]`"));
}

#[test]
fn a_scope_that_changes_things_and_one_that_is_nowhere_are_warned_of() {
    let writing = "[scopes.x]\nlabel = \"x\"\nallow = [\"GET|POST /x\"]\n";
    let warnings = Config::load(&file(writing)).unwrap().warnings();
    assert!(
        warnings.len() == 1 && warnings[0].starts_with("scopes.\"x\": it permits what can change things"),
        "{warnings:?}"
    );
    assert!(Config::load(&file(&format!("{writing}dangerous = true\n"))).unwrap().warnings().is_empty());
    let listed = Config::load(&flags(&[("user_api.allow_user_api_key_scopes", "read|raed")])).unwrap().warnings();
    assert!(listed.len() == 1 && listed[0].contains("there is no scope raed"), "{listed:?}");
}

#[test]
fn a_line_that_is_not_toml_is_told_once_with_its_key_and_its_number() {
    let told = told(&file("[server]\nlisten = 127.0.0.1:8080\n[site]\ntitle = Our site\n[limits]\nx = 1\n"));
    assert!(told.contains("3 faults"), "{told}");
    assert!(told.contains("server.listen\n  from:   hallpass.toml, line 2\n  wrong:  the line is not TOML"), "{told}");
    assert!(told.contains("site.title\n  from:   hallpass.toml, line 4\n"), "{told}");
    assert!(told.contains("like `title = \"Hallpass\"`"), "{told}");
    assert!(told.contains("limits.x\n"), "{told}");
    assert!(self::told(&file("[server\nlisten = \"x\"\n")).contains("the configuration has a fault:"));
    assert!(self::told(&file("[site]\ntitle = \"a\"\ntitle = \"b\"\n")).contains("line 3\n"));
}

#[test]
fn two_secrets_are_one_too_many() {
    let both = flags(&[("session.secret_key", SECRET), ("session.secret_key_file", "/run/secrets/hallpass")]);
    assert!(told(&both).contains("session.secret_key_file\n  from:   flag --set session.secret_key_file\n"));
    let config = Config::load(&flags(&[("session.secret_key_file", "/run/secrets/hallpass")])).unwrap();
    assert_eq!(config.secret_key_path(), Some(PathBuf::from("/run/secrets/hallpass")));
}

#[test]
fn a_secret_is_nowhere_in_what_is_printed() {
    let sources = environment(&[("HALLPASS_SESSION__SECRET_KEY", SECRET)]);
    let config = Config::load(&sources).unwrap();
    assert!(matches!(config.session.secret, SecretSource::Inline(_)));
    assert_eq!(config.secret_key_path(), None);
    assert!(config.show().contains("secret_key = (set)  # environment variable HALLPASS_SESSION__SECRET_KEY\n"));
    let mut printed = format!("{config:?}{}{sources:?}", config.show());

    let password = "postgres://hallpass:correct-horse@db.example/x";
    for sources in [
        file(&format!("[session]\nsecret_key = {SECRET}\n")),
        file(&format!("[session]\nsecret_key = \"{SECRET}\n")),
        file(&format!("[session]\nsecret_key = a {SECRET} {SECRET}=b {SECRET} = c\n")),
        file(&format!("[session]\nsecret_key = {SECRET}==\n")),
        file(&format!("[session]\nsecret_key = \"\"\"\n{SECRET}\n{SECRET} = 1\n")),
        file(&format!("[session]\nsecret_key = [\"{SECRET}\"]\n")),
        file(&format!("[session]\nsecret = \"{SECRET}\"\n")),
        file(&format!("[database]\nurl = \"{password}\"\n")),
        file("[database]\nurl = \"postgres://db.example/x?password=correct-horse\"\n"),
        file("[server]\npublic_url = \"https://ada:correct-horse@example.org\"\n"),
        environment(&[("HALLPASS_SESION__SECRET_KEY", SECRET)]),
        flags(&[("session.secret_key", "correct-horse")]),
        flags(&[("session.secret_key", SECRET), ("session.secret_key_file", "x")]),
    ] {
        let faults = Config::load(&sources).unwrap_err();
        let _ = write!(printed, "{faults}\n{faults:?}\n{sources:?}\n");
    }
    assert!(!printed.contains("correct-horse"), "{printed}");
}

#[test]
fn the_public_url_may_have_a_path_that_every_link_honours() {
    let config = Config::load(&flags(&[("server.public_url", "https://example.org/hall/")])).unwrap();
    let url = config.server.public_url;
    assert_eq!((url.to_string().as_str(), url.origin().as_str()), ("https://example.org/hall", "https://example.org"));
    assert_eq!((url.base_path(), url.cookie_path()), ("/hall", "/hall"));
    assert_eq!((url.path("/x"), url.join("/x")), ("/hall/x".to_owned(), "https://example.org/hall/x".to_owned()));
    assert_eq!(
        (url.host(), url.port(), url.is_https(), url.is_loopback()),
        ("example.org".to_owned(), 443, true, false)
    );

    let config = Config::load(&flags(&[("server.public_url", "http://[::1]:8080/")])).unwrap();
    let url = config.server.public_url;
    assert_eq!((url.origin().as_str(), url.base_path(), url.cookie_path()), ("http://[::1]:8080", "", "/"));
    assert_eq!((url.path("/x"), url.port(), url.is_https()), ("/x".to_owned(), 8080, false));
    assert!(url.is_loopback());
}

#[test]
fn a_public_url_that_two_readers_could_read_differently_is_refused() {
    for text in [
        "",
        "https://",
        "HTTPS://example.org",
        "ftp://example.org",
        "https:example.org",
        "https:/example.org",
        "https://example.org:",
        "https://example.org:99999",
        "https://exa mple.org",
        "https://example.org\\x",
        "https://*.example.org",
        "https://a@example.org",
        "https://example.org#x",
        "https://example.org?x",
        "https://example.org//",
        "https://example.org/a//b",
        "https://example.org/../x",
        "https://example.org/%2e",
        "https://example.org/a b",
        "https://example.org/ü",
        "https://0.0.0.0",
        "https://[::]",
        "https://exam%70le.org",
    ] {
        assert!(PublicUrl::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn a_logo_on_our_own_origin_is_taken() {
    let set =
        |logo| Config::load(&flags(&[("server.public_url", "https://example.org/hall"), ("site.logo_url", logo)]));
    for logo in ["/logo.svg", "https://example.org/logo.svg"] {
        assert_eq!(set(logo).unwrap().site.logo_url.as_deref(), Some(logo));
    }
    assert!(set("http://example.org/logo.svg").is_err());
    assert!(set("https://ada:pw@example.org/logo.svg").is_err());
}

#[test]
fn what_is_allowed_but_probably_not_meant_is_warned_of() {
    for (given, warning) in [
        (("server.internal_listen", "0.0.0.0:8081"), "server.internal_listen: 0.0.0.0:8081 is not loopback"),
        (("server.public_url", "http://example.org"), "server.public_url: http://example.org is not https"),
        (("server.listen", "0.0.0.0:8080"), "server.public_url: links to http://127.0.0.1:8080"),
        (("server.trusted_proxies", "0.0.0.0/0"), "server.trusted_proxies: 0.0.0.0/0"),
        (("user_api.min_user_api_rsa_bits", "1024"), "user_api.min_user_api_rsa_bits: keys of 1024 bits"),
        (("user_api.max_user_api_reqs_per_day", "5"), "user_api.max_user_api_reqs_per_day"),
        (("user_api.allow_user_api_key_scopes", ""), "user_api.allow_user_api_key_scopes"),
        (("session.secret_key", SECRET), "session.secret_key: everybody"),
    ] {
        let warnings = Config::load(&flags(&[given])).unwrap().warnings();
        assert!(warnings.iter().any(|found| found.starts_with(warning)), "{warning}: {warnings:?}");
        assert_eq!(warnings.len(), 1, "{warnings:?}");
    }
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
