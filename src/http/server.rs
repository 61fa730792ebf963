//! Binds the two listeners and runs them.

use std::io;
use std::net::{SocketAddr, TcpListener};

use actix_http::Protocol;
use actix_server::{Server, ServerBuilder, ServerHandle};
use actix_service::{IntoServiceFactory as _, ServiceFactoryExt as _, fn_service, map_config};
use actix_session::SessionMiddleware;
use actix_session::config::PersistentSession;
use actix_session::config::{CookieContentSecurity, TtlExtensionPolicy};
use actix_web::App as ActixApp;
use actix_web::cookie::{Key, SameSite, time};
use actix_web::dev::AppConfig;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, PayloadConfig};

use socket2::{SockRef, TcpKeepalive};

use tokio::net::TcpStream;

use super::bounded::Bounded;
use super::descriptors::{internal_connections_per_worker, public_connections_per_worker};
use super::front::front;
use super::last::{self, KEEP_ALIVE, end_after_last};
use super::middleware::{add_headers, allow_origins, check_key, count_request, log_request, shape_errors};
use super::routes;
use super::session_store::Tokens;
use crate::app::App;

/// How long requests in flight may take to finish when the service ends, seconds.
const FINISH: u64 = 15;

/// The two listeners, bound but not yet running.
#[derive(Debug)]
pub struct Bound {
    /// Where browsers and programs come.
    pub public: SocketAddr,
    /// Where the proxy and the operator come.
    pub internal: SocketAddr,
    public_listener: TcpListener,
    internal_listener: TcpListener,
}

/// Takes the ports; 0 takes any.
///
/// # Errors
/// When one of them is taken.
pub fn bind(public: SocketAddr, internal: SocketAddr) -> io::Result<Bound> {
    let named = |at: SocketAddr| {
        TcpListener::bind(at).map_err(|error| io::Error::new(error.kind(), format!("cannot listen on {at}: {error}")))
    };
    let (public_listener, internal_listener) = (named(public)?, named(internal)?);
    Ok(Bound {
        public: public_listener.local_addr()?,
        internal: internal_listener.local_addr()?,
        public_listener,
        internal_listener,
    })
}

impl Bound {
    /// Starts both; they end when their handles say so.
    ///
    /// # Errors
    /// When a listener cannot be used.
    pub fn start(self, app: &Data<App>) -> io::Result<(Server, Server, [ServerHandle; 2])> {
        let public = public(self.public_listener, app)?;
        let internal = internal_server(self.internal_listener, app)?;
        let handles = [public.handle(), internal.handle()];
        Ok((public, internal, handles))
    }
}

fn public(listener: TcpListener, app: &Data<App>) -> io::Result<Server> {
    let (app, builder) = (app.clone(), builder(public_connections_per_worker()));
    let end = builder.graceful_shutdown_signal();
    let factory = move || {
        let site = ActixApp::new()
            .app_data(app.clone())
            .app_data(PayloadConfig::new(app.body_limit))
            .service(
                web::scope(app.public_url.base_path())
                    .configure(routes::routes)
                    .default_service(web::to(routes::not_found)),
            )
            .default_service(web::to(routes::not_found))
            .wrap(from_fn(check_key))
            .wrap(sessions(&app))
            .wrap(from_fn(shape_errors))
            .wrap(from_fn(allow_origins))
            .wrap(from_fn(add_headers))
            .wrap(from_fn(log_request))
            .wrap(from_fn(count_request))
            .wrap(from_fn(end_after_last))
            .into_factory();
        let site = last::service(&end, |stream: &Bounded<TcpStream>, data| drop(data.insert(stream.gone())))
            .finish(map_config(site, |()| AppConfig::default()));
        fn_service(|stream: TcpStream| async {
            stream.set_nodelay(true)?;
            let peer = stream.peer_addr().ok();
            Ok((Bounded::new(stream), Protocol::Http1, peer))
        })
        .and_then(site)
    };
    Ok(builder.listen("public", listener, factory)?.run())
}

fn internal_server(listener: TcpListener, app: &Data<App>) -> io::Result<Server> {
    let (app, builder) = (app.clone(), builder(internal_connections_per_worker()));
    keep_alive_by_kernel(&listener)?;
    let end = builder.graceful_shutdown_signal();
    Ok(builder.listen("internal", listener, move || front(app.clone(), end.clone()))?.run())
}

fn builder(connections_per_worker: usize) -> ServerBuilder {
    let builder = Server::build().max_concurrent_connections(connections_per_worker);
    builder.disable_signals().shutdown_timeout(FINISH)
}

/// Has the kernel look after idle connections, which stay until the proxy ends them: no request meets one that was just
/// closed, and no request pays for a timer. Connections take this over from their listener.
fn keep_alive_by_kernel(listener: &TcpListener) -> io::Result<()> {
    SockRef::from(listener).set_tcp_keepalive(&TcpKeepalive::new().with_time(KEEP_ALIVE))
}

/// The session cookie (`security.md W4`). How long a session lives is decided by its row; the cookie may stay longer.
fn sessions(app: &Data<App>) -> SessionMiddleware<Tokens> {
    let days = i64::try_from(app.cx.session_life.absolute.as_secs()).unwrap_or(i64::MAX);
    let life = PersistentSession::default()
        .session_ttl(time::Duration::seconds(days))
        .session_ttl_extension_policy(TtlExtensionPolicy::OnStateChanges);
    SessionMiddleware::builder(Tokens, Key::from(&*app.cookies.key))
        .cookie_name(app.cookies.session.clone())
        .cookie_path(app.cookies.path.clone())
        .cookie_secure(app.cookies.secure)
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .cookie_content_security(CookieContentSecurity::Signed)
        .session_lifecycle(life)
        .build()
}
