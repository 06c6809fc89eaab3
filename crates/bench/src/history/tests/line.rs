//! Who waits, and what is kept for them.

use domain::{
    ids::WaitlistEntryId,
    waitlist::{EntryStatus, OfferOutcome},
};

use super::*;
use crate::history::{
    Entry, Offer,
    log::{Kept, Waiting},
};

const DAYS: (Date, Date) = (DAY, DAY);

fn entry(number: u128) -> WaitlistEntryId {
    WaitlistEntryId(Uuid::from_u128(200 + number))
}

fn waiting(number: u128, patient: PatientId) -> Waiting {
    let (id, status) = (entry(number), EntryStatus::Waiting);
    Waiting { id, patient, doctor: ONE, kind: SHORT, moves: None, status, offer: None }
}

/// What is kept from a moment on.
fn kept(hold: u128, quarter: i64, moment: i64) -> Kept {
    Kept { hold: visit(hold), start: quarter * QUARTER, until: BEGUN + moment + 15 * MINUTE }
}

fn held(hold: u128, patient: PatientId, kept: Kept) -> Seen {
    Seen { status: Status::Held, until: Some(kept.until), start: kept.start, ..seen(hold, patient, 0, 1) }
}

fn offered(waiting: Waiting, kept: Kept) -> Waiting {
    Waiting { status: EntryStatus::Offered, offer: Some(kept), ..waiting }
}

const ACCEPT: Wish = Wish::Accept { entry: WaitlistEntryId(Uuid::from_u128(201)) };
const DECLINE: Wish = Wish::Decline { entry: WaitlistEntryId(Uuid::from_u128(201)) };
const LEAVE: Wish = Wish::Leave { entry: WaitlistEntryId(Uuid::from_u128(201)) };

impl Play {
    fn joins(self, at: (u64, u64), waiting: Waiting) -> Self {
        let Waiting { patient, doctor, kind, moves, .. } = waiting;
        let wish = Wish::Join { patient, doctor, kind, moves, days: DAYS };
        self.ask(patient, at, wish, Answer::Entry(waiting)).stands(at.0, waiting)
    }

    fn stands(mut self, moment: u64, waiting: Waiting) -> Self {
        self.history.entries.push(Entry {
            entry: waiting.id,
            patient: waiting.patient,
            doctor: waiting.doctor,
            visit_type: waiting.kind,
            moves: waiting.moves,
            joined_at: self.clock(moment),
            by: account(Who::Patient(waiting.patient)),
            status: EntryStatus::Waiting,
            version: 1,
        });
        self
    }

    /// The house keeps a time for an entry.
    fn offers(mut self, moment: u64, to: Waiting, kept: Kept) -> Self {
        let number = kept.hold.0.as_u128() - 100;
        self.history.offers.push(Offer {
            hold: kept.hold,
            of_entry: to.id,
            starts_at: kept.start,
            offered_at: self.clock(moment),
            ends_at: kept.until,
            outcome: OfferOutcome::Open,
        });
        self.changes(EntryStatus::Offered, to).house(moment, held(number, to.patient, kept))
    }

    /// Where an entry stands from now on.
    fn changes(mut self, status: EntryStatus, of: Waiting) -> Self {
        let entry = self.history.entries.iter_mut().find(|entry| entry.entry == of.id).unwrap();
        (entry.status, entry.version) = (status, entry.version + 1);
        self
    }

    fn became(mut self, hold: u128, outcome: OfferOutcome) -> Self {
        let offer = self.history.offers.iter_mut().find(|offer| offer.hold == visit(hold)).unwrap();
        offer.outcome = outcome;
        self
    }

    /// Nobody has answered.
    fn lapses(self, moment: u64, hold: u128, of: Waiting, status: EntryStatus) -> Self {
        let now = self.history.steps.iter().rev().find(|step| step.appointment == visit(hold)).unwrap();
        let start = self.history.offers.iter().find(|offer| offer.hold == visit(hold)).unwrap().starts_at;
        let over = Seen { status: Status::Expired, start, ..seen(hold, of.patient, 0, now.seq + 1) };
        self.house(moment, over).became(hold, OfferOutcome::Lapsed).changes(status, of)
    }
}

