//! What the marks of a grid mean: each state that is in view, with the icon that its visits have there.
//! It is in words because paper and a screen that is touched answer to no pointer.

use domain::appointments::{DoctorDay, Status};
use leptos::prelude::*;

use super::parts::DeskBadge;
use crate::t;

/// The states of the visits that a grid shows, each once, in the order in which a visit goes through them.
pub fn in_view(days: &[DoctorDay]) -> Vec<Status> {
    let shown = |status: Status| {
        let mut visits = days.iter().flat_map(|day| &day.appointments);
        status.occupies() && visits.any(|visit| visit.status == status)
    };
    Status::ALL.into_iter().filter(|status| shown(*status)).collect()
}

/// See the module. Without a visit there is nothing to explain.
#[component]
pub fn Legend(
    /// The states that are in view.
    states: Vec<Status>,
) -> impl IntoView {
    let badges: Vec<_> = states
        .into_iter()
        .map(|status| {
            view! {
                <li>
                    <DeskBadge status />
                </li>
            }
        })
        .collect();
    (!badges.is_empty()).then(|| {
        view! {
            <div class="cluster calendar-legend">
                <p class="small muted" id="calendar-legend">
                    {t!(hospital_calendar.legend)}
                </p>
                <ul class="cluster" aria-labelledby="calendar-legend">
                    {badges}
                </ul>
            </div>
        }
    })
}
