//! The answers read back before they count, each with the link that changes it.
//! It is shown on the review page; the visit's own page has its own list.

use domain::accounts::OwnPatient;
use domain::doctors::Doctor;
use domain::hospitals::{Modality, VisitType};
use domain::time::Moment;
use leptos::prelude::*;

use super::Answers;
use crate::doctors::parts::{modality_text, money};
use crate::i18n::{address, date_full, duration, time};
use crate::t;
use crate::ui::{SummaryList, SummaryRow};

/// See the module.
#[component]
pub fn AnswersRead(
    /// With whom.
    doctor: Doctor,
    /// What.
    kind: VisitType,
    /// When.
    start: Moment,
    /// For whom, out of all for whom the account acts.
    patient: OwnPatient,
    /// Whether there is another patient to choose.
    several: bool,
    /// What has been answered.
    answers: Answers,
) -> impl IntoView {
    let card = doctor.card;
    let id = card.id;
    let place = match kind.modality {
        Modality::InPerson => {
            format!("{}, {}, {}", card.hospital.name, address(&doctor.address), card.hospital.city)
        }
        Modality::Video => format!("{}, {}", modality_text(kind.modality), card.hospital.name),
    };
    let when = format!("{}, {}", date_full(start.date()), time(start.local().time()));
    let zone = t!(booking.zone, zone = card.hospital.time_zone);
    let price = money(&kind.price);
    let change_patient = if several { answers.href(id, "patient") } else { String::new() };
    let (change_time, change_kind) = (answers.href(id, "time"), answers.href(id, "reason"));
    view! {
        <SummaryList>
            <SummaryRow label=t!(booking.when) change_href=change_time>
                <time datetime=start.to_string()>{when}</time>
            </SummaryRow>
            <SummaryRow label=t!(booking.doctor)>
                <bdi translate="no">{card.name}</bdi>
            </SummaryRow>
            <SummaryRow label=t!(booking.visit) change_href=change_kind>
                {kind.name}
                ", "
                {modality_text(kind.modality)}
                ", "
                {duration(u32::from(kind.minutes))}
            </SummaryRow>
            <SummaryRow label=t!(booking.place)>
                <span dir="auto">{place}</span>
            </SummaryRow>
            <SummaryRow label=t!(booking.patient) change_href=change_patient>
                <bdi translate="no">{patient.full_name}</bdi>
            </SummaryRow>
            <SummaryRow label=t!(booking.price)>
                <span class="money">{price}</span>
            </SummaryRow>
        </SummaryList>
        <p class="small muted">{zone}</p>
    }
}
