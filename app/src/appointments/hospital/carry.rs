//! Carrying a visit to another time in the week's grid, by keys or with the pointer. It stops only at times that are free, as the
//! engine offers them for this visit, and nothing is done before somebody confirms it in the bar (`carry_bar`).
//!
//! How the grid looks is in `visit_grid`.

use domain::appointments::Appointment;
use domain::availability::Slot;
use domain::ids::{AppointmentId, DoctorId, HospitalId};
use domain::time::Moment;
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::parts::hours;
use crate::appointments::reschedule::read_new_times;
use crate::form::new_key;
use crate::i18n::date_long;
use crate::t;
use crate::ui::{Announcer, use_announcer};

/// Where a key leads within a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Earlier in the same column.
    Up,
    /// Later in the same column.
    Down,
    /// To a column before.
    Left,
    /// To a column after.
    Right,
    /// To the first of the column.
    First,
    /// To the last of the column.
    Last,
}

impl Step {
    /// The step of a key, if it is one.
    pub fn of(key: &str) -> Option<Self> {
        Some(match key {
            "ArrowUp" => Self::Up,
            "ArrowDown" => Self::Down,
            "ArrowLeft" => Self::Left,
            "ArrowRight" => Self::Right,
            "Home" => Self::First,
            "End" => Self::Last,
            _ => return None,
        })
    }
}

/// Which of some places a step leads to; none where there is nothing in that direction. A place is a column of the grid and a begin,
/// and they come in that order.
pub fn lead<Column: Copy + Ord>(
    places: &[(Column, Moment)],
    here: (Column, Moment),
    step: Step,
) -> Option<usize> {
    let (column, begin) = here;
    let within = |column: Column| places.iter().enumerate().filter(move |(_, place)| place.0 == column);
    let nearest = |column: Column| {
        within(column)
            .min_by_key(|(_, place)| place.1.minute_of_day().abs_diff(begin.minute_of_day()))
            .map(|(index, _)| index)
    };
    match step {
        Step::Up => within(column).rfind(|(_, place)| place.1 < begin).map(|(index, _)| index),
        Step::Down => within(column).find(|(_, place)| place.1 > begin).map(|(index, _)| index),
        Step::First => within(column).next().map(|(index, _)| index),
        Step::Last => within(column).next_back().map(|(index, _)| index),
        Step::Left => places.iter().rfind(|place| place.0 < column).and_then(|place| nearest(place.0)),
        Step::Right => places.iter().find(|place| place.0 > column).and_then(|place| nearest(place.0)),
    }
}

/// The week in which something is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Where {
    /// Whose portal.
    pub hospital: HospitalId,
    /// Whose week.
    pub doctor: DoctorId,
    /// Which one.
    pub monday: Date,
}

/// Where a pointer was put down on a visit.
#[derive(Clone, Copy)]
pub struct Pressed {
    /// Which visit.
    pub visit: AppointmentId,
    /// Where in the window.
    pub at: (i32, i32),
    /// Whether it was pulled far enough to carry the visit.
    pub pulls: bool,
}

/// What is carried, if anything is. It outlives the grid, which is drawn anew whenever something in the house changes.
#[derive(Clone, Copy)]
pub struct Carry {
    /// The visit as it stands.
    pub visit: RwSignal<Option<Appointment>>,
    /// Where it can be put in the week, once that is known.
    pub slots: RwSignal<Option<Vec<Slot>>>,
    /// Which of them is chosen.
    pub chosen: RwSignal<Option<Slot>>,
    /// What stands in the way of carrying, in words.
    pub trouble: RwSignal<Option<&'static str>>,
    /// Whether a pointer holds it: then nothing may stand in the pointer's way.
    pub pulled: RwSignal<bool>,
    /// The pointer that is down on a visit.
    pub pressed: StoredValue<Option<Pressed>>,
    /// A pull ends in a click that opens nothing.
    pub swallows_click: StoredValue<bool>,
    /// The key under which the move is asked for: two presses of the button move it once.
    pub key: RwSignal<String>,
    announcer: Announcer,
}

/// Nothing is carried yet.
pub fn use_carry() -> Carry {
    Carry {
        visit: RwSignal::new(None),
        slots: RwSignal::new(None),
        chosen: RwSignal::new(None),
        trouble: RwSignal::new(None),
        pulled: RwSignal::new(false),
        pressed: StoredValue::new(None),
        swallows_click: StoredValue::new(false),
        key: RwSignal::new(String::new()),
        announcer: use_announcer(),
    }
}

impl Carry {
    /// Whether this visit is carried.
    pub fn carries(self, id: AppointmentId) -> bool {
        self.visit.with(|visit| visit.as_ref().is_some_and(|visit| visit.id == id))
    }

    /// Takes a visit up and looks where it could be put.
    pub fn lift(self, visit: Appointment, place: Where) {
        if !visit.reschedulable {
            self.say(t!(hospital_calendar.cannot_move));
            return;
        }
        self.trouble.set(None);
        let from = visit.start;
        self.key.set(new_key());
        self.chosen.set(None);
        self.slots.set(None);
        self.visit.set(Some(visit));
        self.look(place, move |carry, slots| {
            let near = slots.iter().min_by_key(|slot| slot.start.at().duration_since(from.at()).abs());
            let Some(near) = near.copied() else {
                carry.announcer.polite(t!(hospital_calendar.nowhere));
                return;
            };
            carry.chosen.set(Some(near));
            let count = u32::try_from(slots.len()).unwrap_or(u32::MAX);
            carry.announcer.polite(t!(hospital_calendar.lifted, count = count, when = when(near)));
        });
    }

