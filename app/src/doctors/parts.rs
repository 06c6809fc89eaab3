//! Pieces that show a doctor: the card of a list, her specialties and languages, links to her next free times.
//! They read nothing; they are given what they show.

use domain::doctors::DoctorCard;
use domain::hospitals::{Modality, VisitType};
use domain::ids::{DoctorId, VisitTypeId};
use domain::money::Money;
use domain::time::Moment;
use leptos::prelude::*;

use crate::family::acting::keep;
use crate::i18n::{day_month, language_name, price_or_free, specialty_name, time, weekday_short};
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
    let start = encode(&start.to_string());
    keep(&format!("/book/{doctor}/review?visit_type={visit_type}&start={start}"))
}

/// A telephone number that can be called by touching it.
#[component]
pub fn PhoneLink(
    /// As people write it.
    number: String,
) -> impl IntoView {
    let dialled: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    view! { <a class="phone" href=format!("tel:{dialled}") dir="ltr">{number}</a> }
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
            view! {
                <li>
                    <a class="time-link" href=href>
                        <span class="time-link-day">{weekday_short(start.date().weekday())} " " {day_month(start.date())}</span>
                        " "
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
    let href = keep(&format!("/doctors/{}", card.id));
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

#[cfg(all(test, feature = "ssr"))]
mod tests {
    #![expect(clippy::unwrap_used, reason = "what is written here can be read")]
    use leptos::prelude::*;

    use super::*;

    fn card(next_free: &[&str]) -> DoctorCard {
        let id = "0190a5b2-7c3d-7e4f-8a9b-0c1d2e3f4a5b";
        let free: Vec<String> = next_free.iter().map(|text| (*text).to_owned()).collect();
        serde_json::from_value(serde_json::json!({
            "id": id, "name": "Dr. <b>Rao</b>", "specialties": ["cardiology"], "languages": ["hi", "en"],
            "hospital": { "id": id, "name": "Sahyadri", "city": "Pune", "time_zone": "Asia/Kolkata" },
            "photo": null, "price_from": { "amount_minor": 50_000, "currency": "INR" }, "next_free": free,
            "visit_types": [{ "id": id, "name": "First visit", "modality": "in_person", "minutes": 30, "buffer_before": 0,
                "buffer_after": 0, "price": { "amount_minor": 50_000, "currency": "INR" }, "active": true }],
        }))
        .unwrap()
    }

    fn html(card: DoctorCard) -> String {
        Owner::new().with(|| view! { <DoctorItem card /> }.to_html())
    }

    #[test]
    fn a_card_leads_from_a_free_time_to_the_last_look() {
        let html = html(card(&["2026-11-24T10:00:00+05:30"]));
        assert!(html.contains("start=2026-11-24T10%3A00%3A00%2B05%3A30"), "{html}");
        assert!(
            html.contains("Tue")
                && html.contains("24 Nov")
                && html.contains("10:00")
                && html.contains("From ₹500")
        );
        assert!(!html.contains("<b>"), "a name is text");
    }

    #[test]
    fn a_card_without_a_free_time_says_so() {
        assert!(html(card(&[])).contains(t!(find.no_free_time)));
    }
}
