//! One client: she wants something, asks, writes down what came back, and wants something else. She throws dice that are the same for
//! the same seed; what comes of it depends on who is faster.

use std::{
    collections::{BTreeMap, VecDeque},
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Context;
use domain::{
    appointments::Status,
    ids::{AppointmentId, PatientId},
};
use serde_json::Value;
use tokio::sync::watch;

use super::{speech, stage::Stage};
use crate::{
    client::{Ask, Client},
    history::log::{Answer, NEVER, Nanos, Operation, Seen, Wish},
    machine::Dice,
    rows::found,
};

/// After that nobody waits for an answer any more.
const PATIENCE: Duration = Duration::from_secs(20);
/// A connection that broke is noticed before the server is known to be gone.
const SHOCK: Duration = Duration::from_millis(5);
/// So many of her requests and visits she still knows.
const REMEMBERED: usize = 24;
const STRANGERS: usize = 64;

/// What all clients of a run have in common.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) stage: Stage,
    pub(super) begun: Instant,
    /// How many operations are still to be done.
    pub(super) left: AtomicUsize,
    /// Visits of anybody, to ask for those of others.
    pub(super) strangers: Mutex<Vec<AppointmentId>>,
    /// Answers of 500 and above.
    pub(super) failures: Mutex<BTreeMap<u16, usize>>,
    /// The number of the run, for its keys.
    pub(super) run: u64,
}

impl Shared {
    fn now(&self) -> Nanos {
        Nanos::try_from(self.begun.elapsed().as_nanos()).unwrap_or(NEVER)
    }

    /// Whether there is one more to be done.
    fn take(&self) -> bool {
        let less = |left: usize| left.checked_sub(1);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }
}

/// What the clients of one patient know of her visits.
pub(super) type Visits = Arc<Mutex<VecDeque<Seen>>>;

/// A request, to ask again.
type Sent = (u64, Wish);

