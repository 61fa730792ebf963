//! From which addresses something may be used.

use std::fmt::{self, Display};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// What is wrong with a list of networks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither an address nor a network such as 10.0.0.0/8 or 2001:db8::/32")]
pub struct NetworksError(String);

/// A list of networks. One without entries has no address in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// Every address there is, said in so many words.
    #[must_use]
    pub fn everywhere() -> Self {
        let four = Ipv4Net::new(Ipv4Addr::UNSPECIFIED, 0).map(IpNet::V4);
        let six = Ipv6Net::new(Ipv6Addr::UNSPECIFIED, 0).map(IpNet::V6);
        Self([four, six].into_iter().flatten().collect())
    }

    /// A list of networks and addresses with a comma between.
    ///
    /// # Errors
    /// When one of them is neither.
    pub fn parse(list: &str) -> Result<Self, NetworksError> {
        let network = |text: &str| {
            let address = || text.parse::<IpAddr>().map(IpNet::from);
            text.parse::<IpNet>().or_else(|_no_network| address()).map_err(|_neither| NetworksError(text.to_owned()))
        };
        list.split(',').filter(|text| !text.is_empty()).map(network).collect::<Result<_, _>>().map(Self)
    }

    /// Whether the address is in one of them.
    #[must_use]
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Whether something bound to these networks holds for who comes from there. Who comes from nobody knows where has only what
    /// is bound to none.
    #[must_use]
    pub fn hold_at(&self, address: Option<IpAddr>) -> bool {
        address.map_or_else(|| Self::everywhere().0.iter().all(|all| self.0.contains(all)), |known| self.contain(known))
    }
}

impl Display for Networks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_in_a_list_or_not() {
        let list = Networks::parse("10.0.0.0/8,203.0.113.7,2001:db8::/32").unwrap();
        assert_eq!(list.to_string(), "10.0.0.0/8,203.0.113.7/32,2001:db8::/32");
        assert_eq!(Networks::parse(&list.to_string()).unwrap(), list);
        for (address, is_in) in
            [("10.1.2.3", true), ("::ffff:10.1.2.3", true), ("203.0.113.8", false), ("2001:db8::1", true)]
        {
            assert_eq!(list.contain(address.parse().unwrap()), is_in, "{address}");
        }
    }

    #[test]
    fn an_empty_list_has_no_address_and_everywhere_has_all() {
        let (none, all) = (Networks::parse("").unwrap(), Networks::everywhere());
        for address in ["127.0.0.1", "203.0.113.7", "::1", "2001:db8::1"] {
            let address = address.parse().unwrap();
            assert!(all.contain(address) && !none.contain(address), "{address}");
        }
        assert!(Networks::parse("somewhere").is_err());
    }

    #[test]
    fn who_comes_from_nobody_knows_where_has_only_what_is_bound_to_no_network_k12() {
        let holds = |list: &str| Networks::parse(list).unwrap().hold_at(None);
        assert!(Networks::everywhere().hold_at(None) && holds("::/0,0.0.0.0/0,10.0.0.0/8"));
        for bound in ["", "127.0.0.1", "0.0.0.0/0", "::/0"] {
            assert!(!holds(bound), "{bound}");
        }
        let here = Networks::parse("127.0.0.1").unwrap();
        assert!(here.hold_at("127.0.0.1".parse().ok()) && !here.hold_at("127.0.0.2".parse().ok()));
    }
}
