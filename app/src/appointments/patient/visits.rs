//! `/appointments`: the visits of the account's patient or of somebody for whom it acts, those to come and those that were.
//! Two tabs with an address each, and one for each person; a change anywhere reads the list again.

use domain::appointments::{Appointment, Period};
use domain::ids::PatientId;
use domain::page::Page;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::appointments::api::my_visits;
use crate::appointments::parts::VisitItem;
use crate::family::acting::{FOR, for_whom, keep, name_of, people_with, sees_visits};
use crate::follow_ups::notices::FollowUpNotices;
use crate::live::use_live;
use crate::portal::hospital::href;
use crate::portal::{Loaded, encode, use_query, use_viewer};
use crate::reading::Reading;
use crate::server::AppError;
use crate::t;
use crate::ui::{
    ButtonKind, EmptyState, IconName, LinkButton, PageHeader, Pagination, SkeletonShape, TabItem, Tabs,
};

/// What the address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shown {
    past: bool,
    cursor: Option<String>,
    /// Somebody for whom the account acts.
    patient: Option<PatientId>,
}

/// See the module.
#[component]
pub fn VisitsPage() -> impl IntoView {
    let map = use_query();
    let live = use_live();
    let own = use_viewer().principal().and_then(|principal| principal.patients.first().copied());
    let shown = Memo::new(move |_| {
        map.with(|map| Shown {
            past: map.get("show") == Some("past"),
            cursor: map.get("cursor").map(str::to_owned),
            patient: map.get(FOR).and_then(|id| id.parse().ok()).filter(|id| Some(*id) != own),
        })
    });
    let visits = Reading::new(
        move || (shown.get(), live.version()),
        move |(shown, _)| of_patient(shown.past, shown.cursor, shown.patient.or(own)),
    );
    view! {
        <Title text=t!(patient.my_visits) />
        <div class="page page-narrow stack">
            {move || view! { <Head shown=shown.get() /> }}
            {move || {
                let Shown { past, patient, .. } = shown.get();
                // Among those that are over nobody looks for what is to be chosen.
                (!past).then(|| view! { <FollowUpNotices patient=patient.or(own) /> })
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

/// The visits of one patient; whoever has none of her own chooses somebody first.
pub(super) async fn of_patient(
    past: bool,
    cursor: Option<String>,
    patient: Option<PatientId>,
) -> Result<Page<Appointment>, AppError> {
    match patient {
        Some(_) => my_visits(if past { Period::Past } else { Period::Upcoming }, cursor, patient).await,
        None => Ok(Page { items: Vec::new(), next_cursor: None }),
    }
}

#[component]
fn Head(shown: Shown) -> impl IntoView {
    let title = match shown.patient.and_then(name_of) {
        Some(name) => t!(family.visits_of, name = name),
        None => t!(patient.my_visits).to_owned(),
    };
    let id = shown.patient.map(|id| id.to_string()).unwrap_or_default();
    let to = |show: &str| href("/appointments", &[("show", show), (FOR, &id)]);
    let items = vec![
        TabItem::new(to(""), t!(patient.upcoming)).current(!shown.past),
        TabItem::new(to("past"), t!(patient.past)).current(shown.past),
    ];
    let book = href("/doctors", &[(FOR, &id)]);
    view! {
        <PageHeader
            title
            actions=move || {
                view! {
                    <LinkButton href=book kind=ButtonKind::Secondary icon=IconName::CalendarPlus>
                        {t!(patient.book_visit)}
                    </LinkButton>
                }
            }
        />
        <People shown=shown.patient />
        <Tabs label=t!(patient.my_visits) items />
    }
    .into_any()
}

/// For whom, where there is somebody besides oneself.
#[component]
fn People(shown: Option<PatientId>) -> impl IntoView {
    let people = people_with(sees_visits);
    if people.is_empty() {
        return None;
    }
    let mut items = vec![TabItem::new("/appointments", t!(family.myself)).current(shown.is_none())];
    items.extend(people.into_iter().map(|one| {
        let address = href("/appointments", &[(FOR, &one.patient_id.to_string())]);
        TabItem::new(address, one.full_name).current(shown == Some(one.patient_id))
    }));
    Some(view! { <Tabs label=t!(family.acting_label) items /> }.into_any())
}

fn list(shown: &Shown, page: Page<Appointment>) -> AnyView {
    if page.items.is_empty() {
        let words = if for_whom().is_some() { t!(family.no_upcoming) } else { t!(patient.no_upcoming) };
        if shown.past {
            return view! { <EmptyState icon=IconName::Calendar text=t!(patient.no_past) /> }.into_any();
        }
        return view! {
            <EmptyState icon=IconName::Calendar text=words>
                <LinkButton href=keep("/doctors")>{t!(patient.find_doctor)}</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let base = keep(if shown.past { "/appointments?show=past" } else { "/appointments?show=upcoming" });
    let next =
        page.next_cursor.map(|cursor| format!("{base}&cursor={}", encode(&cursor))).unwrap_or_default();
    let first = if shown.cursor.is_some() { base } else { String::new() };
    let items: Vec<_> = page.items.into_iter().map(|visit| view! { <li><VisitItem visit /></li> }).collect();
    view! {
        <ul class="visit-list">{items}</ul>
        <Pagination previous=first previous_label=t!(find.first_page) next=next />
    }
    .into_any()
}
