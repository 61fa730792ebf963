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

/// A request on which the client names itself in every spelling arrives with what Hallpass says, and nothing else.
fn identity(scene: &Scene, stand_in: &StandIn) -> Finding {
    const CHECK: &str = "identity";
    let (claims, answer) = claimed(scene, &identity_spellings());
    let Some(arrival) = stand_in.arrived(&answer) else { return nothing_came(CHECK, scene, &answer) };
    let came = still_there(&claims, &arrival);
    if !came.is_empty() {
        let says = format!("the site gets what a client writes into {}", came.join(", "));
        return Finding::failed(
            CHECK,
            says,
            "have the proxy take these out, in every spelling, before it adds its own",
        );
    }
    let told = arrival.all("remote-user");
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
    let (claims, answer) = claimed(scene, &rewordings());
    let Some(arrival) = stand_in.arrived(&answer) else {
        if answer.status == 403 && scene.keys.wide.is_some() {
            return Finding::ok(CHECK, "a request that gives itself another method or path is refused");
        }
        return nothing_came(CHECK, scene, &answer);
    };
    let came = still_there(&claims, &arrival);
    if came.is_empty() {
        return Finding::ok(CHECK, "the site gets no other method or path than the one that was judged");
    }
    let says = format!("the site gets what a client writes into {}", came.join(", "));
    Finding::failed(CHECK, says, "have the proxy take these out: a site may take them for the request")
}

fn stripped(scene: &Scene, stand_in: &StandIn) -> Finding {
    const CHECK: &str = "key_stripped";
    let Some(key) = scene.wide_key() else {
        return Finding::not_checked(CHECK, "there is no key to look for", NEEDS_KEY);
    };
    let bearer = format!("Bearer {key}");
    let ways = [("User-Api-Key", key), ("Authorization", bearer.as_str())];
    for way in ways {
        let answer = scene.live.get(scene.path, &[way]);
        match stand_in.arrived(&answer) {
            Some(arrival) if arrival.mentions(key) => {
                let says = format!("the site gets the key that a client presents in {}", way.0);
                return Finding::failed(CHECK, says, "have the proxy take it out once Hallpass has answered");
            }
            Some(_) => {}
            None => return nothing_came(CHECK, scene, &answer),
        }
    }
    Finding::ok(CHECK, "the site does not get the key")
}

type Claims = Vec<(String, String)>;

/// Sends every name with a value of its own.
fn claimed(scene: &Scene, names: &[String]) -> (Claims, Answer) {
    let claims: Claims = names.iter().map(|name| (name.clone(), scene.live.unheard_of())).collect();
    let headers: Vec<_> = claims.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = scene.with_key(scene.path, &headers).unwrap_or_else(|| scene.live.get(scene.path, &headers));
    (claims, answer)
}

fn still_there<'a>(claims: &'a Claims, arrival: &Arrival) -> Vec<&'a str> {
    claims.iter().filter(|(_, value)| arrival.mentions(value)).map(|(name, _)| name.as_str()).collect()
}

fn nothing_came(check: &'static str, scene: &Scene, answer: &Answer) -> Finding {
    let says = format!("the request is answered {answer} and does not reach --stand-in");
    let advice = match answer.status {
        401 | 403 if scene.keys.wide.is_none() => NEEDS_KEY,
        429 => "wait a minute, the key is over its limit",
        _ => "give --stand-in the address to which the proxy sends what is for the site",
    };
    Finding::not_checked(check, says, advice)
}
