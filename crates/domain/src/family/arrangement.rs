//! When acting for somebody holds: the period that was agreed, and what a child's age makes of it.
//!
//! It is computed on the day of the question; nothing is changed by a job at night.

use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

use super::{Permissions, Relation};

/// From this age on what a young person tells a doctor is her own: who looks after her books and pays, and reads no longer (after
/// NHS England's guidance on proxy access).
pub const PRIVATE_AGE: i16 = 11;
/// From this age on she may have an account of her own.
pub const ACCOUNT_AGE: i16 = 13;
/// From this age on nobody acts for her unless she has asked for it herself.
pub const OWN_AGE: i16 = 16;

/// Who has agreed that somebody acts for a patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// Whoever has the care of a child: it shrinks as the child grows, and ends.
    Guardian,
    /// The patient herself: it stays as she has given it.
    Patient,
}

impl Given {
    /// The code in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Guardian => "guardian",
            Self::Patient => "patient",
        }
    }

    /// Reads a code; refuses with `unknown_value`.
    pub fn parse(code: &str) -> Result<Self, &'static str> {
        [Self::Guardian, Self::Patient].into_iter().find(|given| given.code() == code).ok_or("unknown_value")
    }
}

/// The first day on which somebody is so many years old. Who was born on a leap day is older on the first of March.
#[must_use]
pub fn birthday(born: Date, years: i16) -> Date {
    let date = born.saturating_add(Span::new().years(years));
    if date.day() == born.day() { date } else { date.saturating_add(Span::new().days(1)) }
}

/// Whoever was born after this day is younger than so many years on that day.
#[must_use]
pub fn younger_after(today: Date, years: i16) -> Date {
    today.saturating_sub(Span::new().years(years))
}

/// What was agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrangement {
    /// What the account holder is to the patient.
    pub relation: Relation,
    /// Who has agreed to it.
    pub given: Given,
    /// What was given.
    pub permissions: Permissions,
    /// From which day on; at once when absent.
    pub from: Option<Date>,
    /// Until which day, included; without end when absent.
    pub until: Option<Date>,
}

impl Arrangement {
    /// What may be done on a day, for somebody who was born on another.
    #[must_use]
    pub fn on(&self, born: Date, today: Date) -> Permissions {
        if !self.holds(today) {
            return Permissions::NONE;
        }
        match self.given {
            Given::Patient => self.permissions,
            Given::Guardian if born > younger_after(today, PRIVATE_AGE) => self.permissions,
            Given::Guardian if born > younger_after(today, OWN_AGE) => {
                self.permissions.and(Permissions::YOUNG)
            }
            Given::Guardian => Permissions::NONE,
        }
    }

    /// Whether the account holder has the care of a small child, and so chooses who else looks after it.
    #[must_use]
    pub fn guards(&self, born: Date, today: Date) -> bool {
        self.is_parents() && born > younger_after(today, PRIVATE_AGE) && !self.on(born, today).is_empty()
    }

    /// Whether a day lies in the period.
    fn holds(&self, today: Date) -> bool {
        self.from.is_none_or(|from| from <= today) && self.until.is_none_or(|until| until >= today)
    }

    /// Whether somebody may do all that is offered herself: nobody gives what she does not have.
    #[must_use]
    pub fn allows(&self, offered: Permissions, born: Date, today: Date) -> bool {
        self.on(born, today).and(offered) == offered
    }

    /// Whether what is offered ends no later than this.
    #[must_use]
    pub fn outlasts(&self, until: Option<Date>) -> bool {
        self.until.is_none_or(|mine| until.is_some_and(|theirs| theirs <= mine))
    }

    /// Whether the account holder can hand the record over to a child who is old enough for an account.
    #[must_use]
    pub fn hands_over(&self, born: Date, today: Date) -> bool {
        self.is_parents() && self.holds(today) && born <= younger_after(today, ACCOUNT_AGE)
    }

    /// The next day on which her age changes what may be done.
    #[must_use]
    pub fn changes_on(&self, born: Date, today: Date) -> Option<Date> {
        match self.given {
            Given::Patient => None,
            Given::Guardian => {
                [PRIVATE_AGE, OWN_AGE].map(|age| birthday(born, age)).into_iter().find(|day| *day > today)
            }
        }
    }

