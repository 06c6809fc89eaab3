//! What somebody has seen on the page of free times: a time that is taken while she looks stays where it was and says so, instead of
//! letting the others jump; and if it was the one that she had chosen, she is told at once.
//! It reads nothing: the times are read again by the page.

use domain::availability::Slot;
use domain::time::Moment;
use jiff::civil::Date;
use leptos::prelude::*;

use crate::i18n::date_at_time;
use crate::t;
use crate::ui::{Notice, NoticeKind, use_announcer};

/// The times of the week that was shown last.
#[derive(Clone, Copy)]
pub struct Seen {
    week: StoredValue<Option<(Date, Vec<Slot>)>>,
    chosen: RwSignal<String>,
    /// The chosen time that somebody else has taken.
    lost: RwSignal<Option<Moment>>,
}

/// Nothing was seen yet.
pub fn use_seen(chosen: RwSignal<String>) -> Seen {
    let seen = Seen { week: StoredValue::new(None), chosen, lost: RwSignal::new(None) };
    // Whoever has chosen anew need not be told any more.
    Effect::new(move |_| {
        if chosen.with(|chosen| !chosen.is_empty()) {
            seen.lost.set(None);
        }
    });
    seen
}

impl Seen {
    /// Which of the times that were seen of this week are free no longer.
    pub fn taken(self, monday: Date, free: &[Slot]) -> Vec<Slot> {
        let before = self.week.get_value().filter(|(week, _)| *week == monday).map(|(_, slots)| slots);
        let taken = gone(before.as_deref().unwrap_or_default(), free);
        let mut all = free.to_vec();
        all.extend(&taken);
        all.sort_by_key(|slot| slot.start);
        self.week.set_value(Some((monday, all)));
        let chosen = self.chosen.get_untracked();
        let lost = taken.iter().find(|slot| slot.start.to_string() == chosen).map(|slot| slot.start);
        if let Some(lost) = lost {
            let (seen, announcer) = (self, use_announcer());
            // After the page is drawn anew.
            Effect::new(move |_| {
                seen.chosen.set(String::new());
                seen.lost.set(Some(lost));
                announcer.assertive(words(lost));
            });
        }
        taken
    }
}

fn gone(before: &[Slot], free: &[Slot]) -> Vec<Slot> {
    // A time at which fewer places are left is free still.
    let is_free = |slot: &&Slot| free.iter().any(|other| other.start == slot.start);
    before.iter().filter(|slot| !is_free(slot)).copied().collect()
}

fn words(lost: Moment) -> String {
    t!(booking.just_taken, when = date_at_time(lost.date(), lost.local().time()))
}

/// That the chosen time is somebody else's now.
#[component]
pub fn Lost(
    /// What was seen.
    seen: Seen,
) -> impl IntoView {
    move || {
        seen.lost.get().map(|lost| {
            view! {
                <Notice kind=NoticeKind::Warning>
                    <p>{words(lost)}</p>
                </Notice>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(text: &str) -> Slot {
        let start = text.parse().unwrap();
        Slot { start, end: start, places_left: None }
    }

    #[test]
    fn what_was_seen_and_is_free_no_longer_is_gone() {
        let (nine, ten, two) = (
            slot("2026-11-24T09:00:00+01:00"),
            slot("2026-11-24T10:00:00+01:00"),
            slot("2026-11-25T14:00:00+01:00"),
        );
        assert_eq!(gone(&[nine, ten], &[nine, two]), [ten]);
        assert!(gone(&[], &[nine]).is_empty());
        let fewer = Slot { places_left: Some(2), ..nine };
        assert!(gone(&[Slot { places_left: Some(3), ..nine }], &[fewer]).is_empty(), "a place was taken");
    }

    #[test]
    fn of_another_week_nothing_is_gone_and_a_time_that_comes_back_is_free_again() {
        Owner::new().with(|| {
            let seen = use_seen(RwSignal::new(String::new()));
            let monday = "2026-11-23".parse().unwrap();
            let (nine, ten) = (slot("2026-11-24T09:00:00+01:00"), slot("2026-11-24T10:00:00+01:00"));
            assert!(seen.taken(monday, &[nine, ten]).is_empty());
            assert_eq!(seen.taken(monday, &[ten]), [nine]);
            assert_eq!(seen.taken(monday, &[ten]), [nine], "it stays marked");
            assert!(seen.taken(monday, &[nine, ten]).is_empty());
            assert!(seen.taken("2026-11-30".parse().unwrap(), &[]).is_empty());
        });
    }
}
