//! Every route of the public listener, on one page. The name of a resource goes out as `X-Discourse-Route` (`C-022`).

use actix_web::guard::{self, Guard};
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Resource, Route};

use super::error::Problem;
use super::middleware::offer_sign_in;
use super::{api, pages};

/// What a proxy sends to this service when a site shares its host name and `public_url` has no path of its own. A slash
/// at the end takes in everything below. `/`, `/favicon.ico`, `/about`, `/site` and `/api/` stay with the site; a test holds the
/// rest against the routes.
pub const BESIDE_A_SITE: &[&str] = &[
    "/user-api-key",
    "/user-api-key.json",
    "/user-api-key/",
    "/user-api-key-client",
    "/user-api-key-client.json",
    "/session",
    "/session.json",
    "/session/",
    "/login",
    "/logout",
    "/setup/",
    "/welcome",
    "/u/",
    "/message-bus/",
    "/notifications",
    "/notifications.json",
    "/notifications/",
    "/site.json",
    "/site/basic-info",
    "/site/basic-info.json",
    "/about.json",
    "/static/",
];

/// The one route on which a session is not used, though it counts.
pub(super) const POLL: &str = "message_bus/poll";

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        // The handshake.
        .service(
            both("/user-api-key/new", "user_api_keys/new")
                .route(web::head().to(pages::head_authorize))
                .route(web::get().to(pages::get_authorize)),
        )
        .service(both("/user-api-key", "user_api_keys/create").route(web::post().to(pages::post_authorize)))
        .service(one("/user-api-key/declined", "user_api_keys/declined").route(get().to(pages::get_declined)))
        .service(both("/user-api-key/revoke", "user_api_keys/revoke").route(web::post().to(api::post_revoke)))
        .service(
            both("/user-api-key/undo-revoke", "user_api_keys/undo_revoke").route(web::post().to(api::post_undo_revoke)),
        )
        // One-time passwords.
        .service(
            both("/user-api-key/otp", "user_api_keys/otp")
                .route(web::get().to(pages::get_otp))
                .route(web::post().to(pages::post_otp)),
        )
        .service(
            one("/session/otp/{password:[0-9A-Fa-f]+}", "session/one_time_password")
                .route(web::get().to(pages::get_redeem))
                .route(web::post().to(pages::post_redeem)),
        )
        // Registered applications.
        .service(
            both("/user-api-key-client", "user_api_key_clients")
                .route(get().to(api::get_client))
                .route(web::post().to(api::post_client)),
        )
        // The same by device code.
        .service(both("/user-api-key/device", "user_api_keys/device").route(web::post().to(api::post_device)))
        .service(both("/user-api-key/device/poll", "user_api_keys/device_poll").route(web::post().to(api::post_poll)))
        .service(
            both("/user-api-key/activate", "user_api_keys/activate")
                .route(get().to(pages::get_activate))
                .route(web::post().to(pages::post_activate)),
        )
        .service(
            both("/user-api-key/device/authorize", "user_api_keys/device_authorize")
                .route(web::post().to(pages::post_device_authorize)),
        )
        .service(
            both("/user-api-key/device/deny", "user_api_keys/device_deny")
                .route(web::post().to(pages::post_device_deny)),
        )
        // Signing in and out.
        .service(
            one("/login", "session/new")
                .route(get().to(pages::get_login))
                .route(web::post().to(pages::post_login))
                .wrap(from_fn(offer_sign_in)),
        )
        .service(one("/logout", "session/destroy").route(web::post().to(pages::post_logout)))
        .service(both("/session", "session/create").route(web::post().to(api::post_session)))
        .service(both("/session/csrf", "session/csrf").route(get().to(api::get_csrf)))
        .service(both("/session/current", "session/current").route(get().to(api::get_current)))
        .service(both("/session/{username}", "session/destroy").route(web::delete().to(api::delete_session)))
        .service(
            one("/setup/{token}", "setup").route(get().to(pages::get_setup)).route(web::post().to(pages::post_setup)),
        )
        .service(one("/welcome", "welcome").route(get().to(pages::get_welcome)).wrap(from_fn(offer_sign_in)))
        // The user's applications.
        .service(
            both("/u/{username}/preferences/apps", "preferences/apps")
                .route(get().to(pages::get_apps))
                .wrap(from_fn(offer_sign_in)),
        )
        .service(
            one("/u/{username}/preferences/apps/end-unused", "preferences/apps/end_unused")
                .route(web::post().to(pages::post_end_unused)),
        )
        .service(
            one("/u/{username}/preferences/apps/{id}/end", "preferences/apps/end")
                .route(web::post().to(pages::post_end)),
        )
        .service(
            one("/u/{username}/preferences/apps/{id}/undo", "preferences/apps/undo")
                .route(web::post().to(pages::post_undo)),
        )
        .service(one("/u/{username}.json", "users/show").route(get().to(api::get_user)))
        // What is new, at once.
        .service(both("/message-bus/{client_id}/poll", POLL).route(web::post().to(api::post_bus_poll)))
        // What the user was told.
        .service(
            both("/notifications", "notifications/index")
                .route(get().to(pages::get_notifications))
                .wrap(from_fn(offer_sign_in)),
        )
        .service(both("/notifications/totals", "notifications/totals").route(get().to(api::get_totals)))
        .service(
            both("/notifications/read", "notifications/mark_read")
                .route(web::put().to(api::put_read))
                .route(web::post().to(pages::post_read)),
        )
        .service(both("/notifications/mark-read", "notifications/mark_read").route(web::put().to(api::put_read)))
        // The site.
        .service(both("/site/basic-info", "site/basic_info").route(get().to(api::get_basic_info)))
        .service(both("/site", "site/index").route(get().to(api::get_site)))
        .service(both("/about", "about/index").route(get().to(api::get_about)))
        .service(one("/api/", "api/index").route(get().to(api::get_index)))
        .service(one("/static/accent.css", "static").route(get().to(pages::get_accent)))
        .service(one("/static/avatar/{size}.png", "static").route(get().to(pages::get_avatar)))
        .service(one("/static/{file}", "static").route(get().to(pages::get_static)))
        .service(one("/favicon.ico", "static").route(get().to(pages::get_favicon)))
        .service(one("", "home").route(get().to(pages::get_home)).wrap(from_fn(offer_sign_in)))
        .service(one("/", "home").route(get().to(pages::get_home)).wrap(from_fn(offer_sign_in)));
}

/// The path, and the path with `.json` (section 1.1 of the protocol).
fn both(path: &str, name: &str) -> Resource {
    named(web::resource([path.to_owned(), format!("{path}.json")]), name)
}

fn one(path: &str, name: &str) -> Resource {
    named(web::resource(path), name)
}

/// A method that a path has not is as unknown as the path (`C-011`); actix would say 405.
fn named(resource: Resource, name: &str) -> Resource {
    resource.name(name).default_service(web::to(not_found))
}

/// GET, and HEAD, which actix does not take for one.
pub(super) fn get() -> Route {
    web::route().guard(guard::fn_guard(|cx| guard::Get().check(cx) || guard::Head().check(cx)))
}

/// What is nowhere.
pub(super) async fn not_found(_: super::extract::Caller) -> Result<HttpResponse, Problem> {
    Err(Problem::NotFound)
}
