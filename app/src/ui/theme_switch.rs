//! Light, dark, or as the device says: three buttons of a plain form, so that it works without a script.
//! The server keeps the answer in a cookie and writes `data-theme` on the page; without one the system decides.

use leptos::prelude::*;

use super::attribute::present;
use super::icon::{Icon, IconName};
use crate::t;

/// See the module.
#[component]
pub fn ThemeSwitch(
    /// "system", "light" or "dark".
    #[prop(default = "system".to_owned(), into)]
    current: String,
    /// Where it posts `theme`.
    #[prop(default = "/theme".to_owned(), into)]
    action: String,
    /// The page to come back to, posted as `return_to`.
    #[prop(optional, into)]
    return_to: String,
) -> impl IntoView {
    let choices = [
        ("system", t!(ui.theme_system), IconName::Settings),
        ("light", t!(ui.theme_light), IconName::Sun),
        ("dark", t!(ui.theme_dark), IconName::Moon),
    ]
    .map(|(value, label, icon)| {
        let pressed = if current == value { "true" } else { "false" };
        view! {
            <button class="segment" type="submit" name="theme" value=value aria-pressed=pressed>
                <Icon name=icon />
                <span>{label}</span>
            </button>
        }
    });
    view! {
        <form class="theme-switch" method="post" action=action>
            {present(return_to).map(|page| view! { <input type="hidden" name="return_to" value=page /> })}
            <fieldset>
                <legend class="visually-hidden">{t!(ui.theme)}</legend>
                <div class="segments">{choices.into_iter().collect::<Vec<_>>()}</div>
            </fieldset>
        </form>
    }
}
