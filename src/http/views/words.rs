//! Everything the pages say, one file a language. A page asks by id and fills in the blanks; it holds no sentence itself.
//!
//! The words are in `templates/words/en.ftl` (Fluent), so that another language is one more file. Start at
//! [`Words::say`].

mod dates;
mod notifications;
mod refusals;
mod scopes;

use std::fmt::{self, Display};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::model::ApplicationName;

pub use refusals::{REASONS, RefusalWords};
pub use scopes::SCOPES;

/// The most characters of a name on a button; the heading above it has the whole.
const LONGEST_ON_A_BUTTON: usize = 32;
const ENGLISH: &str = include_str!("../../../templates/words/en.ftl");

/// Why the words could not be read. It can only be a slip in the language file, which a test finds first.
#[derive(Debug, thiserror::Error)]
pub enum WordsError {
    /// The language's name is not one.
    #[error("the language cannot be read")]
    Language(#[from] unic_langid::LanguageIdentifierError),
    /// The language file has faults.
    #[error("the language file has faults: {0}")]
    File(String),
}

/// The words of one language. Built once and shared.
pub struct Words {
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// The English words.
    ///
    /// # Errors
    /// When the language file has faults.
    pub fn english() -> Result<Self, WordsError> {
        let file =
            FluentResource::try_new(ENGLISH.to_owned()).map_err(|(_, faults)| WordsError::File(listed(&faults)))?;
        let mut bundle = FluentBundle::new_concurrent(vec!["en".parse()?]);
        // Phrase sets right-to-left text apart itself, and leaves plain text as it is.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => Some(grouped(&number.as_string())),
            _ => None,
        }));
        bundle.add_resource(file).map_err(|faults| WordsError::File(listed(&faults)))?;
        Ok(Self { bundle })
    }

    /// The sentence with this id, to be filled in and shown. `id.part` names a part of it.
    #[must_use]
    pub fn say(&self, id: &str) -> Phrase<'_> {
        Phrase { words: self, id: id.to_owned(), blanks: FluentArgs::new() }
    }

    /// Whether there are words for this id.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.bundle.has_message(id)
    }

    /// A whole number, its thousands set apart: `2,880`.
    #[must_use]
    pub fn number(&self, number: u64) -> String {
        self.say("number").count("number", number).to_string()
    }

    /// The name of an application without quotation marks, or what stands for one that has no visible name.
    #[must_use]
    pub fn application(&self, name: &ApplicationName) -> String {
        let shown = name.shown();
        if shown.is_empty() { self.say("application-nameless").to_string() } else { shown }
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Words").field("locales", &self.bundle.locales).finish_non_exhaustive()
    }
}

/// A sentence whose blanks are being filled in. It shows itself as plain text: the template escapes it.
pub struct Phrase<'w> {
    words: &'w Words,
    id: String,
    blanks: FluentArgs<'static>,
}

impl Phrase<'_> {
    /// Fills a blank with a text. Text that may run from right to left is set apart, so that it cannot turn its neighbours.
    #[must_use]
    pub fn with(mut self, blank: &'static str, text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        let foreign = text.chars().any(runs_right_to_left);
        let text = if foreign { format!("\u{2068}{text}\u{2069}") } else { text.to_owned() };
        self.blanks.set(blank, text);
        self
    }

    /// Fills a blank with a whole number, which also chooses between singular and plural.
    #[must_use]
    pub fn count(mut self, blank: &'static str, number: impl Into<u64>) -> Self {
        self.blanks.set(blank, FluentValue::from(number.into()));
        self
    }

    /// Fills `$application` (`“Deskbell”`, in quotation marks because it is the application's own claim), `$Application` (for
    /// the start of a sentence), `$bare` (without quotation marks) and `$brief` (the same, cut short for a button).
    #[must_use]
    pub fn application(self, name: &ApplicationName) -> Self {
        let words = self.words;
        let shown = name.shown();
        if shown.is_empty() {
            let nameless = words.say("application-nameless").to_string();
            let start = words.say("application-nameless-start").to_string();
            return self.names(&nameless, &start, &nameless);
        }
        let quoted = words.say("quoted").with("text", &shown).to_string();
        self.names(&quoted, &quoted, &shown)
    }

    fn names(self, application: &str, start: &str, bare: &str) -> Self {
        let named = self.with("application", application).with("Application", start);
        named.with("bare", bare).with("brief", brief(bare))
    }
}

impl Display for Phrase<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (id, part) = self.id.split_once('.').map_or((self.id.as_str(), None), |(id, part)| (id, Some(part)));
        let bundle = &self.words.bundle;
        let pattern = bundle.get_message(id).and_then(|message| match part {
            Some(part) => message.get_attribute(part).map(|attribute| attribute.value()),
            None => message.value(),
        });
        match pattern {
            Some(pattern) => f.write_str(&bundle.format_pattern(pattern, Some(&self.blanks), &mut Vec::new())),
            // A page with a strange word on it is better than no page.
            None => f.write_str(&self.id),
        }
    }
}

fn brief(name: &str) -> String {
    if name.chars().count() <= LONGEST_ON_A_BUTTON {
        return name.to_owned();
    }
    let kept: String = name.chars().take(LONGEST_ON_A_BUTTON - 1).collect();
    format!("{}…", kept.trim_end_matches([' ', '…', ',', '.']))
}

/// Whether a letter's block belongs to a script that is written from right to left.
fn runs_right_to_left(c: char) -> bool {
    matches!(u32::from(c), 0x590..=0x8FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFE | 0x10800..=0x10FFF | 0x1E800..=0x1EFFF)
}

fn listed<T: fmt::Debug>(faults: &[T]) -> String {
    faults.iter().map(|fault| format!("{fault:?}")).collect::<Vec<_>>().join("; ")
}

fn grouped(digits: &str) -> String {
    let length = digits.chars().count();
    let mut shown = String::with_capacity(length + length / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (length - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}
