//! What is allowed, but probably not meant. `config check` prints it; the service starts all the same.

use ipnet::IpNet;

use super::faults::Origin;
use super::session::SECRET_KEY;
use super::{Config, push_warnings};
use crate::model::is_of_the_protocol;

const USUAL_RSA_BITS: u16 = 2048;

/// One sentence for each thing, beginning with the key.
pub(super) fn of(config: &Config) -> Vec<String> {
    [server(config), user_api(config), push_warnings::of(config), secret(config), scopes(config)].concat()
}

fn server(config: &Config) -> Vec<String> {
    let server = &config.server;
    let (listen, internal, url) = (server.listen, server.internal_listen, &server.public_url);
    let everybody = |networks: &[IpNet]| networks.iter().copied().find(|network| network.prefix_len() == 0);
    let (believed, asking) = (everybody(&server.trusted_proxies), everybody(&config.verify.peers));
    let found = [
        (!internal.ip().is_loopback())
            .then(|| format!("server.internal_listen: {internal} is not loopback; whoever reaches it is trusted")),
        (!url.is_https() && !url.is_loopback()).then(|| {
            format!(
                "server.public_url: {url} is not https; passwords and sign-ins would travel where others can read them"
            )
        }),
        (url.is_loopback() && !listen.ip().is_loopback()).then(|| {
            format!(
                "server.public_url: links to {url} lead visitors to their own machine, yet {listen} is open to others"
            )
        }),
        // With a proxy before it the port is the proxy's.
        (url.is_loopback()
            && listen.ip().is_loopback()
            && server.trusted_proxies.is_empty()
            && ![0, url.port()].contains(&listen.port()))
        .then(|| {
            format!(
                "server.public_url: links lead to {url}, but the service listens at {listen}; set both, or neither, or \
                 server.trusted_proxies where a proxy is between"
            )
        }),
        believed.map(|network| {
            format!("server.trusted_proxies: {network} believes anybody's headers, so no limit per address holds")
        }),
        asking.map(|network| {
            format!("verify.peers: {network} lets anybody who reaches the internal listener ask, and name any client")
        }),
    ];
    found.into_iter().flatten().collect()
}

fn user_api(config: &Config) -> Vec<String> {
    let user_api = &config.user_api;
    let (bits, minute) = (user_api.min_user_api_rsa_bits, user_api.max_user_api_reqs_per_minute);
    let found = [
        (bits < USUAL_RSA_BITS).then(|| {
            format!(
                "user_api.min_user_api_rsa_bits: keys of {bits} bits are too weak for anything but old applications"
            )
        }),
        (user_api.max_user_api_reqs_per_day < minute).then(|| {
            "user_api.max_user_api_reqs_per_day: it is less than the limit per minute, which can never be reached"
                .to_owned()
        }),
        (user_api.allow_user_api_keys && user_api.allow_user_api_key_scopes.iter().next().is_none()).then(|| {
            "user_api.allow_user_api_key_scopes: it is empty, so no application can ask for anything".to_owned()
        }),
    ];
    found.into_iter().flatten().collect()
}

fn secret(config: &Config) -> Vec<String> {
    let given = config.effective.iter().find(|effective| effective.setting.key() == SECRET_KEY.key());
    let by_flag = given.is_some_and(|effective| matches!(effective.origin, Origin::Flag(_)));
    let sentence =
        "session.secret_key: everybody on this machine can read the flags of a process; use session.secret_key_file";
    if by_flag { vec![sentence.to_owned()] } else { Vec::new() }
}

fn scopes(config: &Config) -> Vec<String> {
    let unmarked = config.scopes.iter().filter(|own| !own.dangerous && own.allow.iter().any(|rule| !rule.only_reads()));
    let changing = unmarked.map(|own| {
        format!(
            "scopes.\"{}\": it permits what can change things; `dangerous = true` sets it apart on the consent page",
            own.name
        )
    });
    let listed = config.user_api.allow_user_api_key_scopes.iter();
    let unknown =
        listed.filter(|name| !is_of_the_protocol(name) && !config.scopes.iter().any(|own| own.name == **name));
    let nothing = unknown.map(|name| {
        format!("user_api.allow_user_api_key_scopes: there is no scope {name}; a key with it may do nothing")
    });
    changing.chain(nothing).collect()
}