/// Anna waits, and the third quarter is kept for her: for sure since somebody was told of a later step.
fn one() -> Play {
    let anna = waiting(1, ANNA);
    let play = Play::new().joins((10, 20), anna).offers(30, anna, kept(1, 2, 30));
    play.booked((32, 34), Seen { doctor: TWO, ..seen(8, BERTA, 0, 1) })
}

fn taken() -> Seen {
    seen(1, ANNA, 2, 2)
}

fn let_go() -> Seen {
    Seen { status: Status::Expired, ..seen(1, ANNA, 2, 2) }
}

fn accepted() -> Play {
    let play = one().ask(ANNA, (40, 50), ACCEPT, Answer::Visit(taken())).step(taken());
    play.became(1, OfferOutcome::Taken).changes(EntryStatus::Taken, waiting(1, ANNA))
}

fn declined() -> Play {
    let play = one().ask(ANNA, (40, 50), DECLINE, Answer::Entry(waiting(1, ANNA))).step(let_go());
    play.became(1, OfferOutcome::Declined).changes(EntryStatus::Waiting, waiting(1, ANNA))
}

fn left() -> Play {
    let gone = Waiting { status: EntryStatus::Withdrawn, ..waiting(1, ANNA) };
    let play = one().ask(ANNA, (40, 50), LEAVE, Answer::Entry(gone)).step(let_go());
    let play = play.became(1, OfferOutcome::Declined).changes(EntryStatus::Waiting, gone);
    play.changes(EntryStatus::Withdrawn, gone)
}

#[test]
fn a_time_is_kept_for_one_who_waits_and_is_hers_or_the_next_ones() {
    let anna = waiting(1, ANNA);
    let line = |at, shown| one().ask(ANNA, at, Wish::Line, Answer::Entries(vec![shown]));
    line((35, 36), offered(anna, kept(1, 2, 30))).right();
    one().ask(BERTA, (35, 36), book(BERTA, 2), refused(Refusal::SlotTaken)).right();
    accepted().right();
    accepted().on_postgres().right();
    // Asked again, it is the same answer.
    assert_eq!(accepted().ask(ANNA, (60, 70), ACCEPT, Answer::Visit(taken())).right().acknowledged, 2);
    declined().booked((60, 70), seen(2, BERTA, 2, 1)).right();
    left().booked((60, 70), seen(2, BERTA, 2, 1)).right();
    let lapsed = || one().later(16).lapses(60, 1, anna, EntryStatus::Waiting);
    let next = || {
        lapsed().joins((62, 64), waiting(2, BERTA)).offers(
            66,
            waiting(2, BERTA),
            Kept { until: BEGUN + 66 + 31 * MINUTE, ..kept(2, 2, 0) },
        )
    };
    assert_eq!(next().right().offers.get("lapsed"), Some(&1));
    let taken = Waiting { status: EntryStatus::Taken, ..anna };
    accepted().ask(ANNA, (60, 70), Wish::Line, Answer::Entries(vec![taken])).right();
}

#[test]
fn a_kept_time_that_somebody_else_gets_is_found() {
    let anna = waiting(1, ANNA);
    one().booked((40, 50), seen(2, BERTA, 2, 1)).wrong("the model refuses it: slot_taken");
    one()
        .lapses(40, 1, anna, EntryStatus::Waiting)
        .booked((50, 60), seen(2, BERTA, 2, 1))
        .wrong("it is still held");
    one().ask(BERTA, (40, 50), FREE, times(&[0, 1, 2, 3, 4, 5, 6, 7])).wrong("a stale read");
    // It is not hers any more when it is over.
    let late = one().later(16).ask(ANNA, (40, 50), ACCEPT, Answer::Visit(taken())).step(taken());
    late.became(1, OfferOutcome::Taken).changes(EntryStatus::Taken, anna).wrong("hold_ended");
    // Offered to two.
    let berta = waiting(2, BERTA);
    one().joins((32, 33), berta).offers(35, berta, kept(2, 2, 35)).wrong("slot_taken");
    // And what somebody has is not offered.
    Play::new()
        .booked((1, 5), seen(5, BERTA, 2, 1))
        .joins((10, 20), anna)
        .offers(30, anna, kept(1, 2, 30))
        .wrong("slot_taken");
}

