//! The reference: what booking, cancelling and moving mean, in as little code as that takes. It shares none with the product but
//! the names of the states.
//!
//! One patient's wish at a time, in the order that the database gives; limits on what one person books are off.

use std::collections::{BTreeMap, HashMap};

use domain::{
    appointments::{MOVES_OF_ONE_VISIT, Status},
    ids::{AppointmentId, DoctorId, PatientId, VisitTypeId},
    time::Span,
};

use super::{
    Length,
    log::{Refusal, Wish},
};

/// A visit as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Visit {
    pub(super) patient: PatientId,
    pub(super) doctor: DoctorId,
    pub(super) kind: VisitTypeId,
    pub(super) start: i64,
    pub(super) status: Status,
    pub(super) version: i64,
    /// How often it was put on another time.
    pub(super) moves: i64,
}

/// A refusal, and the visit that is the reason of it, if one is.
pub(super) type No = (Refusal, Option<AppointmentId>);

/// Taken time that does not overlap, by its begin.
#[derive(Debug, Default)]
struct Calendar(BTreeMap<i64, (i64, AppointmentId)>);

impl Calendar {
    /// A visit in the way, other than one that is to go away.
    fn in_the_way(&self, span: Span, own: Option<AppointmentId>) -> Option<AppointmentId> {
        let before_its_end = self.0.range(..span.end).rev();
        let mut reaching = before_its_end.map(|(_, taken)| taken).take_while(|(end, _)| *end > span.start);
        reaching.find(|(_, visit)| Some(*visit) != own).map(|(_, visit)| *visit)
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

impl<'a> Model<'a> {
    pub(super) fn new(lengths: &'a HashMap<VisitTypeId, Length>) -> Self {
        Self { lengths, visits: HashMap::new(), doctors: HashMap::new(), patients: HashMap::new() }
    }

    pub(super) fn visit(&self, id: AppointmentId) -> Option<&Visit> {
        self.visits.get(&id)
    }

    /// What a wish makes of a visit, or why it is refused.
    pub(super) fn after(&self, patient: PatientId, wish: &Wish) -> Result<Visit, No> {
        match *wish {
            Wish::Book { doctor, kind, start } => {
                let visit =
                    Visit { patient, doctor, kind, start, status: Status::Booked, version: 1, moves: 0 };
                self.has_room(&visit, None)?;
                Ok(visit)
            }
            Wish::Cancel { visit, version } => {
                let now = self.booked(patient, visit, version)?;
                Ok(Visit { status: Status::Cancelled, version: now.version + 1, ..now })
            }
            Wish::Move { visit, start, version } => {
                let now = self.booked(patient, visit, version)?;
                if now.moves >= MOVES_OF_ONE_VISIT {
                    return Err((Refusal::TooManyMoves, None));
                }
                if now.start == start {
                    return Err((Refusal::TimeSame, None));
                }
                let next = Visit { start, version: now.version + 1, moves: now.moves + 1, ..now };
                self.has_room(&next, Some(visit))?;
                Ok(next)
            }
            Wish::Read { .. } | Wish::Mine | Wish::Free { .. } => Err((Refusal::NotFound, None)),
        }
    }

    /// A visit of this patient that can still be changed.
    fn booked(&self, patient: PatientId, id: AppointmentId, version: Option<i64>) -> Result<Visit, No> {
        let Some(now) = self.visits.get(&id).filter(|visit| visit.patient == patient) else {
            return Err((Refusal::NotFound, None));
        };
        if version.is_some_and(|seen| seen != now.version) {
            return Err((Refusal::StaleVersion, None));
        }
        if now.status != Status::Booked {
            return Err((Refusal::WrongStatus, None));
        }
        Ok(*now)
    }

    fn has_room(&self, visit: &Visit, own: Option<AppointmentId>) -> Result<(), No> {
        let Some(length) = self.lengths.get(&visit.kind) else { return Err((Refusal::NotFound, None)) };
        let (block, span) = (length.block(visit.start), length.visit(visit.start));
        let doctor = self.doctors.get(&visit.doctor).and_then(|calendar| calendar.in_the_way(block, own));
        if doctor.is_some() {
            return Err((Refusal::SlotTaken, doctor));
        }
        let patient = self.patients.get(&visit.patient).and_then(|calendar| calendar.in_the_way(span, own));
        if patient.is_some() {
            return Err((Refusal::PatientOverlap, patient));
        }
        Ok(())
    }

    /// Lets a visit stand as it is said.
    pub(super) fn put(&mut self, id: AppointmentId, visit: Visit) {
        let Some(length) = self.lengths.get(&visit.kind) else { return };
        let (doctor, patient) =
            (self.doctors.entry(visit.doctor).or_default(), self.patients.entry(visit.patient).or_default());
        if let Some(before) = self.visits.insert(id, visit)
            && before.status == Status::Booked
        {
            doctor.0.remove(&length.block(before.start).start);
            patient.0.remove(&before.start);
        }
        if visit.status == Status::Booked {
            let (block, span) = (length.block(visit.start), length.visit(visit.start));
            doctor.0.insert(block.start, (block.end, id));
            patient.0.insert(span.start, (span.end, id));
        }
    }
}
