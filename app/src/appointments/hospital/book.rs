//! Books a visit for a patient, on one page: with whom, what, which week, then one of the free times.
//! The choices stand in the address; only the last step changes anything.

use std::collections::BTreeMap;

use domain::availability::Slot;
use domain::hospitals::VisitType;
use domain::ids::{DoctorId, HospitalId, VisitTypeId};
use domain::time::{Moment, monday_of, plus_days};
use jiff::civil::Date;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::appointments::admin_api::{Booking, FreeTimes, Wanted, hospital_booking};
use crate::appointments::admin_forms::BookVisit;
use crate::appointments::reason::ReasonField;
use crate::appointments::time_choice::{TimeChoice, use_choice};
use crate::appointments::why_not::{self, Answer, WhyNot, use_answer};
use crate::form::{Form, FormState, new_key, use_form_state};
use crate::i18n::{date_long, date_medium, duration, time};
use crate::live::use_live;
use crate::portal::hospital::{Section, date_query, href, query};
use crate::portal::{Loaded, use_query};
use crate::reading::Reading;
use crate::server::AppError;
use crate::t;
use crate::ui::{
    Button, ButtonKind, Choice, DateField, EmptyState, IconName, LinkButton, Notice, NoticeKind, PageHeader,
    Pagination, Select,
};

/// What the address says.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Asked {
    doctor: Option<DoctorId>,
    visit_type: Option<VisitTypeId>,
    week: Option<Date>,
}

impl Asked {
    fn wanted(self) -> Option<Wanted> {
        Some(Wanted { doctor: self.doctor?, visit_type: self.visit_type?, from: self.week })
    }
}

/// See the module.
#[component]
pub fn BookPage(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let (patient, doctor, visit_type) = (query("patient"), query("doctor"), query("visit_type"));
    let week = date_query("week");
    let form = use_form_state::<BookVisit>();
    let chosen = use_choice(|| form.value("start"));
    let key = StoredValue::new(SharedValue::new(new_key).into_inner());
    let live = use_live();
    let asked = Memo::new(move |_| Asked {
        doctor: doctor.with(|text| text.parse().ok()),
        visit_type: visit_type.with(|text| text.parse().ok()),
        week: week.get(),
    });
    let map = use_query();
    let why = Memo::new(move |_| map.with(why_not::Asked::from_query));
    let answer =
        use_answer(move || asked.get().wanted().map(|wanted| (wanted.doctor, wanted.visit_type)), why);
    let booking = Reading::new(
        move || (patient.get(), asked.get(), live.version()),
        move |(patient, asked, _)| async move {
            let patient = patient.parse().map_err(|_| AppError::Refused(domain::Error::NotFound))?;
            hospital_booking(hospital, patient, asked.wanted()).await
        },
    );
    view! {
        <Title text=t!(hospital_book.title) />
        <div class="page">
            <Loaded resource=booking view=move |booking: Booking| view! { <Content hospital booking asked=asked.get() key=key.get_value() chosen form why=(why.get(), answer) /> } />
        </div>
    }
    .into_any()
}

#[component]
fn Content(
    hospital: HospitalId,
    booking: Booking,
    asked: Asked,
    key: String,
    chosen: RwSignal<String>,
    form: FormState<BookVisit>,
    why: (why_not::Asked, Answer),
) -> impl IntoView {
    let patient = booking.patient.id;
    let back = Section::Patient(patient).at(hospital);
    let with = asked.doctor.and_then(|id| booking.doctors.iter().find(|(doctor, ..)| *doctor == id)).cloned();
    let visit_types = with.map(|(_, _, types)| types).unwrap_or_default();
    let times = booking.times.clone().map(|times| {
        let (Some(doctor), Some(visit_type)) = (asked.doctor, asked.visit_type) else { return ().into_any() };
        let base = href(
            &Section::Book.at(hospital),
            &[
                ("patient", &patient.to_string()),
                ("doctor", &doctor.to_string()),
                ("visit_type", &visit_type.to_string()),
            ],
        );
        let hidden = vec![
            ("hospital", hospital.to_string()),
            ("patient", patient.to_string()),
            ("doctor", doctor.to_string()),
            ("visit_type", visit_type.to_string()),
            ("idempotency_key", key),
        ];
        let about = hidden.iter().filter(|(name, _)| ["patient", "doctor", "visit_type"].contains(name));
        let about = about.cloned().collect();
        let there = base.clone();
        let take = Callback::new(move |start: Moment| href(&there, &[("week", &start.date().to_string())]));
        let (question, answer) = why.clone();
        let row = booking
            .doctors
            .iter()
            .filter(|(id, ..)| *id == doctor)
            .flat_map(|(_, _, kinds)| kinds)
            .any(|kind| kind.id == visit_type && kind.series)
            .then(|| {
                let (kind, whom) = (visit_type.to_string(), patient.to_string());
                let there = [("visit_type", kind.as_str()), ("patient", whom.as_str())];
                let href = href(&Section::Series(doctor).at(hospital), &there);
                view! { <p><a href=href>{t!(series.to_choose)}</a></p> }
            });
        view! {
            {row}
            <Times base times week=asked.week hidden chosen form />
            <WhyNot action=Section::Book.at(hospital) hidden=about asked=question answer take />
        }
        .into_any()
    });
    view! {
        <PageHeader title=t!(hospital_book.title) lead=t!(hospital_book.lead, patient = booking.patient.full_name) back />
        <div class="stack">
            <Choices hospital patient=patient.to_string() doctors=booking.doctors visit_types asked />
            {times}
        </div>
    }
    .into_any()
}

