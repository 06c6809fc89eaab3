//! Histories that are right, and histories that are wrong in each way and are found.

use domain::{
    appointments::Status,
    ids::{AppointmentId, DoctorId, PatientId, VisitTypeId},
};
use uuid::Uuid;

use super::{
    History, Length, Order, Setting, Step, Tally, check,
    log::{Answer, NEVER, Operation, Refusal, Seen, Wish},
};

const QUARTER: i64 = 15 * 60_000;
const SHORT: VisitTypeId = VisitTypeId(Uuid::from_u128(1));
/// With time that is kept free before and after it.
const LONG: VisitTypeId = VisitTypeId(Uuid::from_u128(2));
const ANNA: PatientId = PatientId(Uuid::from_u128(10));
const BERTA: PatientId = PatientId(Uuid::from_u128(11));
const ONE: DoctorId = DoctorId(Uuid::from_u128(20));
const TWO: DoctorId = DoctorId(Uuid::from_u128(21));

fn visit(number: u128) -> AppointmentId {
    AppointmentId(Uuid::from_u128(100 + number))
}

/// A history as it is made up, operation by operation and step by step.
struct Play(History);

/// A visit with doctor one as somebody sees it.
fn seen(number: u128, patient: PatientId, quarter: i64, version: i64) -> Seen {
    let (id, start) = (visit(number), quarter * QUARTER);
    Seen { id, patient, doctor: ONE, kind: SHORT, start, status: Status::Booked, version }
}

fn cancelled(seen: Seen) -> Seen {
    Seen { status: Status::Cancelled, version: seen.version + 1, ..seen }
}

fn book(quarter: i64) -> Wish {
    Wish::Book { doctor: ONE, kind: SHORT, start: quarter * QUARTER }
}

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
        let starts = doctors.flat_map(|doctor| [SHORT, LONG].map(|kind| ((doctor, kind), all.clone())));
        let setting = Setting {
            order: Order::Commits,
            lengths: [
                (SHORT, Length { minutes: 15, before: 0, after: 0 }),
                (LONG, Length { minutes: 30, before: 5, after: 10 }),
            ]
            .into(),
            starts: starts.collect(),
        };
        Self(History { setting, operations: Vec::new(), steps: Vec::new() })
    }

    fn on_postgres(mut self) -> Self {
        self.0.setting.order = Order::Steps;
        self
    }

    /// A request of its own.
    fn ask(self, patient: PatientId, (asked, answered): (u64, u64), wish: Wish, answer: Answer) -> Self {
        let request = 1000 + self.0.operations.len() as u64;
        self.again(request, patient, (asked, answered), wish, answer)
    }

    /// Under the key of a request.
    fn again(
        mut self,
        request: u64,
        patient: PatientId,
        (asked, answered): (u64, u64),
        wish: Wish,
        answer: Answer,
    ) -> Self {
        self.0.operations.push(Operation { client: 0, patient, request, asked, answered, wish, answer });
        self
    }

    /// A step that leaves a visit so.
    fn step(mut self, seen: Seen) -> Self {
        let before = self.0.steps.iter().rev().find(|step| step.appointment == seen.id);
        let puts = seen.status == Status::Booked;
        let step = Step {
            ordinal: i64::try_from(self.0.steps.len()).unwrap() + 1,
            appointment: seen.id,
            seq: seen.version,
            from: before.map(|step| step.to),
            to: seen.status,
            starts_at: puts.then_some(seen.start),
            doctor: puts.then_some(seen.doctor),
            patient: seen.patient,
            visit_type: seen.kind,
        };
        self.0.steps.push(step);
        self
    }

    /// A booking that went well.
    fn booked(self, at: (u64, u64), seen: Seen) -> Self {
        let wish = Wish::Book { doctor: seen.doctor, kind: seen.kind, start: seen.start };
        self.ask(seen.patient, at, wish, Answer::Visit(seen)).step(seen)
    }

    /// A cancellation that went well.
    fn cancelled(self, at: (u64, u64), seen: Seen) -> Self {
        let wish = Wish::Cancel { visit: seen.id, version: None };
        self.ask(seen.patient, at, wish, Answer::Visit(cancelled(seen))).step(cancelled(seen))
    }

    fn right(self) -> Tally {
        match check(&self.0) {
            Ok(tally) => tally,
            Err(wrong) => panic!("{}", wrong.tell(&self.0).join("\n")),
        }
    }

    fn wrong(self, what: &str) {
        match check(&self.0) {
            Ok(_) => panic!("not found: {what}"),
            Err(wrong) => {
                let told = wrong.tell(&self.0);
                assert!(wrong.what.contains(what), "{}", told.join("\n"));
                assert!(told.len() > 1, "nothing is told of what happened");
            }
        }
    }
}

