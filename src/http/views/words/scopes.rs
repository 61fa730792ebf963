//! What each scope lets an application do, and what each group is called.

use super::Words;

/// The scopes that have words of their own (`details.md` 3). Any other is named as it is.
pub const SCOPES: [&str; 9] = [
    "read",
    "write",
    "message_bus",
    "push",
    "one_time_password",
    "notifications",
    "session_info",
    "bookmarks_calendar",
    "user_status",
];

impl Words {
    /// What a scope allows, after “It will be able to”: `read everything you can read`.
    #[must_use]
    pub fn scope_label(&self, scope: &str) -> String {
        self.scope(scope, "")
    }

    /// What a scope allows, in a word or two for a list.
    #[must_use]
    pub fn scope_short(&self, scope: &str) -> String {
        self.scope(scope, ".short")
    }

    /// Several things on one line, in the order given.
    #[must_use]
    pub fn listed<'s>(&self, things: impl IntoIterator<Item = &'s str>) -> String {
        things.into_iter().collect::<Vec<_>>().join(&self.say("list-comma").to_string())
    }

    /// What people call a group: `administrators` for `admins`, `trust level 2` for `trust_level_2`.
    #[must_use]
    pub fn group(&self, group: &str) -> String {
        match (group, group.strip_prefix("trust_level_")) {
            ("admins", _) => self.say("group-admins").to_string(),
            ("moderators", _) => self.say("group-moderators").to_string(),
            ("staff", _) => self.say("group-staff").to_string(),
            (_, Some(level)) => self.say("group-trust-level").with("level", level).to_string(),
            _ => self.say("quoted").with("text", group).to_string(),
        }
    }

    /// Several groups, any of which will do: `administrators, moderators or trust level 1`.
    #[must_use]
    pub fn any_group(&self, groups: &[String]) -> String {
        let mut names: Vec<_> = groups.iter().map(|group| self.group(group)).collect();
        let Some(last) = names.pop() else { return String::new() };
        if names.is_empty() {
            return last;
        }
        let first = names.join(&self.say("list-comma").to_string());
        self.say("list-or").with("first", &first).with("last", &last).to_string()
    }

    fn scope(&self, scope: &str, part: &str) -> String {
        if SCOPES.contains(&scope) {
            self.say(&format!("scope-{scope}{part}")).to_string()
        } else {
            self.say(&format!("scope-other{part}")).with("scope", scope).to_string()
        }
    }
}
