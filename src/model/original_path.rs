//! The path a proxy says was asked for, read once. What two servers would read differently is refused.
//!
//! Source: `security.md` W9. Decoded once, case kept; `.` and empty segments fall away, a slash at the end stays.

use std::borrow::Cow;

const LONGEST: usize = 8192;

/// Why a path has no single meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmbiguousPath {
    /// Longer than servers take.
    #[error("the path is longer than 8192 bytes")]
    TooLong,
    /// `http://site/books`: the site may follow the host in it.
    #[error("the path is a whole URL")]
    Absolute,
    /// No slash first.
    #[error("the path does not begin with a slash")]
    Relative,
    /// `//host/books`: some servers read a host.
    #[error("the path begins with two slashes")]
    Host,
    /// `%2f`: one segment to some servers, two to others.
    #[error("the path holds an encoded slash")]
    EncodedSlash,
    /// `\` or `%5c`: a slash to some servers.
    #[error("the path holds a backslash")]
    Backslash,
    /// A control character, raw or encoded; `%00` ends the path for some servers.
    #[error("the path holds a control character")]
    Control,
    /// A blank or a byte outside ASCII that should have been encoded.
    #[error("the path holds a blank or a letter that is not percent-encoded")]
    Unencoded,
    /// `#`: the path ends there for some servers.
    #[error("the path holds a fragment")]
    Fragment,
    /// `%zz`, `%4`.
    #[error("the path holds a percent sign without two hexadecimal digits")]
    Percent,
    /// `%2562`: who decodes twice reads something else.
    #[error("the path is percent-encoded twice")]
    EncodedTwice,
    /// Overlong forms too.
    #[error("the path is not UTF-8 once decoded")]
    NotUtf8,
    /// `..` in any spelling: clients resolve it before they send.
    #[error("the path climbs with a `..` segment")]
    Climbs,
    /// `..;`, `.;x`, `;x`: some servers cut a segment at `;`, and a dot segment or an empty one is left.
    #[error("the path holds a `;` at the start of a segment or after its dots")]
    Parameter,
    /// `.. `, `...`, a blank: some servers drop blanks and dots at the end of a segment.
    #[error("the path holds a segment of nothing but dots and blanks")]
    Dots,
}

/// A path with one meaning: decoded, beginning with a slash, without `.`, `..` and empty segments inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginalPath<'a>(Cow<'a, str>);

impl<'a> OriginalPath<'a> {
    /// Takes a path, with or without its query, as it was sent. Allocates only where it must change something.
    ///
    /// # Errors
    /// When servers differ on what it means; see [`AmbiguousPath`].
    pub fn parse(uri: &'a str) -> Result<Self, AmbiguousPath> {
        let raw = uri.split_once('?').map_or(uri, |(path, _query)| path);
        if is_plain(raw) {
            return Ok(Self(Cow::Borrowed(raw)));
        }
        begins_well(raw)?;
        raw.bytes().try_for_each(sent_well)?;
        let path = if raw.contains('%') { Cow::Owned(decode(raw)?) } else { Cow::Borrowed(raw) };
        segments(&path).try_for_each(unambiguous)?;
        Ok(Self(if is_merged(&path) { path } else { Cow::Owned(merge(&path)) }))
    }

    /// The decoded path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The parts between the slashes; the last is empty when a slash ends the path.
pub(super) fn segments(path: &str) -> std::str::Split<'_, char> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

/// Whether there is nothing to read twice and nothing to change, which holds for nearly every path there is: one look at
/// each byte instead of many.
fn is_plain(raw: &str) -> bool {
    let mut before = b'/';
    let plain = |byte: u8| {
        let begins = before == b'/';
        before = byte;
        byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') || (!begins && matches!(byte, b'/' | b'.'))
    };
    raw.len() <= LONGEST && raw.strip_prefix('/').is_some_and(|rest| rest.bytes().all(plain))
}

fn begins_well(raw: &str) -> Result<(), AmbiguousPath> {
    if raw.len() > LONGEST {
        Err(AmbiguousPath::TooLong)
    } else if raw.starts_with("//") {
        Err(AmbiguousPath::Host)
    } else if raw.starts_with('/') {
        Ok(())
    } else if raw.contains("://") {
        Err(AmbiguousPath::Absolute)
    } else {
        Err(AmbiguousPath::Relative)
    }
}

fn sent_well(byte: u8) -> Result<(), AmbiguousPath> {
    match byte {
        b'\\' => Err(AmbiguousPath::Backslash),
        b'#' => Err(AmbiguousPath::Fragment),
        b' ' | 0x80.. => Err(AmbiguousPath::Unencoded),
        0..=0x1f | 0x7f => Err(AmbiguousPath::Control),
        _ => Ok(()),
    }
}

fn decode(raw: &str) -> Result<String, AmbiguousPath> {
    let mut decoded = Vec::with_capacity(raw.len());
    let mut bytes = raw.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(if byte == b'%' { encoded(bytes.next(), bytes.next())? } else { byte });
    }
    let text = String::from_utf8(decoded).map_err(|_bytes| AmbiguousPath::NotUtf8)?;
    if text.chars().any(char::is_control) {
        return Err(AmbiguousPath::Control);
    }
    let again = |rest: &str| {
        let mut next = rest.bytes();
        digit(next.next()).is_some() && digit(next.next()).is_some()
    };
    if text.split('%').skip(1).any(again) { Err(AmbiguousPath::EncodedTwice) } else { Ok(text) }
}

fn encoded(high: Option<u8>, low: Option<u8>) -> Result<u8, AmbiguousPath> {
    match digit(high).zip(digit(low)).map(|(high, low)| high << 4 | low) {
        None => Err(AmbiguousPath::Percent),
        Some(b'/') => Err(AmbiguousPath::EncodedSlash),
        Some(b'\\') => Err(AmbiguousPath::Backslash),
        Some(byte) => Ok(byte),
    }
}

fn digit(byte: Option<u8>) -> Option<u8> {
    byte.and_then(|byte| char::from(byte).to_digit(16)).and_then(|digit| u8::try_from(digit).ok())
}

fn unambiguous(segment: &str) -> Result<(), AmbiguousPath> {
    let is_nothing = |text: &str| text.chars().all(|c| c == '.' || c.is_whitespace());
    match segment.split_once(';') {
        Some((before, _)) if is_nothing(before) => Err(AmbiguousPath::Parameter),
        None if segment == ".." => Err(AmbiguousPath::Climbs),
        None if !matches!(segment, "" | ".") && is_nothing(segment) => Err(AmbiguousPath::Dots),
        _ => Ok(()),
    }
}

fn is_merged(path: &str) -> bool {
    !path.contains("//") && segments(path).all(|segment| segment != ".")
}

fn merge(path: &str) -> String {
    let mut merged = String::with_capacity(path.len());
    for segment in segments(path).filter(|segment| !matches!(*segment, "" | ".")) {
        merged.push('/');
        merged.push_str(segment);
    }
    if matches!(segments(path).next_back(), Some("" | ".")) {
        merged.push('/');
    }
    merged
}
