//! Hands in the week's grid: which visit the keys stand on, and a pointer that pulls one. What they carry is in `carry`.
//!
//! Keys: arrows go from visit to visit, M takes one up, Enter opens it; while one is carried arrows choose a free time, Enter goes to the
//! button that moves it, Escape puts it back. A pointer that is a finger scrolls, and carries nothing.

use domain::appointments::{Appointment, DoctorWeek};
use domain::ids::AppointmentId;
use domain::time::Moment;
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::carry::{Carry, Pressed, Step, Where, lead};
use super::carry_bar::CONFIRM;
use crate::browser;
use crate::live::use_live;

/// So far a pointer is pulled before it carries anything: a click is not always quite still.
const PULL: i32 = 8;

/// The addresses of the weeks around.
#[derive(Clone)]
pub struct Around {
    /// The week before.
    pub before: String,
    /// This week.
    pub now: String,
    /// The week after.
    pub after: String,
}

/// See the module.
#[derive(Clone, Copy)]
pub struct Hands {
    place: Where,
    carry: Carry,
    visits: StoredValue<Vec<Appointment>>,
    around: StoredValue<Around>,
    /// The visit that the keys stand on: the one stop of the tab key in the grid, once the page is alive.
    stands_on: RwSignal<Option<AppointmentId>>,
    alive: RwSignal<bool>,
}

/// The id of a visit's link in the grid.
pub fn event_id(visit: AppointmentId) -> String {
    format!("event-{visit}")
}

/// The hands of a week.
pub fn use_hands(place: Where, week: &DoctorWeek, carry: Carry, around: Around) -> Hands {
    let mut visits: Vec<Appointment> = week.days.iter().flat_map(|day| day.appointments.clone()).collect();
    visits.retain(|visit| visit.status.occupies());
    visits.sort_by_key(|visit| visit.start);
    let first = visits.first().map(|visit| visit.id);
    let alive = RwSignal::new(false);
    Effect::new(move |_| alive.set(true));
    let live = use_live();
    Effect::new(move |before: Option<u32>| {
        let version = live.version();
        if before.is_some_and(|before| before != version) {
            carry.look_again(place);
        }
        version
    });
    Hands {
        place,
        carry,
        visits: StoredValue::new(visits),
        around: StoredValue::new(around),
        stands_on: RwSignal::new(first),
        alive,
    }
}

impl Hands {
    /// Whether this visit is carried.
    pub fn carries(self, id: AppointmentId) -> bool {
        self.carry.carries(id)
    }

