//! `/session/otp/{token}`: somebody comes with a one-time password (section 10.3 of the protocol).

use actix_session::Session;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::login::begin_session;
use super::shell::{Shell, frame};
use crate::app::App;
use crate::domain::otp::{RedeemError, discard, owner, redeem};
use crate::http::error::Problem;
use crate::http::extract::{Body, Caller, Csrf, check_csrf, client_address, origin};
use crate::http::views::otp_gone::OtpGonePage;
use crate::http::views::otp_sign_in::OtpSignInPage;

/// Who will be signed in. Whoever is so already needs no password, which is then thrown away (`C-236`): the one change
/// that a GET makes here, and nobody can cause it who does not know the password.
pub(in crate::http) async fn get_redeem(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    password: Path<String>,
) -> Result<HttpResponse, Problem> {
    let user = match owner(&app.cx, &password, client_address(&request, &app)).await {
        Ok(user) => user,
        Err(RedeemError::Gone) => return Ok(gone(&app, &request, &caller)),
        Err(other) => return Err(other.into()),
    };
    if caller.signed_in().is_some_and(|signed_in| signed_in.user.id == user.id) {
        discard(&app.cx, &password).await?;
        return Ok(home(&app));
    }
    let csrf = Csrf::of(&app, &request, &caller);
    let page = OtpSignInPage {
        frame: frame(&app, &request, &caller),
        username: user.username.to_string(),
        csrf: csrf.token,
        action: app.public_url.path(&format!("/session/otp/{password}")),
    };
    Ok(Shell { cookie: csrf.cookie, ..Shell::isolated() }.send(&page))
}

/// Signs in, in place of whoever was.
pub(in crate::http) async fn post_redeem(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    session: Session,
    password: Path<String>,
    fields: Body,
) -> Result<HttpResponse, Problem> {
    check_csrf(&app, &request, &caller, &fields.0)?;
    let address = client_address(&request, &app);
    match redeem(&app.cx, &password, address, origin(&request, &app, &caller)).await {
        Ok(user) => {
            begin_session(&app, &session, &user).await?;
            Ok(home(&app))
        }
        Err(RedeemError::Gone) => Ok(gone(&app, &request, &caller)),
        Err(other) => Err(other.into()),
    }
}

fn gone(app: &App, request: &HttpRequest, caller: &Caller) -> HttpResponse {
    Shell::isolated().send(&OtpGonePage { frame: frame(app, request, caller) })
}

fn home(app: &App) -> HttpResponse {
    HttpResponse::Found().insert_header((LOCATION, app.public_url.path("/"))).finish()
}
