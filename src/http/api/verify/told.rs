//! What the headers of a proxy's request say, read in one go: looking up nine names would cost more.

use std::borrow::Cow;

use super::original::Originals;
use crate::http::extract::{Credential, add_forwarded};

/// Of each header what its first, or each of its values says, as that header demands.
#[derive(Debug, Default)]
pub(in crate::http) struct Told<'a> {
    pub(super) credential: Credential<'a>,
    pub(super) client_id: Option<&'a [u8]>,
    /// The id of the user for whom a key of the admin API is presented. Two of them are none.
    pub(super) acts_for: Option<&'a [u8]>,
    /// Whether that is to go past the rules of access.
    pub(super) bypasses: bool,
    /// What a caller shows that is no peer.
    pub(super) secret: Option<&'a [u8]>,
    /// One list of however many headers.
    pub(super) forwarded_for: Cow<'a, str>,
    pub(super) originals: Originals<'a>,
    /// The trace that the proxy's request belongs to. Two of them are none (W3C Trace Context, 3.2).
    pub(super) traceparent: Option<&'a [u8]>,
}

impl<'a> Told<'a> {
    pub(in crate::http) fn read(headers: impl Iterator<Item = (&'a str, &'a [u8])>) -> Self {
        let mut told = Self::default();
        headers.for_each(|(name, value)| told.see(name, value));
        told
    }

    fn see(&mut self, name: &str, value: &'a [u8]) {
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        if is("user-api-client-id") {
            self.client_id.get_or_insert(value);
        } else if is("hallpass-secret") {
            self.secret.get_or_insert(value);
        } else if is("xf-api-user") {
            self.acts_for = Some(if self.acts_for.is_none() { value } else { b"" });
        } else if is("xf-api-bypass-permissions") {
            self.bypasses = value == b"1";
        } else if is("x-forwarded-for") {
            add_forwarded(&mut self.forwarded_for, value);
        } else if is("traceparent") {
            self.traceparent = Some(if self.traceparent.is_none() { value } else { b"" });
        } else {
            self.credential.see(name, value);
            self.originals.see(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Told;

    #[test]
    fn of_two_traces_neither_is_taken() {
        let header = ("traceparent", &b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"[..]);
        let taken = |headers: &[_]| Told::read(headers.iter().copied()).traceparent.filter(|text| !text.is_empty());
        assert_eq!(taken(&[header]), Some(header.1));
        assert_eq!((taken(&[]), taken(&[header, header]), taken(&[header, header, header])), (None, None, None));
    }
}
