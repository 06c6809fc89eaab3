//! Emergencies of a hospital as its administrators look at them: those without a review first.
//! Nobody looks at her own; the services see to that.

use domain::emergencies::{EmergencyReview, Finding};
use domain::ids::{EmergencyId, HospitalId};
use domain::page::Page;
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{QueuedEmergency, ReviewEmergency, hospital_emergencies};
use super::review_key;
use crate::audit::keyed_name;
use crate::form::{Form, FormState, use_form_state};
use crate::i18n::{date_at_time, date_medium};
use crate::portal::Loaded;
use crate::portal::hospital::{Saved, Section, href, query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Badge, Button, ButtonKind, Choice, Details, EmptyState, FormErrors, IconName, LinkButton, PageHeader,
    Pagination, Problem, RadioGroup, SkeletonShape, TextArea, Tone, problem_of,
};

/// See the module.
#[component]
pub fn EmergenciesPage(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let form = use_form_state::<ReviewEmergency>();
    let (saved, cursor) = (query("saved"), query("cursor"));
    let queue = Reading::new(
        move || (cursor.get(), saved.get(), form.accepted().get()),
        move |(cursor, ..)| hospital_emergencies(hospital, Some(cursor).filter(|cursor| !cursor.is_empty())),
    );
    view! {
        <Title text=t!(emergency.queue) />
        <div class="page page-narrow stack">
            <PageHeader title=t!(emergency.queue) lead=t!(emergency.queue_lead) />
            <Saved unless=form.problems() />
            <FormErrors problems=form.problems() />
            <Loaded
                resource=queue
                shape=SkeletonShape::Rows
                view=move |page| view! { <Queue hospital page form /> }
            />
        </div>
    }
    .into_any()
}

#[component]
fn Queue(
    hospital: HospitalId,
    page: Page<QueuedEmergency>,
    form: FormState<ReviewEmergency>,
) -> impl IntoView {
    if page.items.is_empty() {
        return view! { <EmptyState icon=IconName::Bell text=t!(emergency.queue_none) /> }.into_any();
    }
    let path = Section::Emergencies.at(hospital);
    let next = page.next_cursor.map(|cursor| href(&path, &[("cursor", &cursor)])).unwrap_or_default();
    let cards: Vec<_> =
        page.items.into_iter().map(|queued| view! { <Queued hospital queued form /> }).collect();
    let cursor = query("cursor").get_untracked();
    let previous = if cursor.is_empty() { String::new() } else { path };
    view! {
        <div class="stack">{cards}</div>
        <Pagination previous next previous_label=t!(who_looked.newest) next_label=t!(who_looked.older) />
    }
    .into_any()
}

#[component]
fn Queued(hospital: HospitalId, queued: QueuedEmergency, form: FormState<ReviewEmergency>) -> impl IntoView {
    let QueuedEmergency { at, reviewed_at, declared } = queued;
    let when = date_at_time(at.local().date(), at.local().time());
    let title = t!(emergency.declared_by, who = declared.declared_by, patient = declared.patient_name);
    let (name, patient) = (declared.patient_name.clone(), declared.patient_id.to_string());
    let day = at.date().to_string();
    let trail = href(&Section::Audit.at(hospital), &[("patient", &patient), ("from", &day)]);
    let day = reviewed_at.map(|moment| date_medium(moment.date())).unwrap_or_default();
    let (badge, rest) = match declared.review {
        Some(review) => (finding_badge(review.finding), view! { <Found review day /> }.into_any()),
        None => (
            view! { <Badge tone=Tone::Warning icon=IconName::Clock>{t!(emergency.waiting)}</Badge> }
                .into_any(),
            view! { <ReviewForm hospital id=declared.id name=name.clone() form /> }.into_any(),
        ),
    };
    view! {
        <article class="card stack-small">
            <div class="split">
                <h2 class="card-title">{title}</h2>
                {badge}
            </div>
            <p class="muted">
                <time datetime=at.to_string()>{t!(emergency.declared_when, when = when)}</time>
                "."
            </p>
            <p>
                <strong>{t!(emergency.reason_given)} ":"</strong>
            </p>
            <blockquote class="quoted" dir="auto">
                {declared.reason}
            </blockquote>
            <p>
                <LinkButton href=trail kind=ButtonKind::Secondary small=true>
                    {t!(emergency.trail)} <span class="visually-hidden">": " {name}</span>
                </LinkButton>
            </p>
            {rest}
        </article>
    }
    .into_any()
}

fn finding_badge(finding: Finding) -> AnyView {
    match finding {
        Finding::Justified => {
            view! { <Badge tone=Tone::Positive icon=IconName::Check>{t!(emergency.justified)}</Badge> }
                .into_any()
        }
        Finding::NotJustified => {
            view! { <Badge tone=Tone::Danger icon=IconName::AlertTriangle>{t!(emergency.not_justified)}</Badge> }
                .into_any()
        }
    }
}

#[component]
fn Found(review: EmergencyReview, day: String) -> impl IntoView {
    let by = t!(emergency.reviewed_by, who = review.by, when = day);
    view! {
        {review.note.map(|note| view! { <p dir="auto">{note}</p> })}
        <p class="muted">{by}</p>
    }
}

#[component]
fn ReviewForm(
    hospital: HospitalId,
    id: EmergencyId,
    name: String,
    form: FormState<ReviewEmergency>,
) -> impl IntoView {
    let key = review_key(id);
    let (finding, note) = (keyed_name("finding", &key), keyed_name("note", &key));
    let options = vec![
        Choice::new(Finding::Justified.code(), t!(emergency.justified)),
        Choice::new(Finding::NotJustified.code(), t!(emergency.not_justified)),
    ];
    let (chosen, written) = (form.value(&finding), form.value(&note));
    let wrong = problem(form.problems(), finding.clone());
    // What was refused is in sight again.
    let open = !chosen.is_empty() || !written.is_empty() || wrong.with_untracked(Option::is_some);
    view! {
        <Details summary=t!(emergency.review) about=name.clone() open>
            <Form state=form no_summary=true>
                <div class="stack form">
                    <input type="hidden" name="hospital" value=hospital.to_string() />
                    <input type="hidden" name="id" value=id.to_string() />
                    <RadioGroup
                        legend=t!(emergency.finding)
                        name=finding
                        options
                        value=chosen
                        error=wrong
                    />
                    <TextArea
                        label=t!(emergency.note)
                        name=note.clone()
                        value=written
                        hint=t!(emergency.note_hint)
                        error=problem(form.problems(), note)
                        rows=2
                        max_length=500
                    />
                    <Button kind=ButtonKind::Secondary busy=form.busy()>
                        {t!(emergency.review_action)} <span class="visually-hidden">": " {name}</span>
                    </Button>
                </div>
            </Form>
        </Details>
    }
    .into_any()
}

fn problem(problems: Signal<Vec<Problem>>, field: String) -> Signal<Option<String>> {
    Signal::derive(move || problems.with(|problems| problem_of(problems, &field)))
}
