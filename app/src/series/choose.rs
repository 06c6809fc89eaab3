//! `/book/{doctor}/series`, and the same in a hospital's portal: how often and how many, then each date with what stands in its way and
//! what can be done about it, then all of them in one step. It works without a script.

use domain::access::Role;
use domain::family::Permission;
use domain::hospitals::VisitType;
use domain::ids::{DoctorId, HospitalId, PatientId};
use domain::payments::FollowUpWindow;
use domain::series::{MOST_VISITS, MOST_WEEKS, PlannedVisit, SeriesPlan};
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{BookDates, SKIP, SeriesSheet, WantedSeries, field, read_plan};
use super::costs::costs;
use super::words::{obstacle, when};
use crate::appointments::admin_api::hospital_patient;
use crate::appointments::reason::ReasonField;
use crate::doctors::parts::money;
use crate::family::acting::{ActingBanner, FOR};
use crate::form::{Form, FormState, new_key, use_form_state};
use crate::i18n::{date_long, time};
use crate::payments::api::read_free_visits;
use crate::portal::hospital::Section;
use crate::portal::{Loaded, Viewer, use_query, use_viewer};
use crate::reading::Reading;
use crate::server::AppError;
use crate::t;
use crate::ui::{
    Button, ButtonKind, Choice, DateField, Field, FieldWidth, FormErrors, Notice, PageHeader, RadioGroup,
    Select,
};

/// See the module.
#[component]
pub fn SeriesPage(
    /// With whom.
    doctor: DoctorId,
    /// The hospital in whose portal this stands; `None` in the patients'.
    #[prop(optional_no_strip)]
    hospital: Option<HospitalId>,
) -> impl IntoView {
    let (form, map) = (use_form_state::<BookDates>(), use_query());
    // The desk names the patient; in the patients' portal nobody named is the viewer herself.
    let viewer = use_viewer();
    let own = viewer.principal().filter(|_| hospital.is_none()).and_then(|who| who.patients.first().copied());
    let wanted = Memo::new(move |_| {
        map.with(|map| {
            let text = |name: &str| map.get(name).unwrap_or_default().to_owned();
            // A link from the page of one visit names its begin; the form names date and time.
            let (date, clock) = match map.get("start").and_then(|start| start.split_once('T')) {
                Some((date, rest)) if map.get("date").is_none() => {
                    (date.to_owned(), rest.chars().take(5).collect())
                }
                _ => (text("date"), text("time")),
            };
            WantedSeries {
                doctor,
                visit_type: map.get("visit_type").and_then(|id| id.parse().ok()),
                patient: map.get(FOR).and_then(|id| id.parse().ok()).or(own),
                date,
                time: clock,
                every: text("every"),
                count: text("count"),
            }
        })
    });
    // Who she is, is asked once and not with every change of the dates: to look is noted.
    let patient = Memo::new(move |_| wanted.with(|wanted| wanted.patient));
    let whom = Reading::new(move || patient.get(), move |patient| name_of(hospital, patient));
    // What was refused may be taken by now, and other times with it.
    let knows = Memo::new(move |_| knows_what_is_free(&viewer, hospital, patient.get()));
    let found = Reading::new(
        move || (wanted.get(), knows.get(), form.answered().get()),
        move |(wanted, knows, _)| read(wanted, knows),
    );
    view! {
        <Title text=t!(series.choose_title) />
        <div class="page page-narrow stack">
            <Loaded resource=whom view={move |name: Option<String>| for_whom(name, found, hospital, form)} />
        </div>
    }
    .into_any()
}

/// The dates, and what is free among them if that may be known.
type Found = (SeriesSheet, Option<Vec<FollowUpWindow>>);

/// The name of her whom a hospital books for.
async fn name_of(
    hospital: Option<HospitalId>,
    patient: Option<PatientId>,
) -> Result<Option<String>, AppError> {
    let Some((hospital, patient)) = hospital.zip(patient) else { return Ok(None) };
    Ok(Some(hospital_patient(hospital, patient).await?.patient.full_name))
}

