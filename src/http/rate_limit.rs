//! How the limits of a key stand, in headers.

use actix_web::http::header::{HeaderMap, HeaderName};

use crate::limits::Standing;

/// `RateLimit-Policy` and `RateLimit` (`security.md L2`).
pub(super) fn add_standing(headers: &mut HeaderMap, standing: &Standing) {
    headers.insert(HeaderName::from_static("ratelimit-policy"), standing.policy_header());
    headers.insert(HeaderName::from_static("ratelimit"), standing.limit_header());
}
