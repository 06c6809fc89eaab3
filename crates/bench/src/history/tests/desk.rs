//! Steps of the hospital's staff.

use domain::appointments::Move;

use super::*;

fn run(step: Move, version: Option<i64>) -> Wish {
    Wish::Run { visit: visit(1), step, version }
}

fn stands(status: Status, version: i64) -> Seen {
    Seen { status, ..seen(1, ANNA, 2, version) }
}

fn one() -> Play {
    Play::new().booked((10, 20), seen(1, ANNA, 2, 1))
}

impl Play {
    /// A step of the desk that went well.
    fn run(self, at: (u64, u64), step: Move, then: Seen) -> Self {
        self.desk(at, run(step, Some(then.version - 1)), Answer::Visit(then)).step(then)
    }
}

#[test]
fn the_desk_runs_a_visit_to_its_end() {
    let play = || {
        one()
            .run((30, 31), Move::Confirm, stands(Status::Confirmed, 2))
            .run((32, 33), Move::Arrive, stands(Status::Arrived, 3))
            .run((34, 35), Move::LeaveUnseen, stands(Status::LeftUnseen, 4))
            .run((36, 37), Move::Arrive, stands(Status::Arrived, 5))
            .run((38, 39), Move::CheckIn, stands(Status::CheckedIn, 6))
            .run((40, 41), Move::Start, stands(Status::InProgress, 7))
            .ask(ANNA, (42, 43), Wish::Mine, Answer::Visits(vec![stands(Status::InProgress, 7)]))
            .run((44, 45), Move::Complete, stands(Status::Completed, 8))
            .ask(ANNA, (46, 47), Wish::Mine, Answer::Visits(Vec::new()))
    };
    assert_eq!(play().right().acknowledged, 8);
    assert_eq!(play().on_postgres().right().led_to.get("arrived"), Some(&2));
    // What took place takes its time for ever.
    play().ask(BERTA, (50, 60), FREE, times(&[0, 1, 3, 4, 5, 6, 7])).right();
    play().booked((50, 60), seen(2, BERTA, 2, 1)).wrong("the model refuses it: slot_taken");
    play()
        .ask(ANNA, (50, 60), Wish::Mine, Answer::Visits(vec![stands(Status::Completed, 8)]))
        .wrong("cancelled");
}

#[test]
fn a_step_that_leads_nowhere_from_there_is_found() {
    // As an answer says, and as the database says.
    one().run((30, 31), Move::CheckIn, stands(Status::CheckedIn, 2)).wrong("a write is lost");
    one().run((30, 31), Move::Confirm, stands(Status::Arrived, 2)).wrong("a write is lost");
    let wrong = run(Move::Complete, None);
    one().desk((30, 31), wrong, refused(Refusal::WrongStatus)).right();
    one().desk((30, 31), run(Move::Arrive, None), refused(Refusal::WrongStatus)).wrong("at no moment");
    let off = one().cancelled((30, 31), seen(1, ANNA, 2, 1));
    let mut back = off.run((40, 41), Move::Arrive, stands(Status::Arrived, 3));
    back.history.steps.last_mut().unwrap().from = Some(Status::Booked);
    back.wrong("the model refuses it: wrong_status");
}

#[test]
fn nobody_but_the_desk_runs_visits() {
    let confirmed = stands(Status::Confirmed, 2);
    let by_patient = one().ask(ANNA, (30, 31), run(Move::Confirm, None), Answer::Visit(confirmed));
    by_patient.step(confirmed).wrong("no member of the hospital");
    // A step in somebody else's name.
    let desk = one().desk((30, 31), run(Move::Confirm, None), Answer::Visit(confirmed));
    desk.step_by(Some(account(Who::Patient(ANNA))), BEGUN + 30, confirmed).wrong("a write is lost");
}

#[test]
fn nobody_is_missed_before_a_quarter_of_an_hour() {
    let missed = || run(Move::NoShow, None);
    let then = stands(Status::NoShow, 2);
    // It begins half an hour after the first time, which is six hours away.
    let after = |minutes: i64| one().later(6 * 60 + minutes);
    after(44).run((30, 31), Move::NoShow, then).wrong("the model refuses it: too_early");
    after(46).run((30, 31), Move::NoShow, then).right();
    one().desk((30, 31), missed(), refused(Refusal::TooEarly)).right();
    after(46).desk((30, 31), missed(), refused(Refusal::TooEarly)).wrong("at no moment");
    one().desk((30, 31), run(Move::Arrive, None), refused(Refusal::TooEarly)).wrong("at no moment");
}

