//! The entries of `[user_api]` in the catalog.

use crate::config::catalog::{Kind, Section, Setting};

pub(in crate::config) const SECTION: Section = Section {
    name: "user_api",
    about: "Who may make keys, for what, and how much a key may do. The names are Discourse's where Discourse has the \
            setting.",
    settings: &[
        &ALLOW,
        &SCOPES,
        &GROUPS,
        &REDIRECTS,
        &LOOPBACK,
        &LOCALHOST,
        &PUSH_URLS,
        &PUSH_NETWORKS,
        &PUSH_SECRET,
        &PUSH_SECRET_FILE,
        &PUSH_WINDOW,
        &DANGEROUS,
        &PER_MINUTE,
        &PER_DAY,
        &EXPIRY_DAYS,
        &RSA_BITS,
        &KEYS_PER_USER,
        &UNUSED_DAYS,
        &LIFE_DAYS,
        &CLIENT_DAYS,
        &GRACE,
        &CLIENT_SCOPES,
        &CLIENTS_PER_DAY,
        &CLIENT_OVERRIDE_IPS,
        &DEVICE,
    ],
};

pub(super) const ALLOW: Setting = Setting {
    section: "user_api",
    name: "allow_user_api_keys",
    kind: Kind::Boolean,
    default: "true",
    about: "`false` stops new keys: every request for one is refused with the reason `disabled`. Keys that exist go on \
            working.",
};

pub(super) const SCOPES: Setting = Setting {
    section: "user_api",
    name: "allow_user_api_key_scopes",
    kind: Kind::List("names of scopes in lower case, such as [\"read\", \"session_info\"]"),
    default: r#"["read", "write", "message_bus", "push", "notifications", "session_info", "one_time_password"]"#,
    about: "The scopes that applications may ask for. Taking one away stops new keys with it; existing keys keep it.",
};

pub(super) const GROUPS: Setting = Setting {
    section: "user_api",
    name: "user_api_key_allowed_groups",
    kind: Kind::List("names of groups, such as [\"admins\", \"trust_level_2\", \"beta-testers\"]"),
    default: r#"["admins", "moderators", "trust_level_0"]"#,
    about: "Users of these groups may make keys; administrators and moderators always may. The built-in groups are \
            `admins`, `moderators`, `staff` and `trust_level_0` (everybody) to `trust_level_4`; any other name is a \
            group of your own.",
};

pub(super) const REDIRECTS: Setting = Setting {
    section: "user_api",
    name: "allowed_user_api_auth_redirects",
    kind: Kind::List("URLs, such as [\"discourse://auth_redirect\", \"https://app.example/callback\"]"),
    default: r#"["discourse://auth_redirect"]"#,
    about: "Where a key may be sent after consent. An entry may have `*` in its path, and `*.` before its host for any \
            name below it; the fewer, the better.",
};

pub(super) const LOOPBACK: Setting = Setting {
    section: "user_api",
    name: "allow_loopback_redirects",
    kind: Kind::Boolean,
    default: "true",
    about: "Allows `http://127.0.0.1` and `http://[::1]` on any port and path: applications on the user's own \
            computer, which cannot know their port beforehand.",
};

pub(super) const LOCALHOST: Setting = Setting {
    section: "user_api",
    name: "allow_localhost_redirects",
    kind: Kind::Boolean,
    default: "true",
    about: "Allows `http://localhost` on any port and path as well. Some applications use the name instead of the \
            address.",
};

pub(super) const PUSH_URLS: Setting = Setting {
    section: "user_api",
    name: "allowed_user_api_push_urls",
    kind: Kind::List("URLs, such as [\"https://push.example/publish\"]"),
    default: "[]",
    about: "Where notifications may be pushed to. Entries are matched like redirect targets. Empty: nothing is pushed.",
};

pub(super) const PUSH_NETWORKS: Setting = Setting {
    section: "user_api",
    name: "allowed_user_api_push_networks",
    kind: Kind::List("IP addresses or networks, such as [\"127.0.0.1\", \"10.1.0.0/16\"]"),
    default: "[]",
    about: "Addresses that are not public and may be pushed to all the same, on http as well: a receiver of your own. Without \
            an entry here a push goes to public addresses only, and only on https, whatever a host's name leads to.",
};

pub(super) const PUSH_SECRET: Setting = Setting {
    section: "user_api",
    name: "push_api_secret_key",
    kind: Kind::Secret("at least 32 characters at random, such as `openssl rand -hex 32` prints; or nothing"),
    default: r#""""#,
    about: "What pushes are signed with, and what is in them as `secret_key`, at least 32 characters. Empty: \
            `push_api_secret_key_file` counts.",
};

pub(super) const PUSH_SECRET_FILE: Setting = Setting {
    section: "user_api",
    name: "push_api_secret_key_file",
    kind: Kind::Text("the path of a file that holds at least 32 characters; or nothing"),
    default: r#""""#,
    about: "A file that holds that secret instead. With neither of the two set it is derived from the secret of `[session]`; \
            `hallpass push secret` prints whichever counts.",
};

