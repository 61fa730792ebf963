//! The last request of a connection: the one that says `Connection: close`. What comes behind it is no request any more
//! (RFC 9112, 9.6), but the framework would answer it.
//!
//! It ends a connection after the request in hand, and drops those that wait, where it is told that the service ends. So it is
//! told the same of a single connection: `service` gives each connection a mark and listens to it, `end_after_last` sets it.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use actix_http::{Extensions, HttpServiceBuilder, Request};
use actix_server::GracefulShutdownSignal;
use actix_service::{Service, ServiceFactory};
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::ConnectionType;
use actix_web::middleware::Next;
use tokio::sync::Notify;

/// How long a connection may stay idle. Longer than proxies keep theirs (nginx: 60 s), so that it is the proxy that ends
/// one, and no request meets a connection that was just closed.
pub(super) const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// How long the other side may take to close as well, after an answer to a request that was not read to its end.
const CLOSING: Duration = Duration::from_secs(1);

/// Of one connection.
#[derive(Debug, Default)]
struct Last {
    /// Its last request is there.
    come: Notify,
    /// The framework knows.
    heard: Notify,
}

/// Begins what reads and answers requests of connections, until `end`. What else a request is to know of its connection, `more`
/// adds.
pub(super) fn service<T, S>(
    end: &GracefulShutdownSignal,
    more: impl Fn(&T, &mut Extensions) + 'static,
) -> HttpServiceBuilder<T, S>
where
    S: ServiceFactory<Request, Config = (), Error = actix_web::Error, InitError = ()>,
    <S::Service as Service<Request>>::Future: 'static,
{
    // The framework calls the one below and then the other, for one connection at a time.
    let (newest, end) = (Rc::<RefCell<Rc<Last>>>::default(), end.clone());
    let opened = Rc::clone(&newest);
    HttpServiceBuilder::default()
        .keep_alive(KEEP_ALIVE)
        .client_disconnect_timeout(CLOSING)
        .on_connect_ext(move |stream, data| {
            more(stream, data);
            let last = Rc::new(Last::default());
            data.insert(Rc::clone(&last));
            newest.replace(last);
        })
        .graceful_shutdown_signal(move || {
            let (end, last) = (end.clone(), Rc::clone(&opened.borrow()));
            async move {
                tokio::select! {
                    () = end.notified() => {}
                    () = last.come.notified() => {}
                }
                last.heard.notify_one();
            }
        })
}

/// Makes the request that says so the last of its connection.
pub(super) async fn end_after_last(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let is_last = request.head().connection_type() == ConnectionType::Close;
    if is_last && let Some(last) = request.conn_data::<Rc<Last>>() {
        last.come.notify_one();
        // Otherwise the framework would take up the request behind this one first.
        last.heard.notified().await;
    }
    next.call(request).await
}
