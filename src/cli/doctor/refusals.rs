//! Do the answers of Hallpass come through the proxy as they are: 401, 403, 429, and the good one?

use super::NEEDS_KEY;
use super::Scene;
use super::finding::Finding;
use super::live::Answer;
use crate::model::Anonymous;

/// More requests in a row than this are no probe any more.
const MOST: u32 = 125;

pub(super) fn check(scene: &Scene) -> Vec<Finding> {
    vec![without_key(scene), unknown_key(scene), good_key(scene), over_limit(scene)]
}

/// `security.md W9`.
fn without_key(scene: &Scene) -> Finding {
    const CHECK: &str = "401";
    let answer = scene.live.get(scene.path, &[]);
    let says = format!("without a key {} is answered {answer}", scene.path);
    let allowed = scene.config.map(|config| config.verify.anonymous);
    let ours = answer.status == 401 && answer.json("/error_type") == "not_logged_in";
    match allowed {
        _ if answer.is_broken() => Finding::failed(CHECK, says, BROKEN),
        Some(Anonymous::Allow) if ours => {
            let advice = "verify.anonymous is \"allow\" here: start the service again, it has another configuration";
            Finding::failed(CHECK, says, advice)
        }
        Some(Anonymous::Allow) => Finding::ok(CHECK, format!("{says} by the site: verify.anonymous is \"allow\"")),
        _ if answer.status == 401 => whole(CHECK, &says, &answer, &["WWW-Authenticate"]),
        None if answer.is_success() => {
            let advice = "right where verify.anonymous is \"allow\" and the site looks whether Remote-User is empty";
            Finding::warning(CHECK, says, advice)
        }
        _ if answer.status == 403 => {
            Finding::failed(CHECK, format!("{says}, and not 401"), format!("{UNASKED}; or {NO_PEER}"))
        }
        _ => Finding::failed(CHECK, format!("{says}, and not 401"), UNASKED),
    }
}

/// `security.md K3`.
fn unknown_key(scene: &Scene) -> Finding {
    const CHECK: &str = "403";
    let answer = scene.with_unknown_key(scene.path, &[]);
    let says = format!("a key that does not exist is answered {answer}");
    match answer.status {
        403 if scene.arrived(&answer).is_none() => whole(CHECK, &says, &answer, &[]),
        401 => {
            Finding::failed(CHECK, says, "have the proxy pass on User-Api-Key to Hallpass, and its 403 to the client")
        }
        429 => Finding::warning(CHECK, says, "too many unknown keys came from this address: try again in a minute"),
        _ if answer.is_broken() => Finding::failed(CHECK, says, BROKEN),
        _ => Finding::failed(CHECK, format!("{says}, and not 403"), UNASKED),
    }
}

fn good_key(scene: &Scene) -> Finding {
    const CHECK: &str = "good_key";
    let Some(answer) = scene.with_key(scene.path, &[]) else {
        return Finding::not_checked(CHECK, "there is no key to try", NEEDS_KEY);
    };
    let says = format!("a good key is answered {answer}");
    match answer.status {
        429 => Finding::warning(CHECK, says, "the key is over its limit: try again in a minute"),
        401 => Finding::failed(CHECK, says, "have the proxy pass on User-Api-Key to Hallpass"),
        403 if scene.arrived(&answer).is_none() => {
            let advice = format!(
                "does the service have the database of this configuration, do --scopes permit GET {}, and {NO_PEER}",
                scene.path
            );
            Finding::failed(CHECK, says, advice)
        }
        _ if answer.is_broken() => Finding::failed(
            CHECK,
            says,
            "does the site itself run where the proxy looks for it, and Hallpass beside it?",
        ),
        _ => Finding::ok(CHECK, format!("{says} by the site")),
    }
}

/// `security.md L2`. Ends with the first answer that is no longer the site's.
fn over_limit(scene: &Scene) -> Finding {
    const CHECK: &str = "429";
    let limit = scene.config.map(|config| config.user_api.max_user_api_reqs_per_minute);
    if limit.is_some_and(|limit| limit >= MOST) {
        let says = format!("a limit above {MOST} requests a minute is not tried out");
        return Finding::not_checked(
            CHECK,
            says,
            "try a copy of the set-up with user_api.max_user_api_reqs_per_minute = 20",
        );
    }
    // The site's own answer: what differs from it later is the limit.
    let Some(first) = scene.with_key(scene.path, &[]) else {
        return Finding::not_checked(CHECK, "there is no key to try", NEEDS_KEY);
    };
    if matches!(first.status, 401 | 403) || first.is_broken() {
        return Finding::not_checked(CHECK, "no key gets as far as its limit", "mend good_key first");
    }
    let rest = (0..limit.unwrap_or(MOST)).filter_map(|_| scene.with_key(scene.path, &[]));
    match std::iter::once(first)
        .chain(rest)
        .find(|answer| answer.status == 429 || answer.status == 403 || answer.is_broken())
    {
        Some(answer) if answer.status == 429 => limited(CHECK, &answer),
        Some(answer) => {
            let advice = "have the proxy pass on the 429 of Hallpass (nginx: error_page 500 = @hallpass_refused)";
            Finding::failed(CHECK, format!("over its limit a key is answered {answer}, and not 429"), advice)
        }
        None => Finding::failed(CHECK, "no limit ends a run of requests with one key", UNASKED),
    }
}

fn limited(check: &'static str, answer: &Answer) -> Finding {
    let says = format!("over its limit a key is answered {answer}");
    let seconds = answer.header("retry-after").and_then(|value| value.parse::<u64>().ok());
    if !seconds.is_some_and(|seconds| (1..=86_400).contains(&seconds)) {
        let advice = "have the proxy pass on Retry-After, or clients come back at once";
        return Finding::failed(check, format!("{says} without a good Retry-After"), advice);
    }
    whole(check, &says, answer, &["RateLimit", "RateLimit-Policy", "Discourse-Rate-Limit-Error-Code"])
}

/// Whether a refusal came with its headers and its body.
fn whole(check: &'static str, says: &str, answer: &Answer, headers: &[&str]) -> Finding {
    let empty = |name: &&&str| answer.header(name).is_none_or(str::is_empty);
    let missing: Vec<_> = headers.iter().filter(empty).copied().collect();
    if !missing.is_empty() {
        let says = format!("{says} without {}", missing.join(", "));
        return Finding::failed(check, says, "have the proxy pass on the headers of a refusal");
    }
    if !answer.json("/errors/0").is_string() || !answer.json("/error_type").is_string() {
        let says = format!("{says} without the body of the protocol");
        return Finding::failed(check, says, "have the proxy pass on the body of a refusal, or make it again");
    }
    Finding::ok(check, format!("{says}, with headers and body"))
}

const BROKEN: &str = "does Hallpass run at the server.internal_listen that the proxy asks, and does the proxy pass on what \
                      it answers?";
const UNASKED: &str = "have the proxy ask Hallpass about this path, or name one that it asks about with --path";

/// A proxy that may not ask is refused by Hallpass, and tells its client that the client is.
const NO_PEER: &str = "is the proxy's address in verify.peers? The log of the service says which one was refused";
