//! Is the user there?

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;

use super::format::is_script;
use crate::http::routes::POLL;

/// Whether the client says that its user is looking. Of a program's request nothing else does (`C-292`).
pub(in crate::http) fn says_present(headers: &HeaderMap) -> bool {
    headers.get("discourse-present").is_some_and(|value| value == "true")
}

/// Whether the user of a session is there: who opens a page is; what a script of a page asks by itself tells nothing, unless it
/// says so.
pub(super) fn is_there(request: &HttpRequest) -> bool {
    let asks_by_itself = is_script(request.headers()) || request.match_name() == Some(POLL);
    says_present(request.headers()) || !asks_by_itself
}
