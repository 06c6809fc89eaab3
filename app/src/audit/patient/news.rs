//! On a patient's first page: that her record was opened in an emergency lately, by whom and why.
//! Nothing when there was none; the page "who looked" has the rest.

use domain::family::Permissions;
use domain::ids::PatientId;
use leptos::prelude::*;

use crate::audit::api::{EmergencyNews, read_emergency_news};
use crate::family::acting::people_with;
use crate::i18n::date_at_time;
use crate::portal::hospital::href;
use crate::portal::use_viewer;
use crate::reading::Reading;
use crate::t;
use crate::ui::{Notice, NoticeKind};

/// See the module.
#[component]
pub fn EmergencyNotice() -> impl IntoView {
    let viewer = use_viewer();
    let own = viewer.principal().map(|principal| principal.patients.clone()).unwrap_or_default();
    let helped = people_with(Permissions::sees_who_looked);
    let own = own.into_iter().map(|patient| (patient, None));
    let helped = helped.into_iter().map(|one| (one.patient_id, Some(one.full_name)));
    own.chain(helped).map(|(patient, name)| view! { <OfPatient patient name /> }).collect::<Vec<_>>()
}

#[component]
fn OfPatient(patient: PatientId, name: Option<String>) -> impl IntoView {
    let name = StoredValue::new(name);
    let news = Reading::new(|| (), move |()| read_emergency_news(patient));
    // It has no shape while it is on its way, because mostly nothing comes; and a failure here must not hide the next visit.
    view! {
        <Suspense>
            {move || {
                let coming = news.coming();
                Suspend::new(async move {
                    let news = coming.await.ok().filter(|news| !news.is_empty())?;
                    let name = name.get_value();
                    Some(view! { <Told patient name news /> })
                })
            }}
        </Suspense>
    }
}

#[component]
fn Told(patient: PatientId, name: Option<String>, news: Vec<EmergencyNews>) -> impl IntoView {
    let lines: Vec<_> = news
        .into_iter()
        .map(|item| {
            let local = item.at.local();
            let when = date_at_time(local.date(), local.time());
            let EmergencyNews { access, .. } = item;
            let words = t!(
                who_looked.news_text,
                who = access.declared_by,
                hospital = access.hospital,
                when = when,
                reason = access.reason
            );
            view! { <p dir="auto">{words}</p> }
        })
        .collect();
    let title = match name {
        Some(name) => t!(family.news_title, name = name),
        None => t!(who_looked.news_title).to_owned(),
    };
    let page = href("/who-looked", &[("patient", &patient.to_string())]);
    view! {
        <Notice kind=NoticeKind::Warning title>
            <div class="stack-small">
                {lines} <p>
                    <a href=page>{t!(who_looked.news_link)}</a>
                </p>
            </div>
        </Notice>
    }
    .into_any()
}
