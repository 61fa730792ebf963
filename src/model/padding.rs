//! How a payload is padded before RSA, as the application asks for it.

use std::fmt::{self, Display};

/// What is wrong with a `padding` parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("padding is one of pkcs1 (the default), oaep and oaep-sha256")]
pub struct PaddingError;

/// The padding of a payload (`C-078`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Padding {
    /// RSAES-PKCS1-v1_5: what an application gets that does not ask. Kept for those that cannot do better.
    #[default]
    Pkcs1,
    /// OAEP with SHA-1, MGF1 with SHA-1 and the empty label.
    Oaep,
    /// OAEP with SHA-256, MGF1 with SHA-256 and the empty label.
    OaepSha256,
}

impl Padding {
    /// The padding a request asks for; absent or blank is PKCS#1 v1.5, because old applications send nothing
    /// (`C-078`).
    ///
    /// # Errors
    /// When the word is none of the three (`C-062`).
    pub fn parse(word: Option<&str>) -> Result<Self, PaddingError> {
        match word.map(str::trim) {
            None | Some("" | "pkcs1") => Ok(Self::Pkcs1),
            Some("oaep") => Ok(Self::Oaep),
            Some("oaep-sha256") => Ok(Self::OaepSha256),
            Some(_) => Err(PaddingError),
        }
    }

    /// The word of the protocol.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pkcs1 => "pkcs1",
            Self::Oaep => "oaep",
            Self::OaepSha256 => "oaep-sha256",
        }
    }

    /// Bytes of each block that the padding takes for itself (RFC 8017 7.1.1, 7.2.1; `C-079`).
    #[must_use]
    pub const fn overhead(self) -> usize {
        match self {
            Self::Pkcs1 => 11,
            Self::Oaep => 42,
            Self::OaepSha256 => 66,
        }
    }
}

/// The name in messages (`C-067`).
impl Display for Padding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pkcs1 => "PKCS#1",
            Self::Oaep => "OAEP",
            Self::OaepSha256 => "OAEP-SHA256",
        })
    }
}
