//! `/hospitals/{id}`: the public page of a hospital with its doctors.
//! It shows the same to everybody.

use domain::doctors::{DoctorCard, DoctorQuery};
use domain::hospitals::Hospital;
use domain::ids::HospitalId;
use domain::page::{Page, PageQuery};
use leptos::prelude::*;
use leptos_meta::{Link, Meta, Title};

use super::api::read_hospital;
use crate::doctors::api::search_doctors;
use crate::doctors::parts::{DoctorItem, PhoneLink};
use crate::family::acting::keep;
use crate::i18n::address;
use crate::portal::{Loaded, public_url};
use crate::reading::Reading;
use crate::t;
use crate::ui::{Icon, IconName, LinkButton, PageHeader, SkeletonShape};

/// See the module.
#[component]
pub fn HospitalPage(
    /// Which.
    id: HospitalId,
) -> impl IntoView {
    let found = Reading::new(move || id, read_hospital);
    let doctors = Reading::new(
        move || id,
        |id| {
            let page = PageQuery { cursor: None, limit: Some(24) };
            search_doctors(DoctorQuery { hospital_id: Some(id), page, ..DoctorQuery::default() })
        },
    );
    view! { <Loaded resource=found view=move |hospital: Hospital| public_page(hospital, doctors) /> }
}

type Doctors = Reading<Page<DoctorCard>>;

fn public_page(hospital: Hospital, doctors: Doctors) -> impl IntoView {
    let title = format!("{}, {}", hospital.name, hospital.city);
    let description = t!(find.hospital_description, name = hospital.name, city = hospital.city);
    let url = public_url(&format!("/hospitals/{}", hospital.id));
    let data = described(&hospital, url.as_deref());
    let canonical = url.map(|url| view! { <Link rel="canonical" href=url /> });
    let phone = (!hospital.phone.is_empty()).then(|| {
        view! {
            <p class="fact">
                <Icon name=IconName::Phone />
                <PhoneLink number=hospital.phone.clone() />
            </p>
        }
    });
    let about = (!hospital.about.trim().is_empty())
        .then(|| view! { <p class="measure" dir="auto">{hospital.about.clone()}</p> });
    let id = hospital.id;
    view! {
        <Title text=title />
        <Meta name="description" content=description />
        {canonical}
        <script type="application/ld+json" inner_html=data></script>
        <div class="page stack">
            <PageHeader title=hospital.name.clone() lead=hospital.city.clone() />
            <div class="stack-small">
                <p class="fact">
                    <Icon name=IconName::MapPin />
                    <span dir="auto">{address(&hospital.address)} ", " {hospital.city.clone()}</span>
                </p>
                {phone}
                {about}
            </div>
            <section class="stack">
                <h2 class="section-title">{t!(find.doctors_here)}</h2>
                <Loaded
                    resource=doctors
                    part=true
                    shape=SkeletonShape::Cards
                    view={move |page: Page<DoctorCard>| {
                        let more = page.next_cursor.is_some();
                        let items: Vec<_> = page
                            .items
                            .into_iter()
                            .map(|card| view! { <li><DoctorItem card=card /></li> })
                            .collect();
                        let empty = items.is_empty().then(|| view! { <p class="muted">{t!(find.no_doctors_here)}</p> });
                        let all = more
                            .then(|| {
                                view! { <LinkButton href=keep(&format!("/doctors?hospital={id}"))>{t!(find.all_doctors_here)}</LinkButton> }
                            });
                        view! {
                            {empty}
                            <ul class="doctor-list">{items}</ul>
                            {all}
                        }
                    }}
                />
            </section>
        </div>
    }
}

/// The hospital in the vocabulary of schema.org (type `Hospital`).
fn described(hospital: &Hospital, url: Option<&str>) -> String {
    let text = serde_json::json!({
        "@context": "https://schema.org",
        "@type": "Hospital",
        "name": hospital.name,
        "url": url,
        "telephone": hospital.phone,
        "address": { "@type": "PostalAddress", "streetAddress": hospital.address, "addressLocality": hospital.city },
    })
    .to_string();
    // Inside a script element only `</` could end it.
    text.replace('<', "\\u003c")
}
