//! Whom a limit per address counts.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The one whom a limit per address counts: an IPv4 address, or the /64 of an IPv6 address, of which every household has
/// one with 2^64 addresses in it.
#[must_use]
pub fn limited_as(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => dotted(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// The address in words, as whose subject a caller is counted.
#[must_use]
pub fn address_text(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => dotted(address),
        IpAddr::V6(address) => address.to_string(),
    }
}

/// By hand, because two are written for every key that is known not to exist, and it took a fiftieth of such a request.
fn dotted(address: Ipv4Addr) -> String {
    let (mut text, [first, rest @ ..]) = (String::with_capacity(15), address.octets());
    text.push_str(itoa::Buffer::new().format(first));
    for octet in rest {
        text.push('.');
        text.push_str(itoa::Buffer::new().format(octet));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{address_text, limited_as};

    #[test]
    fn a_household_counts_as_one_l4_w6() {
        let limited = |address: &str| limited_as(address.parse().unwrap());
        assert_eq!(limited("203.0.113.7"), "203.0.113.7");
        assert_eq!(limited("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(limited("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(limited("2001:db8:1:2::1"), limited("2001:db8:1:2:ffff::"));
        assert_ne!(limited("2001:db8:1:2::1"), limited("2001:db8:1:3::1"));
    }

    #[test]
    fn an_address_is_written_as_everybody_writes_it() {
        for text in ["0.0.0.0", "10.20.3.255", "2001:db8::1"] {
            assert_eq!(address_text(text.parse().unwrap()), text);
        }
    }
}
