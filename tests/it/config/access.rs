//! The rules of who may reach what.

use hallpass::config::Config;

use super::{environment, file, told};

#[test]
fn rules_of_access_are_read_in_their_order_and_shown_with_where_they_stand() {
    let text = "[[access]]\npaths = [\"/press/**\"]\ngroups = [\"press\"]\n\n[[access]]\npaths = [\"/a\"]\nmethods = [\"POST\"]\ngroups = [\"staff\"]\n";
    let config = Config::load(&file(text)).unwrap();
    assert_eq!(config.access.len(), 2);
    let tail = "[[access]]\npaths = [\"/press/**\"]  # hallpass.toml, line 2\ngroups = [\"press\"]  # hallpass.toml, line 3\n\n\
                [[access]]\npaths = [\"/a\"]  # hallpass.toml, line 6\nmethods = [\"POST\"]  # hallpass.toml, line 7\n\
                groups = [\"staff\"]  # hallpass.toml, line 8\n";
    assert!(config.show().ends_with(tail), "{}", config.show());
    assert_eq!(config.warnings(), Vec::<String>::new());
}

#[test]
fn each_slip_in_a_rule_of_access_is_told_with_its_line() {
    let good = "[[access]]\npaths = [\"/a\"]\ngroups = [\"staff\"]\n";
    for (text, key, line, reason) in [
        ("[[access]]", "access[1].paths\n", 1, "it is missing"),
        ("[[access]]\npaths = [\"/a\"]", "access[1].groups\n", 1, "it is missing"),
        (&format!("{good}[[access]]\npaths = []"), "access[2].paths\n", 5, "it names no path"),
        ("[[access]]\npaths = [\"a\"]", "access[1].paths\n", 2, "\"a\": it does not begin with a `/`"),
        ("[[access]]\npaths = [\"/a?b\"]", "access[1].paths\n", 2, "leave out what follows the `?`"),
        ("[[access]]\nmethods = []", "access[1].methods\n", 2, "it names no method"),
        ("[[access]]\nmethods = [\"FETCH\"]", "access[1].methods\n", 2, "\"FETCH\" is no method"),
        ("[[access]]\ngroups = []", "access[1].groups\n", 2, "it would be nobody's"),
        ("[[access]]\ngroups = [\"a b\"]", "access[1].groups\n", 2, "\"a b\": the name of a group"),
        ("[[access]]\ngroup = [\"staff\"]", "access[1].group\n", 2, "there is no setting of this name"),
        ("[access]\npaths = [\"/a\"]", "access\n", 1, "with two brackets"),
        ("access = true", "access\n", 1, "with two brackets"),
    ] {
        let told = told(&file(text));
        let fault = told.split("\n\n").find(|fault| fault.starts_with(key)).unwrap_or_else(|| panic!("{text}: {told}"));
        let from = format!("from:   hallpass.toml, line {line}\n");
        assert!(fault.contains(&from) && fault.contains(reason) && fault.contains("write:  "), "{text}: {told}");
    }
    assert!(told(&environment(&[("HALLPASS_ACCESS__PATHS", "/a")])).contains("in the file, `[[access]]` with"));
}
