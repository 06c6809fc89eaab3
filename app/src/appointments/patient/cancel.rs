//! `/appointments/{id}/cancel`: asks once, says what follows, and takes a reason that may be left out.
//! It is a page and not a dialog, so that it works everywhere.

use domain::appointments::{Appointment, Move};
use domain::ids::AppointmentId;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::appointments::api::{CancelVisit, Visit, read_visit};
use crate::appointments::cancel_form::CancelForm;
use crate::appointments::parts::{Whereabouts, when_text};
use crate::doctors::parts::PhoneLink;
use crate::family::acting::ActingBanner;
use crate::form::{FormState, use_form_state};
use crate::payments::patient::RefundHint;
use crate::portal::Loaded;
use crate::reading::Reading;
use crate::t;
use crate::ui::{ButtonKind, Card, IconName, LinkButton, Notice, NoticeKind, PageHeader};

/// See the module.
#[component]
pub fn CancelPage(
    /// Which.
    id: AppointmentId,
) -> impl IntoView {
    let found = Reading::new(move || id, read_visit);
    let form = use_form_state::<CancelVisit>();
    view! {
        <Title text=t!(patient.cancel_title) />
        <div class="page page-narrow stack">
            <Loaded
                resource=found
                view=move |found: Visit| {
                    let banner = view! { <ActingBanner patient=found.appointment.patient_id /> };
                    let content = if found.appointment.moves.contains(&Move::Cancel) {
                        view! { <Ask visit=found.appointment form=form /> }.into_any()
                    } else {
                        view! { <TooLate visit=found.appointment /> }.into_any()
                    };
                    view! { {banner} {content} }
                }
            />
        </div>
    }
}

#[component]
fn Ask(visit: Appointment, form: FormState<CancelVisit>) -> impl IntoView {
    let keep = format!("/appointments/{}", visit.id);
    let hidden = vec![("id", visit.id.to_string()), ("patient", visit.patient_id.to_string())];
    let when = when_text(&visit);
    let (what, of) = (visit.visit_type_name.clone(), visit.id);
    let doctor = visit.doctor_name.clone();
    let other_time = visit.reschedulable.then(|| {
        let href = format!("{keep}/reschedule");
        view! {
            <section class="stack-small">
                <p>{t!(patient.cancel_or_move)}</p>
                <p>
                    <LinkButton href kind=ButtonKind::Secondary icon=IconName::Calendar>
                        {t!(patient.move_visit)}
                    </LinkButton>
                </p>
            </section>
        }
    });
    view! {
        <PageHeader title=t!(patient.cancel_title) back=keep.clone() />
        <Card title=when>
            <p>
                <bdi translate="no">{doctor}</bdi>
                ", "
                {what}
            </p>
            <Whereabouts visit=visit />
        </Card>
        {other_time}
        <p>{t!(patient.cancel_consequence)}</p>
        <RefundHint id=of />
        <CancelForm
            state=form
            hidden=hidden
            action=t!(patient.cancel_confirm)
            keep=t!(patient.keep_visit)
            back=keep
        />
    }
}

#[component]
fn TooLate(visit: Appointment) -> impl IntoView {
    let keep = format!("/appointments/{}", visit.id);
    let phone = (!visit.hospital_phone.is_empty()).then(|| {
        view! { " " <PhoneLink number=visit.hospital_phone.clone() /> }
    });
    view! {
        <PageHeader title=t!(patient.cancel_title) back=keep.clone() />
        <Notice kind=NoticeKind::Warning>
            <p>{t!(patient.cannot_cancel)} {phone}</p>
        </Notice>
        <LinkButton href=keep>{t!(patient.see_visit)}</LinkButton>
    }
}
