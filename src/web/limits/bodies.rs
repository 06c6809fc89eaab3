//! How large a body may be and how slowly it may come; a body that is neither is passed on untouched.
//! How long a head may take is the listener's business.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use hyper::body::Frame;
use tokio::time::{Instant, Sleep, sleep};

use crate::{state::AppState, web::problem::Problem};

// The table of limits, in bytes. Where two limits are on a route's way, the smaller one counts; a request that only reads (GET, HEAD,
// OPTIONS) has no body at all, wherever it goes.

/// What has no use for a body: health, files, photos that are shown, the well-known paths, the socket.
pub(crate) const NOTHING: u64 = 0;
/// Accounts, tokens and sign-ins of the API; signing out and the theme.
pub(crate) const WORDS: u64 = 16 << 10;
/// What payment providers tell, and what browsers bring back from them.
pub(crate) const TOLD: u64 = 256 << 10;
/// Server functions and the rest of the API.
pub(crate) const USUAL: u64 = 1 << 20;
/// The two routes that take a photo: the photo's 5 MB and what a form puts around it.
pub(crate) const PHOTO: u64 = 6 << 20;

/// Beside a grace, a body gets a second for so many bytes: less than any line that is of use.
const BYTES_A_SECOND: u64 = 4 << 10;

const FINE: u8 = 0;
const LARGE: u8 = 1;
const SLOW: u8 = 2;

/// What the middleware knows.
#[derive(Clone, Copy)]
pub(crate) struct Limit {
    bytes: u64,
    grace: Duration,
}

impl Limit {
    pub(crate) fn new(state: &AppState, bytes: u64) -> Self {
        Self { bytes, grace: state.config.patience.body }
    }
}

/// The middleware: no more than so many bytes, and not for ever. Whatever a handler makes of a body that was cut, the answer says why.
pub(crate) async fn body(State(limit): State<Limit>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let limit = if reads { Limit { bytes: NOTHING, ..limit } } else { limit };
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse().ok());
    if announced.is_some_and(|announced: u64| announced > limit.bytes) {
        return too_large().into_response();
    }
    let verdict = Arc::new(AtomicU8::new(FINE));
    let request = request.map(|body| Body::new(Measured::new(body, limit, verdict.clone())));
    let response = next.run(request).await;
    match verdict.load(Ordering::Acquire) {
        LARGE => too_large().into_response(),
        SLOW => too_slow().into_response(),
        _ => response,
    }
}

fn too_large() -> Problem {
    Problem::edge(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", "The body is larger than allowed here.")
}

fn too_slow() -> Problem {
    Problem::edge(StatusCode::REQUEST_TIMEOUT, "too_slow", "The body did not arrive in time.")
}

/// A body that is counted while it comes.
struct Measured {
    body: Body,
    limit: Limit,
    verdict: Arc<AtomicU8>,
    begun: Instant,
    received: u64,
    /// Set when somebody first waits: most bodies are there already.
    timer: Option<Pin<Box<Sleep>>>,
}

impl Measured {
    fn new(body: Body, limit: Limit, verdict: Arc<AtomicU8>) -> Self {
        Self { body, limit, verdict, begun: Instant::now(), received: 0, timer: None }
    }

    /// When what is missing is too late.
    fn deadline(&self) -> Instant {
        self.begun + self.limit.grace + Duration::from_millis(self.received * 1000 / BYTES_A_SECOND)
    }

    fn cut(&self, verdict: u8) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.verdict.store(verdict, Ordering::Release);
        let why = if verdict == LARGE { "the body is too large" } else { "the body is too slow" };
        Poll::Ready(Some(Err(axum::Error::new(std::io::Error::other(why)))))
    }

    fn too_late(&mut self, cx: &mut Context<'_>) -> bool {
        let deadline = self.deadline();
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(Duration::ZERO)));
        timer.as_mut().reset(deadline);
        timer.as_mut().poll(cx).is_ready()
    }
}

impl HttpBody for Measured {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        match Pin::new(&mut this.body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                let fresh = frame.data_ref().map_or(0, Bytes::len);
                this.received += u64::try_from(fresh).unwrap_or(u64::MAX);
                if this.received > this.limit.bytes { this.cut(LARGE) } else { Poll::Ready(Some(Ok(frame))) }
            }
            Poll::Ready(end) => Poll::Ready(end),
            Poll::Pending if this.too_late(cx) => this.cut(SLOW),
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        self.body.size_hint()
    }
}
