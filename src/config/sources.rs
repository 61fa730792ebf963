//! Where settings come from, and the one place that looks at the process: [`Sources::gather`], which `cli` calls.

use std::ffi::OsString;
use std::fmt::{self, Debug};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::faults::{Fault, Origin};

const PREFIX: &str = "HALLPASS_";
const FILE_VARIABLE: &str = "HALLPASS_CONFIG";
const DEFAULT_FILE: &str = "hallpass.toml";

/// The text of a configuration file.
pub struct FileSource {
    /// The file as it was named, for faults.
    pub path: PathBuf,
    /// What it holds: TOML.
    pub text: String,
}

/// All that was said, from the weakest to the strongest voice: file, environment, flags.
#[derive(Default)]
pub struct Sources {
    /// The file, where there is one.
    pub file: Option<FileSource>,
    /// Environment variables; those that are no settings are passed over.
    pub environment: Vec<(String, String)>,
    /// Pairs of `section.key` and value, as `--set` takes them; of two for one key the last counts.
    pub flags: Vec<(String, String)>,
    /// What could not be read at all; reported together with the other faults.
    pub unread: Vec<Fault>,
}

impl Sources {
    /// Reads the file and the environment of this process. The file is `config`, else what `HALLPASS_CONFIG` names,
    /// else `hallpass.toml` in the working directory, which alone may be missing.
    #[must_use]
    pub fn gather(config: Option<PathBuf>, flags: Vec<(String, String)>) -> Self {
        Self::of_process(config, std::env::vars_os(), flags)
    }

    /// Like [`Sources::gather`], with the environment handed in.
    pub fn of_process(
        config: Option<PathBuf>,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
        flags: Vec<(String, String)>,
    ) -> Self {
        let mut sources = Self { flags, ..Self::default() };
        let mut named = config.map(|path| (path, Origin::Flag("--config".to_owned())));
        for (name, value) in variables {
            let Ok(name) = name.into_string() else { continue };
            if name == FILE_VARIABLE && !value.is_empty() {
                named = named.or_else(|| Some((value.into(), Origin::Environment(name))));
            } else if is_setting(&name) {
                sources.take_variable(name, value);
            }
        }
        sources.take_file(named.as_ref());
        sources
    }

    fn take_variable(&mut self, name: String, value: OsString) {
        match value.into_string() {
            Ok(value) => self.environment.push((name, value)),
            Err(_value) => self.unread.push(Fault {
                key: name.clone(),
                origin: Origin::Environment(name),
                value: None,
                problem: "it is not UTF-8".to_owned(),
                remedy: "text in UTF-8".to_owned(),
            }),
        }
    }

    fn take_file(&mut self, named: Option<&(PathBuf, Origin)>) {
        let path = named.map_or(Path::new(DEFAULT_FILE), |(path, _)| path);
        match std::fs::read_to_string(path) {
            Ok(text) => self.file = Some(FileSource { path: path.to_owned(), text }),
            Err(error) if error.kind() == ErrorKind::NotFound && named.is_none() => {}
            Err(error) => self.unread.push(unreadable(path, named.map(|(_, origin)| origin), &error)),
        }
    }
}

fn unreadable(path: &Path, origin: Option<&Origin>, error: &std::io::Error) -> Fault {
    let here = Origin::File { path: path.to_owned(), line: None };
    Fault {
        key: "the configuration file".to_owned(),
        origin: origin.cloned().unwrap_or(here),
        value: Some(path.display().to_string()),
        problem: format!("it cannot be read: {error}"),
        remedy: "the path of a TOML file in UTF-8 that this user may read; `hallpass config sample` prints one"
            .to_owned(),
    }
}

/// Whether the variable is a setting: `HALLPASS_` with a `__` behind it.
pub(super) fn is_setting(variable: &str) -> bool {
    variable.strip_prefix(PREFIX).is_some_and(|rest| rest.contains("__"))
}

/// Section and name as an environment variable spells them; not yet known to exist.
pub(super) fn split_variable(variable: &str) -> Option<(&str, &str)> {
    variable.strip_prefix(PREFIX)?.split_once("__")
}

// Values may be secret, so the debug form has names only.
impl Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |pairs: &[(String, String)]| pairs.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        f.debug_struct("Sources")
            .field("file", &self.file)
            .field("environment", &names(&self.environment))
            .field("flags", &names(&self.flags))
            .finish_non_exhaustive()
    }
}

impl Debug for FileSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileSource").field("path", &self.path).finish_non_exhaustive()
    }
}
