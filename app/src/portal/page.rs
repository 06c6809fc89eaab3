//! What every page shares whatever its portal: the theme, the focus after a change of page, and a frame for pages without one.
//! It draws no navigation.

use leptos::prelude::*;
use leptos_meta::Body;
use leptos_router::hooks::use_location;

use super::Part;
use crate::browser;
use crate::server::PublicOrigin;
use crate::ui::{SiteHeader, use_announcer};

/// The theme that the visitor chose; nothing leaves it to the device.
#[must_use]
pub fn theme() -> Option<&'static str> {
    #[cfg(feature = "ssr")]
    match crate::server::cookie("caresync-theme").as_deref() {
        Some("light") => return Some("light"),
        Some("dark") => return Some("dark"),
        _ => {}
    }
    None
}

/// The path of the page that was shown last, whatever part it came in.
#[derive(Clone, Copy)]
struct ShownLast(StoredValue<Option<String>>);

/// Lets [`follow_pages`] know where somebody comes from; call it above all parts.
pub fn provide_shown_last() {
    provide_context(ShownLast(StoredValue::new(None)));
}

/// After a change of page by script, moves the focus to the new heading and says the new title: browsers do both by themselves
/// only when they load a page. Call it once in a portal's frame, with the part whose pages the frame shows: what comes in another
/// part is followed by the frame there.
pub fn follow_pages(part: Part) {
    let path = use_location().pathname;
    let announcer = use_announcer();
    let Some(ShownLast(last)) = use_context() else { return };
    Effect::new(move |followed: Option<bool>| {
        let now = path.get();
        if Part::at(&now) != part {
            return followed.unwrap_or_default();
        }
        let before = last.get_value();
        last.set_value(Some(now.clone()));
        if before.is_some_and(|before| before != now) {
            announcer.clear();
            // A frame that has just come has its own heading in it already.
            browser::focus_heading(followed.is_none(), move |title| announcer.polite(title));
        }
        true
    });
}

/// A page that belongs to no portal.
#[component]
pub fn StandAlone(
    /// The page.
    children: Children,
) -> impl IntoView {
    view! {
        <Body attr:class="portal-patient" />
        <SiteHeader home="/">""</SiteHeader>
        <main id="main" tabindex="-1">{children()}</main>
    }
}

/// Scheme and host under which the world finds this house.
#[derive(Clone)]
struct Origin(Option<String>);

/// Makes the public address known to everything beneath; the server tells the browser in the page.
pub fn provide_origin() {
    let origin = SharedValue::new(|| use_context::<PublicOrigin>().map(|origin| origin.0)).into_inner();
    provide_context(Origin(origin));
}

/// The address under which the world finds a page, if the house has one.
#[must_use]
pub fn public_url(path: &str) -> Option<String> {
    let Origin(origin) = use_context()?;
    origin.map(|origin| format!("{origin}{path}"))
}
