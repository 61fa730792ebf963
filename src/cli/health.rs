//! `hallpass health`: is the service ready? For containers, where there is no other program to ask it with.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use anyhow::{Context as _, ensure};
use ureq::tls::RootCerts;

use super::agent::agent;
use super::print::data;
use crate::config::Config;

pub(super) fn run(config: &Config) -> anyhow::Result<()> {
    let address = reachable(config.server.internal_listen);
    let asked = agent("hallpass-health", true, RootCerts::WebPki).get(format!("http://{address}/health/ready")).call();
    let mut answer = asked.with_context(|| format!("nobody answers at {address}; is the service running?"))?;
    let body = answer.body_mut().read_to_string()?;
    ensure!(answer.status().is_success(), "the service is not ready: {body}");
    Ok(data(&body)?)
}

/// Who listens at every address is asked at that of this computer.
fn reachable(at: SocketAddr) -> SocketAddr {
    let ip = match at.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, at.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_listens_everywhere_is_asked_on_this_computer() {
        let asked = |at: &str| reachable(at.parse().unwrap()).to_string();
        assert_eq!(asked("0.0.0.0:8081"), "127.0.0.1:8081");
        assert_eq!(asked("[::]:8081"), "[::1]:8081");
        assert_eq!(asked("10.0.0.7:8081"), "10.0.0.7:8081");
    }
}
