//! `/appointments/{id}/reschedule`: the patient chooses another time for a visit, and keeps the old one until then.

use domain::appointments::Status;
use domain::ids::AppointmentId;
use domain::payments::Bill;
use jiff::civil::Date;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::appointments::parts::{Whereabouts, when_text};
use crate::appointments::reschedule::{ChooseTime, NewTimes, Reschedule, read_new_times};
use crate::doctors::parts::PhoneLink;
use crate::family::acting::{ActingBanner, keep};
use crate::form::{FormState, use_form_state};
use crate::live::{use_live, watch_times};
use crate::payments::api::bill_if_shown;
use crate::payments::patient::MovingHint;
use crate::portal::{Loaded, use_query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{Card, LinkButton, Notice, NoticeKind, PageHeader};

/// See the module.
#[component]
pub fn ReschedulePage(
    /// Which.
    id: AppointmentId,
) -> impl IntoView {
    let form = use_form_state::<Reschedule>();
    let (map, live) = (use_query(), use_live());
    let week = Memo::new(move |_| map.with(|map| map.get("week").and_then(|day| day.parse::<Date>().ok())));
    let times = Reading::new(
        move || (week.get(), live.version()),
        move |(week, _)| read_new_times(id, None, None, week),
    );
    let bill = Reading::new(move || id, bill_if_shown);
    watch_times(move || times.now()?.ok().map(|times| times.doctor));
    view! {
        <Title text=t!(patient.move_title) />
        <Loaded resource=times view=move |times: NewTimes| view! { <Content times bill form /> } />
    }
}

#[component]
fn Content(times: NewTimes, bill: Reading<Option<Bill>>, form: FormState<Reschedule>) -> impl IntoView {
    let visit = times.visit.clone();
    let (back, patient) = (format!("/appointments/{}", visit.id), visit.patient_id);
    let body = if visit.reschedulable {
        let words = match visit.status {
            Status::Confirmed => t!(patient.move_confirmed),
            _ => t!(patient.move_keep),
        };
        let base = keep(&format!("{back}/reschedule"));
        let base = format!("{base}{}", if base.contains('?') { '&' } else { '?' });
        view! {
            <Card title=t!(patient.move_now, when = when_text(&visit))>
                <p>
                    <bdi translate="no">{visit.doctor_name.clone()}</bdi>
                    ", "
                    {visit.visit_type_name.clone()}
                </p>
                <Whereabouts visit=visit.clone() />
            </Card>
            <p>{words}</p>
            <MovingHint found=bill />
            <ChooseTime times base action=t!(patient.move_action) form />
        }
        .into_any()
    } else {
        let phone = (!visit.hospital_phone.is_empty()).then(|| {
            view! { " " <PhoneLink number=visit.hospital_phone.clone() /> }
        });
        view! {
            <Notice kind=NoticeKind::Warning>
                <p>{t!(patient.move_cannot)} {phone}</p>
            </Notice>
            <LinkButton href=back.clone()>{t!(patient.see_visit)}</LinkButton>
        }
        .into_any()
    };
    view! {
        <ActingBanner patient />
        <div class="page stack">
            <PageHeader title=t!(patient.move_title) back />
            {body}
        </div>
    }
    .into_any()
}
