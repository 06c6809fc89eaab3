//! Who asks for a time that somebody is being given at this moment waits for the outcome, and is told from memory and one read instead
//! of in the transaction: of sixty-four who want one time, one is written and sixty-three are answered beside the writer.
//!
//! It gives nobody a time: whoever gets past it is judged in the transaction like anybody else, and other nodes know nothing of it. What it
//! may do is refuse: whoever has waited for somebody and then finds the time taken is told so without a transaction.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::{ids::DoctorId, slots::Shape, time::Moment};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// How long somebody waits for others. Then she goes on beside them: the transaction judges both.
const PATIENCE: Duration = Duration::from_secs(2);

/// A doctor's time, in milliseconds.
type Time = (DoctorId, i64);

/// The times that are being given.
#[derive(Default)]
pub(crate) struct Contests(Mutex<HashMap<Time, Arc<Gate>>>);

/// Where those wait who want one time.
struct Gate {
    one: Arc<Semaphore>,
    /// What the last of them was told, and when.
    told: Mutex<Option<Told>>,
}

/// That a time is taken, as of one edition.
#[derive(Clone)]
struct Told {
    edition: u64,
    shape: Shape,
    instead: Vec<Moment>,
}

/// Somebody's turn at a time; the next one has it when this is dropped.
pub(crate) struct Turn<'c> {
    contests: &'c Contests,
    time: Time,
    gate: Arc<Gate>,
    /// Whether somebody else had it first.
    pub(crate) waited: bool,
    permit: Option<OwnedSemaphorePermit>,
}

impl Gate {
    fn new() -> Self {
        Self { one: Arc::new(Semaphore::new(1)), told: Mutex::new(None) }
    }

    fn told(&self) -> MutexGuard<'_, Option<Told>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Contests {
    /// Waits until nobody else is being given this time, but not for ever.
    pub(crate) async fn turn(&self, doctor: DoctorId, start: i64) -> Turn<'_> {
        let time = (doctor, start);
        let gate = self.times().entry(time).or_insert_with(|| Arc::new(Gate::new())).clone();
        let one = gate.one.clone();
        // Made before waiting, so that whoever gives up leaves nothing behind.
        let mut turn = Turn { contests: self, time, gate, waited: false, permit: None };
        turn.permit = one.clone().try_acquire_owned().ok();
        if turn.permit.is_none() {
            turn.waited = true;
            turn.permit = timeout(PATIENCE, one.acquire_owned()).await.ok().and_then(Result::ok);
        }
        turn
    }

    fn times(&self) -> MutexGuard<'_, HashMap<Time, Arc<Gate>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    /// What was said in this edition to somebody who wanted the same: which times there are instead.
    pub(crate) fn told(&self, edition: u64, shape: Shape) -> Option<Vec<Moment>> {
        let told = self.gate.told();
        told.as_ref()
            .filter(|told| (told.edition, told.shape) == (edition, shape))
            .map(|told| told.instead.clone())
    }

    /// Remembers that for the next.
    pub(crate) fn tell(&self, edition: u64, shape: Shape, instead: Vec<Moment>) {
        *self.gate.told() = Some(Told { edition, shape, instead });
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut times = self.contests.times();
        self.permit = None;
        // Those who wait hold the gate, too: it goes with the last of them.
        if times.get(&self.time).is_some_and(|gate| Arc::strong_count(gate) == 2) {
            times.remove(&self.time);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    const DOCTOR: DoctorId = DoctorId(uuid::Uuid::from_u128(1));

    #[tokio::test]
    async fn one_after_the_other_and_nothing_stays() {
        let contests = Contests::default();
        let first = contests.turn(DOCTOR, 1).await;
        assert!(!first.waited);
        assert!(!contests.turn(DOCTOR, 2).await.waited, "another time is nobody's business");
        let mut second = Box::pin(contests.turn(DOCTOR, 1));
        let mut third = Box::pin(contests.turn(DOCTOR, 1));
        assert!((&mut second).now_or_never().is_none() && (&mut third).now_or_never().is_none());
        drop(first);
        let second = second.now_or_never().expect("it is her turn");
        assert!(second.waited && (&mut third).now_or_never().is_none());
        drop(second);
        assert!(third.now_or_never().expect("it is her turn").waited);
        assert!(contests.times().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_ever() {
        let contests = Contests::default();
        let first = contests.turn(DOCTOR, 1).await;
        let second = contests.turn(DOCTOR, 1).await;
        assert!(second.waited && second.permit.is_none());
        drop(second);
        assert!(!contests.times().is_empty(), "the first one has it still");
        drop(first);
        assert!(contests.times().is_empty());
    }

    #[tokio::test]
    async fn whoever_gives_up_is_in_nobodys_way() {
        let contests = Contests::default();
        let first = contests.turn(DOCTOR, 1).await;
        let mut second = Box::pin(contests.turn(DOCTOR, 1));
        assert!((&mut second).now_or_never().is_none());
        drop(second);
        drop(first);
        assert!(contests.times().is_empty());
        assert!(!contests.turn(DOCTOR, 1).await.waited);
    }
}
