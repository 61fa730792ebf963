//! Whether a key of the admin API may make a request as a user (`security.md K12`), as a proxy and as the site's back end ask it.

use actix_web::HttpResponse;
use serde_json::{Value, json};

use super::json::{about, invalid, needed, parse_address};
use super::original::Original;
use super::{Admitted, ProxyRequest, VERIFY, VERIFY_JSON};
use crate::app::App;
use crate::domain::admin::act::{ActError, Acting, act};
use crate::domain::admin::{AdminError, NamedUser, Presented};
use crate::http::api::json_ok;
use crate::http::error::Problem;
use crate::http::extract::client_named;
use crate::model::{Fields, Identity, Method, User};

/// A proxy asks. The key holds for the address of the client and not for that of the proxy.
pub(super) async fn act_for(
    app: &App,
    asked: &ProxyRequest<'_>,
    key: &str,
    user: &[u8],
    Original { method, uri }: Original<'_>,
) -> Result<Admitted, Problem> {
    let user = std::str::from_utf8(user).map_err(|_not_text| Problem::bad_encoding())?;
    let presented = Presented {
        key: Some(key),
        user: Some(NamedUser::Id(user)),
        address: client_named(&asked.told.forwarded_for, app.callers.peers()),
        route: format!("{} {VERIFY}", method.word()),
        request_id: None,
    };
    let acting = Acting { presented, method, uri, bypasses: asked.told.bypasses };
    Ok(Admitted::User(Identity::of_user(&act(&app.cx, acting).await?)))
}

/// The user for whom the fields say that the key acts, if they do.
pub(super) fn acts_for(fields: &Fields) -> Result<Option<NamedUser<'_>>, Problem> {
    match (fields.filled("username")?, fields.filled("user_id")?) {
        (Some(_), Some(_)) => Err(Problem::wrong("username", &"username and user_id both name a user; send one")),
        (name, id) => Ok(name.map(NamedUser::Name).or(id.map(NamedUser::Id))),
    }
}

/// The back end asks. Here too the key holds for the address of whoever makes the request, so that it has to be told.
pub(super) async fn verify_acting(app: &App, fields: &Fields, user: NamedUser<'_>) -> Result<HttpResponse, Problem> {
    let method: Method = needed(fields, "method")?.parse().unwrap_or(Method::Other);
    let presented = Presented {
        key: Some(needed(fields, "key")?),
        user: Some(user),
        address: Some(parse_address(needed(fields, "address")?)?),
        route: format!("{} {VERIFY_JSON}", method.word()),
        request_id: None,
    };
    let acting = Acting { presented, method, uri: needed(fields, "uri")?, bypasses: bypasses(fields)? };
    match act(&app.cx, acting).await {
        Ok(user) => Ok(json_ok(&valid(&user))),
        Err(error @ (ActError::Limits(_) | ActError::Admin(AdminError::Limits(_) | AdminError::Store(_)))) => {
            Err(error.into())
        }
        Err(error) => Ok(json_ok(&refused(&error))),
    }
}

/// Whether the request wants to go past the rules of access.
fn bypasses(fields: &Fields) -> Result<bool, Problem> {
    match fields.filled("bypass_permissions")? {
        Some("1" | "true") => Ok(true),
        None | Some("0" | "false") => Ok(false),
        Some(_) => Err(Problem::wrong("bypass_permissions", &"bypass_permissions is true or false")),
    }
}

/// The members that a user's key has too; what is the key's own is none.
fn valid(user: &User) -> Value {
    json!({
        "valid": true,
        "code": "valid",
        "key_id": null,
        "user": about(user),
        "scopes": [],
        "client_id": null,
        "application_name": null,
        "expires_at": null,
        "limits": null,
    })
}

fn refused(error: &ActError) -> Value {
    let retry_after = match error {
        ActError::Limited(refused) | ActError::Admin(AdminError::Guessing(refused)) => Some(refused.retry_after),
        _ => None,
    };
    invalid(error.code(), retry_after, None)
}
