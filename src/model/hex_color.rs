//! A colour that is safe to write into a style sheet.

use std::fmt::{self, Display};

/// What is wrong with a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a colour is `#` and three or six hexadecimal digits")]
pub struct HexColorError;

/// A colour as `#rrggbb` in lower case: nothing but seven known characters, so it needs no escaping in CSS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HexColor(String);

impl HexColor {
    /// Reads `#rgb` or `#rrggbb`, in either case.
    ///
    /// # Errors
    /// When the text is anything else, the name of a colour included.
    pub fn parse(text: &str) -> Result<Self, HexColorError> {
        let digits = text.strip_prefix('#').filter(|digits| digits.chars().all(|c| c.is_ascii_hexdigit()));
        let digits = digits.ok_or(HexColorError)?.to_ascii_lowercase();
        match digits.len() {
            3 => Ok(Self(digits.chars().fold(String::from("#"), |color, c| format!("{color}{c}{c}")))),
            6 => Ok(Self(format!("#{digits}"))),
            _ => Err(HexColorError),
        }
    }

    /// The seven characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for HexColor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
