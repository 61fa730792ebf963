//! `user`, `key`, `migrate` and `config` without a server.

use serde_json::json;

use super::{data, refused, run, text};

#[test]
fn an_account_has_everything_that_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let flags = "user create ada --password-stdin --email a@b.example --name Ada --trust-level 4 --group press --group \
                 board --moderator --admin";
    let made = run(folder.path(), &flags.split_whitespace().collect::<Vec<_>>(), "correct horse battery\nmore\n");
    assert!(made.status.success() && made.stdout.is_empty(), "{made:?}");
    let mut listed = data(&run(folder.path(), &["user", "list", "--json"], ""));
    listed[0]["created_at"].take();
    let levels = ["trust_level_0", "trust_level_1", "trust_level_2", "trust_level_3", "trust_level_4"];
    let groups = [&["admins", "moderators", "staff"][..], &levels, &["board", "press"]].concat();
    assert_eq!(
        listed,
        json!([{ "id": 1, "username": "ada", "name": "Ada", "email": "a@b.example", "admin": true, "moderator": true,
                 "trust_level": 4, "groups": groups, "suspended": false, "created_at": null }])
    );
    let table = run(folder.path(), &["user", "list"], "");
    assert!(text(&table.stdout).starts_with("ID  NAME") && text(&table.stdout).contains("a@b.example"), "{table:?}");
}

#[test]
fn what_cannot_be_done_is_said_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let at =
        |arguments: &str, input: &str| run(folder.path(), &arguments.split_whitespace().collect::<Vec<_>>(), input);
    assert!(at("migrate up", "").status.success());
    refused(&at("user suspend bob", ""), &["there is no user bob", "hallpass user list"]);
    refused(&at("user set-password bob --password-stdin", "correct horse battery"), &["hallpass user list"]);
    refused(&at("user create ada --password-stdin", "short"), &["at least 10"]);
    refused(&at("user create ada --password-stdin", ""), &["write it there as the first line"]);
    refused(&at("user create ada", ""), &["--password-stdin"]);
    refused(&at("user create ada --password-stdin --trust-level 5", ""), &["0..=4"]);
    refused(&at("user create ada --password-stdin --group admins", ""), &["--admin"]);
    assert!(at("user create ada --password-stdin", "correct horse battery").status.success());
    refused(&at("user create ADA --password-stdin", "correct horse battery"), &["taken"]);
    refused(&at("key revoke 7", ""), &["hallpass: there is no key 7; `hallpass key list` shows"]);
    refused(&at("key revoke x", ""), &["whole number"]);
    refused(&at("key list --user nobody", ""), &["hallpass user list"]);
    refused(&at("--set database.url=sqlite:///nowhere/at/all.db user list", ""), &["/nowhere/at/all.db"]);
    refused(&at("--config nothere.toml user list", ""), &["nothere.toml", "hallpass config sample"]);
    assert_eq!(data(&at("key list --json", "")), json!([]));
}

#[test]
fn in_a_folder_without_a_database_nothing_is_made_and_it_is_said_where_one_was_looked_for() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("hallpass.db").display().to_string();
    for (arguments, input) in [
        ("user list", ""),
        ("user suspend ada", ""),
        ("user set-password ada --password-stdin", "correct horse battery"),
        ("key list --json", ""),
        ("key revoke 7", ""),
        ("client list", ""),
        ("client remove deskbell", ""),
        ("migrate status", ""),
        ("backup copy.db", ""),
    ] {
        let output = run(folder.path(), &arguments.split_whitespace().collect::<Vec<_>>(), input);
        refused(&output, &[&format!("there is none at {place}"), "right folder", "--config", "hallpass serve"]);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{arguments}");
    }
}

#[test]
fn migrations_and_settings_are_shown() {
    let folder = tempfile::tempdir().unwrap();
    let stdout = |arguments: &[&str]| {
        let output = run(folder.path(), arguments, "");
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
        text(&output.stdout).to_owned()
    };
    std::fs::write(folder.path().join("hallpass.db"), "").unwrap();
    assert!(stdout(&["migrate", "status"]).lines().all(|line| line.starts_with("missing")));
    assert!(stdout(&["migrate", "up"]).lines().all(|line| line.starts_with("ran ")));
    assert_eq!(stdout(&["migrate", "up"]), "Nothing was missing.\n");
    assert!(stdout(&["migrate", "status"]).lines().all(|line| line.starts_with("ran ")));
    assert_eq!(stdout(&["config", "check"]), "The configuration is good.\n");
    assert!(stdout(&["config", "show"]).contains("[user_api]"));
    std::fs::write(folder.path().join("sample.toml"), stdout(&["config", "sample"])).unwrap();
    assert_eq!(stdout(&["--config", "sample.toml", "config", "check"]), "The configuration is good.\n");
}

#[test]
fn a_file_of_a_secret_that_is_not_there_or_too_short_is_refused_by_its_setting_before_and_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("short"), "too short").unwrap();
    for setting in ["session.secret_key_file", "user_api.push_api_secret_key_file", "verify.secret_file"] {
        for file in ["/nonexistent", "short"] {
            let given = format!("{setting}={file}");
            for command in [&["config", "check"][..], &["serve"]] {
                let arguments = [
                    &[
                        "--set",
                        &given,
                        "--set",
                        "server.listen=127.0.0.1:0",
                        "--set",
                        "server.internal_listen=127.0.0.1:0",
                    ],
                    command,
                ]
                .concat();
                refused(&run(folder.path(), &arguments, ""), &[setting]);
            }
        }
    }
}
