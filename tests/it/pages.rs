//! Every page, rendered from samples: to snapshots, to `target/pages/*.html` for looking at, and against the rules.

// The lints know tests by this attribute, fixtures included.
#![cfg(test)]

pub(crate) mod markup;
mod names;
mod rules;
mod samples;
mod samples_apps;
mod samples_consent;
mod samples_device;
mod samples_notifications;
mod samples_otp;
mod wording;

use std::fs;
use std::path::Path;

/// Every sample page with its name, for a site under `base`.
fn all(base: &str) -> Vec<(&'static str, String)> {
    let mut pages = samples::pages(base);
    pages.extend(samples_consent::pages(base));
    pages.extend(samples_apps::pages(base));
    pages.extend(samples_otp::pages(base));
    pages.extend(samples_device::pages(base));
    pages.extend(samples_notifications::pages(base));
    pages
}

fn page(name: &str) -> String {
    all("").into_iter().find(|(other, _)| *other == name).map(|(_, html)| html).expect("a sample of that name")
}

#[test]
fn every_page_looks_as_it_did() {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (name, html) in all("") {
            insta::assert_snapshot!(name, html);
        }
    });
}

#[test]
fn every_page_is_written_out_for_looking_at() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shown = root.join("target/pages");
    fs::create_dir_all(shown.join("static")).expect("a folder");
    for file in fs::read_dir(root.join("static")).expect("the static files") {
        let file = file.expect("a file");
        if file.path().is_file() {
            fs::copy(file.path(), shown.join("static").join(file.file_name())).expect("a copy");
        }
    }
    let mut list = vec!["<!doctype html><title>Pages</title><ul>".to_owned()];
    for (name, html) in all(".") {
        fs::write(shown.join(format!("{name}.html")), html).expect("a page");
        list.push(format!("<li><a href=\"{name}.html\">{name}</a>"));
    }
    fs::write(shown.join("index.html"), list.join("\n")).expect("a list");
}

#[test]
fn every_link_and_form_stays_under_the_sites_path() {
    // A notification leads wherever the site says.
    let leads_away = |tag: &markup::Tag<'_>| tag.attribute("rel") == Some("noopener noreferrer");
    for (name, html) in all("/hall") {
        for tag in markup::tags(&html).iter().filter(|tag| !leads_away(tag)) {
            for attribute in ["href", "action", "src"] {
                let Some(path) = tag.attribute(attribute) else { continue };
                let ours = path.starts_with("/hall/");
                assert!(ours || tag.attribute("id") == Some("hand-over"), "{name}: {path}");
            }
        }
    }
}
