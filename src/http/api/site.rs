//! What programs ask a site about itself before anything else: shapes of `clients.md` section 1.

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::json;

use super::json_ok;
use crate::app::App;

/// Name, icons and colours; icons as absolute addresses, because programs fetch them from elsewhere.
pub(in crate::http) async fn get_basic_info(app: Data<App>) -> HttpResponse {
    let icon = app.public_url.join("/static/apple-touch-icon.png");
    let logo = app.site.logo_url.as_ref().map_or_else(
        || icon.clone(),
        |logo| if logo.starts_with('/') { format!("{}{logo}", app.public_url.origin()) } else { logo.clone() },
    );
    json_ok(&json!({
        "title": app.site.title,
        "description": app.site.description,
        "apple_touch_icon_url": icon,
        "logo_url": logo,
        "logo_small_url": icon,
        "favicon_url": app.public_url.join("/favicon.ico"),
        "header_primary_color": "333333",
        "header_background_color": "FFFFFF",
        "login_required": false,
        "locale": "en",
    }))
}

/// About the site.
pub(in crate::http) async fn get_about(app: Data<App>) -> HttpResponse {
    json_ok(&json!({
        "about": {
            "title": app.site.title,
            "description": app.site.description,
            "version": env!("CARGO_PKG_VERSION"),
            "https": app.public_url.is_https(),
            "locale": "en",
            "stats": {},
        }
    }))
}

/// The categories of a forum, of which there are none here.
pub(in crate::http) async fn get_site() -> HttpResponse {
    json_ok(&json!({ "categories": [] }))
}