#[test]
fn a_right_history_has_no_contradiction() {
    let moved = Seen { start: 3 * QUARTER, version: 2, ..seen(1, ANNA, 2, 1) };
    let play = || {
        Play::new()
            .booked((10, 20), seen(1, ANNA, 2, 1))
            .ask(BERTA, (15, 30), book(2), Answer::Refused(Refusal::SlotTaken, vec![3 * QUARTER]))
            .ask(
                ANNA,
                (31, 32),
                Wish::Book { doctor: TWO, kind: SHORT, start: 2 * QUARTER },
                refused(Refusal::PatientOverlap),
            )
            .ask(BERTA, (33, 34), Wish::Free { doctor: ONE, kind: SHORT }, times(&[0, 1, 3, 4, 5, 6, 7]))
            .ask(
                ANNA,
                (40, 50),
                Wish::Move { visit: visit(1), start: 3 * QUARTER, version: Some(1) },
                Answer::Visit(moved),
            )
            .step(moved)
            .ask(BERTA, (42, 43), Wish::Read { visit: visit(1) }, refused(Refusal::NotFound))
            .ask(
                ANNA,
                (51, 52),
                Wish::Move { visit: visit(1), start: 4 * QUARTER, version: Some(1) },
                refused(Refusal::StaleVersion),
            )
            .booked((55, 60), seen(2, BERTA, 2, 1))
            .cancelled((61, 70), moved)
            .ask(
                ANNA,
                (71, 72),
                Wish::Cancel { visit: visit(1), version: None },
                refused(Refusal::WrongStatus),
            )
            .ask(BERTA, (73, 74), Wish::Mine, Answer::Visits(vec![seen(2, BERTA, 2, 1)]))
    };
    assert_eq!(play().right().acknowledged, 4);
    assert_eq!(play().on_postgres().right().answers.get("a visit"), Some(&4));
}

#[test]
fn a_lost_write_is_found() {
    let play = Play::new().booked((10, 20), seen(1, ANNA, 2, 1));
    play.ask(BERTA, (30, 40), book(4), Answer::Visit(seen(2, BERTA, 4, 1))).wrong("a write is lost");
    let cancel = Wish::Cancel { visit: visit(1), version: None };
    let answer = Answer::Visit(cancelled(seen(1, ANNA, 2, 1)));
    Play::new()
        .booked((10, 20), seen(1, ANNA, 2, 1))
        .ask(ANNA, (30, 40), cancel, answer)
        .wrong("a write is lost");
}

#[test]
fn a_double_booking_is_found() {
    let one = || Play::new().booked((10, 20), seen(1, ANNA, 2, 1));
    one().booked((12, 22), seen(2, BERTA, 2, 1)).wrong("the model refuses it: slot_taken");
    one()
        .booked((12, 22), Seen { doctor: TWO, ..seen(2, ANNA, 2, 1) })
        .wrong("the model refuses it: patient_overlap");
    one().booked((12, 22), Seen { doctor: TWO, ..seen(2, BERTA, 2, 1) }).right();
}

