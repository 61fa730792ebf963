//! The operator's own scopes.

use hallpass::config::Config;

use super::{environment, file, flags, told};

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
            "[scopes.read]\nlabel = \"x\"\ngroups = \"staff\"",
            "scopes.\"read\".label\n",
            2,
            "there is no setting of this name",
        ),
        ("[scopes.read]", "scopes.\"read\".groups\n", 1, "it is missing"),
        ("[scopes.read]\ngroups = []", "scopes.\"read\".groups\n", 2, "it would be nobody's"),
        ("[scopes.read]\ngroups = [\"a b\"]", "scopes.\"read\".groups\n", 2, "\"a b\": "),
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
fn the_example_for_whoever_sets_a_scope_elsewhere_is_good_in_the_file() {
    let told = told(&environment(&[("HALLPASS_SCOPES__X", "y")]));
    let lines: Vec<&str> = told.split("in the file, like ").nth(1).unwrap().split('`').skip(1).step_by(2).collect();
    assert!(lines.len() == 3 && Config::load(&file(&lines.join("\n"))).is_ok(), "{told}");
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
