//! A connection of which some was read already: whoever reads it on gets that first.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A connection, and what was read of it and not answered.
#[derive(Debug)]
pub(super) struct Handover {
    read: Vec<u8>,
    given: usize,
    stream: TcpStream,
}

impl Handover {
    /// Of what was read the first `answered` bytes are over and done with.
    pub(super) fn new(read: Vec<u8>, answered: usize, stream: TcpStream) -> Self {
        Self { read, given: answered, stream }
    }
}

impl AsyncRead for Handover {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let left = this.read.get(this.given..).unwrap_or_default();
        if left.is_empty() {
            return Pin::new(&mut this.stream).poll_read(cx, into);
        }
        let (now, _later) = left.split_at(left.len().min(into.remaining()));
        into.put_slice(now);
        this.given += now.len();
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Handover {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
