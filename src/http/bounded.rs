//! A connection that is over when no answer makes progress on it: each holds a descriptor that others need (`security.md L6`).
//!
//! The framework times the first head of a connection and the pause between two requests, and nothing else: neither a
//! later head that never ends nor an answer that is never read.

use std::cell::Cell;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;
use tokio::time::{Instant, Sleep, sleep};

use super::last::KEEP_ALIVE;

/// How long. Longer than a connection may be idle, which the framework ends in an orderly way.
const PATIENCE: Duration = KEEP_ALIVE.saturating_add(Duration::from_secs(5));

/// Whether the other side of a connection has ended its half: then nobody waits for an answer that may take long. A copy is
/// another handle on the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Gone(Rc<State>);

#[derive(Debug, Default)]
struct State {
    is_gone: Cell<bool>,
    told: Notify,
}

impl Gone {
    fn tell(&self) {
        self.0.is_gone.set(true);
        self.0.told.notify_waiters();
    }

    /// Waits until it has.
    pub(super) async fn gone(&self) {
        if !self.0.is_gone.get() {
            self.0.told.notified().await;
        }
    }
}

/// A connection, and when something of an answer last left on it.
#[derive(Debug)]
pub(super) struct Bounded<S> {
    stream: S,
    patience: Duration,
    sent: Instant,
    due: Pin<Box<Sleep>>,
    gone: Gone,
}

impl<S> Bounded<S> {
    pub(super) fn new(stream: S) -> Self {
        Self::with(PATIENCE, stream)
    }

    fn with(patience: Duration, stream: S) -> Self {
        Self { stream, patience, sent: Instant::now(), due: Box::pin(sleep(patience)), gone: Gone::default() }
    }

    /// Whether the other side is still there.
    pub(super) fn gone(&self) -> Gone {
        self.gone.clone()
    }

    /// To wait, unless that took too long already. The timer follows when it is due, so that no answer pays for it.
    fn wait<T>(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        while self.due.as_mut().poll(cx).is_ready() {
            let due = self.sent + self.patience;
            if due <= Instant::now() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.due.as_mut().reset(due);
        }
        Poll::Pending
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Bounded<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        match Pin::new(&mut self.stream).poll_read(cx, into) {
            Poll::Pending => self.wait(cx),
            read @ Poll::Ready(_) => {
                // Nothing more, or an error.
                if into.filled().len() == before {
                    self.gone.tell();
                }
                read
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Bounded<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write(cx, bytes) {
            Poll::Pending => self.wait(cx),
            written @ Poll::Ready(_) => {
                self.sent = Instant::now();
                written
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    fn waits(bounded: &mut Bounded<DuplexStream>) -> bool {
        let mut byte = [0];
        let reading =
            Pin::new(bounded).poll_read(&mut Context::from_waker(Waker::noop()), &mut ReadBuf::new(&mut byte));
        reading.is_pending()
    }

    #[actix_web::test]
    async fn bytes_that_come_do_not_prolong_the_time_for_an_answer_l6() {
        let (ours, mut theirs) = duplex(64);
        let mut bounded = Bounded::with(Duration::ZERO, ours);
        theirs.write_all(b"G").await.unwrap();
        assert_eq!(bounded.read_u8().await.unwrap(), b'G');
        assert_eq!(bounded.read_u8().await.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[actix_web::test]
    async fn an_answer_that_is_not_read_ends_the_connection_l6() {
        let (ours, _theirs) = duplex(64);
        let mut bounded = Bounded::with(Duration::ZERO, ours);
        bounded.write_all(&[0; 64]).await.unwrap();
        assert_eq!(bounded.write_all(&[0]).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[actix_web::test]
    async fn an_answer_that_leaves_begins_the_time_anew_l6() {
        let (ours, _theirs) = duplex(64);
        let mut bounded = Bounded::with(HOUR, ours);
        assert!(waits(&mut bounded));
        // The timer rings by the answer before.
        bounded.due.as_mut().reset(Instant::now());
        bounded.due.as_mut().await;
        bounded.sent = Instant::now().checked_sub(HOUR).unwrap_or(bounded.sent);
        bounded.write_all(b"answer").await.unwrap();
        assert!(waits(&mut bounded) && bounded.due.deadline() > Instant::now());
    }
}