async fn read(wanted: WantedSeries, knows: bool) -> Result<Found, AppError> {
    let patient = wanted.patient;
    let sheet = read_plan(wanted).await?;
    let free = match patient.filter(|_| knows && sheet.plan.is_some()) {
        Some(patient) => Some(read_free_visits(sheet.doctor.card.id, Some(patient)).await?),
        None => None,
    };
    Ok((sheet, free))
}

/// Whether the viewer learns what is free by a visit that was paid for: others are told what one visit costs, and no sum that might be
/// too high. It is asked in the services, which answer whoever may not know as if there were nothing.
fn knows_what_is_free(viewer: &Viewer, hospital: Option<HospitalId>, patient: Option<PatientId>) -> bool {
    let (Some(principal), Some(patient)) = (viewer.principal(), patient) else { return false };
    let helps =
        principal.acts_for(patient).is_some_and(|acting| acting.permissions.has(Permission::Sensitive));
    let counts =
        hospital.and_then(|hospital| principal.membership(hospital)).is_some_and(|here| match here.role {
            Role::Desk | Role::HospitalAdmin => true,
            Role::Doctor => false,
        });
    principal.patients.contains(&patient) || helps || counts
}

fn for_whom(
    name: Option<String>,
    found: Reading<Found>,
    hospital: Option<HospitalId>,
    form: FormState<BookDates>,
) -> AnyView {
    view! { <Loaded resource=found view=move |found: Found| page(found, name.clone(), hospital, form) /> }
        .into_any()
}

fn page(
    (sheet, free): Found,
    patient_name: Option<String>,
    hospital: Option<HospitalId>,
    form: FormState<BookDates>,
) -> AnyView {
    let SeriesSheet { doctor, wanted, plan, problem } = sheet;
    // The desk books for anybody what patients have to be asked back for.
    let offered = |kind: &&VisitType| kind.series && (hospital.is_some() || kind.is_for_patients(false));
    let kinds: Vec<_> = doctor.card.visit_types.iter().filter(offered).cloned().collect();
    let (name, id) = (doctor.card.name, doctor.card.id);
    let back = match hospital {
        Some(hospital) => Section::Patients.at(hospital),
        None => format!("/doctors/{id}"),
    };
    let lead = match patient_name {
        Some(patient) => t!(hospital_book.lead, patient = patient),
        None => t!(series.choose_lead).to_owned(),
    };
    let head = view! { <PageHeader title=t!(series.choose_title) eyebrow=name lead back /> };
    let Some(kind) = kinds.iter().find(|kind| Some(kind.id) == wanted.visit_type).or(kinds.first()).cloned()
    else {
        return view! {
            {head}
            <Notice>
                <p>{t!(series.none_offered)}</p>
            </Notice>
        }
        .into_any();
    };
    let problem = problem.map(|error| {
        view! { <FormErrors problems=Signal::derive(move || error.problems()) /> }
    });
    let action = match hospital {
        Some(hospital) => Section::Series(id).at(hospital),
        None => format!("/book/{id}/series"),
    };
    let paid = if hospital.is_some() { t!(series.paid_later_desk) } else { t!(series.paid_later) };
    let paid = (kind.price.amount_minor > 0).then(|| view! { <p class="small muted">{paid}</p> });
    let label = |kind: &VisitType| format!("{}, {}", kind.name, money(&kind.price));
    let kinds: Vec<_> = kinds.iter().map(|kind| Choice::new(kind.id.to_string(), label(kind))).collect();
    let dates = plan.map(|plan| {
        let costs = costs(&plan, &kind, wanted.patient, free);
        dates(&wanted, &kind, (plan, costs), hospital, form)
    });
    let patient = wanted.patient.map(|id| id.to_string()).unwrap_or_default();
    let or = |text: &str, first: &str| if text.is_empty() { first.to_owned() } else { text.to_owned() };
    let banner = wanted.patient.map(|patient| view! { <ActingBanner patient /> });
    view! {
        {banner}
        {head}
        {paid}
        {problem}
        <form class="form" method="get" action=action>
            <input type="hidden" name="patient" value=patient />
            <Select label=t!(booking.visit) name="visit_type" options=kinds value=kind.id.to_string() />
            <DateField label=t!(series.first_date) name="date" value=wanted.date.clone() />
            <Field label=t!(series.at_time) name="time" kind="time" width=FieldWidth::Short value=wanted.time.clone() />
            <Field
                label=t!(series.every)
                name="every"
                inputmode="numeric"
                width=FieldWidth::Tiny
                hint=t!(series.every_hint, most = MOST_WEEKS)
                value=or(&wanted.every, "1")
            />
            <Field
                label=t!(series.count)
                name="count"
                inputmode="numeric"
                width=FieldWidth::Tiny
                hint=t!(series.count_hint, most = MOST_VISITS)
                value=or(&wanted.count, "6")
            />
            <Button kind=ButtonKind::Secondary>{t!(series.show)}</Button>
        </form>
        {dates}
    }
    .into_any()
}

