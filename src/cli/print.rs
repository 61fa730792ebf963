//! The two voices of a command.

use std::io::{self, Write};

use serde::Serialize;

use crate::model::is_invisible;

/// Of what somebody else wrote a message quotes so many characters.
const LONGEST: usize = 200;

/// A line of data, to standard output.
pub(super) fn data(line: &str) -> io::Result<()> {
    offer(line).map(drop)
}

/// The same; whether anybody still reads.
pub(super) fn offer(line: &str) -> io::Result<bool> {
    match writeln!(io::stdout().lock(), "{line}") {
        // Whoever reads has seen enough: `hallpass key list | head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        written => written.map(|()| true),
    }
}

/// One JSON value, to standard output.
pub(super) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    Ok(data(&serde_json::to_string_pretty(value)?)?)
}

/// A line for the person, to standard error. Where nobody listens, nothing is lost.
pub(super) fn talk(line: &str) {
    drop(writeln!(io::stderr().lock(), "{line}"));
}

/// Rows under headings, columns as wide as they need to be.
pub(super) fn table<const N: usize>(headings: [&str; N], rows: &[[String; N]]) -> io::Result<()> {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(headings.get(column).map(|heading| heading.len())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..N).map(width).collect();
    let line = |cells: Vec<&str>| {
        let padded = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        data(padded.collect::<Vec<_>>().join("  ").trim_end())
    };
    line(headings.to_vec())?;
    rows.iter().try_for_each(|row| line(row.iter().map(String::as_str).collect()))
}

/// Without what would steer a terminal, break its line or turn the order of what is read: for texts that somebody else wrote.
pub(super) fn visible(text: &str) -> String {
    let unseen = |c: char| c.is_control() || is_invisible(c) || matches!(c, '\u{2028}' | '\u{2029}');
    text.chars().filter(|c| !unseen(*c)).collect()
}

/// The beginning of it, for a message of ours that quotes it.
pub(super) fn quoted(text: &str) -> String {
    let mut shown = visible(text);
    if let Some((end, _)) = shown.char_indices().nth(LONGEST) {
        shown.truncate(end);
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_others_wrote_steers_the_terminal() {
        assert_eq!(visible("ada\u{1b}[2J\r\n\u{7f}\u{9b}31m"), "ada[2J31m");
        assert_eq!(visible("gnp.\u{202e}exe \u{2066}a\u{2069}\u{200b}b\u{2028}c\u{2029}\u{feff}"), "gnp.exe abc");
        assert_eq!(visible("Zoë 東京 عربي"), "Zoë 東京 عربي");
    }

    #[test]
    fn what_others_wrote_is_quoted_visibly_and_not_at_any_length() {
        assert_eq!(quoted("\u{9b}2J no"), "2J no");
        assert_eq!(quoted(&"é".repeat(200)), "é".repeat(200));
        assert_eq!(quoted(&"é\u{1b}".repeat(201)), "é".repeat(200) + "…");
    }
}
