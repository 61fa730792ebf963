//! What the operator's list and the loopback settings allow.

use hallpass::model::{RedirectRules, Uri, UriError, UrlPattern, UrlPatterns};
use proptest::prelude::*;

use super::refused::HOSTILE;
use super::{GOOD, listed, redirect, rules};

#[test]
fn a_star_matches_every_valid_redirect_and_nothing_else_c092_c093() {
    for text in GOOD {
        assert!(listed("*", text), "{text}");
    }
    for text in HOSTILE {
        assert!(!listed("*", text), "{text}");
    }
}

#[test]
fn an_entry_that_is_no_url_never_matches_and_is_warned_of_c094() {
    for entry in
        ["", "h", "h/*", "/x", "https:", "https://", "**", "* ", "*://h/", "http://127.0.0.1:*", "https://h/a b*"]
    {
        let rules = rules(&[entry], false, false);
        for text in GOOD {
            assert!(!rules.allows(&redirect(text)), "{entry} {text}");
        }
        assert!(rules.warnings().iter().any(|warning| warning.contains("never matches")), "{entry}");
    }
}

#[test]
fn schemes_are_equal_but_for_case_and_take_no_wildcard_c095() {
    assert!(listed("HTTPS://h/", "https://h/"));
    assert!(listed("https://h/", "HTTPS://h/"));
    assert!(!listed("https://h/", "http://h/"));
    assert!(!listed("http://h/", "https://h/"));
    assert!(!listed("http*://h/", "https://h/"));
}

#[test]
fn ports_are_equal_once_the_usual_ones_are_filled_in_c096() {
    assert!(listed("http://h/", "http://h:80/"));
    assert!(listed("https://h:443/", "https://h/"));
    assert!(listed("https://h:/", "https://h/"));
    assert!(!listed("https://h:8080/", "https://h/"));
    assert!(!listed("https://h/", "https://h:8080/"));
    assert!(!listed("https://h/", "https://h:80/"));
    assert!(!listed("app://h", "app://h:80"));
    assert!(listed("app://h", "app://h"));
}

#[test]
fn an_entry_with_user_info_matches_no_redirect_c097() {
    assert!(!listed("https://u:p@h/", "https://u:p@h/"));
    assert!(!listed("https://u:p@h/", "https://h/"));
    assert!(!listed("https://h/", "https://u@h/"));
    let pattern = UrlPattern::new("https://U@h/");
    assert!(pattern.matches(&Uri::parse("https://u@h/").unwrap()));
}

#[test]
fn a_plain_host_is_compared_whole_and_without_case_c098() {
    assert!(listed("https://www.discourse.org/", "https://WWW.discourse.ORG/"));
    assert!(!listed("https://www.discourse.org/", "https://www.www.discourse.org/"));
    assert!(!listed("https://www.discourse.org/", "https://www.discourse.org.evil.com/"));
    assert!(!listed("https://www.discourse.org/", "https://wwwxdiscourse.org/"));
}

#[test]
fn a_leading_star_stands_for_subdomains_and_never_the_bare_domain_c099_r2() {
    let entry = "https://*.example.com/";
    for host in ["app", "deep.sub", "APP", "a-b", "1"] {
        assert!(listed(entry, &format!("https://{host}.example.com/")), "{host}");
    }
    for host in ["example.com", "notexample.com", "x.example.com.attacker.com", ".example.com", "a_b.example.com"] {
        assert!(!listed(entry, &format!("https://{host}/")), "{host}");
    }
    assert!(!listed("https://*.x.org/", "https://evilx.org/"));
    assert!(!listed("https://*.x.org/", "https://a.x.org.evil/"));
}

#[test]
fn a_star_elsewhere_in_the_host_stands_for_letters_digits_dots_and_hyphens_c100() {
    for host in ["app-1", "app-", "app-a.b", "app-a-b"] {
        assert!(listed("https://app-*.example.com/", &format!("https://{host}.example.com/")), "{host}");
    }
    for host in ["app", "xapp-1", "app-a_b", "app-1.example.com.evil"] {
        assert!(!listed("https://app-*.example.com/", &format!("https://{host}.example.com/x")), "{host}");
    }
    assert!(listed("https://*-*.example.com/", "https://a-b.example.com/"));
    assert!(!listed("https://*-*.example.com/", "https://ab.example.com/"));
    assert!(!listed("https://app-*.example.com/", "https://app-1.example.com.evil/"));
}