/// Each date with what can be chosen for it, what they cost, and the button that books them all.
fn dates(
    wanted: &WantedSeries,
    kind: &VisitType,
    (plan, costs): (SeriesPlan, Vec<String>),
    hospital: Option<HospitalId>,
    form: FormState<BookDates>,
) -> AnyView {
    let zone = t!(booking.zone, zone = plan.time_zone);
    let free = plan.visits.iter().filter(|visit| visit.rule.is_none()).count();
    let total = plan.visits.len();
    let summary = t!(series.free_of, free = free, total = total);
    let rows: Vec<_> = plan.visits.into_iter().map(|visit| date(&visit, form)).collect();
    let key = SharedValue::new(new_key).into_inner();
    let doctor = wanted.doctor.to_string();
    let patient = wanted.patient.map(|id| id.to_string()).unwrap_or_default();
    let portal = hospital.map(|id| id.to_string()).unwrap_or_default();
    let costs = costs.join(" ");
    let (kind, price) = (kind.id.to_string(), kind.price.amount_minor.to_string());
    view! {
        <h2 class="section-title">{t!(series.dates)}</h2>
        <p>{summary}</p>
        <p class="small muted">{zone}</p>
        <FormErrors problems=form.problems() />
        <Form state=form no_summary=true>
            <div class="form">
                <input type="hidden" name="doctor" value=doctor />
                <input type="hidden" name="offer[visit_type]" value=kind />
                <input type="hidden" name="offer[price]" value=price />
                <input type="hidden" name="patient" value=patient />
                <input type="hidden" name="hospital" value=portal />
                <input type="hidden" name="idempotency_key" value=key />
                {rows}
                <ReasonField label=t!(booking.about) form=*form />
                <p>{costs}</p>
                // Not above everything all the time: whoever presses it has come past each date and what they cost.
                <Button busy=form.busy()>{t!(series.book)}</Button>
            </div>
        </Form>
    }
    .into_any()
}

fn date(visit: &PlannedVisit, form: FormState<BookDates>) -> AnyView {
    let name = field(&visit.number.to_string());
    let planned = format!("{}, {}", date_long(visit.local.date()), time(visit.local.time()));
    let legend = format!("{}. {planned}", visit.number);
    let free = visit.start.filter(|_| visit.rule.is_none());
    let mut options: Vec<Choice> = free
        .iter()
        .map(|start| Choice::new(start.to_string(), t!(series.take, when = when(*start))))
        .collect();
    options.extend(
        visit
            .alternatives
            .iter()
            .map(|start| Choice::new(start.to_string(), t!(series.instead, when = when(*start)))),
    );
    options.push(Choice::new(SKIP, t!(series.skip)));
    // What cannot be had is left out unless somebody chooses another time.
    let first = free.map_or_else(|| SKIP.to_owned(), |start| start.to_string());
    let before = form.value_or(&name, &first);
    // What was chosen before may be gone.
    let value = if options.iter().any(|choice| choice.value == before) { before } else { first };
    let hint = visit.rule.as_deref().map(|rule| obstacle(rule).to_owned()).unwrap_or_default();
    let (problems, own) = (form.problems(), name.clone());
    let error = Signal::derive(move || {
        problems.get().into_iter().find(|problem| problem.field == own).map(|problem| problem.message)
    });
    view! { <RadioGroup legend name options value hint error /> }.into_any()
}
