//! A value as it was given, before anybody knows what it should be.

use toml::de::DeValue;

/// A value from a file, or the text of a variable or flag.
pub(super) enum Value {
    /// Text in quotes.
    Text(String),
    /// The text of an environment variable or a flag, where numbers and lists are text too.
    Bare(String),
    Integer(i64),
    Boolean(bool),
    List(Vec<Value>),
    /// Something no setting takes: a date, a table, a number with a fraction or too large.
    Other,
}

impl Value {
    /// Reads one value of TOML.
    pub(super) fn of_toml(value: &DeValue<'_>) -> Self {
        match value {
            DeValue::String(text) => Self::Text(text.to_string()),
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).map_or(Self::Other, Self::Integer)
            }
            DeValue::Boolean(value) => Self::Boolean(*value),
            DeValue::Array(items) => Self::List(items.iter().map(|item| Self::of_toml(item.get_ref())).collect()),
            DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Table(_) => Self::Other,
        }
    }

    /// The text, or what is wrong.
    pub(super) fn text(&self) -> Result<&str, &'static str> {
        match self {
            Self::Text(text) | Self::Bare(text) => Ok(text),
            _ => Err("it is not text in quotes"),
        }
    }

    /// The whole number, or what is wrong.
    pub(super) fn integer(&self) -> Result<i64, &'static str> {
        match self {
            Self::Integer(number) => Ok(*number),
            Self::Bare(text) => digits(text).ok_or("it is not a whole number in plain digits"),
            Self::Text(_) => Err("it is text; a number stands without quotes"),
            _ => Err("it is not a whole number"),
        }
    }

    /// The truth value, or what is wrong.
    pub(super) fn boolean(&self) -> Result<bool, &'static str> {
        match self {
            Self::Boolean(value) => Ok(*value),
            Self::Bare(text) => text.parse().map_err(|_not_a_bool| "it is neither `true` nor `false`"),
            Self::Text(_) => Err("it is text; `true` and `false` stand without quotes"),
            _ => Err("it is neither `true` nor `false`"),
        }
    }

    /// The entries, blank ones left out, or what is wrong.
    pub(super) fn list(&self) -> Result<Vec<&str>, &'static str> {
        let entries = match self {
            Self::Text(text) | Self::Bare(text) => text.split('|').collect(),
            Self::List(items) => items.iter().map(Self::entry).collect::<Result<Vec<_>, _>>()?,
            _ => return Err("it is not a list"),
        };
        Ok(entries.into_iter().map(str::trim).filter(|entry| !entry.is_empty()).collect())
    }

    /// The texts of an array, or the one text; a `|` stands for itself.
    pub(super) fn texts(&self) -> Result<Vec<&str>, &'static str> {
        match self {
            Self::List(items) => items.iter().map(Self::text).collect(),
            one => Ok(vec![one.text()?]),
        }
    }

    fn entry(&self) -> Result<&str, &'static str> {
        match self {
            Self::Text(text) if text.contains('|') => Err("an entry of the array holds a `|`; make it two entries"),
            Self::Text(text) => Ok(text),
            _ => Err("an entry of the array is not text in quotes"),
        }
    }

    /// The value in TOML, for showing it.
    pub(super) fn toml(&self) -> String {
        match self {
            Self::Text(text) | Self::Bare(text) => quote(text),
            Self::Integer(number) => number.to_string(),
            Self::Boolean(value) => value.to_string(),
            Self::List(items) => format!("[{}]", items.iter().map(Self::toml).collect::<Vec<_>>().join(", ")),
            Self::Other => "(not shown)".to_owned(),
        }
    }
}

/// All of them, or what is wrong with each that is wrong.
pub(super) fn all<T>(parsed: impl Iterator<Item = Result<T, String>>) -> Result<Vec<T>, String> {
    let (mut good, mut wrong) = (Vec::new(), Vec::new());
    for entry in parsed {
        match entry {
            Ok(entry) => good.push(entry),
            Err(problem) => wrong.push(problem),
        }
    }
    if wrong.is_empty() { Ok(good) } else { Err(wrong.join("; ")) }
}

/// Text as a string of TOML.
pub(super) fn quote(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// Texts as an array of TOML.
pub(super) fn quote_all(entries: &[&str]) -> String {
    format!("[{}]", entries.iter().map(|entry| quote(entry)).collect::<Vec<_>>().join(", "))
}

// Stricter than `str::parse`, which takes `+5`.
fn digits(text: &str) -> Option<i64> {
    let plain = text.strip_prefix('-').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}
