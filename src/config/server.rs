//! `[server]`: where the service listens, and how it is reached.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use ipnet::IpNet;

use super::catalog::{Kind, Section, Setting};
use super::reader::Reader;
use crate::model::PublicUrl;

pub(super) const SECTION: Section = Section {
    name: "server",
    about: "Where the service listens, and how it is reached.",
    settings: &[&LISTEN, &INTERNAL_LISTEN, &PUBLIC_URL, &TRUSTED_PROXIES, &BODY_LIMIT_BYTES, &DRAIN_SECONDS],
};

const LISTEN: Setting = Setting {
    section: "server",
    name: "listen",
    kind: Kind::Text("an IP address and a port, such as \"127.0.0.1:8080\" or \"[::1]:8080\""),
    default: r#""127.0.0.1:8080""#,
    about: "Where the pages and the protocol are served. The reverse proxy sends browsers and applications here.",
};

const INTERNAL_LISTEN: Setting = Setting {
    section: "server",
    name: "internal_listen",
    kind: Kind::Text("an IP address and a port, such as \"127.0.0.1:8081\" or \"[::1]:8081\""),
    default: r#""127.0.0.1:8081""#,
    about: "Where the reverse proxy and the site's back end ask about keys, and the operator whether the service is alive \
            and ready. It is not for the public: keep it on loopback or a private network.",
};

pub(super) const PUBLIC_URL: Setting = Setting {
    section: "server",
    name: "public_url",
    kind: Kind::Url("the address that browsers use, such as \"https://example.org\" or \"https://example.org/hall\""),
    default: r#""http://127.0.0.1:8080""#,
    about: "The address under which browsers and applications reach the service. It may have a path; every link, \
            cookie path and route then begins with it, so the proxy must pass the path on unchanged. With `https` \
            cookies are marked secure.",
};

const TRUSTED_PROXIES: Setting = Setting {
    section: "server",
    name: "trusted_proxies",
    kind: Kind::List("IP addresses or networks, such as [\"127.0.0.1\", \"10.0.0.0/8\"]"),
    default: "[]",
    about: "The reverse proxies whose word about the client's address is taken. Headers of anybody else are ignored, \
            and the address of the connection counts. Empty: nobody is believed, so behind a proxy all visitors share \
            one address.",
};

const BODY_LIMIT_BYTES: Setting = Setting {
    section: "server",
    name: "body_limit_bytes",
    kind: Kind::Integer(16_384, 10_485_760),
    default: "65536",
    about: "The largest body of a request, in bytes. Larger ones are refused before they are read.",
};

const DRAIN_SECONDS: Setting = Setting {
    section: "server",
    name: "drain_seconds",
    kind: Kind::Integer(0, 300),
    default: "0",
    about: "How long the service goes on answering after it was told to end, while `/health/ready` says 503. Behind a load \
            balancer it is the time the balancer takes to notice, 5 to 10 seconds; on a single machine nobody would. A \
            second signal ends the wait.",
};

/// Where the service listens, and how it is reached.
#[derive(Clone, Debug)]
pub struct Server {
    /// The public listener.
    pub listen: SocketAddr,
    /// The listener for the proxy, the site's back end and the operator.
    pub internal_listen: SocketAddr,
    /// The address under which browsers reach us.
    pub public_url: PublicUrl,
    /// The peers whose forwarding headers are believed (`security.md W8`).
    pub trusted_proxies: Vec<IpNet>,
    /// The largest body of a request, in bytes.
    pub body_limit_bytes: usize,
    /// How long it goes on after it was told to end.
    pub drain: Duration,
}

impl Server {
    pub(super) fn read(reader: &mut Reader, public_url: Option<PublicUrl>) -> Option<Self> {
        let listen = reader.text(&LISTEN, address);
        let internal_listen = reader.text(&INTERNAL_LISTEN, address);
        let trusted_proxies = reader.entries(&TRUSTED_PROXIES, network);
        let body_limit_bytes = reader.integer(&BODY_LIMIT_BYTES);
        let drain = reader.integer(&DRAIN_SECONDS).map(Duration::from_secs);
        if let (Some(listen), Some(internal)) = (listen, internal_listen)
            && collide(listen, internal)
        {
            let problem = format!("{internal} and `server.listen`, {listen}, cannot be bound at the same time");
            reader.conflict(&INTERNAL_LISTEN, problem, "another port, which the public cannot reach");
        }
        Some(Self {
            listen: listen?,
            internal_listen: internal_listen?,
            public_url: public_url?,
            trusted_proxies: trusted_proxies?,
            body_limit_bytes: body_limit_bytes?,
            drain: drain?,
        })
    }
}

fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_invalid| "it is not an IP address with a port")
}

pub(super) fn network(text: &str) -> Result<IpNet, &'static str> {
    let single = text.parse::<IpAddr>().map(IpNet::from);
    let network = single.or_else(|_no_address| text.parse::<IpNet>());
    network.map(|network| network.trunc()).map_err(|_invalid| "not an IP address or network")
}

// Port 0 is a free port of the system's choice, another one for each listener.
fn collide(one: SocketAddr, other: SocketAddr) -> bool {
    let overlap = one.ip() == other.ip() || one.ip().is_unspecified() || other.ip().is_unspecified();
    one.port() == other.port() && one.port() != 0 && overlap
}
