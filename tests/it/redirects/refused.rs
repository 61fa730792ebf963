//! What is refused before any list is asked.

use hallpass::model::{RedirectError, RedirectUri};
use proptest::prelude::*;

use super::{GOOD, listed, redirect};

/// Each is refused before any list is asked.
pub(crate) const HOSTILE: &[&str] = &[
    "",
    "/callback",
    "//evil.example/",
    "evil.example",
    "evil.example/callback",
    "localhost:8080/callback",
    "https:",
    "https:/evil.example/",
    "https:evil.example",
    "https://",
    "https:///evil.example/",
    "https:////evil.example/",
    "https://:443/",
    "https://?x",
    "https://#x",
    "://evil.example/",
    "1http://evil.example/",
    "ht_tp://evil.example/",
    "invalid$protocol://evil.example/",
    "http://localhost:x@evil.example/",
    "http://127.0.0.1@evil.example/",
    "http://127.0.0.1:80@evil.example/",
    "http://a@127.0.0.1/",
    "http://a:b@127.0.0.1/",
    "http://@127.0.0.1/",
    "http://:@127.0.0.1/",
    "http://a@b@127.0.0.1/",
    "discourse://user@auth_redirect",
    "http://127.0.0.1%40evil.example/",
    "http://127.0.0.1%2f@evil.example/",
    "http://127.0.0.1\\@evil.example/",
    "http://evil.example\\@127.0.0.1/",
    "http:\\\\evil.example/",
    "http://127.0.0.1\\.evil.example/",
    "http://127.0.0.1/\\evil",
    " http://127.0.0.1/",
    "http://127.0.0.1/ ",
    "http://127.0.0.1/a b",
    "http://127.0.0.1\t.evil.example/",
    "ht\ntp://127.0.0.1/",
    "http://127.0.0.1/\r\nSet-Cookie:a=b",
    "http://127.0.0.1/\0",
    "http://127.0.0.1/\u{7f}",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://127.0.0.01/",
    "http://127.0.0.1./",
    "http://127.0.0.256/",
    "http://1.2.3.4.5/",
    "http://%31%32%37.0.0.1/",
    "http://loc%61lhost/",
    "http://evil%00.example/",
    "http://evil%2eexample/",
    "http://[::1/",
    "http://::1/",
    "http://[::1]evil.example/",
    "http://evil.example[::1]/",
    "http://[::1%25eth0]/",
    "http://[v1.a]/",
    "http://[127.0.0.1]/",
    "http://[[::1]]/",
    "http://h:99999/",
    "http://h:8x/",
    "http://h:-1/",
    "http://h:80:80/",
    "http://h:+80/",
    "http://127.0.0.1:*/",
    "http://ａ.example/",
    "http://evil.example／127.0.0.1/",
    "http://evil。example/",
    "http://пример.example/",
    "http://127.0.0.1/ä",
    "http://xn--/",
    "http://xn--a-/",
    "http://h/%zz",
    "http://h/%4",
    "http://h/%",
    "http://h/<script>",
    "http://h/\"x",
    "http://h/{x}",
    "http://h/a|b",
    "http://h/a^b`",
    "http://h/#a#b",
    "http://h/[x]",
    "http://<h>/",
    "discourse://a b",
    "discourse://a<b",
    "discourse:auth_redirect",
    "discourse:/auth_redirect",
    "discourse:///auth_redirect",
];

pub(crate) const DANGEROUS: &[&str] = &[
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "javascript://127.0.0.1/%0aalert(1)",
    "data:text/html,x",
    "data://h/x",
    "file:///etc/passwd",
    "file://h/x",
    "blob:https://h/1",
    "blob://h/x",
    "filesystem:https://h/x",
    "vbscript://h/x",
    "about:blank",
    "about://h/",
    "view-source:https://h/",
    "view-source://h/",
    "intent://h/#Intent;scheme=https;end",
    "android-app://h/x",
    "chrome://settings/",
    "edge://settings/",
    "ws://h/",
    "wss://h/",
    "ftp://h/",
    "ms-msdt://h/",
    "smb://h/x",
    "mailto://h/",
];

#[test]
fn hostile_urls_are_refused_whatever_the_list_says_r1_c092() {
    assert!(HOSTILE.len() >= 60);
    for text in HOSTILE {
        let error = RedirectUri::parse(text).expect_err(text);
        assert!(error.to_string().len() > 30, "{text:?} is refused without a word to the author: {error}");
    }
}

#[test]
fn a_redirect_of_2000_bytes_passes_and_2001_do_not_r1() {
    let text = format!("https://h/{}", "a".repeat(1990));
    assert_eq!(redirect(&text).as_str().len(), 2000);
    assert_eq!(RedirectUri::parse(&format!("{text}a")), Err(RedirectError::TooLong));
}

#[test]
fn each_refusal_says_what_to_change_r1() {
    for (text, word) in [
        ("https://h/a b", "%20"),
        ("https://h/\n", "line break"),
        ("https://h\\", "backslash"),
        ("https://ü/", "xn--"),
        ("https://h/%x", "%25"),
        ("https://h/<", "percent-encoded"),
        ("callback", "no scheme"),
        ("myapp:callback", "no host"),
        ("https://h:x/", "65535"),
        ("https://a:b:1/", "host"),
        ("https://u:p@h/", "take it out"),
        ("https://127.1/", "four decimal numbers"),
        ("javascript:x", "javascript:"),
    ] {
        let message = RedirectUri::parse(text).expect_err(text).to_string();
        assert!(message.contains(word), "{text:?}: {message}");
    }
}

#[test]
fn dangerous_schemes_are_refused_whatever_the_list_says_r4_c108() {
    for text in DANGEROUS {
        assert!(matches!(RedirectUri::parse(text), Err(RedirectError::ForbiddenScheme(_))), "{text}");
        assert!(!listed("*", text), "{text}");
        assert!(!listed(text, text), "{text}");
    }
}

#[test]
fn what_real_applications_send_is_kept_byte_for_byte_r1_c107() {
    for text in GOOD {
        assert_eq!(redirect(text).as_str(), *text);
        assert_eq!(redirect(text).handover(&[]).unwrap(), *text);
        assert!(listed(text, text), "{text}");
    }
}

#[test]
fn a_browser_sees_the_scheme_host_and_port_that_we_see_r1() {
    for text in GOOD {
        let (ours, theirs) = (redirect(text), url::Url::parse(text).unwrap());
        assert_eq!(theirs.scheme(), ours.scheme());
        assert_eq!(theirs.port_or_known_default(), ours.port());
    }
}

proptest! {
    #[test]
    fn any_text_is_judged_without_a_panic_r1(text in "\\PC{0,60}") {
        if let Ok(redirect) = RedirectUri::parse(&text) {
            prop_assert_eq!(redirect.as_str(), text);
        }
    }
}