#[test]
fn offers_come_one_after_the_other_to_those_who_wait() {
    let anna = waiting(1, ANNA);
    one().offers(35, anna, kept(2, 4, 35)).wrong("at once");
    declined().offers(60, anna, kept(2, 4, 60)).right();
    declined().offers(60, anna, kept(2, 2, 60)).wrong("the same time twice");
    accepted().offers(60, anna, kept(2, 4, 60)).wrong("after it was over");
    left().offers(60, anna, kept(2, 4, 60)).wrong("a write is lost");
    let wrong = left().offers(60, anna, kept(2, 4, 60)).later(16);
    let wrong = wrong.lapses(90, 2, anna, EntryStatus::Waiting).changes(EntryStatus::Withdrawn, anna);
    wrong.wrong("offered a time after it was left");
    let early = Play::new().joins((100, 120), anna).offers(30, anna, kept(1, 2, 30));
    early.booked((32, 34), seen(8, BERTA, 7, 1)).wrong("before it was there");
    Play::new().joins((10, 20), anna).offers(30, anna, kept(1, 9, 30)).wrong("does not suit");
    let mut nobody = one();
    nobody.history.offers.clear();
    nobody.wrong("no cause");
    let mut other = one();
    other.history.offers.first_mut().unwrap().ends_at += 1;
    other.wrong("not what is kept for it");
}

#[test]
fn three_offers_without_an_answer_end_it() {
    let anna = waiting(1, ANNA);
    let lapse = |play: Play, number: u128, status| {
        let at = u64::try_from(number).unwrap() * 100;
        let until = play.clock(at) + 15 * MINUTE;
        let now = Kept { until, ..kept(number, i64::try_from(number).unwrap(), 0) };
        play.offers(at, anna, now).later(16).lapses(at + 50, number, anna, status)
    };
    let two =
        || lapse(lapse(Play::new().joins((10, 20), anna), 1, EntryStatus::Waiting), 2, EntryStatus::Waiting);
    two().right();
    lapse(two(), 3, EntryStatus::Ended).right();
    lapse(two(), 3, EntryStatus::Waiting).wrong("it stands where nothing has put it");
    two().changes(EntryStatus::Ended, anna).wrong("it stands where nothing has put it");
    let four = lapse(lapse(two(), 3, EntryStatus::Waiting), 4, EntryStatus::Ended);
    four.wrong("after it was over");
}

#[test]
fn what_was_acknowledged_in_a_line_and_is_not_there_is_found() {
    let anna = waiting(1, ANNA);
    let join = Wish::Join { patient: ANNA, doctor: ONE, kind: SHORT, moves: None, days: DAYS };
    Play::new().ask(ANNA, (10, 20), join, Answer::Entry(anna)).wrong("a write is lost");
    one().ask(ANNA, (40, 50), ACCEPT, Answer::Visit(taken())).wrong("a write is lost");
    one().ask(ANNA, (40, 50), DECLINE, Answer::Entry(anna)).wrong("a write is lost");
    let gone = Waiting { status: EntryStatus::Withdrawn, ..anna };
    let stays = Play::new().joins((10, 20), anna).ask(ANNA, (40, 50), LEAVE, Answer::Entry(gone));
    stays.wrong("a write is lost");
    let unasked = Play::new().joins((10, 20), anna).changes(EntryStatus::Withdrawn, anna);
    unasked.wrong("it stands where nothing has put it");
    // Under one key one place, and one key for one place.
    let asked = || Play::new().again(1, Who::Patient(ANNA), (10, NEVER), join, Answer::Unknown);
    assert_eq!(asked().right().unknown_absent, 1);
    assert_eq!(asked().stands(11, anna).right().unknown_there, 1);
    asked().again(1, Who::Patient(ANNA), (30, 40), join, Answer::Entry(anna)).stands(11, anna).right();
    let twice = Play::new().joins((10, 20), anna).ask(ANNA, (8, 22), join, Answer::Entry(anna));
    twice.wrong("one place in a line");
    let mut counted = declined();
    counted.history.entries.first_mut().unwrap().version += 1;
    counted.wrong("does not count");
    accepted().became(1, OfferOutcome::Declined).wrong("a write is lost");
    declined().became(1, OfferOutcome::Lapsed).wrong("what its time has become");
}

