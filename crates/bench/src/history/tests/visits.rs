//! Booking, cancelling and moving, and what is shown of it.

use super::*;

#[test]
fn a_right_history_has_no_contradiction() {
    let moved = Seen { start: 3 * QUARTER, version: 2, ..seen(1, ANNA, 2, 1) };
    let play = || {
        Play::new()
            .booked((10, 20), seen(1, ANNA, 2, 1))
            .ask(BERTA, (15, 30), book(BERTA, 2), Answer::Refused(Refusal::SlotTaken, vec![3 * QUARTER]))
            .ask(
                ANNA,
                (31, 32),
                Wish::Book { patient: ANNA, seat: Seat { doctor: TWO, kind: SHORT, start: 2 * QUARTER } },
                refused(Refusal::PatientOverlap),
            )
            .ask(BERTA, (33, 34), FREE, times(&[0, 1, 3, 4, 5, 6, 7]))
            .ask(ANNA, (40, 50), to(1, 3, Some(1)), Answer::Visit(moved))
            .step(moved)
            .ask(BERTA, (42, 43), Wish::Read { visit: visit(1) }, refused(Refusal::NotFound))
            .ask(ANNA, (51, 52), to(1, 4, Some(1)), refused(Refusal::StaleVersion))
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
    play.ask(BERTA, (30, 40), book(BERTA, 4), Answer::Visit(seen(2, BERTA, 4, 1))).wrong("a write is lost");
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
        assert_eq!(check(&play.history).is_ok(), free, "{quarter}");
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
    let list = |play: Play, at, all: &[i64]| play.ask(BERTA, at, FREE, times(all));
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
    let late = || Play::new().ask(ANNA, (10, 20), book(ANNA, 2), Answer::Visit(seen(1, ANNA, 2, 1)));
    let early = |play: Play, at| play.ask(BERTA, at, book(BERTA, 4), Answer::Visit(seen(2, BERTA, 4, 1)));
    let steps = |play: Play| play.step(seen(2, BERTA, 4, 1)).step(seen(1, ANNA, 2, 1));
    steps(early(late(), (21, 30))).wrong("acknowledged before another was asked for");
    steps(early(late(), (21, 30)).on_postgres()).wrong("acknowledged before another was asked for");
    steps(early(late(), (19, 30))).right();
}

#[test]
fn a_list_that_was_never_whole_is_found_where_there_is_one_writer() {
    // Two bookings at once; the list has the second and not the first.
    let play = || Play::new().booked((10, 30), seen(1, ANNA, 2, 1)).booked((10, 30), seen(2, BERTA, 4, 1));
    let list = |play: Play, all: &[i64]| play.ask(BERTA, (15, 25), FREE, times(all));
    list(play(), &[0, 1, 3, 4, 5, 6, 7]).right();
    list(play(), &[0, 1, 2, 3, 5, 6, 7]).wrong("a stale read");
    // Elsewhere one may overtake the other between step and commit.
    list(play().on_postgres(), &[0, 1, 2, 3, 5, 6, 7]).right();
}

#[test]
fn a_refusal_without_a_reason_is_found() {
    let one = || Play::new().booked((10, 20), seen(1, ANNA, 2, 1));
    one()
        .ask(BERTA, (5, 9), book(BERTA, 2), refused(Refusal::SlotTaken))
        .wrong("at no moment when that was so");
    one().ask(BERTA, (5, 11), book(BERTA, 2), refused(Refusal::SlotTaken)).right();
    one().ask(BERTA, (30, 40), book(BERTA, 3), refused(Refusal::SlotTaken)).wrong("at no moment");
    one().ask(ANNA, (30, 40), book(ANNA, 4), refused(Refusal::PatientOverlap)).wrong("at no moment");
    one()
        .ask(ANNA, (30, 40), Wish::Read { visit: visit(1) }, refused(Refusal::NotFound))
        .wrong("at no moment");
    for refusal in [Refusal::WrongStatus, Refusal::StaleVersion] {
        one()
            .ask(ANNA, (30, 40), Wish::Cancel { visit: visit(1), version: Some(1) }, refused(refusal))
            .wrong("at no moment");
    }
    let to_another = to(1, 5, None);
    for refusal in [Refusal::TooManyMoves, Refusal::TimeSame, Refusal::SlotTaken, Refusal::StaleVersion] {
        one().ask(ANNA, (30, 40), to_another, refused(refusal)).wrong("at no moment");
    }
    let taken = Answer::Refused(Refusal::SlotTaken, vec![2 * QUARTER]);
    one().ask(BERTA, (30, 40), book(BERTA, 2), taken).wrong("was free at no moment");
}

#[test]
fn what_nobody_knows_is_there_or_not() {
    let unknown = |play: Play| play.again(1, Who::Patient(ANNA), (10, NEVER), book(ANNA, 2), Answer::Unknown);
    let tally = unknown(Play::new()).right();
    assert_eq!((tally.unknown_there, tally.unknown_absent), (0, 1));
    let tally = unknown(Play::new()).step(seen(1, ANNA, 2, 1)).right();
    assert_eq!((tally.unknown_there, tally.unknown_absent), (1, 0));
    // Asked again under its key it is one visit, whichever of the two made it.
    let again = |answer| unknown(Play::new()).again(1, Who::Patient(ANNA), (30, 40), book(ANNA, 2), answer);
    let tally = again(Answer::Visit(seen(1, ANNA, 2, 1))).step(seen(1, ANNA, 2, 1)).right();
    assert_eq!((tally.acknowledged, tally.unknown_there), (1, 0));
    again(Answer::Visit(seen(1, ANNA, 2, 1)))
        .step(seen(1, ANNA, 2, 1))
        .step(seen(2, ANNA, 2, 1))
        .wrong("nobody asked for");
    // It may have happened before others were asked for, but not before itself.
    let early = Play::new().ask(BERTA, (1, 5), book(BERTA, 4), Answer::Visit(seen(2, BERTA, 4, 1)));
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
        book(ANNA, 2),
        refused(Refusal::SlotTaken),
    );
    refusal.step(seen(1, ANNA, 2, 1)).wrong("nobody asked for");
}

