//! Times that are held, and that run out.

use super::*;

/// A time that is held from a moment on.
fn held(number: u128, patient: PatientId, quarter: i64, moment: i64) -> Seen {
    let until = Some(BEGUN + moment + 15 * MINUTE);
    Seen { status: Status::Held, until, ..seen(number, patient, quarter, 1) }
}

fn over(seen: Seen) -> Seen {
    Seen { status: Status::Expired, until: None, version: seen.version + 1, ..seen }
}

fn taken(seen: Seen) -> Seen {
    Seen { status: Status::Booked, until: None, version: seen.version + 1, ..seen }
}

fn longer(seen: Seen) -> Seen {
    let until = seen.until.map(|until| until + 5 * MINUTE);
    Seen { until, version: seen.version + 1, ..seen }
}

impl Play {
    fn held(self, at: (u64, u64), seen: Seen) -> Self {
        let wish = Wish::Hold { patient: seen.patient, seat: seat(seen) };
        self.ask(seen.patient, at, wish, Answer::Visit(seen)).step(seen)
    }
}

/// Anna holds the third quarter.
fn one() -> Play {
    Play::new().held((10, 20), held(1, ANNA, 2, 10))
}

const EXTEND: Wish = Wish::Extend { visit: visit(1) };
const TAKE: Wish = Wish::Take { visit: visit(1) };
const RELEASE: Wish = Wish::Release { visit: visit(1) };
const READ: Wish = Wish::Read { visit: visit(1) };

#[test]
fn what_is_held_is_taken_until_its_end_and_free_from_then_on() {
    let now = held(1, ANNA, 2, 10);
    let play = || {
        one()
            .ask(BERTA, (22, 23), book(BERTA, 2), refused(Refusal::SlotTaken))
            .ask(BERTA, (24, 25), FREE, times(&[0, 1, 3, 4, 5, 6, 7]))
            .ask(ANNA, (26, 27), Wish::Mine, Answer::Visits(vec![now]))
            .later(16)
            .ask(BERTA, (30, 31), FREE, times(&[0, 1, 2, 3, 4, 5, 6, 7]))
            .ask(ANNA, (32, 33), READ, Answer::Visit(Seen { status: Status::Expired, until: None, ..now }))
            .ask(ANNA, (34, 35), Wish::Mine, Answer::Visits(Vec::new()))
            .ask(ANNA, (36, 37), TAKE, refused(Refusal::HoldEnded))
            .house(40, over(now))
            .booked((38, 50), seen(2, BERTA, 2, 1))
    };
    assert_eq!(play().right().by_house, 1);
    assert_eq!(play().on_postgres().right().acknowledged, 2);
}

#[test]
fn a_time_that_is_taken_before_its_hold_has_ended_is_found() {
    let now = held(1, ANNA, 2, 10);
    one().booked((30, 40), seen(2, BERTA, 2, 1)).wrong("the model refuses it: slot_taken");
    one().house(30, over(now)).booked((30, 40), seen(2, BERTA, 2, 1)).wrong("it is still held");
    // A moment before its end, and at it.
    let at = |minutes, moment| one().later(minutes).house(moment, over(now));
    at(15, 9).wrong("it is still held");
    at(15, 10).right();
    // Even when it is over, somebody has to give it back.
    one().later(16).booked((30, 40), seen(2, BERTA, 2, 1)).wrong("the model refuses it: slot_taken");
}

