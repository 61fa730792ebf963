//! What is refused, and how it is told: each value that cannot be has its row here.

use hallpass::config::Config;

use super::{environment, file, flags, pairs, told};

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
