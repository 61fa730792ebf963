//! From the name of a host to a connection.

use std::fmt::{self, Debug};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

use super::guard::Guard;
use super::{CourierError, Refused};
use crate::model::RedirectUri;

/// How long one address of a host is given, so that the next has its chance.
const PATIENCE: Duration = Duration::from_secs(4);

/// How many addresses of a host are tried.
const MOST_ADDRESSES: usize = 3;

/// How many names are looked up at the same time. Each look-up has a thread, and the system decides how long.
const MOST_LOOK_UPS: usize = 64;

/// Makes connections.
pub(super) struct Lines {
    look_ups: Arc<Semaphore>,
    tls: TlsConnector,
    trusts_nobody: bool,
}

impl Lines {
    /// Trusts the authorities that this machine does.
    pub(super) fn new() -> Result<Self, rustls::Error> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let trusts_nobody = roots.is_empty();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions()?.with_root_certificates(roots).with_no_client_auth();
        Ok(Self {
            look_ups: Arc::new(Semaphore::new(MOST_LOOK_UPS)),
            tls: TlsConnector::from(Arc::new(config)),
            trusts_nobody,
        })
    }

    /// A connection to one of the addresses of the host that the guard lets through, and to no other.
    pub(super) async fn connect(&self, to: &RedirectUri, guard: &Guard) -> Result<TcpStream, CourierError> {
        let mut failure = CourierError::Name;
        for address in self.checked(to, guard).await?.into_iter().take(MOST_ADDRESSES) {
            match timeout(PATIENCE, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => failure = CourierError::Connect(error.kind()),
                Err(_elapsed) => failure = CourierError::Slow(PATIENCE),
            }
        }
        Err(failure)
    }

    /// The addresses of the host that may be connected to.
    async fn checked(&self, to: &RedirectUri, guard: &Guard) -> Result<Vec<SocketAddr>, CourierError> {
        let (host, port) = (plain(to).to_owned(), to.port().ok_or(CourierError::Name)?);
        let look_up = async move { Ok::<Vec<_>, io::Error>(lookup_host((host, port)).await?.collect()) };
        let found = in_place(&self.look_ups, look_up).await.ok_or(CourierError::Name)?;
        let (mut good, mut refused) = (Vec::new(), Refused::Special);
        for address in found.map_err(|_unknown| CourierError::Name)? {
            match guard.check(address.ip(), to.scheme() != "https") {
                Ok(()) => good.push(address),
                Err(why) => refused = why,
            }
        }
        if good.is_empty() { Err(CourierError::Refused(refused)) } else { Ok(good) }
    }

    /// The same connection with TLS, if the other side is who it is said to be.
    pub(super) async fn secure(
        &self,
        to: &RedirectUri,
        stream: TcpStream,
    ) -> Result<TlsStream<TcpStream>, CourierError> {
        if self.trusts_nobody {
            return Err(CourierError::Tls("this machine has no list of certificate authorities".to_owned()));
        }
        let name = ServerName::try_from(plain(to).to_owned()).map_err(|_no_name| CourierError::Name)?;
        self.tls.connect(name, stream).await.map_err(|error| CourierError::Tls(error.to_string()))
    }
}

impl Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lines(trusts_nobody: {})", self.trusts_nobody)
    }
}

/// Does this in one of the places, and keeps the place until it is over, though nobody waits for it any more.
async fn in_place<T: Send + 'static>(
    places: &Arc<Semaphore>,
    work: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    let work = async move {
        let done = work.await;
        drop(place);
        done
    };
    tokio::spawn(work).await.ok()
}

/// The host without the brackets of an IPv6 address.
fn plain(to: &RedirectUri) -> &str {
    to.host().trim_matches(['[', ']'])
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    #[actix_web::test]
    async fn what_nobody_waits_for_any_more_keeps_its_place_until_it_is_over() {
        let (places, ends) = (Arc::new(Semaphore::new(1)), Arc::new(tokio::sync::Notify::new()));
        let end = Arc::clone(&ends);
        let first = in_place(&places, async move { end.notified().await });
        // It begins, and whoever waited for it gives up.
        tokio::select! {
            biased;
            _ = first => panic!("it cannot be over"),
            () = tokio::task::yield_now() => {}
        }
        assert_eq!(places.available_permits(), 0);
        ends.notify_one();
        assert_eq!(in_place(&places, async { 1 }).await, Some(1));
        assert!(timeout(Duration::ZERO, in_place(&places, pending::<()>())).await.is_err());
    }
}
