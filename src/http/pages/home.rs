//! The first page, and the page after a refusal.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::shell::{Shell, frame};
use crate::app::App;
use crate::domain::accounts;
use crate::http::error::Problem;
use crate::http::extract::Caller;
use crate::http::views::declined::DeclinedPage;
use crate::http::views::home::HomePage;

/// What this place is.
pub(in crate::http) async fn get_home(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    let needs_setup = accounts::needs_set_up(&app.cx).await?;
    Ok(Shell::isolated().send(&HomePage { frame: frame(&app, &request, &caller), needs_setup }))
}

/// The user said no: nothing was shared, and nobody is sent anywhere (`security.md C11`). The application is not named:
/// the address is open to everybody, and could put any name on our page.
pub(in crate::http) async fn get_declined(app: Data<App>, request: HttpRequest, caller: Caller) -> HttpResponse {
    Shell::default().send(&DeclinedPage { frame: frame(&app, &request, &caller), application: None })
}
