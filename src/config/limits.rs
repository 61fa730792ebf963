//! `[limits]`: what one address, one caller and one user may try, and where that is counted.

use super::catalog::{Kind, Section, Setting};
use super::reader::Reader;
use crate::model::{OnFailure, RedisUrl, SharedStore};

pub(super) const SECTION: Section = Section {
    name: "limits",
    about: "What one client address, one caller and one user may try. Each limit is exact: never more than so many in any 60 seconds.",
    settings: &[
        &URL,
        &ON_FAILURE,
        &PER_ACCOUNT_AND_ADDRESS,
        &PER_ADDRESS,
        &UNKNOWN_KEYS,
        &UNKNOWN_KEYS_PER_CALLER,
        &PER_USER,
        &ACTING,
    ],
};

const URL: Setting = Setting {
    section: "limits",
    name: "url",
    kind: Kind::Url(
        "the URL of a Redis server, \"redis://:password@host:6379\", \"rediss://host\" for TLS, or \
         \"redis+unix:///path\"; or nothing",
    ),
    default: r#""""#,
    about: "A Redis server, 6 or newer, or Valkey, in which all nodes of a site count together: then every limit holds \
            over all of them. Empty: each process counts for itself. `rediss://` is TLS, by the system's certificates \
            (`SSL_CERT_FILE` names others); a number after the host, `redis://host/1`, is a database of the server.",
};

const ON_FAILURE: Setting = Setting {
    section: "limits",
    name: "on_failure",
    kind: Kind::Text("\"local\" or \"refuse\""),
    default: r#""local""#,
    about: "What happens while Redis does not answer. `local`: each node holds the limits for itself, counting what it \
            accepted before, so that n nodes accept at most n times as much; when Redis answers again it is told. \
            `refuse`: what would have to be counted is answered with 503.",
};

const PER_ACCOUNT_AND_ADDRESS: Setting = Setting {
    section: "limits",
    name: "sign_in_per_account_and_address_per_minute",
    kind: Kind::Integer(1, 1_000),
    default: "10",
    about: "How often one address may try to sign in to one account within a minute.",
};

const PER_ADDRESS: Setting = Setting {
    section: "limits",
    name: "sign_in_per_address_per_minute",
    kind: Kind::Integer(1, 10_000),
    default: "60",
    about: "How often one address may try to sign in to any account within a minute. Many people may share one \
            address. As often one key of the admin API may ask about one account (`/api/auth`), whatever addresses it \
            names.",
};

const UNKNOWN_KEYS: Setting = Setting {
    section: "limits",
    name: "unknown_keys_per_address_per_minute",
    kind: Kind::Integer(1, 1_000_000_000),
    default: "600",
    about: "How many keys that do not exist, or have ended, one address may present within a minute before it is \
            refused without a look-up. Keys of the admin API are counted apart, by the same number.",
};

const UNKNOWN_KEYS_PER_CALLER: Setting = Setting {
    section: "limits",
    name: "unknown_keys_per_caller_per_minute",
    kind: Kind::Integer(1, 1_000_000_000),
    default: "60000",
    about: "How many keys that do not exist, or have ended, one proxy, or one back end of the site, may ask about on the \
            internal listener within a minute, for all clients together. After that only keys in memory are answered. This is what holds the \
            load of the database; guesses are held by the limit of each address, where the caller tells it. Each node \
            counts for itself, also with `url`: on each the proxy may have the same address.",
};

const PER_USER: Setting = Setting {
    section: "limits",
    name: "requests_per_user_per_minute",
    kind: Kind::Integer(0, 1_000_000_000),
    default: "0",
    about: "How many requests all keys of one user together may make within a minute, so that many keys are not many \
            quotas. `0` stands for fifty times `max_user_api_reqs_per_minute`. As many polls of the message bus may the pages make \
            at which the user is signed in.",
};

const ACTING: Setting = Setting {
    section: "limits",
    name: "acting_per_admin_key_per_minute",
    kind: Kind::Integer(1, 1_000_000_000),
    default: "600",
    about: "How many requests of the site one key of the admin API may make for users (`users:act`) within a minute. Each is \
            a line in the audit log.",
};

/// What one client address, one caller and one user may try.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Where all nodes count together; `None` where each counts for itself.
    pub shared: Option<SharedStore>,
    /// Sign-ins to one account from one address, in any 60 seconds (`security.md W6`).
    pub sign_in_per_account_and_address_per_minute: u32,
    /// Sign-ins from one address, and those to one account that one admin key asks about, in any 60 seconds.
    pub sign_in_per_address_per_minute: u32,
    /// Unknown keys from one address, in any 60 seconds (`security.md L4`).
    pub unknown_keys_per_address_per_minute: u32,
    /// Unknown keys from one caller, in any 60 seconds (`security.md L7`).
    pub unknown_keys_per_caller_per_minute: u32,
    /// Requests of all keys of one user, in any 60 seconds; 0 for fifty times the limit of one key (`security.md K10`).
    pub requests_per_user_per_minute: u32,
    /// Requests for users with one admin key, in any 60 seconds (`security.md K12`).
    pub acting_per_admin_key_per_minute: u32,
}

impl Limits {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let url = reader.optional_url(&URL, RedisUrl::parse);
        let on_failure = reader.word(&ON_FAILURE, [("local", OnFailure::Local), ("refuse", OnFailure::Refuse)]);
        let per_account_and_address = reader.integer(&PER_ACCOUNT_AND_ADDRESS);
        let per_address = reader.integer(&PER_ADDRESS);
        let unknown_keys = reader.integer(&UNKNOWN_KEYS);
        let per_caller = reader.integer(&UNKNOWN_KEYS_PER_CALLER);
        let per_user = reader.integer(&PER_USER);
        let acting = reader.integer(&ACTING);
        let on_failure = on_failure?;
        Some(Self {
            shared: url?.map(|url| SharedStore { url, on_failure }),
            sign_in_per_account_and_address_per_minute: per_account_and_address?,
            sign_in_per_address_per_minute: per_address?,
            unknown_keys_per_address_per_minute: unknown_keys?,
            unknown_keys_per_caller_per_minute: per_caller?,
            requests_per_user_per_minute: per_user?,
            acting_per_admin_key_per_minute: acting?,
        })
    }
}
