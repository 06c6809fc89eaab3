//! Histories that are right, and histories that are wrong in each way and are found.

mod desk;
mod holds;
mod line;
mod visits;

use domain::{
    appointments::Status,
    ids::{AccountId, AppointmentId, DoctorId, PatientId, VisitTypeId},
};
use jiff::civil::{Date, date};
use uuid::Uuid;

use super::{
    History, Length, Order, Setting, Step, Tally, check,
    log::{Answer, NEVER, Operation, Refusal, Seat, Seen, Who, Wish},
};

const MINUTE: i64 = 60_000;
const QUARTER: i64 = 15 * MINUTE;
/// What the server's clock shows when a history begins: six hours before the first time. It runs on with its moments, one a millisecond.
const BEGUN: i64 = -6 * 60 * MINUTE;
const DAY: Date = date(2026, 12, 5);
const SHORT: VisitTypeId = VisitTypeId(Uuid::from_u128(1));
/// With time that is kept free before and after it.
const LONG: VisitTypeId = VisitTypeId(Uuid::from_u128(2));
/// That is paid for before it is booked.
const PAID: VisitTypeId = VisitTypeId(Uuid::from_u128(3));
const ANNA: PatientId = PatientId(Uuid::from_u128(10));
const BERTA: PatientId = PatientId(Uuid::from_u128(11));
const ONE: DoctorId = DoctorId(Uuid::from_u128(20));
const TWO: DoctorId = DoctorId(Uuid::from_u128(21));

const fn visit(number: u128) -> AppointmentId {
    AppointmentId(Uuid::from_u128(100 + number))
}

fn account(who: Who) -> AccountId {
    match who {
        Who::Patient(patient) => AccountId(patient.0),
        Who::Desk => AccountId(Uuid::from_u128(1)),
    }
}

/// A history as it is made up, operation by operation and step by step.
struct Play {
    history: History,
    /// So far the server's clock was set forward, in milliseconds.
    ahead: i64,
}

/// A visit with doctor one as somebody sees it.
fn seen(number: u128, patient: PatientId, quarter: i64, version: i64) -> Seen {
    let (id, start) = (visit(number), quarter * QUARTER);
    Seen { id, patient, doctor: ONE, kind: SHORT, start, status: Status::Booked, until: None, version }
}

fn cancelled(seen: Seen) -> Seen {
    Seen { status: Status::Cancelled, version: seen.version + 1, ..seen }
}

fn seat(seen: Seen) -> Seat {
    Seat { doctor: seen.doctor, kind: seen.kind, start: seen.start }
}

fn book(patient: PatientId, quarter: i64) -> Wish {
    Wish::Book { patient, seat: Seat { doctor: ONE, kind: SHORT, start: quarter * QUARTER } }
}

fn to(number: u128, quarter: i64, version: Option<i64>) -> Wish {
    Wish::Move { visit: visit(number), start: quarter * QUARTER, doctor: None, version }
}

const FREE: Wish = Wish::Free { doctor: ONE, kind: SHORT, day: DAY };

fn refused(refusal: Refusal) -> Answer {
    Answer::Refused(refusal, Vec::new())
}

fn times(quarters: &[i64]) -> Answer {
    Answer::Times(quarters.iter().map(|quarter| quarter * QUARTER).collect())
}

impl Play {
    fn new() -> Self {
        let all: Vec<i64> = (0..8).map(|quarter| quarter * QUARTER).collect();
        let doctors = [ONE, TWO].into_iter();
        let kinds = [SHORT, LONG, PAID];
        let starts = doctors.flat_map(|doctor| kinds.map(|kind| ((doctor, kind, DAY), all.clone())));
        let length = |minutes, before, after, paid_first| Length { minutes, before, after, paid_first };
        let setting = Setting {
            order: Order::Commits,
            lengths: [
                (SHORT, length(15, 0, 0, false)),
                (LONG, length(30, 5, 10, false)),
                (PAID, length(15, 0, 0, true)),
            ]
            .into(),
            starts: starts.collect(),
        };
        let history = History {
            setting,
            operations: Vec::new(),
            steps: Vec::new(),
            entries: Vec::new(),
            offers: Vec::new(),
        };
        Self { history, ahead: 0 }
    }

