//! The reference: what each deed makes of a visit, in as little code as that takes. It shares none with the product but the names of
//! the states and of the moves, and the numbers of the rules.
//!
//! One deed at a time, in the order that the database gives; limits on what one person books and holds are off.

use std::collections::{BTreeMap, HashMap};

use domain::{
    appointments::{
        HOLD_EXTENSION_MINUTES, HOLD_MINUTES, MOVES_OF_ONE_VISIT, Move, NO_SHOW_GRACE_MINUTES, Status,
    },
    ids::{AppointmentId, DoctorId, PatientId, VisitTypeId},
    time::{MINUTE, Span},
    waitlist::{LEAST_MINUTES, MARGIN_MINUTES, OFFER_MINUTES},
};

use super::{
    Length,
    log::{Refusal, Seat, Who},
};

/// A visit as it stands, or a time that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Visit {
    pub(super) patient: PatientId,
    pub(super) doctor: DoctorId,
    pub(super) kind: VisitTypeId,
    pub(super) start: i64,
    pub(super) status: Status,
    pub(super) version: i64,
    /// How often its patient has put it on another time.
    pub(super) moves: i64,
    /// Until when it is held, where it is no more than that.
    pub(super) until: Option<i64>,
    /// Whether the hold can be made longer.
    pub(super) extendable: bool,
}

/// Whether a visit keeps its time from others.
pub(super) fn occupies(status: Status) -> bool {
    !matches!(status, Status::Cancelled | Status::Expired)
}

/// What is done.
#[derive(Debug, Clone, Copy)]
pub(super) enum Deed {
    Book(PatientId, Seat),
    Hold(PatientId, Seat),
    /// The house keeps a time for somebody who waits; whether it is for an earlier time of a visit.
    Offer(PatientId, Seat, bool),
    Extend,
    Take,
    Release,
    /// The house gives a time back.
    Lapse,
    Cancel,
    /// To a time, and perhaps to another doctor.
    Move(i64, Option<DoctorId>),
    Run(Move),
}

/// Who does it, of which version, and what her clock shows.
#[derive(Debug, Clone, Copy)]
pub(super) struct By {
    /// None is the house itself.
    pub(super) who: Option<Who>,
    pub(super) version: Option<i64>,
    pub(super) at: i64,
}

/// A refusal, and the visit that is the reason of it, if one is.
pub(super) type No = (&'static str, Option<AppointmentId>);

fn no<T>(refusal: Refusal) -> Result<T, No> {
    Err((refusal.code(), None))
}

/// Taken time that does not overlap, by its begin.
#[derive(Debug, Default)]
struct Calendar(BTreeMap<i64, (i64, AppointmentId)>);

impl Calendar {
    /// A visit in the way, other than one that is to go away.
    fn in_the_way(&self, span: Span, own: AppointmentId) -> Option<AppointmentId> {
        let before_its_end = self.0.range(..span.end).rev();
        let mut reaching = before_its_end.map(|(_, taken)| taken).take_while(|(end, _)| *end > span.start);
        reaching.find(|(_, visit)| *visit != own).map(|(_, visit)| *visit)
    }
}

/// All visits at one point of the order.
#[derive(Debug)]
pub(super) struct Model<'a> {
    lengths: &'a HashMap<VisitTypeId, Length>,
    visits: HashMap<AppointmentId, Visit>,
    doctors: HashMap<DoctorId, Calendar>,
    patients: HashMap<PatientId, Calendar>,
}

/// Where a move of the desk leads.
pub(super) fn led_to(from: Status, step: Move) -> Option<Status> {
    use Status::{
        Arrived, Booked, Cancelled, CheckedIn, Completed, Confirmed, InProgress, LeftUnseen, NoShow,
    };
    let (those, to): (&[Status], Status) = match step {
        Move::Confirm => (&[Booked], Confirmed),
        Move::Arrive => (&[Booked, Confirmed, NoShow, LeftUnseen], Arrived),
        Move::CheckIn => (&[Arrived], CheckedIn),
        Move::Start => (&[Arrived, CheckedIn], InProgress),
        Move::Complete => (&[Confirmed, Arrived, CheckedIn, InProgress], Completed),
        Move::NoShow => (&[Booked, Confirmed], NoShow),
        Move::LeaveUnseen => (&[Arrived, CheckedIn], LeftUnseen),
        Move::Cancel => (&[Booked, Confirmed], Cancelled),
    };
    those.contains(&from).then_some(to)
}

