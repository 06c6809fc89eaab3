//! What is known of the next free times of doctors, and the order that it puts them in.
//!
//! A doctor keeps her place in the order until she has another: whoever searches meanwhile finds her where she was.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use domain::ids::DoctorId;

/// Where doctors without any free time stand: behind all others.
pub(crate) const NEVER: i64 = i64::MAX;
/// When what is known was read, where it may be no longer so.
const DOUBTED: i64 = i64::MIN;

#[derive(Clone)]
struct Known {
    read_at: i64,
    starts: Arc<Vec<i64>>,
}

impl Known {
    fn place(&self) -> i64 {
        self.starts.first().copied().unwrap_or(NEVER)
    }
}

/// See the module.
#[derive(Default)]
pub(super) struct Soonest {
    known: HashMap<DoctorId, Known>,
    /// By first free start.
    order: BTreeSet<(i64, DoctorId)>,
    /// By when they were read.
    by_age: BTreeSet<(i64, DoctorId)>,
    /// Counts doubts: what was read before one came is in doubt as well.
    doubts: u64,
    /// The last doubt about each, and about all.
    doubted: HashMap<DoctorId, u64>,
    all_doubted: u64,
    /// The list of which it was last seen that all are known. Whoever is known stays so.
    complete: u64,
}

impl Soonest {
    /// A mark to be taken before reading, for [`Self::learn`].
    pub(super) fn mark(&self) -> u64 {
        self.doubts
    }

    /// What was read of a doctor after the second mark, by hours and visit types that were read after the first.
    pub(super) fn learn(
        &mut self,
        doctor: DoctorId,
        starts: Arc<Vec<i64>>,
        read_at: i64,
        (copied, mark): (u64, u64),
    ) {
        let doubted = self.doubted.get(&doctor).is_some_and(|last| *last > mark);
        let read_at = if doubted || self.all_doubted > copied.min(mark) { DOUBTED } else { read_at };
        self.put(doctor, Known { read_at, starts });
    }

    /// A doctor's times, unless they were read before an instant (or after now: a clock that was put back).
    pub(super) fn of(&self, doctor: DoctorId, since: i64, now: i64) -> Option<Arc<Vec<i64>>> {
        let known = self.known.get(&doctor)?;
        (known.read_at > since && known.read_at <= now).then(|| known.starts.clone())
    }

    /// The times of some doctors may be others now.
    pub(super) fn doubt(&mut self, doctors: impl IntoIterator<Item = DoctorId>) {
        self.doubts += 1;
        for doctor in doctors {
            self.doubted.insert(doctor, self.doubts);
            if let Some(known) = self.known.get(&doctor).cloned() {
                self.put(doctor, Known { read_at: DOUBTED, ..known });
            }
        }
    }

    /// All of them may, and there may be other doctors.
    pub(super) fn doubt_all(&mut self) {
        let all: Vec<DoctorId> = self.known.keys().copied().collect();
        self.doubt(all);
        self.all_doubted = self.doubts;
        self.doubted.clear();
    }

    /// Those of a list of doctors who were not read since an instant (or after now: a clock that was put back), and some who may not be on
    /// it. Lists have numbers, so that a long one is not gone through each time.
    pub(super) fn old(
        &mut self,
        list: u64,
        doctors: impl Iterator<Item = DoctorId>,
        since: i64,
        now: i64,
    ) -> Vec<DoctorId> {
        let mut old = Vec::new();
        if self.complete != list {
            old.extend(doctors.filter(|doctor| !self.known.contains_key(doctor)));
            if old.is_empty() {
                self.complete = list;
            }
        }
        let before = self.by_age.iter().take_while(|(read_at, _)| *read_at <= since);
        let ahead = self.by_age.iter().rev().take_while(|(read_at, _)| *read_at > now);
        old.extend(before.chain(ahead).map(|(_, doctor)| *doctor));
        old
    }

    /// The next places behind one, soonest first.
    pub(super) fn behind(&self, after: Option<(i64, DoctorId)>, most: usize) -> Vec<(i64, DoctorId)> {
        use std::ops::Bound::{Excluded, Unbounded};
        let from = after.map_or(Unbounded, Excluded);
        self.order.range((from, Unbounded)).copied().take(most).collect()
    }

    fn put(&mut self, doctor: DoctorId, known: Known) {
        self.remove(doctor);
        self.order.insert((known.place(), doctor));
        self.by_age.insert((known.read_at, doctor));
        self.known.insert(doctor, known);
    }

