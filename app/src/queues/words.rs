//! Waits, marks and steps of the queue in words.
//! Nothing is told by colour alone: each mark is a text, and has an icon of its own.

use domain::appointments::Move;
use domain::queues::{Arrival, LONG_WAIT_MINUTES, QueueColumn, QueueVisit, late_by, waited};
use domain::time::{MINUTE, Moment};
use jiff::Timestamp;
use leptos::prelude::*;

use crate::appointments::hospital::moves;
use crate::t;
use crate::ui::{Badge, IconName, Tone};

/// The heading of a column.
pub(super) fn heading(column: QueueColumn) -> &'static str {
    match column {
        QueueColumn::Expected => t!(queue.expected),
        QueueColumn::Arrived => t!(queue.arrived),
        QueueColumn::InRoom => t!(queue.in_room),
        QueueColumn::Done => t!(queue.done),
    }
}

/// What stands in an empty column.
pub(super) fn nobody(column: QueueColumn) -> &'static str {
    match column {
        QueueColumn::Expected => t!(queue.nobody_expected),
        QueueColumn::Arrived => t!(queue.nobody_arrived),
        QueueColumn::InRoom => t!(queue.nobody_in_room),
        QueueColumn::Done => t!(queue.nobody_done),
    }
}

/// The moves that the desk makes from a column, the likeliest first; what else can be done with a visit stands on its own page.
pub(crate) fn steps(column: QueueColumn) -> &'static [Move] {
    match column {
        QueueColumn::Expected => &[Move::Arrive, Move::NoShow],
        QueueColumn::Arrived => &[Move::Start, Move::CheckIn, Move::LeaveUnseen],
        QueueColumn::InRoom => &[Move::Complete],
        // Who was marked as not come, or had gone, is here after all.
        QueueColumn::Done => &[Move::Arrive],
    }
}

/// The word on a button: the verb of the move, wherever that means the same.
pub(super) fn verb(column: QueueColumn, step: Move) -> &'static str {
    match (column, step) {
        (QueueColumn::Done, Move::Arrive) => t!(queue.came_after_all),
        (_, step) => moves::verb(step),
    }
}

/// Where a visit stands, with its number if it has one, for those who hear it.
pub(super) fn told(visit: &QueueVisit) -> String {
    let (patient, column) = (&visit.appointment.patient_name, heading(visit.column));
    match visit.appointment.ticket {
        Some(number) => t!(queue.told_number, number = number, patient = patient, column = column),
        None => t!(queue.told, patient = patient, column = column),
    }
}

/// Now, in epoch milliseconds: what the hospital's wall showed when the queue was read, and what has passed since.
pub(super) fn now_ms(read_at: Moment, clock: Option<Timestamp>) -> i64 {
    let passed = clock.map_or(0, |now| now.duration_since(read_at.at()).as_mins().max(0));
    read_at.at().as_millisecond() + passed * MINUTE
}

/// What is worth knowing of a visit in the queue, as badges.
pub(super) fn marks(visit: &QueueVisit, now: i64) -> impl IntoView + use<> {
    let ms = |moment: Moment| moment.at().as_millisecond();
    let late = (visit.column == QueueColumn::Expected)
        .then(|| late_by(ms(visit.appointment.start), now))
        .flatten()
        .map(|minutes| {
            let words = t!(queue.late, count = minutes);
            view! { <Badge tone=Tone::Warning icon=IconName::AlertTriangle>{words}</Badge> }
        });
    let wait = match visit.column {
        QueueColumn::Arrived => {
            let minutes = visit.arrived_at.map(|at| waited(ms(at), visit.called_at.map(ms), now));
            // Who came this minute does not wait yet.
            minutes.filter(|minutes| *minutes > 0).map(|minutes| waits(minutes).into_any())
        }
        QueueColumn::InRoom | QueueColumn::Done => {
            visit.waited_minutes.filter(|minutes| *minutes > 0).map(|minutes| {
                let words = t!(queue.waited, count = minutes);
                view! { <Badge icon=IconName::Clock>{words}</Badge> }.into_any()
            })
        }
        QueueColumn::Expected => None,
    };
    let came = match visit.appointment.arrival {
        Some(Arrival::WalkIn) => Some(view! { <Badge icon=IconName::LogIn>{t!(queue.walked_in)}</Badge> }),
        Some(Arrival::Own) => Some(view! { <Badge icon=IconName::Phone>{t!(queue.said_here)}</Badge> }),
        Some(Arrival::Desk) | None => None,
    };
    view! {
        {late}
        {wait}
        {came}
    }
}

fn waits(minutes: i64) -> impl IntoView {
    let words = t!(queue.waits, count = minutes);
    if minutes >= LONG_WAIT_MINUTES {
        view! { <Badge tone=Tone::Warning icon=IconName::Bell>{words}</Badge> }
    } else {
        view! { <Badge tone=Tone::Accent icon=IconName::Clock>{words}</Badge> }
    }
}
