//! `serve` and `healthcheck`: from the open house to the last answered request.
//! What is answered is the router's business.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use services::{House, clock::SystemClock};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    signal::unix::{SignalKind, signal},
    time::{interval, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    Failure,
    failure::{CONFIG, UNAVAILABLE},
    open, open_with, pretended,
};
use crate::{
    config::{Config, Options},
    router::router,
    state::AppState,
    web::listener,
};

/// Changes that still run when the last connection has ended may take so long.
const LAST_CHANGES: Duration = Duration::from_secs(20);
const HOUR: Duration = Duration::from_hours(1);

/// Serves until a signal says stop.
pub(super) async fn serve(options: &Options) -> Result<(), Failure> {
    let config = Config::new(options).map_err(|sentence| Failure::new(CONFIG, sentence))?;
    let pretended = pretended::start(options).await?;
    let house = match &pretended {
        Some((_, settings)) => open_with(options, settings.clone()).await?,
        None => open(options).await?,
    };
    for name in house.migrate().await? {
        tracing::info!(%name, "migrated");
    }
    house.send_mail();
    house.settle_payments();
    house.offer_freed_times();
    house.look_ahead();
    let house = Arc::new(house);
    let listener = bind(config.addr).await?;
    let addr = listener.local_addr().unwrap_or(config.addr);
    warn_of(&config);
    let terms = listener::Terms::new(&config);
    let state = AppState::new(house.clone(), Arc::new(SystemClock), config);
    stop_on_signals(state.stopping.clone())?;
    tokio::spawn(shout_about_demo_logins(house.clone(), state.stopping.clone()));
    tracing::info!(engine = house.engine(), "listening on http://{addr}");
    listener::serve(listener, router(state.clone()), terms, state.stopping.clone()).await;
    finish(state, house).await;
    if let Some((sandbox, _)) = pretended {
        sandbox.stop().await;
    }
    Ok(())
}

async fn bind(addr: SocketAddr) -> Result<TcpListener, Failure> {
    let sentence = |error| Failure::new(UNAVAILABLE, format!("The server cannot listen on {addr}: {error}."));
    TcpListener::bind(addr).await.map_err(sentence)
}

fn warn_of(config: &Config) {
    if !config.rate_limits {
        tracing::warn!("rate limits are off: for measuring on this machine only");
    }
    if config.public_url.is_none() {
        tracing::warn!(
            "links in mails lead to this machine alone: set CARESYNC_PUBLIC_URL to the address that people type"
        );
    }
    if !config.addr.ip().is_loopback() && !config.is_https() {
        tracing::warn!(
            "others can reach this server without TLS: put it behind a proxy and set CARESYNC_PUBLIC_URL=https://…"
        );
    }
}

fn stop_on_signals(stopping: CancellationToken) -> Result<(), Failure> {
    let failed = |error| Failure::new(71, format!("The system's signals cannot be heard: {error}."));
    let (mut term, mut int) =
        (signal(SignalKind::terminate()).map_err(failed)?, signal(SignalKind::interrupt()).map_err(failed)?);
    tokio::spawn(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
        tracing::info!("stopping: running requests are finished first");
        stopping.cancel();
    });
    Ok(())
}

/// Anybody who has read the manual can sign in with them.
async fn shout_about_demo_logins(house: Arc<House>, stopping: CancellationToken) {
    let mut hourly = interval(HOUR);
    while stopping.run_until_cancelled(hourly.tick()).await.is_some() {
        if house.demo_logins_exist().await {
            tracing::warn!(
                "DEMO LOGINS EXIST: their password is public; never keep real patients in this database"
            );
        }
    }
}

/// Waits for the last changes, then closes the house.
async fn finish(state: AppState, house: Arc<House>) {
    state.tasks.close();
    if timeout(LAST_CHANGES, state.tasks.wait()).await.is_err() {
        tracing::warn!("some changes did not end in time");
    }
    drop(state);
    if let Some(house) = sole(house).await {
        house.close().await;
    } else {
        tracing::warn!("the database was still in use and is left as it is; what was acknowledged is stored");
    }
    tracing::info!("stopped");
}

/// The house, once the last connection has let go of it.
async fn sole(mut house: Arc<House>) -> Option<House> {
    for _ in 0..100 {
        match Arc::try_unwrap(house) {
            Ok(house) => return Some(house),
            Err(shared) => house = shared,
        }
        sleep(Duration::from_millis(20)).await;
    }
    None
}

/// Asks a server whether it is ready.
pub(super) async fn healthcheck(mut addr: SocketAddr) -> Result<(), Failure> {
    if addr.ip().is_unspecified() {
        addr.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    let status = timeout(Duration::from_secs(5), status_of(addr)).await;
    match status {
        Ok(Ok(line)) if line.contains(" 200 ") => Ok(()),
        Ok(Ok(line)) => Err(Failure::new(UNAVAILABLE, format!("{addr} answers: {}", line.trim()))),
        Ok(Err(error)) => Err(Failure::new(UNAVAILABLE, format!("{addr} does not answer: {error}."))),
        Err(_) => Err(Failure::new(UNAVAILABLE, format!("{addr} does not answer in time."))),
    }
}

/// The first line of the answer.
async fn status_of(addr: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(addr).await?;
    stream
        .write_all(format!("GET /readyz HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n\r\n").as_bytes())
        .await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer.lines().next().unwrap_or_default().to_owned())
}
