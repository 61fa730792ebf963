//! Who asks, looked at before anything else of the request is.

use std::future::{Ready, ready};

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use crate::app::App;
use crate::domain::admin::{Admin as Known, Presented, authenticate};
use crate::http::error::Problem;
use crate::http::extract::{RequestId, peer_address};
use crate::model::{AdminScope, Origin};

static API_KEY: HeaderName = HeaderName::from_static("api-key");
static API_USERNAME: HeaderName = HeaderName::from_static("api-username");

/// Somebody with a key of the admin API.
#[derive(Clone, Debug)]
pub(super) struct Admin {
    known: Known,
    origin: Origin,
}

impl Admin {
    /// What the log is told of the caller, if their key holds this scope.
    ///
    /// # Errors
    /// When it does not.
    pub(super) fn may(&self, scope: AdminScope) -> Result<Origin, Problem> {
        self.known.check(scope)?;
        Ok(self.origin.clone())
    }
}

/// Lets nobody through without a good key, known path or not.
pub(super) async fn check_admin<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    match known(request.request()).await {
        Ok(admin) => {
            request.extensions_mut().insert(admin);
            Ok(next.call(request).await?.map_into_left_body())
        }
        Err(problem) => Ok(request.error_response(problem).map_into_right_body()),
    }
}

async fn known(request: &HttpRequest) -> Result<Admin, Problem> {
    let app = request.app_data::<Data<App>>().ok_or_else(|| Problem::internal("no App"))?;
    let headers = request.headers();
    // Of the connection: nobody stands between who may use a key and this listener.
    let address = peer_address(request);
    let presented = Presented { key: one(headers, &API_KEY)?, username: one(headers, &API_USERNAME)?, address };
    let known = authenticate(&app.cx, presented).await?;
    let origin = Origin {
        actor: known.user.as_ref().map(|user| user.id),
        admin_key: Some(known.key.id),
        address: Some(address),
        request_id: request.extensions().get::<RequestId>().map(|id| id.0.clone()),
    };
    Ok(Admin { known, origin })
}

/// The one value of a header (`security.md K5`).
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name);
    let first = values.next().map(|value| value.to_str().map_err(|_no_text| Problem::KeyRefused)).transpose()?;
    if values.next().is_some() { Err(Problem::two_credentials()) } else { Ok(first) }
}

impl FromRequest for Admin {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(request.extensions().get::<Self>().cloned().ok_or(Problem::AdminKeyNeeded))
    }
}
