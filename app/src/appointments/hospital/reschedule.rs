//! Puts a visit on another time, and with another doctor of the house where one offers it.
//! It is a page and not a drag alone, so that it works everywhere.

use domain::ids::{AppointmentId, DoctorId, HospitalId};
use leptos::prelude::*;
use leptos_meta::Title;

use super::parts::{date_and_hours, name_and_born};
use crate::appointments::reschedule::{ChooseTime, NewTimes, Reschedule, read_new_times};
use crate::form::{FormState, use_form_state};
use crate::live::use_live;
use crate::portal::Loaded;
use crate::portal::hospital::{Section, date_query, href, query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{Button, ButtonKind, Choice, LinkButton, Notice, NoticeKind, PageHeader, Select};

/// See the module.
#[component]
pub fn ReschedulePage(
    /// Where.
    hospital: HospitalId,
    /// Which visit.
    id: AppointmentId,
) -> impl IntoView {
    let form = use_form_state::<Reschedule>();
    let (doctor, week, live) = (query("doctor"), date_query("week"), use_live());
    let times = Reading::new(
        move || (doctor.with(|id| id.parse::<DoctorId>().ok()), week.get(), live.version()),
        move |(doctor, week, _)| read_new_times(id, Some(hospital), doctor, week),
    );
    view! {
        <Title text=t!(hospital_visit.reschedule_title) />
        <div class="page">
            <Loaded resource=times view=move |times: NewTimes| view! { <Content hospital times form /> } />
        </div>
    }
    .into_any()
}

#[component]
fn Content(hospital: HospitalId, times: NewTimes, form: FormState<Reschedule>) -> impl IntoView {
    let visit = times.visit.clone();
    let back = Section::Visit(visit.id).at(hospital);
    let lead = t!(
        hospital_visit.reschedule_lead,
        patient = name_and_born(&visit),
        kind = visit.visit_type_name,
        when = date_and_hours(&visit),
        doctor = visit.doctor_name
    );
    let body = if visit.reschedulable {
        let here = Section::Reschedule(visit.id).at(hospital);
        let base = format!("{}&", href(&here, &[("doctor", &times.doctor.to_string())]));
        let others = times.doctors.iter().any(|(id, _)| *id != times.doctor).then(|| {
            let (doctors, chosen) = (times.doctors.clone(), times.doctor);
            view! { <WithWhom here doctors chosen week=times.monday.to_string() /> }
        });
        view! {
            <p>{t!(hospital_visit.reschedule_told)}</p>
            {others}
            <ChooseTime times base hospital=Some(hospital) action=t!(hospital_visit.reschedule_action) form />
        }
        .into_any()
    } else {
        view! {
            <Notice kind=NoticeKind::Info>
                <p>{t!(hospital_visit.not_now)}</p>
            </Notice>
            <p>
                <LinkButton href=back.clone()>{t!(hospital_visit.to_visit)}</LinkButton>
            </p>
        }
        .into_any()
    };
    view! {
        <PageHeader title=t!(hospital_visit.reschedule_title) lead back />
        <div class="stack">{body}</div>
    }
    .into_any()
}

/// With whom it is to be: a GET form.
#[component]
fn WithWhom(here: String, doctors: Vec<(DoctorId, String)>, chosen: DoctorId, week: String) -> impl IntoView {
    let options: Vec<_> = doctors.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
    view! {
        <form class="inline-form" method="get" action=here>
            <input type="hidden" name="week" value=week />
            <Select label=t!(hospital_visit.doctor) name="doctor" options value=chosen.to_string() />
            <Button kind=ButtonKind::Secondary>{t!(hospital_book.show_times)}</Button>
        </form>
    }
    .into_any()
}
