//! Putting a visit on another time: what both portals read and send for it, and the week of free times from which one is chosen.
//! Their pages stand around it. Which times are free, and who may choose one, is decided behind the services.

use domain::appointments::Appointment;
use domain::availability::Slot;
use domain::ids::{AppointmentId, DoctorId, HospitalId};
use domain::time::{Moment, monday_of, plus_days};
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use crate::appointments::book::WeekGrid;
use crate::appointments::parts::when_text;
use crate::appointments::time_choice::use_choice;
use crate::doctors::parts::PhoneLink;
use crate::form::{Form, FormState, new_key};
use crate::i18n::{date_at_time, date_full, date_long, date_medium, time};
use crate::server::AppError;
use crate::t;
use crate::ui::{
    Button, EmptyState, FormErrors, IconName, LinkButton, Notice, NoticeKind, Pagination, TextArea,
};
#[cfg(feature = "ssr")]
use crate::{
    form::typed,
    portal::hospital::Section,
    server::{answer, call, call_once, services},
};

/// A visit, and where it can be put in one week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTimes {
    /// The visit as it stands.
    pub visit: Appointment,
    /// For the hospital: with whom it could be, by name.
    pub doctors: Vec<(DoctorId, String)>,
    /// With whom these times are.
    pub doctor: DoctorId,
    /// The Monday of the week.
    pub monday: Date,
    /// Zone of all times.
    pub time_zone: String,
    /// The free times, earliest first; none for whoever may not move the visit.
    pub items: Vec<Slot>,
    /// In a week without any, the first free time after it, or the first of all.
    pub next: Option<Slot>,
}

/// The free times of a week for a visit that is to be moved: of the visit's own week, or the week asked for. For the hospital also of
/// another doctor.
#[server(prefix = "/_fn", endpoint = "reschedule-times", input = Json)]
pub async fn read_new_times(
    id: AppointmentId,
    hospital: Option<HospitalId>,
    doctor: Option<DoctorId>,
    week: Option<Date>,
) -> Result<NewTimes, AppError> {
    answer(reading::week(&services()?, &call(), id, (hospital, doctor, week)).await)
}

/// Puts a visit on another time; leads to the visit in the portal in which the form stands: `hospital` is empty in the patients'.
#[server(prefix = "/_fn", endpoint = "reschedule")]
pub async fn reschedule(
    id: AppointmentId,
    version: i64,
    #[server(default)] start: String,
    #[server(default)] doctor: String,
    #[server(default)] reason: String,
    #[server(default)] hospital: String,
    #[server(default)] idempotency_key: String,
) -> Result<(), AppError> {
    let typed = typed::<Reschedule>(&[("start", &start), ("reason", &reason)]);
    let portal: Option<HospitalId> = domain::ids::optional(&hospital).ok().flatten();
    let command = domain::ids::optional(&doctor)
        .map_err(|rule| domain::Error::invalid("doctor_id", rule))
        .and_then(|doctor_id| {
            if start.is_empty() {
                return Err(domain::Error::invalid("start", "choose"));
            }
            let reason = Some(reason).filter(|reason| !reason.trim().is_empty());
            let version = Some(version);
            Ok(domain::appointments::RescheduleAppointment { start, doctor_id, reason, version })
        });
    let moved = match command {
        Ok(command) => services()?.appointments.reschedule(&call_once(idempotency_key), id, command).await,
        Err(refusal) => Err(refusal),
    };
    let seen = match (&moved, portal) {
        // A doctor who gives her only visit of a patient away does not see it any more.
        (Ok(visit), Some(_)) => services()?.appointments.get(&self::call(), visit.id).await.is_ok(),
        _ => true,
    };
    typed.keep(answer(moved).map(|visit| match portal {
        Some(hospital) if seen => Section::Visit(visit.id).at(hospital),
        Some(hospital) => Section::Today.at(hospital),
        None => format!("/appointments/{}?moved=1", visit.id),
    }))
}

/// Reading that takes more than one question to the services.
#[cfg(feature = "ssr")]
mod reading {
    use domain::appointments::TimesQuery;
    use domain::availability::{MAX_RANGE_DAYS, Slot};
    use domain::ids::{AppointmentId, DoctorId, HospitalId};
    use domain::time::{monday_of, plus_days};
    use domain::{Call, Result, Services};
    use jiff::civil::Date;

    use super::NewTimes;

    pub(super) async fn week(
        services: &Services,
        call: &Call,
        id: AppointmentId,
        (hospital, doctor, week): (Option<HospitalId>, Option<DoctorId>, Option<Date>),
    ) -> Result<NewTimes> {
        let visit = services.appointments.get(call, id).await?;
        let doctors = match hospital {
            Some(hospital) => services.doctors.of_hospital(call, hospital).await?,
            None => Vec::new(),
        };
        let doctors = doctors.into_iter().filter(|one| {
            one.active && one.card.visit_types.iter().any(|kind| kind.id == visit.visit_type_id)
        });
        let mut doctors: Vec<_> = doctors.map(|one| (one.card.id, one.card.name)).collect();
        if hospital.is_some() && doctors.iter().all(|(id, _)| *id != visit.doctor_id) {
            // She offers it no longer; that is why it is to be moved.
            doctors.insert(0, (visit.doctor_id, visit.doctor_name.clone()));
        }
        let doctor = doctor.unwrap_or(visit.doctor_id);
        let monday = monday_of(week.unwrap_or_else(|| visit.start.date()));
        let nothing = NewTimes {
            time_zone: visit.time_zone.clone(),
            visit,
            doctors,
            doctor,
            monday,
            items: Vec::new(),
            next: None,
        };
        if !nothing.visit.reschedulable {
            return Ok(nothing);
        }
        let query =
            TimesQuery { doctor_id: Some(doctor), from: Some(monday), to: Some(plus_days(monday, 6)) };
        let slots = services.appointments.times(call, id, query).await?;
        let next = if slots.items.is_empty() {
            // After this week, or from the visit's own day on.
            let after = TimesQuery { doctor_id: Some(doctor), from: Some(plus_days(monday, 7)), to: None };
            match first(services, call, id, after).await? {
                Some(next) => Some(next),
                None => first(services, call, id, TimesQuery { from: None, ..after }).await?,
            }
        } else {
            None
        };
        Ok(NewTimes { time_zone: slots.time_zone, items: slots.items, next, ..nothing })
    }

