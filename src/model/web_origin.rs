//! The origin of a website or a browser extension, as a browser names it in `Origin`.

use std::fmt::{self, Display};

use super::{Uri, UriError};

/// What is wrong with an origin, in words for the operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebOriginError {
    /// `*`, alone or inside.
    #[error("a star would open the API to websites nobody named; list each origin by itself")]
    Star,
    /// `null`, which every sandboxed frame and local file has.
    #[error("\"null\" is the origin of every local file and sandboxed frame, so it is nobody's")]
    Null,
    /// No URL at all.
    #[error(transparent)]
    Uri(#[from] UriError),
    /// A scheme whose pages have no origin of their own.
    #[error("only http, https and the schemes of browser extensions, such as chrome-extension, have origins to list")]
    Scheme,
    /// More than an origin.
    #[error("an origin ends after the host or the port: no path, no slash at its end, no user name")]
    Rest,
    /// A port where there is none.
    #[error("the origin of an extension has no port")]
    Port,
}

/// An origin in the one form that browsers send: `https://app.example`, `http://127.0.0.1:3000`,
/// `moz-extension://0b5e…`. Two are the same exactly when their texts are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebOrigin(String);

impl WebOrigin {
    /// An origin as an operator writes it. Capital letters and a port that says nothing new are put right.
    ///
    /// # Errors
    /// When no browser would ever send it, or too many would.
    pub fn parse(text: &str) -> Result<Self, WebOriginError> {
        if text.contains('*') {
            return Err(WebOriginError::Star);
        }
        if text.eq_ignore_ascii_case("null") {
            return Err(WebOriginError::Null);
        }
        let uri = Uri::parse(text)?;
        let web = matches!(uri.scheme(), "http" | "https");
        if !web && !uri.scheme().ends_with("-extension") {
            return Err(WebOriginError::Scheme);
        }
        if !uri.path_and_query().is_empty()
            || uri.fragment().is_some()
            || uri.userinfo().is_some()
            || text.ends_with('?')
        {
            return Err(WebOriginError::Rest);
        }
        let host = uri.host().to_ascii_lowercase();
        match uri.port().filter(|_| !uri.has_usual_port()) {
            Some(_) if !web => Err(WebOriginError::Port),
            Some(port) => Ok(Self(format!("{}://{host}:{port}", uri.scheme()))),
            None => Ok(Self(format!("{}://{host}", uri.scheme()))),
        }
    }

    /// The text, as browsers send it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for WebOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
