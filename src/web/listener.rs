//! The accept loop: how many connections, how long they may be silent, and how they end when the server stops.
//! What is answered on them is the router's business.

mod bare;
mod patience;

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{Router, body::Body, http::StatusCode};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_util::sync::CancellationToken;
use tower::Service;

use super::{
    client::ClientAddress,
    limits::sockets::{Held, Place},
    security,
};
use crate::{
    config::{Config, Patience},
    networks::Proxies,
};
use bare::Dressed;
use patience::{Impatient, Phase};

/// Most connections at a time, sockets included.
const CONNECTIONS: usize = 8192;
/// Most connections of one address at a time, unless it is a trusted proxy's: nobody alone fills the house.
const OF_AN_ADDRESS: usize = 2048;
/// Most bytes of a request's head.
const HEAD_BYTES: usize = 64 << 10;
/// Most requests at a time on one connection of HTTP/2.
const STREAMS: u32 = 100;
/// What is being answered when the stop comes may take so long.
const DRAIN: Duration = Duration::from_secs(20);

/// The other end of a connection. Whoever keeps it keeps the connection's places.
#[derive(Clone)]
pub(crate) struct Peer {
    address: IpAddr,
    _places: Arc<(OwnedSemaphorePermit, Option<Place<IpAddr>>)>,
}

/// On which terms connections are taken.
#[derive(Clone)]
pub struct Terms {
    patience: Patience,
    proxies: Proxies,
    /// What protects answers that the router never sees.
    protection: Arc<str>,
    addresses: Held<IpAddr>,
}

impl Terms {
    /// As the settings say.
    pub fn new(config: &Config) -> Self {
        Self {
            patience: config.patience,
            proxies: config.proxies.clone(),
            protection: security::lines(config.is_https()).into(),
            addresses: Held::default(),
        }
    }

    /// One more connection, unless its address has too many.
    fn admit(&self, address: IpAddr, place: OwnedSemaphorePermit) -> Option<Peer> {
        let address = address.to_canonical();
        let of_address = if self.proxies.may_connect(address) {
            None
        } else {
            let counted = ClientAddress(address).whole_network();
            Some(self.addresses.place(counted, OF_AN_ADDRESS)?)
        };
        Some(Peer { address, _places: Arc::new((place, of_address)) })
    }
}

impl Peer {
    pub(crate) fn address(&self) -> IpAddr {
        self.address
    }
}

/// Serves until the stop, then lets running requests end.
pub async fn serve(listener: TcpListener, router: Router, terms: Terms, stopping: CancellationToken) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    while let Some((stream, address, place)) = next(&listener, &places, &stopping).await {
        if let Some(peer) = terms.admit(address.ip(), place) {
            connection(stream, peer, router.clone(), &terms, &graceful);
        }
    }
    drop(listener);
    if tokio::time::timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections did not end in time and were cut");
    }
}

/// The next connection, once there is a place for it; none when the server stops.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    stopping: &CancellationToken,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = stopping.run_until_cancelled(places.clone().acquire_owned()).await?.ok()?;
    loop {
        match stopping.run_until_cancelled(listener.accept()).await? {
            Ok((stream, address)) => return Some((stream, address, place)),
            Err(error) => pause(&error).await,
        }
    }
}

/// A client that left while it was accepted is nothing; too few file handles need a moment.
async fn pause(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "a connection could not be accepted");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn connection(stream: TcpStream, peer: Peer, router: Router, terms: &Terms, graceful: &GracefulShutdown) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "small answers may be slow");
    }
    let phase = Phase::default();
    let stream = Impatient::new(stream, phase.clone(), terms.patience.head, terms.patience.idle);
    let io = TokioIo::new(Dressed::new(stream, terms.protection.clone()));
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        let (phase, answering) = (phase.clone(), phase.answering());
        request.extensions_mut().insert(peer.clone());
        let response = router.clone().call(request.map(Body::new));
        async move {
            let response = response.await;
            if response.as_ref().is_ok_and(|response| response.status() == StatusCode::SWITCHING_PROTOCOLS) {
                phase.upgraded();
            }
            drop(answering);
            response
        }
    });
    let builder = builder(terms.patience.idle);
    let watcher = graceful.watcher();
    tokio::spawn(async move {
        let connection = builder.serve_connection_with_upgrades(io, service);
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(error, "a connection ended early");
        }
    });
}

fn builder(idle: Duration) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(idle).max_buf_size(HEAD_BYTES);
    let mut http2 = builder.http2();
    http2.timer(TokioTimer::new()).keep_alive_interval(idle / 2).keep_alive_timeout(idle / 3);
    http2.max_concurrent_streams(STREAMS).max_header_list_size(16 << 10);
    builder
}
