//! One signal that grows when something on screen may be stale; pages make it a source of their resources and read again.
//! It says that something changed, never what: whoever reads again does so with own rights. Nothing is polled.
//!
//! ```ignore
//! let live = use_live();
//! let visits = Reading::new(move || live.version(), |_| my_visits());
//! ```

use domain::ids::DoctorId;
use leptos::prelude::*;

use crate::browser;

/// Grows with every change that this browser is told of.
#[derive(Clone, Copy, Debug)]
pub struct LiveVersion {
    version: RwSignal<u32>,
    losses: RwSignal<u32>,
}

impl LiveVersion {
    /// The version now; whoever reads it in a reactive place is run again when it grows.
    #[must_use]
    pub fn version(self) -> u32 {
        self.version.get()
    }

    /// How often the connection was lost: the network may be gone, or the right to hear.
    #[must_use]
    pub fn losses(self) -> u32 {
        self.losses.get()
    }

    fn still() -> Self {
        Self { version: RwSignal::new(0), losses: RwSignal::new(0) }
    }
}

/// Opens the tab's one socket when somebody is signed in, and makes the signal known to everything beneath.
pub fn provide_live(signed_in: bool) {
    let live = LiveVersion::still();
    provide_context(live);
    if signed_in {
        // An effect runs in a browser only, and only after the page is alive.
        Effect::new(move |_| {
            let grow = |signal: RwSignal<u32>| signal.update(|number| *number = number.wrapping_add(1));
            browser::listen(move || grow(live.version), move || grow(live.losses));
        });
    }
}

/// Lets the signal grow when the times of a doctor change as well, for as long as the page shows them; call it once in the page. Whoever
/// is not signed in has no socket: she finds out when she books.
pub fn watch_times(doctor: impl Fn() -> Option<DoctorId> + 'static) {
    let watched = StoredValue::new(None);
    Effect::new(move |_| {
        let doctor = doctor();
        if let Some(doctor) = doctor {
            browser::watch(doctor);
        }
        watched.set_value(doctor);
    });
    on_cleanup(move || {
        if let Some(doctor) = watched.try_get_value().flatten() {
            browser::unwatch(doctor);
        }
    });
}

/// The signal; one that never grows where the frame has none.
#[must_use]
pub fn use_live() -> LiveVersion {
    use_context().unwrap_or_else(LiveVersion::still)
}
