//! The two voices of a command.

use std::io::{self, Write};

use serde::Serialize;

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

/// Without what would steer a terminal: for texts that somebody else wrote.
pub(super) fn visible(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_others_wrote_steers_the_terminal() {
        assert_eq!(visible("ada\u{1b}[2J\r\n"), "ada[2J");
    }
}
