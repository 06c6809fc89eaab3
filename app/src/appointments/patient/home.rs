//! `/`: for a visitor what the house is for, for a patient the next visit.
//! The visitor's page reads nothing and needs no script.

use domain::appointments::{Appointment, Move, Status};
use domain::coding::SPECIALTIES;
use domain::hospitals::Modality;
use domain::page::Page;
use leptos::prelude::*;
use leptos_meta::{Meta, Title};

use super::visits::of_patient;
use crate::appointments::parts::{RelativeDay, VisitDayLine, Whereabouts, when_text};
use crate::audit::patient::{EmergencyNotice, WhoLookedLink};
use crate::doctors::patient::SearchForm;
use crate::family::acting::{FOR, people_with, sees_visits};
use crate::follow_ups::notices::FollowUpNotices;
use crate::i18n::specialty_name;
use crate::live::use_live;
use crate::payments::patient::HeldNotice;
use crate::portal::hospital::href;
use crate::portal::{Loaded, use_viewer};
use crate::reading::Reading;
use crate::t;
use crate::ui::{ButtonKind, ButtonRow, EmptyState, Icon, IconName, LinkButton, PageHeader, StatusBadge};

/// See the module.
#[component]
pub fn HomePage() -> impl IntoView {
    let viewer = use_viewer();
    match viewer.principal() {
        Some(principal) => {
            let name = principal.full_name.clone();
            view! { <PatientHome name=name /> }.into_any()
        }
        None => view! { <PublicHome /> }.into_any(),
    }
}

#[component]
fn PublicHome() -> impl IntoView {
    let steps = [
        (IconName::Search, t!(patient.how_find)),
        (IconName::CalendarPlus, t!(patient.how_choose)),
        (IconName::CalendarCheck, t!(patient.how_see)),
    ]
    .map(|(icon, words)| {
        view! {
            <li class="how-step">
                <Icon name=icon size=crate::ui::IconSize::Medium />
                <span>{words}</span>
            </li>
        }
    })
    .into_iter()
    .collect::<Vec<_>>();
    view! {
        <Title text=t!(common.tagline) />
        <Meta name="description" content=t!(patient.home_description) />
        <div class="hero">
            <div class="page stack">
                <PageHeader title=t!(patient.hero_title) lead=t!(patient.hero_lead) />
                <SearchForm />
            </div>
        </div>
        <div class="page stack-large">
            <section class="stack-small">
                <h2 class="section-title">{t!(patient.how_title)}</h2>
                <ol class="how">{steps}</ol>
            </section>
            <SpecialtyLinks />
        </div>
    }
}

/// Every specialty as a link to its doctors.
#[component]
fn SpecialtyLinks() -> impl IntoView {
    let mut names: Vec<(&str, &str)> = SPECIALTIES.iter().map(|code| (*code, specialty_name(code))).collect();
    names.sort_by_key(|(_, name)| *name);
    let links: Vec<_> = names
        .into_iter()
        .map(|(code, name)| view! { <li><a href=format!("/doctors?specialty={code}")>{name}</a></li> })
        .collect();
    view! {
        <section class="stack-small">
            <h2 class="section-title">{t!(patient.specialties)}</h2>
            <ul class="specialties">{links}</ul>
        </section>
    }
}

#[component]
fn PatientHome(name: String) -> impl IntoView {
    let live = use_live();
    let own = use_viewer().principal().and_then(|principal| principal.patients.first().copied());
    let visits = Reading::new(move || live.version(), move |_| of_patient(false, None, own));
    view! {
        <Title text=t!(patient.home) />
        <div class="page stack">
            <PageHeader title=t!(patient.greeting, name = name) />
            <EmergencyNotice />
            <FollowUpNotices patient=None />
            <Loaded resource=visits part=true view=next_visit />
            <section class="stack">
                <h2 class="section-title">{t!(patient.find_doctor)}</h2>
                <SearchForm />
            </section>
            <PeopleHelped />
            {own.map(|_| view! { <WhoLookedLink /> })}
        </div>
    }
}

