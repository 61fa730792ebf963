//! Is the internal listener out of reach for the public? `security.md W8`.

use super::Scene;
use super::finding::Finding;
use super::live::Answer;

/// What only the verifier says, to a proxy that asks it wrongly.
const COMPLAINTS: [&str; 3] = ["no_original_request", "two_original_requests", "not_a_peer"];

pub(super) fn check(scene: &Scene) -> Finding {
    const CHECK: &str = "internal";
    let mut places = vec![""];
    if !scene.live.base.is_empty() {
        places.push(&scene.live.base);
    }
    let found: Vec<_> = places.iter().flat_map(|place| exposed(scene, place)).collect();
    if found.is_empty() {
        return Finding::ok(CHECK, "the internal listener is out of reach");
    }
    let says = format!("everybody can reach the internal listener: {}", found.join(", "));
    Finding::failed(CHECK, says, "have the proxy send nothing of the public's to server.internal_listen")
}

/// What is told apart from a site's own page by what only the internal listener says.
fn exposed(scene: &Scene, place: &str) -> Vec<String> {
    let at = |path: &str| format!("{place}{path}");
    let live = &scene.live;
    let rows: [(&str, bool); 6] = [
        ("/health/live", live.get(&at("/health/live"), &[]).json("/status") == "live"),
        ("/health/startup", live.get(&at("/health/startup"), &[]).json("/status") == "started"),
        ("/health/ready", live.get(&at("/health/ready"), &[]).json("/checks").is_object()),
        ("/metrics", live.get(&at("/metrics"), &[]).body.contains("hallpass_build_info")),
        ("/verify.json", live.post(&at("/verify.json")).json("/error_type") == "invalid_client"),
        ("/introspect", live.post(&at("/introspect")).json("/error_type") == "invalid_client"),
    ];
    let verifiers = ["/verify", "/verify/envoy/", "/.hallpass/verify"].map(|path| (path, verifies(scene, &at(path))));
    rows.into_iter().chain(verifiers).filter(|(_, is)| *is).map(|(path, _)| at(path)).collect()
}

/// A verifier complains of a proxy that does not say what it asks about, and tells whoever asks who they are.
fn verifies(scene: &Scene, target: &str) -> bool {
    let complains = |answer: &Answer| COMPLAINTS.iter().any(|reason| answer.json("/reason") == *reason);
    let names_somebody = |answer: &Answer| answer.header("remote-user").is_some();
    let about = [("X-Original-Method", "GET"), ("X-Original-URI", scene.path)];
    complains(&scene.with_unknown_key(target, &[]))
        || names_somebody(&scene.live.get(target, &about))
        || scene.with_key(target, &about).as_ref().is_some_and(names_somebody)
}
