//! Values that leave us and come back: a form's fields, the way back after a sign-in.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretSlice};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

const LEAST_BYTES: usize = 32;

/// The secret is too short to sign with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the secret has {bytes} bytes and needs at least {LEAST_BYTES}; make one with `openssl rand -hex 32`")]
pub struct SealerError {
    /// Bytes it has.
    pub bytes: usize,
}

/// Marks values so that nobody else can make or change them: HMAC-SHA-256. It hides nothing.
///
/// Each use names its purpose, so that a mark made for one is worth nothing for another.
#[derive(Debug)]
pub struct Sealer(SecretSlice<u8>);

impl Sealer {
    /// A sealer with this secret, which is wiped from memory on drop.
    ///
    /// # Errors
    /// When the secret has fewer than 32 bytes.
    pub fn parse(secret: &[u8]) -> Result<Self, SealerError> {
        let bytes = secret.len();
        if bytes < LEAST_BYTES { Err(SealerError { bytes }) } else { Ok(Self(SecretSlice::from(secret.to_vec()))) }
    }

    /// The mark of these parts for this purpose, in URL-safe base64 (43 characters).
    #[must_use]
    pub fn mac(&self, purpose: &str, parts: &[impl AsRef<[u8]>]) -> String {
        URL_SAFE_NO_PAD.encode(self.tag("mac", purpose, parts))
    }

    /// Whether `mark` is the mark of these parts for this purpose. Compares in constant time (`security.md K3`).
    #[must_use]
    pub fn verify(&self, purpose: &str, parts: &[impl AsRef<[u8]>], mark: &str) -> bool {
        same(&self.mac(purpose, parts), mark)
    }

    /// The text in a form that [`Sealer::open`] can trust: URL-safe, and readable by anyone who decodes it.
    #[must_use]
    pub fn seal(&self, purpose: &str, text: &str) -> String {
        format!("{}.{}", URL_SAFE_NO_PAD.encode(text), self.mark(purpose, text.as_bytes()))
    }

    /// The text of a value that this sealer sealed for this purpose; `None` for any other.
    #[must_use]
    pub fn open(&self, purpose: &str, sealed: &str) -> Option<String> {
        let (body, mark) = sealed.split_once('.')?;
        let text = URL_SAFE_NO_PAD.decode(body).ok()?;
        if same(&self.mark(purpose, &text), mark) { String::from_utf8(text).ok() } else { None }
    }

    /// A key of its own for this purpose, for code that wants 64 bytes.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> Zeroizing<[u8; 64]> {
        let halves = ["first half", "second half"].map(|half| self.tag("derive", purpose, &[half]));
        let mut key = Zeroizing::new([0; 64]);
        for (byte, derived) in key.iter_mut().zip(halves.into_iter().flatten()) {
            *byte = derived;
        }
        key
    }

    fn mark(&self, purpose: &str, text: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(self.tag("seal", purpose, &[text]))
    }

    /// `kind` keeps a mark, a seal and a derived key apart even where they share a purpose.
    fn tag(&self, kind: &str, purpose: &str, parts: &[impl AsRef<[u8]>]) -> [u8; 32] {
        let mut hmac = match Hmac::<Sha256>::new_from_slice(self.0.expose_secret()) {
            Ok(hmac) => hmac,
            Err(hmac::digest::InvalidLength) => unreachable!("HMAC takes a key of any length"),
        };
        for part in [kind.as_bytes(), purpose.as_bytes()].into_iter().chain(parts.iter().map(AsRef::as_ref)) {
            // Each part is led by its length: ("ab", "c") and ("a", "bc") must not meet.
            hmac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hmac.update(part);
        }
        hmac.finalize().into_bytes().into()
    }
}

fn same(ours: &str, theirs: &str) -> bool {
    ours.as_bytes().ct_eq(theirs.as_bytes()).into()
}
