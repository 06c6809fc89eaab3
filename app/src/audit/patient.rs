//! `/who-looked`: who looked at a patient's record, day by day in plain words, and questions about it.
//! The account's own looks are folded away, so that those of others are seen.

pub mod entry;
pub mod group;
pub mod news;

use domain::accounts::OwnPatient;
use domain::ids::PatientId;
use leptos::prelude::*;
use leptos_meta::Title;

pub use news::EmergencyNotice;

use super::api::{AskAboutAccess, Looks, who_looked};
use super::words::Whose;
use crate::family::acting::name_of;
use crate::form::{FormState, use_form_state};
use crate::i18n::date_full;
use crate::portal::hospital::{href, query};
use crate::portal::{Loaded, use_viewer};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    ButtonKind, Done, EmptyState, FormErrors, IconName, LinkButton, PageHeader, Pagination, SkeletonShape,
    TabItem, Tabs,
};
use entry::{OthersEntry, Yourself};
use group::{Day, days};

/// The page's path.
const PATH: &str = "/who-looked";

/// See the module.
#[component]
pub fn WhoLookedPage() -> impl IntoView {
    let form = use_form_state::<AskAboutAccess>();
    let (asked, patient) = (query("asked"), query("patient"));
    let news = move || {
        let good = asked.with(|asked| !asked.is_empty()) && form.problems().with(Vec::is_empty);
        good.then(|| view! { <Done words=t!(who_looked.asked) /> })
    };
    view! {
        <div class="page page-narrow stack">
            {move || view! { <Head patient=patient.get() /> }}
            {news}
            <FormErrors problems=form.problems() />
            <Record form />
        </div>
    }
}

/// Whose record it is, where it is not the viewer's own.
#[component]
fn Head(patient: String) -> impl IntoView {
    let (title, lead) = match patient.parse::<PatientId>().ok().and_then(name_of) {
        Some(name) => (t!(who_looked.title_of, name = name), t!(who_looked.lead_of, name = name)),
        None => (t!(who_looked.title).to_owned(), t!(who_looked.lead).to_owned()),
    };
    view! {
        <Title text=title.clone() />
        <PageHeader title lead />
    }
}

#[component]
fn Record(form: FormState<AskAboutAccess>) -> impl IntoView {
    let (patient, cursor) = (query("patient"), query("cursor"));
    let viewer = use_viewer();
    let first = viewer.principal().and_then(|principal| principal.patients.first().copied());
    let named = patient.get_untracked().parse().ok();
    let Some(first) = first.or(named) else {
        return view! {
            <EmptyState icon=IconName::User text=t!(who_looked.none_here)>
                <LinkButton href="/">{t!(patient.home)}</LinkButton>
            </EmptyState>
        }
        .into_any();
    };
    let looks = Reading::new(
        move || (patient.get(), cursor.get(), form.accepted().get()),
        move |(patient, cursor, _)| {
            who_looked(patient.parse().unwrap_or(first), Some(cursor).filter(|cursor| !cursor.is_empty()))
        },
    );
    view! {
        <Loaded
            resource=looks
            shape=SkeletonShape::Rows
            part=true
            view=move |looks: Looks| view! { <Content looks form later=!cursor.get_untracked().is_empty() /> }
        />
    }
    .into_any()
}

#[component]
fn Content(looks: Looks, form: FormState<AskAboutAccess>, later: bool) -> impl IntoView {
    let Looks { mut people, patient, page } = looks;
    people.retain(|person| person.permissions.sees_who_looked());
    let account = use_viewer().principal().map(|principal| principal.account_id);
    let whose = match people.iter().find(|person| person.id == patient) {
        Some(person) if person.relation != "self" => Whose::of(&person.full_name),
        _ => Whose::own(),
    };
    let here = href(PATH, &[("patient", &patient.to_string())]);
    let chooser = (people.len() > 1).then(|| chooser(people, patient));
    let next = page.next_cursor.map(|cursor| href(&here, &[("cursor", &cursor)])).unwrap_or_default();
    let previous = if later { here } else { String::new() };
    let days = days(page.items, account);
    let list = if days.is_empty() {
        view! { <EmptyState icon=IconName::Shield text=t!(who_looked.none) /> }.into_any()
    } else {
        let days: Vec<_> = days
            .into_iter()
            .map(|day| view! { <DayOfLooks day whose=whose.clone() patient form /> })
            .collect();
        view! { <div class="stack-large">{days}</div> }.into_any()
    };
    view! {
        {chooser}
        {list}
        <Pagination
            previous
            next
            previous_label=t!(who_looked.newest)
            next_label=t!(who_looked.older)
        />
    }
    .into_any()
}

fn chooser(people: Vec<OwnPatient>, patient: PatientId) -> impl IntoView {
    let items = people
        .into_iter()
        .map(|person| {
            let current = person.id == patient;
            TabItem::new(href(PATH, &[("patient", &person.id.to_string())]), person.full_name)
                .current(current)
        })
        .collect();
    view! { <Tabs label=t!(who_looked.choose) items /> }
}

#[component]
fn DayOfLooks(day: Day, whose: Whose, patient: PatientId, form: FormState<AskAboutAccess>) -> impl IntoView {
    let others: Vec<_> = day
        .others
        .into_iter()
        .map(|group| view! { <OthersEntry group whose=whose.clone() patient form /> })
        .collect();
    let others = (!others.is_empty()).then(|| view! { <ul class="looks" role="list">{others}</ul> });
    let own = (!day.own.is_empty()).then(|| view! { <Yourself groups=day.own whose /> });
    view! {
        <section class="stack-small">
            <h2 class="section-title">{date_full(day.date)}</h2>
            {others}
            {own}
        </section>
    }
    .into_any()
}

/// The way to the page, from a patient's first page.
#[component]
pub fn WhoLookedLink() -> impl IntoView {
    view! {
        <p>
            <LinkButton href=PATH kind=ButtonKind::Secondary icon=IconName::Shield>
                {t!(who_looked.title)}
            </LinkButton>
        </p>
    }
}