    /// Looks anew, because something in the house has changed: a time that was chosen may be somebody else's by now.
    pub fn look_again(self, place: Where) {
        self.look(place, |carry, slots| {
            // A time at which fewer places are left is free still.
            let is_free = |chosen: &Slot| slots.iter().any(|slot| slot.start == chosen.start);
            let gone = carry.chosen.get_untracked().filter(|chosen| !is_free(chosen));
            if let Some(gone) = gone {
                carry.chosen.set(None);
                carry.announcer.polite(t!(hospital_calendar.taken_meanwhile, when = when(gone)));
            }
        });
    }

    fn look(self, place: Where, then: impl FnOnce(Self, &[Slot]) + 'static) {
        let Some(id) = self.visit.with_untracked(|visit| visit.as_ref().map(|visit| visit.id)) else {
            return;
        };
        spawn_local(async move {
            let read = read_new_times(id, Some(place.hospital), Some(place.doctor), Some(place.monday)).await;
            // It may have been put back meanwhile, or the page left.
            let still =
                self.visit.try_with_untracked(|visit| visit.as_ref().is_some_and(|visit| visit.id == id));
            if still != Some(true) {
                return;
            }
            match read {
                Ok(times) => {
                    self.trouble.set(None);
                    then(self, &times.items);
                    self.slots.set(Some(times.items));
                }
                Err(_) => self.say(t!(hospital_calendar.not_read)),
            }
        });
    }

    /// Says what stands in the way, to eyes and to ears.
    fn say(self, words: &'static str) {
        self.trouble.set(Some(words));
        self.announcer.polite(words);
    }

    /// Goes on to another free time.
    pub fn go(self, step: Step) {
        let Some(slots) = self.slots.get_untracked() else { return };
        let here = self.chosen.get_untracked().map(|slot| slot.start);
        let here =
            here.or_else(|| self.visit.with_untracked(|visit| visit.as_ref().map(|visit| visit.start)));
        let Some(here) = here else { return };
        // In a week, a column is a day.
        let place = |begin: Moment| (begin.date(), begin);
        let places: Vec<_> = slots.iter().map(|slot| place(slot.start)).collect();
        match lead(&places, place(here), step).and_then(|index| slots.get(index)) {
            Some(slot) => self.choose(*slot),
            None => self.announcer.polite(t!(hospital_calendar.no_further)),
        }
    }

    /// Chooses a free time.
    pub fn choose(self, slot: Slot) {
        if self.chosen.get_untracked() != Some(slot) {
            self.chosen.set(Some(slot));
            self.announcer.polite(when(slot));
        }
    }

    /// Puts the visit back where it stood: nothing was changed.
    pub fn put_back(self) {
        if self.visit.with_untracked(Option::is_some) {
            self.clear();
            self.announcer.polite(t!(hospital_calendar.put_back_done));
        }
    }

    /// Carries nothing any more.
    pub fn clear(self) {
        self.visit.set(None);
        self.slots.set(None);
        self.chosen.set(None);
        self.trouble.set(None);
        self.pulled.set(false);
    }
}

/// "Wednesday 25 November, 10:20 to 10:40"
pub fn when(slot: Slot) -> String {
    format!("{}, {}", date_long(slot.start.date()), hours(slot.start, slot.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> (Date, Moment) {
        let begin: Moment = format!("2026-11-{text}:00+01:00").parse().unwrap();
        (begin.date(), begin)
    }

    fn to(here: &str, step: Step) -> Option<usize> {
        let week = ["24T09:00", "24T10:00", "24T11:40", "26T09:20", "26T11:00", "27T16:00"].map(at);
        lead(&week, at(here), step)
    }

    #[test]
    fn up_and_down_stay_on_the_day() {
        assert_eq!(to("24T10:00", Step::Up), Some(0));
        assert_eq!(to("24T10:00", Step::Down), Some(2));
        assert_eq!((to("24T09:00", Step::Up), to("24T11:40", Step::Down)), (None, None));
        assert_eq!((to("24T10:00", Step::First), to("24T10:00", Step::Last)), (Some(0), Some(2)));
    }

    #[test]
    fn left_and_right_pass_over_days_without_a_time_to_the_nearest_one() {
        assert_eq!(to("24T10:00", Step::Right), Some(3));
        assert_eq!(to("24T11:40", Step::Right), Some(4));
        assert_eq!(to("27T16:00", Step::Left), Some(4));
        assert_eq!((to("24T10:00", Step::Left), to("27T16:00", Step::Right)), (None, None));
    }

    #[test]
    fn from_a_time_that_is_none_of_them_it_goes_on_all_the_same() {
        assert_eq!(to("24T10:20", Step::Up), Some(1));
        assert_eq!(to("25T10:00", Step::Down), None);
        assert_eq!((to("25T10:40", Step::Left), to("25T10:40", Step::Right)), (Some(1), Some(4)));
    }

    #[test]
    fn beside_each_other_doctors_have_the_same_day() {
        let doctors = [(0, "24T09:00"), (0, "24T11:00"), (2, "24T09:20"), (2, "24T10:40")]
            .map(|(column, text)| (column, at(text).1));
        let to = |here: usize, step| lead(&doctors, doctors[here], step);
        assert_eq!((to(0, Step::Down), to(1, Step::Down)), (Some(1), None));
        assert_eq!((to(1, Step::Right), to(2, Step::Left)), (Some(3), Some(0)));
        assert_eq!((to(0, Step::Left), to(3, Step::Right)), (None, None));
        assert_eq!((to(3, Step::First), to(0, Step::Last)), (Some(2), Some(1)));
    }

    #[test]
    fn other_keys_lead_nowhere() {
        assert_eq!(Step::of("ArrowUp"), Some(Step::Up));
        assert!(Step::of("a").is_none() && Step::of("Enter").is_none());
    }
}
