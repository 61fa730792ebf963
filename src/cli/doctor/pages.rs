//! Are the pages of the service what they were when they left it? `security.md W1`, `W2`.

use super::Scene;
use super::finding::Finding;
use super::live::Answer;

/// What a page's header has to be.
enum Wish {
    /// There once, with all of these in it.
    With(&'static [&'static str]),
    /// Not there.
    Absent,
}

const WISHES: [(&str, Wish); 6] = [
    (
        "Content-Security-Policy",
        Wish::With(&["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"]),
    ),
    ("X-Frame-Options", Wish::With(&["DENY"])),
    ("X-Content-Type-Options", Wish::With(&["nosniff"])),
    ("Cache-Control", Wish::With(&["no-store"])),
    ("Referrer-Policy", Wish::With(&["same-origin"])),
    // Applications in a popup need the page that opened them.
    ("Cross-Origin-Opener-Policy", Wish::Absent),
];

/// Whether Hallpass can be reached at all; without that no other check means anything.
pub(super) fn reach(scene: &Scene) -> Finding {
    const CHECK: &str = "reach";
    let answer = scene.live.head(&format!("{}/user-api-key/new", scene.live.base));
    let here = &scene.live;
    let says = format!("HEAD {here}/user-api-key/new is answered {answer}");
    match (answer.status, &answer.all("auth-api-version")[..]) {
        (200, ["4"]) => Finding::ok(CHECK, format!("Hallpass answers at {here}")),
        (200, versions) => {
            let says = format!("{says} with {} Auth-Api-Version", if versions.is_empty() { "no" } else { "another" });
            Finding::failed(CHECK, says, "have the proxy leave the headers of Hallpass as they are, once each")
        }
        (0, _) if answer.body.contains("certificate") => {
            let advice = "have the proxy show a good certificate; name an authority of your own with --ca-file, or a \
                          certificate that signs itself, which must not call itself an authority (CA:FALSE)";
            Finding::failed(CHECK, says, advice)
        }
        (0, _) => Finding::failed(CHECK, says, "is the address right, and does the proxy run?"),
        (300..=399, _) => {
            let to = answer.header("location").unwrap_or("nowhere").to_owned();
            Finding::failed(CHECK, format!("{says}, to {to}"), "run doctor with the address that browsers end at")
        }
        (502..=504, _) => Finding::failed(CHECK, says, "does Hallpass run, at the server.listen that the proxy has?"),
        _ => {
            let advice = "have the proxy send this path to server.listen; if server.public_url has a path, it belongs \
                          to the address";
            Finding::failed(CHECK, says, advice)
        }
    }
}

pub(super) fn check(scene: &Scene) -> Finding {
    const CHECK: &str = "page_headers";
    let pages = ["/user-api-key/new", "/login"];
    let faults: Vec<_> = pages.iter().flat_map(|page| faults(page, &scene.live.page(page), scene)).collect();
    if faults.is_empty() {
        return Finding::ok(CHECK, "the pages have the headers that protect them, once each");
    }
    let advice = "have the proxy leave the headers of Hallpass as they are, and add none of its own there";
    Finding::failed(CHECK, faults.join("; "), advice)
}

fn faults(page: &str, answer: &Answer, scene: &Scene) -> Vec<String> {
    if !answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
        return vec![format!("{page} is answered {answer} and is no page")];
    }
    let hsts = ("Strict-Transport-Security", Wish::With(&["max-age="]));
    let hsts = scene.url.is_https().then_some(&hsts);
    WISHES.iter().chain(hsts).filter_map(|(name, wish)| fault(page, name, wish, &answer.all(name))).collect()
}

fn fault(page: &str, name: &str, wish: &Wish, values: &[&str]) -> Option<String> {
    match (wish, values) {
        (Wish::Absent, []) => None,
        (Wish::Absent, _) => Some(format!("{page} has {name}, which cuts applications off")),
        (Wish::With(_), []) => Some(format!("{page} has no {name}")),
        (Wish::With(parts), [value]) => {
            let whole = parts.iter().all(|part| value.contains(part));
            (!whole).then(|| format!("{page} has the {name} {value:?}"))
        }
        (Wish::With(_), _) => Some(format!("{page} has {name} {} times", values.len())),
    }
}
