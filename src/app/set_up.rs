//! The link that makes the first administrator.

use std::fmt::{self, Debug};

use subtle::ConstantTimeEq;

use crate::crypto::Random;

/// The token of the set-up link. It lives in this process only and works until there is an administrator.
pub struct SetUp(String);

impl SetUp {
    pub(super) fn new(random: &Random) -> Self {
        Self(random.hex::<16>())
    }

    /// Where the link leads, below the address of the service.
    pub(super) fn path(&self) -> String {
        format!("/setup/{}", self.0)
    }

    /// Whether this is the token, in constant time.
    #[must_use]
    pub fn is(&self, token: &str) -> bool {
        bool::from(self.0.as_bytes().ct_eq(token.as_bytes()))
    }
}

impl Debug for SetUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SetUp(…)")
    }
}