impl<'a> Model<'a> {
    pub(super) fn new(lengths: &'a HashMap<VisitTypeId, Length>) -> Self {
        Self { lengths, visits: HashMap::new(), doctors: HashMap::new(), patients: HashMap::new() }
    }

    pub(super) fn visit(&self, id: AppointmentId) -> Option<&Visit> {
        self.visits.get(&id)
    }

    /// What a deed makes of a visit, or why it is refused.
    pub(super) fn after(&self, id: AppointmentId, deed: Deed, by: By) -> Result<Visit, No> {
        match deed {
            Deed::Book(patient, seat) => {
                if self.paid(seat) && by.who != Some(Who::Desk) {
                    return no(Refusal::PayFirst);
                }
                self.new_visit(id, patient, seat, (Status::Booked, None))
            }
            Deed::Hold(patient, seat) => {
                let until = (by.at + HOLD_MINUTES * MINUTE).min(seat.start);
                let status = if self.paid(seat) { Status::PendingPayment } else { Status::Held };
                self.new_visit(id, patient, seat, (status, Some(until)))
                    .map(|visit| Visit { extendable: true, ..visit })
            }
            Deed::Offer(patient, seat, moves) => {
                let until = (by.at + OFFER_MINUTES * MINUTE).min(seat.start - MARGIN_MINUTES * MINUTE);
                if until < by.at + LEAST_MINUTES * MINUTE {
                    return Err(("too late for an answer", None));
                }
                let pays = self.paid(seat) && !moves;
                let status = if pays { Status::PendingPayment } else { Status::Held };
                self.new_visit(id, patient, seat, (status, Some(until)))
            }
            Deed::Extend | Deed::Take | Deed::Release | Deed::Lapse => self.held(id, deed, by),
            Deed::Cancel => self.run(id, Move::Cancel, by),
            Deed::Run(_) if by.who != Some(Who::Desk) => Err(("no member of the hospital", None)),
            Deed::Run(step) => self.run(id, step, by),
            Deed::Move(start, doctor) => self.moved(id, (start, doctor), by),
        }
    }

    fn paid(&self, seat: Seat) -> bool {
        self.lengths.get(&seat.kind).is_some_and(|length| length.paid_first)
    }

    fn new_visit(
        &self,
        id: AppointmentId,
        patient: PatientId,
        Seat { doctor, kind, start }: Seat,
        (status, until): (Status, Option<i64>),
    ) -> Result<Visit, No> {
        let visit =
            Visit { patient, doctor, kind, start, status, version: 1, moves: 0, until, extendable: false };
        self.has_room(&visit, id)?;
        Ok(visit)
    }

    /// What becomes of a time that is held: somebody's until its end, and the house's from then on.
    fn held(&self, id: AppointmentId, deed: Deed, by: By) -> Result<Visit, No> {
        let now = self.seen(id, by)?;
        let Some(until) = now.until else {
            return no(if now.status == Status::Expired { Refusal::HoldEnded } else { Refusal::WrongStatus });
        };
        let over = until <= by.at;
        let next = Visit { version: now.version + 1, ..now };
        match deed {
            Deed::Lapse if over => Ok(Visit { status: Status::Expired, until: None, ..next }),
            Deed::Lapse => Err(("it is still held", None)),
            _ if over => no(Refusal::HoldEnded),
            Deed::Extend if !now.extendable => no(Refusal::AlreadyDone),
            Deed::Extend => {
                let until = (until + HOLD_EXTENSION_MINUTES * MINUTE).min(now.start);
                Ok(Visit { until: Some(until), extendable: false, ..next })
            }
            Deed::Take if now.status == Status::PendingPayment => no(Refusal::PayFirst),
            Deed::Take => Ok(Visit { status: Status::Booked, until: None, ..next }),
            _ => Ok(Visit { status: Status::Expired, until: None, ..next }),
        }
    }

