//! Where a notification leads.

use url::Url;

use super::PublicUrl;

/// The longest address, bytes.
const LONGEST: usize = 2000;

/// What is wrong with the address of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotificationUrlError {
    /// More than is kept.
    #[error("a url of a notification is at most {LONGEST} bytes long")]
    TooLong,
    /// Neither on the web nor a path.
    #[error("a url of a notification is an http or https URL, or a path of the site that begins with one slash")]
    Form,
    /// A name and a password would be shown and sent on.
    #[error("a url of a notification has no user name and no password in it")]
    Credentials,
}

/// An `http` or `https` URL, or a path of the site: what a page may link to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotificationUrl(String);

impl NotificationUrl {
    /// Kept as a browser reads it, so that what is shown is what is opened.
    ///
    /// # Errors
    /// See [`NotificationUrlError`].
    pub fn parse(text: &str) -> Result<Self, NotificationUrlError> {
        // The URL parser repairs these; whoever else reads the address may not.
        if text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
            return Err(NotificationUrlError::Form);
        }
        let kept = if text.starts_with('/') { path(text) } else { absolute(text) }?;
        // Written out for a browser it may be longer than it was.
        if kept.len() > LONGEST { Err(NotificationUrlError::TooLong) } else { Ok(Self(kept)) }
    }

    /// The address as it is kept.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Scheme, host and port of a whole URL; nothing of a path.
    #[must_use]
    pub fn origin(&self) -> Option<String> {
        Some(self.url()?.origin().ascii_serialization())
    }

    /// The host of a whole URL; nothing of a path.
    #[must_use]
    pub fn host(&self) -> Option<String> {
        self.url()?.host_str().map(str::to_owned)
    }

    fn url(&self) -> Option<Url> {
        Url::parse(&self.0).ok()
    }

    /// The whole address, of a path as well: paths are those of the host under which this service is reached.
    #[must_use]
    pub fn absolute(&self, public_url: &PublicUrl) -> String {
        if self.0.starts_with('/') { format!("{}{}", public_url.origin(), self.0) } else { self.0.clone() }
    }
}

fn absolute(text: &str) -> Result<String, NotificationUrlError> {
    let url = Url::parse(text).map_err(|_no_url| NotificationUrlError::Form)?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(NotificationUrlError::Form);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(NotificationUrlError::Credentials);
    }
    Ok(url.into())
}

/// A path must stay one however it is read: `//other.example` is another host.
fn path(text: &str) -> Result<String, NotificationUrlError> {
    let root = "http://site";
    let url = Url::parse(&format!("{root}{text}")).map_err(|_no_url| NotificationUrlError::Form)?;
    match url.as_str().strip_prefix(root) {
        Some(path) if !text.starts_with("//") && !path.starts_with("//") => Ok(path.to_owned()),
        _ => Err(NotificationUrlError::Form),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_opens_is_what_is_kept() {
        for (given, kept) in [
            ("https://Site.example/t/7?page=2#p3", "https://site.example/t/7?page=2#p3"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000/"),
            ("https://b\u{fc}cher.example/", "https://xn--bcher-kva.example/"),
            ("/t/bread/7/2", "/t/bread/7/2"),
            ("/a/../b?c#d", "/b?c#d"),
            ("/", "/"),
        ] {
            assert_eq!(NotificationUrl::parse(given).unwrap().as_str(), kept);
            assert_eq!(NotificationUrl::parse(kept).unwrap().as_str(), kept, "it is read back from the database");
        }
    }

    #[test]
    fn nothing_else_is_linked_to() {
        for bad in [
            "",
            "t/7",
            "javascript:alert(1)",
            "data:text/html,x",
            "mailto:a@b.example",
            "ftp://a.example/",
            "https://",
            "//other.example/",
            "/..//other.example/",
            "/\\other.example",
            "https:\\\\other.example",
            "/a b",
            "/a\n",
        ] {
            assert_eq!(NotificationUrl::parse(bad), Err(NotificationUrlError::Form), "{bad:?}");
        }
        let named = NotificationUrl::parse("https://site.example:secret@other.example/");
        assert_eq!(named, Err(NotificationUrlError::Credentials));
        for long in ["x".repeat(2000), "\u{fc}".repeat(500)] {
            assert_eq!(NotificationUrl::parse(&format!("/{long}")), Err(NotificationUrlError::TooLong));
        }
    }

    #[test]
    fn a_path_is_one_of_the_host_of_the_service() {
        let public_url = PublicUrl::parse("https://site.example/hall").unwrap();
        let absolute = |text: &str| NotificationUrl::parse(text).unwrap().absolute(&public_url);
        assert_eq!(absolute("/t/7"), "https://site.example/t/7");
        assert_eq!(absolute("https://other.example/x"), "https://other.example/x");
        let [path, whole] = ["/t/7", "http://other.example:80/x"].map(|text| NotificationUrl::parse(text).unwrap());
        assert_eq!((path.origin(), path.host()), (None, None));
        assert_eq!(
            (whole.origin().as_deref(), whole.host().as_deref()),
            (Some("http://other.example"), Some("other.example"))
        );
    }
}
