//! The URL that carries the payload, and the words for where it leads.

use hallpass::model::Destination;
use proptest::prelude::*;
use url::form_urlencoded;

use super::redirect;

#[test]
fn an_existing_query_comes_first_and_the_payload_is_escaped_c087_c088() {
    let url = |text: &str| redirect(text).handover(&[("payload", "a+b/c=\n")]).unwrap();
    assert_eq!(url("http://over.the/rainbow/?p=1"), "http://over.the/rainbow/?p=1&payload=a%2Bb%2Fc%3D%0A");
    assert_eq!(url("https://h/a?p=%2F+1#frag"), "https://h/a?p=%2F+1&payload=a%2Bb%2Fc%3D%0A#frag");
    assert_eq!(url("https://h/#a?b"), "https://h/?payload=a%2Bb%2Fc%3D%0A#a?b");
    assert_eq!(url("https://h/?"), "https://h/?payload=a%2Bb%2Fc%3D%0A");
    assert_eq!(url("https://h/?a&"), "https://h/?a&payload=a%2Bb%2Fc%3D%0A");
    assert_eq!(url("discourse://auth_redirect"), "discourse://auth_redirect?payload=a%2Bb%2Fc%3D%0A");
}

#[test]
fn a_one_time_password_comes_after_the_payload_c087_c089() {
    let url = redirect("discourse://auth_redirect").handover(&[("payload", "x="), ("oneTimePassword", "y+")]).unwrap();
    assert_eq!(url, "discourse://auth_redirect?payload=x%3D&oneTimePassword=y%2B");
}

#[test]
fn a_result_of_8192_bytes_passes_and_8193_do_not_r6() {
    let head = "https://h/?payload=".len();
    let redirect = redirect("https://h/");
    assert_eq!(redirect.handover(&[("payload", &"a".repeat(8192 - head))]).unwrap().len(), 8192);
    assert!(redirect.handover(&[("payload", &"a".repeat(8193 - head))]).is_err());
    assert!(redirect.handover(&[("payload", &"+".repeat(2800))]).is_err());
}

#[test]
fn the_label_names_the_port_only_where_it_is_unusual_c053() {
    for (text, label) in [
        ("http://over.the/rainbow", "over.the"),
        ("http://over.the:80/rainbow", "over.the"),
        ("http://over.the:443/rainbow", "over.the"),
        ("https://over.the:8443/rainbow", "over.the:8443"),
        ("http://[::1]:3000/", "[::1]:3000"),
    ] {
        assert_eq!(redirect(text).host_label().as_deref(), Some(label));
    }
}

#[test]
fn the_phone_application_has_no_label_c054() {
    assert_eq!(redirect("discourse://auth_redirect").host_label(), None);
    assert_eq!(redirect("discourse://elsewhere").host_label().as_deref(), Some("elsewhere"));
}

#[test]
fn a_private_scheme_is_labelled_by_its_host_c055() {
    assert_eq!(redirect("myapp://callback").host_label().as_deref(), Some("callback"));
}

#[test]
fn the_page_is_told_where_the_key_goes_c2() {
    let web = |scheme: &str, host: &str, port| Destination::Web {
        scheme: scheme.into(),
        host: host.into(),
        host_unicode: None,
        port,
    };
    let loopback = |host: &str, port| Destination::Loopback { host: host.into(), port };
    for (text, expected) in [
        ("https://App.Example/x", web("https", "app.example", None)),
        ("https://app.example:8443/x", web("https", "app.example", Some(8443))),
        ("http://app.example:443/x", web("http", "app.example", Some(443))),
        ("http://127.0.0.1/", loopback("127.0.0.1", 80)),
        ("http://[::1]:7/", loopback("[::1]", 7)),
        ("https://LOCALHOST/", loopback("localhost", 443)),
        ("http://127.0.0.1.evil.example/", web("http", "127.0.0.1.evil.example", None)),
        ("MyApp://127.0.0.1", Destination::Private { scheme: "myapp".into() }),
    ] {
        assert_eq!(redirect(text).destination(), expected, "{text}");
    }
}

#[test]
fn an_international_host_is_shown_in_letters_unless_scripts_mix_c3() {
    let letters = |text: &str| match redirect(text).destination() {
        Destination::Web { host_unicode, .. } => host_unicode,
        other => panic!("{other:?}"),
    };
    assert_eq!(letters("https://xn--bcher-kva.example/").as_deref(), Some("bücher.example"));
    assert_eq!(letters("https://xn--e1afmkfd.xn--p1ai/").as_deref(), Some("пример.рф"));
    assert_eq!(letters("https://xn--wgv71a119e.jp/").as_deref(), Some("日本語.jp"));
    // `pаypal` with a Cyrillic second letter.
    assert_eq!(letters("https://xn--pypal-4ve.example/"), None);
    assert_eq!(letters("https://plain.example/"), None);
}

#[test]
fn the_content_policy_names_the_redirect_of_this_request_w1() {
    for (text, source) in [
        ("https://App.Example/x?y", "https://app.example"),
        ("https://app.example:8443/x", "https://app.example:8443"),
        ("http://127.0.0.1:51234/cb", "http://127.0.0.1:51234"),
        ("http://localhost:3000/", "http://localhost:3000"),
        ("http://[::1]:3000/", "http:"),
        ("https://[2001:db8::1]/", "https:"),
        ("http://192.168.1.5:3000/", "http:"),
        ("https://a_b.example/", "https:"),
        ("https://a;b,c.example/", "https:"),
        ("https://app.example./", "https:"),
        ("discourse://auth_redirect", "discourse:"),
        ("web+nextclouddiscourse://auth-redirect", "web+nextclouddiscourse:"),
    ] {
        assert_eq!(redirect(text).form_action(), source, "{text}");
    }
}

proptest! {
    #[test]
    fn what_is_handed_over_reads_back_the_same_c087_r6(
        query in "([a-z]=[a-z+]{0,4}&?){0,3}",
        payload in "[A-Za-z0-9+/=\n]{0,200}",
    ) {
        let text = format!("https://h/p?{query}#f");
        let url = redirect(&text).handover(&[("payload", &payload)]).unwrap();
        prop_assert!(url.starts_with(text.trim_end_matches("#f")));
        prop_assert!(url.ends_with("#f"));
        let query = url.split_once('?').unwrap().1.trim_end_matches("#f");
        let last = form_urlencoded::parse(query.as_bytes()).last().unwrap();
        prop_assert_eq!((last.0.as_ref(), last.1.as_ref()), ("payload", payload.as_str()));
    }
}
