//! What we ask the site for.

use url::Url;

use super::{Site, Wish};
use crate::crypto::{KeyPair, Random};

/// The values of one run. They tie the answer to it: a new nonce, a new installation of the application.
#[derive(Debug)]
pub(super) struct Request {
    /// What the payload has to hold again (`security.md H4`).
    pub(super) nonce: String,
    /// The name of this installation; a new one each time, so that no run ends the key of another (`C-073`).
    pub(super) client_id: String,
}

impl Request {
    /// New values.
    pub(super) fn new(wish: &Wish<'_>, random: &Random) -> Self {
        Self { nonce: random.hex::<16>(), client_id: format!("{}-{}", wish.program, random.hex::<8>()) }
    }

    /// The address of the page where the user decides. Without a redirect the page shows the payload.
    pub(super) fn address(&self, site: &Site, wish: &Wish<'_>, pair: &KeyPair, redirect: Option<&str>) -> Url {
        let mut url = site.page("user-api-key/new");
        let expiry = wish.expires_in_seconds.map(|seconds| seconds.to_string());
        url.query_pairs_mut()
            .append_pair("application_name", wish.application_name)
            .append_pair("client_id", &self.client_id)
            .append_pair("scopes", wish.scopes)
            .append_pair("nonce", &self.nonce)
            .append_pair("padding", wish.padding.as_str())
            .extend_pairs(redirect.map(|redirect| ("auth_redirect", redirect)))
            .extend_pairs(expiry.as_deref().map(|seconds| ("expires_in_seconds", seconds)))
            .extend_pairs(wish.push_url.map(|url| ("push_url", url)))
            .append_pair("public_key", pair.public_pem());
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Padding;

    const WISH: Wish<'_> = Wish {
        program: "deskbell",
        application_name: "Deskbell",
        scopes: "read",
        padding: Padding::Oaep,
        expires_in_seconds: None,
        push_url: None,
    };

    fn query(wish: &Wish<'_>, redirect: Option<&str>) -> Vec<(String, String)> {
        let (site, pair) = (Site::parse("example.org/forum").unwrap(), KeyPair::generate(1024).unwrap());
        let url = Request::new(wish, &Random::seeded(1)).address(&site, wish, &pair, redirect);
        assert!(url.as_str().starts_with("https://example.org/forum/user-api-key/new?"));
        url.query_pairs().into_owned().collect()
    }

    fn names(pairs: &[(String, String)]) -> Vec<&str> {
        pairs.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn the_address_holds_what_must_be_there_and_what_was_asked_for_c033_c052() {
        let required = ["application_name", "client_id", "scopes", "nonce", "padding", "public_key"];
        assert_eq!(names(&query(&WISH, None)), required);
        let push_url = Some("https://push.example/publish");
        let wish = Wish { padding: Padding::Pkcs1, expires_in_seconds: Some(60), push_url, ..WISH };
        let all = query(&wish, Some("http://127.0.0.1:1/a"));
        for pair in [
            ("auth_redirect", "http://127.0.0.1:1/a"),
            ("expires_in_seconds", "60"),
            ("padding", "pkcs1"),
            ("push_url", "https://push.example/publish"),
        ] {
            assert!(all.contains(&(pair.0.to_owned(), pair.1.to_owned())), "{pair:?}");
        }
    }

    #[test]
    fn a_pem_keeps_its_plus_signs_and_line_ends_in_the_address_c038() {
        let pairs = query(&WISH, None);
        let (_, pem) = pairs.last().unwrap();
        assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\n") && pem.ends_with("-----END PUBLIC KEY-----\n"));
        assert!(!pem.trim_matches('-').lines().nth(1).unwrap().contains(' '));
    }
}
