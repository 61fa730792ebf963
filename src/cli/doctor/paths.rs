//! Does a path that can be read in two ways get past Hallpass? `security.md W10`.

use super::finding::Finding;
use super::live::Answer;
use super::{NEEDS_KEY, Scene};

/// What the narrow key may, and nothing else: a path that stays with the site.
pub(super) const WITHIN: &str = "/notifications";

const SCOPE: &str = "scope";
const ORIGINAL_URI: &str = "original_uri";

/// Ways around, from a folder that is not asked about or is permitted, to a path. Both begin with a slash.
fn roundabout(folder: &str, path: &str) -> Vec<String> {
    let bare = path.trim_start_matches('/');
    let through = ["../", "%2e%2e/", ".%2e/", "..%2f", "%2e%2e%2f", "..%5c", "..\\", "..;/", "%252e%252e%252f"];
    let through = through.iter().map(|up| format!("{folder}/{up}{bare}"));
    let before = ["//", "/./", "/%2f", "/;/"].iter().map(|start| format!("{start}{bare}"));
    through.chain(before).collect()
}

pub(super) fn check(scene: &Scene) -> Vec<Finding> {
    let with_narrow = match narrow_key(scene) {
        Ok(key) => [beyond_scope(scene, key), renamed(scene, key)],
        Err(advice) => [SCOPE, ORIGINAL_URI]
            .map(|check| Finding::not_checked(check, "there is no key for another path to try with", advice)),
    };
    std::iter::once(unasked(scene)).chain(with_narrow).collect()
}

/// With a key that does not exist: whatever is served was not asked about.
fn unasked(scene: &Scene) -> Finding {
    const CHECK: &str = "paths";
    if scene.with_unknown_key(scene.path, &[]).status != 403 {
        return Finding::not_checked(CHECK, "the path itself is not refused to an unknown key", "mend 403 first");
    }
    let ask = |target: String| (scene.with_unknown_key(&target, &[]), target);
    let answers: Vec<_> = roundabout("/doctor", scene.path).into_iter().map(ask).collect();
    let advice = format!("have the proxy ask about, or refuse, every spelling that a site can read as {}", scene.path);
    judge(scene, CHECK, &answers, &advice, "no roundabout path gets past Hallpass")
}

/// With a key for one other path.
fn beyond_scope(scene: &Scene, key: &str) -> Finding {
    let targets = std::iter::once(scene.path.to_owned()).chain(roundabout(WITHIN, scene.path));
    let with_key = |target: String| (scene.live.get(&target, &[("User-Api-Key", key)]), target);
    let answers: Vec<_> = targets.map(with_key).collect();
    let advice = "have the proxy tell Hallpass the path as it came, and send the site that same path";
    judge(scene, SCOPE, &answers, advice, "no roundabout path stretches a scope")
}

/// What a client says of its request is not the proxy's word.
fn renamed(scene: &Scene, key: &str) -> Finding {
    let answers = ["X-Original", "X-Forwarded"].map(|family| {
        let (method, uri) = (format!("{family}-Method"), format!("{family}-Uri"));
        let headers = [("User-Api-Key", key), (&method, "GET"), (&uri, WITHIN)];
        (scene.live.get(scene.path, &headers), format!("{} with {uri}: {WITHIN}", scene.path))
    });
    let advice = "have the proxy set X-Original-URI and X-Original-Method (or X-Forwarded-…) itself, whatever came";
    judge(scene, ORIGINAL_URI, &answers, advice, "a client cannot have another path judged than it asks for")
}

/// A key that is good elsewhere, or what to do to have one. Where even the good one is refused, a refusal proves nothing.
fn narrow_key<'a>(scene: &'a Scene) -> Result<&'a str, &'static str> {
    let key = match (scene.narrow_key(), &scene.keys.owner) {
        (Some(key), _) => key,
        (None, Some(_)) => return Err("try with notifications among user_api.allow_user_api_key_scopes"),
        (None, None) => return Err(NEEDS_KEY),
    };
    let refused = |answer: Answer| matches!(answer.status, 401 | 403) && scene.arrived(&answer).is_none();
    if scene.with_key(scene.path, &[]).is_none_or(refused) { Err("mend good_key first") } else { Ok(key) }
}

/// All of these have to be refused, by Hallpass or by the proxy.
fn judge(scene: &Scene, check: &'static str, answers: &[(Answer, String)], advice: &str, good: &str) -> Finding {
    let names = |is: &dyn Fn(&Answer) -> bool| {
        let found = answers.iter().filter(|(answer, _)| is(answer));
        found.map(|(answer, target)| format!("{target} ({answer})")).collect::<Vec<_>>().join(", ")
    };
    let past = names(&|answer| answer.is_success() || scene.arrived(answer).is_some());
    let unclear = names(&|answer| !matches!(answer.status, 400 | 401 | 403));
    if !past.is_empty() {
        return Finding::failed(check, format!("not refused: {past}"), advice);
    }
    if answers.iter().any(|(answer, _)| answer.status == 429) {
        let says = "the key's limit leaves no room to try all paths";
        return Finding::not_checked(check, says, "try with user_api.max_user_api_reqs_per_minute = 20 or more");
    }
    if scene.stand_in.is_none() && !unclear.is_empty() {
        let look = "nobody can tell from outside whether that is the site: look with --stand-in";
        return Finding::warning(check, format!("neither served nor refused: {unclear}"), look);
    }
    Finding::ok(check, good)
}