/// The way to the visits of those for whom the viewer acts.
#[component]
fn PeopleHelped() -> impl IntoView {
    let people = people_with(sees_visits);
    let links: Vec<_> = people
        .into_iter()
        .map(|one| {
            let address = href("/appointments", &[(FOR, &one.patient_id.to_string())]);
            view! { <li><a href=address>{t!(family.visits_of, name = one.full_name)}</a></li> }
        })
        .collect();
    (!links.is_empty()).then(|| {
        view! {
            <section class="stack-small">
                <h2 class="section-title">{t!(family.cares_title)}</h2>
                <ul class="family-list" role="list">{links}</ul>
                <p>
                    <a href="/family">{t!(family.title)}</a>
                </p>
            </section>
        }
    })
}

/// What is held and waits for somebody, and the next visit that is booked.
fn next_visit(page: Page<Appointment>) -> AnyView {
    let (held, booked): (Vec<_>, Vec<_>) = page.items.into_iter().partition(|visit| visit.status.is_held());
    let next = (held.is_empty() || !booked.is_empty()).then(|| next_booked(booked));
    let held: Vec<_> = held.into_iter().map(|visit| view! { <HeldNotice visit named=true /> }).collect();
    view! { <div class="stack">{held} {next}</div> }.into_any()
}

fn next_booked(visits: Vec<Appointment>) -> AnyView {
    let more = visits.len() > 1;
    let Some(visit) = visits.into_iter().next() else {
        return view! {
            <EmptyState icon=IconName::Calendar text=t!(patient.no_upcoming)>
                <LinkButton href="/doctors">{t!(patient.find_doctor)}</LinkButton>
            </EmptyState>
            <p>
                <a href="/appointments?show=past">{t!(patient.past_visits)}</a>
            </p>
        }
        .into_any();
    };
    let all = if more { t!(patient.all_visits_more) } else { t!(patient.all_visits) };
    let href = format!("/appointments/{}", visit.id);
    let start = visit.start;
    view! {
        <section class="card card-accent next-visit stack-small">
            <div class="split">
                <h2 class="card-title">{t!(patient.next_visit)}</h2>
                <StatusBadge status=visit.status.code() />
            </div>
            <p class="next-visit-when">
                <time datetime=start.to_string()>{when_text(&visit)}</time>
                " "
                <RelativeDay moment=start />
            </p>
            <VisitDayLine visit=visit.clone() />
            <ComeAnyway visit=visit.clone() />
            <p>
                <bdi translate="no">
                    <strong>{visit.doctor_name.clone()}</strong>
                </bdi>
                ", "
                {visit.visit_type_name.clone()}
            </p>
            <Whereabouts visit=visit.clone() />
            <Prepare visit=visit />
            <ButtonRow>
                <LinkButton href=href>{t!(patient.see_visit)}</LinkButton>
                <LinkButton href="/appointments" kind=ButtonKind::Secondary>
                    {all}
                </LinkButton>
            </ButtonRow>
        </section>
    }
    .into_any()
}

/// "Waiting for the hospital to confirm" must keep nobody at home.
#[component]
pub fn ComeAnyway(
    /// The visit.
    visit: Appointment,
) -> impl IntoView {
    let words = match visit.modality {
        Modality::InPerson => t!(booking.come_anyway),
        Modality::Video => t!(booking.be_there_anyway),
    };
    (visit.status == Status::Booked && visit.moves.contains(&Move::Cancel)).then(|| view! { <p>{words}</p> })
}

/// What to do before a visit.
#[component]
pub fn Prepare(
    /// The visit.
    visit: Appointment,
    /// It stands beneath the heading of the page, not of a part.
    #[prop(optional)]
    top: bool,
) -> impl IntoView {
    let title = t!(patient.prepare);
    let heading = if top {
        view! { <h2 class="card-title">{title}</h2> }.into_any()
    } else {
        view! { <h3 class="card-title">{title}</h3> }.into_any()
    };
    let first = match visit.modality {
        Modality::InPerson => t!(patient.prepare_arrive),
        Modality::Video => t!(patient.prepare_video),
    };
    view! {
        <div>
            {heading}
            <ul class="prepare">
                <li>{first}</li>
                <li>{t!(patient.prepare_medicines)}</li>
                <li>{t!(patient.prepare_reports)}</li>
            </ul>
        </div>
    }
}
