//! `/book/{doctor}/reason`: what the visit is for, which decides how long it takes and whether it is by video.
//! The warning signs stand before the question, so that nobody in danger fills in a form.

use domain::doctors::Doctor;
use domain::ids::{DoctorId, PatientId};
use domain::payments::FollowUpWindow;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form as RouteForm;

use super::{Answers, bookable_patients, free_for, step_names};
use crate::doctors::api::read_doctor;
use crate::doctors::parts::modality_text;
use crate::family::acting::{KeptField, keep};
use crate::i18n::{date_medium, duration, has_decimals, price_in_column};
use crate::portal::{Loaded, use_query, use_viewer, without_nameless};
use crate::reading::Reading;
use crate::server::AppError;
use crate::t;
use crate::ui::{
    Button, Choice, EmptyState, IconName, LinkButton, Notice, NoticeKind, PageHeader, RadioGroup,
    RadioLayout, Steps,
};

/// See the module.
#[component]
pub fn ReasonStep(
    /// With whom.
    doctor: DoctorId,
) -> impl IntoView {
    let answers = Answers::from_query(&use_query().get_untracked());
    let (signed_in, patient) = (use_viewer().principal().is_some(), answers.patient);
    let found = Reading::new(move || doctor, move |doctor| offered(doctor, signed_in, patient));
    view! {
        <Title text=t!(booking.reason_title) />
        <Loaded
            resource=found
            view={move |(doctor, free): (Doctor, Vec<FollowUpWindow>)| page(&answers, &doctor, &free)}
        />
    }
}

/// The doctor with what she offers, and what of it is free for whoever is signed in.
async fn offered(
    doctor: DoctorId,
    signed_in: bool,
    patient: Option<PatientId>,
) -> Result<(Doctor, Vec<FollowUpWindow>), AppError> {
    let found = read_doctor(doctor).await?;
    let free =
        if signed_in { free_for(doctor, patient, &bookable_patients().await?).await? } else { Vec::new() };
    Ok((found, free))
}

fn page(answers: &Answers, doctor: &Doctor, free: &[FollowUpWindow]) -> AnyView {
    let card = &doctor.card;
    let decimals =
        card.visit_types.iter().any(|kind| has_decimals(kind.price.amount_minor, &kind.price.currency));
    let options: Vec<Choice> = card
        .visit_types
        .iter()
        .map(|kind| {
            let mut hint = format!("{}, {}", modality_text(kind.modality), duration(u32::from(kind.minutes)));
            // Who would rather come alone knows it before she chooses a time.
            if kind.capacity > 1 {
                hint.push_str(", ");
                hint.push_str(&t!(booking.group_of, most = kind.capacity));
            }
            // On which day it is to be is asked next, so the price stands beside it.
            let opened = free.iter().filter(|it| it.left > 0 && it.visit_type_ids.contains(&kind.id));
            if let Some(window) = opened.min_by_key(|it| it.until).filter(|_| kind.price.amount_minor > 0) {
                hint.push_str(". ");
                let (day, until) = (date_medium(window.visit_on), date_medium(window.until));
                hint.push_str(&t!(payments.free_until, until = until, day = day));
            }
            let price = price_in_column(kind.price.amount_minor, &kind.price.currency, decimals);
            Choice::new(kind.id.to_string(), kind.name.clone()).hint(hint).note(price)
        })
        .collect();
    let chosen = answers.visit_type_of(doctor).map(|kind| kind.id.to_string()).unwrap_or_default();
    let back = keep(&format!("/doctors/{}", card.id));
    let question = if options.is_empty() || !doctor.active {
        view! {
            <EmptyState icon=IconName::Calendar text=t!(error.not_bookable)>
                <LinkButton href=keep("/doctors")>{t!(patient.find_doctor)}</LinkButton>
            </EmptyState>
        }
        .into_any()
    } else {
        view! {
            <RouteForm method="get" action=format!("/book/{}/time", card.id) on_form_data=without_nameless() attr:class="form">
                <RadioGroup
                    legend=t!(booking.reason_legend)
                    name="visit_type"
                    options=options
                    value=chosen
                    layout=RadioLayout::Cards
                />
                <KeptField />
                <Button>{t!(common.continue_on)}</Button>
            </RouteForm>
        }
        .into_any()
    };
    view! {
        <div class="page page-steps stack">
            <Steps labels=step_names() current=1 />
            <PageHeader title=t!(booking.reason_title) eyebrow=card.name.clone() back=back />
            <Notice kind=NoticeKind::Warning title=t!(booking.red_flags_title)>
                <p>{t!(booking.red_flags)}</p>
            </Notice>
            {question}
        </div>
    }
    .into_any()
}
