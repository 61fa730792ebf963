//! `docs/reference/cli.md`, made of the program's own help.

use std::fmt::Write;

use super::{run, text};
use crate::generated::hold;

#[test]
fn the_reference_of_the_command_line_is_what_the_program_says() {
    let mut page = String::from(
        "# Command line\n\nWhat the program says of itself. Data goes to standard output, everything else to standard error; a \
         command that\nfails ends with a code other than 0.\n\nThis page is generated from the program's help. To renew it: \
         `tests/generate`.\n",
    );
    add(&mut page, &[]);
    hold("docs/reference/cli.md", &page);
}

/// The help of a command and of those below it.
fn add(page: &mut String, command: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &[command, &["--help"]].concat(), "");
    let help = text(&output.stdout);
    let name = [&["hallpass"], command].concat().join(" ");
    write!(page, "\n## {name}\n\n```text\n{}\n```\n", help.trim_end()).unwrap();
    let below = help.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap_or_default();
    let names = below.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    for word in names.filter_map(|line| line.split(' ').next()).filter(|word| *word != "help") {
        add(page, &[command, &[word]].concat());
    }
}