    /// The grid is one stop of the tab key; without a script each visit is one.
    pub fn tab_stop(self, id: AppointmentId) -> Option<&'static str> {
        (self.alive.get() && self.stands_on.get() != Some(id)).then_some("-1")
    }

    /// The focus is on this visit now.
    pub fn stand_on(self, id: AppointmentId) {
        self.stands_on.set(Some(id));
    }

    /// A key was pressed in the grid.
    pub fn key(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let key = event.key();
        let done = match (self.carry.visit.with_untracked(Option::is_some), Step::of(&key)) {
            (true, Some(step)) => {
                self.carry.go(step);
                true
            }
            (false, Some(step)) => self.walk(step),
            (carries, None) => self.letter(&key, carries),
        };
        if done {
            event.prevent_default();
        }
    }

    fn letter(self, key: &str, carries: bool) -> bool {
        match (key, carries) {
            ("Enter", true) => browser::focus_on(CONFIRM),
            ("Escape", true) => self.carry.put_back(),
            ("m" | "M", false) => match self.stands_on.get_untracked() {
                Some(id) => self.lift(id),
                None => return false,
            },
            ("PageUp", false) => go_to(&self.around.with_value(|around| around.before.clone())),
            ("PageDown", false) => go_to(&self.around.with_value(|around| around.after.clone())),
            ("t" | "T", false) => go_to(&self.around.with_value(|around| around.now.clone())),
            _ => return false,
        }
        true
    }

    /// Goes on to another visit. `false` where no visit has the focus: then the keys scroll.
    fn walk(self, step: Step) -> bool {
        let Some(here) = self.stands_on.get_untracked() else { return false };
        if !browser::has_focus(&event_id(here)) {
            return false;
        }
        let to = self.visits.with_value(|visits| {
            let begins: Vec<Moment> = visits.iter().map(|visit| visit.start).collect();
            let index = visits.iter().position(|visit| visit.id == here)?;
            let here = visits.get(index)?.start;
            // Among several at one time it goes from one to the next.
            let beside = match step {
                Step::Up => index.checked_sub(1),
                Step::Down => Some(index + 1),
                Step::Left | Step::Right | Step::First | Step::Last => None,
            };
            let beside = beside.filter(|index| begins.get(*index) == Some(&here));
            let to = beside.or_else(|| lead(&begins, here, step))?;
            visits.get(to).map(|visit| visit.id)
        });
        if let Some(to) = to {
            self.stands_on.set(Some(to));
            browser::focus_on(&event_id(to));
        }
        true
    }

    fn lift(self, id: AppointmentId) {
        let visit = self.visits.with_value(|visits| visits.iter().find(|visit| visit.id == id).cloned());
        if let Some(visit) = visit {
            self.carry.lift(visit, self.place);
        }
    }

    /// A pointer was put down on a visit.
    pub fn press(self, event: &PointerEvent, visit: AppointmentId) {
        self.carry.swallows_click.set_value(false);
        if event.button() == 0 && event.pointer_type() != "touch" {
            let at = (event.client_x(), event.client_y());
            self.carry.pressed.set_value(Some(Pressed { visit, at, pulls: false }));
        }
    }

    /// A pointer moves.
    pub fn pull(self, event: &PointerEvent) {
        let Some(pressed) = self.carry.pressed.get_value() else { return };
        if event.buttons() == 0 {
            // It was let go somewhere else.
            self.carry.pulled.set(false);
            return self.carry.pressed.set_value(None);
        }
        let at = (event.client_x(), event.client_y());
        let far = (at.0 - pressed.at.0).abs().max((at.1 - pressed.at.1).abs());
        if !pressed.pulls {
            if far < PULL {
                return;
            }
            self.carry.pressed.set_value(Some(Pressed { pulls: true, ..pressed }));
            self.carry.swallows_click.set_value(true);
            self.carry.pulled.set(true);
            browser::hold_pointer(&event_id(pressed.visit), event.pointer_id());
            self.lift(pressed.visit);
        }
        if let Some(index) = browser::mark_under(at)
            && let Some(slot) = self.carry.slots.with_untracked(|slots| slots.as_ref()?.get(index).copied())
        {
            self.carry.choose(slot);
        }
    }

    /// A pointer was let go: on a free time it is asked whether the visit is to be moved there, elsewhere the visit stays.
    pub fn drop(self, event: &PointerEvent) {
        let Some(pressed) = self.carry.pressed.get_value() else { return };
        self.carry.pressed.set_value(None);
        self.carry.pulled.set(false);
        if !pressed.pulls {
            return;
        }
        let at = (event.client_x(), event.client_y());
        if browser::mark_under(at).is_some() {
            browser::focus_on(CONFIRM);
        } else {
            self.carry.put_back();
        }
    }

    /// A pointer has left the grid.
    pub fn leave(self) {
        if self.carry.pressed.get_value().is_some_and(|pressed| !pressed.pulls) {
            self.carry.pressed.set_value(None);
        }
    }

    /// A click on a visit; one that ends a pull opens nothing.
    pub fn click(self, event: &MouseEvent) {
        if self.carry.swallows_click.get_value() {
            self.carry.swallows_click.set_value(false);
            event.prevent_default();
        }
    }
}

fn go_to(address: &str) {
    use_navigate()(address, NavigateOptions::default());
}
