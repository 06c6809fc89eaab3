//! Starts the provider, takes connections, and ends them when it is stopped.
//! What is answered on them is in `api`, `checkout` and `control`.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, http::Request, response::Response, routing::get};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::{
        conn::auto,
        graceful::{GracefulShutdown, Watcher},
    },
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinSet,
};
use tokio_util::sync::DropGuard;
use tower::Service;

use crate::{
    Error, Options, api, checkout, control, courier, file, post::Target, refusal::Refusal, shared::Shared,
    stripe, world::World,
};

/// What is being answered when the stop comes may take so long.
const DRAIN: Duration = Duration::from_secs(5);

/// A provider that runs until it is stopped or dropped.
pub struct Sandbox {
    address: SocketAddr,
    shared: Arc<Shared>,
    stops: DropGuard,
}

impl Sandbox {
    /// Reads what was kept, listens, and goes on with what a stop has interrupted.
    pub async fn start(options: Options) -> Result<Self, Error> {
        if !options.address.ip().is_loopback() {
            return Err(Error::NotLoopback(options.address));
        }
        let target = options.webhook_url.as_deref().map(Target::read).transpose()?;
        let world = match &options.file {
            Some(path) => file::read(path)?,
            None => World::default(),
        };
        let cannot = |source| Error::Listen { address: options.address, source };
        let listener = TcpListener::bind(options.address).await.map_err(cannot)?;
        let address = listener.local_addr().map_err(cannot)?;
        let (errands, waiting) = mpsc::unbounded_channel();
        let shared = Shared::new(options, address, world, errands);
        if let Some(target) = target {
            shared.tasks.spawn(courier::run(shared.clone(), target, waiting));
        }
        shared.tasks.spawn(serve(listener, shared.clone()));
        shared.resume();
        Ok(Self { address, stops: shared.stopping.clone().drop_guard(), shared })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What stands before `/v1` in its addresses.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Lets running requests end. Events that nobody has heard are sent by whoever starts with the same file.
    pub async fn stop(self) {
        self.stops.disarm().cancel();
        self.shared.tasks.close();
        self.shared.tasks.wait().await;
    }
}

fn router(shared: &Arc<Shared>) -> Router {
    Router::new()
        .merge(api::router(shared))
        .merge(stripe::router(shared))
        .merge(checkout::router(shared))
        .merge(control::router())
        .merge(stripe::control())
        .route(
            "/",
            get(|| async { "Sandbox of a payment provider: docs/sandbox.md says what it can be told.\n" }),
        )
        .fallback(|| async { Refusal::unknown_route() })
        .method_not_allowed_fallback(|| async { Refusal::unknown_route() })
        .with_state(shared.clone())
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let router = router(&shared);
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    while let Some(accepted) = shared.stopping.run_until_cancelled(listener.accept()).await {
        match accepted {
            Ok((stream, _)) => {
                connections.spawn(connection(stream, router.clone(), graceful.watcher()));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection to the sandbox could not be accepted");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    if tokio::time::timeout(DRAIN, graceful.shutdown()).await.is_err() {
        // They end here, with the set.
        tracing::warn!("some connections of the sandbox did not end in time and were cut");
    }
}

async fn connection(stream: TcpStream, router: Router, watcher: Watcher) {
    let service = service_fn(move |request: Request<Incoming>| {
        let response = router.clone().call(request.map(Body::new));
        async move {
            let Ok(response) = response.await;
            if response.extensions().get::<HangUp>().is_some() {
                return Err(io::Error::from(io::ErrorKind::ConnectionAborted));
            }
            Ok(response)
        }
    });
    let server = auto::Builder::new(TokioExecutor::new()).http1_only();
    let connection = server.serve_connection(TokioIo::new(stream), service).into_owned();
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(error, "a connection to the sandbox ended early");
    }
}

/// Marks an answer that nobody gets: the connection is closed instead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HangUp;

impl HangUp {
    /// Instead of this one.
    pub(crate) fn over(mut response: Response) -> Response {
        response.extensions_mut().insert(Self);
        response
    }
}