    /// The first time there is in two months.
    async fn first(
        services: &Services,
        call: &Call,
        id: AppointmentId,
        query: TimesQuery,
    ) -> Result<Option<Slot>> {
        let from = query.from;
        let to = from.map(|from| plus_days(from, MAX_RANGE_DAYS));
        Ok(services.appointments.times(call, id, TimesQuery { to, ..query }).await?.items.into_iter().next())
    }
}

/// The free times of a week, and the form that takes one.
#[component]
pub fn ChooseTime(
    /// What was read.
    times: NewTimes,
    /// The address of the page with everything but the week: it ends so that `week=…` can follow.
    base: String,
    /// The hospital in whose portal this stands; `None` in the patients'.
    #[prop(optional_no_strip)]
    hospital: Option<HospitalId>,
    /// What the button says.
    action: &'static str,
    /// The form of the page.
    form: FormState<Reschedule>,
) -> impl IntoView {
    let NewTimes { visit, doctor, monday, time_zone, items, next, .. } = times;
    let at = move |monday: Date| format!("{base}week={monday}");
    let heading = t!(booking.week_of, start = date_long(monday), end = date_full(plus_days(monday, 6)));
    let links = view! {
        <Pagination
            previous=at(plus_days(monday, -7))
            previous_label=t!(booking.earlier)
            next=at(plus_days(monday, 7))
            next_label=t!(booking.later)
        />
    };
    let chosen = use_choice(|| form.value("start"));
    let still = t!(patient.move_still, when = when_text(&visit));
    let body = if items.is_empty() {
        let text = match (&next, hospital) {
            (Some(_), _) => t!(patient.move_none),
            (None, Some(_)) => t!(hospital_visit.reschedule_nothing),
            (None, None) => t!(patient.move_nothing),
        };
        let phone = (next.is_none() && hospital.is_none() && !visit.hospital_phone.is_empty())
            .then(|| view! { <PhoneLink number=visit.hospital_phone.clone() /> });
        let next = next.map(|slot| {
            let (date, clock) = (slot.start.date(), slot.start.local().time());
            let words = t!(booking.next_available, date = date_full(date), time = time(clock));
            view! { <LinkButton href=at(monday_of(date))>{words}</LinkButton> }
        });
        view! { <EmptyState icon=IconName::Calendar text=text>{next} {phone}</EmptyState> }.into_any()
    } else {
        let reason = hospital.is_some().then(|| {
            view! {
                <TextArea
                    label=t!(hospital_visit.why)
                    name="reason"
                    value=form.value("reason")
                    hint=t!(hospital_visit.why_hint)
                    error=form.problem("reason")
                    rows=2
                    max_length=300
                    optional=true
                />
            }
        });
        let with = if doctor == visit.doctor_id { String::new() } else { doctor.to_string() };
        let key = SharedValue::new(new_key).into_inner();
        view! {
            <Form state=form no_summary=true>
                <div class="form">
                    <input type="hidden" name="id" value=visit.id.to_string() />
                    <input type="hidden" name="version" value=visit.version.to_string() />
                    <input type="hidden" name="doctor" value=with />
                    <input type="hidden" name="hospital" value=hospital.map(|id| id.to_string()).unwrap_or_default() />
                    <input type="hidden" name="idempotency_key" value=key />
                    <WeekGrid slots=items chosen=chosen />
                    {reason}
                    <div class="sticky-action">
                        <Chosen chosen />
                        <Button busy=form.busy()>{action}</Button>
                    </div>
                </div>
            </Form>
        }
        .into_any()
    };
    view! {
        <h2 class="section-title">{heading}</h2>
        <p class="small muted">{t!(booking.zone, zone = time_zone)}</p>
        <FormErrors problems=form.problems() />
        <Nearest form still />
        {body}
        {links}
    }
    .into_any()
}

/// What is free instead, once somebody was faster.
#[component]
fn Nearest(
    form: FormState<Reschedule>,
    /// That the visit stands where it stood.
    still: String,
) -> impl IntoView {
    let alternatives = form.alternatives();
    move || {
        let times: Vec<_> = alternatives
            .get()
            .iter()
            .map(|start| format!("{} {}", date_medium(start.date()), time(start.local().time())))
            .collect();
        let still = still.clone();
        (!times.is_empty()).then(|| {
            view! {
                <Notice kind=NoticeKind::Info title=t!(patient.move_nearest)>
                    <p>{times.join(", ")}</p>
                    <p>{still}</p>
                </Notice>
            }
        })
    }
}

/// The time that is chosen, once scripts can say it: the button alone names none.
#[component]
fn Chosen(chosen: RwSignal<String>) -> impl IntoView {
    // Not before the page is the scripts': what a browser has kept chosen the server did not know of.
    let shown = RwSignal::new(String::new());
    Effect::new(move |_| shown.set(chosen.get()));
    move || {
        let start: Moment = shown.get().parse().ok()?;
        let when = date_at_time(start.date(), start.local().time());
        Some(view! { <p class="small">{t!(patient.move_to, when = when)}</p> })
    }
}
