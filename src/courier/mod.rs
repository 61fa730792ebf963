//! Carries a letter to an address that an application named: one POST, and no more than the status of the answer is read.
//!
//! Whoever names an address decides where this machine connects to, so the address is looked up first, what it leads to is
//! checked (`guard.rs`, `security.md R8`), and the connection goes to exactly what was checked. No redirect is followed, no
//! proxy of the environment asked, and nothing takes longer than its patience. It never decides what is sent, or to whom.
//! Start with [`Courier::deliver`].

mod error;
mod guard;
mod line;

use std::time::Duration;

use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST, HeaderName, HeaderValue, USER_AGENT};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use ipnet::IpNet;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

use crate::model::RedirectUri;
use guard::Guard;
use line::Lines;

pub use error::{CourierError, Refused};

/// The longest head of an answer that is read, bytes; of its body nothing is.
const LONGEST_HEAD: usize = 16 * 1024;

/// Carries letters.
#[derive(Debug)]
pub struct Courier {
    guard: Guard,
    lines: Lines,
    patience: Duration,
}

/// What is carried: a JSON text, and a header that proves where it is from.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The body.
    pub json: String,
    /// Name and value of the header.
    pub proof: (&'static str, String),
}

impl Courier {
    /// One that goes to public addresses, on https; and to those of these networks, on http as well. No delivery takes longer
    /// than `patience`, from the look-up of the name to the status of the answer.
    ///
    /// # Errors
    /// When there is no TLS to be had.
    pub fn new(networks: Vec<IpNet>, patience: Duration) -> Result<Self, CourierError> {
        let lines = Lines::new().map_err(|error| CourierError::Tls(error.to_string()))?;
        Ok(Self { guard: Guard::new(networks), lines, patience })
    }

    /// Posts the letter there.
    ///
    /// # Errors
    /// When it was not taken: no answer in time, one that is not 2xx, or an address to which nobody may connect.
    pub async fn deliver(&self, to: &RedirectUri, letter: Letter) -> Result<(), CourierError> {
        let posted = timeout(self.patience, self.post(to, letter)).await;
        let status = posted.map_err(|_elapsed| CourierError::Slow(self.patience))??;
        if status.is_success() { Ok(()) } else { Err(CourierError::Status(status.as_u16())) }
    }

    async fn post(&self, to: &RedirectUri, letter: Letter) -> Result<StatusCode, CourierError> {
        let request = request(to, letter)?;
        let stream = self.lines.connect(to, &self.guard).await?;
        if to.scheme() == "https" {
            exchange(self.lines.secure(to, stream).await?, request).await
        } else {
            exchange(stream, request).await
        }
    }
}

fn request(to: &RedirectUri, letter: Letter) -> Result<Request<String>, CourierError> {
    let (host, path) = (to.uri().authority(), to.uri().path_and_query());
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    let (name, value) = letter.proof;
    Request::post(path)
        .header(HOST, host)
        .header(CONTENT_TYPE, "application/json")
        .header(USER_AGENT, concat!("hallpass/", env!("CARGO_PKG_VERSION")))
        .header(HeaderName::from_static(name), HeaderValue::try_from(value).map_err(|_odd| CourierError::Address)?)
        .body(letter.json)
        .map_err(|_odd| CourierError::Address)
}

/// The connection is for this one letter, and goes with it.
async fn exchange<S>(stream: S, request: Request<String>) -> Result<StatusCode, CourierError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut wire = http1::Builder::new();
    wire.max_buf_size(LONGEST_HEAD);
    let (mut sender, connection) = wire.handshake(TokioIo::new(stream)).await?;
    let answer = sender.send_request(request);
    tokio::pin!(answer);
    let answer = tokio::select! {
        biased;
        answer = &mut answer => answer,
        ended = connection => { ended?; answer.await }
    };
    Ok(answer?.status())
}