#[test]
fn what_the_desk_moves_stays_confirmed_and_what_a_patient_moves_does_not() {
    let confirmed = || one().run((30, 31), Move::Confirm, stands(Status::Confirmed, 2));
    let moved = |status| Seen { status, ..seen(1, ANNA, 3, 3) };
    let by_desk =
        |status| confirmed().desk((40, 41), to(1, 3, None), Answer::Visit(moved(status))).step(moved(status));
    by_desk(Status::Confirmed).right();
    by_desk(Status::Booked).wrong("not what the wish makes of the visit");
    let by_patient = |status| {
        confirmed().ask(ANNA, (40, 41), to(1, 3, None), Answer::Visit(moved(status))).step(moved(status))
    };
    by_patient(Status::Booked).right();
    by_patient(Status::Confirmed).wrong("not what the wish makes of the visit");
}

#[test]
fn only_the_desk_changes_the_doctor_and_as_often_as_it_likes() {
    let wish = |doctor, start| Wish::Move { visit: visit(1), start, doctor: Some(doctor), version: None };
    let there = Seen { doctor: TWO, version: 2, ..seen(1, ANNA, 2, 1) };
    let moved = || one().desk((30, 31), wish(TWO, there.start), Answer::Visit(there)).step(there);
    moved().booked((40, 41), seen(2, BERTA, 2, 1)).right();
    moved().ask(BERTA, (40, 41), FREE, times(&[0, 1, 3, 4, 5, 6, 7])).wrong("a stale read");
    moved().desk((40, 41), wish(TWO, there.start), refused(Refusal::TimeSame)).right();
    one().desk((40, 41), wish(TWO, there.start), refused(Refusal::TimeSame)).wrong("at no moment");
    one().ask(ANNA, (30, 31), wish(TWO, there.start), Answer::Visit(there)).step(there).wrong("no member");
    let mut often = one();
    for version in 2..=14 {
        let at = 30 * u64::try_from(version).unwrap();
        let then = seen(1, ANNA, 2 + version % 2, version);
        let wish = to(1, 2 + version % 2, None);
        // Twelve times to another quarter, the first to the same.
        if version > 2 {
            let then = Seen { version: version - 1, ..then };
            often = often.desk((at, at + 5), wish, Answer::Visit(then)).step(then);
        }
    }
    assert_eq!(often.right().acknowledged, 13);
}

#[test]
fn the_desk_is_not_told_that_a_patient_is_elsewhere() {
    let with_two = Wish::Book { patient: ANNA, seat: Seat { doctor: TWO, kind: SHORT, start: 2 * QUARTER } };
    one().desk((30, 31), with_two, refused(Refusal::SlotTaken)).right();
    one().desk((30, 31), with_two, refused(Refusal::PatientOverlap)).wrong("at no moment");
    one().ask(ANNA, (30, 31), with_two, refused(Refusal::SlotTaken)).wrong("at no moment");
    let booked = Seen { doctor: TWO, ..seen(2, ANNA, 2, 1) };
    one().desk((30, 31), with_two, Answer::Visit(booked)).step(booked).wrong("patient_overlap");
}

#[test]
fn the_desk_sees_everybody_and_versions_count_for_it_too() {
    let read = Wish::Read { visit: visit(1) };
    one().desk((30, 31), read, Answer::Visit(seen(1, ANNA, 2, 1))).right();
    one().desk((30, 31), read, refused(Refusal::NotFound)).wrong("at no moment");
    let confirmed = || one().run((30, 31), Move::Confirm, stands(Status::Confirmed, 2));
    confirmed().desk((40, 41), run(Move::Arrive, Some(1)), refused(Refusal::StaleVersion)).right();
    confirmed()
        .desk((40, 41), run(Move::Arrive, Some(2)), refused(Refusal::StaleVersion))
        .wrong("at no moment");
    let then = stands(Status::Arrived, 3);
    let stale = confirmed().desk((40, 41), run(Move::Arrive, Some(1)), Answer::Visit(then)).step(then);
    stale.wrong("a write is lost");
}
