//! Keys that end, are forgotten, or are kept where others could read them.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use super::{KEY, kept, keys, lines, notify, once, with_keys};
use crate::cli::{refused, text};
use crate::support::stand_in::{Reply, StandIn};

#[test]
fn a_key_that_has_ended_is_forgotten_and_other_sites_stay() {
    let (ended, other) = (StandIn::start(&[Reply::ended()]), StandIn::start(&[Reply::unread(1)]));
    let folder = with_keys(&[&ended.base, &other.base]);
    let output = once(folder.path(), &[&ended.base, &other.base]);
    assert!(!output.status.success() && lines(&output).len() == 2, "{output:?}");
    let said = text(&output.stderr);
    assert!(said.contains("its key has ended") && said.contains(&format!("hallpass notify {}", ended.base)), "{said}");
    assert_eq!(kept(&folder), [other.base.as_str()]);
}

#[test]
fn a_watch_ends_when_no_site_is_left() {
    let site = StandIn::start(&[Reply::unread(1), Reply::ended()]);
    let folder = with_keys(&[&site.base]);
    let output = notify(folder.path(), &[&site.base], &["--json", "--every", "1"]).output().unwrap();
    assert!(!output.status.success() && text(&output.stderr).contains("1 of 1 site failed"), "{output:?}");
    assert_eq!((lines(&output).len(), kept(&folder).len()), (2, 0));
}

#[test]
fn a_watch_ends_when_nobody_reads_it() {
    let site = StandIn::start(&[Reply::unread(1), Reply::unread(2), Reply::unread(3)]);
    let folder = with_keys(&[&site.base]);
    let mut command = notify(folder.path(), &[&site.base], &["--every", "1"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn forget_ends_the_key_at_the_site_and_here() {
    let (site, other) = (StandIn::start(&[Reply::unread(1)]), "http://127.0.0.1:1");
    let folder = with_keys(&[&site.base, other]);
    let forget = |site: &str| notify(folder.path(), &[site], &["--forget"]).output().unwrap();
    let output = forget(&site.base);
    assert!(output.status.success() && output.stdout.is_empty(), "{output:?}");
    let asked = site.asked();
    assert_eq!((asked.len(), asked[0].what.as_str()), (1, "POST /user-api-key/revoke.json"));
    assert_eq!((asked[0].key.as_deref(), kept(&folder)), (Some(KEY), vec![other.to_owned()]));
    refused(&forget(&site.base), &["there is no key for it"]);
    refused(&forget(other), &["the key is kept, since it cannot be reached", "1 of 1 keys could not be ended"]);
    assert_eq!(kept(&folder), [other]);
}

#[test]
fn what_cannot_be_done_is_refused_with_what_to_change() {
    let folder = with_keys(&["http://127.0.0.1:1"]);
    let ask = |arguments: &[&str]| notify(folder.path(), &["http://127.0.0.1:1"], arguments).output().unwrap();
    for every in ["0", "1m", "86401"] {
        refused(&ask(&["--every", every]), &["seconds, such as 60, from 1 to 86400"]);
    }
    refused(&ask(&["--forget", "--once"]), &["cannot be used with"]);
    refused(&notify(folder.path(), &[], &["--once"]).output().unwrap(), &["<SITE>"]);
    refused(&notify(folder.path(), &["ftp://a.example"], &[]).output().unwrap(), &["http:// or https://"]);
    #[cfg(not(feature = "desktop"))]
    refused(&ask(&["--once", "--desktop"]), &["--features desktop"]);
    std::fs::set_permissions(keys(&folder), Permissions::from_mode(0o604)).unwrap();
    refused(&ask(&["--once"]), &["can be read by others", "chmod 600"]);
}
