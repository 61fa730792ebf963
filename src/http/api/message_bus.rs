//! `/message-bus/{client_id}/poll`: long polling, as one JSON answer or as chunks of it.
//!
//! A poll changes nothing, so it needs no token against forgery. Only the caller's own channels are served.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll as Ready, ready};

use actix_web::body::{BodySize, MessageBody};
use actix_web::http::Version;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::json_ok;
use crate::app::App;
use crate::domain::bus::{self, By, Poll, PollRequest, Poller, Said};
use crate::http::bounded::Gone;
use crate::http::error::Problem;
use crate::http::extract::{Body, Caller};
use crate::model::{BusClientId, UserId};

/// What stands behind each chunk. JSON has no line break inside.
const BEHIND: &str = "\r\n|\r\n";

/// Waits for messages, and gives them.
pub(in crate::http) async fn post_poll(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    client: Path<String>,
    fields: Body,
) -> Result<HttpResponse, Problem> {
    let user = caller.known()?.id;
    let by = match &caller {
        Caller::Anonymous => return Err(Problem::NotLoggedIn),
        Caller::User(signed_in) => By::Session(signed_in.session),
        Caller::Key(verified) => By::Key(verified.known.key.id),
    };
    let client = BusClientId::parse(&client).map_err(|error| Problem::wrong("client_id", &error))?;
    let asked = PollRequest::parse(user, &fields.0)?;
    let path = request.path().strip_prefix(app.public_url.base_path()).unwrap_or_default().to_owned();
    // Nobody needs these while the poll waits.
    drop((caller, fields));
    let (mut poll, mut said) = bus::begin(&app.cx, Poller { user, by, client, path }, asked).await?;
    let gone = request.conn_data::<Gone>().cloned().unwrap_or_default();
    if !poll.is_over() && takes_chunks(&request) {
        return Ok(in_chunks(Waiting { app, user, poll, gone }, said));
    }
    if said.is_nothing() {
        said = next(&app, &mut poll, &gone).await?;
    }
    Ok(json_ok(&as_json(user, said)))
}

/// What is said next; nothing where the client has gone.
async fn next(app: &App, poll: &mut Poll, gone: &Gone) -> Result<Said, Problem> {
    tokio::select! {
        said = poll.next(&app.cx) => Ok(said?),
        () = gone.gone() => Ok(Said::default()),
    }
}

fn takes_chunks(request: &HttpRequest) -> bool {
    request.version() >= Version::HTTP_11 && !request.headers().contains_key("dont-chunk")
}

fn as_json(user: UserId, said: Said) -> Value {
    let message = |global_id: i64, message_id: i64, channel: String, data: Value| json!({ "global_id": global_id, "message_id": message_id, "channel": channel, "data": data });
    let status = (!said.status.is_empty()).then(|| message(-1, -1, "/__status".to_owned(), said.status.into()));
    let messages = said.messages.into_iter();
    messages.map(|one| message(one.global_id, one.message_id, one.channel.path(user), one.data)).chain(status).collect()
}

fn chunk(user: UserId, said: Said) -> Bytes {
    format!("{}{BEHIND}", as_json(user, said)).into()
}

/// The first chunk goes out at once, though nothing is in it: a client that gets none takes it that somebody on the way holds
/// chunks back.
fn in_chunks(waiting: Waiting, said: Said) -> HttpResponse {
    let first = chunk(waiting.user, said);
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        // nginx would.
        .insert_header(("x-accel-buffering", "no"))
        .body(Chunks { next: Some(Box::pin(async move { Some((first, waiting)) })) })
}

/// A poll whose head is answered.
struct Waiting {
    app: Data<App>,
    user: UserId,
    poll: Poll,
    gone: Gone,
}

impl Waiting {
    /// The next chunk; none where the poll is over.
    async fn on(mut self) -> Option<(Bytes, Self)> {
        let said = next(&self.app, &mut self.poll, &self.gone).await;
        let said = said.inspect_err(|error| tracing::warn!(%error, "a poll of the message bus ended")).ok()?;
        (!said.is_nothing()).then(|| (chunk(self.user, said), self))
    }
}

type Next = Pin<Box<dyn Future<Output = Option<(Bytes, Waiting)>>>>;

/// A body that grows while its poll waits.
struct Chunks {
    next: Option<Next>,
}

impl MessageBody for Chunks {
    type Error = std::convert::Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Ready<Option<Result<Bytes, Self::Error>>> {
        let Some(next) = &mut self.next else { return Ready::Ready(None) };
        let next = ready!(next.as_mut().poll(cx));
        let (chunk, waiting) = next.unzip();
        self.next = waiting.map(|waiting| -> Next { Box::pin(waiting.on()) });
        Ready::Ready(chunk.map(Ok))
    }
}
