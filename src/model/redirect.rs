//! Where an application wants its key sent.

use std::net::Ipv6Addr;

use url::Url;
use url::form_urlencoded::Serializer;

use super::uri::{Uri, UriError};

const MAX_BYTES: usize = 2000;
const MAX_HANDOVER_BYTES: usize = 8192;

/// Schemes that run script, open files, reach into the browser or start a program on data of the sender's: refused
/// whatever the operator's list says (`security.md R4`).
const FORBIDDEN_SCHEMES: &str = "\
    about acrobat android-app app-settings blob brave calculator chrome chrome-devtools chrome-distiller \
    chrome-error chrome-native chrome-search chrome-untrusted cid content data devtools dict edge facetime \
    facetime-audio feed file filesystem finger ftp ftps git gopher hcp help intent itms-services jar javascript \
    jscript ldap ldapi ldaps livescript magnet mailto mhtml mid mk mocha moz-icon ms-its ms-msdt ms-search nfs \
    nntp news opera prefs res resource rlogin search-ms sftp shell sip sips sms smb ssh svn tel telnet tn3270 \
    urn vbs vbscript view-source vivaldi ws wss wyciwyg";

/// Why a redirect cannot be used, whatever the list says, in words for the application's author.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectError {
    /// More than 2,000 bytes.
    #[error("the redirect is longer than 2000 bytes: shorten it")]
    TooLong,
    /// No URL with scheme and host.
    #[error("the redirect cannot be used: {0}")]
    Uri(#[from] UriError),
    /// A scheme that must never get a key.
    #[error("the redirect's scheme {0}: is never allowed: use https, http on 127.0.0.1, or a scheme of your own")]
    ForbiddenScheme(String),
    /// Something before an `@`.
    #[error("the redirect holds a user name or password before an @: take it out")]
    UserInfo,
    /// Browsers would go elsewhere than it says.
    #[error(
        "browsers read the redirect differently from how it is written: write the host plainly, in lower case ASCII \
         without percent signs, and an IPv4 address as four decimal numbers"
    )]
    Ambiguous,
    /// More than 8,192 bytes with the payload, which servers and browsers refuse (`security.md R6`).
    #[error(
        "the redirect with the payload would be longer than 8192 bytes: use a shorter redirect or a smaller RSA key"
    )]
    HandoverTooLong,
}

/// A redirect that every parser reads alike (`security.md R1`); whether it is allowed is the list's business.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RedirectUri {
    raw: String,
    uri: Uri,
}

impl RedirectUri {
    /// A redirect as the application sent it, kept byte for byte.
    ///
    /// # Errors
    /// When it is no plain URL with scheme and host, or its scheme is one of the dangerous ones (`C-092`, `C-108`).
    pub fn parse(text: &str) -> Result<Self, RedirectError> {
        if text.len() > MAX_BYTES {
            return Err(RedirectError::TooLong);
        }
        // First, so that `javascript:alert(1)` is called what it is and not a URL without a host.
        if let Some(scheme) = forbidden_scheme(text) {
            return Err(RedirectError::ForbiddenScheme(scheme));
        }
        let uri = Uri::parse(text)?;
        if uri.userinfo().is_some() {
            return Err(RedirectError::UserInfo);
        }
        if !browsers_agree(text, &uri) {
            return Err(RedirectError::Ambiguous);
        }
        Ok(Self { raw: text.to_owned(), uri })
    }

    /// The text as it was sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.raw
    }

    /// The scheme in lower case.
    #[must_use]
    pub fn scheme(&self) -> &str {
        self.uri.scheme()
    }

    /// The host as written, an IPv6 address with its brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        self.uri.host()
    }

    /// The port, or the scheme's own; `None` for a private scheme without one.
    #[must_use]
    pub const fn port(&self) -> Option<u16> {
        self.uri.port()
    }

    /// Its parts, for the allow-list and the pages.
    #[must_use]
    pub const fn uri(&self) -> &Uri {
        &self.uri
    }

    /// The URL to send the browser to: the redirect, untouched, with these pairs behind whatever query it had
    /// (`C-087`).
    ///
    /// Values are form-escaped (newline `%0A`, `+` `%2B`, `/` `%2F`, `=` `%3D`): clients split on `&` and `=` by
    /// hand. No slash is put in after the host, because some compare what comes back exactly.
    ///
    /// # Errors
    /// [`RedirectError::HandoverTooLong`] when the result is longer than 8,192 bytes.
    pub fn handover(&self, pairs: &[(&str, &str)]) -> Result<String, RedirectError> {
        let (head, fragment) = self.raw.split_at(self.raw.find('#').unwrap_or(self.raw.len()));
        let joint = match head.split_once('?') {
            _ if pairs.is_empty() => "",
            None => "?",
            Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
            Some(_) => "&",
        };
        let added = Serializer::new(String::new()).extend_pairs(pairs).finish();
        let url = [head, joint, &added, fragment].concat();
        if url.len() > MAX_HANDOVER_BYTES { Err(RedirectError::HandoverTooLong) } else { Ok(url) }
    }
}

fn forbidden_scheme(text: &str) -> Option<String> {
    let scheme = text.split_once(':')?.0.to_ascii_lowercase();
    FORBIDDEN_SCHEMES.split(' ').any(|forbidden| forbidden == scheme).then_some(scheme)
}

/// Whether a WHATWG parser, which is what browsers have, sees the scheme, host and port that RFC 3986 sees.
fn browsers_agree(text: &str, uri: &Uri) -> bool {
    Url::parse(text).is_ok_and(|url| {
        url.scheme() == uri.scheme()
            && url.host_str().is_some_and(|host| same_host(host, uri.host()))
            && url.port_or_known_default() == uri.port()
            && url.username().is_empty()
            && url.password().is_none()
    })
}

/// An IPv6 address has many spellings that are no disguise; all else must be the same text.
fn same_host(one: &str, other: &str) -> bool {
    let address = |host: &str| host.trim_matches(['[', ']']).parse::<Ipv6Addr>().ok();
    one.eq_ignore_ascii_case(other) || address(one).is_some_and(|one| address(other) == Some(one))
}
