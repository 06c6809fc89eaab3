//! Calls off a visit and all later ones of its series: lists them first, says which would be late and what becomes of money, and takes a
//! reason. Nobody has paid for them online: visits in a row are paid at the hospital, and what was paid there goes back by hand alone.
//! It is a page and not a dialog, so that it works everywhere.

use domain::appointments::Appointment;
use domain::ids::{AppointmentId, HospitalId};
use domain::series::VisitSeries;
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{CancelRest, read_series};
use super::words::when;
use crate::appointments::api::read_visit;
use crate::appointments::cancel_form::CancelForm;
use crate::appointments::hospital::parts::name_and_born;
use crate::family::acting::ActingBanner;
use crate::form::{FormState, use_form_state};
use crate::portal::hospital::Section;
use crate::portal::{Loaded, NotFoundPage};
use crate::reading::Reading;
use crate::server::AppError;
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
    let found = Reading::new(move || (id, form.answered().get()), |(id, _)| read(id));
    view! {
        <Title text=t!(series.cancel_rest) />
        <div class="page page-narrow stack">
            <Loaded
                resource=found
                view={move |found: Option<(VisitSeries, Appointment)>| match found {
                    Some(found) => ask(found, hospital, form),
                    None => view! { <NotFoundPage /> }.into_any(),
                }}
            />
        </div>
    }
    .into_any()
}

/// The series of a visit, and the visit, which says whose it is.
async fn read(id: AppointmentId) -> Result<Option<(VisitSeries, Appointment)>, AppError> {
    let Some(series) = read_series(id).await? else { return Ok(None) };
    Ok(Some((series, read_visit(id).await?.appointment)))
}

fn ask(
    (series, first): (VisitSeries, Appointment),
    hospital: Option<HospitalId>,
    form: FormState<CancelRest>,
) -> AnyView {
    let (id, patient) = (first.id, first.patient_id);
    let lead = hospital.map(|_| t!(hospital_book.lead, patient = name_and_born(&first))).unwrap_or_default();
    let back = match hospital {
        Some(hospital) => Section::Visit(id).at(hospital),
        None => format!("/appointments/{id}"),
    };
    let here = series.visits.iter().find(|visit| visit.id == id).cloned();
    let Some(here) = here.filter(|visit| visit.cancellable) else {
        return view! {
            <ActingBanner patient />
            <PageHeader title=t!(series.cancel_rest) lead back=back.clone() />
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
        .map(|visit| view! { <li value=visit.number.to_string()>{when(visit.start)}</li> })
        .collect();
    let portal = hospital.map(|id| id.to_string()).unwrap_or_default();
    let hidden = vec![("id", id.to_string()), ("version", here.version.to_string()), ("hospital", portal)];
    // Each side reads what is hers to do.
    let (money, why) = if hospital.is_some() {
        (t!(series.cancel_money_desk), (t!(hospital_visit.why), t!(hospital_visit.why_hint)))
    } else {
        (t!(series.cancel_money), (t!(patient.cancel_reason), t!(patient.cancel_reason_hint)))
    };
    let many = u64::try_from(gone.len()).unwrap_or_default();
    let (action, keep) = (t!(series.cancel_rest_action, count = many), t!(series.keep));
    let text = t!(series.cancel_rest_text, doctor = first.doctor_name, kind = first.visit_type_name);
    view! {
        <ActingBanner patient />
        <PageHeader title=t!(series.cancel_rest) lead back=back.clone() />
        <p>{text}</p>
        <ol>{items}</ol>
        {too}
        {late}
        <p>{money}</p>
        <CancelForm state=form hidden action keep back why />
    }
    .into_any()
}
