//! Where a visit can be put: the doctor's hours and what is free of them, asked in the transaction that puts it there.
//!
//! Booking and rescheduling end here both, so that neither allows what the other refuses.

use std::sync::Arc;

use domain::{
    Error as Refusal,
    error::Conflict,
    hospitals::VisitType,
    ids::{DoctorId, HospitalId, VisitTypeId},
    slots::{Busy, Question, Schedule, Shape, check, instant_of},
    time::{Moment, RequestedStart, Span, plus_days},
};
use jiff::{Timestamp, civil::Date};

use super::{AppointmentService, store::Seat};
use crate::{
    availability::{blocks, near},
    db::{Conn, constraint::Constraint},
    directory::{self, times::shape_of},
    error::{Error, Result},
};

/// The days within which a doctor has asked for a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Within {
    pub(crate) from: Date,
    pub(crate) until: Date,
}

/// What is wanted, and when.
#[derive(Clone, Copy)]
pub(super) struct Aim {
    pub(super) doctor: DoctorId,
    pub(super) visit_type: VisitTypeId,
    pub(super) start: RequestedStart,
    /// The visit that is put on another time: its length stays, and it is not in its own way.
    pub(super) moved: Option<Moved>,
    /// The days of the ticket with which it is booked: no others, and these beyond the horizon, too.
    pub(super) within: Option<Within>,
}

/// A visit that is put on another time.
#[derive(Clone, Copy)]
pub(super) struct Moved {
    /// How long it is, as was agreed.
    pub(super) minutes: i64,
    /// What it takes from its doctor now.
    pub(super) block: Span,
    /// With whom it is.
    pub(super) doctor: DoctorId,
}

impl Moved {
    /// What it takes from a doctor now, if it is with her.
    pub(super) fn block_of(&self, doctor: DoctorId) -> Option<Span> {
        (self.doctor == doctor).then_some(self.block)
    }
}

/// What a visit takes from the day: as its type says, but as long as was agreed.
pub(super) fn shape(visit_type: &VisitType, moved: Option<&Moved>) -> Shape {
    let shape = shape_of(visit_type);
    Shape { minutes: moved.map_or(shape.minutes, |moved| moved.minutes), ..shape }
}

/// A place that is free.
pub(super) struct Place {
    pub(super) hospital: HospitalId,
    pub(super) visit_type: VisitType,
    pub(super) start: Timestamp,
    shape: Shape,
    schedule: Arc<Schedule>,
}

impl Place {
    /// The day of its hospital on which it begins, as instants.
    pub(super) fn day(&self) -> (i64, i64) {
        let zone = &self.schedule.zone;
        let date = self.start.to_zoned(zone.clone()).date();
        let midnight =
            |date: Date| date.to_zoned(zone.clone()).map_or(i64::MAX, |at| at.timestamp().as_millisecond());
        (midnight(date), midnight(plus_days(date, 1)))
    }

    /// What of it stands in the row of a visit.
    pub(super) fn seat(&self) -> Seat {
        let visit = self.shape.visit(self.start.as_millisecond());
        let zone = &self.schedule.zone;
        Seat {
            visit,
            block: self.shape.block(visit.start),
            local_start: self.start.to_zoned(zone.clone()).datetime().to_string(),
            time_zone: zone.iana_name().unwrap_or("UTC").to_owned(),
            minutes: self.shape.minutes,
        }
    }
}

/// The place that is wanted, or why it cannot be had. The doctor's turn was taken before.
pub(super) async fn find(conn: &mut Conn, aim: &Aim, now: Timestamp) -> Result<Place> {
    let schedule = directory::load_schedule(conn, aim.doctor).await?.ok_or(Refusal::NotFound)?;
    let kind = directory::visit_type(conn, aim.doctor, aim.visit_type).await?.ok_or(Refusal::NotFound)?;
    let (hospital, visit_type) = &*kind;
    let shape = shape(visit_type, aim.moved.as_ref());
    let start = start_of(aim.start, &schedule.zone)?;
    let schedule = match aim.within {
        Some(within) => opened(&schedule, within, (start, now))?,
        None => schedule,
    };
    let mut taken =
        blocks(conn, aim.doctor, shape.block(start.as_millisecond()), now.as_millisecond()).await?;
    let own = aim.moved.and_then(|moved| moved.block_of(aim.doctor));
    taken.retain(|block| Some(*block) != own);
    let busy = Busy::new(taken);
    let question = Question { schedule: &schedule, shape, busy: &busy, now };
    match check(&question, start) {
        Ok(()) => {}
        Err(refusal) if refusal.is_taken() => return Err(Error::conflict(Conflict::SlotTaken)),
        Err(refusal) => return Err(Refusal::invalid("start", refusal.rule()).into()),
    }
    Ok(Place { hospital: *hospital, visit_type: visit_type.clone(), start, shape, schedule })
}

/// The hours as far as a ticket reaches, if the start is on one of its days.
fn opened(
    schedule: &Schedule,
    within: Within,
    (start, now): (Timestamp, Timestamp),
) -> Result<Arc<Schedule>> {
    let date_of = |at: Timestamp| at.to_zoned(schedule.zone.clone()).date();
    if !(within.from..=within.until).contains(&date_of(start)) {
        return Err(Refusal::invalid("start", "slot_outside_ticket").into());
    }
    Ok(Arc::new(schedule.offered_until(date_of(now), within.until)))
}

/// The instant that was asked for. A wall time that the clocks skip is refused.
fn start_of(start: RequestedStart, zone: &jiff::tz::TimeZone) -> Result<Timestamp> {
    match start {
        RequestedStart::Instant(moment) => Ok(moment.at()),
        RequestedStart::Local(local) => {
            instant_of(zone, local).map_err(|refusal| Refusal::invalid("start", refusal.rule()).into())
        }
    }
}

impl AppointmentService {
    /// Turns the database's refusal into the conflict that people see, with times that are free instead.
    ///
    /// `knows` says that the caller may learn of every other visit of the patient.
    pub(super) async fn explain(&self, error: Error, aim: &Aim, knows: bool) -> Error {
        let reason = match (&error, error.broken()) {
            (_, Some(Constraint::PatientOverlap)) if knows => Conflict::PatientOverlap,
            // Staff must not learn of a visit elsewhere, nor a helper of one that is kept from her: that time is simply not free.
            (_, Some(Constraint::DoctorOverlap | Constraint::PatientOverlap))
            | (Error::Refused(Refusal::Conflict { reason: Conflict::SlotTaken, .. }), _) => {
                Conflict::SlotTaken
            }
            _ => return error,
        };
        let alternatives = self.alternatives(aim).await.unwrap_or_default();
        Error::Refused(Refusal::Conflict { reason, alternatives })
    }

    async fn alternatives(&self, aim: &Aim) -> Result<Vec<Moment>> {
        let entry = self.core.directory.doctor(&self.core, aim.doctor).await?;
        let visit_type =
            entry.visit_types.iter().find(|v| v.id == aim.visit_type).ok_or(Refusal::NotFound)?;
        let wanted = start_of(aim.start, &entry.schedule.zone)?;
        let moved = aim.moved.as_ref();
        let own = moved.and_then(|moved| moved.block_of(aim.doctor));
        let mut found = near(&self.core, &entry, shape(visit_type, moved), wanted, own).await?;
        found.retain(|start| aim.within.is_none_or(|days| (days.from..=days.until).contains(&start.date())));
        Ok(found)
    }
}
