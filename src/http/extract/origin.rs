//! Where a request came from, for the log of what was done to whom.

use actix_web::{HttpMessage, HttpRequest};

use super::{Caller, client_address};
use crate::app::App;
use crate::model::Origin;

/// The id of a request: in the log, on error pages and in `X-Request-Id`.
#[derive(Clone, Debug)]
pub(in crate::http) struct RequestId(pub(in crate::http) String);

/// Who, from where, in which request.
pub(in crate::http) fn origin(request: &HttpRequest, app: &App, caller: &Caller) -> Origin {
    Origin {
        actor: caller.user().map(|user| user.id),
        admin_key: None,
        address: Some(client_address(request, app)),
        request_id: request.extensions().get::<RequestId>().map(|id| id.0.clone()),
        route: None,
    }
}