#[test]
fn an_end_that_is_not_seen_is_found() {
    let now = held(1, ANNA, 2, 10);
    let ended = || one().later(16);
    ended().ask(BERTA, (30, 40), book(BERTA, 2), refused(Refusal::SlotTaken)).wrong("at no moment");
    ended().ask(BERTA, (30, 40), FREE, times(&[0, 1, 3, 4, 5, 6, 7])).wrong("a stale read");
    let shown = ended().on_postgres().ask(BERTA, (30, 40), FREE, times(&[0, 1, 3, 4, 5, 6, 7]));
    shown.wrong("shown as it was at no moment");
    ended().ask(ANNA, (30, 40), READ, Answer::Visit(now)).wrong("in which it never was");
    ended().ask(ANNA, (30, 40), Wish::Mine, Answer::Visits(vec![now])).wrong("in which it never was");
    // And one that is seen too early.
    one().ask(BERTA, (30, 40), FREE, times(&[0, 1, 2, 3, 4, 5, 6, 7])).wrong("a stale read");
    let gone = Seen { status: Status::Expired, until: None, ..now };
    one().ask(ANNA, (30, 40), READ, Answer::Visit(gone)).wrong("in which it never was");
    one().ask(ANNA, (30, 40), Wish::Mine, Answer::Visits(Vec::new())).wrong("a stale read");
    for wish in [EXTEND, TAKE, RELEASE] {
        one().ask(ANNA, (30, 40), wish, refused(Refusal::HoldEnded)).wrong("at no moment");
    }
}

#[test]
fn a_list_from_the_very_moment_of_an_end_may_say_either() {
    let at = |free: &[i64]| one().later(15).ask(BERTA, (9, 11), FREE, times(free)).right();
    at(&[0, 1, 2, 3, 4, 5, 6, 7]);
    at(&[0, 1, 3, 4, 5, 6, 7]);
}

#[test]
fn a_hold_is_booked_made_longer_once_or_let_go() {
    let now = held(1, ANNA, 2, 10);
    let ask = |wish, then: Seen| one().ask(ANNA, (30, 40), wish, Answer::Visit(then)).step(then);
    ask(TAKE, taken(now)).right();
    ask(RELEASE, over(now)).booked((50, 60), seen(2, BERTA, 2, 1)).right();
    let more = || ask(EXTEND, longer(now));
    more().later(16).ask(BERTA, (50, 60), book(BERTA, 2), refused(Refusal::SlotTaken)).right();
    more().later(21).ask(BERTA, (50, 60), book(BERTA, 2), refused(Refusal::SlotTaken)).wrong("at no moment");
    more().ask(ANNA, (50, 60), EXTEND, refused(Refusal::AlreadyDone)).right();
    one().ask(ANNA, (50, 60), EXTEND, refused(Refusal::AlreadyDone)).wrong("at no moment");
    let twice = longer(longer(now));
    more().ask(ANNA, (50, 60), EXTEND, Answer::Visit(twice)).step(twice).wrong("already_done");
    // Another end than the one that follows.
    let wrong = Seen { until: now.until.map(|until| until + 9 * MINUTE), version: 2, ..now };
    one().ask(ANNA, (30, 40), EXTEND, Answer::Visit(wrong)).step(wrong).wrong("in which it never was");
    // After its end it is nobody's.
    for (wish, then) in [(TAKE, taken(now)), (RELEASE, over(now)), (EXTEND, longer(now))] {
        one().later(16).ask(ANNA, (30, 40), wish, Answer::Visit(then)).step(then).wrong("hold_ended");
        let lost = one().ask(ANNA, (30, 40), wish, Answer::Visit(then));
        lost.wrong("a write is lost");
    }
    ask(TAKE, taken(now)).ask(ANNA, (50, 60), RELEASE, refused(Refusal::WrongStatus)).right();
    one().ask(ANNA, (50, 60), RELEASE, refused(Refusal::WrongStatus)).wrong("at no moment");
    one()
        .ask(ANNA, (50, 60), Wish::Cancel { visit: visit(1), version: None }, refused(Refusal::WrongStatus))
        .right();
}

