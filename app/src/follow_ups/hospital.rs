//! Asking a patient back, as the hospital does it: the form, and on the visit's page what has become of it.
//! Who may do it is the services' business.

use domain::appointments::{Appointment, Status};
use domain::follow_ups::{FollowUp, FollowUpStatus, Unit};
use domain::ids::{AppointmentId, HospitalId};
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{AskBack, AskingBack, WithdrawFollowUp, read_asking_back, read_of_visit};
use super::words::{days, over, with_whom};
use crate::form::{Form, FormState, new_key, use_form_state};
use crate::i18n::{date_at_time, duration};
use crate::portal::Loaded;
use crate::portal::hospital::{Section, query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Button, ButtonKind, ButtonRow, Choice, Details, Done, Field, FieldWidth, FormErrors, LinkButton,
    PageHeader, RadioGroup, Select, SummaryList, SummaryRow, TextArea,
};

/// What has become of the tickets of a visit, and the way to give one.
#[component]
pub fn FollowUpPanel(
    /// Where.
    hospital: HospitalId,
    /// The visit.
    id: AppointmentId,
    /// Whether a patient can be asked back from it.
    asks: Signal<bool>,
    /// Grows when something may have become of a ticket.
    version: Signal<i64>,
) -> impl IntoView {
    let form = use_form_state::<WithdrawFollowUp>();
    let done = query("follow_up");
    let found =
        Reading::new(move || (done.get(), form.answered().get(), version.get()), move |_| read_of_visit(id));
    let told = move || {
        let words = match done.get().as_str() {
            "1" => Some(t!(follow_ups.offered)),
            "2" => Some(t!(follow_ups.withdrawn)),
            _ => None,
        };
        words.map(|words| view! { <Done words /> })
    };
    let link = move || {
        asks.get().then(|| {
            let href = Section::FollowUp(id).at(hospital);
            view! {
                <p>
                    <LinkButton href kind=ButtonKind::Secondary>
                        {t!(follow_ups.ask_back)}
                    </LinkButton>
                </p>
            }
        })
    };
    view! {
        <section class="stack-small" aria-label=t!(follow_ups.hospital_title)>
            {move || asks.get().then(heading)}
            {told}
            <FormErrors problems=form.problems() />
            <Loaded
                resource=found
                part=true
                view={move |tickets: Vec<FollowUp>| {
                    // A heading above nothing would only raise a question.
                    let any = !tickets.is_empty();
                    let heading = move || (any && !asks.get()).then(heading);
                    view! {
                        {heading}
                        {rows(hospital, tickets, form)}
                    }
                    .into_any()
                }}
            />
            {link}
        </section>
    }
    .into_any()
}

/// Nobody is asked back from a visit that never was.
pub fn can_ask_back(visit: &Appointment) -> bool {
    !matches!(visit.status, Status::Cancelled | Status::Expired) && !visit.status.is_held()
}

fn heading() -> AnyView {
    view! { <h2 class="card-title">{t!(follow_ups.hospital_title)}</h2> }.into_any()
}

fn rows(hospital: HospitalId, tickets: Vec<FollowUp>, form: FormState<WithdrawFollowUp>) -> AnyView {
    let rows: Vec<_> = tickets.into_iter().map(|ticket| row(hospital, ticket, form)).collect();
    view! { <div class="stack-small">{rows}</div> }.into_any()
}

fn row(hospital: HospitalId, ticket: FollowUp, form: FormState<WithdrawFollowUp>) -> AnyView {
    let (days, doctor) = (days(&ticket), with_whom(&ticket));
    let booked = ticket.booked_id.zip(ticket.booked_start).map(|(id, start)| {
        let href = Section::Visit(id).at(hospital);
        view! { <a href=href>{date_at_time(start.date(), start.local().time())}</a> }
    });
    let standing = match ticket.status {
        FollowUpStatus::Open => t!(follow_ups.waits),
        FollowUpStatus::Booked => t!(follow_ups.is_booked),
        FollowUpStatus::Expired | FollowUpStatus::Withdrawn => over(ticket.status).unwrap_or_default(),
    };
    let note = ticket.note.map(|note| {
        view! {
            <SummaryRow label=t!(follow_ups.note)>
                <span class="as-typed" dir="auto">
                    {note}
                </span>
            </SummaryRow>
        }
    });
    let withdraw = ticket.withdrawable.then(|| {
        view! {
            <Details summary=t!(follow_ups.withdraw)>
                <p>{t!(follow_ups.withdraw_text)}</p>
                <Form state=form no_summary=true>
                    <input type="hidden" name="hospital" value=hospital.to_string() />
                    <input type="hidden" name="id" value=ticket.id.to_string() />
                    <Button kind=ButtonKind::Danger small=true busy=form.busy()>
                        {t!(follow_ups.withdraw_action)}
                    </Button>
                </Form>
            </Details>
        }
    });
    view! {
        <div class="stack-small">
            <SummaryList>
                <SummaryRow label=t!(follow_ups.days)>{days}</SummaryRow>
                <SummaryRow label=t!(booking.visit)>{ticket.visit_type_name}</SummaryRow>
                <SummaryRow label=t!(booking.doctor)>
                    <bdi translate="no">{doctor}</bdi>
                </SummaryRow>
                {note}
                <SummaryRow label=t!(follow_ups.standing)>{standing} " " {booked}</SummaryRow>
            </SummaryList>
            {withdraw}
        </div>
    }
    .into_any()
}

