//! Settings of pushes that are allowed, and cannot work or let more through than they seem to.

use std::net::IpAddr;

use super::Config;
use super::secret_source::SecretSource;
use super::user_api::UserApi;
use crate::model::{RedirectUri, UrlPattern};

/// One sentence for each thing, beginning with the key.
pub(super) fn of(config: &Config) -> Vec<String> {
    let user_api = &config.user_api;
    let networks =
        networks(user_api).into_iter().map(|what| format!("user_api.allowed_user_api_push_networks: {what}"));
    if user_api.allowed_user_api_push_urls.is_empty() {
        return networks.collect();
    }
    let entries = user_api.allowed_user_api_push_urls.iter().filter_map(|entry| about(entry, user_api));
    let urls = entries.map(|what| format!("user_api.allowed_user_api_push_urls: {what}"));
    networks.chain(urls).chain(others(user_api)).collect()
}

fn networks(user_api: &UserApi) -> Vec<String> {
    let (networks, urls) = (&user_api.allowed_user_api_push_networks, &user_api.allowed_user_api_push_urls);
    let wide = networks.iter().find(|network| network.prefix_len() == 0);
    let found = [
        (!networks.is_empty() && urls.is_empty())
            .then(|| "nothing is pushed there, or anywhere, until allowed_user_api_push_urls says where to".to_owned()),
        wide.map(|all| format!("{all} lets pushes into every network; list the address of your own receiver only")),
    ];
    found.into_iter().flatten().collect()
}

/// What is missing beside the addresses.
fn others(user_api: &UserApi) -> impl Iterator<Item = String> {
    let off = !user_api.allow_user_api_key_scopes.has("push");
    let unset = matches!(user_api.push_api_secret_key, SecretSource::Unset);
    let found = [
        off.then_some("user_api.allow_user_api_key_scopes: nothing is pushed unless push is among them"),
        unset.then_some(
            "user_api.push_api_secret_key: it is not set, so it is made of the session's secret, and changes with that; \
             receivers check pushes with it",
        ),
    ];
    found.into_iter().flatten().map(str::to_owned)
}

/// What there is to say of an entry, if anything: the first thing.
fn about(entry: &str, user_api: &UserApi) -> Option<String> {
    let sentence = match plainest(entry) {
        _ if entry == "*" => Some("lets applications have what users are told sent anywhere".to_owned()),
        Err(why) => Some(format!("never matches: {why}")),
        Ok(url) if !matches!(url.scheme(), "https" | "http") => Some("is not pushed to: it is not https".to_owned()),
        Ok(url) => unreachable(&url, user_api).or_else(|| {
            entry_host(entry).contains('*').then(|| {
                "has a wildcard in its host: whoever gets a name that matches can be sent what users are told"
                    .to_owned()
            })
        }),
    };
    sentence.map(|sentence| format!("{entry:?} {sentence}"))
}

/// The entry with its stars filled in is the plainest address that it could match.
fn plainest(entry: &str) -> Result<RedirectUri, String> {
    let pattern = UrlPattern::new(entry);
    if let Some(error) = pattern.never() {
        return Err(error.to_string());
    }
    let filling = if pattern.is_loopback_shorthand() { "" } else { "x" };
    RedirectUri::parse(&entry.replace('*', filling)).map_err(|error| error.to_string())
}

fn entry_host(entry: &str) -> String {
    let pattern = UrlPattern::new(entry);
    let host = pattern.uri().filter(|_| !pattern.is_loopback_shorthand()).map(|uri| uri.host().to_owned());
    host.unwrap_or_default()
}

/// What the courier would refuse each time. Where a name leads is not known before.
fn unreachable(url: &RedirectUri, user_api: &UserApi) -> Option<String> {
    let networks = &user_api.allowed_user_api_push_networks;
    let host = url.host().trim_matches(['[', ']']);
    let address: Option<IpAddr> =
        if host.eq_ignore_ascii_case("localhost") { Some([127, 0, 0, 1].into()) } else { host.parse().ok() };
    let is_listed = |address: IpAddr| networks.iter().any(|network| network.contains(&address));
    let clear = url.scheme() == "http";
    match address {
        Some(address) if !is_listed(address) && (clear || is_own(address)) => {
            Some(format!("is never pushed to: {address} is not in user_api.allowed_user_api_push_networks"))
        }
        None if clear && networks.is_empty() => Some(
            "is never pushed to: http is for addresses in user_api.allowed_user_api_push_networks, and none is listed"
                .to_owned(),
        ),
        Some(_) | None => None,
    }
}

/// Whether it surely is of this machine or its own network.
fn is_own(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            address.is_loopback() || address.is_private() || address.is_link_local() || address.is_unspecified()
        }
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local() || address.is_unspecified(),
    }
}
