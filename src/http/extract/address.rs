//! The client's address: of the connection, or, from a proxy that the operator trusts, of `X-Forwarded-For`.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderMap, HeaderName};
use ipnet::IpNet;

use crate::app::App;

static X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address to limit by and to log.
pub(in crate::http) fn client_address(request: &HttpRequest, app: &App) -> IpAddr {
    through_proxies(peer_address(request), &forwarded(request.headers()), &app.trusted_proxies)
}

/// The client's address as a caller tells it who is believed, and who may stand behind others of these proxies.
pub(in crate::http) fn address_by(forwarded: &str, peer: IpAddr, proxies: &[IpNet]) -> IpAddr {
    let (before, last) = forwarded.rsplit_once(',').unwrap_or(("", forwarded));
    let Ok(told) = last.trim().parse::<IpAddr>() else { return peer };
    through_proxies(told.to_canonical(), before, proxies)
}

/// The address of the connection.
pub(in crate::http) fn peer_address(request: &HttpRequest) -> IpAddr {
    address_of(request.peer_addr())
}

/// The address in that of a connection.
pub(in crate::http) fn address_of(peer: Option<SocketAddr>) -> IpAddr {
    peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip().to_canonical())
}

fn forwarded(headers: &HeaderMap) -> Cow<'_, str> {
    let mut list = Cow::default();
    headers.get_all(&X_FORWARDED_FOR).for_each(|value| add_forwarded(&mut list, value.as_bytes()));
    list
}

/// Adds one header's list to those before it; one that is no plain text is passed over. Not copied where there is only one.
pub(in crate::http) fn add_forwarded<'a>(list: &mut Cow<'a, str>, value: &'a [u8]) {
    let Some(value) = std::str::from_utf8(value).ok().filter(|value| value.is_ascii()) else { return };
    *list = if list.is_empty() { Cow::Borrowed(value) } else { Cow::Owned(format!("{list},{value}")) };
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