#[test]
fn time_that_is_kept_free_around_a_visit_is_taken() {
    let long = |quarter| Seen { kind: LONG, ..seen(1, ANNA, quarter, 1) };
    // From five minutes before to ten after: the quarters 1 to 4 are not to be had.
    for (quarter, free) in [(0, true), (1, false), (2, false), (3, false), (4, false), (5, true)] {
        let play = Play::new().booked((10, 20), long(2)).booked((30, 40), seen(2, BERTA, quarter, 1));
        assert_eq!(check(&play.0).is_ok(), free, "{quarter}");
    }
    // For its patient only the visit itself counts.
    let with_two = Seen { doctor: TWO, ..seen(2, ANNA, 4, 1) };
    Play::new().booked((10, 20), long(2)).booked((30, 40), with_two).right();
}

#[test]
fn a_stale_read_is_found() {
    let gone = || Play::new().booked((10, 20), seen(1, ANNA, 2, 1)).cancelled((30, 40), seen(1, ANNA, 2, 1));
    let read = |play: Play, at| {
        play.ask(ANNA, at, Wish::Read { visit: visit(1) }, Answer::Visit(seen(1, ANNA, 2, 1)))
    };
    read(gone(), (35, 50)).right();
    read(gone(), (41, 50)).wrong("a stale read");
    let list = |play: Play, at, all: &[i64]| {
        play.ask(BERTA, at, Wish::Free { doctor: ONE, kind: SHORT }, times(all))
    };
    let (free, taken) = ([0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 3, 4, 5, 6, 7]);
    list(gone(), (22, 29), &taken).right();
    list(gone(), (22, 29), &free).wrong("a stale read");
    list(gone(), (41, 50), &taken).wrong("a stale read");
    list(gone().on_postgres(), (41, 50), &taken).wrong("shown as it was at no moment");
    list(gone(), (41, 50), &free).right();
    gone().ask(ANNA, (22, 29), Wish::Mine, Answer::Visits(Vec::new())).wrong("a stale read");
    gone().ask(ANNA, (22, 31), Wish::Mine, Answer::Visits(Vec::new())).right();
    // From the future.
    read(Play::new(), (1, 9)).booked((10, 20), seen(1, ANNA, 2, 1)).wrong("to which it came later");
}

#[test]
fn an_order_against_real_time_is_found() {
    let late = || Play::new().ask(ANNA, (10, 20), book(2), Answer::Visit(seen(1, ANNA, 2, 1)));
    let early = |play: Play, at| play.ask(BERTA, at, book(4), Answer::Visit(seen(2, BERTA, 4, 1)));
    let steps = |play: Play| play.step(seen(2, BERTA, 4, 1)).step(seen(1, ANNA, 2, 1));
    steps(early(late(), (21, 30))).wrong("acknowledged before another was asked for");
    steps(early(late(), (21, 30)).on_postgres()).wrong("acknowledged before another was asked for");
    steps(early(late(), (19, 30))).right();
}

#[test]
fn a_list_that_was_never_whole_is_found_where_there_is_one_writer() {
    // Two bookings at once; the list has the second and not the first.
    let play = || Play::new().booked((10, 30), seen(1, ANNA, 2, 1)).booked((10, 30), seen(2, BERTA, 4, 1));
    let list = |play: Play, all: &[i64]| {
        play.ask(BERTA, (15, 25), Wish::Free { doctor: ONE, kind: SHORT }, times(all))
    };
    list(play(), &[0, 1, 3, 4, 5, 6, 7]).right();
    list(play(), &[0, 1, 2, 3, 5, 6, 7]).wrong("a stale read");
    // Elsewhere one may overtake the other between step and commit.
    list(play().on_postgres(), &[0, 1, 2, 3, 5, 6, 7]).right();
}

