//! The shape of what is coming, for changes of page that take longer than a moment.
//! Pages are rendered on the server first, so nobody sees it on a first visit.

use leptos::prelude::*;

use crate::t;

/// What is coming.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SkeletonShape {
    /// Lines of text.
    #[default]
    Text,
    /// Cards of a list.
    Cards,
    /// Rows of a table.
    Rows,
}

/// See the module.
#[component]
pub fn Skeleton(
    /// What is coming.
    #[prop(optional)]
    shape: SkeletonShape,
    /// How many of them.
    #[prop(default = 3)]
    lines: u32,
) -> impl IntoView {
    let class = match shape {
        SkeletonShape::Text => "skeleton skeleton-text",
        SkeletonShape::Cards => "skeleton skeleton-cards",
        SkeletonShape::Rows => "skeleton skeleton-rows",
    };
    let lines: Vec<_> = (0..lines).map(|_| view! { <span class="skeleton-line"></span> }).collect();
    view! {
        <div class=class aria-busy="true">
            <span class="visually-hidden">{t!(common.loading)}</span>
            {lines}
        </div>
    }
}
