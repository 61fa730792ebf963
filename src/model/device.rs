//! A request for a key by device code: its codes, and the states it goes through.
//!
//! `Pending → Authorized → Delivered` or `Pending → Denied`. A transition consumes the state before it, so that none can be
//! gone back to. Delivered is no value: the grant is gone.

use std::fmt::{self, Display};
use std::net::IpAddr;
use std::time::Duration;

use super::{GrantId, KeyId, Timestamp, UserAgent, UserId};

/// What a user code is made of: no I and O, no 0 and 1 (`C-133`).
const CODE_SYMBOLS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// What a request token is made of (`C-135`).
const TOKEN_SYMBOLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const LENGTH: usize = 8;

/// The longest time an encrypted payload waits to be fetched (section 13 of the protocol).
const PAYLOAD_LIFE: Duration = Duration::from_mins(1);

/// The code that the application shows and its user types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserCode(String);

impl UserCode {
    /// The code of these 40 bits.
    #[must_use]
    pub fn from_bits(bits: [u8; 5]) -> Self {
        Self(symbols(&bits, CODE_SYMBOLS, 5))
    }

    /// A code as somebody typed it: capitals or not, with whatever between its letters and digits (`C-154`). `None` unless
    /// eight of them are left.
    #[must_use]
    pub fn typed(text: &str) -> Option<Self> {
        let kept = |c: char| Some(c.to_ascii_uppercase()).filter(char::is_ascii_alphanumeric);
        let code: String = text.chars().filter_map(kept).take(LENGTH + 1).collect();
        (code.len() == LENGTH).then_some(Self(code))
    }

    /// The eight symbols without a dash, as the database has them.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `ABCD-EFGH`, as it is shown.
impl Display for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = self.0.split_at_checked(LENGTH / 2).unwrap_or((&self.0, ""));
        write!(f, "{first}-{last}")
    }
}

/// Finds a request from a link. It proves nothing: only the code does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestToken(String);

impl RequestToken {
    /// The token of these 48 bits.
    #[must_use]
    pub fn from_bits(bits: [u8; 6]) -> Self {
        Self(symbols(&bits, TOKEN_SYMBOLS, 6))
    }

    /// A token out of an address; `None` unless it is eight of its symbols.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let good = text.len() == LENGTH && text.bytes().all(|byte| TOKEN_SYMBOLS.contains(&byte));
        good.then(|| Self(text.to_owned()))
    }

    /// The eight symbols.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Eight symbols of `width` bits each, the highest bits first.
fn symbols(bits: &[u8], alphabet: &[u8], width: usize) -> String {
    let number = bits.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let symbol = |place: usize| {
        let index = usize::try_from(number >> (width * (LENGTH - 1 - place))).unwrap_or(0) % alphabet.len();
        alphabet.get(index).copied().map_or('A', char::from)
    };
    (0..LENGTH).map(symbol).collect()
}

/// A request about to be stored.
#[derive(Clone, Debug)]
pub struct NewGrant {
    /// SHA-256 of the device code.
    pub code_hash: String,
    /// The code to type.
    pub user_code: UserCode,
    /// The token of the link.
    pub request_token: RequestToken,
    /// What the application asked for, as `domain` writes it down.
    pub request: String,
    /// From where it asked.
    pub address: IpAddr,
    /// With which program.
    pub user_agent: UserAgent,
    /// Now.
    pub created_at: Timestamp,
    /// When it is over.
    pub expires_at: Timestamp,
}

/// A request for a key by device code.
#[derive(Clone, Debug)]
pub struct DeviceGrant {
    /// The id.
    pub id: GrantId,
    /// The token of the link; `None` once the user has answered.
    pub request_token: Option<RequestToken>,
    /// The code to type; `None` once the user has answered.
    pub user_code: Option<UserCode>,
    /// What the application asked for, as `domain` wrote it down.
    pub request: String,
    /// From where it asked.
    pub address: IpAddr,
    /// With which program.
    pub user_agent: UserAgent,
    /// When it asked.
    pub created_at: Timestamp,
    /// When it is over; of an authorized one, when its payload is.
    pub expires_at: Timestamp,
    /// How far it has come.
    pub state: GrantState,
}

