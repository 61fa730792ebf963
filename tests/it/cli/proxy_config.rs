//! `hallpass proxy-config`, and the pages of the guide that are made of it. What it prints runs in `tests/proxies`.

use std::fs;

use super::{refused, run, text};
use crate::generated::{hold, root};

/// Those that have a recipe, and whose name starts a page.
const PROXIES: [&str; 4] = ["nginx", "caddy", "envoy", "traefik"];

/// What stays with a site that shares its host name with us.
const THE_SITES: [&str; 5] = ["", "/", "/favicon.ico", "/about", "/site"];

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
fn listeners_on_every_address_are_reached_on_this_machine() {
    let everywhere = ["--set", "server.listen=0.0.0.0:8080", "--set", "server.internal_listen=[::]:8081"];
    let printed = printed("nginx", &everywhere);
    assert!(printed.contains("server 127.0.0.1:8080;") && printed.contains("server [::1]:8081;"), "{printed}");
}
