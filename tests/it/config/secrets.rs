//! Secrets: where they come from, and that nothing prints them.

use std::fmt::Write;
use std::path::PathBuf;

use hallpass::config::{Config, SecretSource};

use super::{SECRET, environment, file, flags, told};

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
