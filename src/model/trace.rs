//! The trace that a request belongs to.

use std::fmt::{self, Display};

use super::hex;

/// The id that all requests of one doing share, in whatever service (W3C Trace Context, 3.2.2.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceId(String);

impl TraceId {
    /// A new one, of bytes by chance.
    #[must_use]
    pub fn new(bytes: [u8; 16]) -> Self {
        Self(hex::encode(&bytes))
    }

    /// The one in the header `traceparent`: version, trace, span and flags, `00-…-…-01`. Later versions may say more behind
    /// the flags (3.2.2). `None` for whatever is not that: the request then begins a trace (3.2.3).
    #[must_use]
    pub fn of_traceparent(text: &str) -> Option<Self> {
        let mut parts = text.splitn(5, '-');
        let version = hex::decode::<1>(parts.next()?)?;
        let (trace, span) = (hex::decode::<16>(parts.next()?)?, hex::decode::<8>(parts.next()?)?);
        let _flags = hex::decode::<1>(parts.next()?)?;
        let more = parts.next().is_some();
        let good = version != [0xff] && trace != [0; 16] && span != [0; 8] && (version != [0] || !more);
        good.then(|| Self::new(trace))
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    #[test]
    fn the_trace_of_a_good_header_is_taken_over_and_that_of_a_later_version_too() {
        for text in [
            format!("00-{TRACE}-00f067aa0ba902b7-01"),
            format!("00-{TRACE}-00f067aa0ba902b7-00"),
            format!("cc-{TRACE}-00f067aa0ba902b7-01"),
            format!("cc-{TRACE}-00f067aa0ba902b7-01-what-is-to-come"),
        ] {
            assert_eq!(TraceId::of_traceparent(&text).unwrap().as_str(), TRACE, "{text}");
        }
    }

    #[test]
    fn whatever_else_is_no_trace() {
        let zero = "0".repeat(32);
        for text in [
            String::new(),
            TRACE.to_owned(),
            format!("00-{TRACE}-00f067aa0ba902b7"),
            format!("00-{TRACE}-00f067aa0ba902b7-01-more"),
            format!("00-{TRACE}-00f067aa0ba902b7-01 "),
            format!("ff-{TRACE}-00f067aa0ba902b7-01"),
            format!("00-{zero}-00f067aa0ba902b7-01"),
            format!("00-{TRACE}-0000000000000000-01"),
            format!("00-{}-00f067aa0ba902b7-01", TRACE.to_uppercase()),
            format!("00-{TRACE}0-00f067aa0ba902b7-01"),
            format!("00-{}\n-00f067aa0ba902b7-01", &TRACE[1..]),
        ] {
            assert_eq!(TraceId::of_traceparent(&text), None, "{text:?}");
        }
    }
}