#[test]
#[should_panic(expected = "a place in a line that nobody asked for")]
fn a_place_that_nobody_asked_for_is_found() {
    Play::new().stands(11, waiting(1, ANNA)).right();
}

#[test]
fn what_nobody_was_told_of_an_offer_is_done_or_not() {
    let anna = waiting(1, ANNA);
    let ask = |wish| one().ask(ANNA, (40, NEVER), wish, Answer::Unknown);
    for wish in [ACCEPT, DECLINE, LEAVE] {
        assert_eq!(ask(wish).right().unknown_absent, 1);
    }
    let taken = ask(ACCEPT).step(taken()).became(1, OfferOutcome::Taken).changes(EntryStatus::Taken, anna);
    assert_eq!(taken.right().unknown_there, 1);
    let declined = || ask(DECLINE).step(let_go()).became(1, OfferOutcome::Declined);
    assert_eq!(declined().changes(EntryStatus::Waiting, anna).right().unknown_there, 1);
    // Half of leaving: the time is free, and she still stands in the line.
    let half = ask(LEAVE).step(let_go()).became(1, OfferOutcome::Declined);
    half.wrong("it stands where nothing has put it");
}

#[test]
fn a_visit_is_put_on_a_kept_time_in_one_step() {
    let late = seen(9, ANNA, 6, 1);
    let anna = Waiting { moves: Some(late.id), ..waiting(1, ANNA) };
    let start = |quarter| {
        Play::new().booked((1, 5), late).joins((10, 20), anna).offers(30, anna, kept(1, quarter, 30))
    };
    let there = Seen { start: 2 * QUARTER, version: 2, ..late };
    let ask = || start(2).ask(ANNA, (40, 50), ACCEPT, Answer::Visit(there));
    let done = |play: Play| play.became(1, OfferOutcome::Taken).changes(EntryStatus::Taken, anna);
    done(ask().step(let_go()).step(there)).right();
    done(ask().step(let_go()).step(there)).on_postgres().right();
    done(ask().step(let_go())).wrong("half of it was done");
    // Somebody came in between.
    let apart = done(ask().step(let_go()).booked((41, 49), seen(3, BERTA, 4, 1)).step(there));
    apart.wrong("in one step");
    start(7).wrong("not earlier");
    // With whom it was offered, and not with whom the visit is by now.
    let elsewhere = Seen { doctor: TWO, version: 2, ..late };
    let wish = Wish::Move { visit: late.id, start: late.start, doctor: Some(TWO), version: None };
    let moved = || start(2).desk((32, 34), wish, Answer::Visit(elsewhere)).step(elsewhere);
    let with_two = Seen { doctor: TWO, version: 3, ..there };
    let wrong = moved().ask(ANNA, (40, 50), ACCEPT, Answer::Visit(with_two)).step(let_go()).step(with_two);
    done(wrong).wrong("no member of the hospital");
    // Where holds are booked it is the same, and no second visit.
    let take = |then| start(2).ask(ANNA, (40, 50), Wish::Take { visit: visit(1) }, Answer::Visit(then));
    done(take(there).step(let_go()).step(there)).right();
    done(take(taken()).step(taken())).wrong("half of it was done");
    start(2)
        .ask(ANNA, (40, 50), Wish::Take { visit: visit(1) }, refused(Refusal::WrongStatus))
        .wrong("at no moment");
    moved().ask(ANNA, (40, 50), ACCEPT, refused(Refusal::StaleVersion)).right();
    start(2).ask(ANNA, (40, 50), ACCEPT, refused(Refusal::StaleVersion)).wrong("at no moment");
}

