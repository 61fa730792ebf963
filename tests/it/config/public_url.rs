//! Where the service is, and what is on the same origin.

use hallpass::config::Config;
use hallpass::model::PublicUrl;

use super::flags;

#[test]
fn the_public_url_may_have_a_path_that_every_link_honours() {
    let config = Config::load(&flags(&[("server.public_url", "https://example.org/hall/")])).unwrap();
    let url = config.server.public_url;
    assert_eq!((url.to_string().as_str(), url.origin().as_str()), ("https://example.org/hall", "https://example.org"));
    assert_eq!((url.base_path(), url.cookie_path()), ("/hall", "/hall"));
    assert_eq!((url.path("/x"), url.join("/x")), ("/hall/x".to_owned(), "https://example.org/hall/x".to_owned()));
    assert_eq!(
        (url.host(), url.port(), url.is_https(), url.is_loopback()),
        ("example.org".to_owned(), 443, true, false)
    );

    let config = Config::load(&flags(&[("server.public_url", "http://[::1]:8080/")])).unwrap();
    let url = config.server.public_url;
    assert_eq!((url.origin().as_str(), url.base_path(), url.cookie_path()), ("http://[::1]:8080", "", "/"));
    assert_eq!((url.path("/x"), url.port(), url.is_https()), ("/x".to_owned(), 8080, false));
    assert!(url.is_loopback());
}

#[test]
fn a_public_url_that_two_readers_could_read_differently_is_refused() {
    for text in [
        "",
        "https://",
        "HTTPS://example.org",
        "ftp://example.org",
        "https:example.org",
        "https:/example.org",
        "https://example.org:",
        "https://example.org:99999",
        "https://exa mple.org",
        "https://example.org\\x",
        "https://*.example.org",
        "https://a@example.org",
        "https://example.org#x",
        "https://example.org?x",
        "https://example.org//",
        "https://example.org/a//b",
        "https://example.org/../x",
        "https://example.org/%2e",
        "https://example.org/a b",
        "https://example.org/ü",
        "https://0.0.0.0",
        "https://[::]",
        "https://exam%70le.org",
    ] {
        assert!(PublicUrl::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn a_logo_on_our_own_origin_is_taken() {
    let set =
        |logo| Config::load(&flags(&[("server.public_url", "https://example.org/hall"), ("site.logo_url", logo)]));
    for logo in ["/logo.svg", "https://example.org/logo.svg"] {
        assert_eq!(set(logo).unwrap().site.logo_url.as_deref(), Some(logo));
    }
    assert!(set("http://example.org/logo.svg").is_err());
    assert!(set("https://ada:pw@example.org/logo.svg").is_err());
}
