//! A payload that a person copies from the page.

use std::io::{self, BufRead, Read};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use anyhow::{Context as _, bail};

use super::callback::Handover;

const MOST_BYTES: u64 = 65_536;

/// Reads standard input from now on, for a ciphertext of so many bytes. The thread ends with the program.
pub(super) fn start(block_bytes: usize) -> io::Result<Receiver<anyhow::Result<Handover>>> {
    let (sender, receiver) = channel();
    thread::Builder::new().spawn(move || drop(sender.send(handover(&mut io::stdin().lock(), block_bytes))))?;
    Ok(receiver)
}

fn handover(input: &mut impl BufRead, block_bytes: usize) -> anyhow::Result<Handover> {
    let payload = read(input, base64_characters(block_bytes)).context("standard input cannot be read")?;
    if payload.is_empty() {
        bail!("standard input holds no payload: paste the text that the page shows after you approve");
    }
    Ok(Handover { payload, one_time_password: None })
}

const fn base64_characters(bytes: usize) -> usize {
    bytes.div_ceil(3).saturating_mul(4)
}

/// Lines without their white space, until there are so many characters, an empty line, or no more input. Pages wrap
/// the payload, terminals wrap it again, and nobody should have to press Enter twice.
fn read(input: &mut impl BufRead, characters: usize) -> io::Result<String> {
    let mut input = input.take(MOST_BYTES);
    let (mut payload, mut line) = (String::new(), String::new());
    while payload.len() < characters && input.read_line(&mut line)? > 0 {
        let before = payload.len();
        payload.extend(line.split_whitespace());
        if payload.len() == before && before > 0 {
            break;
        }
        line.clear();
    }
    Ok(payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_and_wrapped_lines_are_put_together() {
        let rows = [
            ("abcdefgh\n", "abcdefgh"),
            ("abcdefgh", "abcdefgh"),
            ("\n  abc def\r\n gh\n", "abcdefgh"),
            ("abc\n\ndefgh\n", "abc"),
            ("abcd\nefgh\nnext\n", "abcdefgh"),
            ("abcd", "abcd"),
            ("", ""),
            ("\n \n", ""),
        ];
        for (text, payload) in rows {
            assert_eq!(read(&mut text.as_bytes(), 8).unwrap(), payload, "{text:?}");
        }
    }

    #[test]
    fn nothing_is_no_payload_and_an_endless_text_ends() {
        assert!(handover(&mut "\n".as_bytes(), 6).is_err());
        let endless = " ".repeat(1_000_000);
        assert!(handover(&mut endless.as_bytes(), 6).is_err());
    }
}
