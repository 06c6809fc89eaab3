//! A doctor's day on the board: her day line, how much there is, and her visits by time.
//! What is shown of them is chosen by the page.

use std::collections::HashMap;

use domain::appointments::{Appointment, DayBoard, DoctorDay, Status};
use domain::ids::{AppointmentId, DoctorId, HospitalId};
use jiff::civil::Date;
use leptos::prelude::*;

use super::clock::{frame_around, minute, minute_now, minutes_of};
use super::parts::{spoken, tone};
use super::visit_row::VisitRow;
use crate::appointments::admin_forms::MoveVisit;
use crate::form::FormState;
use crate::portal::hospital::Section;
use crate::portal::use_now;
use crate::t;
use crate::ui::{DayLine, DayMark};

/// Which visits are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Shown {
    /// All.
    #[default]
    All,
    /// Those that wait for the hospital's word.
    ToConfirm,
    /// Those that are agreed and still to come.
    Expected,
    /// Patients who are in the house.
    InHouse,
    /// Those that are over, one way or another.
    Over,
}

impl Shown {
    /// In the order of a visit's life.
    pub const ALL: [Self; 5] = [Self::All, Self::ToConfirm, Self::Expected, Self::InHouse, Self::Over];

    /// The word in the address.
    pub fn code(self) -> &'static str {
        match self {
            Self::All => "",
            Self::ToConfirm => "to-confirm",
            Self::Expected => "expected",
            Self::InHouse => "in-house",
            Self::Over => "over",
        }
    }

    /// Reads the word; anything unknown shows all.
    pub fn parse(code: &str) -> Self {
        Self::ALL.into_iter().find(|shown| shown.code() == code).unwrap_or_default()
    }

    /// Whether a visit belongs to it.
    pub fn holds(self, status: Status) -> bool {
        match self {
            Self::All => true,
            // What is only held may still become a visit.
            Self::ToConfirm => status == Status::Booked || status.is_held(),
            Self::Expected => status == Status::Confirmed,
            Self::InHouse => matches!(status, Status::Arrived | Status::CheckedIn | Status::InProgress),
            Self::Over => status.is_final() || matches!(status, Status::NoShow | Status::LeftUnseen),
        }
    }
}

/// What every doctor's day on the page shares.
#[derive(Clone, Copy)]
pub struct Board {
    /// Where.
    pub hospital: HospitalId,
    /// The day, as it was read last.
    pub day: Signal<DayBoard>,
    /// Which visits are shown.
    pub shown: Memo<Shown>,
    /// The date and the part that somebody is looking at: what comes into them now is news.
    pub settled: StoredValue<Option<(Date, Shown)>>,
    /// The page's one form for moves.
    pub form: FormState<MoveVisit>,
}

impl Board {
    /// Whether a visit that appears now came while somebody was looking.
    fn is_news(self) -> bool {
        let here = (self.day.with_untracked(|day| day.date), self.shown.get_untracked());
        self.settled.get_value() == Some(here)
    }
}

/// A doctor's day; see the module.
#[component]
pub fn DoctorSection(
    /// What it shares with the others.
    board: Board,
    /// Who.
    doctor: DoctorId,
) -> impl IntoView {
    let day = Memo::new(move |_| {
        board.day.with(|day| day.doctors.iter().find(|column| column.doctor_id == doctor).cloned())
    });
    let name = move || day.with(|day| day.as_ref().map(|day| day.doctor_name.clone()));
    let href = Section::Calendar(Some(doctor)).at(board.hospital);
    let heading = format!("doctor-{doctor}");
    let labelled = heading.clone();
    let visits = Memo::new(move |_| shown_visits(day.get().as_ref(), board.shown.get()));
    let ids = move || visits.with(|(order, _)| order.clone());
    let idle = move || day.with(|day| day.as_ref().is_none_or(|day| day.appointments.is_empty()));
    view! {
        <section class="doctor-day" class:doctor-day-idle=idle aria-labelledby=labelled>
            <div class="doctor-day-head">
                <div class="doctor-day-words">
                    <h2 class="doctor-day-name" id=heading>
                        <a href=href>
                            <bdi translate="no">{name}</bdi>
                        </a>
                    </h2>
                    <p class="muted small">{move || day.with(|day| day.as_ref().map(told))}</p>
                </div>
                {move || day.get().map(|day| line(&day, board))}
            </div>
            <ol class="visit-rows">
                <For each=ids key=|id| *id let:id>
                    <VisitRow
                        hospital=board.hospital
                        visit=Memo::new(move |_| visits.with(|(_, visits)| visits.get(&id).cloned()))
                        fresh=board.is_news()
                        form=board.form
                    />
                </For>
            </ol>
        </section>
    }
    .into_any()
}

