//! Which addresses may be connected to, whatever name led there (`security.md R8`).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::error::Refused;

/// What is not for the public Internet: the special-use networks (RFC 6890 and its successors in the registry), and those
/// that were given back.
const SPECIAL_4: [Ipv4Net; 16] = [
    net4([0, 0, 0, 0], 8),
    net4([10, 0, 0, 0], 8),
    net4([100, 64, 0, 0], 10),
    net4([127, 0, 0, 0], 8),
    net4([169, 254, 0, 0], 16),
    net4([172, 16, 0, 0], 12),
    net4([192, 0, 0, 0], 24),
    net4([192, 0, 2, 0], 24),
    net4([192, 88, 99, 0], 24),
    net4([192, 168, 0, 0], 16),
    net4([198, 18, 0, 0], 15),
    net4([198, 51, 100, 0], 24),
    net4([203, 0, 113, 0], 24),
    net4([192, 31, 196, 0], 24),
    net4([192, 52, 193, 0], 24),
    // Multicast, reserved and broadcast.
    net4([224, 0, 0, 0], 3),
];

/// All that is given out for the public Internet.
const PUBLIC_6: Ipv6Net = net6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// What of that is special: the protocols' own block with Teredo, ORCHID and benchmarks; documentation, twice.
const SPECIAL_6: [Ipv6Net; 3] = [
    net6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
    net6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32),
    net6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
];

const NAT64: Ipv6Net = net6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96);

const fn net4([a, b, c, d]: [u8; 4], prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

#[expect(clippy::many_single_char_names, reason = "the eight parts of an address")]
const fn net6([a, b, c, d, e, f, g, h]: [u16; 8], prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, e, f, g, h), prefix)
}

/// Lets through what is public, and what the operator lists.
#[derive(Debug)]
pub(super) struct Guard {
    networks: Vec<IpNet>,
}

impl Guard {
    pub(super) const fn new(networks: Vec<IpNet>) -> Self {
        Self { networks }
    }

    /// Whether this address may be connected to; in clear only where the operator lists it.
    pub(super) fn check(&self, address: IpAddr, in_clear: bool) -> Result<(), Refused> {
        let plain = address.to_canonical();
        if self.networks.iter().any(|network| network.contains(&plain)) {
            Ok(())
        } else if !is_public(plain) {
            Err(Refused::Special)
        } else if in_clear {
            Err(Refused::Clear)
        } else {
            Ok(())
        }
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !SPECIAL_4.iter().any(|network| network.contains(&address)),
        IpAddr::V6(address) => match within(address) {
            Some(inner) => is_public(IpAddr::V4(inner)),
            None => PUBLIC_6.contains(&address) && !SPECIAL_6.iter().any(|network| network.contains(&address)),
        },
    }
}

/// The IPv4 address that a gateway would turn this one into: NAT64 and 6to4. Those of other gateways are not public.
fn within(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [first, second, a, b, c, d, ..] = address.octets();
    if NAT64.contains(&address) {
        let [.., a, b, c, d] = address.octets();
        Some(Ipv4Addr::new(a, b, c, d))
    } else {
        ([first, second] == [0x20, 0x02]).then(|| Ipv4Addr::new(a, b, c, d))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, networks: &[&str], in_clear: bool) -> Result<(), Refused> {
        let networks = networks.iter().map(|network| network.parse().unwrap()).collect();
        Guard::new(networks).check(address.parse().unwrap(), in_clear)
    }

    #[test]
    fn what_is_not_public_is_refused_in_every_spelling_r8() {
        let special = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
        ];
        for address in special {
            assert_eq!(check(address, &[], false), Err(Refused::Special), "{address}");
            let [a, b, c, d] = address.parse::<Ipv4Addr>().unwrap().octets();
            let hex = format!("{a:x}{b:02x}:{c:x}{d:02x}");
            let forms = [
                format!("::ffff:{address}"),
                format!("::{address}"),
                format!("64:ff9b::{address}"),
                format!("2002:{hex}::1"),
                format!("64:ff9b:1::{address}"),
            ];
            for form in forms {
                assert_eq!(check(&form, &[], false), Err(Refused::Special), "{form}");
            }
        }
        let special = [
            "::",
            "::1",
            "100::1",
            "2001::1",
            "2001:0:4136:e378::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "3fff::1",
            "3fff:fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "4000::1",
        ];
        for address in special {
            assert_eq!(check(address, &[], false), Err(Refused::Special), "{address}");
        }
    }

    #[test]
    fn what_is_public_is_let_through_and_not_in_clear_r8() {
        let public = [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.1",
            "100.63.255.255",
            "100.128.0.1",
            "128.0.0.1",
            "172.15.255.255",
            "172.32.0.1",
            "192.0.1.1",
            "192.169.0.1",
            "198.17.255.255",
            "198.20.0.1",
            "223.255.255.255",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
            "2002:101:101::1",
            "2606:4700::1111",
            "2001:200::1",
            "2a00::1",
        ];
        for address in public {
            assert_eq!(check(address, &[], false), Ok(()), "{address}");
            assert_eq!(check(address, &[], true), Err(Refused::Clear), "{address}");
        }
    }

    #[test]
    fn what_the_operator_lists_is_let_through_in_clear_as_well_and_nothing_beside_it_r8() {
        let networks = ["127.0.0.1/32", "10.1.0.0/16", "fd00::/8"];
        for address in ["127.0.0.1", "::ffff:127.0.0.1", "10.1.2.3", "fd00::1"] {
            assert_eq!(check(address, &networks, true), Ok(()), "{address}");
        }
        for address in ["127.0.0.2", "10.2.0.1", "::1", "64:ff9b::10.1.2.3"] {
            assert_eq!(check(address, &networks, true), Err(Refused::Special), "{address}");
        }
    }
}
