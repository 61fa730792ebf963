//! A site that says what a test tells it to, also what no good site says.

use std::collections::VecDeque;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use actix_web::rt::System;
use actix_web::web::Data;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::{Value, json};

/// One answer to a question for the totals.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Reply {
    /// With this status and JSON.
    pub(crate) fn new(status: u16, body: &Value) -> Self {
        Self { status, headers: Vec::new(), body: body.to_string() }
    }

    /// So much is unread.
    pub(crate) fn unread(count: u32) -> Self {
        Self::new(200, &json!({ "unread_notifications": count, "unread_personal_messages": 0, "username": "ada" }))
    }

    /// The refusal of a key that has ended.
    pub(crate) fn ended() -> Self {
        Self::new(403, &json!({ "errors": ["You are not permitted."], "error_type": "invalid_access" }))
    }

    /// With this header.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// With this body as it stands.
    pub(crate) fn text(mut self, body: &str) -> Self {
        body.clone_into(&mut self.body);
        self
    }

    fn response(&self) -> HttpResponse {
        let mut builder = HttpResponse::build(self.status.try_into().unwrap());
        for (name, value) in &self.headers {
            builder.insert_header((*name, value.as_str()));
        }
        builder.content_type("application/json").body(self.body.clone())
    }
}

/// One request that came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) what: String,
    pub(crate) key: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) at: Instant,
}

struct State {
    replies: Mutex<VecDeque<Reply>>,
    session: Value,
    asked: Mutex<Vec<Asked>>,
}

/// A running stand-in. It ends with the process.
pub(crate) struct StandIn {
    /// Its address, without a slash at the end.
    pub(crate) base: String,
    state: Data<State>,
}

impl StandIn {
    /// Gives these answers to questions for the totals, in turn, and the last of them from then on.
    pub(crate) fn start(replies: &[Reply]) -> Self {
        Self::with_session(replies, json!({ "username": "ada", "unread_high_priority_notifications": 1 }))
    }

    /// The same, with this as the current user.
    pub(crate) fn with_session(replies: &[Reply], session: Value) -> Self {
        let replies = Mutex::new(replies.iter().cloned().collect());
        let state = Data::from(Arc::new(State { replies, session, asked: Mutex::default() }));
        let held = state.clone();
        let new = move || App::new().app_data(held.clone()).default_service(web::to(answer));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let serve = async || HttpServer::new(new).workers(1).disable_signals().listen(listener).unwrap().run().await;
        std::thread::spawn(move || System::new().block_on(serve()));
        Self { base, state }
    }

    /// What was asked so far, `GET /path` each.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.state.asked.lock().unwrap().clone()
    }

    /// When the totals were asked for.
    pub(crate) fn looks(&self) -> Vec<Instant> {
        let asked = self.asked().into_iter().filter(|asked| asked.what.ends_with("/notifications/totals.json"));
        asked.map(|asked| asked.at).collect()
    }
}

/// Lies at `/` and below `/hall` alike.
async fn answer(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let header = |name| Some(request.headers().get(name)?.to_str().unwrap().to_owned());
    state.asked.lock().unwrap().push(Asked {
        what: format!("{} {}", request.method(), request.path()),
        key: header("User-Api-Key"),
        client_id: header("User-Api-Client-Id"),
        at: Instant::now(),
    });
    match request.path().trim_start_matches("/hall") {
        "/notifications/totals.json" => next(&state).response(),
        "/session/current.json" => HttpResponse::Ok().json(json!({ "current_user": state.session })),
        "/site/basic-info.json" => HttpResponse::Ok().json(json!({ "title": "Books \u{1b}[2J& more" })),
        "/user-api-key/revoke.json" => HttpResponse::Ok().json(json!({ "success": "OK" })),
        _ => HttpResponse::NotFound().finish(),
    }
}

fn next(state: &State) -> Reply {
    let mut replies = state.replies.lock().unwrap();
    if replies.len() > 1 { replies.pop_front().unwrap() } else { replies[0].clone() }
}
