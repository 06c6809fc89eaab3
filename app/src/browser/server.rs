//! The server's twin of the browser's abilities: there is no browser, so nothing happens.
//! It must have every name that `client` and `socket` export.

/// Does nothing.
pub fn listen(_on_change: impl Fn() + 'static) {}

/// Does nothing.
pub fn focus_heading(_when_found: impl FnOnce(String) + 'static) {}

/// Does nothing.
pub fn every_half_minute(_tick: impl Fn(jiff::Timestamp) + 'static) {}

/// Nothing has the focus.
pub fn keep_focus() {}

/// Nobody has chosen yet.
pub fn chosen(_name: &str) -> Option<String> {
    None
}

/// Nothing was sent yet.
pub fn title_sent() -> String {
    String::new()
}

/// Nothing has the focus.
pub fn focus_problems() {}

/// There is no paper.
pub fn print_page() {}

/// A page on the server is text.
#[expect(clippy::unused_async, reason = "the browser's twin waits")]
pub async fn come_alive() {}
