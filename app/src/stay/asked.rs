//! The question of an open page before its session ends, and the cover when it has ended.
//! It stands once beneath all pages, for whoever is signed in, and lives as long as the page that was loaded.

use std::sync::{Arc, Mutex, PoisonError};

use domain::ids::AccountId;
use domain::sign_ins::{IDLE_MINUTES, STAFF_IDLE_MINUTES};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api::{session_left, session_over, stay_signed_in};
use super::sign_in_again;
use super::watch::{Next, WARN, Watch};
use crate::browser;
use crate::live::use_live;
use crate::portal::use_viewer;
use crate::t;

/// The id of the question's element.
const DIALOG: &str = "stay-signed-in";
/// Seconds until a page that could not reach the server asks again.
const AGAIN: f64 = 5.0;
/// Seconds that a page waits for what another tab may have sent.
const ELSEWHERE: f64 = 2.0;
/// Seconds that it waits for the answer to what it has sent itself.
const ANSWER: f64 = 30.0;
/// The longest that a page waits without looking at its clock: a computer may sleep meanwhile.
const LONGEST: f64 = 600.0;

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Nothing,
    /// The question, with the seconds that are left.
    Question(u32),
    /// The page is covered until the browser has left it.
    Over,
}

#[cfg(feature = "ssr")]
fn left() -> Option<u32> {
    crate::server::seconds_left()
}

#[cfg(not(feature = "ssr"))]
fn left() -> Option<u32> {
    None
}

/// See the module.
#[component]
pub fn StaySignedIn() -> impl IntoView {
    let left = SharedValue::new(left).into_inner();
    let viewer = use_viewer();
    let asks = viewer.principal().zip(left);
    asks.map(|(principal, left)| {
        let (viewer, employed) = (principal.account_id, principal.is_employed());
        let minutes = if employed { STAFF_IDLE_MINUTES } else { IDLE_MINUTES };
        view! {
            // For whom nobody can ask: shown where there are no scripts.
            <p class="stay-note">{t!(stay.note, count = minutes)}</p>
            <Question viewer left />
        }
    })
}

#[derive(Clone)]
struct Session {
    viewer: AccountId,
    watch: Arc<Mutex<Watch>>,
    shown: RwSignal<Shown>,
    /// Whether the page could not be left yet: then there is a way by hand.
    stuck: RwSignal<bool>,
    /// Whether nothing puts the end off any more: the half day is over.
    last: RwSignal<bool>,
    /// Whether somebody has read that, and uses the time that is left.
    read: RwSignal<bool>,
}

