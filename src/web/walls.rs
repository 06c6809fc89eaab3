//! The wall of a waiting room behind its private address, and the socket that tells its page of changes.
//! The secret of the address is the proof. Nobody is signed in here, no cookie is read but the one of the look, and none is set.

use axum::{
    Router,
    extract::{
        Request, State,
        ws::{
            CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code,
            rejection::WebSocketUpgradeRejection,
        },
    },
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::{any, get},
};
use domain::{Error, queues::WallFeed};
use tokio::time::timeout;

use super::{
    client::ClientAddress,
    csrf,
    extract::At,
    limits::sockets::AddressPlace,
    listener::Peer,
    live::{FULL, PATIENCE, PING, RECHECK, every, small},
    origin,
    problem::Problem,
    refusal::THEME,
    security, sessions,
};
use crate::state::AppState;

/// The page. What follows the folder is a secret, so no log has it.
pub const WALL: &str = "/wall/{secret}";
const CHANGES: &str = "/wall/{secret}/live";

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route(WALL, get(page)).route(CHANGES, any(changes))
}

/// Whatever is no address is answered as one that was never made, and as one that has ended.
async fn page(
    State(state): State<AppState>,
    At(secret): At<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let board = state.services.queues.read_wall(&secret).await?;
    let frame = app::still::Frame { folder: state.site.pkg(), theme: sessions::cookie(&headers, THEME) };
    let nonce = leptos::nonce::Nonce::new();
    let mut response = Html(app::still::wall(frame, &nonce, &board)).into_response();
    security::protect_page(response.headers_mut(), &nonce, &state);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Cookie"));
    Ok(response)
}

async fn changes(
    State(state): State<AppState>,
    At(secret): At<String>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    request: Request,
) -> Response {
    if origin::is_ours(request.headers(), request.uri(), state.config.public_url.as_ref()) != Some(true) {
        return csrf::cross_site().into_response();
    }
    let feed = match state.services.queues.follow_wall(&secret).await {
        Ok(feed) => feed,
        Err(error) => return Problem::from(error).into_response(),
    };
    let Some(place) = state.sockets.place_of(ClientAddress::of(&request).whole_network()) else {
        return Problem::from(Error::TooMany { retry_after: FULL }).into_response();
    };
    let peer = request.extensions().get::<Peer>().cloned();
    match upgrade {
        Ok(upgrade) => small(upgrade).on_upgrade(move |socket| async move {
            // The socket counts as a connection for as long as it lives.
            let (_peer, _place): (_, AddressPlace) = (peer, place);
            Screen { socket, state, secret, feed }.run().await;
        }),
        Err(_) => {
            Problem::edge(StatusCode::UPGRADE_REQUIRED, "upgrade_required", "Open this as a WebSocket.")
                .into_response()
        }
    }
}

/// A screen that hangs on a wall.
struct Screen {
    socket: WebSocket,
    state: AppState,
    secret: String,
    feed: Box<dyn WallFeed>,
}

impl Screen {
    async fn run(mut self) {
        let stopping = self.state.stopping.clone();
        let (mut ping, mut recheck) = (every(PING), every(RECHECK));
        // What was on the screen before may be stale.
        let mut open = self.tell().await;
        while open {
            open = tokio::select! {
                more = self.feed.next() => if more { self.tell().await } else { self.close(close_code::AWAY).await },
                _ = ping.tick() => self.send(Message::Ping(bytes::Bytes::new())).await,
                // Whoever has ended the address has ended this, too; and the minutes on the screen go on.
                _ = recheck.tick() => match self.state.services.queues.follow_wall(&self.secret).await {
                    Ok(_) => self.tell().await,
                    Err(_) => self.close(close_code::POLICY).await,
                },
                () = stopping.cancelled() => self.close(close_code::AWAY).await,
                heard = self.socket.recv() => matches!(heard, Some(Ok(_))),
            };
        }
    }

    /// That something has changed, and nothing of what.
    async fn tell(&mut self) -> bool {
        self.send(Message::Text(Utf8Bytes::from_static("changed"))).await
    }

    async fn send(&mut self, message: Message) -> bool {
        matches!(timeout(PATIENCE, self.socket.send(message)).await, Ok(Ok(())))
    }

    async fn close(&mut self, code: u16) -> bool {
        self.send(Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::default() }))).await;
        false
    }
}
