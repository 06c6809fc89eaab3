//! The tab's one WebSocket: opened once, opened again after a loss, each time a little later and never all tabs at one moment.
//! It understands `LiveMessage` and reports "something changed"; it reads no data. It says whose times the page shows.

use std::cell::{Cell, RefCell};

use domain::ids::DoctorId;
use domain::live::{LiveMessage, LiveWish};
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::future::{Either, select};
use futures::{SinkExt, StreamExt};
use gloo_net::websocket::{Message, futures::WebSocket};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::window;
use leptos::task::spawn_local;

/// Milliseconds before the first attempt after a loss.
const FIRST_PAUSE: f64 = 500.0;
/// Most milliseconds between two attempts.
const LONGEST_PAUSE: f64 = 30_000.0;
/// Milliseconds within which several changes count as one.
const GATHER: u32 = 120;

thread_local! {
    /// The doctor whose times the page shows.
    static WATCHED: Cell<Option<DoctorId>> = const { Cell::new(None) };
    /// The way to the socket that is open.
    static OPEN: RefCell<Option<UnboundedSender<()>>> = const { RefCell::new(None) };
}

/// From now on the page shows the times of this doctor.
pub fn watch(doctor: DoctorId) {
    WATCHED.set(Some(doctor));
    poke();
}

/// The page no longer shows the times of this doctor; another one may have taken her place already.
pub fn unwatch(doctor: DoctorId) {
    if WATCHED.get() == Some(doctor) {
        WATCHED.set(None);
        poke();
    }
}

fn poke() {
    OPEN.with_borrow(|open| {
        if let Some(open) = open {
            // A socket that has closed meanwhile learns it when the next one opens.
            let _ = open.unbounded_send(());
        }
    });
}

/// Opens the socket and keeps it open as long as the tab lives.
pub fn listen(on_change: impl Fn() + 'static, on_loss: impl Fn() + 'static) {
    spawn_local(async move {
        let mut losses = 0_i32;
        let mut opened_before = false;
        loop {
            if let Some(socket) = open() {
                let heard = follow(socket, opened_before, &on_change).await;
                if heard {
                    losses = 0;
                    opened_before = true;
                }
            }
            on_loss();
            TimeoutFuture::new(pause(losses)).await;
            losses = losses.saturating_add(1);
        }
    });
}

fn open() -> Option<WebSocket> {
    let location = window().location();
    let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
    WebSocket::open(&format!("{scheme}://{}/ws", location.host().ok()?)).ok()
}

/// Reads until the socket closes; whether anything was heard.
async fn follow(socket: WebSocket, again: bool, on_change: &impl Fn()) -> bool {
    let (mut sink, mut stream) = socket.split();
    let (open, mut wishes): (_, UnboundedReceiver<()>) = unbounded();
    if WATCHED.get().is_some() {
        let _ = open.unbounded_send(());
    }
    OPEN.set(Some(open));
    let mut heard = false;
    loop {
        let message = match select(stream.next(), wishes.next()).await {
            Either::Left((Some(Ok(Message::Text(text))), _)) => text,
            Either::Left((Some(Ok(Message::Bytes(_))), _)) => continue,
            Either::Left((Some(Err(_)) | None, _)) => return heard,
            Either::Right(_) => {
                let wish = LiveWish::Watch { doctor_id: WATCHED.get() };
                let wish = serde_json::to_string(&wish).unwrap_or_default();
                if sink.send(Message::Text(wish)).await.is_err() {
                    return heard;
                }
                continue;
            }
        };
        let Ok(message) = serde_json::from_str::<LiveMessage>(&message) else { continue };
        let first = !heard;
        heard = true;
        // The first greeting finds a page that was rendered a moment ago; a later one finds a page that may be stale.
        if matches!(message, LiveMessage::Hello) && first && !again {
            continue;
        }
        TimeoutFuture::new(GATHER).await;
        on_change();
    }
}

/// Exponential with full jitter, so that a restarted server is not greeted by everybody at once.
fn pause(losses: i32) -> u32 {
    let longest = (FIRST_PAUSE * 2_f64.powi(losses.min(10))).min(LONGEST_PAUSE);
    let chosen = FIRST_PAUSE / 2.0 + js_sys::Math::random() * longest;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 250 and 31,000")]
    let milliseconds = chosen as u32;
    milliseconds
}