#[test]
fn path_and_query_are_one_string_with_stars_for_anything_c101() {
    assert!(listed("https://h/a*c", "https://h/abbbc"));
    assert!(listed("https://h/a*c", "https://h/a/b?x=c"));
    assert!(listed("https://h/A", "https://h/a"));
    assert!(listed("https://h/a?", "https://h/a"));
    assert!(listed("https://h/?a=*&b=1", "https://h/?a=x&b=1"));
    assert!(!listed("https://h/a*c", "https://h/abbbcd"));
    assert!(!listed("https://h/a", "https://h/ab"));
}

#[test]
fn a_star_in_the_path_never_reaches_into_the_host_c102() {
    let entry = "https://*.example.com/*";
    assert!(listed(entry, "https://any.example.com/path"));
    assert!(!listed(entry, "https://evil.com/any.example.com/path"));
    assert!(!listed(entry, "https://evil.com/path/.example.com/callback"));
    assert!(!listed(entry, "https://evil.com?.example.com/callback"));
    assert!(!listed(entry, "https://evil.com#.example.com/callback"));
}

#[test]
fn a_path_ending_in_a_star_matches_what_is_below_it_c103() {
    let entry = "http://over.the/rainbow/*";
    assert!(listed(entry, "http://over.the/rainbow/foo"));
    assert!(listed(entry, "http://over.the/rainbow/?p=1"));
    assert!(!listed(entry, "http://over.the/rainbow"));
}

#[test]
fn a_query_needs_a_pattern_that_has_one_c104() {
    assert!(!listed("https://h/a", "https://h/a?b=1"));
    assert!(!listed("https://h/a?b=1", "https://h/a"));
    assert!(listed("https://h/a?b=1", "https://h/a?b=1"));
}

#[test]
fn no_path_and_a_slash_are_different_c105() {
    assert!(!listed("https://h", "https://h/"));
    assert!(!listed("https://h/", "https://h"));
    assert!(!listed("discourse://auth_redirect", "discourse://auth_redirect/"));
}

#[test]
fn a_fragment_needs_a_pattern_that_has_one_c106() {
    assert!(!listed("https://h/a", "https://h/a#b"));
    assert!(!listed("https://h/a*", "https://h/a#b"));
    assert!(!listed("https://h/a#b", "https://h/a"));
    assert!(listed("https://h/a#*", "https://h/a#b"));
    assert!(listed("https://h/a#B", "https://h/a#b"));
}

#[test]
fn the_phone_applications_redirect_matches_itself_c107() {
    assert!(listed("discourse://auth_redirect", "discourse://auth_redirect"));
    assert!(!listed("discourse://auth_redirect", "discourse://auth_redirect2"));
    assert!(!listed("discourse://auth_redirect", "discourse://auth_redirect?x=1"));
}

#[test]
fn nothing_is_decoded_or_normalised_c108() {
    assert!(listed("https://h/a/../b", "https://h/a/../b"));
    assert!(!listed("https://h/b", "https://h/a/../b"));
    assert!(!listed("https://h/a", "https://h/%61"));
    assert!(!listed("https://h/a/b", "https://h/a%2Fb"));
    assert!(!listed("https://h/a", "https://h//a"));
}

#[test]
fn loopback_addresses_pass_on_any_port_and_path_when_the_setting_is_on_r3_c064() {
    for text in ["http://127.0.0.1:1/", "http://127.0.0.1", "http://127.0.0.1:65535/a/b?c#d", "http://[::1]:9000/x"] {
        assert!(rules(&[], true, false).allows(&redirect(text)), "{text}");
        assert!(!rules(&[], false, false).allows(&redirect(text)), "{text}");
    }
}

#[test]
fn localhost_passes_by_a_setting_of_its_own_beside_the_first_r3_c064() {
    let candidate = redirect("http://LocalHost:51234/callback");
    assert!(rules(&[], true, true).allows(&candidate));
    assert!(!rules(&[], true, false).allows(&candidate));
    assert!(!rules(&[], false, true).allows(&candidate));
}

#[test]
fn nothing_that_only_looks_like_loopback_passes_by_the_setting_r3() {
    for text in [
        "https://127.0.0.1/",
        "app://127.0.0.1",
        "http://127.0.0.2/",
        "http://127.0.0.1.evil.example/",
        "http://localhost.evil.example/",
        "http://evil.localhost/",
        "http://localhost./",
        "http://[::ffff:127.0.0.1]/",
        "http://[::2]/",
        "http://0.0.0.0/",
        "http://h/127.0.0.1",
    ] {
        assert!(!rules(&[], true, true).allows(&redirect(text)), "{text}");
    }
}

#[test]
fn plain_http_elsewhere_needs_an_entry_that_says_http_r3() {
    let candidate = redirect("http://over.the/rainbow");
    assert!(!rules(&["https://over.the/rainbow"], true, true).allows(&candidate));
    assert!(rules(&["http://over.the/rainbow"], true, true).allows(&candidate));
}

