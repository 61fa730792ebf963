//! `docs/reference/conformance.md`: the rows of the protocol, and the tests that show them.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::evidence::Evidence;
use crate::generated::{hold, list};

const ROWS: &str = include_str!("../../docs/reference/rows.txt");
const DEVIATIONS: &str = include_str!("../../docs/reference/deviations.txt");
const NOT_OURS: &str = include_str!("../../docs/reference/not_ours.txt");

#[test]
fn the_conformance_page_says_what_the_tests_show() {
    hold("docs/reference/conformance.md", &page());
}

#[test]
fn the_list_has_every_row_once_and_in_order() {
    let expected: Vec<_> = (1..=309).map(|number| format!("C-{number:03}")).collect();
    assert_eq!(ids(), expected);
}

#[test]
fn deviations_name_rows_that_exist() {
    let known = ids();
    for (_, line) in list(DEVIATIONS).into_iter().chain(list(NOT_OURS)) {
        let (rows, _) = line.split_once(": ").unwrap();
        let mut named = rows.split([' ', ',']).filter(|word| word.starts_with("C-"));
        assert!(named.all(|row| known.contains(&row)), "{rows}");
    }
}

/// Every row is shown by a test, or departed from on purpose, or not ours; what is listed as not ours is not shown.
#[test]
fn no_row_is_silently_missing() {
    let (evidence, excused) = (Evidence::of(row_id).only(&ids()), excused_rows(DEVIATIONS));
    let not_ours = excused_rows(NOT_OURS);
    for id in ids() {
        let open = evidence.cell(id) == "open";
        assert!(!open || excused.contains(id) || not_ours.contains(id), "{id} is open and excused nowhere");
        assert!(open || !not_ours.contains(id), "{id} is shown, yet listed as not ours");
    }
}

/// The rows that a list names, ranges taken apart.
fn excused_rows(text: &'static str) -> BTreeSet<String> {
    let mut rows = BTreeSet::new();
    for (_, line) in list(text) {
        for part in line.split_once(": ").unwrap().0.split(", ") {
            let (first, last) = part.split_once(" to ").unwrap_or((part, part));
            let number = |id: &str| id.strip_prefix("C-").and_then(|digits| digits.parse::<u32>().ok());
            if let (Some(first), Some(last)) = (number(first), number(last)) {
                rows.extend((first..=last).map(|number| format!("C-{number:03}")));
            }
        }
    }
    rows
}

fn page() -> String {
    let evidence = Evidence::of(row_id).only(&ids());
    let mut page = String::from(
        "# Conformance\n\nEvery row of the protocol's contract, and the tests that show it. A row without a test is open: it is not \
         claimed.\nThe numbers are those that tests and comments use.\n\n\
         This page is generated from `rows.txt`, `deviations.txt`, `not_ours.txt` and the names of the tests. To renew it: `tests/generate`.\n",
    );
    let open = ids().iter().filter(|id| evidence.cell(id) == "open").count();
    write!(page, "\n{} of {} rows are shown, {open} are open.\n", ids().len() - open, ids().len()).unwrap();
    let mut above = "";
    for (section, line) in list(ROWS) {
        if section != above {
            write!(page, "\n## {section}\n\n| Row | What it is about | Shown by |\n|---|---|---|\n").unwrap();
            above = section;
        }
        let (id, title) = line.split_once(' ').unwrap();
        writeln!(page, "| {id} | {title} | {} |", evidence.cell(id)).unwrap();
    }
    format!("{page}{}{}", deviations(), not_ours())
}

fn not_ours() -> String {
    let mut part = String::from("\n## Not ours\n\n| Rows | Why |\n|---|---|\n");
    for (_, line) in list(NOT_OURS) {
        let (rows, why) = line.split_once(": ").unwrap();
        writeln!(part, "| {rows} | {why} |").unwrap();
    }
    part
}

fn deviations() -> String {
    let mut part = String::from("\n## Where Hallpass departs on purpose\n\n| Rows | What, and why |\n|---|---|\n");
    for (_, line) in list(DEVIATIONS) {
        let (rows, why) = line.split_once(": ").unwrap();
        writeln!(part, "| {rows} | {why} |").unwrap();
    }
    part
}

fn ids() -> Vec<&'static str> {
    list(ROWS).into_iter().map(|(_, line)| line.split_once(' ').unwrap().0).collect()
}

// `c077` is `C-077`: always three digits, so that it cannot be mistaken for a security requirement.
fn row_id(word: &str) -> Option<String> {
    let digits = word.strip_prefix('c')?;
    let is_id = digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_id.then(|| format!("C-{digits}"))
}

#[test]
fn a_row_is_named_by_three_digits() {
    assert_eq!(row_id("c077").as_deref(), Some("C-077"));
    assert_eq!(["c77", "c7", "c0777", "code", "x077", "c"].map(row_id), [const { None }; 6]);
}
