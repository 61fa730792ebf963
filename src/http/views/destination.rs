//! Where a key goes, as a person sees it (`security.md` C2).

/// Where the application gets its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A program on the user's own computer (a loopback address).
    OnThisComputer {
        /// `127.0.0.1`, `[::1]` or `localhost`.
        host: String,
        /// The port, when the address names one.
        port: Option<u16>,
    },
    /// A website.
    Web(WebAddress),
    /// An application on the user's device that opens links of its own kind.
    AppScheme {
        /// The scheme without its colon: `deskbell`.
        scheme: String,
    },
    /// The next page, from which the user copies it.
    ShownHere,
    /// The application that shows the code the user typed.
    AskingApplication,
}

/// A website's address, with what is unusual about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAddress {
    /// The scheme, unless it is `https`.
    pub scheme: Option<String>,
    /// The host as it is looked up: an international name in punycode (`security.md` C3).
    pub host: String,
    /// The same host in its own script, where that differs from `host`.
    pub readable: Option<String>,
    /// The port, unless it is the scheme's usual one.
    pub port: Option<u16>,
}

impl Destination {
    /// Whether the browser hands over to a program and stays on the page it shows.
    #[must_use]
    pub const fn leaves_the_browser(&self) -> bool {
        matches!(self, Self::AppScheme { .. })
    }
}