#[test]
fn a_loopback_entry_with_a_star_means_any_port_of_that_host_alone_r2() {
    for (entry, host) in [("http://127.0.0.1*", "127.0.0.1"), ("http://localhost*", "localhost")] {
        for rest in ["", "/", ":8080", ":8080/a?b=c#d"] {
            assert!(listed(entry, &format!("http://{host}{rest}")), "{entry} {rest}");
            assert!(!listed(entry, &format!("https://{host}{rest}")), "{entry} {rest}");
        }
        assert!(!listed(entry, &format!("http://{host}.evil.example/")), "{entry}");
        assert!(!listed(entry, &format!("http://{host}evil.example/")), "{entry}");
    }
    assert!(listed("http://127.0.0.1*/done", "http://127.0.0.1:7/done"));
    assert!(!listed("http://127.0.0.1*/done", "http://127.0.0.1:7/other"));
}

#[test]
fn each_thing_to_know_about_the_list_is_told_once_r2() {
    for (entry, words) in [
        ("discourse://auth_redirect", ""),
        ("https://app.example/callback*", ""),
        ("http://127.0.0.1:8080/x", ""),
        ("*", "every redirect"),
        ("https://*.x.org/", "every subdomain"),
        ("https://a-*.x.org/", "inside its host"),
        ("https://x.org*", "end of its host"),
        ("http://over.the/rainbow", "plain http"),
        ("http://127.0.0.1*", "exactly this host"),
        ("http://127.0.0.1:*", "allow_loopback_redirects"),
        ("http://[::1]*", "allow_loopback_redirects"),
        ("a://b|c://d", "one URL for each entry"),
        ("javascript://h/*", "never matches"),
        ("https://u@h/", "never matches"),
        ("http://127.1/", "never matches"),
    ] {
        let warnings = rules(&[entry], false, false).warnings();
        assert_eq!(warnings.len(), usize::from(!words.is_empty()), "{entry}: {warnings:?}");
        assert!(
            warnings.iter().all(|warning| warning.contains(words) && warning.contains(entry)),
            "{entry}: {warnings:?}"
        );
    }
    assert_eq!(rules(&["http://*.x.org/"], false, false).warnings().len(), 2);
}

#[test]
fn a_list_beyond_reason_is_an_error_of_the_settings() {
    assert!(RedirectRules::parse(&vec!["a://b".to_owned(); 1001], true, true).is_err());
    assert!(RedirectRules::parse(&[format!("a://{}", "b".repeat(2000))], true, true).is_err());
}

#[test]
fn push_urls_can_be_matched_by_the_same_patterns() {
    let patterns = UrlPatterns::new(&["https://api.example/push/*".to_owned()]);
    assert!(patterns.allow(&Uri::parse("https://api.example/push/ios").unwrap()));
    assert!(!patterns.allow(&Uri::parse("https://api.example.evil/push/ios").unwrap()));
    assert_eq!(Uri::parse("push"), Err(UriError::NoScheme));
}

proptest! {
    #[test]
    fn a_subdomain_pattern_matches_no_host_that_does_not_end_in_the_domain_c099(
        host in "[a-zA-Z0-9.*_-]{0,20}(\\.x\\.org|x\\.org|\\.x\\.org\\.evil|)",
    ) {
        let text = format!("https://{host}/");
        if listed("https://*.x.org/", &text) {
            prop_assert!(host.to_ascii_lowercase().ends_with(".x.org") && host.len() > ".x.org".len());
        }
    }

    #[test]
    fn no_text_matches_a_subdomain_pattern_for_a_browser_that_goes_elsewhere_r2(
        text in "https?:[/\\\\]{0,3}[a-z@:.#?%/\\\\]{0,12}\\.x\\.org[a-z@:.#?%/\\\\]{0,12}",
    ) {
        if listed("https://*.x.org/*", &text) {
            let host = url::Url::parse(&text).unwrap().host_str().unwrap().to_owned();
            prop_assert!(host.ends_with(".x.org"), "{} goes to {}", text, host);
        }
    }

    #[test]
    fn an_entry_without_stars_matches_only_its_own_text_c098(
        entry in "https://[a-z]{1,5}\\.org/[a-z?=&.]{0,5}",
        other in "https://[a-z]{1,5}\\.org/[a-z?=&.]{0,5}",
    ) {
        prop_assert!(listed(&entry, &entry));
        if listed(&entry, &other) {
            prop_assert_eq!(entry.trim_end_matches('?'), other.trim_end_matches('?'));
        }
    }
}
