//! One free time that can be chosen, among others of the same name.
//! The choice is kept by its value: when the times are read again because one of them was taken, a browser would otherwise leave
//! the mark on the same place in the list, where another time stands by then.

use domain::time::Moment;
use leptos::prelude::*;

use crate::browser;
use crate::i18n::time;
use crate::t;

const NAME: &str = "start";

/// What is chosen on this page: by whoever was faster than the scripts, or before.
#[must_use]
pub fn use_choice(before: impl FnOnce() -> String) -> RwSignal<String> {
    RwSignal::new(browser::chosen(NAME).unwrap_or_else(before))
}

/// See the module.
#[component]
pub fn TimeChoice(
    /// When it begins.
    start: Moment,
    /// What is chosen now.
    chosen: RwSignal<String>,
    /// Where a link to the field leads; made of the time when not given.
    #[prop(optional_no_strip)]
    id: Option<String>,
    /// It was free a moment ago and is no longer.
    #[prop(optional)]
    taken: bool,
    /// How many places are left, where several may come.
    #[prop(optional_no_strip)]
    left: Option<i64>,
    /// Asks the browser to insist on a choice.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let value = start.to_string();
    let id = id.unwrap_or_else(|| format!("start-{}", start.at().as_second()));
    let target = id.clone();
    let first = chosen.with_untracked(|chosen| *chosen == value);
    let (own, pressed) = (value.clone(), value.clone());
    let places = left.filter(|_| !taken).map(|left| {
        let words = t!(booking.places_left, count = left.unsigned_abs());
        view! { <span class="radio-left small">{words}</span> }
    });
    view! {
        <label class="radio" for=target>
            <input
                id=id
                type="radio"
                name=NAME
                value=value
                checked=first
                required=required
                prop:checked=move || chosen.with(|chosen| *chosen == own)
                disabled=taken
                on:change=move |_| chosen.set(pressed.clone())
            />
            <span class="radio-text">
                <span class="radio-label time">{time(start.local().time())}</span>
                {taken.then(|| view! { <span class="radio-taken small">{t!(booking.taken)}</span> })}
                {places}
            </span>
        </label>
    }
}
