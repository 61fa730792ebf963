//! The arrows of the house, and which layer may name which outside crate (`docs/ARCHITECTURE.md`).

use std::fs;
use std::path::{Path, PathBuf};

/// Which layers a layer may import, besides itself. `app.rs` may import everything and is not listed; only the edges
/// may import `app`.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("config", &["model"]),
    ("store", &["model"]),
    ("crypto", &["model"]),
    ("limits", &["model"]),
    ("metrics", &["model"]),
    ("courier", &["model"]),
    ("domain", &["courier", "store", "crypto", "limits", "metrics", "model"]),
    ("http", &["app", "domain", "limits", "metrics", "model", "store"]),
    ("worker", &["app", "domain", "metrics", "store"]),
    ("cli", &["app", "config", "crypto", "domain", "http", "model", "store", "telemetry", "worker"]),
];

/// Which layers may name an outside crate.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("actix_http", &["http"]),
    ("actix_server", &["http"]),
    ("actix_service", &["http"]),
    ("httparse", &["http"]),
    ("actix_web", &["http", "cli"]),
    ("actix_session", &["http"]),
    ("askama", &["http", "cli"]),
    ("utoipa", &["http"]),
    ("utoipa_actix_web", &["http"]),
    ("rustix", &["http"]),
    ("socket2", &["http"]),
    ("fluent_bundle", &["http"]),
    ("diesel", &["store"]),
    ("diesel_migrations", &["store"]),
    ("rsa", &["crypto"]),
    ("argon2", &["crypto"]),
    ("hmac", &["crypto"]),
    ("governor", &["limits"]),
    ("redis", &["limits"]),
    ("clap", &["cli"]),
    ("prometheus_client", &["metrics"]),
    ("sd_notify", &["cli"]),
    ("ureq", &["cli"]),
    ("hyper", &["courier"]),
    ("hyper_util", &["courier"]),
    ("rustls_native_certs", &["courier"]),
    ("tokio_rustls", &["courier"]),
    ("notify_rust", &["cli"]),
    ("toml", &["config"]),
    ("jiff", &["model", "http"]),
];

pub(crate) fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&root, &mut found);
    found
        .into_iter()
        .map(|path| (path.strip_prefix(&root).unwrap().to_owned(), fs::read_to_string(&path).unwrap()))
        .collect()
}

fn layer(path: &Path) -> String {
    path.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// The code of a file: no comments, no tests.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn names(code: &str, word: &str) -> bool {
    let path = format!("{word}::");
    code.match_indices(&path)
        .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
}

/// `crate::x::…`, `crate::x;`, and x anywhere in a `crate::{…}`.
fn names_own(code: &str, layer: &str) -> bool {
    let starts = |rest: &str| {
        rest.strip_prefix(layer).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    code.split("crate::").skip(1).any(|rest| match rest.strip_prefix('{') {
        Some(group) => group.split("};").next().unwrap().split(',').any(|item| starts(item.trim())),
        None => starts(rest),
    })
}

#[test]
fn an_import_is_seen_however_it_is_written() {
    for import in
        ["use crate::http;", "use crate::http::views;", "use crate::{model, http::views};", "crate::http::x()"]
    {
        assert!(names_own(import, "http"), "{import}");
    }
    assert!(!names_own("use crate::https;", "http"));
}

#[test]
fn data_flows_one_way() {
    for (path, text) in sources() {
        let layer = layer(&path);
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == layer) else { continue };
        let code = code(&text);
        for other in MAY_IMPORT.iter().map(|(name, _)| *name).chain(["app", "telemetry"]) {
            let imports = names_own(&code, other);
            assert!(!imports || other == layer || allowed.contains(&other), "{} imports {other}", path.display());
        }
    }
}

#[test]
fn each_outside_crate_has_its_layer() {
    for (path, text) in sources() {
        let (layer, code) = (layer(&path), code(&text));
        for (outside, allowed) in MAY_NAME {
            assert!(
                !names(&code, outside) || allowed.contains(&layer.as_str()),
                "{} names {outside}, which is for {allowed:?}",
                path.display()
            );
        }
    }
}

#[test]
fn no_private_key_is_on_the_server_h8() {
    let mut holders = Vec::new();
    for (path, text) in sources() {
        let code = code(&text);
        if code.contains("RsaPrivateKey") {
            holders.push(path.display().to_string());
        }
        let serves = !matches!(layer(&path).as_str(), "cli" | "crypto");
        assert!(!serves || !code.contains("KeyPair"), "{} works with a private key", path.display());
    }
    assert_eq!(holders, ["crypto/key_pair.rs"]);
}

/// Who asks the limits of one process elsewhere would not count what other nodes accepted (`docs/design/0007-limits-over-all-nodes.md`).
#[test]
fn limits_are_charged_in_one_place_l1() {
    for (path, text) in sources() {
        let code: String = code(&text).split_whitespace().collect();
        let asks =
            ["act_limits.take", "act_limits.peek", "key_limits.take(", "key_limits.standing", "user_limits.take"];
        let found = asks.iter().find(|asks| code.contains(**asks));
        assert!(path.ends_with("domain/charge.rs") || found.is_none(), "{} has {found:?}", path.display());
    }
}

#[test]
fn a_file_is_at_most_four_hundred_lines_long() {
    for (path, text) in sources() {
        let lines = text.lines().count();
        let whole = ["store/schema.rs", "http/routes.rs"].iter().any(|table| path.ends_with(table));
        assert!(whole || lines <= 400, "{} has {lines} lines", path.display());
    }
}
