//! The name an application gives itself: kept as it came, shown without what could deceive (`security.md` C3, C4).

use std::fmt::{self, Display};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest name, in bytes (`C-076`).
const LONGEST_BYTES: usize = 200;
/// The most characters of a name that a page shows, the ellipsis among them.
const LONGEST_SHOWN: usize = 80;
/// Real writing stacks two marks on a letter; more of them run over the neighbouring lines.
const MARKS_ON_A_LETTER: usize = 2;

/// What is wrong with an application's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplicationNameError {
    /// There is no name.
    #[error("application_name is empty")]
    Empty,
    /// The name is longer than 200 bytes.
    #[error("application_name is longer than {LONGEST_BYTES} bytes")]
    TooLong,
}

/// What an application calls itself. Nobody has checked it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ApplicationName(String);

impl ApplicationName {
    /// The name as the application sent it.
    ///
    /// # Errors
    /// When it is empty or longer than 200 bytes.
    pub fn parse(raw: &str) -> Result<Self, ApplicationNameError> {
        match raw.len() {
            0 => Err(ApplicationNameError::Empty),
            length if length > LONGEST_BYTES => Err(ApplicationNameError::TooLong),
            _ => Ok(Self(raw.to_owned())),
        }
    }

    /// The name byte for byte, for the protocol and the database. Pages use [`shown`](Self::shown).
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name for people: composed, without control, direction or invisible characters, on one line, at most
    /// 80 characters. Empty when nothing visible is left.
    #[must_use]
    pub fn shown(&self) -> String {
        shorten(&cleaned(&self.0))
    }

    /// Whether the name looks like the site's own, or calls itself official (`security.md` C4).
    #[must_use]
    pub fn imitates(&self, site_title: &str) -> bool {
        let name = cleaned(&self.0);
        let title = cleaned(site_title);
        let same = looks(&name).iter().zip(looks(&title)).any(|(name, title)| !name.is_empty() && *name == title);
        same || says_official(&name)
    }
}

/// The shown form, so that a name in a log or a message is never the raw one.
impl Display for ApplicationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

fn cleaned(raw: &str) -> String {
    let mut marks = 0;
    let visible: String = raw
        .nfc()
        .filter(|&c| !is_invisible(c))
        .filter(|&c| {
            marks = if is_combining_mark(c) { marks + 1 } else { 0 };
            marks <= MARKS_ON_A_LETTER
        })
        .map(|c| if is_blank(c) { ' ' } else { c })
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shorten(name: &str) -> String {
    if name.chars().count() <= LONGEST_SHOWN {
        return name.to_owned();
    }
    let kept: String = name.chars().take(LONGEST_SHOWN - 1).collect();
    format!("{}…", kept.trim_end())
}

/// Controls, format characters (Unicode `Cf`), variation selectors, fillers, tags, private use and noncharacters.
/// Blank ones count as space instead, so that two words stay two.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    let unseen = matches!(u32::from(c),
        0xAD | 0x34F | 0x600..=0x605 | 0x61C | 0x6DD | 0x70F | 0x890..=0x891 | 0x8E2 | 0x115F..=0x1160
        | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0x3164
        | 0xE000..=0xF8FF | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFF | 0x110BD | 0x110CD
        | 0x13430..=0x1343F | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0x0010_FFFF);
    unseen || (c.is_control() && !c.is_whitespace())
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{2800}'
}

/// Two readings of a text by eye, since folding case before or after the look-alikes are folded catches different ones:
/// `I` is an `i` to one and an `l` to the other. Letters and digits only, without accents.
fn looks(text: &str) -> [String; 2] {
    let bare: String = text.nfkd().filter(|&c| !is_combining_mark(c)).collect();
    [bare.to_lowercase(), bare].map(|text| {
        let alike: String = unicode_security::skeleton(&text).collect();
        alike.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
    })
}

fn says_official(name: &str) -> bool {
    let official = looks("official");
    name.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c)).any(|word| {
        let word = looks(word);
        word.iter().zip(&official).any(|(word, official)| word == official)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(raw: &str) -> ApplicationName {
        ApplicationName::parse(raw).expect("a name")
    }

    #[test]
    fn a_name_has_1_to_200_bytes_c076() {
        assert_eq!(ApplicationName::parse(""), Err(ApplicationNameError::Empty));
        assert!(ApplicationName::parse(&"é".repeat(100)).is_ok());
        assert_eq!(ApplicationName::parse(&"é".repeat(101)), Err(ApplicationNameError::TooLong));
    }

    #[test]
    fn the_raw_name_is_kept_for_the_protocol() {
        assert_eq!(name(" a\u{202e}b ").as_str(), " a\u{202e}b ");
    }

    #[test]
    fn controls_directions_and_invisible_characters_are_not_shown_c3() {
        assert_eq!(name("Desk\u{200b}bell\u{202e}\u{7}\u{feff}\u{ad}\u{e0041}").shown(), "Deskbell");
        assert_eq!(name(" Desk\r\n\t bell\u{2028}2\u{a0}\u{2800}").shown(), "Desk bell 2");
        assert_eq!(name("Cafe\u{301}").shown(), "Café");
        assert_eq!(name("\u{200b}\u{3164}\u{202e}").shown(), "");
    }

    #[test]
    fn a_long_name_ends_in_an_ellipsis_c3() {
        let shown = name(&"ab ".repeat(60)).shown();
        assert!(shown.ends_with('…') && shown.chars().count() <= LONGEST_SHOWN, "{shown}");
        assert_eq!(name(&"a".repeat(80)).shown(), "a".repeat(80));
    }

    #[test]
    fn marks_do_not_pile_up_c3() {
        let shown = name(&format!("Z{}algo", "\u{301}\u{302}\u{303}\u{304}".repeat(8))).shown();
        assert!(shown.chars().filter(|&c| is_combining_mark(c)).count() <= MARKS_ON_A_LETTER, "{shown:?}");
    }

    #[test]
    fn look_alikes_of_the_sites_name_are_found_c4() {
        let alike = [
            "Meadow Forum",
            "meadow  forum",
            "MEADOWFORUM",
            "Meadow-Forum",
            "Méadow Forum",
            "Меаdоw Fоrum",
            "Meadow F0rum",
            "Ｍｅａｄｏｗ Forum",
            "Mea\u{200b}dow Forum",
            "rneadow forum",
        ];
        for alike in alike {
            assert!(name(alike).imitates("Meadow Forum"), "{alike}");
        }
        for other in ["Deskbell", "Meadow Forum Notifier", "Forum"] {
            assert!(!name(other).imitates("Meadow Forum"), "{other}");
        }
        assert!(name("lllinois").imitates("Illinois"));
        assert!(!name("\u{200b}").imitates(""));
    }

    #[test]
    fn the_word_official_is_kept_for_registered_applications_c4() {
        for claim in ["Official Deskbell", "Deskbell (OFFICIAL)", "оfficial app", "0fficial", "Deskbell-official"] {
            assert!(name(claim).imitates("Meadow Forum"), "{claim}");
        }
        assert!(!name("Unofficial Deskbell").imitates("Meadow Forum"));
        assert!(!name("Officially yours").imitates("Meadow Forum"));
    }
}
