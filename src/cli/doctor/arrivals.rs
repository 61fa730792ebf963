//! What the site gets: only the identity that Hallpass gave, and never the key. `security.md K6`, `W8`, `W9`, `W10`.

use super::finding::Finding;
use super::live::Answer;
use super::stand_in::{Arrival, StandIn};
use super::{NEEDS_KEY, Scene};
use crate::cli::proxy_config::{identity_spellings, rewordings};

const STAND_IN: &str = "stop the site and run doctor with --stand-in and the site's own address";

pub(super) fn check(scene: &Scene) -> Vec<Finding> {
    let Some(stand_in) = &scene.stand_in else {
        let unseen = |check| Finding::not_checked(check, "what reaches the site is not seen from here", STAND_IN);
        return ["identity", "rewording", "key_stripped"].map(unseen).into();
    };
    vec![identity(scene, stand_in), rewording(scene, stand_in), stripped(scene, stand_in)]
}

/// Requests on which the client names itself in every spelling arrive with what Hallpass says, and nothing else.
fn identity(scene: &Scene, stand_in: &StandIn) -> Finding {
    const CHECK: &str = "identity";
    let visit = Visit::with(scene, stand_in, &identity_spellings());
    let Some(first) = visit.arrivals.first() else { return visit.nothing_came(CHECK, scene) };
    if !visit.came.is_empty() {
        let says = format!("the site gets what a client writes into {}", visit.came.join(", "));
        return Finding::failed(
            CHECK,
            says,
            "have the proxy take these out, in every spelling, before it adds its own",
        );
    }
    let told = first.all("remote-user");
    match (&scene.keys.owner, &told[..]) {
        (Some(owner), [user]) if *user == owner.as_str() => {
            Finding::ok(CHECK, format!("the site is told of {owner}, and nothing that a client says of itself"))
        }
        (Some(owner), _) => {
            let says = format!("the site is told of {owner}'s key: Remote-User {told:?}");
            Finding::failed(CHECK, says, "have the proxy pass on the identity that Hallpass answers with")
        }
        (None, _) => Finding::ok(CHECK, "the site gets nothing that a client says of itself"),
    }
}

fn rewording(scene: &Scene, stand_in: &StandIn) -> Finding {
    const CHECK: &str = "rewording";
    let visit = Visit::with(scene, stand_in, &rewordings());
    if visit.arrivals.is_empty() {
        return visit.nothing_came(CHECK, scene);
    }
    if visit.came.is_empty() {
        return Finding::ok(CHECK, "the site gets no other method or path than the one that was judged");
    }
    let says = format!("the site gets what a client writes into {}", visit.came.join(", "));
    Finding::failed(CHECK, says, "have the proxy take these out: a site may take them for the request")
}

fn stripped(scene: &Scene, stand_in: &StandIn) -> Finding {
    const CHECK: &str = "key_stripped";
    let Some(key) = scene.wide_key() else {
        return Finding::not_checked(CHECK, "there is no key to look for", NEEDS_KEY);
    };
    let bearer = format!("Bearer {key}");
    let ways = [("User-Api-Key", key), ("XF-Api-Key", key), ("Authorization", bearer.as_str())];
    let asked = ways.map(|way| places(scene).map(|place| (way.0, scene.live.get(place, &[way]))));
    let asked: Vec<_> = asked.into_iter().flatten().collect();
    let arrived: Vec<_> = asked.iter().filter_map(|(way, answer)| Some((way, stand_in.arrived(answer)?))).collect();
    match (arrived.iter().find(|(_, arrival)| arrival.mentions(key)), asked.first()) {
        (Some((way, _)), _) => {
            let says = format!("the site gets the key that a client presents in {way}");
            Finding::failed(CHECK, says, "have the proxy take it out once Hallpass has answered")
        }
        (None, Some((_, answer))) if arrived.is_empty() => unseen(CHECK, scene, answer),
        (None, _) => Finding::ok(CHECK, "the site does not get the key"),
    }
}

/// What is verified, and what may not be.
fn places<'a>(scene: &Scene<'a>) -> [&'a str; 2] {
    [scene.path, "/"]
}

/// Requests with claims, with a key and without, and what became of them.
struct Visit {
    answers: Vec<Answer>,
    arrivals: Vec<Arrival>,
    /// The claims that arrived as they were made.
    came: Vec<String>,
}

impl Visit {
    fn with(scene: &Scene, stand_in: &StandIn, names: &[String]) -> Self {
        let claims: Vec<_> = names.iter().map(|name| (name.clone(), scene.live.unheard_of())).collect();
        let headers: Vec<_> = claims.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let without_key = places(scene).map(|place| scene.live.get(place, &headers));
        let answers: Vec<_> = scene.with_key(scene.path, &headers).into_iter().chain(without_key).collect();
        let arrivals: Vec<_> = answers.iter().filter_map(|answer| stand_in.arrived(answer)).collect();
        let came = |value: &str| arrivals.iter().any(|arrival| arrival.mentions(value));
        let came = claims.iter().filter(|(_, value)| came(value)).map(|(name, _)| name.clone()).collect();
        Self { answers, arrivals, came }
    }

    /// Nothing is known, then, unless Hallpass itself has refused what it lets through otherwise.
    fn nothing_came(&self, check: &'static str, scene: &Scene) -> Finding {
        match self.answers.first() {
            Some(answer) if answer.status == 403 && is_let_through(scene) => {
                Finding::ok(check, "a request with such claims is refused")
            }
            Some(answer) => unseen(check, scene, answer),
            None => Finding::not_checked(check, "nothing was asked", NEEDS_KEY),
        }
    }
}

/// Whether the key alone is good.
fn is_let_through(scene: &Scene) -> bool {
    scene.with_key(scene.path, &[]).is_some_and(|answer| scene.arrived(&answer).is_some())
}

fn unseen(check: &'static str, scene: &Scene, answer: &Answer) -> Finding {
    let says = format!("the request is answered {answer} and does not reach --stand-in");
    let advice = match answer.status {
        401 | 403 if scene.keys.wide.is_none() => NEEDS_KEY,
        403 => "mend good_key first",
        429 => "wait a minute, the key is over its limit",
        _ => "give --stand-in the address to which the proxy sends what is for the site",
    };
    Finding::not_checked(check, says, advice)
}
