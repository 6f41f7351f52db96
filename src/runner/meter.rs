//! A stream that limits how much a server can send.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::login::HandshakeStream;

/// The maximum size of the response to one statement, in bytes. Expected responses are a few rows. In memory, short
/// messages take about ten times as much.
const MAX_RESPONSE_BYTES: usize = 1 << 22;

/// A stream that fails if a response, or the announced length of a message, exceeds the limit: the driver keeps a whole
/// response in memory.
pub(super) struct Metered<S> {
    stream: HandshakeStream<S>,
    meter: Arc<Meter>,
    frame: Frame,
}

impl<S> Metered<S> {
    pub(super) fn new(stream: HandshakeStream<S>, meter: &Arc<Meter>) -> Self {
        Self { stream, meter: Arc::clone(meter), frame: Frame::default() }
    }
}

/// The state that a stream shares with its session.
pub(super) struct Meter {
    /// The remaining number of bytes.
    left: AtomicUsize,
    /// Why the stream was aborted; the driver only reports that it was closed.
    violation: OnceLock<String>,
}

impl Meter {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { left: AtomicUsize::new(MAX_RESPONSE_BYTES), violation: OnceLock::new() })
    }

    /// Resets the limit for the next statement.
    pub(super) fn reset(&self) {
        self.left.store(MAX_RESPONSE_BYTES, Ordering::Relaxed);
    }

    /// Why the stream was aborted, if it was.
    pub(super) fn violation(&self) -> Option<&str> {
        self.violation.get().map(String::as_str)
    }

    fn abort(&self, why: String) -> io::Error {
        let error = io::Error::other(why.clone());
        let _ = self.violation.set(why);
        error
    }
}

/// The position in the messages of the server.
#[derive(Default)]
struct Frame {
    header: Vec<u8>,
    left: usize,
}

impl Frame {
    /// Parses the bytes; returns `false` if a message has an invalid length.
    fn follow(&mut self, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() {
            if self.left > 0 {
                let skipped = self.left.min(bytes.len());
                self.left -= skipped;
                bytes = &bytes[skipped..];
                continue;
            }
            self.header.push(bytes[0]);
            bytes = &bytes[1..];
            if let [_, a, b, c, d] = *self.header {
                let length = u32::from_be_bytes([a, b, c, d]) as usize;
                if !(4..=MAX_RESPONSE_BYTES).contains(&length) {
                    return false;
                }
                self.left = length - 4;
                self.header.clear();
            }
        }
        true
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Metered<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        std::task::ready!(Pin::new(&mut this.stream).poll_read(cx, buf))?;
        let bytes = &buf.filled()[before..];
        if !this.frame.follow(bytes) {
            let why = "the server sent an invalid protocol message".to_owned();
            return Poll::Ready(Err(this.meter.abort(why)));
        }
        let left = &this.meter.left;
        let took =
            left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes.len()));
        if took.is_err() {
            let why = format!(
                "the server sent more than {} MiB in response to one statement",
                MAX_RESPONSE_BYTES >> 20
            );
            return Poll::Ready(Err(this.meter.abort(why)));
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Metered<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
