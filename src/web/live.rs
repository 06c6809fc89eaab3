//! The socket of an open browser: tells that something changed, never what is in it.
//! Which changes somebody may be told is decided by the feed.

use std::time::Duration;

use axum::{
    Extension,
    extract::{
        Request, State,
        ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code},
    },
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{
    Actor, Error,
    live::{LiveChange, LiveMessage, LiveWish, Missed},
};
use tokio::time::{Interval, MissedTickBehavior, interval_at, timeout};
use tower_sessions::Session;

use super::{client::ClientAddress, csrf, listener::Peer, origin, problem::Problem, sessions::Pass};
use crate::state::AppState;

pub(super) const PING: Duration = Duration::from_secs(25);
pub(super) const RECHECK: Duration = Duration::from_mins(1);
/// A browser that takes nothing for so long is gone.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// Seconds until somebody with too many sockets may try again.
pub(super) const FULL: u32 = 30;

/// `GET /ws`: for signed-in browsers on our own pages.
pub(crate) async fn socket(
    State(state): State<AppState>,
    Extension(actor): Extension<Actor>,
    session: Option<Extension<Session>>,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
    request: Request,
) -> Response {
    if origin::is_ours(request.headers(), request.uri(), state.config.public_url.as_ref()) != Some(true) {
        return csrf::cross_site().into_response();
    }
    let pass = session.and_then(|Extension(session)| Pass::of(&state.house, &session, &actor));
    let (Some(pass), Some(account)) = (pass, actor.account_id()) else {
        return Problem::from(Error::Unauthenticated).into_response();
    };
    let address = ClientAddress::of(&request).whole_network();
    let Some(place) = state.sockets.place(account, address) else {
        return Problem::from(Error::TooMany { retry_after: FULL }).into_response();
    };
    let peer = request.extensions().get::<Peer>().cloned();
    match upgrade {
        Ok(upgrade) => small(upgrade).on_upgrade(move |socket| async move {
            // The socket counts as a connection for as long as it lives.
            let (_peer, _place) = (peer, place);
            Live { socket, state, actor, pass }.run().await;
        }),
        Err(_) => {
            Problem::edge(StatusCode::UPGRADE_REQUIRED, "upgrade_required", "Open this as a WebSocket.")
                .into_response()
        }
    }
}

/// Buffers for short texts to many browsers, not for long ones to few.
pub(super) fn small(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade
        .read_buffer_size(4 << 10)
        .write_buffer_size(4 << 10)
        .max_write_buffer_size(256 << 10)
        .max_message_size(4 << 10)
        .max_frame_size(4 << 10)
}

struct Live {
    socket: WebSocket,
    state: AppState,
    actor: Actor,
    pass: Pass,
}

impl Live {
    async fn run(mut self) {
        let mut feed = self.state.services.live.subscribe(self.actor.clone());
        let stopping = self.state.stopping.clone();
        let (mut ping, mut recheck) = (every(PING), every(RECHECK));
        let mut open = self.tell(&LiveMessage::Hello).await;
        while open {
            open = tokio::select! {
                change = feed.next() => match change {
                    Some(change) => self.tell(&message(change)).await,
                    None => self.close(close_code::AWAY).await,
                },
                _ = ping.tick() => self.send(Message::Ping(bytes::Bytes::new())).await,
                _ = recheck.tick() => self.pass.holds(&self.actor).await || self.close(close_code::POLICY).await,
                () = stopping.cancelled() => self.close(close_code::AWAY).await,
                heard = self.socket.recv() => match heard {
                    Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                        Ok(LiveWish::Watch { doctor_id }) => {
                            feed.watch(doctor_id);
                            true
                        }
                        Err(_) => self.close(close_code::UNSUPPORTED).await,
                    },
                    heard => matches!(heard, Some(Ok(_))),
                },
            };
        }
    }

    async fn tell(&mut self, message: &LiveMessage) -> bool {
        let text = serde_json::to_string(message).unwrap_or_default();
        self.send(Message::Text(text.into())).await
    }

    async fn send(&mut self, message: Message) -> bool {
        matches!(timeout(PATIENCE, self.socket.send(message)).await, Ok(Ok(())))
    }

    async fn close(&mut self, code: u16) -> bool {
        self.send(Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::default() }))).await;
        false
    }
}

fn message(change: Result<LiveChange, Missed>) -> LiveMessage {
    match change {
        Ok(LiveChange::Times(doctor_id)) => LiveMessage::Times { doctor_id },
        Ok(LiveChange::Visit(event)) => LiveMessage::Appointment {
            id: event.appointment_id,
            doctor_id: event.doctor_id,
            version: event.version,
        },
        Err(Missed) => LiveMessage::Resync,
    }
}

pub(super) fn every(period: Duration) -> Interval {
    let mut interval = interval_at(tokio::time::Instant::now() + period, period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}
