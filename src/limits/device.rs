//! The quotas that the protocol fixes for the device flow (its section 13). No setting moves them: applications that poll
//! every five seconds must never be refused, and a user code of 40 bits is safe only against so many guesses.

use super::Quota;

/// `C-112`.
pub const CREATE_PER_ADDRESS: Quota = Quota::per_minute(20);
/// `C-194`.
pub const POLL_PER_ADDRESS: Quota = Quota::per_minute(60);
/// `C-196`.
pub const POLL_PER_CODE: Quota = Quota::per_minute(60);
/// `C-153`.
pub const ACTIVATE_PER_ADDRESS: Quota = Quota::per_hour(30);
/// `C-153`.
pub const ACTIVATE_PER_USER: Quota = Quota::per_minute(10);
/// `C-153`.
pub const ACTIVATE_PER_CODE: Quota = Quota::per_minute(10);
/// `C-151`.
pub const LOOK_UP_PER_ADDRESS: Quota = Quota::per_hour(120);
/// `C-151`.
pub const LOOK_UP_PER_USER: Quota = Quota::per_minute(30);
/// `C-151`.
pub const LOOK_UP_PER_TOKEN: Quota = Quota::per_minute(30);
