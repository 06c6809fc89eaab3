//! The rules of changing many visits: when patients are told, and which free times are proposed for which visit.

use std::sync::Arc;

use crate::{
    ids::PatientId,
    slots::{Busy, Shape},
    time::{MINUTE, Span},
};

/// So long a change can be undone and nobody is told.
pub const UNDO_MINUTES: i64 = 10;
/// So much later than the end of undoing letters leave: who undoes in the last moment is still in time.
pub const GRACE_SECONDS: i64 = 30;
/// Of a visit that begins within so many hours its patient is told at once: she may be about to leave home.
pub const TOLD_AT_ONCE_HOURS: i64 = 4;
/// So many visits are changed at once.
pub const MOST_VISITS: usize = 200;
/// So many free times are proposed for a visit.
pub const PROPOSALS: usize = 3;
/// The longest range of one sheet, in days.
pub const SHEET_DAYS: i32 = 62;

/// Until when a change that is made now can be undone.
#[must_use]
pub fn undo_until(now: i64) -> i64 {
    now + UNDO_MINUTES * MINUTE
}

/// Whether a visit begins so soon that its patient cannot wait to be told: at its old time, or at its new one.
#[must_use]
pub fn is_imminent(now: i64, old: i64, new: Option<i64>) -> bool {
    new.map_or(old, |new| new.min(old)) < now + TOLD_AT_ONCE_HOURS * 60 * MINUTE
}

/// When the patient of a visit that is changed now is told.
#[must_use]
pub fn told_at(now: i64, old: i64, new: Option<i64>) -> i64 {
    if is_imminent(now, old, new) { now } else { undo_until(now) + GRACE_SECONDS * 1000 }
}

/// A visit that needs another time.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Whose it is: her visits of one plan must not meet.
    pub patient: PatientId,
    /// When it begins now.
    pub start: i64,
    /// When she is elsewhere.
    pub elsewhere: Busy,
    /// Free begins with doctors, each by its number, the visit's own doctor first. Visits of a kind share them.
    pub options: Arc<Options>,
}

/// Free begins with doctors: each by its number, with what a visit takes from its day, in order. A begin to which several may come stands
/// there as often as places are left.
pub type Options = Vec<(usize, Shape, Vec<i64>)>;

/// Free times for each visit, the nearest first, as pairs of a doctor's number and a begin. No place is given to two, and every visit gets
/// its first before any gets its second; the first is with its own doctor, where she has one.
#[must_use]
pub fn propose(wishes: &[Wish], most: usize) -> Vec<Vec<(usize, i64)>> {
    let mut given: Vec<Vec<(usize, i64)>> = vec![Vec::new(); wishes.len()];
    let mut blocks: Vec<(usize, Shape, i64)> = Vec::new();
    // Other visits of one patient may go to any of their proposals.
    let mut visits: Vec<(PatientId, usize, Span)> = Vec::new();
    for round in 0..most {
        for (number, wish) in wishes.iter().enumerate() {
            let free = |(doctor, shape, start): &(usize, Shape, i64)| {
                let (block, visit) = (shape.block(*start), shape.visit(*start));
                let (room, mut same) = (places(wish, *doctor, *start), 0);
                let mut others = blocks.iter().filter(|(whose, ..)| whose == doctor);
                let taken = others.any(|(_, other, begin)| {
                    if (other, begin) == (shape, start) {
                        // Several may come together, as long as there are places.
                        same += 1;
                        same >= room
                    } else {
                        other.block(*begin).overlaps(block)
                    }
                });
                let twice = given.get(number).is_some_and(|own| own.contains(&(*doctor, *start)));
                let met = visits.iter().any(|(patient, of, other)| {
                    *patient == wish.patient && *of != number && other.overlaps(visit)
                });
                !taken && !twice && !met && !wish.elsewhere.overlaps(visit)
            };
            let own = wish.options.get(..1).filter(|_| round == 0).unwrap_or_default();
            let first = Nearest::to(wish.start, own).find(|one| free(one));
            let found = first.or_else(|| Nearest::to(wish.start, &wish.options).find(|one| free(one)));
            if let (Some((doctor, shape, start)), Some(list)) = (found, given.get_mut(number)) {
                blocks.push((doctor, shape, start));
                visits.push((wish.patient, number, shape.visit(start)));
                list.push((doctor, start));
            }
        }
    }
    given
}

/// How often a begin can be given.
fn places(wish: &Wish, doctor: usize, start: i64) -> usize {
    let of = wish.options.iter().find(|(number, ..)| *number == doctor);
    of.map_or(0, |(_, _, starts)| {
        starts.partition_point(|other| *other <= start) - starts.partition_point(|other| *other < start)
    })
}

/// What a visit could be put on, the nearest first. It goes outward from where the visit stands, with all doctors side by side: a sheet of
/// many visits keeps no list for each of them.
struct Nearest<'a> {
    from: i64,
    lanes: Vec<Lane<'a>>,
}

/// The begins with one doctor that have not had their turn: before the visit, and from it on.
struct Lane<'a> {
    doctor: usize,
    shape: Shape,
    before: &'a [i64],
    after: &'a [i64],
}