    fn remove(&mut self, doctor: DoctorId) {
        if let Some(before) = self.known.remove(&doctor) {
            self.order.remove(&(before.place(), doctor));
            self.by_age.remove(&(before.read_at, doctor));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: DoctorId = DoctorId(uuid::Uuid::from_u128(1));
    const B: DoctorId = DoctorId(uuid::Uuid::from_u128(2));
    const C: DoctorId = DoctorId(uuid::Uuid::from_u128(3));

    fn times(starts: &[i64]) -> Arc<Vec<i64>> {
        Arc::new(starts.to_vec())
    }

    fn order(soonest: &Soonest, after: Option<(i64, DoctorId)>) -> Vec<DoctorId> {
        soonest.behind(after, 9).into_iter().map(|(_, doctor)| doctor).collect()
    }

    fn three() -> Soonest {
        let mut soonest = Soonest::default();
        soonest.learn(A, times(&[30, 40]), 100, (0, 0));
        soonest.learn(B, times(&[]), 100, (0, 0));
        soonest.learn(C, times(&[20]), 100, (0, 0));
        soonest
    }

    #[test]
    fn whoever_is_free_first_comes_first_and_never_last() {
        let mut soonest = three();
        assert_eq!(order(&soonest, None), [C, A, B]);
        assert_eq!(order(&soonest, Some((20, C))), [A, B]);
        assert_eq!(order(&soonest, Some((25, B))), [A, B]);
        assert_eq!(soonest.behind(Some((20, C)), 1), [(30, A)]);
        soonest.learn(C, times(&[50]), 101, (0, 0));
        assert_eq!(order(&soonest, None), [A, C, B]);
    }

    /// Those of the three, or some of them, who are to be read.
    fn old(soonest: &mut Soonest, list: &[DoctorId], since: i64, now: i64) -> Vec<DoctorId> {
        soonest.old(list.len() as u64, list.iter().copied(), since, now)
    }

    #[test]
    fn what_is_in_doubt_keeps_its_place_and_is_read_again() {
        let mut soonest = three();
        let all = [A, B, C];
        assert!(old(&mut soonest, &all, 99, 100).is_empty());
        assert_eq!(old(&mut soonest, &all, 100, 200), all);
        assert_eq!(old(&mut soonest, &all, 50, 99).len(), 3, "a clock that was put back");
        soonest.doubt([A]);
        assert_eq!(order(&soonest, None), [C, A, B]);
        assert_eq!(old(&mut soonest, &all, 99, 100), [A]);
        assert!(soonest.of(A, 99, 100).is_none() && soonest.of(C, 99, 100).is_some());
        let now = (soonest.mark(), soonest.mark());
        soonest.learn(A, times(&[10]), 100, now);
        assert!(old(&mut soonest, &all, 99, 100).is_empty());
        assert_eq!(order(&soonest, None), [A, C, B]);
    }

    #[test]
    fn whoever_is_new_is_read_and_an_older_list_takes_nobody_away() {
        let mut soonest = three();
        let new = DoctorId(uuid::Uuid::from_u128(4));
        // As many are known as are on the list, and it is not they.
        assert_eq!(old(&mut soonest, &[A, B, new], 99, 100), [new]);
        let now = (soonest.mark(), soonest.mark());
        soonest.learn(new, times(&[5]), 100, now);
        assert!(old(&mut soonest, &[A, B, new], 99, 100).is_empty());
        assert!(old(&mut soonest, &[A, B], 99, 100).is_empty());
        assert_eq!(order(&soonest, None), [new, C, A, B]);
    }

    #[test]
    fn what_was_read_before_a_doubt_is_in_doubt() {
        let mut soonest = three();
        let mark = (soonest.mark(), soonest.mark());
        soonest.doubt([A]);
        soonest.learn(A, times(&[10]), 100, mark);
        soonest.learn(C, times(&[11]), 100, mark);
        assert!(soonest.of(A, 99, 100).is_none() && soonest.of(C, 99, 100).is_some());
        soonest.doubt_all();
        soonest.learn(C, times(&[11]), 100, mark);
        assert!(soonest.of(C, 99, 100).is_none());
        // Read now, but by hours from before.
        let late = (mark.0, soonest.mark());
        soonest.learn(C, times(&[11]), 100, late);
        assert!(soonest.of(C, 99, 100).is_none());
        let fresh = (soonest.mark(), soonest.mark());
        soonest.learn(C, times(&[11]), 100, fresh);
        assert!(soonest.of(C, 99, 100).is_some());
    }
}
