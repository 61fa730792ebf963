//! The named values of a request, before any of them is parsed.

use std::fmt::{self, Debug};

/// A field that came more than once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} was sent more than once; send it once")]
pub struct Repeated(pub String);

/// Named values in the order in which they came.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// The fields of these pairs.
    #[must_use]
    pub const fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The fields in the order in which they came.
    pub fn pairs(&self) -> impl Iterator<Item = &(String, String)> {
        self.0.iter()
    }

    /// The name of one that is none of these, if there is any.
    #[must_use]
    pub fn other_than(&self, known: &[&str]) -> Option<&str> {
        self.0.iter().map(|(name, _)| name.as_str()).find(|name| !known.contains(name))
    }

    /// The value of a field; `None` when it was not sent, `Some("")` when it was sent empty.
    ///
    /// # Errors
    /// When it came twice: two readers of one request could each take another of the two (`product.md` section 9).
    pub fn get(&self, name: &str) -> Result<Option<&str>, Repeated> {
        let mut values = self.0.iter().filter(|(n, _)| n == name).map(|(_, value)| value.as_str());
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(Repeated(name.to_owned())),
            (value, None) => Ok(value),
        }
    }

    /// The same with a line feed for every line break. A browser's form sends CR LF for each, whatever the page had,
    /// and an application that sent a nonce with a line feed compares what comes back.
    #[must_use]
    pub fn with_line_feeds(&self) -> Self {
        let plain = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n");
        Self(self.0.iter().map(|(name, value)| (name.clone(), plain(value))).collect())
    }

    /// The value of an optional field, of which empty and blank mean absent (`clients.md` 2.2).
    ///
    /// # Errors
    /// When it came twice.
    pub fn filled(&self, name: &str) -> Result<Option<&str>, Repeated> {
        Ok(self.get(name)?.filter(|value| !value.trim().is_empty()))
    }
}

// Passwords pass through here.
impl Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}
