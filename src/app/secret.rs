//! The secret that signs cookies and forms: inline, from a file, or from one we make on the first start.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::about;
use crate::config::{Config, SecretSource};
use crate::crypto::Random;

/// The secret cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("the session secret (session.secret_key_file) cannot be read or made: {0}")]
pub struct SecretError(String);

/// The secret; on the first start one is made.
pub(super) fn load(config: &Config, random: &Random) -> Result<Zeroizing<Vec<u8>>, SecretError> {
    if let (SecretSource::Unset, Some(path)) = (&config.session.secret, config.secret_key_path()) {
        make(&path, random).map_err(|error| SecretError(about(&path, &error)))?;
    }
    read(config)
}

/// The secret, if there is one already.
pub(super) fn read(config: &Config) -> Result<Zeroizing<Vec<u8>>, SecretError> {
    match (&config.session.secret, config.secret_key_path()) {
        (SecretSource::Inline(secret), _) => Ok(Zeroizing::new(secret.expose_secret().as_bytes().to_vec())),
        (SecretSource::File(_) | SecretSource::Unset, Some(path)) => {
            let text = Zeroizing::new(fs::read(&path).map_err(|error| SecretError(about(&path, &error)))?);
            Ok(Zeroizing::new(text.trim_ascii().to_vec()))
        }
        (SecretSource::File(_) | SecretSource::Unset, None) => {
            Err(SecretError("there is no place for its file".to_owned()))
        }
    }
}

/// Makes the file, readable by its owner only, unless it is there: of two processes that start together, one makes it.
/// It appears whole: written beside its name, then linked to it.
fn make(path: &Path, random: &Random) -> io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    let draft = path.with_extension(format!("{}.new", random.hex::<8>()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    file.write_all(Zeroizing::new(random.hex::<32>()).as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    }
}
