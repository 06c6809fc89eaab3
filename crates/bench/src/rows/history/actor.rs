//! One client: she wants something, asks, writes down what came back, and wants something else. She throws dice that are the same for
//! the same seed; what comes of it depends on who is faster.

use std::{
    collections::{BTreeMap, VecDeque},
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Context;
use domain::ids::AccountId;
use serde_json::Value;
use tokio::sync::watch;

use super::{
    memory::{self, Memory, lock},
    speech,
    stage::{Login, Stage},
    wants::Wants,
};
use crate::{
    client::{Ask, Client},
    history::log::{Answer, NEVER, Nanos, Operation, Seen, Who, Wish},
    machine::{self, Dice},
    rows::found,
};

/// After that nobody waits for an answer any more.
const PATIENCE: Duration = Duration::from_secs(20);
/// A connection that broke is noticed before the server is known to be gone.
const SHOCK: Duration = Duration::from_millis(5);
/// So many of her requests she still knows.
const REMEMBERED: usize = 24;

/// What all clients of a run have in common.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) stage: Stage,
    pub(super) begun: Instant,
    /// How many seconds the servers' clocks are ahead of the machine's. It is changed while no server runs.
    pub(super) ahead: AtomicU64,
    /// How many operations there are, and how many are still to be done.
    pub(super) all: usize,
    pub(super) left: AtomicUsize,
    /// Visits of anybody.
    pub(super) strangers: Mutex<Vec<Seen>>,
    /// Answers of 500 and above.
    pub(super) failures: Mutex<BTreeMap<u16, usize>>,
    /// The number of the run, for its keys.
    pub(super) run: u64,
}

impl Shared {
    fn now(&self) -> Nanos {
        Nanos::try_from(self.begun.elapsed().as_nanos()).unwrap_or(NEVER)
    }

    /// What the servers' clocks show.
    fn clock(&self) -> i64 {
        let ahead = i64::try_from(self.ahead.load(Ordering::Relaxed)).unwrap_or(0);
        machine::clock() + ahead * 1_000
    }

    /// Whether there is one more to be done.
    fn take(&self) -> bool {
        let less = |left: usize| left.checked_sub(1);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }

    /// The day that is mostly played for by now.
    fn day(&self) -> usize {
        let done = self.all.saturating_sub(self.left.load(Ordering::Relaxed));
        done * self.stage.days.len() / self.all.max(1)
    }
}

/// A request, to ask again.
type Sent = (u64, Wish);

/// The client.
pub(super) struct Actor {
    shared: Arc<Shared>,
    number: usize,
    login: Login,
    who: Who,
    account: AccountId,
    http: Client,
    host: watch::Receiver<Option<SocketAddr>>,
    dice: Dice,
    known: Memory,
    sent: VecDeque<Sent>,
    /// A request that was not answered.
    open: Option<Sent>,
    log: Vec<Operation>,
}

impl Actor {
    /// Signs in: a patient, or somebody at the desk.
    pub(super) async fn enter(
        shared: Arc<Shared>,
        number: usize,
        login: Login,
        host: watch::Receiver<Option<SocketAddr>>,
        known: Memory,
    ) -> anyhow::Result<Self> {
        let address = host.borrow().context("no server")?;
        let mut http = found::sign_in(address, &login.email, login.password).await?;
        let me = http.expect(&Ask::get("/api/v1/me"), 200).await?.json()?;
        let account = found::text(&me, "account_id")?.parse()?;
        let patient = found::list(&me, "patients").first().and_then(Value::as_str);
        let who = match patient {
            Some(patient) => Who::Patient(patient.parse()?),
            None => Who::Desk,
        };
        let dice = Dice::new(shared.run * 1_000 + u64::try_from(number)?);
        let (sent, open, log) = (VecDeque::new(), None, Vec::new());
        Ok(Self { shared, number, login, who, account, http, host, dice, known, sent, open, log })
    }

    /// What is known to the patient or to the desk, for the other clients of theirs.
    pub(super) fn known(&self) -> Memory {
        self.known.clone()
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
        if roll >= 93
            && let Some(again) = self.sent.get(self.dice.below(self.sent.len())).copied()
        {
            return again;
        }
        let request = u64::try_from(self.number * 100_000_000 + self.log.len()).unwrap_or(0);
        let shared = self.shared.clone();
        let (stage, strangers, day) = (&shared.stage, &shared.strangers, shared.day());
        let (who, known, dice) = (self.who, &*self.known, &mut self.dice);
        (request, Wants { stage, who, known, strangers, dice, day }.new_wish(roll))
    }

    /// Asks, waits, writes down.
    async fn perform(&mut self, (request, wish): Sent) {
        let key = format!("history-{}-{request}", self.shared.run);
        let ask = speech::ask(&wish, &self.shared.stage, key);
        self.find_server().await;
        let (asked, begun) = (self.shared.now(), self.shared.clock());
        let answer = tokio::time::timeout(PATIENCE, self.http.send(&ask)).await;
        let (answered, ended) = (self.shared.now(), self.shared.clock());
        let answer = match answer {
            Ok(Ok(answer)) if answer.status == 401 => {
                // A token lives for ten minutes. Nothing was done.
                self.sign_in().await;
                self.open = Some((request, wish)).filter(|_| wish.keyed());
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
        memory::learn(&self.known, &self.shared.strangers, &mut self.dice, &answer);
        if wish.keyed() {
            self.open = unknown.then_some((request, wish));
            if self.sent.len() == REMEMBERED {
                self.sent.pop_front();
            }
            self.sent.push_back((request, wish));
        }
        let (answered, ended) = if unknown { (NEVER, i64::MAX) } else { (answered, ended) };
        let (client, who, account, clock) = (self.number, self.who, self.account, (begun, ended));
        self.log.push(Operation { client, who, account, request, asked, answered, clock, wish, answer });
    }

    async fn find_server(&mut self) {
        let Ok(host) = self.host.wait_for(Option::is_some).await.map(|host| *host) else { return };
        if let Some(host) = host.filter(|host| *host != self.http.host) {
            self.http.turn_to(host);
        }
    }

    /// With a new token; without one she asks in vain, and comes here again.
    async fn sign_in(&mut self) {
        match found::sign_in(self.http.host, &self.login.email, self.login.password).await {
            Ok(http) => self.http = http,
            Err(_) => tokio::time::sleep(SHOCK).await,
        }
    }
}
