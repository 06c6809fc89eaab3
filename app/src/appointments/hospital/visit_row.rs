//! One visit in the list of a day. It stays the same element while the visit changes, so that nothing moves under a pointer and the
//! focus keeps its place; a change is marked for a moment.
//! It is not the visit's own page.

use domain::appointments::Appointment;
use domain::ids::HospitalId;
use leptos::prelude::*;

use super::moves::RowMoves;
use super::parts::{DeskBadge, PatientLink, hours};
use crate::appointments::admin_forms::MoveVisit;
use crate::form::FormState;
use crate::portal::hospital::Section;
use crate::t;
use crate::ui::{Icon, IconName};

/// See the module.
#[component]
pub fn VisitRow(
    /// Where.
    hospital: HospitalId,
    /// The visit as it stands; none for the moment in which it leaves the list.
    visit: Memo<Option<Appointment>>,
    /// Whether it came while somebody was looking.
    fresh: bool,
    /// The page's one form for moves.
    form: FormState<MoveVisit>,
) -> impl IntoView {
    let changes = RwSignal::new(u32::from(fresh));
    Effect::new(move |before: Option<Option<i64>>| {
        let version = visit.with(|visit| visit.as_ref().map(|visit| visit.version));
        if before.is_some_and(|before| before != version) {
            changes.update(|count| *count = count.wrapping_add(1));
        }
        version
    });
    // Two names for one animation: changing the name is what starts it again.
    let class = move || match (changes.get(), changes.get() % 2) {
        (0, _) => "visit-row",
        (_, 1) => "visit-row flash-odd",
        _ => "visit-row flash-even",
    };
    let over = move || visit.with(|visit| visit.as_ref().is_some_and(|visit| visit.status.is_final()));
    view! {
        <li class=class class:visit-over=over>
            {move || visit.get().map(|visit| content(hospital, visit, form))}
        </li>
    }
    .into_any()
}

fn content(hospital: HospitalId, visit: Appointment, form: FormState<MoveVisit>) -> impl IntoView {
    let video = (visit.modality == domain::hospitals::Modality::Video).then(|| {
        view! { <Icon name=IconName::Video label=t!(hospital_visit.by_video) /> }
    });
    view! {
        <a class="visit-time time" href=Section::Visit(visit.id).at(hospital)>
            <span class="visually-hidden">{t!(hospital_visit.open)} " "</span>
            {hours(visit.start, visit.end)}
        </a>
        <div class="visit-who">
            <PatientLink hospital visit=visit.clone() />
            <span class="muted">{visit.visit_type_name.clone()} " " {video}</span>
        </div>
        <div class="visit-status">
            <DeskBadge status=visit.status />
        </div>
        <RowMoves form hospital visit />
    }
    .into_any()
}
