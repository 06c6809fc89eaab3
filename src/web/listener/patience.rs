//! Ends a connection whose client has begun a request and does not finish its head.
//! Silence between two requests is another matter: hyper's own timer ends that.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

/// How a client begins that speaks HTTP/2, which has timers of its own (RFC 9113, 3.4).
const HTTP2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Where a connection stands, as the one who answers sees it.
#[derive(Clone, Default)]
pub(super) struct Phase(Arc<Shared>);

#[derive(Default)]
struct Shared {
    heads: AtomicU32,
    answering: AtomicBool,
    upgraded: AtomicBool,
}

/// While it lives, a request is being answered.
pub(super) struct Answering(Phase);

impl Phase {
    /// A request's head is complete.
    pub(super) fn answering(&self) -> Answering {
        self.0.heads.fetch_add(1, Ordering::AcqRel);
        self.0.answering.store(true, Ordering::Release);
        Answering(self.clone())
    }

    /// No request will follow on this connection.
    pub(super) fn upgraded(&self) {
        self.0.upgraded.store(true, Ordering::Release);
    }

    fn heads(&self) -> u32 {
        self.0.heads.load(Ordering::Acquire)
    }

    fn waits_for_a_head(&self) -> bool {
        !self.0.answering.load(Ordering::Acquire) && !self.0.upgraded.load(Ordering::Acquire)
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.0.answering.store(false, Ordering::Release);
    }
}

/// A stream that waits for the rest of a head only so long.
pub(super) struct Impatient {
    stream: TcpStream,
    phase: Phase,
    head: Duration,
    /// The first bytes, until they tell which protocol it is.
    opening: Option<Vec<u8>>,
    patient: bool,
    /// Nothing has been said yet; no timer of hyper's runs before it knows the protocol.
    silent: bool,
    begun: Option<Pin<Box<Sleep>>>,
    heads: u32,
}

impl Impatient {
    /// Something must be said within `idle`, and from its first byte the head of a request may take as long as `head`.
    pub(super) fn new(stream: TcpStream, phase: Phase, head: Duration, idle: Duration) -> Self {
        let (opening, begun) = (Some(Vec::new()), Some(Box::pin(sleep(idle))));
        Self { stream, phase, head, opening, patient: false, silent: true, begun, heads: 0 }
    }

    /// Whoever speaks HTTP/2 says so with exactly these bytes, be they in one piece or not.
    fn learn_protocol(&mut self, fresh: &[u8]) {
        let Some(mut opening) = self.opening.take() else { return };
        let missing = HTTP2.len().saturating_sub(opening.len());
        opening.extend_from_slice(fresh.get(..missing).unwrap_or(fresh));
        if opening == HTTP2 {
            self.patient = true;
        } else if HTTP2.starts_with(&opening) {
            self.opening = Some(opening);
        }
    }

    /// Notes what was read, and whether the time for the head is over.
    fn judge(&mut self, cx: &mut Context<'_>, fresh: &[u8], pending: bool) -> Poll<io::Result<()>> {
        self.learn_protocol(fresh);
        let heads = self.phase.heads();
        if self.patient || heads != self.heads || !self.phase.waits_for_a_head() {
            self.heads = heads;
            self.begun = None;
            self.silent = false;
        }
        let begins = !pending && (self.silent || self.begun.is_none());
        if begins && !self.patient && self.phase.waits_for_a_head() {
            self.silent = false;
            self.begun = Some(Box::pin(sleep(self.head)));
        }
        let too_late = self.begun.as_mut().is_some_and(|timer| timer.as_mut().poll(cx).is_ready());
        match (too_late, pending) {
            (true, _) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            (false, true) => Poll::Pending,
            (false, false) => Poll::Ready(Ok(())),
        }
    }
}

impl AsyncRead for Impatient {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        match Pin::new(&mut this.stream).poll_read(cx, buffer) {
            Poll::Ready(Ok(())) => {
                let fresh = buffer.filled().get(before..).unwrap_or_default();
                if fresh.is_empty() { Poll::Ready(Ok(())) } else { this.judge(cx, fresh, false) }
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => this.judge(cx, &[], true),
        }
    }
}

impl AsyncWrite for Impatient {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
