//! `/doctors`: who can be booked, soonest first, with the filters beside the list.
//! The address holds the whole question, so every answer can be kept as a link.

use domain::doctors::{DoctorCard, DoctorQuery};
use domain::page::{Page, PageQuery};
use leptos::prelude::*;
use leptos_meta::Title;

use super::filters::{FilterChips, FilterForm, filters_of, href_of, query_from};
use crate::doctors::api::search_doctors;
use crate::doctors::parts::DoctorItem;
use crate::family::acting::keep;
use crate::portal::{Loaded, use_query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{ButtonKind, EmptyState, IconName, LinkButton, PageHeader, Pagination, SkeletonShape};

/// See the module.
#[component]
pub fn DoctorsPage() -> impl IntoView {
    let map = use_query();
    let query = Memo::new(move |_| map.with(query_from));
    let found = Reading::new(move || query.get(), search_doctors);
    view! {
        <Title text=t!(find.title) />
        <div class="page stack">
            <PageHeader title=t!(find.title) lead=t!(find.lead) />
            <div class="with-filters">
                <aside>{move || view! { <FilterForm query=query.get() /> }}</aside>
                <section class="stack">
                    {move || view! { <FilterChips query=query.get() /> }}
                    <Loaded
                        resource=found
                        part=true
                        shape=SkeletonShape::Cards
                        view={move |page: Page<DoctorCard>| results(&query.get_untracked(), page)}
                    />
                </section>
            </div>
        </div>
    }
}

fn results(query: &DoctorQuery, page: Page<DoctorCard>) -> AnyView {
    if page.items.is_empty() {
        return nobody(query).into_any();
    }
    let count = page.items.len();
    let later = query.page.cursor.is_some();
    let words = match (&page.next_cursor, later) {
        (None, false) => t!(find.found, count = count),
        (Some(_), false) => t!(find.found_first, count = count),
        (_, true) => t!(find.found_more, count = count),
    };
    let first = if later {
        href_of(&DoctorQuery { page: PageQuery::default(), ..query.clone() })
    } else {
        String::new()
    };
    let next = page.next_cursor.map(|cursor| {
        href_of(&DoctorQuery { page: PageQuery { cursor: Some(cursor), limit: None }, ..query.clone() })
    });
    let items: Vec<_> =
        page.items.into_iter().map(|card| view! { <li><DoctorItem card=card /></li> }).collect();
    view! {
        <div role="status">
            <h2 class="section-title">{words}</h2>
        </div>
        <ul class="doctor-list">{items}</ul>
        <Pagination previous=first previous_label=t!(find.first_page) next=next.unwrap_or_default() />
    }
    .into_any()
}

/// Nobody fits: what could be left out, one by one.
fn nobody(query: &DoctorQuery) -> impl IntoView {
    let filters = filters_of(query);
    let all = (filters.len() != 1).then(|| {
        view! { <LinkButton href=keep("/doctors")>{t!(find.remove_all)}</LinkButton> }
    });
    let links: Vec<_> = filters
        .into_iter()
        .map(|(label, href)| {
            view! {
                <LinkButton href=href kind=ButtonKind::Secondary>
                    {t!(find.without, filter = label)}
                </LinkButton>
            }
        })
        .collect();
    view! {
        <div role="status">
            <h2 class="section-title">{t!(find.none_found)}</h2>
        </div>
        <EmptyState icon=IconName::Search text=t!(find.nobody)>
            <div class="empty-choices">{all} {links}</div>
        </EmptyState>
    }
}
