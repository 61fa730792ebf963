//! What stands before the framework on the internal listener: `/verify` is answered straight off the socket, everything
//! else is the framework's.
//!
//! Every request of every key comes this way, and what a framework does for it costs several times the verdict itself
//! (`docs/design/0006-the-hot-path.md`). `head` takes a request only if it is whole, plain and without a body; the first that
//! is not, and all that follow on its connection, go to the framework, which `handover` gives what was read already. Start
//! with `converse`.

mod handover;
mod head;
mod patience;
mod write;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use actix_http::Protocol;
use actix_server::GracefulShutdownSignal;
use actix_service::{IntoServiceFactory, Service, ServiceFactory, fn_factory, fn_service, map_config};
use actix_web::App as ActixApp;
use actix_web::dev::AppConfig;
use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::api::{Question, write_admitted};
use super::bounded::Bounded;
use super::extract::address_of;
use super::internal;
use super::last::{self, end_after_last};
use super::middleware::{count_request, tell_errors};
use crate::app::App;
use handover::Handover;
use head::{Begins, Head};
use patience::Patience;
use write::Writer;

/// What one reading takes at most; heads are seldom a tenth of it.
const ROOM: usize = 8192;

/// The longest head; the framework refuses longer ones.
const LONGEST: usize = 65_536;

/// How long it may take to read an answer.
const SLOWEST: Duration = Duration::from_secs(5);

/// Makes, for each worker, what answers the connections of the internal listener, until `end`.
pub(super) fn front(
    app: Data<App>,
    end: GracefulShutdownSignal,
) -> impl ServiceFactory<TcpStream, Config = (), Response = (), Error = (), InitError = ()> {
    fn_factory(move || {
        let (app, end) = (app.clone(), end.clone());
        let framework = framework(&app, &end);
        async move {
            let framework = Rc::new(framework.new_service(()).await?);
            Ok(fn_service(move |stream| serve(stream, app.clone(), end.clone(), Rc::clone(&framework))))
        }
    })
}

type Handed = (Bounded<Handover>, Protocol, Option<SocketAddr>);

fn framework(
    app: &Data<App>,
    end: &GracefulShutdownSignal,
) -> impl ServiceFactory<Handed, Config = (), Response = (), InitError = ()> + use<> {
    let routes = ActixApp::new()
        .app_data(app.clone())
        .configure(internal::routes)
        .wrap(from_fn(tell_errors))
        .wrap(from_fn(count_request))
        .wrap(from_fn(end_after_last))
        .into_factory();
    last::service(end, |_stream, _data| {}).finish(map_config(routes, |()| AppConfig::default()))
}

async fn serve<S>(stream: TcpStream, app: Data<App>, end: GracefulShutdownSignal, framework: Rc<S>) -> Result<(), ()>
where
    S: Service<Handed, Response = ()>,
{
    let peer = stream.peer_addr().ok();
    // A connection that breaks is the proxy's to notice; there is nobody left to tell.
    let Ok(Some(handed)) = converse(stream, address_of(peer), &app, &end).await else { return Ok(()) };
    framework.call((Bounded::new(handed), Protocol::Http1, peer)).await.map_err(|_broken| ())
}

/// Answers questions for as long as there are no others. What is left goes to the framework.
async fn converse(
    mut stream: TcpStream,
    peer: IpAddr,
    app: &App,
    end: &GracefulShutdownSignal,
) -> io::Result<Option<Handover>> {
    stream.set_nodelay(true)?;
    let (mut end, mut patience) = (pin!(end.notified()), Patience::with(app.callers.is_peer(peer)));
    let (mut read, mut writer) = (Vec::with_capacity(ROOM), Writer::default());
    loop {
        let more = tokio::select! {
            biased;
            more = stream.read_buf(&mut read) => more?,
            () = &mut end => 0,
            () = patience.is_over() => 0,
        };
        if more == 0 {
            return Ok(None);
        }
        let (answered, rest) = answer(&read, peer, app, &mut writer).await;
        tokio::select! {
            biased;
            sent = send(&mut stream, writer.written()) => sent?,
            () = &mut end => return Ok(None),
        }
        writer.clear();
        patience.after(answered > 0, rest);
        match rest {
            Rest::Nothing => room_again(&mut read),
            Rest::Part if read.len() - answered < LONGEST => drop(read.drain(..answered)),
            Rest::Fragment => return Ok(None),
            Rest::Part | Rest::Other => return Ok(Some(Handover::new(read, answered, stream))),
        }
    }
}

/// What follows the questions that were answered.
#[derive(Clone, Copy)]
enum Rest {
    Nothing,
    /// A head that is not all there.
    Part,
    /// What nobody may send.
    Fragment,
    /// What the framework is for.
    Other,
}

/// Answers the questions at the beginning of what was read; says how much of it they are, and what follows.
async fn answer(read: &[u8], peer: IpAddr, app: &App, writer: &mut Writer) -> (usize, Rest) {
    let mut answered = 0;
    while let Some(bytes) = read.get(answered..).filter(|bytes| !bytes.is_empty()) {
        let mut room = head::room();
        let (head, length) = match Head::parse(bytes, &mut room) {
            Begins::Plain(head, length) => (head, length),
            Begins::Part => return (answered, Rest::Part),
            Begins::Other => return (answered, Rest::Other),
            Begins::Fragment => {
                writer.break_off();
                return (answered, Rest::Fragment);
            }
        };
        let Some(question) = Question::of(head.path()) else { return (answered, Rest::Other) };
        let begun = app.cx.now();
        let said = question.answer(&head.request(peer), app).await;
        let (now, code) = (app.cx.now(), said.as_ref().map_or_else(|refusal| refusal.status, |_| StatusCode::OK));
        app.cx.metrics.answered_verify(code.as_u16(), now.since(begun));
        match said {
            Ok(admitted) => writer.allow(|bytes| write_admitted(&admitted, app, bytes), now),
            Err(refusal) => writer.refuse(&refusal, now, head.is_without_body()),
        }
        answered += length;
    }
    (answered, Rest::Nothing)
}

/// Sends it all, nearly always at once; who reads it too slowly is let go.
async fn send(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    let sent = match stream.try_write(bytes) {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
        sent => sent?,
    };
    let rest = bytes.get(sent..).unwrap_or_default();
    if rest.is_empty() {
        return Ok(());
    }
    timeout(SLOWEST, stream.write_all(rest)).await?
}

/// Room for the next reading, and no more than that is kept (`security.md L6`).
fn room_again(read: &mut Vec<u8>) {
    read.clear();
    read.shrink_to(ROOM);
}