/// How far a request has come.
#[derive(Clone, Debug)]
pub enum GrantState {
    /// Nobody has answered.
    Pending(Pending),
    /// A key was made and waits to be fetched.
    Authorized(Authorized),
    /// The user said no.
    Denied,
}

/// Nobody has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Who typed the code first: only they may answer (`C-158`, `C-159`).
    pub user: Option<UserId>,
}

/// A key was made and waits, encrypted, to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorized {
    /// Who said yes.
    pub user: UserId,
    /// The key.
    pub key: KeyId,
    /// For the application.
    pub payload: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// The request is over, answered, or somebody else's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the request is over, answered, or somebody else's")]
pub struct NotPending;

impl DeviceGrant {
    /// The state in which this user may answer.
    ///
    /// # Errors
    /// When the request is over or answered, or another user typed its code first.
    pub fn pending_for(&self, user: UserId, now: Timestamp) -> Result<Pending, NotPending> {
        match &self.state {
            GrantState::Pending(pending) if self.expires_at > now => pending.clone().bind(user),
            GrantState::Pending(_) | GrantState::Authorized(_) | GrantState::Denied => Err(NotPending),
        }
    }
}

impl Pending {
    /// The same, for this user alone.
    ///
    /// # Errors
    /// When it is another's.
    pub fn bind(self, user: UserId) -> Result<Self, NotPending> {
        if self.user.is_some_and(|other| other != user) { Err(NotPending) } else { Ok(Self { user: Some(user) }) }
    }

    /// The user said yes: the payload waits for what is left of the request's time, a minute at most (`C-178`).
    #[must_use]
    pub fn authorize(self, user: UserId, key: KeyId, payload: String, now: Timestamp, end: Timestamp) -> Authorized {
        Authorized { user, key, payload, expires_at: end.min(now.plus(PAYLOAD_LIFE)) }
    }

    /// The user said no.
    #[must_use]
    pub fn deny(self) -> GrantState {
        GrantState::Denied
    }
}

impl Authorized {
    /// The payload, to be sent once.
    #[must_use]
    pub fn deliver(self) -> String {
        self.payload
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_of_their_symbols_and_every_bit_counts_c133_c135() {
        assert_eq!(UserCode::from_bits([0; 5]).to_string(), "AAAA-AAAA");
        assert_eq!(UserCode::from_bits([0xff; 5]).to_string(), "9999-9999");
        assert_eq!(UserCode::from_bits([0, 0, 0, 0, 1]).to_string(), "AAAA-AAAB");
        assert_eq!(UserCode::from_bits([8, 0, 0, 0, 0]).to_string(), "BAAA-AAAA");
        assert_eq!(RequestToken::from_bits([0xff; 6]).as_str(), "________");
        assert_eq!(RequestToken::from_bits([4, 0, 0, 0, 0, 1]).as_str(), "BAAAAAAB");
    }

    #[test]
    fn a_code_may_be_typed_in_any_way_c154() {
        for typed in ["abcd efgh", "ABCDEFGH", "ABCD-EFGH", " a-b-c-d_e.f g/h ", "ABCDéEFGH"] {
            assert_eq!(UserCode::typed(typed).unwrap().to_string(), "ABCD-EFGH", "{typed}");
        }
        for typed in ["", "ABCD-EFG", "ABCD-EFGHJ", "ÄBCD-EFGH"] {
            assert_eq!(UserCode::typed(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_request_is_one_users_and_its_payload_waits_a_minute_at_most_c159_c178() {
        let [ada, bob] = [1, 2].map(|id| UserId::parse(id).unwrap());
        let bound = Pending { user: None }.bind(ada).unwrap();
        assert_eq!(bound.clone().bind(bob), Err(NotPending));
        let (key, at) = (KeyId::parse(1).unwrap(), Timestamp::from_micros);
        let until = |end| bound.clone().authorize(ada, key, String::new(), at(0), at(end)).expires_at.as_micros();
        assert_eq!([until(600_000_000), until(7_000_000)], [60_000_000, 7_000_000]);
    }
}
