//! One thing an application may do, as a line of a page.

/// A scope as a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeLine {
    /// What it allows, after “It will be able to”: `read everything you can read`.
    pub label: String,
    /// The same in a word or two, for a list.
    pub short: String,
    /// Whether it lets the application change things: set apart on the page (`security.md` C2).
    pub dangerous: bool,
    /// Whether the same application is asking for it for the first time, having asked for less before.
    pub new: bool,
}
