//! What is wrong with JSON that was sent: in the words of JSON, and not in those of the types that it was to become.

use serde::de::DeserializeOwned;
use serde_json::{Error, Value, json};

use crate::http::error::Problem;

/// How `serde` names what it wants, and how the caller does.
const WORDS: [(&str, &str); 8] = [
    ("i64", "a whole number"),
    ("u64", "a whole number, not below 0"),
    ("u32", "a whole number from 0 to 4294967295"),
    ("u8", "a whole number from 0 to 255"),
    ("a boolean", "true or false"),
    ("a sequence", "a list"),
    ("a map", "an object"),
    ("struct", "an object"),
];

/// The smallest part that is wrong.
struct Fault<'a> {
    /// Where it is: `.users[3].trust_level`.
    path: String,
    part: &'a Value,
    /// What `serde` says of it.
    said: String,
}

/// Says where it cannot become what is wanted, and what to send instead. The error is that of the whole.
pub(super) fn fault_in<T: DeserializeOwned>(text: &str, error: &Error) -> Problem {
    let Ok(whole) = serde_json::from_str::<Value>(text) else { return Problem::bad_json(&error.to_string()) };
    if !whole.is_object() {
        return Problem::bad_json(&format!("it is {}", kind(&whole)));
    }
    match find::<T>(&whole, &|all| all) {
        Some(fault) if !fault.path.is_empty() => {
            let path = fault.path.trim_start_matches('.');
            Problem::bad_member(path, &fault.in_words())
        }
        // Something is missing, or is there twice.
        Some(_) | None => Problem::bad_json(&error.to_string()),
    }
}

/// Looks for it in the parts, each alone: what is only missing then is no fault of theirs.
fn find<'a, T: DeserializeOwned>(part: &'a Value, within: &dyn Fn(Value) -> Value) -> Option<Fault<'a>> {
    let said = serde_json::from_value::<T>(within(part.clone())).err()?.to_string();
    if said.starts_with("missing field") {
        return None;
    }
    let behind = |step: String| move |fault: Fault<'a>| Fault { path: step + &fault.path, ..fault };
    let smaller = match part {
        Value::Object(members) => members.iter().find_map(|(name, value)| {
            find::<T>(value, &|one| within(json!({ name: one }))).map(behind(format!(".{name}")))
        }),
        Value::Array(entries) => entries
            .iter()
            .enumerate()
            .find_map(|(index, entry)| find::<T>(entry, &|one| within(json!([one]))).map(behind(format!("[{index}]")))),
        _ => None,
    };
    smaller.or(Some(Fault { path: String::new(), part, said }))
}

impl Fault<'_> {
    /// The value is not told: it may be a secret.
    fn in_words(&self) -> String {
        let typed = ["invalid type: ", "invalid value: "].iter().find_map(|begin| self.said.strip_prefix(begin));
        match typed.and_then(|typed| typed.rsplit_once(", expected ")) {
            Some((_, wanted)) => {
                let words = WORDS.iter().find(|(name, _)| wanted == *name || wanted.split(' ').next() == Some(*name));
                format!("send {} in place of {}", words.map_or(wanted, |(_, word)| word), kind(self.part))
            }
            None => self.said.clone(),
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(number) if number.is_f64() => "a fraction",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it can be read is asked")]
    struct Whole {
        needed: bool,
        #[serde(default)]
        parts: Vec<Part>,
        #[serde(default)]
        text: String,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it can be read is asked")]
    struct Part {
        number: i64,
        small: Option<u8>,
    }

    #[test]
    fn what_is_wrong_is_named_by_its_place_with_what_to_send_and_no_value_is_told() {
        for (text, said) in [
            (r#"{"text": 1234}"#, "text: send a string in place of a number"),
            (r#"{"text": null}"#, "text: send a string in place of null"),
            (r#"{"needed": "a, expected b"}"#, "needed: send true or false in place of a string"),
            (r#"{"needed": true, "parts": {}}"#, "parts: send a list in place of an object"),
            (
                r#"{"needed": true, "parts": [{"number": 1}, {"number": 1.5}]}"#,
                "parts[1].number: send a whole number in place of a fraction",
            ),
            (
                r#"{"parts": [{"number": 1, "small": 300}]}"#,
                "parts[0].small: send a whole number from 0 to 255 in place of a number",
            ),
            (r#"{"parts": ["x"]}"#, "parts[0]: send an object in place of a string"),
            (r#"{"parts": [{"nummer": 1}]}"#, "parts[0].nummer: unknown field `nummer`, expected `number` or `small`"),
        ] {
            assert_eq!(told(text), said, "{text}");
        }
        for (text, said) in [
            ("[]", "members: it is a list"),
            (r#"{"text": "x"}"#, "missing field `needed`"),
            (r#"{"parts": [{}], "text": 1}"#, "missing field `number`"),
            (r#"{"text": "x", "text": "x"}"#, "duplicate field `text`"),
            ("{", "EOF"),
        ] {
            assert!(told(text).contains(said), "{text}: {}", told(text));
        }
    }

    fn told(text: &str) -> String {
        fault_in::<Whole>(text, &serde_json::from_str::<Whole>(text).unwrap_err()).to_string()
    }
}
