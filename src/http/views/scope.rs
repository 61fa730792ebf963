//! One thing an application may do, as a line of a page.

/// A scope as a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeLine {
    /// The scope's name in the protocol: `read`. The page shows its label.
    pub scope: String,
    /// Whether it lets the application change things: set apart on the page (`security.md` C2).
    pub dangerous: bool,
    /// Whether the same application is asking for it for the first time, having asked for less before.
    pub new: bool,
}
