//! An e-mail address that may go over two lines, but only where a reader would break it: after the @ and after a point.
//! It is no link.

use leptos::prelude::*;

/// See the module.
#[component]
pub fn EmailText(
    /// The address.
    #[prop(into)]
    address: String,
) -> impl IntoView {
    let parts: Vec<_> = address
        .split_inclusive(['@', '.'])
        .map(|part| {
            view! {
                {part.to_owned()}
                <wbr />
            }
        })
        .collect();
    view! { <span class="break-anywhere" translate="no">{parts}</span> }
}
