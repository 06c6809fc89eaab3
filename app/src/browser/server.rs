//! The server's twin of the browser's abilities: there is no browser, so nothing happens.
//! It must have every name that `client`, `post`, `presence`, `renewal` and `socket` export.

use leptos::ev::SubmitEvent;

use crate::server::AppError;

/// Does nothing.
pub fn listen(_on_change: impl Fn() + 'static, _on_loss: impl Fn() + 'static) {}

/// There is no socket.
pub fn watch(_doctor: domain::ids::DoctorId) {}

/// There is no socket.
pub fn unwatch(_doctor: domain::ids::DoctorId) {}

/// Does nothing.
pub fn focus_heading(_is_there: bool, _when_found: impl FnOnce(String) + 'static) {}

/// Does nothing.
pub fn every_half_minute(_tick: impl Fn(jiff::Timestamp) + 'static) {}

/// Nobody holds anything.
pub fn keep_in_hand(_same_page: bool) {}

/// The server knows the address from the request.
pub fn address() -> String {
    String::new()
}

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

/// Nobody sends anything.
pub fn fields(_event: &SubmitEvent) -> Option<String> {
    None
}

/// Nobody types.
pub fn emptied(_event: &SubmitEvent) -> impl FnOnce() + 'static {
    || ()
}

/// Nobody answers.
#[expect(clippy::unused_async, reason = "the browser's twin waits")]
pub async fn post(_url: &str, _fields: String) -> (Result<(), AppError>, Option<String>) {
    (Err(AppError::Network), None)
}

/// A server goes nowhere.
pub fn go_to(_page: &str) {}

/// There is no paper.
pub fn print_page() {}

/// A page on the server is text.
#[expect(clippy::unused_async, reason = "the browser's twin waits")]
pub async fn come_alive() {}

/// Nobody does anything.
pub fn when_used(_act: impl Fn() + Clone + 'static) {}

/// Nothing was sent.
pub fn sent_at() -> Option<f64> {
    None
}

/// Nothing was typed.
pub fn typed_form() -> (String, Vec<(String, String)>) {
    <_>::default()
}

/// Nothing takes time here.
pub fn seconds() -> f64 {
    0.0
}

/// Does not wait.
#[expect(clippy::unused_async, reason = "the browser's twin waits")]
pub async fn pause(_seconds: f64) {}

/// Does nothing.
pub fn open_dialog(_id: &str) {}

/// Does nothing.
pub fn close_dialog(_id: &str) {}

/// Stays.
pub fn leave_for(_page: impl FnOnce(&str) -> String) {}

/// Nothing has the focus.
pub fn focus_on(_id: &str) {}

/// Nothing has the focus.
pub fn has_focus(_id: &str) -> bool {
    false
}

/// There is no pointer.
pub fn mark_under(_at: (i32, i32)) -> Option<usize> {
    None
}

/// There is no pointer.
pub fn hold_pointer(_id: &str, _pointer: i32) {}