#[test]
fn what_is_paid_first_is_held_and_not_booked() {
    let paid = Seen { kind: PAID, ..held(1, ANNA, 2, 10) };
    let pending = Seen { status: Status::PendingPayment, ..paid };
    let booking = Wish::Book { patient: ANNA, seat: seat(paid) };
    Play::new().held((10, 20), pending).ask(ANNA, (30, 40), TAKE, refused(Refusal::PayFirst)).right();
    Play::new().ask(ANNA, (30, 40), booking, refused(Refusal::PayFirst)).right();
    one().ask(ANNA, (30, 40), TAKE, refused(Refusal::PayFirst)).wrong("at no moment");
    one().ask(ANNA, (30, 40), book(ANNA, 4), refused(Refusal::PayFirst)).wrong("at no moment");
    // As if there was nothing to pay.
    Play::new().held((10, 20), paid).wrong("not what the wish makes of the visit");
    let free = Seen { status: Status::Booked, until: None, ..paid };
    Play::new().booked((10, 20), free).wrong("the model refuses it: pay_first");
    let then = taken(pending);
    Play::new()
        .held((10, 20), pending)
        .ask(ANNA, (30, 40), TAKE, Answer::Visit(then))
        .step(then)
        .wrong("pay_first");
    // The desk takes money when she comes.
    Play::new().desk((10, 20), booking, Answer::Visit(free)).step(free).right();
}

#[test]
fn what_the_house_has_no_cause_for_is_found() {
    let now = held(1, ANNA, 2, 10);
    Play::new().house(10, now).wrong("no cause");
    Play::new()
        .booked((10, 20), seen(1, ANNA, 2, 1))
        .house(30, cancelled(seen(1, ANNA, 2, 1)))
        .wrong("no cause");
    one().house(30, taken(now)).wrong("no cause");
    let again = one().later(16).house(30, over(now)).house(31, over(over(now)));
    again.wrong("hold_ended");
}

#[test]
fn a_step_that_its_server_took_while_nobody_asked_is_found() {
    let clock = |mut play: Play, at: i64| {
        play.history.steps.last_mut().unwrap().at = at;
        play
    };
    let booked = || Play::new().booked((10, 20), seen(1, ANNA, 2, 1));
    clock(booked(), BEGUN + 15).right();
    clock(booked(), BEGUN + 26).wrong("at which its request did not run");
    clock(booked(), BEGUN + 4).wrong("at which its request did not run");
}

#[test]
fn a_step_of_the_house_has_its_moment_in_the_order() {
    // Given back at minute 16, by its clock; what was acknowledged before stands behind it in the order.
    let now = held(1, ANNA, 2, 10);
    let play = one().booked((30, 40), seen(2, BERTA, 4, 1)).later(16);
    let play = play.ask(ANNA, (60, 70), READ, Answer::Visit(over(now)));
    let mut wrong = play.house(100, over(now));
    wrong.history.steps.swap(1, 2);
    for (ordinal, step) in (1..).zip(&mut wrong.history.steps) {
        step.ordinal = ordinal;
    }
    wrong.wrong("acknowledged before another was asked for");
}

#[test]
fn holds_that_nobody_was_told_of_are_there_or_not() {
    let now = held(1, ANNA, 2, 10);
    let hold = Wish::Hold { patient: ANNA, seat: seat(now) };
    let asked = || Play::new().again(1, Who::Patient(ANNA), (10, NEVER), hold, Answer::Unknown);
    assert_eq!(asked().right().unknown_absent, 1);
    assert_eq!(asked().step(now).right().unknown_there, 1);
    for (wish, then) in [(TAKE, taken(now)), (RELEASE, over(now)), (EXTEND, longer(now))] {
        let asked = || one().ask(ANNA, (30, NEVER), wish, Answer::Unknown);
        assert_eq!(asked().right().unknown_absent, 1);
        assert_eq!(asked().step(then).right().unknown_there, 1);
        one().step(then).wrong("nobody asked for");
    }
    // It may have been done only after it was asked for.
    let late = one().ask(ANNA, (30, NEVER), RELEASE, Answer::Unknown);
    late.step_by(Some(account(Who::Patient(ANNA))), BEGUN + 12, over(now)).wrong("nobody asked for");
}
