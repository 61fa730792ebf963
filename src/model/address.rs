//! Whom a limit per address counts.

use std::net::{IpAddr, Ipv6Addr};

/// The one whom a limit per address counts: an IPv4 address, or the /64 of an IPv6 address, of which every household has
/// one with 2^64 addresses in it.
#[must_use]
pub fn limited_as(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::limited_as;

    #[test]
    fn a_household_counts_as_one_l4_w6() {
        let limited = |address: &str| limited_as(address.parse().unwrap());
        assert_eq!(limited("203.0.113.7"), "203.0.113.7");
        assert_eq!(limited("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(limited("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(limited("2001:db8:1:2::1"), limited("2001:db8:1:2:ffff::"));
        assert_ne!(limited("2001:db8:1:2::1"), limited("2001:db8:1:3::1"));
    }
}
