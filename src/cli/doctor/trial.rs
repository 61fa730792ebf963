//! Keys for the time of the visit: asked for and approved as any application's, in the name of a user that the operator
//! names, and ended whatever was found. If the program is cut off, they end by themselves after ten minutes.

use anyhow::Context as _;
use secrecy::SecretString;

use crate::cli::handshake::{Handover, open};
use crate::crypto::KeyPair;
use crate::domain::authorize::{AuthorizationRequest, approve};
use crate::domain::revoke::{Wisher, revoke};
use crate::domain::{Context, accounts, apps, clients};
use crate::model::{Fields, Origin, Padding, User, Username};

/// The least that every application has.
const BITS: u16 = 2048;
const SECONDS: &str = "600";
const CLIENTS: [&str; 2] = ["hallpass-doctor", "hallpass-doctor-narrow"];
/// What the narrow key may; [`WITHIN`](super::paths::WITHIN) is a path of it.
const NARROW: &str = "notifications";

/// What there is to try with.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// Good for the path.
    pub(super) wide: Option<SecretString>,
    /// Good for another path only.
    pub(super) narrow: Option<SecretString>,
    /// Whose they are, where that is known.
    pub(super) owner: Option<Username>,
}

/// Makes the keys, hands them over, and ends them.
///
/// # Errors
/// When a key cannot be made or ended.
pub(super) async fn with_keys<T>(
    cx: &Context,
    owner: &Username,
    scopes: &str,
    examine: impl FnOnce(Keys) -> T,
) -> anyhow::Result<T> {
    let user = accounts::find(cx, owner).await?;
    let seen = make(cx, &user, scopes).await.map(examine);
    end(cx, &user).await.context("the keys could not be ended: they end by themselves in ten minutes")?;
    seen.with_context(|| format!("no key can be made for {owner}"))
}

async fn make(cx: &Context, user: &User, scopes: &str) -> anyhow::Result<Keys> {
    let [wide, narrow] = CLIENTS;
    Ok(Keys {
        wide: Some(key(cx, user, wide, scopes).await?),
        narrow: if cx.rules.allow_user_api_key_scopes.has(NARROW) {
            Some(key(cx, user, narrow, NARROW).await?)
        } else {
            None
        },
        owner: Some(user.username.clone()),
    })
}

async fn key(cx: &Context, user: &User, client_id: &str, scopes: &str) -> anyhow::Result<SecretString> {
    let bits = cx.rules.min_user_api_rsa_bits.max(BITS);
    let (pair, nonce) = (KeyPair::generate(usize::from(bits))?, cx.random.hex::<16>());
    let pairs = [
        ("application_name", "hallpass doctor"),
        ("client_id", client_id),
        ("scopes", scopes),
        ("nonce", &nonce),
        ("padding", Padding::Oaep.as_str()),
        ("public_key", pair.public_pem()),
        ("expires_in_seconds", SECONDS),
    ];
    let fields = Fields::new(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
    let client = clients::of_request(cx, &fields).await?;
    let request = AuthorizationRequest::parse(&fields, client.as_ref(), &cx.rules, &cx.scopes)?;
    let approved = approve(cx, user, &request, Origin::default()).await?;
    let handover = Handover { payload: approved.payload, one_time_password: None };
    Ok(open(&handover, &pair, Padding::Oaep, &nonce)?.key)
}

/// Those of a run that was cut off, too.
async fn end(cx: &Context, user: &User) -> anyhow::Result<()> {
    let ours = |app: &apps::App| CLIENTS.contains(&app.key.client_id.as_str()) && app.state.is_alive();
    for app in apps::list_all(cx, user.id).await?.iter().filter(|app| ours(app)) {
        revoke(cx, Wisher::Operator, Some(app.key.id), Origin::default()).await?;
    }
    Ok(())
}
