//! What the browser brings when it comes back.

use url::form_urlencoded;

use crate::cli::print::quoted;

/// Ciphertexts as base64, on their way from the site to us.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::cli) struct Handover {
    /// Holds the key.
    pub(in crate::cli) payload: String,
    /// Comes only with the scope `one_time_password` (`C-089`).
    pub(in crate::cli) one_time_password: Option<String>,
}

/// A return of the browser that brings no key.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum CallbackError {
    /// There is no parameter `payload`, or it is empty.
    #[error(
        "the browser came back without a payload{}: the request was turned down, or the site built the redirect wrongly",
        came(.0)
    )]
    NoPayload(Vec<String>),
    /// A `+` that was not escaped arrives as a space.
    #[error("the payload came back with spaces for plus signs: the site has to escape '+' as %2B in the redirect")]
    Spaces,
}

fn came(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!(" (but with {})", quoted(&names.join(", "))) }
}

/// One request to the listener.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Visit {
    /// The browser is back.
    Back(Result<Handover, CallbackError>),
    /// An icon, a preview, a stray program: not ours.
    Stray,
}

impl Visit {
    /// Reads the request's first line; `path` is the one that only the site was told.
    pub(super) fn parse(line: &str, path: &str) -> Self {
        let mut words = line.split(' ');
        let (Some("GET"), Some(target)) = (words.next(), words.next()) else { return Self::Stray };
        let (asked, query) = target.split_once('?').unwrap_or((target, ""));
        if asked == path { Self::Back(handover(query)) } else { Self::Stray }
    }
}

fn handover(query: &str) -> Result<Handover, CallbackError> {
    let find = |name| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).filter(|value| !value.is_empty())
    };
    let Some(payload) = find("payload") else {
        let names = form_urlencoded::parse(query.as_bytes()).map(|(key, _)| key.escape_debug().to_string());
        return Err(CallbackError::NoPayload(names.collect()));
    };
    let one_time_password = find("oneTimePassword");
    let spaces = |text: &String| text.contains(' ');
    if spaces(&payload) || one_time_password.as_ref().is_some_and(spaces) {
        return Err(CallbackError::Spaces);
    }
    Ok(Handover { payload, one_time_password })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(query: &str) -> Result<Handover, CallbackError> {
        match Visit::parse(&format!("GET /here{query} HTTP/1.1"), "/here") {
            Visit::Back(outcome) => outcome,
            Visit::Stray => panic!("{query} is ours"),
        }
    }

    #[test]
    fn a_payload_is_found_among_other_parameters_c087() {
        let handover = back("?a=b&payload=x%2B%2F%3D%0A&oneTimePassword=y").unwrap();
        assert_eq!(handover, Handover { payload: "x+/=\n".to_owned(), one_time_password: Some("y".to_owned()) });
    }

    #[test]
    fn a_return_without_payload_says_what_came_instead() {
        for (query, names) in [("", &[][..]), ("?", &[]), ("?payload=", &["payload"]), ("?error=no&x", &["error", "x"])]
        {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(back(query).unwrap_err(), CallbackError::NoPayload(names), "{query}");
        }
        let named = CallbackError::NoPayload(vec!["error".to_owned()]).to_string();
        assert!(named.contains("(but with error)"), "{named}");
    }

    #[test]
    fn an_unescaped_plus_is_called_by_its_name_c087() {
        assert_eq!(back("?payload=a+b").unwrap_err(), CallbackError::Spaces);
    }

    #[test]
    fn other_paths_and_methods_are_stray() {
        let lines = [
            "GET /favicon.ico HTTP/1.1",
            "GET / HTTP/1.1",
            "GET /here/?payload=a HTTP/1.1",
            "HEAD /here?payload=a HTTP/1.1",
            "POST /here?payload=a HTTP/1.1",
            "GET",
            "",
        ];
        for line in lines {
            assert_eq!(Visit::parse(line, "/here"), Visit::Stray, "{line}");
        }
    }
}