fn shown_visits(
    day: Option<&DoctorDay>,
    shown: Shown,
) -> (Vec<AppointmentId>, HashMap<AppointmentId, Appointment>) {
    let visits = day.map_or(&[][..], |day| day.appointments.as_slice());
    let visits: Vec<&Appointment> = visits.iter().filter(|visit| shown.holds(visit.status)).collect();
    let order = visits.iter().map(|visit| visit.id).collect();
    (order, visits.into_iter().map(|visit| (visit.id, visit.clone())).collect())
}

/// "3 visits, 1 cancelled": what is listed beneath. A cancelled visit takes no time, so it is none of the visits.
pub fn counted<'a>(visits: impl IntoIterator<Item = &'a Appointment>) -> String {
    let (mut standing, mut cancelled) = (0_u32, 0_u32);
    for visit in visits {
        if visit.status.occupies() { standing += 1 } else { cancelled += 1 }
    }
    let visits = match standing {
        0 => t!(hospital_today.no_visits).to_owned(),
        count => t!(hospital_today.visits, count = count),
    };
    if cancelled == 0 {
        visits
    } else {
        format!("{visits}, {}", t!(hospital_today.cancelled, count = cancelled))
    }
}

fn told(day: &DoctorDay) -> String {
    let counted = counted(&day.appointments);
    if day.hours.is_empty() { format!("{}: {counted}", t!(hospital_calendar.not_working)) } else { counted }
}

fn line(day: &DoctorDay, board: Board) -> impl IntoView + use<> {
    let standing: Vec<&Appointment> =
        day.appointments.iter().filter(|visit| visit.status.occupies()).collect();
    let marks: Vec<DayMark> = standing
        .iter()
        .map(|visit| {
            let (start, end) = minutes_of(visit.start, visit.end);
            DayMark::new(start, end, spoken(visit)).tone(tone(visit.status))
        })
        .collect();
    let open: Vec<(u16, u16)> = day.hours.iter().map(|(start, end)| (minute(*start), minute(*end))).collect();
    let (from, until) = board.day.with(|board| {
        let hours = board
            .doctors
            .iter()
            .flat_map(|day| day.hours.iter().map(|(start, end)| (minute(*start), minute(*end))));
        let visits = board
            .doctors
            .iter()
            .flat_map(|day| day.appointments.iter().map(|visit| minutes_of(visit.start, visit.end)));
        frame_around(hours.chain(visits))
    });
    let (date, clock) = (day.date, use_now());
    let now = Signal::derive(move || minute_now(date, board.day.with(|board| board.now), clock.get()));
    view! { <DayLine marks open from until now /> }
}

#[cfg(test)]
mod tests {
    use super::Shown;
    use domain::appointments::Status;

    #[test]
    fn every_status_is_in_exactly_one_part() {
        for status in Status::ALL {
            let parts =
                Shown::ALL.into_iter().filter(|shown| *shown != Shown::All && shown.holds(status)).count();
            assert_eq!(parts, 1, "{status:?}");
            assert!(Shown::All.holds(status));
        }
    }

    #[test]
    fn the_address_says_which_part() {
        for shown in Shown::ALL {
            assert_eq!(Shown::parse(shown.code()), shown);
        }
        assert_eq!(Shown::parse("nonsense"), Shown::All);
    }
}
