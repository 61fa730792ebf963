//! `hallpass proxy-config`, and the pages of the guide that are made of it. What it prints runs in `tests/proxies`.

use std::fs;

use serde_json::Value;

use super::{refused, run, text};
use crate::generated::{hold, root};

/// Those that have a recipe, and whose name starts a page.
const PROXIES: [&str; 4] = ["nginx", "caddy", "envoy", "traefik"];

/// What stays with a site that shares its host name with us.
const THE_SITES: [&str; 6] = ["", "/", "/favicon.ico", "/about", "/site", "/api/"];

fn printed(proxy: &str, arguments: &[&str]) -> String {
    let settings =
        ["--set", "server.public_url=https://books.example/hall", "--set", "server.trusted_proxies=127.0.0.1"];
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &[&settings[..], arguments, &["proxy-config", proxy]].concat(), "");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    text(&output.stdout).to_owned()
}

#[test]
fn the_guide_shows_what_the_program_prints() {
    let part = |name: &str| fs::read_to_string(root().join("templates/proxy").join(name)).unwrap();
    for proxy in PROXIES {
        let page = part(&format!("{proxy}.md")).replace("{before}", part("before.md").trim_end());
        let page = page.replace("{configuration}", printed(proxy, &[]).trim_end());
        let note = "\nThis page is generated from `templates/proxy/`. To renew it: `tests/generate`.\n";
        hold(&format!("docs/guide/behind-{proxy}.md"), &format!("{page}{note}"));
    }
}

#[test]
fn every_route_is_beside_a_site_or_left_to_it() {
    let source = fs::read_to_string(root().join("src/http/routes.rs")).unwrap();
    let code = source.split("pub(super) fn routes").nth(1).unwrap();
    let paths = |call: &str| code.split(call).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
    let (one, both): (Vec<String>, Vec<String>) = (paths("one(\""), paths("both(\""));
    assert!(one.len() > 10 && both.len() > 10);
    let with_json = both.iter().map(|path| format!("{path}.json"));
    for path in one.iter().chain(&both).cloned().chain(with_json) {
        let ours = hallpass::http::BESIDE_A_SITE;
        let listed = ours.iter().any(|ours| path == *ours || ours.ends_with('/') && path.starts_with(ours));
        assert!(listed != THE_SITES.contains(&path.as_str()), "{path}");
    }
}

#[test]
fn what_cannot_be_a_recipe_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let ask = |arguments: &[&str]| run(folder.path(), arguments, "");
    refused(&ask(&["proxy-config", "nginx", "--site", "https://127.0.0.1:3000"]), &["--site", "http://host:port"]);
    refused(&ask(&["proxy-config", "nginx", "--site", "http://127.0.0.1:3000/app"]), &["without a path"]);
    refused(&ask(&["proxy-config", "nginx", "--protect", "api"]), &["--protect", "/api/"]);
    refused(&ask(&["proxy-config", "apache"]), &["nginx", "traefik"]);
    refused(&ask(&["--set", "server.listen=127.0.0.1:0", "proxy-config", "nginx"]), &["port 0"]);
}

#[test]
fn a_proxy_whose_word_does_not_count_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["proxy-config", "caddy"], "");
    assert!(output.status.success() && text(&output.stderr).contains("server.trusted_proxies"), "{output:?}");
}

#[test]
fn a_port_that_hallpass_has_itself_is_told_of_with_what_to_change() {
    let folder = tempfile::tempdir().unwrap();
    let ask = |arguments: &[&str]| {
        let settings = ["--set", "server.trusted_proxies=127.0.0.1"];
        let output = run(folder.path(), &[&settings[..], arguments].concat(), "");
        assert!(output.status.success(), "{output:?}");
        text(&output.stderr).to_owned()
    };
    for proxy in ["nginx", "caddy"] {
        let said = ask(&["proxy-config", proxy]);
        assert!(said.contains("server.listen is 127.0.0.1:8080") && said.contains("http://127.0.0.1:8000"), "{said}");
        let said = ask(&["proxy-config", proxy, "--listen", "127.0.0.1:8081"]);
        assert!(said.contains("server.internal_listen is 127.0.0.1:8081"), "{said}");
        assert_eq!(ask(&["proxy-config", proxy, "--listen", "127.0.0.1:8000"]), "");
        assert_eq!(ask(&["proxy-config", proxy, "--listen", "192.0.2.1:8080"]), "");
        assert_eq!(ask(&["--set", "server.public_url=http://127.0.0.1:8000", "proxy-config", proxy]), "");
    }
}

#[test]
fn a_place_to_listen_at_needs_an_address_and_the_words_for_it_are_ours() {
    let folder = tempfile::tempdir().unwrap();
    let ask = |arguments: &[&str]| run(folder.path(), arguments, "");
    for (given, meant) in [("8000", "127.0.0.1:8000"), (":9000", "127.0.0.1:9000"), ("localhost:81", "127.0.0.1:81")] {
        refused(&ask(&["proxy-config", "nginx", "--listen", given]), &["--listen", meant]);
        refused(&ask(&["doctor", "http://127.0.0.1:8000", "--stand-in", given]), &["--stand-in", meant]);
    }
}

#[test]
fn the_secret_is_printed_only_where_it_is_asked_for_and_fits_w8() {
    let secret = "0123456789abcdef0123456789abcdef";
    let set = format!("verify.secret={secret}");
    for proxy in PROXIES {
        assert!(!printed(proxy, &["--set", &set]).contains(secret), "{proxy}");
    }
    let folder = tempfile::tempdir().unwrap();
    let ask = |set: &str| run(folder.path(), &["--set", set, "proxy-config", "nginx", "--with-secret"], "");
    assert!(text(&ask(&set).stdout).contains(&format!("proxy_set_header Hallpass-Secret \"{secret}\";")));
    refused(&ask("verify.secret=0123456789abcdef\"; deny all; #01234567"), &["--with-secret", "letters, digits"]);
    refused(&ask("verify.secret="), &["--with-secret", "verify.secret_file"]);
    std::fs::write(folder.path().join("secret"), format!("{secret}\n")).unwrap();
    assert!(text(&ask("verify.secret_file=secret").stdout).contains(secret));
}

#[test]
fn what_nginx_says_again_is_what_hallpass_said() {
    let recipe = printed("nginx", &[]);
    let said = |status: u16| -> Value {
        let (_, body) = recipe.split_once(&format!("return {status} '{{")).unwrap();
        serde_json::from_str(&format!("{{{}", body.split_once("';").unwrap().0)).unwrap()
    };
    for (name, status, body) in hallpass::http::table() {
        if ["KeyNeeded", "KeyRefused", "Unavailable"].contains(&name.as_str()) {
            assert_eq!(said(status), body, "{name}");
        }
    }
}

#[test]
fn listeners_on_every_address_are_reached_on_this_machine() {
    let everywhere = ["--set", "server.listen=0.0.0.0:8080", "--set", "server.internal_listen=[::]:8081"];
    let printed = printed("nginx", &everywhere);
    assert!(printed.contains("server 127.0.0.1:8080;") && printed.contains("server [::1]:8081;"), "{printed}");
}