#[test]
fn one_key_does_one_thing() {
    let first = || {
        Play::new()
            .again(1, Who::Patient(ANNA), (10, 20), book(ANNA, 2), Answer::Visit(seen(1, ANNA, 2, 1)))
            .step(seen(1, ANNA, 2, 1))
    };
    first().again(1, Who::Patient(ANNA), (30, 40), book(ANNA, 2), Answer::Visit(seen(1, ANNA, 2, 1))).right();
    first()
        .again(1, Who::Patient(ANNA), (30, 40), book(ANNA, 2), Answer::Visit(seen(2, ANNA, 2, 1)))
        .wrong("several visits");
    first()
        .again(1, Who::Patient(ANNA), (30, 40), book(ANNA, 2), refused(Refusal::SlotTaken))
        .wrong("was done before");
    // What a repeat shows is how the visit stands by then.
    let later = cancelled(seen(1, ANNA, 2, 1));
    let ended = || first().cancelled((50, 60), seen(1, ANNA, 2, 1));
    ended().again(1, Who::Patient(ANNA), (70, 80), book(ANNA, 2), Answer::Visit(later)).right();
    ended()
        .again(1, Who::Patient(ANNA), (70, 80), book(ANNA, 2), Answer::Visit(seen(1, ANNA, 2, 1)))
        .wrong("a stale read");
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
    one().ask(ANNA, (30, 40), book(ANNA, 4), Answer::Strange("500".into())).wrong("nobody should get");
    let moved = Seen { start: 5 * QUARTER, version: 2, ..seen(1, ANNA, 2, 1) };
    let wish = to(1, 4, None);
    one().ask(ANNA, (30, 40), wish, Answer::Visit(moved)).step(moved).wrong("a write is lost");
}

#[test]
fn a_visit_is_moved_ten_times() {
    let mut play = Play::new().booked((10, 20), seen(1, ANNA, 0, 1));
    let wish = |quarter: i64| to(1, quarter % 2, None);
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
            .again(1, Who::Patient(ANNA), (10, NEVER), cancel(None), Answer::Unknown)
            .again(2, Who::Patient(ANNA), (12, NEVER), cancel(None), Answer::Unknown)
            .again(1, Who::Patient(ANNA), (30, 40), cancel(None), refused(Refusal::WrongStatus))
    };
    assert_eq!(end(two()).right().unknown_there, 1);
    // Both were refused, and it is done.
    let none = two().again(2, Who::Patient(ANNA), (50, 60), cancel(None), refused(Refusal::WrongStatus));
    end(none).wrong("nobody asked for");
    // Refused first, then done without an answer.
    let last = || {
        booked()
            .again(1, Who::Patient(ANNA), (10, 20), cancel(Some(7)), refused(Refusal::StaleVersion))
            .again(1, Who::Patient(ANNA), (30, NEVER), cancel(Some(1)), Answer::Unknown)
    };
    assert_eq!(last().right().unknown_absent, 1);
}
