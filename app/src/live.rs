//! One signal that grows when something on screen may be stale; pages make it a source of their resources and read again.
//! It says that something changed, never what: whoever reads again does so with own rights. Nothing is polled.
//!
//! ```ignore
//! let live = use_live();
//! let visits = Resource::new(move || live.version(), |_| my_visits());
//! ```

use leptos::prelude::*;

use crate::browser;

/// Grows with every change that this browser is told of.
#[derive(Clone, Copy, Debug)]
pub struct LiveVersion(RwSignal<u32>);

impl LiveVersion {
    /// The version now; whoever reads it in a reactive place is run again when it grows.
    #[must_use]
    pub fn version(self) -> u32 {
        self.0.get()
    }
}

/// Opens the tab's one socket when somebody is signed in, and makes the signal known to everything beneath.
pub fn provide_live(signed_in: bool) {
    let version = RwSignal::new(0);
    provide_context(LiveVersion(version));
    if signed_in {
        // An effect runs in a browser only, and only after the page is alive.
        Effect::new(move |_| {
            browser::listen(move || version.update(|number| *number = number.wrapping_add(1)));
        });
    }
}

/// The signal; one that never grows where the frame has none.
#[must_use]
pub fn use_live() -> LiveVersion {
    use_context().unwrap_or_else(|| LiveVersion(RwSignal::new(0)))
}
