//! What the cookies are called, and how they are marked.

use zeroize::Zeroizing;

use crate::crypto::Sealer;
use crate::model::PublicUrl;

/// The cookies' names and marks (`security.md W4`).
#[derive(Debug)]
pub struct Cookies {
    /// Of a session.
    pub session: String,
    /// Of a visitor who is not signed in.
    pub visitor: String,
    /// Where they hold.
    pub path: String,
    /// Whether they travel only over https.
    pub secure: bool,
    /// Signs the session's.
    pub key: Zeroizing<[u8; 64]>,
}

impl Cookies {
    pub(super) fn new(public_url: &PublicUrl, sealer: &Sealer) -> Self {
        // `__Host-` demands the path `/`; under a path of its own the next best is `__Secure-`.
        let prefix = match (public_url.is_https(), public_url.base_path()) {
            (false, _) => "",
            (true, "") => "__Host-",
            (true, _) => "__Secure-",
        };
        Self {
            session: format!("{prefix}hallpass"),
            visitor: format!("{prefix}hallpass_visitor"),
            path: public_url.cookie_path().to_owned(),
            secure: public_url.is_https(),
            key: sealer.derive("session cookie"),
        }
    }
}
