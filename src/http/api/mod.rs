//! The handlers of JSON for programs.

mod clients;
mod device;
mod index;
mod keys;
mod message_bus;
mod notifications;
mod session;
mod site;
mod verify;

use actix_web::HttpResponse;
use serde_json::{Value, json};

use super::error::JSON;
use crate::app::App;
use crate::model::User;

pub(super) use clients::{get_client, post_client};
pub(super) use device::{check_is_there, post_device, post_poll};
pub(super) use index::{INDEX, get_index, get_internal_index};
pub(super) use keys::{post_revoke, post_undo_revoke};
pub(super) use message_bus::post_poll as post_bus_poll;
pub(super) use notifications::{get_totals, list_as_json, mark, put_read};
pub(super) use session::{delete_session, get_csrf, get_current, get_user, post_session};
pub(super) use site::{get_about, get_basic_info, get_site};
pub(super) use verify::{
    Denial, ProxyRequest, Question, Told, VERIFY, VERIFY_JSON, any_verify, post_introspect, post_verify, write_admitted,
};

/// 200 with this body.
pub(super) fn json_ok(body: &Value) -> HttpResponse {
    HttpResponse::Ok().content_type(JSON).body(body.to_string())
}

/// 200, and no more to say.
pub(super) fn done() -> HttpResponse {
    json_ok(&json!({ "success": "OK" }))
}

/// 503 with this body.
pub(super) fn json_unavailable(body: &Value) -> HttpResponse {
    HttpResponse::ServiceUnavailable().content_type(JSON).body(body.to_string())
}

/// Where a user's picture is: where the site has it, else ours. `{size}` stays for the program to fill in.
pub(super) fn avatar_template(app: &App, user: &User) -> String {
    let own = || app.public_url.path("/static/avatar/{size}.png");
    user.avatar_template.as_ref().map_or_else(own, |template| template.as_str().to_owned())
}
