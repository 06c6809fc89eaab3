//! The focus after a change of page, and the browser's clock.
//! It holds no state of its own; the frames call it from effects.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::{document, request_animation_frame};
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Frames to wait for the heading of the next page: about five seconds.
const PATIENCE: u32 = 300;
/// Frames after which a heading that has not changed at all is taken for that of the next page too: about two seconds. Earlier it
/// may still be the old page, waiting for the data of the new one.
const SAME_HEADING: u32 = 120;

/// Moves the focus to the heading of the page that has just been asked for, once it is there, and hands on the page's title.
/// `is_there` says that the page before is gone, so that any heading is the new one.
pub fn focus_heading(is_there: bool, when_found: impl FnOnce(String) + 'static) {
    let before = if is_there { None } else { heading().map(|element| (element.text_content(), element)) };
    wait(before, 0, Box::new(when_found));
}

/// A heading and its words.
type Heading = (Option<String>, Element);

fn wait(before: Option<Heading>, frame: u32, when_found: Box<dyn FnOnce(String)>) {
    request_animation_frame(move || {
        // The next page may keep the element and change its words.
        let is_new = |element: &Element| {
            before.as_ref().is_none_or(|(words, old)| old != element || *words != element.text_content())
        };
        let now = heading().filter(|element| frame >= SAME_HEADING || is_new(element));
        match now.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            Some(element) => {
                let _ = element.focus();
                when_found(document().title());
            }
            None if frame < PATIENCE => wait(before, frame + 1, when_found),
            None => {}
        }
    });
}

fn heading() -> Option<Element> {
    document().query_selector("main h1").ok().flatten()
}

/// Which of the radio buttons of a name is chosen on the page as it stands: somebody may have chosen before the page came to life.
pub fn chosen(name: &str) -> Option<String> {
    let chosen = document().query_selector(&format!("input[name=\"{name}\"]:checked")).ok().flatten();
    chosen.and_then(|input| input.get_attribute("value"))
}

/// The address of the page, within the house and without the place on the page.
pub fn address() -> String {
    let location = leptos::prelude::window().location();
    format!("{}{}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default())
}

/// The title that stands in the document.
pub fn title_sent() -> String {
    document().title()
}

/// Moves the focus to the summary of a refused form, once it is there.
pub fn focus_problems() {
    seek_problems(0);
}

fn seek_problems(frame: u32) {
    request_animation_frame(move || {
        let summary = document().get_element_by_id("form-errors");
        match summary.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            Some(element) => {
                let _ = element.focus();
            }
            None if frame < PATIENCE => seek_problems(frame + 1),
            None => {}
        }
    });
}

/// Goes to another page; "back" leads here again, with what was typed.
pub fn go_to(page: &str) {
    let _ = leptos::prelude::window().location().assign(page);
}

/// Opens the browser's own window for printing.
pub fn print_page() {
    // A browser without one has nothing to open, and nobody to tell.
    let _ = leptos::prelude::window().print();
}

/// Marks the page as alive, after what its parts still had to do in this turn. From then on links are followed by script.
pub async fn come_alive() {
    TimeoutFuture::new(0).await;
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-alive", "");
    }
}

/// Tells the time at once and then every half minute, for marks of now; no data is read.
#[expect(
    clippy::disallowed_methods,
    reason = "a browser has no other clock, and only marks of now hang on it"
)]
pub fn every_half_minute(tick: impl Fn(jiff::Timestamp) + 'static) {
    thread_local! {
        static TICKING: Cell<bool> = const { Cell::new(false) };
    }
    if TICKING.replace(true) {
        return;
    }
    let tick = Rc::new(tick);
    spawn_local(async move {
        loop {
            tick(jiff::Timestamp::now());
            TimeoutFuture::new(30_000).await;
        }
    });
}

/// Moves the focus to an element by its id, once it is drawn.
pub fn focus_on(id: &str) {
    let id = id.to_owned();
    request_animation_frame(move || {
        let element = document().get_element_by_id(&id);
        if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// Whether an element has the focus.
pub fn has_focus(id: &str) -> bool {
    document().active_element().is_some_and(|element| element.id() == id)
}

/// The number of the mark of a free time that lies under a pointer.
#[expect(clippy::cast_precision_loss, reason = "no window is sixteen million pixels wide")]
pub fn mark_under((x, y): (i32, i32)) -> Option<usize> {
    // All that lies there: a visit may cover it.
    let found = document().elements_from_point(x as f32, y as f32);
    (0..found.length()).find_map(|index| {
        found.get(index).dyn_into::<Element>().ok()?.get_attribute("data-slot")?.parse().ok()
    })
}

/// Lets an element hear of a pointer until it is let go, wherever it goes meanwhile.
pub fn hold_pointer(id: &str, pointer: i32) {
    if let Some(element) = document().get_element_by_id(id) {
        // A pointer that is gone already need not be held.
        let _ = element.set_pointer_capture(pointer);
    }
}
