//! What a program says it is: its own claim, for people to recognise it by.

/// The most that is kept, bytes.
const LONGEST: usize = 300;
/// The most of a program's name that is shown, characters.
const LONGEST_NAME: usize = 30;

/// The header `User-Agent`, cut to what can be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserAgent(String);

// What to look for, in this order: most browsers name others beside themselves.
const BROWSERS: [(&str, &str); 5] =
    [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
const SYSTEMS: [(&str, &str); 9] = [
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Mac OS X", "macOS"),
    ("macOS", "macOS"),
    ("Darwin", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

impl UserAgent {
    /// The header's value: what is not plain ASCII is left out, what is too long cut.
    #[must_use]
    pub fn of(header: &str) -> Self {
        Self(header.chars().filter(|c| matches!(c, ' '..='~')).take(LONGEST).collect())
    }

    /// The text that is kept.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The program: a browser by its name, any other by the first word up to its version.
    #[must_use]
    pub fn program(&self) -> Option<String> {
        let browser = || BROWSERS.iter().find(|(mark, _)| self.0.contains(mark)).map(|(_, name)| (*name).to_owned());
        let word = self.0.split([' ', '/', '(', ';']).next().unwrap_or_default();
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let name: String = word.chars().filter(|c| known(*c)).take(LONGEST_NAME).collect();
        if name == "Mozilla" { browser() } else { Some(name).filter(|name| !name.is_empty()) }
    }

    /// The system it runs on, where it says so.
    #[must_use]
    pub fn system(&self) -> Option<&'static str> {
        SYSTEMS.iter().find(|(mark, _)| self.0.contains(mark)).map(|(_, name)| *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str) -> (Option<String>, Option<&'static str>) {
        let agent = UserAgent::of(header);
        (agent.program(), agent.system())
    }

    #[test]
    fn programs_and_systems_are_told_in_words_c9() {
        let named = |program: &str, system| (Some(program.to_owned()), system);
        assert_eq!(read("curl/8.5.0"), named("curl", None));
        assert_eq!(read("node"), named("node", None));
        assert_eq!(read("Deskbell/2.1 (Linux; x86_64)"), named("Deskbell", Some("Linux")));
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";
        assert_eq!(read(chrome), named("Chrome", Some("Windows")));
        assert_eq!(read("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"), named("Firefox", Some("Linux")));
        assert_eq!(read(""), (None, None));
        assert_eq!(read("\u{202e}<b>evil</b>"), named("bevil", None));
        assert_eq!(UserAgent::of(&"x".repeat(5000)).as_str().len(), 300);
    }
}