    fn is_parents(&self) -> bool {
        self.relation == Relation::Parent && self.given == Given::Guardian
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::Permission;
    use jiff::civil::date;

    fn parents() -> Arrangement {
        Arrangement {
            relation: Relation::Parent,
            given: Given::Guardian,
            permissions: Permissions::ALL,
            from: None,
            until: None,
        }
    }

    #[test]
    fn a_parents_part_shrinks_and_ends_on_the_very_birthdays() {
        let born = date(2016, 5, 9);
        let on = |day| parents().on(born, day);
        assert_eq!(on(date(2027, 5, 8)), Permissions::ALL);
        assert_eq!(on(date(2027, 5, 9)), Permissions::YOUNG);
        assert_eq!(on(date(2032, 5, 8)), Permissions::YOUNG);
        assert_eq!(on(date(2032, 5, 9)), Permissions::NONE);
        let next = |day| parents().changes_on(born, day);
        assert_eq!(next(date(2027, 5, 8)), Some(date(2027, 5, 9)));
        assert_eq!(next(date(2027, 5, 9)), Some(date(2032, 5, 9)));
        assert_eq!(next(date(2032, 5, 9)), None);
        assert!(parents().guards(born, date(2027, 5, 8)) && !parents().guards(born, date(2027, 5, 9)));
        assert!(
            !parents().hands_over(born, date(2029, 5, 8)) && parents().hands_over(born, date(2029, 5, 9))
        );
        assert!(
            parents().hands_over(born, date(2040, 1, 1)),
            "a record is not lost with the eighteenth birthday"
        );
    }

    #[test]
    fn nobody_gives_more_than_she_has_nor_for_longer() {
        let (born, today) = (date(2020, 1, 1), date(2026, 1, 1));
        let book = Permissions::from_iter([Permission::Book]);
        let mine = Arrangement { permissions: book, until: Some(date(2026, 1, 31)), ..parents() };
        assert!(mine.allows(book, born, today) && !mine.allows(Permissions::ALL, born, today));
        assert!(!mine.allows(book, born, date(2026, 2, 1)));
        assert!(mine.outlasts(mine.until) && mine.outlasts(Some(today)));
        assert!(!mine.outlasts(None) && !mine.outlasts(Some(date(2026, 2, 1))));
        assert!(parents().outlasts(None));
        // What has ended by its period hands nothing over either.
        let grown = date(2010, 1, 1);
        assert!(mine.hands_over(grown, today) && !mine.hands_over(grown, date(2026, 2, 1)));
    }

    #[test]
    fn who_looks_after_a_child_without_being_a_parent_neither_chooses_nor_hands_over() {
        let carer = Arrangement { relation: Relation::Carer, ..parents() };
        assert!(!carer.guards(date(2020, 1, 1), date(2026, 1, 1)));
        assert!(!carer.hands_over(date(2010, 1, 1), date(2026, 1, 1)));
        assert_eq!(carer.on(date(2010, 1, 2), date(2026, 1, 1)), Permissions::YOUNG);
        assert_eq!(carer.on(date(2010, 1, 1), date(2026, 1, 1)), Permissions::NONE);
    }

    #[test]
    fn what_a_patient_gave_herself_stays_whatever_her_age() {
        let records: Permissions = [Permission::Records].into_iter().collect();
        let given = Arrangement { given: Given::Patient, permissions: records, ..parents() };
        for born in [date(1950, 5, 5), date(2012, 5, 5)] {
            assert_eq!(given.on(born, date(2026, 1, 1)), records);
            assert_eq!(given.changes_on(born, date(2013, 1, 1)), None);
            assert!(!given.guards(born, date(2026, 1, 1)) && !given.hands_over(born, date(2026, 1, 1)));
        }
    }

    #[test]
    fn a_period_holds_on_its_first_and_its_last_day() {
        let (from, until) = (date(2026, 3, 1), date(2026, 3, 31));
        let lent = Arrangement { given: Given::Patient, from: Some(from), until: Some(until), ..parents() };
        for (day, holds) in
            [(date(2026, 2, 28), false), (from, true), (until, true), (date(2026, 4, 1), false)]
        {
            assert_eq!(!lent.on(date(1950, 5, 5), day).is_empty(), holds, "{day}");
        }
        let guards = Arrangement { given: Given::Guardian, ..lent };
        assert!(
            !guards.guards(date(2020, 1, 1), date(2026, 4, 1)),
            "who may nothing any more chooses nobody"
        );
    }

    #[test]
    fn birthdays_and_the_lists_border_are_the_same_day() {
        for born in [date(2016, 2, 28), date(2016, 2, 29), date(2016, 3, 1), date(2015, 12, 31)] {
            for years in [PRIVATE_AGE, ACCOUNT_AGE, OWN_AGE] {
                let day = birthday(born, years);
                assert!(born <= younger_after(day, years), "{born} {years}");
                assert!(born > younger_after(day.yesterday().unwrap(), years), "{born} {years}");
            }
        }
        assert_eq!(birthday(date(2016, 2, 29), PRIVATE_AGE), date(2027, 3, 1));
        assert_eq!(birthday(date(2016, 2, 29), OWN_AGE), date(2032, 2, 29));
    }
}