#[test]
fn a_refusal_without_a_reason_is_found() {
    let one = || Play::new().booked((10, 20), seen(1, ANNA, 2, 1));
    one().ask(BERTA, (5, 9), book(2), refused(Refusal::SlotTaken)).wrong("at no moment when that was so");
    one().ask(BERTA, (5, 11), book(2), refused(Refusal::SlotTaken)).right();
    one().ask(BERTA, (30, 40), book(3), refused(Refusal::SlotTaken)).wrong("at no moment");
    one().ask(ANNA, (30, 40), book(4), refused(Refusal::PatientOverlap)).wrong("at no moment");
    one()
        .ask(ANNA, (30, 40), Wish::Read { visit: visit(1) }, refused(Refusal::NotFound))
        .wrong("at no moment");
    for refusal in [Refusal::WrongStatus, Refusal::StaleVersion] {
        one()
            .ask(ANNA, (30, 40), Wish::Cancel { visit: visit(1), version: Some(1) }, refused(refusal))
            .wrong("at no moment");
    }
    let to_another = Wish::Move { visit: visit(1), start: 5 * QUARTER, version: None };
    for refusal in [Refusal::TooManyMoves, Refusal::TimeSame, Refusal::SlotTaken, Refusal::StaleVersion] {
        one().ask(ANNA, (30, 40), to_another, refused(refusal)).wrong("at no moment");
    }
    let taken = Answer::Refused(Refusal::SlotTaken, vec![2 * QUARTER]);
    one().ask(BERTA, (30, 40), book(2), taken).wrong("was free at no moment");
}

#[test]
fn what_nobody_knows_is_there_or_not() {
    let unknown = |play: Play| play.again(1, ANNA, (10, NEVER), book(2), Answer::Unknown);
    let tally = unknown(Play::new()).right();
    assert_eq!((tally.unknown_there, tally.unknown_absent), (0, 1));
    let tally = unknown(Play::new()).step(seen(1, ANNA, 2, 1)).right();
    assert_eq!((tally.unknown_there, tally.unknown_absent), (1, 0));
    // Asked again under its key it is one visit, whichever of the two made it.
    let again = |answer| unknown(Play::new()).again(1, ANNA, (30, 40), book(2), answer);
    let tally = again(Answer::Visit(seen(1, ANNA, 2, 1))).step(seen(1, ANNA, 2, 1)).right();
    assert_eq!((tally.acknowledged, tally.unknown_there), (1, 0));
    again(Answer::Visit(seen(1, ANNA, 2, 1)))
        .step(seen(1, ANNA, 2, 1))
        .step(seen(2, ANNA, 2, 1))
        .wrong("nobody asked for");
    // It may have happened before others were asked for, but not before itself.
    let early = Play::new().ask(BERTA, (1, 5), book(4), Answer::Visit(seen(2, BERTA, 4, 1)));
    unknown(early).step(seen(1, ANNA, 2, 1)).step(seen(2, BERTA, 4, 1)).wrong("nobody asked for");
}

#[test]
fn a_step_that_nobody_asked_for_is_found() {
    Play::new()
        .booked((10, 20), seen(1, ANNA, 2, 1))
        .step(cancelled(seen(1, ANNA, 2, 1)))
        .wrong("nobody asked for");
    let refusal = Play::new().booked((1, 5), seen(2, BERTA, 2, 1)).ask(
        ANNA,
        (10, 20),
        book(2),
        refused(Refusal::SlotTaken),
    );
    refusal.step(seen(1, ANNA, 2, 1)).wrong("nobody asked for");
}

