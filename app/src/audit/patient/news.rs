//! On a patient's first page: that her record was opened in an emergency lately, by whom and why.
//! Nothing when there was none; the page "who looked" has the rest.

use domain::ids::PatientId;
use leptos::prelude::*;

use crate::audit::api::{EmergencyNews, read_emergency_news};
use crate::i18n::date_at_time;
use crate::portal::hospital::href;
use crate::portal::use_viewer;
use crate::t;
use crate::ui::{Notice, NoticeKind};

/// See the module.
#[component]
pub fn EmergencyNotice() -> impl IntoView {
    let viewer = use_viewer();
    let patients = viewer.principal().map(|principal| principal.patients.clone()).unwrap_or_default();
    patients.into_iter().map(|patient| view! { <OfPatient patient /> }).collect::<Vec<_>>()
}

#[component]
fn OfPatient(patient: PatientId) -> impl IntoView {
    let news = Resource::new(|| (), move |()| read_emergency_news(patient));
    // It has no shape while it is on its way, because mostly nothing comes; and a failure here must not hide the next visit.
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                news.await.ok().filter(|news| !news.is_empty()).map(|news| view! { <Told patient news /> })
            })}
        </Suspense>
    }
}

#[component]
fn Told(patient: PatientId, news: Vec<EmergencyNews>) -> impl IntoView {
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
    let page = href("/who-looked", &[("patient", &patient.to_string())]);
    view! {
        <Notice kind=NoticeKind::Warning title=t!(who_looked.news_title)>
            <div class="stack-small">
                {lines} <p>
                    <a href=page>{t!(who_looked.news_link)}</a>
                </p>
            </div>
        </Notice>
    }
    .into_any()
}
