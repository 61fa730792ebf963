//! Who asks, looked at before anything else of the request is.

use std::future::{Ready, ready};

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use crate::app::App;
use crate::domain::admin::{Admin as Known, NamedUser, Presented, authenticate};
use crate::http::error::Problem;
use crate::http::extract::{RequestId, peer_address};
use crate::model::{AdminScope, Origin};

static API_KEY: HeaderName = HeaderName::from_static("api-key");
static API_USERNAME: HeaderName = HeaderName::from_static("api-username");
static XF_API_KEY: HeaderName = HeaderName::from_static("xf-api-key");
static XF_API_USER: HeaderName = HeaderName::from_static("xf-api-user");

/// Somebody with a key of the admin API.
#[derive(Clone, Debug)]
pub(in crate::http) struct Admin(Known);

impl Admin {
    /// What the log is told of the caller, if their key holds this scope and there is the user for whom they call.
    ///
    /// # Errors
    /// When it does not, or there is none.
    pub(super) fn may(&self, scope: AdminScope) -> Result<Origin, Problem> {
        self.0.check(scope)?;
        Ok(self.0.origin.clone())
    }

    /// Who it is.
    pub(in crate::http) const fn known(&self) -> &Known {
        &self.0
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

/// Who calls, if with a good key.
///
/// # Errors
/// When not.
pub(in crate::http) async fn known(request: &HttpRequest) -> Result<Admin, Problem> {
    let app = request.app_data::<Data<App>>().ok_or_else(|| Problem::internal("no App"))?;
    let headers = request.headers();
    let (name, id) = (one(headers, [&API_USERNAME])?, one(headers, [&XF_API_USER])?);
    let user = match (name, id) {
        (Some(_), Some(_)) => return Err(Problem::two_credentials()),
        (name, id) => name.map(NamedUser::Name).or(id.map(NamedUser::Id)),
    };
    let presented = Presented {
        key: one(headers, [&API_KEY, &XF_API_KEY])?,
        user,
        // Of the connection: nobody stands between who may use a key and this listener.
        address: Some(peer_address(request)),
        // What is nowhere may be named like a secret.
        route: format!("{} {}", request.method(), request.match_pattern().as_deref().unwrap_or("(nowhere)")),
        request_id: request.extensions().get::<RequestId>().map(|id| id.0.clone()),
    };
    Ok(Admin(authenticate(&app.cx, presented).await?))
}

/// The one value that one of these headers has (`security.md K5`).
fn one<'a, const N: usize>(headers: &'a HeaderMap, names: [&HeaderName; N]) -> Result<Option<&'a str>, Problem> {
    let mut values = names.into_iter().flat_map(|name| headers.get_all(name));
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
