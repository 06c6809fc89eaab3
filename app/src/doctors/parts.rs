//! Pieces that show a doctor: the card of a list, her specialties and languages, links to her next free times.
//! They read nothing; they are given what they show.

use domain::doctors::DoctorCard;
use domain::hospitals::{Modality, VisitType};
use domain::ids::{DoctorId, VisitTypeId};
use domain::money::Money;
use domain::time::Moment;
use leptos::prelude::*;

use crate::i18n::{date_long, date_medium, language_name, price_or_free, specialty_name, time};
use crate::portal::encode;
use crate::t;
use crate::ui::{Avatar, Icon, IconName};

/// Specialties in plain words, one after the other.
#[must_use]
pub fn specialties_text(codes: &[String]) -> String {
    codes.iter().map(|code| specialty_name(code)).collect::<Vec<_>>().join(", ")
}

/// Languages in words, one after the other.
#[must_use]
pub fn languages_text(codes: &[String]) -> String {
    codes.iter().map(|code| language_name(code)).collect::<Vec<_>>().join(", ")
}

/// An amount as it is written.
#[must_use]
pub fn money(money: &Money) -> String {
    price_or_free(money.amount_minor, &money.currency)
}

/// "In person", "By video".
#[must_use]
pub fn modality_text(modality: Modality) -> &'static str {
    match modality {
        Modality::InPerson => t!(find.in_person),
        Modality::Video => t!(find.by_video),
    }
}

/// The picture of it.
#[must_use]
pub fn modality_icon(modality: Modality) -> IconName {
    match modality {
        Modality::InPerson => IconName::MapPin,
        Modality::Video => IconName::Video,
    }
}

/// The review page of a visit at a time.
#[must_use]
pub fn review_href(doctor: DoctorId, visit_type: VisitTypeId, start: Moment) -> String {
    format!("/book/{doctor}/review?visit_type={visit_type}&start={}", encode(&start.to_string()))
}

/// A telephone number that can be called by touching it.
#[component]
pub fn PhoneLink(
    /// As people write it.
    number: String,
) -> impl IntoView {
    let dialled: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    view! { <a href=format!("tel:{dialled}") dir="ltr">{number}</a> }
}

/// Links to the next free times of the first thing that can be booked.
#[component]
pub fn NextFree(
    /// With whom.
    doctor: DoctorId,
    /// What can be booked with her; the times are those of the first.
    visit_types: Vec<VisitType>,
    /// The times.
    times: Vec<Moment>,
) -> impl IntoView {
    let Some(first) = visit_types.into_iter().next() else {
        return view! { <p class="muted">{t!(find.not_bookable)}</p> }.into_any();
    };
    if times.is_empty() {
        return view! { <p class="muted">{t!(find.no_free_time)}</p> }.into_any();
    }
    let links: Vec<_> = times
        .into_iter()
        .map(|start| {
            let href = review_href(doctor, first.id, start);
            let label = format!("{}, {}", date_long(start.date()), time(start.local().time()));
            view! {
                <li>
                    <a class="time-link" href=href aria-label=label>
                        <span class="time-link-day">{date_medium(start.date())}</span>
                        <span class="time-link-time">{time(start.local().time())}</span>
                    </a>
                </li>
            }
        })
        .collect();
    view! { <ul class="time-links">{links}</ul> }.into_any()
}

/// A doctor in a list.
#[component]
pub fn DoctorItem(
    /// Who.
    card: DoctorCard,
) -> impl IntoView {
    let href = format!("/doctors/{}", card.id);
    let price = card.price_from.as_ref().map(|price| {
        view! {
            <p class="fact">
                <Icon name=IconName::Money />
                <span>{t!(find.price_from, price = money(price))}</span>
            </p>
        }
    });
    let videos = card.visit_types.iter().any(|kind| kind.modality == Modality::Video).then(|| {
        view! {
            <p class="fact">
                <Icon name=IconName::Video />
                <span>{t!(find.also_video)}</span>
            </p>
        }
    });
    let visit_types = card.visit_types.clone();
    view! {
        <article class="card doctor-item">
            <div class="doctor-item-head">
                <Avatar name=card.name.clone() photo=card.photo.clone().unwrap_or_default() />
                <div>
                    <h3 class="card-title">
                        <a href=href>
                            <bdi translate="no">{card.name.clone()}</bdi>
                        </a>
                    </h3>
                    <p class="muted">{specialties_text(&card.specialties)}</p>
                </div>
            </div>
            <div class="doctor-item-facts">
                <p class="fact">
                    <Icon name=IconName::Hospital />
                    <span>
                        <bdi translate="no">{card.hospital.name.clone()}</bdi>
                        ", "
                        {card.hospital.city.clone()}
                    </span>
                </p>
                <p class="fact">
                    <Icon name=IconName::Globe />
                    <span>{t!(find.speaks, languages = languages_text(&card.languages))}</span>
                </p>
                {price}
                {videos}
            </div>
            <div class="doctor-item-times">
                <h4 class="small muted">{t!(find.next_free)}</h4>
                <NextFree doctor=card.id visit_types=visit_types times=card.next_free />
            </div>
        </article>
    }
}
