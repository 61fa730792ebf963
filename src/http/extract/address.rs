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
    parse_hop(last).map_or(peer, |told| through_proxies(told, before, proxies))
}

/// The client that a caller names who is believed, for what holds at certain addresses only: nobody answers for a client whose
/// entry is no address, or missing.
pub(in crate::http) fn client_named(forwarded: &str, proxies: &[IpNet]) -> Option<IpAddr> {
    let is_proxy = |hop: &IpAddr| proxies.iter().any(|net| net.contains(hop));
    let mut hops = forwarded.rsplit(',').map(parse_hop);
    let mut named = hops.next()?;
    while named.as_ref().is_some_and(is_proxy)
        && let Some(hop) = hops.next()
    {
        named = hop;
    }
    named
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

/// Adds one header's list to those before it. Bytes that are no text spoil the entry that they are in and no other: a proxy
/// may have added the client's address behind what the client wrote. Not copied where there is only one plain list.
pub(in crate::http) fn add_forwarded<'a>(list: &mut Cow<'a, str>, value: &'a [u8]) {
    let value = String::from_utf8_lossy(value);
    *list = if list.is_empty() { value } else { Cow::Owned(format!("{list},{value}")) };
}

/// An entry of the list: an address, which some proxies write with the port of the connection.
fn parse_hop(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    bare.parse::<IpAddr>().ok().or_else(with_port).map(|address| address.to_canonical())
}

/// Walks from the connection towards the client for as long as the addresses are those of trusted proxies; what a
/// client wrote into the header itself lies beyond the first that is not (`security.md W8`).
///
/// An entry that is no address ends the walk: whoever handed it on answers for it. Were it a subject of its own, a client
/// behind such a proxy could name itself anew with every guess.
fn through_proxies(peer: IpAddr, forwarded: &str, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let hops = forwarded.rsplit(',').map_while(parse_hop);
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

    #[test]
    fn an_address_may_have_a_port_and_what_is_no_address_is_the_word_of_who_handed_it_on_w8() {
        assert_eq!(walk("127.0.0.1", "198.51.100.1:5678"), "198.51.100.1");
        assert_eq!(walk("127.0.0.1", "[2001:db8::1]:80, 10.0.0.9:443"), "2001:db8::1");
        assert_eq!(walk("127.0.0.1", "[2001:db8::1]"), "2001:db8::1");
        assert_eq!(walk("127.0.0.1", "[::ffff:198.51.100.1]:80"), "198.51.100.1");
        for nonsense in ["", "unknown", "198.51.100.1:", "198.51.100.1:66000", "[198.51.100.1", "198.51.100.1 1"] {
            assert_eq!(walk("127.0.0.1", nonsense), "127.0.0.1", "{nonsense}");
        }
        let by_proxy = |forwarded: &str| address_by(forwarded, "10.0.0.9".parse().unwrap(), &[]).to_string();
        assert_eq!(by_proxy("198.51.100.1:5678"), "198.51.100.1");
        assert_eq!(by_proxy("unknown"), "10.0.0.9");
    }

    #[test]
    fn a_client_is_named_by_an_address_that_no_proxy_of_ours_has_or_that_is_the_first_w8_k12() {
        let proxies = ["127.0.0.0/8".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
        let named = |forwarded: &str| client_named(forwarded, &proxies).map(|address| address.to_string());
        for nobody in
            ["", "unix:", "junk", "127.0.0.1, junk", "127.0.0.1, unix:, 10.0.0.9", "127.0.0.1,", "junk, 10.0.0.9"]
        {
            assert_eq!(named(nobody), None, "{nobody}");
        }
        assert_eq!(named("127.0.0.1, junk, 198.51.100.1:80, 10.0.0.9").as_deref(), Some("198.51.100.1"));
        assert_eq!(named("127.0.0.1").as_deref(), Some("127.0.0.1"), "a back end beside the proxy");
        assert_eq!(named("127.0.0.1, 10.0.0.9").as_deref(), Some("127.0.0.1"));
    }

    #[test]
    fn bytes_that_are_no_text_spoil_their_own_entry_only_w8() {
        let list = |values: &[&[u8]]| {
            let mut list = Cow::default();
            for value in values {
                add_forwarded(&mut list, value);
            }
            walk("127.0.0.1", &list)
        };
        assert_eq!(list(&[b"\xff, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(list(&[b"\xff", b"198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            list(&[b"198.51.100.1", b"\xff"]),
            "127.0.0.1",
            "the last is the proxy's word, and nothing but that"
        );
    }
}
