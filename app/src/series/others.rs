//! On the page of a visit: the how manieth of a series it is, the others, and the way to call the rest off.
//! It says nothing of a visit that was booked alone.

use domain::ids::{AppointmentId, HospitalId};
use domain::series::{SeriesVisit, VisitSeries};
use leptos::prelude::*;

use super::api::read_series;
use super::words::when;
use crate::i18n::{Audience, status_text};
use crate::portal::Loaded;
use crate::portal::hospital::Section;
use crate::reading::Reading;
use crate::t;
use crate::ui::{ButtonKind, LinkButton};

/// See the module.
#[component]
pub fn OthersOfSeries(
    /// The visit of the page.
    id: AppointmentId,
    /// Grows when the visit changes.
    #[prop(into)]
    version: Signal<i64>,
    /// The hospital in whose portal this stands; `None` in the patients'.
    #[prop(optional_no_strip)]
    hospital: Option<HospitalId>,
) -> impl IntoView {
    let found = Reading::new(move || (id, version.get()), |(id, _)| read_series(id));
    view! {
        <Loaded
            resource=found
            part=true
            view={move |series: Option<VisitSeries>| series.map(|series| list(id, series, hospital)).into_any()}
        />
    }
    .into_any()
}

fn list(id: AppointmentId, series: VisitSeries, hospital: Option<HospitalId>) -> AnyView {
    let here = series.visits.iter().find(|visit| visit.id == id).cloned();
    let place = here.as_ref().map(|visit| t!(series.place, number = visit.number, total = series.total));
    let later = here.as_ref().is_some_and(|here| {
        here.cancellable && series.visits.iter().any(|visit| visit.start > here.start && visit.cancellable)
    });
    let cancel = later.then(|| {
        let href = match hospital {
            Some(hospital) => Section::CancelSeries(id).at(hospital),
            None => format!("/appointments/{id}/cancel-series"),
        };
        view! {
            <p>
                <LinkButton href kind=ButtonKind::Secondary>
                    {t!(series.cancel_rest)}
                </LinkButton>
            </p>
        }
    });
    let items: Vec<_> =
        series.visits.into_iter().map(|visit| item(&visit, visit.id == id, hospital)).collect();
    view! {
        <section class="stack-small" aria-labelledby="series">
            <h2 class="card-title" id="series">
                {t!(series.title)}
            </h2>
            <p>{place}</p>
            <ol class="history-steps">{items}</ol>
            {cancel}
        </section>
    }
    .into_any()
}

fn item(visit: &SeriesVisit, here: bool, hospital: Option<HospitalId>) -> AnyView {
    let audience = if hospital.is_some() { Audience::Staff } else { Audience::Patient };
    let status = status_text(visit.status.code(), audience).to_owned();
    let words = format!("{}. {}", visit.number, when(visit.start));
    let link = match (here, hospital) {
        (true, _) => view! { <strong>{words}</strong> }.into_any(),
        (false, Some(hospital)) => {
            view! { <a href=Section::Visit(visit.id).at(hospital)>{words}</a> }.into_any()
        }
        (false, None) => view! { <a href=format!("/appointments/{}", visit.id)>{words}</a> }.into_any(),
    };
    view! {
        <li>
            {link}
            <span class="muted small">{status}</span>
        </li>
    }
    .into_any()
}
