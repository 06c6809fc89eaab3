//! The style guide: every component in its states, on one page.
//! It is served in development builds only, so its sample words are not in the catalogue.

mod content;
mod forms;
mod journey;
mod signature;

use leptos::prelude::*;

use crate::t;
use crate::ui::PageHeader;

/// Every component in its states.
#[component]
pub fn StyleguidePage() -> impl IntoView {
    view! {
        <div class="page page-wide stack">
            <PageHeader title=t!(styleguide.title) lead=t!(styleguide.lead) eyebrow=t!(common.app_name) />
            {signature::samples()}
            {content::samples()}
            {forms::samples()}
            {journey::samples()}
        </div>
    }
}

/// One chapter of the guide.
#[component]
pub(crate) fn Chapter(
    /// Its heading.
    title: &'static str,
    /// Its samples.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="stack styleguide-chapter">
            <h2 class="section-title">{title}</h2>
            {children()}
        </section>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use leptos::prelude::*;

    use super::StyleguidePage;
    use crate::ui::OfflinePage;

    fn page<V: IntoView + 'static>(view: impl FnOnce() -> V) -> String {
        let owner = Owner::new();
        owner.with(|| view().to_html())
    }

    #[test]
    fn the_guide_shows_every_component_without_inline_styles() {
        let html = page(|| view! { <StyleguidePage /> });
        for class in ["button-primary", "form-errors", "day-line", "table", "dialog", "panel", "empty-state"]
        {
            assert!(html.contains(class), "{class} is missing");
        }
        assert!(!html.contains("style="), "the content security policy forbids inline styles");
        assert_eq!(
            html.matches("<h1").count(),
            3,
            "the heading, and those of the panel and of the offline page"
        );
    }

    #[test]
    fn ids_are_unique() {
        let html = page(|| view! { <StyleguidePage /> });
        let mut ids: Vec<&str> =
            html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }

    #[test]
    fn the_offline_page_says_what_to_do() {
        let html = page(|| view! { <OfflinePage /> });
        assert!(html.contains("You are offline"));
        assert!(html.contains("emergency"));
    }
}
