//! A card: one thing with a title, on a sheet of its own.
//! Whole-card links are one link stretched over the card, so a screen reader hears it once.

use leptos::prelude::*;

use super::attribute::{classes, present};
use super::tone::Tone;

/// One thing; see the module.
#[component]
pub fn Card(
    /// Its title.
    #[prop(optional, into)]
    title: String,
    /// The level of the title's heading, 2 to 4.
    #[prop(default = 2)]
    level: u8,
    /// Makes the title a link whose target is the whole card.
    #[prop(optional, into)]
    href: String,
    /// A coloured edge; say the same in words inside.
    #[prop(optional)]
    tone: Tone,
    /// At the far end of the title.
    #[prop(optional, into)]
    actions: ViewFnOnce,
    /// Before everything: a photo.
    #[prop(optional, into)]
    media: Option<ViewFnOnce>,
    /// What is on it.
    children: Children,
) -> impl IntoView {
    let class = classes(&[
        ("card", true),
        ("card-with-media", media.is_some()),
        ("card-link", !href.is_empty()),
        ("card-accent", tone == Tone::Accent),
        ("card-positive", tone == Tone::Positive),
        ("card-warning", tone == Tone::Warning),
        ("card-danger", tone == Tone::Danger),
    ]);
    let title = present(title).map(|title| {
        let words = match present(href) {
            Some(href) => view! { <a class="card-cover" href=href>{title}</a> }.into_any(),
            None => title.into_any(),
        };
        let heading = match level {
            3 => view! { <h3 class="card-title">{words}</h3> }.into_any(),
            4 => view! { <h4 class="card-title">{words}</h4> }.into_any(),
            _ => view! { <h2 class="card-title">{words}</h2> }.into_any(),
        };
        view! { <div class="card-head">{heading}<div class="card-actions">{actions.run()}</div></div> }
    });
    view! {
        <section class=class>
            {media.map(|media| view! { <div class="card-media">{media.run()}</div> })}
            <div class="card-body">
                {title}
                {children()}
            </div>
        </section>
    }
}

/// Cards in as many columns as fit.
#[component]
pub fn CardGrid(
    /// The cards.
    children: Children,
) -> impl IntoView {
    view! { <div class="card-grid">{children()}</div> }
}
