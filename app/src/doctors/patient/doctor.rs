//! `/doctors/{id}`: the public page of a doctor, made to be found and to lead to a visit.
//! It shows the same to everybody.

use domain::doctors::Doctor;
use domain::hospitals::VisitType;
use domain::ids::DoctorId;
use leptos::prelude::*;
use leptos_meta::{Link, Meta, Title};

use crate::doctors::api::read_doctor;
use crate::doctors::parts::{
    NextFree, PhoneLink, languages_text, modality_icon, modality_text, specialties_text,
};
use crate::family::acting::keep;
use crate::i18n::{address, duration, has_decimals, price_in_column};
use crate::portal::{Loaded, public_url};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Avatar, AvatarSize, ButtonKind, Card, Icon, IconName, LinkButton, Notice, SummaryList, SummaryRow,
};

/// See the module.
#[component]
pub fn DoctorPage(
    /// Who.
    id: DoctorId,
) -> impl IntoView {
    let found = Reading::new(move || id, read_doctor);
    view! { <Loaded resource=found view=public_page /> }
}

fn public_page(doctor: Doctor) -> impl IntoView {
    let card = &doctor.card;
    let biography = (!doctor.biography.trim().is_empty()).then(|| {
        let paragraphs: Vec<_> = doctor
            .biography
            .split("\n\n")
            .map(|text| view! { <p dir="auto">{text.trim().to_owned()}</p> })
            .collect();
        view! {
            <section class="stack-small">
                <h2 class="section-title">{t!(find.about)}</h2>
                {paragraphs}
            </section>
        }
    });
    let closed = (!doctor.active).then(|| view! { <Notice><p>{t!(error.not_bookable)}</p></Notice> });
    view! {
        <Head doctor=doctor.clone() />
        <div class="page stack">
            <header class="page-header doctor-head">
                <Avatar
                    name=card.name.clone()
                    photo=card.photo.clone().unwrap_or_default()
                    size=AvatarSize::Large
                />
                <div>
                    <h1 tabindex="-1">
                        <bdi translate="no">{card.name.clone()}</bdi>
                    </h1>
                    <p class="lead">{specialties_text(&card.specialties)}</p>
                    <p class="fact">
                        <Icon name=IconName::Globe />
                        <span>{t!(find.speaks, languages = languages_text(&card.languages))}</span>
                    </p>
                </div>
            </header>
            {closed}
            <div class="with-aside">
                <div class="stack">
                    <section class="stack-small">
                        <h2 class="section-title">{t!(find.next_free)}</h2>
                        <NextFree doctor=card.id visit_types=card.visit_types.clone() times=card.next_free.clone() />
                    </section>
                    <VisitTypes doctor=card.id kinds=card.visit_types.clone() />
                    {biography}
                </div>
                <Place doctor=doctor.clone() />
            </div>
        </div>
    }
}

/// What can be booked, each with its own button.
#[component]
fn VisitTypes(doctor: DoctorId, kinds: Vec<VisitType>) -> impl IntoView {
    let decimals = kinds.iter().any(|kind| has_decimals(kind.price.amount_minor, &kind.price.currency));
    let items: Vec<_> = kinds
        .into_iter()
        .map(|kind| {
            let href = keep(&format!("/book/{doctor}/time?visit_type={}", kind.id));
            let price = price_in_column(kind.price.amount_minor, &kind.price.currency, decimals);
            view! {
                <li class="visit-type">
                    <div class="visit-type-words">
                        <h3 class="card-title">{kind.name.clone()}</h3>
                        <p class="fact">
                            <Icon name=modality_icon(kind.modality) />
                            <span>
                                {modality_text(kind.modality)} ", " {duration(u32::from(kind.minutes))} ", "
                                <span class="money">{price}</span>
                            </span>
                        </p>
                    </div>
                    <LinkButton href=href kind=ButtonKind::Secondary>
                        {t!(find.book)} <span class="visually-hidden">": " {kind.name.clone()}</span>
                    </LinkButton>
                </li>
            }
        })
        .collect();
    (!items.is_empty()).then(|| {
        view! {
            <section class="stack-small">
                <h2 class="section-title">{t!(find.visit_types)}</h2>
                <ul class="visit-types">{items}</ul>
            </section>
        }
    })
}

/// Where she works.
#[component]
fn Place(doctor: Doctor) -> impl IntoView {
    let hospital = doctor.card.hospital;
    let phone = (!doctor.phone.is_empty()).then(|| {
        view! {
            <SummaryRow label=t!(common.phone)>
                <PhoneLink number=doctor.phone.clone() />
            </SummaryRow>
        }
    });
    let department =
        doctor.department.map(|name| view! { <SummaryRow label=t!(find.department)>{name}</SummaryRow> });
    view! {
        <Card title=t!(find.where_title)>
            <SummaryList>
                <SummaryRow label=t!(find.hospital)>
                    <a href=keep(&format!("/hospitals/{}", hospital.id))>
                        <bdi translate="no">{hospital.name.clone()}</bdi>
                    </a>
                </SummaryRow>
                {department}
                <SummaryRow label=t!(find.address)>
                    <span dir="auto">{address(&doctor.address)} ", " {hospital.city.clone()}</span>
                </SummaryRow>
                {phone}
            </SummaryList>
        </Card>
    }
}

/// What search engines read.
#[component]
fn Head(doctor: Doctor) -> impl IntoView {
    let (card, specialties) = (&doctor.card, specialties_text(&doctor.card.specialties));
    let title = format!("{}, {}", card.name, specialties);
    let description = t!(
        find.doctor_description,
        name = card.name,
        specialties = specialties,
        hospital = card.hospital.name,
        city = card.hospital.city
    );
    let url = public_url(&format!("/doctors/{}", card.id));
    let canonical = url.clone().map(|url| view! { <Link rel="canonical" href=url /> });
    view! {
        <Title text=title />
        <Meta name="description" content=description />
        {canonical}
        <script type="application/ld+json" inner_html=physician(&doctor, url.as_deref())></script>
    }
}

/// The doctor in the vocabulary of schema.org (type `Physician`).
fn physician(doctor: &Doctor, url: Option<&str>) -> String {
    let card = &doctor.card;
    let text = serde_json::json!({
        "@context": "https://schema.org",
        "@type": "Physician",
        "name": card.name,
        "url": url,
        "medicalSpecialty": card.specialties,
        "knowsLanguage": card.languages,
        "telephone": doctor.phone,
        "address": { "@type": "PostalAddress", "streetAddress": doctor.address, "addressLocality": card.hospital.city },
        "hospitalAffiliation": { "@type": "Hospital", "name": card.hospital.name },
    })
    .to_string();
    // Inside a script element only `</` could end it.
    text.replace('<', "\\u003c")
}