pub(super) const PUSH_WINDOW: Setting = Setting {
    section: "user_api",
    name: "push_notification_time_window_mins",
    kind: Kind::Integer(0, 1440),
    default: "10",
    about: "A notification is pushed when its user was not seen for so many minutes; who comes back before is not pushed to. \
            `0` pushes at once, wherever the user is.",
};

pub(super) const DANGEROUS: Setting = Setting {
    section: "user_api",
    name: "unregistered_dangerous_scopes",
    kind: Kind::Text("\"warn\" or \"refuse\""),
    default: r#""warn""#,
    about: "What happens when an application that is not registered asks for a scope that can change things: `warn` \
            sets the scope apart on the consent page, `refuse` refuses the request.",
};

pub(super) const PER_MINUTE: Setting = Setting {
    section: "user_api",
    name: "max_user_api_reqs_per_minute",
    kind: Kind::Integer(1, 1_000_000_000),
    default: "20",
    about: "How many requests one key may make in any 60 seconds. Exact, not an average.",
};

pub(super) const PER_DAY: Setting = Setting {
    section: "user_api",
    name: "max_user_api_reqs_per_day",
    kind: Kind::Integer(1, 1_000_000_000),
    default: "2880",
    about: "How many requests one key may make in any 24 hours. Exact, not an average.",
};

pub(super) const EXPIRY_DAYS: Setting = Setting {
    section: "user_api",
    name: "max_user_api_key_expiry_days",
    kind: Kind::Integer(0, 36_500),
    default: "365",
    about: "The longest life that an application may ask for, in days. It does not give a life to keys that ask for \
            none. `0` refuses every request that names a life.",
};

pub(super) const RSA_BITS: Setting = Setting {
    section: "user_api",
    name: "min_user_api_rsa_bits",
    kind: Kind::Integer(1024, 8192),
    default: "2048",
    about: "The smallest RSA key of an application, in bits. Less than 2048 is for old applications only: who records \
            the hand-over may be able to read the key one day.",
};

pub(super) const KEYS_PER_USER: Setting = Setting {
    section: "user_api",
    name: "max_keys_per_user",
    kind: Kind::Integer(1, 100_000),
    default: "500",
    about: "How many living keys one user may have. Further requests are refused until one is revoked.",
};

pub(super) const UNUSED_DAYS: Setting = Setting {
    section: "user_api",
    name: "revoke_user_api_keys_unused_days",
    kind: Kind::Integer(0, 36_500),
    default: "180",
    about: "Keys that nobody used for so many days are ended, once a day. A key that was never used counts from its \
            making. `0` leaves them alone.",
};

pub(super) const LIFE_DAYS: Setting = Setting {
    section: "user_api",
    name: "revoke_user_api_keys_maxlife_days",
    kind: Kind::Integer(0, 36_500),
    default: "0",
    about: "Keys older than so many days are ended, once a day, used or not. `0` sets no such limit.",
};

pub(super) const CLIENT_DAYS: Setting = Setting {
    section: "user_api",
    name: "unused_registered_user_api_key_clients_days",
    kind: Kind::Integer(0, 36_500),
    default: "30",
    about: "A registered application is deleted, with its keys, when none of them was used for so many days; one \
            without a key counts from its registration. `0` keeps them all. Applications that nobody registered stay.",
};

pub(super) const GRACE: Setting = Setting {
    section: "user_api",
    name: "user_api_key_replacement_grace_seconds",
    kind: Kind::Integer(0, 86_400),
    default: "3600",
    about: "A new key for the same user and application takes over when it is first used, at the latest after so many \
            seconds; until then the one before works too, so that an answer lost on the way locks nobody out. If the \
            user allows less than before, the old key ends at once. `0` always ends it at once.",
};

pub(super) const CLIENT_SCOPES: Setting = Setting {
    section: "user_api",
    name: "allow_user_api_key_client_scopes",
    kind: Kind::List("names of scopes in lower case, such as [\"read\", \"session_info\"]"),
    default: "[]",
    about: "The scopes that applications may register for themselves. Empty: applications cannot register; the operator \
            can, with `hallpass client register`. Anybody can call the endpoint, so a registration proves that the \
            application holds its key, not who made it.",
};

pub(super) const CLIENTS_PER_DAY: Setting = Setting {
    section: "user_api",
    name: "user_api_key_clients_create_per_day",
    kind: Kind::Integer(1, 10),
    default: "3",
    about: "How often applications of one address may try to register in any 24 hours. Tries that fail count.",
};

pub(super) const CLIENT_OVERRIDE_IPS: Setting = Setting {
    section: "user_api",
    name: "create_user_api_key_client_ip_rate_limit_override_ips",
    kind: Kind::List("IP addresses or networks, such as [\"203.0.113.7\", \"10.0.0.0/8\"]"),
    default: "[]",
    about: "Addresses from which applications may register without that limit.",
};

pub(super) const DEVICE: Setting = Setting {
    section: "user_api",
    name: "allow_device_authorization",
    kind: Kind::Boolean,
    default: "true",
    about: "Whether applications may ask by device code: they show a code, and their user types it at \
            `/user-api-key/activate`. `false` takes these addresses away, and applications are told so.",
};