impl<'a> Nearest<'a> {
    fn to(from: i64, options: &'a [(usize, Shape, Vec<i64>)]) -> Self {
        let lane = |(doctor, shape, starts): &'a (usize, Shape, Vec<i64>)| {
            let (before, after) = starts.split_at(starts.partition_point(|start| *start < from));
            Lane { doctor: *doctor, shape: *shape, before, after }
        };
        Self { from, lanes: options.iter().map(lane).collect() }
    }
}

impl Lane<'_> {
    /// The next begin and how far it is; of two that are as far the earlier one.
    fn next(&self, from: i64) -> Option<(u64, i64)> {
        let ends = self.before.last().into_iter().chain(self.after.first());
        ends.map(|start| (start.abs_diff(from), *start)).min()
    }
}

impl Iterator for Nearest<'_> {
    type Item = (usize, Shape, i64);

    fn next(&mut self) -> Option<Self::Item> {
        let from = self.from;
        let nearest = |lane: &Lane<'_>| lane.next(from).map(|(far, start)| (far, lane.doctor, start));
        let (_, doctor, start) = self.lanes.iter().filter_map(nearest).min()?;
        let lane = self.lanes.iter_mut().find(|lane| lane.doctor == doctor)?;
        let side = if start < from { &mut lane.before } else { &mut lane.after };
        *side = if start < from { side.split_last()?.1 } else { side.split_first()?.1 };
        Some((doctor, lane.shape, start))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{availability::Kind, hospitals::Modality};

    fn shape() -> Shape {
        let kind = Kind { visit_type: Uuid::from_u128(1).into(), modality: Modality::InPerson };
        Shape { kind, minutes: 30, before: 0, after: 0 }
    }

    fn minutes(minute: i64) -> i64 {
        minute * MINUTE
    }

    fn wish(patient: u128, start: i64, options: &[(usize, &[i64])]) -> Wish {
        let option = |(doctor, starts): &(usize, &[i64])| {
            (*doctor, shape(), starts.iter().copied().map(minutes).collect())
        };
        Wish {
            patient: Uuid::from_u128(patient).into(),
            start: minutes(start),
            elsewhere: Busy::default(),
            options: Arc::new(options.iter().map(option).collect()),
        }
    }

    #[test]
    fn whoever_may_be_leaving_home_is_told_at_once() {
        let hours = |n: i64| minutes(n * 60);
        let late = undo_until(0) + 30_000;
        for (old, new, expected) in [
            (hours(4) - 1, None, 0),
            (hours(4), None, late),
            (hours(48), Some(hours(2)), 0),
            (hours(2), Some(hours(48)), 0),
            (hours(48), Some(hours(72)), late),
        ] {
            assert_eq!(told_at(0, old, new), expected, "{old} {new:?}");
        }
        assert!(undo_until(0) < late, "nobody is told before undoing ends");
    }

    #[test]
    fn what_is_nearest_comes_first_whoever_it_is_with() {
        let own: &[i64] = &[500, 590, 620, 900];
        let wish = wish(1, 600, &[(0, own), (1, &[590, 605, 610, 1000])]);
        let found: Vec<_> =
            Nearest::to(wish.start, &wish.options).map(|(who, _, at)| (who, at / MINUTE)).collect();
        assert_eq!(found, [(1, 605), (0, 590), (1, 590), (1, 610), (0, 620), (0, 500), (0, 900), (1, 1000)]);
    }

    #[test]
    fn no_time_is_proposed_to_two() {
        let free: &[i64] = &[600, 615, 630, 660];
        let wishes = [wish(1, 600, &[(0, free)]), wish(2, 600, &[(0, free)]), wish(3, 600, &[(0, free)])];
        let found = propose(&wishes, 3);
        assert_eq!(found, [vec![(0, minutes(600))], vec![(0, minutes(630))], vec![(0, minutes(660))]]);
    }

    #[test]
    fn a_time_to_which_several_may_come_is_proposed_as_often_as_places_are_left_and_to_nobody_twice() {
        let free: &[i64] = &[600, 600, 660];
        let wishes = [wish(1, 600, &[(0, free)]), wish(2, 600, &[(0, free)]), wish(3, 600, &[(0, free)])];
        let found = propose(&wishes, 2);
        assert_eq!(found, [vec![(0, minutes(600))], vec![(0, minutes(600))], vec![(0, minutes(660))]]);
        assert_eq!(propose(&wishes[..1], 2), [vec![(0, minutes(600)), (0, minutes(660))]]);
    }

    #[test]
    fn ones_own_doctor_comes_first_and_others_after_her() {
        let wishes = [wish(1, 600, &[(0, &[900]), (1, &[600, 660])]), wish(2, 600, &[(0, &[]), (1, &[600])])];
        let found = propose(&wishes, 2);
        // The second has nothing but what is nearest for the first: whoever has no other way is served before a second choice.
        let expected = [vec![(0, minutes(900)), (1, minutes(660))], vec![(1, minutes(600))]];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_patient_is_not_in_two_places() {
        let both = [wish(1, 600, &[(0, &[600])]), wish(1, 630, &[(1, &[615, 700])])];
        assert_eq!(propose(&both, 1), [vec![(0, minutes(600))], vec![(1, minutes(700))]]);
        let mut busy = wish(1, 600, &[(0, &[600, 700])]);
        busy.elsewhere = Busy::new(vec![Span::minutes(minutes(590), 20)]);
        assert_eq!(propose(&[busy], 1), [vec![(0, minutes(700))]]);
    }
}
