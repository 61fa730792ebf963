//! `[verify]`: who may ask about keys on the internal listener, and what is answered.

use std::time::Duration;

use ipnet::IpNet;

use super::catalog::{Kind, Section, Setting};
use super::reader::Reader;
use super::secret_source::SecretSource;
use super::server::network;
use crate::model::Anonymous;

pub(super) const SECTION: Section = Section {
    name: "verify",
    about: "Who may ask about keys on the internal listener, and what requests without a key are answered.",
    settings: &[&PEERS, &SECRET, &SECRET_FILE, &ANONYMOUS, &CACHED_KEYS, &STALE_SECONDS],
};

const PEERS: Setting = Setting {
    section: "verify",
    name: "peers",
    kind: Kind::List("IP addresses or networks, such as [\"127.0.0.1\", \"10.0.0.0/8\"]"),
    default: r#"["127.0.0.1", "::1"]"#,
    about: "The reverse proxies that may ask `/verify`, by address. What they say about the request and about the \
            client's address is believed: whoever has one of these addresses can name any client, and guess at keys in \
            its name. Keep them narrow, the address of each proxy rather than a network. Others have to send the secret.",
};

pub(super) const SECRET: Setting = Setting {
    section: "verify",
    name: "secret",
    kind: Kind::Secret("at least 32 characters at random, such as `openssl rand -hex 32` prints; or nothing"),
    default: r#""""#,
    about: "A secret of at least 32 characters that proxies elsewhere send as `Hallpass-Secret`, and that the site's \
            back end sends to `/verify.json` and `/introspect` as `Authorization: Bearer`. Empty: `secret_file` \
            counts.",
};

const SECRET_FILE: Setting = Setting {
    section: "verify",
    name: "secret_file",
    kind: Kind::Text("the path of a file that holds at least 32 characters; or nothing"),
    default: r#""""#,
    about: "A file that holds the secret instead. With neither of the two set, only the peers may ask, and \
            `/verify.json` and `/introspect` are shut.",
};

const ANONYMOUS: Setting = Setting {
    section: "verify",
    name: "anonymous",
    kind: Kind::Text("\"refuse\" or \"allow\""),
    default: r#""refuse""#,
    about: "What `/verify` answers to a request without a key: `refuse` is 401; `allow` is 200 with every identity \
            header empty, for sites that have something to show to everybody.",
};

const CACHED_KEYS: Setting = Setting {
    section: "verify",
    name: "cached_keys",
    kind: Kind::Integer(100, 10_000_000),
    default: "100000",
    about: "How many keys are held in memory with their owners, at most, so that a request with one of them does not go \
            to the database. A key takes about two and a half kilobytes. Make it two and a half times as many as are in use at a \
            time: of more than half, some have to be looked up again.",
};

const STALE_SECONDS: Setting = Setting {
    section: "verify",
    name: "stale_seconds",
    kind: Kind::Integer(1, 60),
    default: "2",
    about: "How long the keys in memory are trusted without a word of the database about what other processes changed; \
            it comes at least twice a second. So long a key that was ended elsewhere works at the very most, and so long \
            keys go on when the database is gone. After that each request asks the database, or is answered with 503.",
};

/// Who may ask about keys, and what is answered.
#[derive(Clone, Debug)]
pub struct Verify {
    /// The proxies that may ask (`security.md W8`).
    pub peers: Vec<IpNet>,
    /// What lets others ask (`security.md L7`).
    pub secret: SecretSource,
    /// What a request without a key is answered (`security.md W9`).
    pub anonymous: Anonymous,
    /// How many keys are held in memory (`security.md L6`).
    pub cached_keys: usize,
    /// How long they are trusted without a word of the other processes (`security.md L8`).
    pub stale: Duration,
}

impl Verify {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let peers = reader.entries(&PEERS, network);
        let secret = SecretSource::read(reader, &SECRET, &SECRET_FILE);
        let anonymous = reader.word(&ANONYMOUS, [("refuse", Anonymous::Refuse), ("allow", Anonymous::Allow)]);
        let cached_keys = reader.integer(&CACHED_KEYS);
        let stale = reader.integer(&STALE_SECONDS).map(Duration::from_secs);
        Some(Self { peers: peers?, secret: secret?, anonymous: anonymous?, cached_keys: cached_keys?, stale: stale? })
    }
}
