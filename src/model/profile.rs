//! What the site says of a user beyond what they sign in with.

use std::fmt::{self, Display};

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// Not the site's id of a user.
    #[error("an external_id is 1 to 200 characters without control characters")]
    ExternalId,
    /// Not the address of a picture.
    #[error(
        "an avatar_template is an http or https URL of at most 500 characters, in which {{size}} may stand for the width"
    )]
    AvatarTemplate,
    /// Not a name to go by.
    #[error("a name is at most 200 characters without control characters")]
    FullName,
}

fn is_plain(text: &str, most: usize) -> bool {
    text.chars().count() <= most && !text.chars().any(char::is_control)
}

/// What the site itself calls the user: a number of its own table, a UUID. Unique; its case counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalId(String);

impl ExternalId {
    /// # Errors
    /// When it is not 1 to 200 characters without control characters.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let good = !text.is_empty() && is_plain(text, 200);
        if good { Ok(Self(text.to_owned())) } else { Err(ProfileError::ExternalId) }
    }

    /// The id as the site writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for ExternalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where the site has the user's picture. It goes out to applications; our own pages load nothing from elsewhere (`security.md R7`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AvatarTemplate(String);

impl AvatarTemplate {
    /// # Errors
    /// When it is no `http` or `https` URL of at most 500 characters.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let sized = text.replace("{size}", "1");
        let is_web =
            url::Url::parse(&sized).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let good = is_web && is_plain(text, 500) && !text.contains(char::is_whitespace);
        if good { Ok(Self(text.to_owned())) } else { Err(ProfileError::AvatarTemplate) }
    }

    /// The template; `{size}` stays for the program to fill in.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name that a user goes by; may be empty.
///
/// # Errors
/// When it is more than 200 characters, or one of them is a control character.
pub fn parse_full_name(text: &str) -> Result<String, ProfileError> {
    if is_plain(text, 200) { Ok(text.to_owned()) } else { Err(ProfileError::FullName) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_on_the_web() {
        for good in ["https://cdn.example/u/7/{size}.png", "http://site.example/a?s={size}"] {
            assert_eq!(AvatarTemplate::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "/u/7.png",
            "javascript:alert(1)",
            "data:image/png;base64,",
            "https://",
            "https://a/ b",
            "https://a/\n",
        ] {
            assert!(AvatarTemplate::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_external_id_is_whatever_the_site_has_without_what_databases_refuse() {
        for good in ["7", "550e8400-e29b-41d4-a716-446655440000", "ada@example.org", "Zoë"] {
            assert_eq!(ExternalId::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "a\0b", "a\nb", &"x".repeat(201)] {
            assert!(ExternalId::parse(bad).is_err(), "{bad:?}");
        }
    }
}
