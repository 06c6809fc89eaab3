//! `/book/{doctor}/reason`: what the visit is for, which decides how long it takes and whether it is by video.
//! The warning signs stand before the question, so that nobody in danger fills in a form.

use domain::doctors::Doctor;
use domain::ids::DoctorId;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form as RouteForm;

use super::{Answers, step_names};
use crate::doctors::api::read_doctor;
use crate::doctors::parts::modality_text;
use crate::family::acting::{KeptField, keep};
use crate::i18n::{duration, has_decimals, price_in_column};
use crate::portal::{Loaded, use_query, without_nameless};
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
    let found = Resource::new(move || doctor, read_doctor);
    let answers = Answers::from_query(&use_query().get_untracked());
    view! {
        <Title text=t!(booking.reason_title) />
        <Loaded resource=found view=move |doctor: Doctor| page(&answers, &doctor) />
    }
}

fn page(answers: &Answers, doctor: &Doctor) -> AnyView {
    let card = &doctor.card;
    let decimals =
        card.visit_types.iter().any(|kind| has_decimals(kind.price.amount_minor, &kind.price.currency));
    let options: Vec<Choice> = card
        .visit_types
        .iter()
        .map(|kind| {
            let hint = format!("{}, {}", modality_text(kind.modality), duration(u32::from(kind.minutes)));
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
