//! What needs a cipher, a hash or chance: encrypting to an application's public key, hashing keys, sealing values
//! that travel through a browser, and random bytes.
//!
//! It never decides who gets what, and never stores. The service never does an RSA private-key operation
//! (`security.md H8`); `key_pair.rs` is for the command line, on its user's own machine.
//! Start at `public_key.rs` and `encrypt.rs`; they are the hand-off of a key to an application.

mod armor;
mod encrypt;
mod hash;
mod key_pair;
mod password;
mod public_key;
mod random;
mod seal;
mod signature;
mod wrap;

pub use encrypt::EncryptError;
pub use hash::{hash_key, hash_one_time_password, hash_token};
pub use key_pair::{DecryptError, KeyPair, KeyPairError};
pub use password::{PasswordError, Passwords};
pub use public_key::{PublicKey, PublicKeyError};
pub use random::Random;
pub use seal::{Sealer, SealerError};
pub use signature::sign_push;
pub use wrap::wrap_base64;
