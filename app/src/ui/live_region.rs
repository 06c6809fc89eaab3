//! What is said to a screen reader without moving the focus: one polite and one assertive region for the whole page.
//! They stand empty in the page from the start, because a region that arrives with its text is not read.

use leptos::prelude::*;

/// Speaks through the regions; get it with [`use_announcer`].
#[derive(Clone, Copy)]
pub struct Announcer {
    polite: RwSignal<String>,
    assertive: RwSignal<String>,
}

impl Announcer {
    /// Says it when the reader has finished speaking.
    pub fn polite(&self, text: impl Into<String>) {
        say(self.polite, text.into());
    }

    /// Interrupts; only for what cannot wait.
    pub fn assertive(&self, text: impl Into<String>) {
        say(self.assertive, text.into());
    }

    /// Empties both, as at a change of page.
    pub fn clear(&self) {
        self.polite.set(String::new());
        self.assertive.set(String::new());
    }
}

/// The same words twice are no change and would stay silent, so every second time ends in a blank.
fn say(region: RwSignal<String>, text: String) {
    region.update(|current| {
        let repeated = *current == text;
        *current = text;
        if repeated {
            current.push('\u{a0}');
        }
    });
}

/// Makes the announcer known to everything beneath; call it in the shell.
pub fn provide_announcer() -> Announcer {
    let announcer = Announcer { polite: RwSignal::default(), assertive: RwSignal::default() };
    provide_context(announcer);
    announcer
}

/// The announcer of the page; one that nobody hears where the shell has none.
#[must_use]
pub fn use_announcer() -> Announcer {
    use_context::<Announcer>()
        .unwrap_or_else(|| Announcer { polite: RwSignal::default(), assertive: RwSignal::default() })
}

/// The two regions.
#[component]
pub fn LiveRegions() -> impl IntoView {
    let announcer = use_announcer();
    view! {
        <div class="visually-hidden" id="live-polite" role="status" aria-live="polite" aria-atomic="true">
            {move || announcer.polite.get()}
        </div>
        <div class="visually-hidden" id="live-assertive" role="alert" aria-live="assertive" aria-atomic="true">
            {move || announcer.assertive.get()}
        </div>
    }
}
