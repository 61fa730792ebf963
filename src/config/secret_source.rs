//! A secret that may be a setting itself, or in a file that a setting names.

use std::path::PathBuf;

use secrecy::SecretString;

use super::catalog::Setting;
use super::reader::Reader;

/// Where a secret comes from.
#[derive(Clone, Debug)]
pub enum SecretSource {
    /// Nothing was said.
    Unset,
    /// The secret itself, at least 32 characters.
    Inline(SecretString),
    /// A file that must exist and holds it.
    File(PathBuf),
}

impl SecretSource {
    /// The shortest secret that is taken, in characters.
    pub const SHORTEST: usize = 32;

    /// Reads both settings, of which one may be filled.
    pub(super) fn read(reader: &mut Reader, inline: &'static Setting, file: &'static Setting) -> Option<Self> {
        let secret = reader.optional(inline, secret);
        let path = reader.optional(file, path);
        match (secret?, path?) {
            (Some(_), Some(_)) => {
                let problem = format!("`{}` is set as well, and only one of them can count", inline.key());
                reader.conflict(file, problem, "one of the two; the other left out, or empty");
                None
            }
            (Some(secret), None) => Some(Self::Inline(secret)),
            (None, Some(path)) => Some(Self::File(path)),
            (None, None) => Some(Self::Unset),
        }
    }
}

fn secret(text: &str) -> Result<SecretString, &'static str> {
    if text.chars().count() < SecretSource::SHORTEST { Err("it is too short to be a secret") } else { Ok(text.into()) }
}

fn path(text: &str) -> Result<PathBuf, &'static str> {
    if text.contains('\0') || text.ends_with('/') { Err("it is not the path of a file") } else { Ok(text.into()) }
}
