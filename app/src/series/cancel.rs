//! Calls off a visit and all later ones of its series: lists them first, says which would be late, and takes a reason.
//! It is a page and not a dialog, so that it works everywhere.

use domain::ids::{AppointmentId, HospitalId};
use domain::series::VisitSeries;
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{CancelRest, read_series};
use super::words::when;
use crate::appointments::cancel_form::CancelForm;
use crate::form::{FormState, use_form_state};
use crate::portal::hospital::Section;
use crate::portal::{Loaded, NotFoundPage};
use crate::reading::Reading;
use crate::t;
use crate::ui::{LinkButton, Notice, NoticeKind, PageHeader};

/// `/appointments/{id}/cancel-series`, and the same in a hospital's portal.
#[component]
pub fn CancelSeriesPage(
    /// The first one.
    id: AppointmentId,
    /// The hospital in whose portal this stands; `None` in the patients'.
    #[prop(optional_no_strip)]
    hospital: Option<HospitalId>,
) -> impl IntoView {
    let form = use_form_state::<CancelRest>();
    let found = Reading::new(move || (id, form.answered().get()), |(id, _)| read_series(id));
    view! {
        <Title text=t!(series.cancel_rest) />
        <div class="page page-narrow stack">
            <Loaded
                resource=found
                view={move |series: Option<VisitSeries>| match series {
                    Some(series) => ask(id, series, hospital, form),
                    None => view! { <NotFoundPage /> }.into_any(),
                }}
            />
        </div>
    }
    .into_any()
}

fn ask(
    id: AppointmentId,
    series: VisitSeries,
    hospital: Option<HospitalId>,
    form: FormState<CancelRest>,
) -> AnyView {
    let back = match hospital {
        Some(hospital) => Section::Visit(id).at(hospital),
        None => format!("/appointments/{id}"),
    };
    let here = series.visits.iter().find(|visit| visit.id == id).cloned();
    let Some(here) = here.filter(|visit| visit.cancellable) else {
        return view! {
            <PageHeader title=t!(series.cancel_rest) back=back.clone() />
            <Notice kind=NoticeKind::Warning>
                <p>{t!(patient.cannot_cancel)}</p>
            </Notice>
            <LinkButton href=back>{t!(patient.see_visit)}</LinkButton>
        }
        .into_any();
    };
    let gone: Vec<_> =
        series.visits.into_iter().filter(|visit| visit.cancellable && visit.start >= here.start).collect();
    let late = gone.iter().any(|visit| visit.late);
    let late = late.then(|| view! { <Notice kind=NoticeKind::Warning><p>{t!(series.late)}</p></Notice> });
    let too: Vec<_> = gone.iter().flat_map(|visit| &visit.cancels_too).map(|start| when(*start)).collect();
    let count = u64::try_from(too.len()).unwrap_or_default();
    let too =
        (count > 0).then(|| view! { <p>{t!(series.cancels_too, count = count, when = too.join(", "))}</p> });
    let items: Vec<_> = gone
        .iter()
        .map(|visit| view! { <li>{format!("{}. {}", visit.number, when(visit.start))}</li> })
        .collect();
    let portal = hospital.map(|id| id.to_string()).unwrap_or_default();
    let hidden = vec![("id", id.to_string()), ("version", here.version.to_string()), ("hospital", portal)];
    view! {
        <PageHeader title=t!(series.cancel_rest) back=back.clone() />
        <p>{t!(series.cancel_rest_text)}</p>
        <ul>{items}</ul>
        {too}
        {late}
        <CancelForm state=form hidden=hidden action=t!(series.cancel_rest_action) keep=t!(series.keep) back=back />
    }
    .into_any()
}
