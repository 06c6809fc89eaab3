//! Seats of group visits: several patients at one and the same time of one doctor. Who they are is neither known here nor asked.

use std::collections::BTreeMap;

use super::{Refusal, Shape};
use crate::time::MINUTE;

/// The groups of one kind that stand, by when they begin. All are of one shape, so no two of them overlap.
#[derive(Debug, Clone, Default)]
pub struct Seats {
    capacity: i64,
    taken: BTreeMap<i64, Vec<i64>>,
}

impl Seats {
    /// How many may come to one time, and the seats that are taken: each by when it begins and its number.
    pub fn of(capacity: i64, seats: impl IntoIterator<Item = (i64, i64)>) -> Self {
        let mut taken: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for (start, number) in seats {
            taken.entry(start).or_default().push(number);
        }
        Self { capacity, taken }
    }

    /// Whether anybody comes then.
    pub fn stands(&self, start: i64) -> bool {
        self.taken.contains_key(&start)
    }

    /// How many more may come then. A capacity that was lowered takes nothing from anybody: there is merely none left.
    pub fn left(&self, start: i64) -> i64 {
        (self.capacity - self.taken.get(&start).map_or(0, |seats| count(seats))).max(0)
    }

    /// The smallest number that nobody has then, from one on; if it can be, one that no hold keeps which has ended and was not given back
    /// yet. Where a seat is left, it is within the capacity.
    pub fn next(&self, start: i64, kept: &[i64]) -> i64 {
        let taken = self.taken.get(&start).map_or(&[][..], Vec::as_slice);
        let free = |number: &i64| !taken.contains(number);
        let at_once = (1..=self.capacity).find(|number| free(number) && !kept.contains(number));
        // One more than there are always has a gap.
        at_once.or_else(|| (1..=count(taken)).find(free)).unwrap_or(count(taken) + 1)
    }

    /// When its groups begin.
    pub fn begins(&self) -> impl Iterator<Item = i64> {
        self.taken.keys().copied()
    }

    /// Whether a visit may begin then: `true` where it joins a group, `false` where it would be the first of one.
    pub(super) fn judge(&self, shape: Shape, start: i64) -> Result<bool, Refusal> {
        if let Some(other) = self.in_the_way(shape, start) {
            let whole = shape.block(other).overlaps(shape.visit(start));
            return Err(if whole { Refusal::Taken } else { Refusal::TooClose });
        }
        match (self.stands(start), self.left(start)) {
            (false, _) => Ok(false),
            (true, 0) => Err(Refusal::GroupFull),
            (true, _) => Ok(true),
        }
    }

    /// Until when somebody who would begin then has to wait, and why: until a group is over, or until one begins that has a seat left.
    pub(super) fn wait(&self, shape: Shape, start: i64) -> Option<(i64, Refusal)> {
        let over = |group: i64| shape.block(group).end + shape.before * MINUTE;
        match self.in_the_way(shape, start) {
            Some(other) if other > start && self.left(other) > 0 => Some((other, Refusal::Taken)),
            Some(other) => Some((over(other), Refusal::Taken)),
            None if self.stands(start) && self.left(start) == 0 => Some((over(start), Refusal::GroupFull)),
            None => None,
        }
    }

    /// A group that a visit would run into. They do not overlap each other, so the nearest on each side decide.
    fn in_the_way(&self, shape: Shape, start: i64) -> Option<i64> {
        let before = self.taken.range(..start).next_back();
        let after = self.taken.range(start + 1..).next();
        let mut near = before.into_iter().chain(after).map(|(other, _)| *other);
        near.find(|other| shape.block(*other).overlaps(shape.block(start)))
    }
}

fn count(seats: &[i64]) -> i64 {
    i64::try_from(seats.len()).unwrap_or(i64::MAX)
}
