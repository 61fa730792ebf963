//! `docs/concepts/threats.md`: what the service must withstand, and the tests that show it.

use std::fmt::Write;

use crate::evidence::Evidence;
use crate::generated::{hold, list};

const THREATS: &str = include_str!("../../docs/concepts/threats.txt");
const LEVELS: [&str; 4] = ["MUST NOT", "MUST", "SHOULD", "MAY"];

#[test]
fn the_threats_page_says_what_the_tests_show() {
    hold("docs/concepts/threats.md", &page());
}

fn page() -> String {
    let known: Vec<_> = list(THREATS).into_iter().map(|(_, line)| taken_apart(line).0).collect();
    let evidence = Evidence::of(threat_id).only(&known);
    let mut page = String::from(
        "# Trust and threats\n\nWhat the service has to withstand, and the tests that show it. A requirement without a test is open: \
         it is not claimed.\n\nThis page is generated from `threats.txt` and the names of the tests. To renew it: `tests/generate`.\n",
    );
    let mut above = "";
    for (section, line) in list(THREATS) {
        if section != above {
            write!(page, "\n## {section}\n\n| Id | Level | The service … | Shown by |\n|---|---|---|---|\n").unwrap();
            above = section;
        }
        let (id, level, requirement) = taken_apart(line);
        writeln!(page, "| {id} | {level} | {requirement} | {} |", evidence.cell(id)).unwrap();
    }
    page
}

fn taken_apart(line: &str) -> (&str, &str, &str) {
    let (id, rest) = line.split_once(' ').unwrap();
    let level = LEVELS.into_iter().find(|level| rest.starts_with(level)).unwrap();
    (id, level, rest.strip_prefix(level).unwrap().trim_start())
}

// `h3` is `H3`: one of the six letters and one or two digits.
fn threat_id(word: &str) -> Option<String> {
    let digits = word.strip_prefix(['c', 'r', 'h', 'k', 'w', 'l'])?;
    let is_id = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_id.then(|| word.to_uppercase())
}

#[test]
fn a_requirement_is_named_by_a_letter_and_one_or_two_digits() {
    assert_eq!(["c7", "w10", "l2"].map(threat_id), ["C7", "W10", "L2"].map(|id| Some(id.to_owned())));
    assert_eq!(["c077", "sha1", "a1", "h", "r2d2"].map(threat_id), [const { None }; 5]);
}