    fn on_postgres(mut self) -> Self {
        self.history.setting.order = Order::Steps;
        self
    }

    /// The server's clock goes forward.
    fn later(mut self, minutes: i64) -> Self {
        self.ahead += minutes * MINUTE;
        self
    }

    fn clock(&self, moment: u64) -> i64 {
        BEGUN + self.ahead + i64::try_from(moment).unwrap()
    }

    /// A request of its own.
    fn ask(self, patient: PatientId, at: (u64, u64), wish: Wish, answer: Answer) -> Self {
        let request = 1000 + self.history.operations.len() as u64;
        self.again(request, Who::Patient(patient), at, wish, answer)
    }

    /// One of the desk.
    fn desk(self, at: (u64, u64), wish: Wish, answer: Answer) -> Self {
        let request = 1000 + self.history.operations.len() as u64;
        self.again(request, Who::Desk, at, wish, answer)
    }

    /// Under the key of a request.
    fn again(
        mut self,
        request: u64,
        who: Who,
        (asked, answered): (u64, u64),
        wish: Wish,
        answer: Answer,
    ) -> Self {
        let until = if answered == NEVER { i64::MAX } else { self.clock(answered) };
        let clock = (self.clock(asked), until);
        let account = account(who);
        let told = Operation { client: 0, who, account, request, asked, answered, clock, wish, answer };
        self.history.operations.push(told);
        self
    }

    /// A step that leaves a visit so, made when the last operation of its patient was asked, or that of the desk if it was the last.
    fn step(self, seen: Seen) -> Self {
        let own = [account(Who::Desk), account(Who::Patient(seen.patient))];
        let last = self.history.operations.last().map(|operation| operation.account);
        let own = if last == own.first().copied() { &own[..1] } else { &own[1..] };
        let mut all = self.history.operations.iter().rev();
        let by = all.find(|operation| own.contains(&operation.account));
        let (by, at) = by.map(|operation| (operation.account, operation.clock.0)).unwrap();
        self.step_by(Some(by), at, seen)
    }

    /// A step of the house at a moment.
    fn house(self, moment: u64, seen: Seen) -> Self {
        let at = self.clock(moment);
        self.step_by(None, at, seen)
    }

    fn step_by(mut self, by: Option<AccountId>, at: i64, seen: Seen) -> Self {
        let mut before = self.history.steps.iter().rev().filter(|step| step.appointment == seen.id);
        let last = before.next();
        let stood = last.into_iter().chain(before).find_map(|step| Some((step.starts_at?, step.doctor?)));
        let puts = stood != Some((seen.start, seen.doctor));
        let step = Step {
            ordinal: i64::try_from(self.history.steps.len()).unwrap() + 1,
            appointment: seen.id,
            seq: seen.version,
            from: last.map(|step| step.to),
            to: seen.status,
            at,
            starts_at: puts.then_some(seen.start),
            doctor: puts.then_some(seen.doctor),
            patient: seen.patient,
            visit_type: seen.kind,
            by,
        };
        self.history.steps.push(step);
        self
    }

    /// A booking that went well.
    fn booked(self, at: (u64, u64), seen: Seen) -> Self {
        let wish = Wish::Book { patient: seen.patient, seat: seat(seen) };
        self.ask(seen.patient, at, wish, Answer::Visit(seen)).step(seen)
    }

    /// A cancellation that went well.
    fn cancelled(self, at: (u64, u64), seen: Seen) -> Self {
        let wish = Wish::Cancel { visit: seen.id, version: None };
        self.ask(seen.patient, at, wish, Answer::Visit(cancelled(seen))).step(cancelled(seen))
    }

    fn right(self) -> Tally {
        match check(&self.history) {
            Ok(tally) => tally,
            Err(wrong) => panic!("{}", wrong.tell(&self.history).join("\n")),
        }
    }

    fn wrong(self, what: &str) {
        match check(&self.history) {
            Ok(_) => panic!("not found: {what}"),
            Err(wrong) => {
                let told = wrong.tell(&self.history);
                assert!(wrong.what.contains(what), "{}", told.join("\n"));
                assert!(told.len() > 1, "nothing is told of what happened");
            }
        }
    }
}
