//! Answers, on every request with a key: who is it, and may it do that?
//!
//! Order of the checks (`C-272`): alive, both limits, scope, access, owner. A refusal by a limit charges nothing; requests
//! refused later are charged, so that probing costs (`C-275`, `security.md K11`). A key that was asked about lately is
//! judged without the database and without another thread; it gives way once to whatever else is ready.

mod error;
mod known;
mod source;

use std::sync::Arc;

pub use error::VerifyError;
pub use source::Source;

use super::{Context, KnownKey, Power, client_id, replacement};
use crate::limits::Standing;
use crate::model::{AmbiguousPath, Method, OriginalPath, User, UserApiKey, Verdict};

/// A path on which any key may end itself, whatever its scopes (`C-242`, `C-290`).
const SELF_REVOKE: &str = "/user-api-key/revoke";

/// What a key is presented for.
#[derive(Clone, Copy)]
pub struct Presented<'a> {
    /// The value of the header.
    pub key: &'a str,
    /// Tells from where. Asked only when it matters, which with most requests it does not.
    pub source: &'a dyn Fn() -> Source,
    /// The method of the request.
    pub method: Method,
    /// Its path, and its query where there is one, as they came; without the prefix of the service.
    pub uri: &'a str,
    /// The client id it is presented under, if any.
    pub client_id: Option<&'a str>,
}

/// A key that may do what it is presented for.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The key with its owner.
    pub known: Arc<KnownKey>,
    /// How its limits stand now.
    pub standing: Standing,
}

/// Judges a key for one request, and charges its limits.
///
/// # Errors
/// See [`VerifyError`].
pub async fn verify(cx: &Context, presented: Presented<'_>) -> Result<Verified, VerifyError> {
    let judged = judge(cx, presented, |known| permit(&known.power, presented.method, presented.uri)).await;
    cx.metrics.judged(judged.as_ref().map_or_else(VerifyError::verdict, |_good| Verdict::Valid));
    judged
}

/// Says to whoever presents a key what it is, whatever it may do otherwise. Costs what any request with it costs.
///
/// # Errors
/// See [`VerifyError`].
pub async fn introduce(cx: &Context, presented: Presented<'_>) -> Result<Verified, VerifyError> {
    let judged = judge(cx, presented, |_known| Ok(())).await;
    cx.metrics.judged(judged.as_ref().map_or_else(VerifyError::verdict, |_good| Verdict::Valid));
    judged
}

async fn judge(
    cx: &Context,
    presented: Presented<'_>,
    permit: impl Fn(&KnownKey) -> Result<(), VerifyError>,
) -> Result<Verified, VerifyError> {
    let now = cx.now();
    let known = known::alive(cx, presented.key, presented.source, now).await?;
    // It counts after the limits, but is found out before: where nobody else was ready, what they are kept in comes meanwhile.
    let permitted = permit(&known);
    let standing = cx.charge_request(&known).await?;
    permitted?;
    let is_plain = known.is_plain(now);
    if !is_plain && known.owner.is_suspended() {
        return Err(VerifyError::OwnerSuspended);
    }
    let known = if !moves(&known, presented) && (is_plain || known.key.succession.is_settled()) {
        known
    } else {
        Box::pin(settle(cx, known, presented)).await?
    };
    if known.is_to_be_noted(now) {
        cx.last_used.key_used(known.key.id, now);
    }
    Ok(Verified { known, standing })
}

/// Whether somebody without a key may make this request, where such are welcome at all: a rule of access asks for a group, and
/// nobody is in none.
///
/// # Errors
/// When there are rules, and the path can be read in more than one way.
pub fn is_open(cx: &Context, method: Method, uri: &str) -> Result<bool, AmbiguousPath> {
    Ok(!cx.access.closed_to_nobody().has(method, &OriginalPath::parse(uri)?))
}

/// Says whose key this is, if it is good for anything at all; charges nothing but guesses (RFC 7662).
///
/// # Errors
/// See [`VerifyError`].
pub async fn inspect(cx: &Context, key: &str, source: &dyn Fn() -> Source) -> Result<Arc<KnownKey>, VerifyError> {
    let known = known::alive(cx, key, source, cx.now()).await?;
    if known.owner.is_suspended() { Err(VerifyError::OwnerSuspended) } else { Ok(known) }
}

/// Whether a key with these scopes goes on to be good for something that takes its time: its owner may have left the group that
/// a scope is kept for, or that a rule of access asks for.
pub(super) fn still_permits(cx: &Context, key: UserApiKey, owner: &User, method: Method, uri: &str) -> bool {
    let held = cx.scopes.held(key.scopes, owner);
    permit(&Power::of(cx, &held, owner), method, uri).is_ok()
}

fn permit(power: &Power, method: Method, uri: &str) -> Result<(), VerifyError> {
    let path = OriginalPath::parse(uri)?;
    let ends_itself = method == Method::Post && is_self_revoke(&path);
    if ends_itself {
        Ok(())
    } else if !power.permits.permits(method, &path) {
        Err(VerifyError::Scope)
    } else if power.closed.has(method, &path) {
        Err(VerifyError::Access)
    } else {
        Ok(())
    }
}

fn is_self_revoke(path: &OriginalPath<'_>) -> bool {
    path.as_str().strip_suffix(".json").unwrap_or(path.as_str()) == SELF_REVOKE
}

/// Whether it is presented under another client id than the one it has.
fn moves(known: &KnownKey, presented: Presented<'_>) -> bool {
    presented.client_id.is_some_and(|id| !id.is_empty() && id != known.key.client_id.as_str())
}

/// The first use of a key leaves its mark in the database, and so does one under another client id; no other use does.
async fn settle(cx: &Context, known: Arc<KnownKey>, presented: Presented<'_>) -> Result<Arc<KnownKey>, VerifyError> {
    let mut key = UserApiKey::clone(&known.key);
    let address = (presented.source)().address();
    client_id::follow(cx, &mut key, presented.client_id, address).await?;
    replacement::take_over(cx, &mut key, address).await;
    Ok(Arc::new(known.changed(key)))
}
