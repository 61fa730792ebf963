//! The words of the house: values that cannot be wrong, states that cannot go back.
//!
//! Depends on nothing of ours. A value has a private field and one `parse`; what comes from the database is parsed
//! again. Start with `user_api_key.rs`, `scope.rs` and `redirect.rs`.

mod allow_list;
mod application_name;
mod approval;
mod audit;
mod client;
mod database_url;
mod destination;
mod device;
mod fields;
mod fingerprint;
mod group;
pub(crate) mod hex;
mod hex_color;
mod id;
mod key;
mod key_rules;
mod one_time_password;
mod padding;
mod public_url;
mod redirect;
mod registration;
mod route;
mod scope;
mod script;
mod session;
mod time;
mod uri;
mod url_pattern;
mod user;
mod user_agent;
mod user_api_key;

pub use allow_list::{AllowListError, RedirectRules};
pub use application_name::{ApplicationName, ApplicationNameError};
pub use approval::Approval;
pub use audit::{AuditEvent, AuditLine, Origin};
pub use client::{ClientId, ExpiresIn, ExpiresInError, Nonce, PushUrl, TooLong};
pub use database_url::{DatabaseUrl, DatabaseUrlError};
pub use destination::Destination;
pub use device::{Authorized, DeviceGrant, GrantState, NewGrant, NotPending, Pending, RequestToken, UserCode};
pub use fields::{Fields, Repeated};
pub use fingerprint::{Fingerprint, FingerprintError};
pub use group::{Group, GroupError, GroupName, TrustLevel};
pub use hex_color::{HexColor, HexColorError};
pub use id::{ClientRowId, GrantId, IdError, KeyId, SessionId, UserId};
pub use key::{KeyError, KeyHash, PlainKey};
pub use key_rules::{DangerousScopes, KeyRules};
pub use one_time_password::{OneTimePassword, OneTimePasswordError};
pub use padding::{Padding, PaddingError};
pub use public_url::{PublicUrl, PublicUrlError};
pub use redirect::{RedirectError, RedirectUri};
pub use registration::{Client, Registration};
pub use route::{Method, Rule, RuleError};
pub use scope::{Scope, ScopeCatalog, ScopeError, Scopes};
pub use session::{Session, SessionLife};
pub use time::{Clock, Timestamp};
pub use uri::{Uri, UriError};
pub use url_pattern::{UrlPattern, UrlPatterns};
pub use user::{Email, NewUser, Staff, User, UserError, Username};
pub use user_agent::UserAgent;
pub use user_api_key::{KeyState, NewKey, UserApiKey};
