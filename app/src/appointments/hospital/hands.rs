//! Hands in the grid of visits: which visit the keys stand on, and a pointer that pulls one. What they carry is in `carry`; where nothing
//! is carried, they go from visit to visit and no further.
//!
//! Keys: arrows go from visit to visit, M takes one up, Enter opens it; while one is carried arrows choose a free time, Enter goes to the
//! button that moves it, Escape puts it back. A pointer that is a finger scrolls, and carries nothing.

use domain::appointments::{Appointment, DoctorDay};
use domain::ids::AppointmentId;
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

/// The addresses of the weeks or the days around.
#[derive(Clone)]
pub struct Around {
    /// The one before.
    pub before: String,
    /// The one that is now.
    pub now: String,
    /// The one after.
    pub after: String,
}

/// See the module.
#[derive(Clone, Copy)]
pub struct Hands {
    /// What carries visits, and in which week.
    carrying: Option<(Where, Carry)>,
    /// The visits by column and begin.
    visits: StoredValue<Vec<(usize, Appointment)>>,
    around: StoredValue<Around>,
    /// The visit that the keys stand on: the one stop of the tab key in the grid, once the page is alive.
    stands_on: RwSignal<Option<AppointmentId>>,
    alive: RwSignal<bool>,
}

/// The id of a visit's link in the grid.
pub fn event_id(visit: AppointmentId) -> String {
    format!("event-{visit}")
}

/// The hands of a grid with these columns.
pub fn use_hands(columns: &[DoctorDay], carrying: Option<(Where, Carry)>, around: Around) -> Hands {
    let visits = columns.iter().enumerate().flat_map(|(column, day)| {
        let standing = day.appointments.iter().filter(|visit| visit.status.occupies());
        standing.map(move |visit| (column, visit.clone()))
    });
    let mut visits: Vec<(usize, Appointment)> = visits.collect();
    visits.sort_by_key(|(column, visit)| (*column, visit.start));
    let first = visits.first().map(|(_, visit)| visit.id);
    let alive = RwSignal::new(false);
    Effect::new(move |_| alive.set(true));
    if let Some((place, carry)) = carrying {
        let live = use_live();
        Effect::new(move |before: Option<u32>| {
            let version = live.version();
            if before.is_some_and(|before| before != version) {
                carry.look_again(place);
            }
            version
        });
    }
    let hands = Hands {
        carrying,
        visits: StoredValue::new(visits),
        around: StoredValue::new(around),
        stands_on: RwSignal::new(first),
        alive,
    };
    // Wherever it is let go: the grid may be drawn anew while a visit is pulled, and then nothing in it holds the pointer any more.
    Effect::new(move |_| {
        let let_go = window_event_listener(leptos::ev::pointerup, move |event| hands.drop(&event));
        on_cleanup(move || let_go.remove());
    });
    hands
}

impl Hands {
    /// What carries visits, where they can be carried.
    pub fn carry(self) -> Option<Carry> {
        self.carrying.map(|(_, carry)| carry)
    }

    /// Whether this visit is carried.
    pub fn carries(self, id: AppointmentId) -> bool {
        self.carry().is_some_and(|carry| carry.carries(id))
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
        let carried = self.carry().filter(|carry| carry.visit.with_untracked(Option::is_some));
        let done = match (carried, Step::of(&key)) {
            (Some(carry), Some(step)) => {
                carry.go(step);
                true
            }
            (None, Some(step)) => self.walk(step),
            (carried, None) => self.letter(&key, carried),
        };
        if done {
            event.prevent_default();
        }
    }

