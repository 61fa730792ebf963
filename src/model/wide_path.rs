//! A path as the most generous of servers reads it, for rules that must not miss one (`security.md W10`).

use std::borrow::Cow;

use super::original_path::segments;

/// The path as the most generous of servers reads it: in small letters, without parameters behind a `;`, without blanks and
/// dots at the end of a segment, without a slash at its end.
pub(super) fn widely(path: &str) -> Cow<'_, str> {
    let path = without_slash(path);
    if path.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'/' | b'-' | b'_'))
    {
        return Cow::Borrowed(path);
    }
    let mut wide = String::with_capacity(path.len());
    for segment in segments(path) {
        wide.push('/');
        wide.push_str(&widely_segment(segment));
    }
    Cow::Owned(wide)
}

pub(super) fn without_slash(path: &str) -> &str {
    path.strip_suffix('/').filter(|rest| !rest.is_empty()).unwrap_or(path)
}

pub(super) fn widely_segment(segment: &str) -> Cow<'_, str> {
    let named = segment.split_once(';').map_or(segment, |(name, _parameters)| name);
    let named = named.trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    if named.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(named);
    }
    // By way of the capital, which letters share that are not each other's small form: `ſ` and `s`, `ẞ` and `ss`. Letter by letter,
    // because the small form of a whole word knows a `ς` at its end, where an ending may follow.
    let small = named.chars().flat_map(char::to_lowercase);
    Cow::Owned(small.flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect())
}

/// Without what many sites take for the wanted format: `/books.json`, `/books.xml`.
pub(super) fn without_ending(path: &str) -> Option<&str> {
    let (bare, ending) = path.rsplit_once('.')?;
    (!ending.contains('/') && !bare.ends_with('/')).then_some(bare)
}
