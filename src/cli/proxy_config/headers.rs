//! The headers by which sites are told who asks, and those by which a client could say it itself.

use crate::model::Identity;

/// By these some sites take a request for another one than was judged (`security.md W10`), or from another address. The
/// secret is between proxy and service.
pub(super) const DROPPED: [&str; 14] = [
    "Forwarded",
    "Hallpass-Secret",
    "X-Real-IP",
    "X-Forwarded-Method",
    "X-Forwarded-Prefix",
    "X-Forwarded-Uri",
    "X-HTTP-Method",
    "X-HTTP-Method-Override",
    "X-Method-Override",
    "X-Original-Host",
    "X-Original-Method",
    "X-Original-URI",
    "X-Original-URL",
    "X-Rewrite-URL",
];

/// One identity header, in the spellings that proxies need.
#[derive(Clone, Debug)]
pub(super) struct Header {
    /// `Remote-User`
    pub(super) name: &'static str,
    /// `remote-user`
    pub(super) lower: String,
    /// nginx's variable for what goes to the site: `$hallpass_remote_user`
    pub(super) variable: String,
    /// nginx's variable for what `/verify` answers: `$upstream_http_remote_user`
    pub(super) upstream: String,
}

/// All of them, in the order of the documentation.
pub(super) fn identity() -> Vec<Header> {
    let spelled = |name: &'static str| {
        let lower = name.to_ascii_lowercase();
        let word = lower.replace('-', "_");
        let own = word.strip_prefix("hallpass_").unwrap_or(&word);
        Header { name, variable: format!("$hallpass_{own}"), upstream: format!("$upstream_http_{word}"), lower }
    };
    Identity::NAMES.into_iter().map(spelled).collect()
}

/// Every name that a site could read as one that says who asks.
pub(in crate::cli) fn identity_spellings() -> Vec<String> {
    Identity::NAMES.iter().flat_map(|name| mixtures(name)).collect()
}

/// Every name by which a site could take a request for another one.
pub(in crate::cli) fn rewordings() -> Vec<String> {
    DROPPED.iter().map(|name| (*name).to_owned()).collect()
}

/// A name in every mixture of hyphens and underscores, the name itself first.
pub(super) fn mixtures(name: &str) -> Vec<String> {
    let mut parts = name.split('-');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(vec![first], |begun, part| {
        let go_on = |separator| begun.iter().map(move |start| format!("{start}{separator}{part}")).collect::<Vec<_>>();
        [go_on('-'), go_on('_')].concat()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_mixed_in_every_way_w9() {
        assert_eq!(mixtures("Remote-User"), ["Remote-User", "Remote_User"]);
        assert_eq!(mixtures("A-B-C"), ["A-B-C", "A_B-C", "A-B_C", "A_B_C"]);
    }
}
