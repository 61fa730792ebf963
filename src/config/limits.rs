//! `[limits]`: what one address may try.

use super::catalog::{Kind, Section, Setting};
use super::reader::Reader;

pub(super) const SECTION: Section = Section {
    name: "limits",
    about: "What one client address may try. Each limit is exact: never more than so many in any 60 seconds.",
    settings: &[&PER_ACCOUNT_AND_ADDRESS, &PER_ADDRESS, &UNKNOWN_KEYS],
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
    kind: Kind::Integer(1, 1_000_000),
    default: "600",
    about: "How many keys that do not exist one address may present within a minute before it is refused without a \
            look-up.",
};

/// What one client address may try.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Sign-ins to one account from one address, in any 60 seconds (`security.md W6`).
    pub sign_in_per_account_and_address_per_minute: u32,
    /// Sign-ins from one address, in any 60 seconds.
    pub sign_in_per_address_per_minute: u32,
    /// Unknown keys from one address, in any 60 seconds (`security.md L4`).
    pub unknown_keys_per_address_per_minute: u32,
}

impl Limits {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let per_account_and_address = reader.integer(&PER_ACCOUNT_AND_ADDRESS);
        let per_address = reader.integer(&PER_ADDRESS);
        let unknown_keys = reader.integer(&UNKNOWN_KEYS);
        Some(Self {
            sign_in_per_account_and_address_per_minute: per_account_and_address?,
            sign_in_per_address_per_minute: per_address?,
            unknown_keys_per_address_per_minute: unknown_keys?,
        })
    }
}
