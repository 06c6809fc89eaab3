//! Entries put together for reading: by day, one's own apart, and the same look of the same person in a row as one line.
//! An entry that was asked about stands alone: the question belongs to it.

use domain::ids::AccountId;
use jiff::civil::Date;

use crate::audit::api::Look;
use crate::audit::words::is_emergency;

/// Like looks in a row; the latest one speaks for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The latest of them.
    pub latest: Look,
    /// How many they are.
    pub count: usize,
}

/// A day of looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which day.
    pub date: Date,
    /// What others did, latest first.
    pub others: Vec<Group>,
    /// What the account did itself.
    pub own: Vec<Group>,
}

/// Days of looks, latest first, as the list comes.
#[must_use]
pub fn days(looks: Vec<Look>, account: Option<AccountId>) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for look in looks {
        let date = look.at.date();
        // Hospitals in several zones: a look may belong to a day that another one has left already.
        if !days.iter().any(|day| day.date == date) {
            days.push(Day { date, others: Vec::new(), own: Vec::new() });
        }
        let Some(day) = days.iter_mut().find(|day| day.date == date) else { continue };
        let own = account.is_some() && look.event.account_id == account && !is_emergency(&look.event);
        // Of one's own looks the order does not matter, only what and how often.
        if own {
            put(&mut day.own, look, true);
        } else {
            put(&mut day.others, look, false);
        }
    }
    days
}

fn put(groups: &mut Vec<Group>, look: Look, anywhere: bool) {
    let found = if anywhere {
        groups.iter_mut().find(|group| alike(group, &look))
    } else {
        groups.last_mut().filter(|group| alike(group, &look))
    };
    match found {
        Some(group) => group.count += 1,
        None => groups.push(Group { latest: look, count: 1 }),
    }
}

fn alike(group: &Group, look: &Look) -> bool {
    let (one, other) = (&group.latest.event, &look.event);
    one.account_id == other.account_id
        && one.who == other.who
        && one.action == other.action
        && one.basis == other.basis
        && one.hospital_id == other.hospital_id
        && one.reason == other.reason
        && one.question.is_none()
        && other.question.is_none()
}

#[cfg(test)]
mod tests {
    use domain::audit::{AuditEvent, AuditPlace};
    use domain::time::Moment;
    use jiff::{Timestamp, tz::Offset};
    use uuid::Uuid;

    use super::*;

    fn look(seq: i64, hours: i64, account: u128, action: &str) -> Look {
        let at = Timestamp::UNIX_EPOCH.checked_add(jiff::SignedDuration::from_hours(hours)).unwrap();
        let event = AuditEvent {
            place: AuditPlace { chain: "hospital-1".into(), seq },
            at,
            account_id: Some(AccountId(Uuid::from_u128(account))),
            who: Some(format!("Person {account}")),
            action: action.into(),
            outcome: "allowed".into(),
            basis: "desk".into(),
            purpose: "HOPERAT".into(),
            hospital_id: None,
            hospital: None,
            entity: "appointment".into(),
            entity_id: None,
            patients: Vec::new(),
            address: None,
            device: None,
            reason: None,
            question: None,
            answer: None,
        };
        Look { at: Moment::new(at, Offset::UTC), event }
    }

    #[test]
    fn the_same_look_in_a_row_is_one_line() {
        let looks = vec![look(4, 3, 2, "a"), look(3, 2, 2, "a"), look(2, 1, 3, "a"), look(1, 0, 2, "a")];
        let days = days(looks, None);
        assert_eq!(days.len(), 1);
        let counts: Vec<_> =
            days[0].others.iter().map(|group| (group.latest.event.place.seq, group.count)).collect();
        assert_eq!(counts, [(4, 2), (2, 1), (1, 1)]);
    }

    #[test]
    fn own_looks_are_apart_and_each_kind_is_counted() {
        let looks = vec![look(4, 3, 1, "a"), look(3, 2, 2, "a"), look(2, 1, 1, "b"), look(1, 0, 1, "a")];
        let days = days(looks, Some(AccountId(Uuid::from_u128(1))));
        let own: Vec<_> =
            days[0].own.iter().map(|group| (group.latest.event.action.as_str(), group.count)).collect();
        assert_eq!((own.as_slice(), days[0].others.len()), ([("a", 2), ("b", 1)].as_slice(), 1));
    }

    #[test]
    fn what_was_asked_about_stands_alone() {
        let mut asked = look(2, 1, 2, "a");
        asked.event.question = Some("Why?".into());
        let days = days(vec![look(3, 2, 2, "a"), asked, look(1, 0, 2, "a")], None);
        assert_eq!(days[0].others.len(), 3);
    }

    #[test]
    fn each_day_is_told_once() {
        let days = days(vec![look(2, 30, 2, "a"), look(1, 1, 2, "a")], None);
        assert_eq!(days.len(), 2);
        assert!(days[0].date > days[1].date);
    }
}
