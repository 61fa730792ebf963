//! `[limits]`: what one address, one caller and one user may try.

use super::catalog::{Kind, Section, Setting};
use super::reader::Reader;

pub(super) const SECTION: Section = Section {
    name: "limits",
    about: "What one client address, one caller and one user may try. Each limit is exact: never more than so many in any 60 seconds.",
    settings: &[&PER_ACCOUNT_AND_ADDRESS, &PER_ADDRESS, &UNKNOWN_KEYS, &UNKNOWN_KEYS_PER_CALLER, &PER_USER],
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
            address.",
};

const UNKNOWN_KEYS: Setting = Setting {
    section: "limits",
    name: "unknown_keys_per_address_per_minute",
    kind: Kind::Integer(1, 1_000_000_000),
    default: "600",
    about: "How many keys that do not exist one address may present within a minute before it is refused without a \
            look-up.",
};

const UNKNOWN_KEYS_PER_CALLER: Setting = Setting {
    section: "limits",
    name: "unknown_keys_per_caller_per_minute",
    kind: Kind::Integer(1, 1_000_000_000),
    default: "60000",
    about: "How many keys that do not exist one proxy, or one back end of the site, may ask about on the internal listener \
            within a minute, for all clients together. After that only keys in memory are answered. This is what holds the \
            load of the database; guesses are held by the limit of each address, where the caller tells it.",
};

const PER_USER: Setting = Setting {
    section: "limits",
    name: "requests_per_user_per_minute",
    kind: Kind::Integer(0, 1_000_000_000),
    default: "0",
    about: "How many requests all keys of one user together may make within a minute, so that many keys are not many \
            quotas. `0` stands for fifty times `max_user_api_reqs_per_minute`.",
};

/// What one client address, one caller and one user may try.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Sign-ins to one account from one address, in any 60 seconds (`security.md W6`).
    pub sign_in_per_account_and_address_per_minute: u32,
    /// Sign-ins from one address, in any 60 seconds.
    pub sign_in_per_address_per_minute: u32,
    /// Unknown keys from one address, in any 60 seconds (`security.md L4`).
    pub unknown_keys_per_address_per_minute: u32,
    /// Unknown keys from one caller, in any 60 seconds (`security.md L7`).
    pub unknown_keys_per_caller_per_minute: u32,
    /// Requests of all keys of one user, in any 60 seconds; 0 for fifty times the limit of one key (`security.md K10`).
    pub requests_per_user_per_minute: u32,
}

impl Limits {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let per_account_and_address = reader.integer(&PER_ACCOUNT_AND_ADDRESS);
        let per_address = reader.integer(&PER_ADDRESS);
        let unknown_keys = reader.integer(&UNKNOWN_KEYS);
        let per_caller = reader.integer(&UNKNOWN_KEYS_PER_CALLER);
        let per_user = reader.integer(&PER_USER);
        Some(Self {
            sign_in_per_account_and_address_per_minute: per_account_and_address?,
            sign_in_per_address_per_minute: per_address?,
            unknown_keys_per_address_per_minute: unknown_keys?,
            unknown_keys_per_caller_per_minute: per_caller?,
            requests_per_user_per_minute: per_user?,
        })
    }
}