/// With whom and what: a GET form. Visit types are asked for once it is known with whom.
#[component]
fn Choices(
    hospital: HospitalId,
    patient: String,
    doctors: Vec<(DoctorId, String, Vec<VisitType>)>,
    visit_types: Vec<VisitType>,
    asked: Asked,
) -> impl IntoView {
    let value = |id: Option<String>| id.unwrap_or_default();
    let doctors: Vec<_> =
        doctors.into_iter().map(|(id, name, _)| Choice::new(id.to_string(), name)).collect();
    let visit_types: Vec<_> = visit_types
        .into_iter()
        .filter(|visit_type| visit_type.active)
        .map(|visit_type| {
            let label = format!("{}, {}", visit_type.name, duration(u32::from(visit_type.minutes)));
            Choice::new(visit_type.id.to_string(), label)
        })
        .collect();
    let second = (!visit_types.is_empty()).then(|| {
        view! {
            <Select
                label=t!(hospital_visit.kind)
                name="visit_type"
                options=visit_types
                value=value(asked.visit_type.map(|id| id.to_string()))
            />
            <DateField
                label=t!(hospital_book.from)
                name="week"
                value=value(asked.week.map(|date| date.to_string()))
                optional=true
            />
        }
    });
    view! {
        <form class="inline-form" method="get" action=Section::Book.at(hospital)>
            <input type="hidden" name="patient" value=patient />
            <Select
                label=t!(hospital_visit.doctor)
                name="doctor"
                options=doctors
                value=value(asked.doctor.map(|id| id.to_string()))
                placeholder=t!(common.choose_one)
            />
            {second}
            <Button kind=ButtonKind::Secondary>{t!(hospital_book.show_times)}</Button>
        </form>
    }
    .into_any()
}

/// The free times of a week, and the form that takes one.
#[component]
fn Times(
    base: String,
    times: FreeTimes,
    week: Option<Date>,
    hidden: Vec<(&'static str, String)>,
    chosen: RwSignal<String>,
    form: FormState<BookVisit>,
) -> impl IntoView {
    let first = times.slots.items.first().map(|slot| slot.start.date());
    let from = week.or(first);
    let to = |date: Date| href(&base, &[("week", &date.to_string())]);
    let (previous, next) =
        from.map_or_else(Default::default, |from| (to(plus_days(from, -7)), to(plus_days(from, 7))));
    if times.slots.items.is_empty() {
        let later = times.next.map(|slot| {
            let date = slot.start.date();
            let words =
                t!(hospital_book.next_free, date = date_medium(date), time = time(slot.start.local().time()));
            view! { <LinkButton href=to(monday_of(date).max(plus_days(date, -6)))>{words}</LinkButton> }
        });
        return view! { <EmptyState icon=IconName::Calendar text=t!(hospital_book.none)>{later}</EmptyState> }.into_any();
    }
    let hidden: Vec<_> = hidden
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect();
    let taken = form.alternatives();
    let nearest = move || {
        let times: Vec<_> = taken
            .get()
            .iter()
            .map(|m| format!("{} {}", date_medium(m.date()), time(m.local().time())))
            .collect();
        (!times.is_empty()).then(|| {
            view! {
                <Notice kind=NoticeKind::Info title=t!(hospital_book.nearest)>
                    <p>{times.join(", ")}</p>
                </Notice>
            }
        })
    };
    view! {
        <Pagination previous next previous_label=t!(hospital_book.week_before) next_label=t!(hospital_book.week_after) />
        {nearest}
        <Form state=form>
            {hidden}
            <Days slots=times.slots.items chosen problem=form.problem("start") />
            <div class="measure stack">
                <p class="muted small">{t!(hospital_book.zone, zone = times.slots.time_zone)}</p>
                <ReasonField label=t!(hospital_visit.reason) form=*form />
                <Button busy=form.busy() icon=IconName::CalendarPlus>
                    {t!(hospital_book.action)}
                </Button>
            </div>
        </Form>
    }
    .into_any()
}

/// A group of times per day; all of them are one choice.
#[component]
fn Days(slots: Vec<Slot>, chosen: RwSignal<String>, problem: Signal<Option<String>>) -> impl IntoView {
    let mut days: BTreeMap<Date, Vec<Slot>> = BTreeMap::new();
    for slot in slots {
        days.entry(slot.start.date()).or_default().push(slot);
    }
    let mut first = true;
    let days: Vec<_> = days
        .into_iter()
        .map(|(date, slots)| {
            let chips: Vec<_> = slots
                .into_iter()
                .map(|slot| {
                    let id = std::mem::take(&mut first).then(|| "field-start".to_owned());
                    view! { <TimeChoice start=slot.start chosen id=id left=slot.places_left /> }
                })
                .collect();
            view! {
                <fieldset class="field fieldset">
                    <legend class="field-label">{date_long(date)}</legend>
                    <div class="radios radios-chips">{chips}</div>
                </fieldset>
            }
        })
        .collect();
    view! {
        <div class="free-days">
            {move || {
                problem
                    .get()
                    .map(|text| {
                        view! {
                            <p class="field-error" id="field-start-error">
                                <span class="visually-hidden">{t!(ui.error_prefix)} " "</span>
                                {text}
                            </p>
                        }
                    })
            }}
            {days}
        </div>
    }
    .into_any()
}
