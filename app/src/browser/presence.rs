//! Whether somebody is there: what is done on a page, what was typed into it, the question before it is left, and leaving it.
//! It decides nothing; `stay` does.

use std::cell::{Cell, RefCell};

use gloo_timers::future::TimeoutFuture;
use leptos::ev;
use leptos::prelude::{document, window, window_event_listener};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, FormData, HtmlDialogElement, HtmlFormElement};

use super::address;

/// What is never kept of a form: secrets, also while they are looked at, and files.
pub(super) const SECRETS: &str =
    "[type=password], [type=file], [autocomplete*=password], [autocomplete=one-time-code]";

thread_local! {
    /// When the page sent a form whose answer is a page that takes its place.
    static SENT: Cell<Option<f64>> = const { Cell::new(None) };
    static TYPED: RefCell<Option<HtmlFormElement>> = const { RefCell::new(None) };
}

/// Calls when somebody does something with the page, and remembers where something was typed, and when a form was sent.
pub fn when_used(act: impl Fn() + Clone + 'static) {
    let acts = [act.clone(), act.clone(), act];
    let [pointed, pressed, scrolled] = acts;
    window_event_listener(ev::pointerdown, move |_| pointed());
    window_event_listener(ev::keydown, move |_| pressed());
    window_event_listener(ev::wheel, move |_| scrolled());
    window_event_listener(ev::submit, |event| {
        if !event.default_prevented() {
            SENT.set(Some(seconds()));
        }
    });
    // Shown again by "back", it waits for nothing.
    window_event_listener(ev::pageshow, |event| {
        if event.persisted() {
            SENT.set(None);
        }
    });
    window_event_listener(ev::input, |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let form = target.and_then(|field| field.closest("form[method=post]").ok().flatten());
        if let Some(form) = form.and_then(|form| form.dyn_into().ok()) {
            TYPED.with(|typed| typed.replace(Some(form)));
        }
    });
}

/// When a form was sent whose answer is a page that takes this one's place.
pub fn sent_at() -> Option<f64> {
    SENT.get()
}

/// The form into which something was typed last, if it still stands on the page: where it goes, and what stands in it.
pub fn typed_form() -> (String, Vec<(String, String)>) {
    let form = TYPED.with(|typed| typed.borrow().clone()).filter(|form| form.is_connected());
    form.and_then(|form| Some((form.get_attribute("action")?, values(&form)))).unwrap_or_default()
}

fn values(form: &HtmlFormElement) -> Vec<(String, String)> {
    // What the page puts there by itself is not kept either.
    let not_kept = format!("input:is([type=hidden], {SECRETS})");
    let mut hidden = Vec::new();
    if let Ok(fields) = form.query_selector_all(&not_kept) {
        for at in 0..fields.length() {
            let field = fields.get(at).and_then(|field| field.dyn_into::<Element>().ok());
            hidden.extend(field.and_then(|field| field.get_attribute("name")));
        }
    }
    let Ok(data) = FormData::new_with_form(form) else { return Vec::new() };
    let pair = |entry: JsValue| {
        let entry = js_sys::Array::from(&entry);
        Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
    };
    let entries = data.entries().into_iter().filter_map(|entry| pair(entry.ok()?));
    entries.filter(|(name, value)| !hidden.contains(name) && !value.is_empty()).collect()
}

/// Seconds of a clock that goes on while the computer sleeps.
pub fn seconds() -> f64 {
    js_sys::Date::now() / 1000.0
}

/// Waits.
pub async fn pause(seconds: f64) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and ten minutes")]
    TimeoutFuture::new((seconds.clamp(0.0, 600.0) * 1000.0) as u32).await;
}

fn dialog(id: &str) -> Option<HtmlDialogElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Opens a dialog above everything, if it is not open.
pub fn open_dialog(id: &str) {
    if let Some(dialog) = dialog(id).filter(|dialog| !dialog.open()) {
        let _ = dialog.show_modal();
    }
}

/// Closes it, if it is open; the focus goes back to where it was.
pub fn close_dialog(id: &str) {
    if let Some(dialog) = dialog(id).filter(HtmlDialogElement::open) {
        dialog.close();
    }
}

/// Leaves the page for another, so that "back" does not show it.
pub fn leave_for(page: impl FnOnce(&str) -> String) {
    let _ = window().location().replace(&page(&address()));
}
