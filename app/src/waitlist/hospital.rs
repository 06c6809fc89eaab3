//! Everybody who waits at a hospital, as its desk, its administrators and her doctor see it. Times are offered by the house itself.

use domain::access::Role;
use domain::ids::HospitalId;
use domain::waitlist::WaitingPatient;
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{LeaveWaitingList, read_hospital_list};
use super::words::{span, suits};
use crate::form::{Form, FormState, use_form_state};
use crate::i18n::{date_at_time, date_medium};
use crate::live::use_live;
use crate::portal::hospital::{Section, query};
use crate::portal::{Loaded, use_viewer};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Button, ButtonKind, Details, Done, EmptyState, FormErrors, IconName, PageHeader, SkeletonShape,
    SummaryList, SummaryRow,
};

/// See the module.
#[component]
pub fn WaitingPage(
    /// Where.
    hospital: HospitalId,
) -> impl IntoView {
    let (form, live, done) = (use_form_state::<LeaveWaitingList>(), use_live(), query("done"));
    let list = Reading::new(move || (live.version(), done.get()), move |_| read_hospital_list(hospital));
    let left = move || (done.get() == "left").then(|| view! { <Done words=t!(waiting.taken_off) /> });
    view! {
        <Title text=t!(waiting.hospital_title) />
        <div class="page stack">
            <PageHeader title=t!(waiting.hospital_title) lead=t!(waiting.hospital_lead) />
            {left}
            <FormErrors problems=form.problems() />
            <Loaded resource=list shape=SkeletonShape::Rows view=move |list| rows(hospital, list, form) />
        </div>
    }
    .into_any()
}

fn rows(hospital: HospitalId, list: Vec<WaitingPatient>, form: FormState<LeaveWaitingList>) -> AnyView {
    if list.is_empty() {
        return view! { <EmptyState icon=IconName::Clock text=t!(waiting.hospital_none) /> }.into_any();
    }
    let rows: Vec<_> = list.into_iter().map(|one| row(hospital, one, form)).collect();
    view! { <ol class="waiting-rows">{rows}</ol> }.into_any()
}

fn row(hospital: HospitalId, one: WaitingPatient, form: FormState<LeaveWaitingList>) -> AnyView {
    // A doctor reads her list; the desk works with it.
    let viewer = use_viewer();
    let here = viewer.principal().and_then(|principal| principal.membership(hospital));
    let desk = here.is_some_and(|here| match here.role {
        Role::Desk | Role::HospitalAdmin => true,
        Role::Doctor => false,
    });
    let earlier = one.appointment_start.map(|start| {
        let when = date_at_time(start.date(), start.local().time());
        view! { <SummaryRow label=t!(waiting.instead_of)>{when}</SummaryRow> }
    });
    let offer = one.offer.as_ref().map(|offer| {
        let (when, until) = (
            date_at_time(offer.start.date(), offer.start.local().time()),
            crate::i18n::time(offer.until.local().time()),
        );
        view! { <p>{t!(waiting.offered_now, when = when, until = until)}</p> }
    });
    let remove = desk.then(|| {
        view! {
            <Details summary=t!(waiting.take_off)>
                <p>{t!(waiting.take_off_text)}</p>
                <Form state=form no_summary=true>
                    <input type="hidden" name="id" value=one.id.to_string() />
                    <input type="hidden" name="hospital" value=hospital.to_string() />
                    <Button kind=ButtonKind::Danger small=true>{t!(waiting.take_off_action)}</Button>
                </Form>
            </Details>
        }
    });
    view! {
        <li class="waiting-row">
            <h2 class="card-title">
                <a href=Section::Patient(one.patient_id).at(hospital)>
                    <bdi translate="no">{one.patient_name.clone()}</bdi>
                </a>
            </h2>
            {offer}
            <SummaryList>
                <SummaryRow label=t!(booking.doctor)>
                    <bdi translate="no">{one.doctor_name.clone()}</bdi>
                </SummaryRow>
                <SummaryRow label=t!(booking.visit)>{one.visit_type_name.clone()}</SummaryRow>
                <SummaryRow label=t!(waiting.place)>{t!(waiting.place_in_line, place = one.place)}</SummaryRow>
                <SummaryRow label=t!(waiting.since)>{date_medium(one.joined_at.date())}</SummaryRow>
                <SummaryRow label=t!(waiting.days)>{span(one.from, one.until)}</SummaryRow>
                <SummaryRow label=t!(waiting.times)>{suits(&one.weekdays, &one.day_parts)}</SummaryRow>
                {earlier}
            </SummaryList>
            {remove}
        </li>
    }
    .into_any()
}