    fn run(&self, id: AppointmentId, step: Move, by: By) -> Result<Visit, No> {
        let now = self.seen(id, by)?;
        let Some(status) = led_to(now.status, step) else { return no(Refusal::WrongStatus) };
        if step == Move::NoShow && by.at < now.start + NO_SHOW_GRACE_MINUTES * MINUTE {
            return no(Refusal::TooEarly);
        }
        Ok(Visit { status, version: now.version + 1, ..now })
    }

    fn moved(&self, id: AppointmentId, to: (i64, Option<DoctorId>), by: By) -> Result<Visit, No> {
        let now = self.seen(id, by)?;
        let desk = by.who == Some(Who::Desk);
        if !matches!(now.status, Status::Booked | Status::Confirmed) {
            return no(Refusal::WrongStatus);
        }
        if !desk && now.moves >= MOVES_OF_ONE_VISIT {
            return no(Refusal::TooManyMoves);
        }
        let (start, doctor) = (to.0, to.1.unwrap_or(now.doctor));
        if (now.start, now.doctor) == (start, doctor) {
            return no(Refusal::TimeSame);
        }
        if !desk && doctor != now.doctor {
            return Err(("no member of the hospital", None));
        }
        // What the hospital has confirmed and a patient moves it has not confirmed.
        let status = if desk { now.status } else { Status::Booked };
        let next = Visit {
            start,
            doctor,
            status,
            version: now.version + 1,
            moves: now.moves + i64::from(!desk),
            ..now
        };
        self.has_room(&next, id)?;
        Ok(next)
    }

    /// A visit that is there for whoever asks, in the version that she names.
    fn seen(&self, id: AppointmentId, by: By) -> Result<Visit, No> {
        let sees = |visit: &&Visit| by.who.is_none_or(|who| who.may_see(visit.patient));
        let Some(now) = self.visits.get(&id).filter(sees) else { return no(Refusal::NotFound) };
        if by.version.is_some_and(|seen| seen != now.version) {
            return no(Refusal::StaleVersion);
        }
        Ok(*now)
    }

    /// A time that is held is nobody else's until a step says that it was given back, which is wrong before its end.
    fn has_room(&self, visit: &Visit, own: AppointmentId) -> Result<(), No> {
        let Some(length) = self.lengths.get(&visit.kind) else { return no(Refusal::NotFound) };
        let (block, span) = (length.block(visit.start), length.visit(visit.start));
        let doctor = self.doctors.get(&visit.doctor).and_then(|calendar| calendar.in_the_way(block, own));
        if doctor.is_some() {
            return Err((Refusal::SlotTaken.code(), doctor));
        }
        let patient = self.patients.get(&visit.patient).and_then(|calendar| calendar.in_the_way(span, own));
        if patient.is_some() {
            return Err((Refusal::PatientOverlap.code(), patient));
        }
        Ok(())
    }

    /// Lets a visit stand as it is said.
    pub(super) fn put(&mut self, id: AppointmentId, visit: Visit) {
        let Some(length) = self.lengths.get(&visit.kind) else { return };
        let before = self.visits.insert(id, visit).filter(|before| occupies(before.status));
        let patient = self.patients.entry(visit.patient).or_default();
        if let Some(before) = before {
            let doctor = self.doctors.entry(before.doctor).or_default();
            doctor.0.remove(&length.block(before.start).start);
            patient.0.remove(&before.start);
        }
        if occupies(visit.status) {
            let (block, span) = (length.block(visit.start), length.visit(visit.start));
            let doctor = self.doctors.entry(visit.doctor).or_default();
            doctor.0.insert(block.start, (block.end, id));
            patient.0.insert(span.start, (span.end, id));
        }
    }
}
