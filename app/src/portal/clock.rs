//! Now, as far as a page may say it: the server's instant of the request, kept up to date by the browser.
//! Rendering never reads a clock, so the server and the browser write the same page.

use jiff::Timestamp;
use leptos::prelude::*;

use crate::browser;

/// Now, or nothing where it is not known.
#[derive(Clone, Copy, Debug)]
struct Now(RwSignal<Option<Timestamp>>);

/// Makes now known to everything beneath.
pub fn provide_clock() {
    let now = RwSignal::new(SharedValue::new(request_time).into_inner());
    provide_context(Now(now));
    Effect::new(move |_| browser::every_half_minute(move |at| now.set(Some(at))));
}

/// Now; it moves on every half minute.
#[must_use]
pub fn use_now() -> Signal<Option<Timestamp>> {
    match use_context::<Now>() {
        Some(Now(now)) => now.into(),
        None => Signal::stored(None),
    }
}

#[cfg(feature = "ssr")]
fn request_time() -> Option<Timestamp> {
    use_context::<crate::server::RequestTime>().map(|time| time.0)
}

/// The browser's own clock, for a page that it makes without the server.
#[cfg(not(feature = "ssr"))]
#[expect(
    clippy::unnecessary_wraps,
    clippy::disallowed_methods,
    reason = "the twin on the server may know none; a browser has no other clock"
)]
fn request_time() -> Option<Timestamp> {
    Some(Timestamp::now())
}
