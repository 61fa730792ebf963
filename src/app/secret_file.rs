//! A secret in a file that a setting names.

use std::fs;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::{BuildError, about, callers, part, push};
use crate::config::{Config, SecretSource};
use crate::crypto::Sealer;

/// The setting that names the file of the session's secret.
pub(super) const OF_SESSION: &str = "session.secret_key_file";

/// The secret in the file; a fault begins with the setting.
fn read(setting: &str, path: &Path) -> Result<SecretString, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{setting}: {}", about(path, &error)))?;
    let (secret, shortest) = (text.trim(), SecretSource::SHORTEST);
    if secret.chars().count() < shortest {
        return Err(format!("{setting}: {}: the secret is shorter than {shortest} characters", path.display()));
    }
    Ok(SecretString::from(secret))
}

/// The secret, if one is given; `setting` names its file.
///
/// # Errors
/// When the file cannot be read, or holds a short one.
pub(super) fn given(setting: &str, source: &SecretSource) -> Result<Option<SecretString>, BuildError> {
    match source {
        SecretSource::Unset => Ok(None),
        SecretSource::Inline(secret) => Ok(Some(secret.clone())),
        SecretSource::File(path) => read(setting, path).map(Some).map_err(part),
    }
}

/// What is wrong with the files of secrets that the settings name: the service does not start then.
#[must_use]
pub fn secret_faults(config: &Config) -> Vec<String> {
    let session = &config.session.secret;
    let named =
        [(push::SECRET_FILE, &config.user_api.push_api_secret_key), (callers::SECRET_FILE, &config.verify.secret)];
    let others = named.into_iter().filter_map(|(setting, source)| read(setting, file_of(source)?).err());
    file_of(session).and_then(|path| session_fault(path)).into_iter().chain(others).collect()
}

/// Any bytes will do in this one.
fn session_fault(path: &Path) -> Option<String> {
    let read = fs::read(path).map_err(|error| about(path, &error));
    let parsed = read.and_then(|bytes| Sealer::parse(bytes.trim_ascii()).map_err(|error| error.to_string()));
    parsed.err().map(|fault| format!("{OF_SESSION}: {fault}"))
}

const fn file_of(source: &SecretSource) -> Option<&PathBuf> {
    if let SecretSource::File(path) = source { Some(path) } else { None }
}
