//! What goes around a page: the frame, the headers that only pages have.

use std::sync::Arc;

use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, REFERRER_POLICY, RETRY_AFTER, X_FRAME_OPTIONS};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use askama::Template;

use crate::app::App;
use crate::http::error::Problem;
use crate::http::extract::{Caller, Csrf, RequestId};
use crate::http::views::error::ErrorPage;
use crate::http::views::frame::{Account, Frame};
use crate::http::views::refused::RefusedPage;

/// How a page is sent.
#[derive(Debug)]
pub(super) struct Shell {
    pub(super) status: StatusCode,
    /// Where this page's form may lead besides our own site (`security.md W1`).
    pub(super) form_action: Option<String>,
    /// Whether the page may be cut off from the page that opened it. Not on the way from `/user-api-key/new` to its
    /// answer: applications in a popup need their opener (`security.md W2`).
    pub(super) isolated: bool,
    pub(super) cookie: Option<Cookie<'static>>,
    /// When to come back, whole seconds, of a page that says to wait (`security.md L2`).
    pub(super) retry_after: Option<u64>,
}

impl Default for Shell {
    fn default() -> Self {
        Self { status: StatusCode::OK, form_action: None, isolated: false, cookie: None, retry_after: None }
    }
}

impl Shell {
    pub(super) fn with_status(status: StatusCode) -> Self {
        Self { status, ..Self::default() }
    }

    pub(super) fn isolated() -> Self {
        Self { isolated: true, ..Self::default() }
    }

    /// Renders and sends.
    pub(super) fn send(self, page: &impl Template) -> HttpResponse {
        let html = match page.render() {
            Ok(html) => html,
            Err(error) => {
                tracing::error!(%error, "a page could not be rendered");
                return HttpResponse::InternalServerError().finish();
            }
        };
        let mut response = HttpResponse::build(self.status);
        response.content_type("text/html; charset=utf-8");
        self.headers(&mut response);
        response.body(html)
    }

    fn headers(self, response: &mut actix_web::HttpResponseBuilder) {
        let policy = content_security_policy(self.form_action.as_deref());
        response.insert_header((HeaderName::from_static("content-security-policy"), policy));
        response.insert_header((X_FRAME_OPTIONS, "DENY"));
        response.insert_header((REFERRER_POLICY, "same-origin"));
        if self.isolated {
            response.insert_header((HeaderName::from_static("cross-origin-opener-policy"), "same-origin"));
        }
        if let Some(seconds) = self.retry_after {
            response.insert_header((RETRY_AFTER, seconds));
        }
        if let Some(cookie) = self.cookie {
            response.cookie(cookie);
        }
    }
}

fn content_security_policy(form_action: Option<&str>) -> String {
    let target = form_action.map(|source| format!(" {source}")).unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; \
         form-action 'self'{target}; frame-ancestors 'none'; base-uri 'none'"
    )
}

/// The frame for this caller; the sign-out form's token is in it.
pub(super) fn frame(app: &App, request: &HttpRequest, caller: &Caller) -> Frame {
    let account = caller.signed_in().map(|signed_in| Account {
        username: signed_in.user.username.to_string(),
        csrf: Csrf::of(app, request, caller).token,
    });
    Frame {
        site_title: app.site.title.clone(),
        description: app.site.description.clone(),
        logo_url: app.site.logo_url.clone(),
        base: app.public_url.base_path().to_owned(),
        has_accent: app.site.accent_color.is_some(),
        account,
        words: Arc::clone(&app.words),
    }
}

/// The page for a problem. What an application did wrong is told in full: its author reads it over the user's shoulder.
pub(in crate::http) fn error_page(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    problem: &Problem,
) -> HttpResponse {
    let answer = problem.answer();
    let request_id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let frame = frame(app, request, caller);
    if let Some(reason) = problem.word().filter(|_| is_handshake(request)) {
        let page =
            RefusedPage { frame, application: None, reason: reason.to_owned(), message: answer.sentence.into_owned() };
        return Shell::with_status(answer.status).send(&page);
    }
    let page = ErrorPage { frame, status: answer.status.as_u16(), kind: answer.page, request_id };
    Shell::with_status(answer.status).send(&page)
}

fn is_handshake(request: &HttpRequest) -> bool {
    matches!(request.match_name(), Some("user_api_keys/new" | "user_api_keys/create" | "user_api_keys/otp"))
}