/// `/hospital/{id}/appointments/{visit}/follow-up`
#[component]
pub fn AskBackPage(
    /// Where.
    hospital: HospitalId,
    /// The visit that it comes of.
    id: AppointmentId,
) -> impl IntoView {
    let form = use_form_state::<AskBack>();
    let found = Reading::new(move || id, move |id| read_asking_back(hospital, id));
    view! {
        <Title text=t!(follow_ups.ask_back) />
        <div class="page page-narrow">
            <Loaded resource=found view=move |found: AskingBack| asking(hospital, found, form) />
        </div>
    }
    .into_any()
}

fn asking(hospital: HospitalId, found: AskingBack, form: FormState<AskBack>) -> AnyView {
    let AskingBack { visit, doctors, visit_types } = found;
    let back = Section::Visit(visit.id).at(hospital);
    let lead = t!(follow_ups.ask_back_lead, patient = visit.patient_name);
    let kinds: Vec<_> = visit_types
        .into_iter()
        .map(|kind| {
            let label = format!("{}, {}", kind.name, duration(u32::from(kind.minutes)));
            Choice::new(kind.id.to_string(), label)
        })
        .collect();
    let doctors: Vec<_> = doctors.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
    let units = Unit::ALL.map(|unit| Choice::new(unit.code(), unit_name(unit))).into();
    // A refused form has what was chosen, "any doctor" included.
    let doctor =
        if form.value("unit").is_empty() { visit.doctor_id.to_string() } else { form.value("doctor_id") };
    let key = SharedValue::new(new_key).into_inner();
    view! {
        <PageHeader title=t!(follow_ups.ask_back) lead back=back.clone() />
        <Form state=form>
            <div class="form">
                <input type="hidden" name="hospital" value=hospital.to_string() />
                <input type="hidden" name="visit" value=visit.id.to_string() />
                <input type="hidden" name="idempotency_key" value=key />
                <Field
                    label=t!(follow_ups.earliest)
                    name="earliest"
                    inputmode="numeric"
                    width=FieldWidth::Tiny
                    value=form.value_or("earliest", "2")
                    error=form.problem("earliest")
                />
                <Field
                    label=t!(follow_ups.latest)
                    name="latest"
                    inputmode="numeric"
                    width=FieldWidth::Tiny
                    hint=t!(follow_ups.latest_hint)
                    value=form.value_or("latest", "3")
                    error=form.problem("latest")
                />
                <RadioGroup
                    legend=t!(follow_ups.unit)
                    name="unit"
                    options=units
                    value=form.value_or("unit", Unit::Weeks.code())
                    error=form.problem("unit")
                />
                <Select
                    label=t!(hospital_visit.kind)
                    name="visit_type_id"
                    options=kinds
                    value=form.value_or("visit_type_id", &visit.visit_type_id.to_string())
                    error=form.problem("visit_type_id")
                    hint=t!(follow_ups.kind_hint)
                />
                <Select
                    label=t!(hospital_visit.doctor)
                    name="doctor_id"
                    options=doctors
                    value=doctor
                    error=form.problem("doctor_id")
                    placeholder=t!(follow_ups.any_doctor)
                />
                <TextArea
                    label=t!(follow_ups.note)
                    name="note"
                    hint=t!(follow_ups.note_hint)
                    value=form.value("note")
                    error=form.problem("note")
                    rows=2
                    max_length=200
                    optional=true
                />
                <ButtonRow>
                    <Button busy=form.busy()>{t!(follow_ups.ask_back_action)}</Button>
                    <LinkButton href=back kind=ButtonKind::Secondary>
                        {t!(common.cancel)}
                    </LinkButton>
                </ButtonRow>
            </div>
        </Form>
    }
    .into_any()
}

fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Days => t!(follow_ups.in_days),
        Unit::Weeks => t!(follow_ups.in_weeks),
    }
}

#[cfg(test)]
mod tests {
    use domain::follow_ups::{FURTHEST_DAYS, Unit};

    use crate::t;

    #[test]
    fn whoever_asks_back_too_far_ahead_reads_how_far_it_may_be() {
        let weeks = FURTHEST_DAYS / Unit::Weeks.days();
        let named = t!(error.follow_up_weeks_out_of_range);
        assert!(named.contains(&format!(" {weeks} weeks")), "{named}");
        let named = t!(error.follow_up_days_out_of_range).replace(',', "");
        assert!(named.contains(&format!(" {FURTHEST_DAYS} days")), "{named}");
    }
}
