//! Style sheet, script and icons: few, small, compiled in.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, ContentType};
use actix_web::web::{Data, Path};

use crate::app::App;
use crate::http::error::Problem;

const HOUR: (actix_web::http::header::HeaderName, &str) = (CACHE_CONTROL, "public, max-age=3600");
const ICON: &[u8] = include_bytes!("../../../static/apple-touch-icon.png");
const FAVICON: &[u8] = include_bytes!("../../../static/favicon.ico");

fn file(name: &str) -> Option<(&'static str, &'static [u8])> {
    Some(match name {
        "hallpass.css" => ("text/css; charset=utf-8", include_bytes!("../../../static/hallpass.css")),
        "hallpass.js" => ("text/javascript; charset=utf-8", include_bytes!("../../../static/hallpass.js")),
        "icon.svg" => ("image/svg+xml", include_bytes!("../../../static/icon.svg")),
        "apple-touch-icon.png" => ("image/png", ICON),
        "favicon.ico" => ("image/x-icon", FAVICON),
        _ => return None,
    })
}

/// A file of `static/`.
pub(in crate::http) async fn get_static(name: Path<String>) -> Result<HttpResponse, Problem> {
    let (kind, bytes) = file(&name).ok_or(Problem::NotFound)?;
    Ok(HttpResponse::Ok().insert_header(HOUR).content_type(kind).body(bytes))
}

/// The operator's colour, for the style sheet to take up.
pub(in crate::http) async fn get_accent(app: Data<App>) -> Result<HttpResponse, Problem> {
    let color = app.site.accent_color.as_ref().ok_or(Problem::NotFound)?;
    let css = format!(":root {{ --accent: {}; }}\n", color.as_str());
    Ok(HttpResponse::Ok().insert_header(HOUR).content_type("text/css; charset=utf-8").body(css))
}

/// Browsers ask for it wherever they are (`clients.md` 3.4).
pub(in crate::http) async fn get_favicon() -> HttpResponse {
    HttpResponse::Ok().insert_header(HOUR).content_type("image/x-icon").body(FAVICON)
}

/// What `avatar_template` leads to: one picture for everybody, in one size.
pub(in crate::http) async fn get_avatar() -> HttpResponse {
    HttpResponse::Ok().insert_header(HOUR).content_type(ContentType::png()).body(ICON)
}