    fn letter(self, key: &str, carried: Option<Carry>) -> bool {
        match (key, carried) {
            ("Enter", Some(_)) => browser::focus_on(CONFIRM),
            ("Escape", Some(carry)) => carry.put_back(),
            ("m" | "M", None) => match self.stands_on.get_untracked() {
                Some(id) if self.carrying.is_some() => self.lift(id),
                _ => return false,
            },
            ("PageUp", None) => go_to(&self.around.with_value(|around| around.before.clone())),
            ("PageDown", None) => go_to(&self.around.with_value(|around| around.after.clone())),
            ("t" | "T", None) => go_to(&self.around.with_value(|around| around.now.clone())),
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
            let places: Vec<_> = visits.iter().map(|(column, visit)| (*column, visit.start)).collect();
            let index = visits.iter().position(|(_, visit)| visit.id == here)?;
            let here = *places.get(index)?;
            // Among several at one time it goes from one to the next.
            let beside = match step {
                Step::Up => index.checked_sub(1),
                Step::Down => Some(index + 1),
                Step::Left | Step::Right | Step::First | Step::Last => None,
            };
            let beside = beside.filter(|index| places.get(*index) == Some(&here));
            let to = beside.or_else(|| lead(&places, here, step))?;
            visits.get(to).map(|(_, visit)| visit.id)
        });
        if let Some(to) = to {
            self.stands_on.set(Some(to));
            browser::focus_on(&event_id(to));
        }
        true
    }

    fn lift(self, id: AppointmentId) {
        let Some((place, carry)) = self.carrying else { return };
        let visit = self.visits.with_value(|visits| {
            visits.iter().find(|(_, visit)| visit.id == id).map(|(_, visit)| visit.clone())
        });
        if let Some(visit) = visit {
            carry.lift(visit, place);
        }
    }

    /// A pointer was put down on a visit.
    pub fn press(self, event: &PointerEvent, visit: AppointmentId) {
        let Some(carry) = self.carry() else { return };
        carry.swallows_click.set_value(false);
        if event.button() == 0 && event.pointer_type() != "touch" {
            let at = (event.client_x(), event.client_y());
            carry.pressed.set_value(Some(Pressed { visit, at, pulls: false }));
        }
    }

    /// A pointer moves.
    pub fn pull(self, event: &PointerEvent) {
        let Some(carry) = self.carry() else { return };
        let Some(pressed) = carry.pressed.get_value() else { return };
        if event.buttons() == 0 {
            // It was let go somewhere else.
            carry.pulled.set(false);
            return carry.pressed.set_value(None);
        }
        let at = (event.client_x(), event.client_y());
        let far = (at.0 - pressed.at.0).abs().max((at.1 - pressed.at.1).abs());
        if !pressed.pulls {
            if far < PULL {
                return;
            }
            carry.pressed.set_value(Some(Pressed { pulls: true, ..pressed }));
            carry.swallows_click.set_value(true);
            carry.pulled.set(true);
            browser::hold_pointer(&event_id(pressed.visit), event.pointer_id());
            self.lift(pressed.visit);
        }
        if let Some(index) = browser::mark_under(at)
            && let Some(slot) = carry.slots.with_untracked(|slots| slots.as_ref()?.get(index).copied())
        {
            carry.choose(slot);
        }
    }

    /// A pointer was let go: on a free time it is asked whether the visit is to be moved there, elsewhere the visit stays.
    fn drop(self, event: &PointerEvent) {
        let Some(carry) = self.carry() else { return };
        let Some(pressed) = carry.pressed.get_value() else { return };
        carry.pressed.set_value(None);
        carry.pulled.set(false);
        if !pressed.pulls {
            return;
        }
        let at = (event.client_x(), event.client_y());
        if browser::mark_under(at).is_some() {
            browser::focus_on(CONFIRM);
        } else {
            carry.put_back();
        }
    }

    /// A pointer has left the grid.
    pub fn leave(self) {
        let Some(carry) = self.carry() else { return };
        if carry.pressed.get_value().is_some_and(|pressed| !pressed.pulls) {
            carry.pressed.set_value(None);
        }
    }

    /// A click on a visit; one that ends a pull opens nothing.
    pub fn click(self, event: &MouseEvent) {
        let Some(carry) = self.carry() else { return };
        if carry.swallows_click.get_value() {
            carry.swallows_click.set_value(false);
            event.prevent_default();
        }
    }
}

fn go_to(address: &str) {
    use_navigate()(address, NavigateOptions::default());
}
