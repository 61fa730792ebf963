//! The client's address: of the connection, or, from a proxy that the operator trusts, of `X-Forwarded-For`.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::HttpRequest;
use ipnet::IpNet;

use crate::app::App;

/// The address to limit by and to log.
pub(in crate::http) fn client_address(request: &HttpRequest, app: &App) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip().to_canonical());
    let forwarded = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
    through_proxies(peer, &forwarded.collect::<Vec<_>>().join(","), &app.trusted_proxies)
}

/// Walks from the connection towards the client for as long as the addresses are those of trusted proxies; what a
/// client wrote into the header itself lies beyond the first that is not (`security.md W8`).
fn through_proxies(peer: IpAddr, forwarded: &str, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let hops = forwarded.rsplit(',').map_while(|hop| hop.trim().parse::<IpAddr>().ok()).map(|hop| hop.to_canonical());
    let mut address = peer;
    for hop in hops {
        if !is_trusted(&address) {
            break;
        }
        address = hop;
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(peer: &str, forwarded: &str) -> String {
        let trusted = ["127.0.0.0/8".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
        through_proxies(peer.parse().unwrap(), forwarded, &trusted).to_string()
    }

    #[test]
    fn the_header_counts_only_from_trusted_proxies_and_only_as_far_as_they_go() {
        assert_eq!(walk("203.0.113.7", "198.51.100.1"), "203.0.113.7");
        assert_eq!(walk("127.0.0.1", ""), "127.0.0.1");
        assert_eq!(walk("127.0.0.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(walk("127.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.9"), "198.51.100.1");
        assert_eq!(walk("127.0.0.1", "nonsense, 10.0.0.9"), "10.0.0.9");
    }
}
