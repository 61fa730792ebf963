//! What is wrong with the configuration, told so that one reading is enough to repair it.

use std::fmt::{self, Display};
use std::path::PathBuf;

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// A file.
    File {
        /// The file as it was named.
        path: PathBuf,
        /// The line, from 1; `None` when the fault is the file as a whole.
        line: Option<usize>,
    },
    /// The environment variable of this name.
    Environment(String),
    /// The flag with this spelling, such as `--set server.listen`.
    Flag(String),
}

impl Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line: Some(line) } => write!(f, "{}, line {line}", path.display()),
            Self::File { path, line: None } => write!(f, "{}", path.display()),
            Self::Environment(name) => write!(f, "environment variable {name}"),
            Self::Flag(flag) => write!(f, "flag {flag}"),
        }
    }
}

/// One thing that is wrong. Holds no secret: the value is there only where it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The key, such as `server.listen`, or what stands in its place.
    pub key: String,
    /// Where the value came from.
    pub origin: Origin,
    /// The value in TOML, where it may be shown.
    pub value: Option<String>,
    /// What is wrong: a sentence about the value without a full stop.
    pub problem: String,
    /// What to write instead.
    pub remedy: String,
}

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.key)?;
        writeln!(f, "  from:   {}", self.origin)?;
        if let Some(value) = &self.value {
            writeln!(f, "  value:  {value}")?;
        }
        writeln!(f, "  wrong:  {}", self.problem)?;
        write!(f, "  write:  {}", self.remedy)
    }
}

/// Every fault of the configuration at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    pub(super) const fn new(faults: Vec<Fault>) -> Self {
        Self(faults)
    }

    /// The faults, in the order in which they were found.
    #[must_use]
    pub fn as_slice(&self) -> &[Fault] {
        &self.0
    }
}

impl Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => f.write_str("the configuration has a fault:")?,
            count => write!(f, "the configuration has {count} faults:")?,
        }
        self.0.iter().try_for_each(|fault| write!(f, "\n\n{fault}"))
    }
}

impl std::error::Error for Faults {}