#[test]
fn one_key_does_one_thing() {
    let first = || {
        Play::new()
            .again(1, ANNA, (10, 20), book(2), Answer::Visit(seen(1, ANNA, 2, 1)))
            .step(seen(1, ANNA, 2, 1))
    };
    first().again(1, ANNA, (30, 40), book(2), Answer::Visit(seen(1, ANNA, 2, 1))).right();
    first().again(1, ANNA, (30, 40), book(2), Answer::Visit(seen(2, ANNA, 2, 1))).wrong("several visits");
    first().again(1, ANNA, (30, 40), book(2), refused(Refusal::SlotTaken)).wrong("was done before");
    // What a repeat shows is how the visit stands by then.
    let later = cancelled(seen(1, ANNA, 2, 1));
    let ended = || first().cancelled((50, 60), seen(1, ANNA, 2, 1));
    ended().again(1, ANNA, (70, 80), book(2), Answer::Visit(later)).right();
    ended().again(1, ANNA, (70, 80), book(2), Answer::Visit(seen(1, ANNA, 2, 1))).wrong("a stale read");
}

#[test]
fn a_state_that_never_was_is_found() {
    let one = || Play::new().booked((10, 20), seen(1, ANNA, 2, 1));
    let read = |seen| one().ask(ANNA, (30, 40), Wish::Read { visit: visit(1) }, Answer::Visit(seen));
    read(seen(1, ANNA, 3, 1)).wrong("in which it never was");
    read(seen(1, ANNA, 2, 2)).wrong("a version that never was");
    read(seen(2, ANNA, 2, 1)).wrong("another visit than the one");
    one()
        .ask(BERTA, (30, 40), Wish::Read { visit: visit(1) }, Answer::Visit(seen(1, ANNA, 2, 1)))
        .wrong("somebody else's");
    one().ask(ANNA, (30, 40), book(4), Answer::Strange("500".into())).wrong("nobody should get");
    let moved = Seen { start: 5 * QUARTER, version: 2, ..seen(1, ANNA, 2, 1) };
    let wish = Wish::Move { visit: visit(1), start: 4 * QUARTER, version: None };
    one().ask(ANNA, (30, 40), wish, Answer::Visit(moved)).step(moved).wrong("a write is lost");
}

#[test]
fn a_visit_is_moved_ten_times() {
    let mut play = Play::new().booked((10, 20), seen(1, ANNA, 0, 1));
    let wish = |to: i64| Wish::Move { visit: visit(1), start: (to % 2) * QUARTER, version: None };
    for to in 1..=11 {
        let at = 30 * u64::try_from(to).unwrap();
        let next = seen(1, ANNA, to % 2, to + 1);
        play = if to == 11 {
            play.ask(ANNA, (at, at + 5), wish(to), refused(Refusal::TooManyMoves))
        } else {
            play.ask(ANNA, (at, at + 5), wish(to), Answer::Visit(next)).step(next)
        };
    }
    assert_eq!(play.right().acknowledged, 11);
}

#[test]
fn of_two_that_asked_for_the_same_the_one_that_can_have_done_it_has() {
    let cancel = |version| Wish::Cancel { visit: visit(1), version };
    let booked = || Play::new().booked((1, 5), seen(1, ANNA, 2, 1));
    let end = |play: Play| play.step(cancelled(seen(1, ANNA, 2, 1)));
    // The first was refused when it was asked again: it was the second.
    let two = || {
        booked()
            .again(1, ANNA, (10, NEVER), cancel(None), Answer::Unknown)
            .again(2, ANNA, (12, NEVER), cancel(None), Answer::Unknown)
            .again(1, ANNA, (30, 40), cancel(None), refused(Refusal::WrongStatus))
    };
    assert_eq!(end(two()).right().unknown_there, 1);
    // Both were refused, and it is done.
    let none = two().again(2, ANNA, (50, 60), cancel(None), refused(Refusal::WrongStatus));
    end(none).wrong("nobody asked for");
    // Refused first, then done without an answer.
    let last = || {
        booked().again(1, ANNA, (10, 20), cancel(Some(7)), refused(Refusal::StaleVersion)).again(
            1,
            ANNA,
            (30, NEVER),
            cancel(Some(1)),
            Answer::Unknown,
        )
    };
    assert_eq!(last().right().unknown_absent, 1);
}
