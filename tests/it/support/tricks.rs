//! Paths that are meant to be misread, and every way a site might read one.
//!
//! The scope under attack permits `GET /api/books` and `GET /api/books/**`.

/// Within the scope, however unusual.
pub(crate) const WITHIN: [&str; 6] = [
    "/api/books",
    "/api/books/1",
    "/api/books/1/pages?from=2&to=%2f",
    "/api/books/a%20b",
    "/api/books/%C3%A9t%C3%A9",
    "/api/books?next=/api/users/../../x//y;z",
];

/// Beyond it, or nowhere, if somebody reads them another way than we do.
pub(crate) const TRICKS: [&str; 70] = [
    "/api/users",
    "/api/books/../users",
    "/api/books/./../users",
    "/api/books/%2e%2e/users",
    "/api/books/%2E%2E/users",
    "/api/books/.%2e/users",
    "/api/books/%2e./users",
    "/api/books/..%2fusers",
    "/api/books/..%2Fusers",
    "/api/books/%2e%2e%2fusers",
    "/api/books%2f..%2fusers",
    "/api/books%2f%2e%2e%2fusers",
    "/api/books/..%5cusers",
    "/api/books/..%5Cusers",
    "/api/books\\..\\users",
    "/api/books/..\\users",
    "/api\\books\\..\\users",
    "/api/books%5c..%5cusers",
    "/api/books/..;/users",
    "/api/books/..;a=b/users",
    "/api/books/;/../users",
    "/api/books;/../users",
    "/api/books/.;/../users",
    "/api/books/%2e%2e;/users",
    "/api/books/..%3b/users",
    "/api/books/..%00/users",
    "/api/books%00/../users",
    "/api/books/%00",
    "/api/users%00/api/books",
    "/api/books/..%0d/users",
    "/api/books/..%0a/users",
    "/api/books/..%09/users",
    "/api/books/..%20/users",
    "/api/books/%252e%252e/users",
    "/api/books/%252e%252e%252fusers",
    "/api/books/..%252fusers",
    "/api/books/%25%32%65%25%32%65/users",
    "/api/books/..%c0%afusers",
    "/api/books/%c0%ae%c0%ae/users",
    "/api/books/%e0%80%ae%e0%80%ae/users",
    "/api/books/..%ef%bc%8fusers",
    "/api/books/%ef%bc%8e%ef%bc%8e/users",
    "/api/books/%u002e%u002e/users",
    "/api/books/../../api/users",
    "/api/books/1/../../users",
    "/api/books/1/2/../../../users",
    "/api/books//../users",
    "/api/books/1//../../users",
    "/api//books//..//users",
    "//api/books/../users",
    "/./api/./books/./../users",
    "/../api/books/../users",
    "/api/books/..",
    "/api/books/../",
    "/api/books/.../../../users",
    "/api/books/..#/users",
    "/api/books#/../users",
    "/api/books/../users?/api/books",
    "/api/users?/../books",
    "/api/users;/../books",
    "/api/users#/api/books",
    "/API/BOOKS/../users",
    "/api/BOOKS",
    "/api/booksellers",
    "/api/books.json",
    "/api/books;json",
    "http://127.0.0.1/api/users",
    "http://127.0.0.1/api/books/../users",
    "http://127.0.0.1/api/books/..%2fusers",
    "http://other.example/api/books/%2e%2e/users",
];

/// What paths are made of when they are meant to be misread.
pub(crate) const PIECES: [&str; 40] = [
    "/", "/", "/", "//", "api", "books", "users", ".", "..", "...", "%2e", "%2E%2e", ".%2e", "%2f", "%2F", "%5c", "\\",
    ";", ";a=b", "..;", "%3b", "%00", "%0a", "%20", "%25", "%252e", "%252f", "%c0%af", "%c3%a9", "%ff", "%zz", "%",
    "%u002e", "#", "&", "=", "+", "~", ":", "@",
];

/// Every way a site might read a target: decoded or not, backslashes for slashes, parameters or what follows a NUL cut
/// off, a fragment taken for one or not; dot segments resolved last.
pub(crate) fn readings(target: &str) -> Vec<Vec<String>> {
    let path = target.strip_prefix("http://").map_or(target, |rest| rest.find('/').map_or("/", |at| &rest[at..]));
    let path = path.split('?').next().unwrap();
    let cut = path.split('#').next().unwrap();
    let texts = [path, cut].into_iter().flat_map(|text| [text.to_owned(), decoded(text), decoded(&decoded(text))]);
    let changes: [fn(&str) -> String; 4] = [str::to_owned, |text| text.replace('\\', "/"), no_parameters, no_nul];
    texts.flat_map(|text| changes.map(|change| resolved(&change(&text)))).collect()
}

pub(crate) fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn no_parameters(path: &str) -> String {
    path.split('/').map(|segment| segment.split(';').next().unwrap()).collect::<Vec<_>>().join("/")
}

fn no_nul(path: &str) -> String {
    path.split('\0').next().unwrap().to_owned()
}

pub(crate) fn resolved(path: &str) -> Vec<String> {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment.to_owned()),
        }
    }
    segments
}

/// Whether a site that reads this target in any of these ways stays below `/api/books`.
pub(crate) fn is_within(target: &str) -> bool {
    let books = ["api".to_owned(), "books".to_owned()];
    readings(target).iter().all(|reading| reading.starts_with(&books))
}
