//! Finding a doctor by name in a list that has grown long: the field above it, and how many were found.
//! What is looked for stands in the address. It reads nothing, and the list is the page's own; the patients' search is in `patient`.

use domain::text::search_form;
use leptos::prelude::*;
use leptos_router::components::Form as RouteForm;

use crate::portal::hospital::href;
use crate::portal::without_nameless;
use crate::t;
use crate::ui::{ButtonKind, EmptyState, IconName, LinkButton, SearchField};

/// What is looked for, in the address.
pub const SOUGHT: &str = "q";

/// So many doctors are seen at a glance.
const AT_A_GLANCE: usize = 8;

/// Those of a list who are called that: each word that was typed is somewhere in the name, whatever its accents.
pub fn called<T>(all: Vec<T>, sought: &str, name: impl Fn(&T) -> &str) -> Vec<T> {
    let sought = search_form(sought);
    let words: Vec<&str> = sought.split(' ').collect();
    let is_called = |one: &T| {
        let name = search_form(name(one));
        words.iter().all(|word| name.contains(*word))
    };
    all.into_iter().filter(is_called).collect()
}

/// The field, once the list is long or somebody is looked for; see the module.
#[component]
pub fn DoctorsByName(
    /// The address of the page.
    path: String,
    /// What is looked for.
    sought: String,
    /// How many doctors are called that.
    found: usize,
    /// How many there are.
    all: usize,
    /// What else stands in the address and stays there.
    #[prop(optional)]
    kept: Vec<(&'static str, String)>,
) -> impl IntoView {
    if all <= AT_A_GLANCE && sought.is_empty() {
        return ().into_any();
    }
    let values: Vec<(&str, &str)> = kept.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let everybody = href(&path, &values);
    let count = if sought.is_empty() {
        t!(doctors_by_name.all, count = all)
    } else {
        t!(doctors_by_name.found, found = found, all = all)
    };
    let hidden: Vec<_> = kept
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect();
    let nobody = (found == 0).then(|| {
        view! {
            <EmptyState icon=IconName::Search text=t!(doctors_by_name.nobody)>
                // Loaded anew, so that the field is empty again as well.
                <LinkButton href=everybody kind=ButtonKind::Secondary attr:rel="external">
                    {t!(doctors_by_name.everybody)}
                </LinkButton>
            </EmptyState>
        }
    });
    view! {
        <RouteForm
            method="get"
            action=path
            noscroll=true
            on_form_data=without_nameless()
            attr:class="measure"
            attr:role="search"
            attr:aria-label=t!(doctors_by_name.form)
        >
            {hidden}
            <SearchField label=t!(doctors_by_name.label) name=SOUGHT value=sought />
        </RouteForm>
        <p class="muted" role="status">
            {count}
        </p>
        {nobody}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::called;

    fn found(sought: &str) -> Vec<String> {
        let all = ["Dr. José Øster", "Dr. Anna Lindqvist", "Dr. Anna Østergaard"];
        called(all.map(str::to_owned).into(), sought, String::as_str)
    }

    #[test]
    fn every_word_is_somewhere_in_the_name() {
        assert_eq!(found("anna"), ["Dr. Anna Lindqvist", "Dr. Anna Østergaard"]);
        assert_eq!(found(" oster  anna "), ["Dr. Anna Østergaard"]);
        assert_eq!(found("JOSE"), ["Dr. José Øster"]);
        assert!(found("annabel").is_empty());
    }

    #[test]
    fn nothing_typed_finds_everybody() {
        assert_eq!((found("").len(), found("  ").len()), (3, 3));
    }
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod page_tests {
    use leptos_router::components::Router;
    use leptos_router::location::RequestUrl;

    use super::*;

    fn page(sought: &str, found: usize, all: usize) -> String {
        let (path, sought) = ("/here".to_owned(), sought.to_owned());
        Owner::new().with(|| {
            provide_context(RequestUrl::new("/here"));
            let shown = move || {
                let kept = vec![("name", "Ada".to_owned()), ("date", String::new())];
                view! { <DoctorsByName path sought found all kept /> }
            };
            view! { <Router>{shown()}</Router> }.to_html()
        })
    }

    #[test]
    fn a_short_list_has_no_field_unless_somebody_is_looked_for() {
        assert!(!page("", 8, 8).contains("name=\"q\""));
        assert!(page("", 9, 9).contains("name=\"q\""));
        assert!(page("Ada", 1, 8).contains("name=\"q\""));
    }

    #[test]
    fn what_was_typed_and_what_else_was_asked_stay() {
        let html = page("Lind", 2, 24);
        for kept in ["value=\"Lind\"", "name=\"name\"", "value=\"Ada\""] {
            assert!(html.contains(kept), "{kept}: {html}");
        }
        assert!(!html.contains("name=\"date\""), "{html}");
        assert!(html.contains(&t!(doctors_by_name.found, found = 2, all = 24)), "{html}");
        assert!(!html.contains(t!(doctors_by_name.nobody)));
    }

    #[test]
    fn nobody_of_that_name_leads_back_to_all() {
        let html = page("Nemo", 0, 24);
        assert!(
            html.contains(t!(doctors_by_name.nobody)) && html.contains("href=\"/here?name=Ada\""),
            "{html}"
        );
        assert!(html.contains("value=\"Nemo\""), "{html}");
    }
}
