//! What somebody wants next: dice and what she knows decide.
//! How it is asked for, and what comes of it, is `actor`'s business.

use domain::{
    appointments::{Move, Status},
    ids::PatientId,
};
use jiff::civil::Date;

use super::{
    memory::{Known, lock},
    stage::Stage,
};
use crate::{
    history::log::{Seat, Seen, Waiting, Who, Wish},
    machine::Dice,
};

/// All that a wish comes from.
pub(super) struct Wants<'a> {
    pub(super) stage: &'a Stage,
    pub(super) who: Who,
    pub(super) known: &'a std::sync::Mutex<Known>,
    pub(super) strangers: &'a std::sync::Mutex<Vec<Seen>>,
    pub(super) dice: &'a mut Dice,
    /// The day that is mostly played for now.
    pub(super) day: usize,
}

fn stands(status: Status) -> bool {
    matches!(status, Status::Booked | Status::Confirmed)
}

impl Wants<'_> {
    /// Something new. From 93 on the dice say that she asks for something again, if there is anything.
    pub(super) fn new_wish(&mut self, roll: usize) -> Wish {
        match self.who {
            Who::Patient(patient) => self.of_patient(patient, roll),
            Who::Desk => self.of_desk(roll),
        }
    }

    fn of_patient(&mut self, patient: PatientId, roll: usize) -> Wish {
        let Some(seat) = self.seat() else { return Wish::Mine };
        let book = Wish::Book { patient, seat };
        match roll {
            20..28 => Wish::Hold { patient, seat },
            28..38 => match (self.visit(Status::is_held), self.dice.below(10)) {
                (Some(held), 0..3) => Wish::Extend { visit: held.id },
                (Some(held), 3..7) => Wish::Take { visit: held.id },
                (Some(held), _) => Wish::Release { visit: held.id },
                (None, 0..5) => Wish::Hold { patient, seat },
                (None, _) => book,
            },
            38..65 => match self.visit(stands) {
                Some(seen) if roll < 50 && !self.stays(&seen) => self.cancel(&seen),
                Some(seen) => self.put(&seen, false),
                None => book,
            },
            65..72 => self.read().unwrap_or(book),
            72..80 => self.free(seat),
            80..83 => Wish::Mine,
            83..87 => self.join(patient, seat),
            87..93 => self.answer(roll),
            _ => book,
        }
    }

    /// What was moved is as a rule moved on, or nobody would ever come to the end of that.
    fn stays(&mut self, seen: &Seen) -> bool {
        seen.version > 2 && self.dice.below(8) > 0
    }

    fn of_desk(&mut self, roll: usize) -> Wish {
        let Some(seat) = self.seat() else { return Wish::Mine };
        let moves: &[(Move, &[Status])] = &[
            (Move::Arrive, &[Status::Booked, Status::Confirmed, Status::NoShow, Status::LeftUnseen]),
            (Move::CheckIn, &[Status::Arrived]),
            (Move::Start, &[Status::Arrived, Status::CheckedIn]),
            (Move::Complete, &[Status::InProgress, Status::Arrived, Status::CheckedIn]),
            (Move::NoShow, &[Status::Booked, Status::Confirmed]),
            (Move::LeaveUnseen, &[Status::Arrived, Status::CheckedIn]),
        ];
        let free = self.free(seat);
        match roll {
            14..26 => self.visit(stands).map_or(free, |seen| self.cancel(&seen)),
            26..44 => self.visit(stands).map_or(free, |seen| self.put(&seen, true)),
            44..58 => {
                let booked = self.visit(|status| status == Status::Booked);
                booked.map_or(free, |seen| self.run(&seen, Move::Confirm))
            }
            58..80 => {
                let at = self.dice.below(moves.len());
                let Some((step, from)) = moves.get(at) else { return free };
                // Now and then what was only confirmed is over.
                let short = *step == Move::Complete && self.dice.below(5) == 0;
                let such = |status| from.contains(&status) || short && status == Status::Confirmed;
                self.visit(such).map_or(free, |seen| self.run(&seen, *step))
            }
            80..86 => self.read().unwrap_or(free),
            86..93 => free,
            // For somebody whom the hospital knows, because she has had a visit.
            _ => match self.visit(|_| true) {
                Some(seen) => Wish::Book { patient: seen.patient, seat },
                None => free,
            },
        }
    }

    fn cancel(&mut self, seen: &Seen) -> Wish {
        Wish::Cancel { visit: seen.id, version: self.version(seen) }
    }

    fn run(&mut self, seen: &Seen, step: Move) -> Wish {
        Wish::Run { visit: seen.id, step, version: self.version(seen) }
    }

    /// On another time; the desk may choose another doctor as well.
    fn put(&mut self, seen: &Seen, desk: bool) -> Wish {
        let version = self.version(seen);
        let other = desk && self.dice.below(3) == 0;
        let at = self.dice.below(self.stage.doctors.len());
        let doctor = self.stage.doctors.get(at).copied().filter(|_| other);
        let day = self.day();
        let with = doctor.unwrap_or(seen.doctor);
        let starts = day.and_then(|day| self.stage.setting.starts.get(&(with, seen.kind, day)));
        let starts = starts.map_or(&[][..], Vec::as_slice);
        let start = starts.get(self.dice.below(starts.len())).copied().unwrap_or(seen.start);
        Wish::Move { visit: seen.id, start, doctor, version }
    }

    /// Three of five name the version that they have seen.
    fn version(&mut self, seen: &Seen) -> Option<i64> {
        (self.dice.below(5) < 3).then_some(seen.version)
    }

    fn read(&mut self) -> Option<Wish> {
        let own = self.visit(|_| true)?;
        let strangers = lock(self.strangers);
        let other = strangers.get(self.dice.below(strangers.len())).map(|seen| seen.id);
        Some(Wish::Read { visit: other.filter(|_| self.dice.below(4) == 0).unwrap_or(own.id) })
    }

    fn free(&mut self, seat: Seat) -> Wish {
        let day = self.stage.day_of(seat.start).unwrap_or_default();
        Wish::Free { doctor: seat.doctor, kind: seat.kind, day }
    }

    /// For the days that everybody wants, or for an earlier time of a visit.
    fn join(&mut self, patient: PatientId, seat: Seat) -> Wish {
        let day = |place: usize| self.stage.days.get(place).or(self.stage.days.last()).copied();
        let (first, last) = (day(self.day).unwrap_or_default(), day(self.day + 1).unwrap_or_default());
        let visit = self.visit(stands).filter(|_| self.dice.below(2) == 0);
        let until = visit.and_then(|seen| self.stage.day_of(seen.start));
        match (visit, until) {
            (Some(seen), Some(until)) => {
                let (doctor, kind, moves) = (seen.doctor, seen.kind, Some(seen.id));
                Wish::Join { patient, doctor, kind, moves, days: (first.min(until), until) }
            }
            _ => {
                Wish::Join { patient, doctor: seat.doctor, kind: seat.kind, moves: None, days: (first, last) }
            }
        }
    }

    /// Looks where she stands, and answers what is offered; rarely where nothing is.
    fn answer(&mut self, roll: usize) -> Wish {
        let any = self.dice.below(8) == 0;
        let those: Vec<Waiting> = {
            let known = lock(self.known);
            known.entries.iter().filter(|waiting| any || waiting.offer.is_some()).copied().collect()
        };
        let Some(waiting) = those.get(self.dice.below(those.len())).filter(|_| roll >= 89) else {
            return Wish::Line;
        };
        let entry = waiting.id;
        match self.dice.below(12) {
            0..6 => Wish::Accept { entry },
            6..9 => Wish::Decline { entry },
            9 => Wish::Leave { entry },
            _ => Wish::Line,
        }
    }

    /// A time, as a rule of the day that is played for.
    fn seat(&mut self) -> Option<Seat> {
        let day = self.place();
        let seats = self.stage.seats.get(day)?;
        seats.get(self.dice.below(seats.len())).copied()
    }

    fn day(&mut self) -> Option<Date> {
        let place = self.place();
        self.stage.days.get(place).copied()
    }

    fn place(&mut self) -> usize {
        let next = usize::from(self.dice.below(4) == 0);
        (self.day + next).min(self.stage.days.len().saturating_sub(1))
    }

    /// A visit of hers, or of anybody for the desk: as a rule one that stands so.
    fn visit(&mut self, such: impl Fn(Status) -> bool) -> Option<Seen> {
        let any = self.dice.below(10) == 0;
        let mut those: Vec<Seen> = lock(self.known).visits.iter().copied().collect();
        if self.who == Who::Desk {
            those.extend(lock(self.strangers).iter().copied());
        }
        those.retain(|seen| any || such(seen.status));
        those.get(self.dice.below(those.len())).copied()
    }
}
