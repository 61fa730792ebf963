//! `/user-api-key/revoke` and `/user-api-key/undo-revoke` (section 11.1 of the protocol).

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::done;
use crate::app::App;
use crate::domain::revoke::{Wisher, revoke, undo_revoke};
use crate::http::error::Problem;
use crate::http::extract::{Body, Caller, check_csrf, origin};
use crate::model::KeyId;

/// Ends a key: the presented one, or the one with this id.
pub(in crate::http) async fn post_revoke(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    fields: Body,
) -> Result<HttpResponse, Problem> {
    let (who, id) = wish(&app, &request, &caller, &fields)?;
    revoke(&app.cx, who, id, origin(&request, &app, &caller)).await?;
    Ok(done())
}

/// Takes the end of a key back.
pub(in crate::http) async fn post_undo_revoke(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    fields: Body,
) -> Result<HttpResponse, Problem> {
    let (who, id) = wish(&app, &request, &caller, &fields)?;
    undo_revoke(&app.cx, who, id, origin(&request, &app, &caller)).await?;
    Ok(done())
}

fn wish<'a>(
    app: &App,
    request: &HttpRequest,
    caller: &'a Caller,
    fields: &Body,
) -> Result<(Wisher<'a>, Option<KeyId>), Problem> {
    let who = match caller {
        Caller::Anonymous => return Err(Problem::NotLoggedIn),
        Caller::User(signed_in) => Wisher::User(&signed_in.user),
        Caller::Key(verified) => Wisher::Key { key: &verified.known.key, owner: &verified.known.owner },
    };
    check_csrf(app, request, caller, &fields.0)?;
    // What is no id cannot be anybody's key (`C-249`).
    let id = fields.0.filled("id")?.map(|id| id.parse().map_err(|_no_id| Problem::NotFound)).transpose()?;
    Ok((who, id))
}