impl Session {
    fn with<T>(&self, act: impl FnOnce(&mut Watch) -> T) -> T {
        act(&mut self.watch.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Tells the server that somebody is there.
    fn stay(self) {
        spawn_local(async move {
            if let Ok(left) = stay_signed_in(self.viewer).await {
                self.last.set(left.is_some_and(|left| f64::from(left) <= WARN));
                self.heard(left).await;
            }
        });
    }

    /// Waits for the answers to forms that end all sessions, and begin a new one.
    async fn answered() {
        let lost = browser::seconds();
        let is_new = |at: f64| (0.0..ANSWER).contains(&(browser::seconds() - at));
        browser::pause(ELSEWHERE).await;
        while is_new(lost) && browser::sent_at().is_some_and(is_new) {
            browser::pause(1.0).await;
        }
    }

    /// Asks how long the session lasts; for when something happened that may have ended it.
    fn look(self) {
        spawn_local(async move {
            if let Ok(left) = session_left(self.viewer).await {
                self.heard(left).await;
            }
        });
    }

    async fn heard(&self, left: Option<u32>) {
        match left {
            Some(left) => {
                self.with(|watch| watch.lasts(browser::seconds(), left));
                if f64::from(left) > WARN {
                    // In another tab its owner has signed in anew: the next end is asked about again.
                    self.last.set(false);
                    self.read.set(false);
                    self.show(Shown::Nothing);
                }
            }
            None => self.leave().await,
        }
    }

    fn show(&self, next: Shown) {
        if self.shown.get_untracked() != next && self.shown.get_untracked() != Shown::Over {
            self.shown.set(next);
        }
    }

    /// Covers the page, keeps what was typed on it for its owner, and leads to the page of signing in.
    async fn leave(&self) {
        if self.shown.get_untracked() == Shown::Over {
            // It is being left already.
            return browser::pause(AGAIN).await;
        }
        self.show(Shown::Over);
        loop {
            let (form, values) = browser::typed_form();
            match session_over(self.viewer, form, values).await {
                Ok(true) => {
                    browser::leave_for(sign_in_again);
                    return browser::pause(AGAIN).await;
                }
                // It goes on after all, under the same name: another tab has signed in again.
                Ok(false) => return self.shown.set(Shown::Nothing),
                Err(_) => self.stuck.set(true),
            }
            browser::pause(AGAIN).await;
        }
    }

    /// Goes along until the session is over.
    async fn follow(self) {
        loop {
            match self.with(|watch| watch.next(browser::seconds())) {
                Next::Wait(seconds) => {
                    self.show(Shown::Nothing);
                    browser::pause(seconds.min(LONGEST)).await;
                }
                Next::Ask(seconds) => {
                    self.show(Shown::Question(seconds));
                    browser::pause(1.0).await;
                }
                Next::Look => match session_left(self.viewer).await {
                    Ok(Some(0)) => browser::pause(1.0).await,
                    Ok(left) => self.heard(left).await,
                    // Without the server nothing is over yet, and nothing of the page leaves it.
                    Err(_) => browser::pause(AGAIN).await,
                },
            }
        }
    }
}

#[component]
fn Question(viewer: AccountId, left: u32) -> impl IntoView {
    let shown = RwSignal::new(Shown::Nothing);
    let watch = Arc::new(Mutex::new(Watch::new(browser::seconds(), left)));
    let (stuck, last, read) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let session = StoredValue::new(Session { viewer, watch, shown, stuck, last, read });
    let live = use_live();
    Effect::new(move |_| {
        browser::when_used(move || {
            let session = session.get_value();
            let calm = shown.get_untracked() == Shown::Nothing;
            if calm && session.with(|watch| watch.should_note(browser::seconds())) {
                session.stay();
            }
        });
        spawn_local(session.get_value().follow());
    });
    // Whoever was signed out in another tab hears no news any more. What is sent from this browser, such as a new password, ends all
    // sessions as well and begins a new one here: while the page with that answer is on its way, this one must not leave.
    Effect::new(move |before: Option<u32>| {
        let losses = live.losses();
        if before.is_some_and(|before| before != losses) {
            spawn_local(async move {
                Session::answered().await;
                // The page may have gone meanwhile.
                if let Some(session) = session.try_get_value() {
                    session.look();
                }
            });
        }
        losses
    });
    Effect::new(move |_| match shown.get() {
        Shown::Nothing => browser::close_dialog(DIALOG),
        Shown::Question(_) if last.get() && read.get() => browser::close_dialog(DIALOG),
        Shown::Question(_) | Shown::Over => browser::open_dialog(DIALOG),
    });
    let covered = move || shown.get() == Shown::Over;
    let text = move || match (covered(), last.get()) {
        (true, _) => t!(stay.over_text),
        (false, true) => t!(stay.last),
        (false, false) => t!(stay.text),
    };
    let title = move || match (covered(), last.get()) {
        (true, _) => t!(stay.ended_title),
        (false, true) => t!(stay.last_title),
        (false, false) => t!(stay.title),
    };
    let clock = move || match shown.get() {
        Shown::Question(seconds) => format!("{}:{:02}", seconds / 60, seconds % 60),
        Shown::Nothing | Shown::Over => String::new(),
    };
    view! {
        <dialog
            class="dialog stay"
            class:stay-over=covered
            id=DIALOG
            role="alertdialog"
            aria-labelledby="stay-title"
            aria-describedby="stay-text stay-clock"
            // Escape says that somebody is there.
            on:cancel=move |event: leptos::ev::Event| {
                event.prevent_default();
                if last.get_untracked() {
                    read.set(true);
                } else if !covered() {
                    session.get_value().stay();
                }
            }
        >
            <h2 class="dialog-title" id="stay-title" tabindex="-1" autofocus>
                {title}
            </h2>
            <p id="stay-text" aria-live="polite">
                {text}
            </p>
            <p class="stay-clock" id="stay-clock" role="timer" aria-live="off" hidden=covered>
                {clock}
            </p>
            <p hidden=move || !stuck.get()>
                <a href="/sign-in?ended=1" rel="external">
                    {t!(shell.sign_in)}
                </a>
            </p>
            <form method="post" action="/sign-out" hidden=covered>
                // Plain buttons: this stands in the part that every page loads, and the component would draw more along than it is worth.
                <div class="button-row">
                    // One button, so that the focus stays where it is when nothing puts the end off.
                    <button
                        class="button button-primary"
                        type="button"
                        on:click=move |_| {
                            if last.get_untracked() { read.set(true) } else { session.get_value().stay() }
                        }
                    >
                        {move || if last.get() { t!(stay.go_on) } else { t!(stay.stay) }}
                    </button>
                    <button class="button button-secondary" type="submit">
                        {t!(shell.sign_out)}
                    </button>
                </div>
            </form>
        </dialog>
    }
}