#[test]
fn a_visit_that_was_kept_itself_once_is_put_on_a_kept_time() {
    let anna = Waiting { moves: Some(visit(1)), ..waiting(2, ANNA) };
    let (there, gone) = (seen(1, ANNA, 1, 3), Seen { status: Status::Expired, ..seen(4, ANNA, 1, 2) });
    let accept = Wish::Accept { entry: anna.id };
    let play = || {
        let play = accepted().joins((60, 70), anna).offers(80, anna, kept(4, 1, 80));
        play.ask(ANNA, (90, 100), accept, Answer::Visit(there)).became(4, OfferOutcome::Taken)
    };
    play().step(gone).step(there).changes(EntryStatus::Taken, anna).right();
    play().step(gone).changes(EntryStatus::Taken, anna).wrong("half of it was done");
}

#[test]
fn a_line_that_is_shown_as_it_was_not_is_found() {
    let anna = waiting(1, ANNA);
    let line =
        |play: Play, at, shown: &[Waiting]| play.ask(ANNA, at, Wish::Line, Answer::Entries(shown.to_vec()));
    let now = offered(anna, kept(1, 2, 30));
    line(one(), (40, 41), &[anna]).wrong("as it was at no moment");
    line(one(), (40, 41), &[]).wrong("is missing");
    line(one(), (40, 41), &[offered(anna, kept(1, 3, 30))]).wrong("as it was at no moment");
    line(one().later(16), (40, 41), &[now]).wrong("as it was at no moment");
    line(one().later(16), (40, 41), &[anna]).right();
    line(declined(), (60, 61), &[now]).wrong("as it was at no moment");
    line(declined(), (60, 61), &[anna]).right();
    line(left(), (60, 61), &[anna]).wrong("as it was at no moment");
    line(accepted(), (60, 61), &[anna]).wrong("as it was at no moment");
    line(one(), (40, 41), &[Waiting { kind: LONG, ..anna }]).wrong("as it never was");
    let foreign = one().ask(BERTA, (40, 41), Wish::Line, Answer::Entries(vec![now]));
    foreign.wrong("somebody else's");
    let early = Play::new().ask(ANNA, (1, 2), Wish::Line, Answer::Entries(vec![anna])).joins((10, 20), anna);
    early.wrong("before it was there");
}

#[test]
fn a_refusal_in_a_line_without_a_reason_is_found() {
    let join = Wish::Join { patient: ANNA, doctor: ONE, kind: SHORT, moves: None, days: DAYS };
    one().ask(ANNA, (40, 41), join, refused(Refusal::AlreadyWaiting)).right();
    left().ask(ANNA, (60, 61), join, refused(Refusal::AlreadyWaiting)).wrong("at no moment");
    one().ask(ANNA, (40, 41), join, refused(Refusal::TooManyLists)).wrong("at no moment");
    for wish in [ACCEPT, DECLINE] {
        one().ask(ANNA, (40, 41), wish, refused(Refusal::HoldEnded)).wrong("at no moment");
        one().later(16).ask(ANNA, (40, 41), wish, refused(Refusal::HoldEnded)).right();
        declined().ask(ANNA, (60, 61), wish, refused(Refusal::HoldEnded)).right();
        one().ask(ANNA, (40, 41), wish, refused(Refusal::WrongStatus)).wrong("at no moment");
    }
    one().ask(ANNA, (40, 41), LEAVE, refused(Refusal::AlreadyDone)).wrong("at no moment");
    left().ask(ANNA, (60, 61), LEAVE, refused(Refusal::AlreadyDone)).right();
    let visit = Wish::Take { visit: visit(1) };
    one().ask(ANNA, (40, 41), Wish::Extend { visit: super::visit(1) }, refused(Refusal::AlreadyDone)).right();
    let other_door = one().ask(ANNA, (40, 50), visit, Answer::Visit(taken())).step(taken());
    other_door.became(1, OfferOutcome::Taken).changes(EntryStatus::Taken, waiting(1, ANNA)).right();
}