/// The client.
pub(super) struct Actor {
    shared: Arc<Shared>,
    number: usize,
    email: String,
    patient: PatientId,
    http: Client,
    host: watch::Receiver<Option<SocketAddr>>,
    dice: Dice,
    visits: Visits,
    sent: VecDeque<Sent>,
    /// A request that was not answered.
    open: Option<Sent>,
    log: Vec<Operation>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Actor {
    /// Signs in.
    pub(super) async fn enter(
        shared: Arc<Shared>,
        number: usize,
        per_patient: usize,
        host: watch::Receiver<Option<SocketAddr>>,
        visits: Visits,
    ) -> anyhow::Result<Self> {
        let email = format!("patient{}@bench.example", number / per_patient);
        let address = host.borrow().context("no server")?;
        let mut http = found::sign_in(address, &email, found::PASSWORD).await?;
        let me = http.expect(&Ask::get("/api/v1/me"), 200).await?.json()?;
        let patient = found::list(&me, "patients").first().and_then(Value::as_str).context("no patient")?;
        let (patient, dice) = (patient.parse()?, Dice::new(shared.run * 1_000 + u64::try_from(number)?));
        let (sent, open, log) = (VecDeque::new(), None, Vec::new());
        Ok(Self { shared, number, email, patient, http, host, dice, visits, sent, open, log })
    }

    /// What is known of the patient's visits, for the other clients of hers.
    pub(super) fn visits(&self) -> Visits {
        self.visits.clone()
    }

    /// Wants one thing after the other until all is done. Returns what was written down.
    pub(super) async fn play(mut self) -> Vec<Operation> {
        while self.shared.take() {
            let sent = self.choose();
            self.perform(sent).await;
        }
        self.log
    }

    fn choose(&mut self) -> Sent {
        if let Some(open) = self.open.take()
            && self.dice.below(10) < 7
        {
            return open;
        }
        let roll = self.dice.below(100);
        if roll >= 92
            && let Some(again) = self.sent.get(self.dice.below(self.sent.len())).copied()
        {
            return again;
        }
        let request = u64::try_from(self.number * 100_000_000 + self.log.len()).unwrap_or(0);
        (request, self.wish(roll))
    }

    /// Something new.
    fn wish(&mut self, roll: usize) -> Wish {
        let seat = self.shared.stage.seats.get(self.dice.below(self.shared.stage.seats.len()));
        let Some((doctor, kind, start)) = seat.copied() else { return Wish::Mine };
        let known = self.known();
        let version = |dice: &mut Dice, seen: &Seen| (dice.below(5) < 3).then_some(seen.version);
        // What was moved is as a rule moved on, or nobody would ever come to the end of that.
        let stays = known.is_some_and(|seen| seen.version > 2) && self.dice.below(8) > 0;
        match (roll, known) {
            (30..44, Some(seen)) if !stays => {
                Wish::Cancel { visit: seen.id, version: version(&mut self.dice, &seen) }
            }
            (30..64, Some(seen)) => {
                let start = self.another(&seen);
                Wish::Move { visit: seen.id, start, version: version(&mut self.dice, &seen) }
            }
            (64..73, Some(seen)) => {
                let strangers = lock(&self.shared.strangers);
                let other = strangers.get(self.dice.below(strangers.len())).copied();
                Wish::Read { visit: other.filter(|_| self.dice.below(4) == 0).unwrap_or(seen.id) }
            }
            (73..86, _) => Wish::Free { doctor, kind },
            (86..92, _) => Wish::Mine,
            _ => Wish::Book { doctor, kind, start },
        }
    }

    /// A visit of hers: as a rule one that stands.
    fn known(&mut self) -> Option<Seen> {
        let visits = lock(&self.visits);
        let any = self.dice.below(8) == 0;
        let those: Vec<&Seen> = visits.iter().filter(|seen| any || seen.status == Status::Booked).collect();
        those.get(self.dice.below(those.len())).map(|seen| **seen)
    }

    /// Some time of the same doctor for the same kind of visit.
    fn another(&mut self, seen: &Seen) -> i64 {
        let starts = self.shared.stage.setting.starts.get(&(seen.doctor, seen.kind));
        let starts = starts.map_or(&[][..], Vec::as_slice);
        starts.get(self.dice.below(starts.len())).copied().unwrap_or(seen.start)
    }

    /// Asks, waits, writes down.
    async fn perform(&mut self, (request, wish): Sent) {
        let key = format!("history-{}-{request}", self.shared.run);
        let ask = speech::ask(&wish, &self.shared.stage, key);
        self.find_server().await;
        let asked = self.shared.now();
        let answer = tokio::time::timeout(PATIENCE, self.http.send(&ask)).await;
        let answered = self.shared.now();
        let answer = match answer {
            Ok(Ok(answer)) if answer.status == 401 => {
                // A token lives for ten minutes. Nothing was done.
                self.sign_in().await;
                return;
            }
            Ok(Ok(answer)) => {
                if answer.status >= 500 {
                    *lock(&self.shared.failures).entry(answer.status).or_default() += 1;
                }
                speech::hear(&wish, &answer)
            }
            Ok(Err(_)) | Err(_) => {
                tokio::time::sleep(SHOCK).await;
                Answer::Unknown
            }
        };
        let unknown = answer == Answer::Unknown;
        self.learn(&answer);
        if wish.writes() {
            self.open = unknown.then_some((request, wish));
            if self.sent.len() == REMEMBERED {
                self.sent.pop_front();
            }
            self.sent.push_back((request, wish));
        }
        let answered = if unknown { NEVER } else { answered };
        let (client, patient) = (self.number, self.patient);
        self.log.push(Operation { client, patient, request, asked, answered, wish, answer });
    }

    async fn find_server(&mut self) {
        let Ok(host) = self.host.wait_for(Option::is_some).await.map(|host| *host) else { return };
        if let Some(host) = host.filter(|host| *host != self.http.host) {
            self.http.turn_to(host);
        }
    }

    /// With a new token; without one she asks in vain, and comes here again.
    async fn sign_in(&mut self) {
        match found::sign_in(self.http.host, &self.email, found::PASSWORD).await {
            Ok(http) => self.http = http,
            Err(_) => tokio::time::sleep(SHOCK).await,
        }
    }

    fn learn(&mut self, answer: &Answer) {
        match answer {
            Answer::Visit(seen) => self.remember(*seen),
            Answer::Visits(all) => all.iter().for_each(|seen| self.remember(*seen)),
            Answer::Times(_) | Answer::Refused(..) | Answer::Unknown | Answer::Strange(_) => {}
        }
    }

    fn remember(&mut self, seen: Seen) {
        let mut visits = lock(&self.visits);
        match visits.iter_mut().find(|known| known.id == seen.id) {
            Some(known) if known.version < seen.version => *known = seen,
            Some(_) => {}
            None => {
                if visits.len() == REMEMBERED {
                    let old = visits.iter().position(|known| known.status != Status::Booked).unwrap_or(0);
                    visits.remove(old);
                }
                visits.push_back(seen);
                let mut strangers = lock(&self.shared.strangers);
                let place = self.dice.below(STRANGERS);
                match strangers.get_mut(place) {
                    Some(stranger) => *stranger = seen.id,
                    None => strangers.push(seen.id),
                }
            }
        }
    }
}
