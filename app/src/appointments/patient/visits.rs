//! `/appointments`: the account's visits, those to come and those that were.
//! Two tabs with an address each; a change anywhere reads the list again.

use domain::appointments::{Appointment, Period};
use domain::page::Page;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::appointments::api::my_visits;
use crate::appointments::parts::VisitItem;
use crate::live::use_live;
use crate::portal::{Loaded, encode, use_query, use_viewer};
use crate::t;
use crate::ui::{
    ButtonKind, EmptyState, IconName, LinkButton, PageHeader, Pagination, SkeletonShape, TabItem, Tabs,
};

/// See the module.
#[component]
pub fn VisitsPage() -> impl IntoView {
    let map = use_query();
    let live = use_live();
    let shown = Memo::new(move |_| {
        let past = map.with(|map| map.get("show") == Some("past"));
        (past, map.with(|map| map.get("cursor").map(str::to_owned)))
    });
    let visits = Resource::new(
        move || (shown.get(), live.version()),
        |((past, cursor), _)| my_visits(if past { Period::Past } else { Period::Upcoming }, cursor),
    );
    view! {
        <Title text=t!(patient.my_visits) />
        <div class="page page-narrow stack">
            <PageHeader
                title=t!(patient.my_visits)
                actions=|| {
                    view! {
                        <LinkButton href="/doctors" kind=ButtonKind::Secondary icon=IconName::CalendarPlus>
                            {t!(patient.book_visit)}
                        </LinkButton>
                    }
                }
            />
            {move || {
                let past = shown.get().0;
                let items = vec![
                    TabItem::new("/appointments", t!(patient.upcoming)).current(!past),
                    TabItem::new("/appointments?show=past", t!(patient.past)).current(past),
                ];
                view! { <Tabs label=t!(patient.my_visits) items /> }
            }}
            <Loaded
                resource=visits
                part=true
                shape=SkeletonShape::Cards
                view={move |page: Page<Appointment>| list(&shown.get_untracked(), page)}
            />
        </div>
    }
}

fn list(shown: &(bool, Option<String>), page: Page<Appointment>) -> AnyView {
    let (past, cursor) = shown;
    if page.items.is_empty() {
        return match past {
            true => view! { <EmptyState icon=IconName::Calendar text=t!(patient.no_past) /> }.into_any(),
            false => view! {
                <EmptyState icon=IconName::Calendar text=t!(patient.no_upcoming)>
                    <LinkButton href="/doctors">{t!(patient.find_doctor)}</LinkButton>
                </EmptyState>
            }
            .into_any(),
        };
    }
    let several = use_viewer().principal().is_some_and(|principal| principal.patients.len() > 1);
    let base = if *past { "/appointments?show=past" } else { "/appointments?show=upcoming" };
    let next =
        page.next_cursor.map(|cursor| format!("{base}&cursor={}", encode(&cursor))).unwrap_or_default();
    let first = if cursor.is_some() { base } else { "" };
    let items: Vec<_> = page
        .items
        .into_iter()
        .map(|visit| view! { <li><VisitItem visit with_patient=several /></li> })
        .collect();
    view! {
        <ul class="visit-list">{items}</ul>
        <Pagination previous=first previous_label=t!(find.first_page) next=next />
    }
    .into_any()
}
