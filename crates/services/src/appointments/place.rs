//! Where a visit can be put: the doctor's hours and what is free of them, asked in the transaction that puts it there.
//!
//! Booking and rescheduling end here both, so that neither allows what the other refuses.

use std::sync::Arc;

use domain::{
    Error as Refusal,
    error::Conflict,
    hospitals::VisitType,
    ids::{DoctorId, HospitalId, ResourceId, VisitTypeId},
    slots::{Refusal as Rule, Schedule, Shape, at_once, check, day_of, instant_of},
    time::{MINUTE, Moment, RequestedStart, Span},
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{AppointmentService, store::Seat, why::Why};
use crate::{
    availability::{Demand, Going, Spot, Taken, near, taken},
    core::instant,
    db::Conn,
    directory::{self, Bookable, times::shape_of},
    error::{Error, Result},
    resources,
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
    /// Whether it is the next moment at which the doctor is free today, whatever her hours say, and not the start: somebody stands at the desk.
    pub(super) at_once: bool,
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
    /// Its number among the visits of its time; none where it takes no time any more, and somebody else may have that.
    pub(super) seat: Option<i64>,
}

impl Moved {
    /// What goes away when it is put elsewhere: from its doctor, and of rooms and devices.
    pub(super) fn going(&self) -> Option<Going> {
        self.seat.map(|seat| Going { doctor: self.doctor, block: self.block, seat })
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
    /// What it is given there of rooms and devices.
    pub(super) resources: Vec<ResourceId>,
    /// Whether paid visits may have opened free ones there.
    pub(super) has_follow_ups: bool,
    group: Option<String>,
    number: i64,
    shape: Shape,
    schedule: Arc<Schedule>,
}

impl Place {
    /// The day of its hospital on which it begins.
    pub(super) fn date(&self) -> Date {
        self.start.to_zoned(self.schedule.zone.clone()).date()
    }

    /// The day of its hospital on which it begins, as instants.
    pub(super) fn day(&self) -> (i64, i64) {
        let day = day_at(&self.schedule, self.start);
        (day.start, day.end)
    }

    /// On whose clocks it begins.
    pub(super) fn zone(&self) -> TimeZone {
        self.schedule.zone.clone()
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
            group: self.group.clone(),
            number: self.number,
        }
    }
}

/// The day of a hospital's calendar on which an instant is.
fn day_at(schedule: &Schedule, at: Timestamp) -> Span {
    day_of(&schedule.zone, at.to_zoned(schedule.zone.clone()).date())
}

/// The place that is wanted, or why it cannot be had. The doctor's turn was taken before; that of rooms and devices is taken here, where
/// there are any. Notice and horizon are asked as they were at `since`, what is taken as it is now.
pub(super) async fn find(conn: &mut Conn, aim: &Aim, since: Timestamp, now: Timestamp) -> Result<Place> {
    let schedule = directory::load_schedule(conn, aim.doctor).await?.ok_or(Refusal::NotFound)?;
    let kind = directory::visit_type(conn, aim.doctor, aim.visit_type).await?.ok_or(Refusal::NotFound)?;
    let Bookable { hospital, visit_type, has_needs, has_follow_ups } = &*kind;
    let shape = shape(visit_type, aim.moved.as_ref());
    let schedule = match aim.within {
        Some(within) => opened(&schedule, within, (start_of(aim.start, &schedule.zone)?, since))?,
        None => schedule,
    };
    let needs = if *has_needs { Some(resources::needs_of(conn, visit_type.id).await?) } else { None };
    if needs.is_some() {
        resources::take_turn(conn, visit_type.id).await?;
    }
    let of_kind = visit_type.most_a_day.map(i64::from);
    let demand = Demand {
        doctor: aim.doctor,
        schedule: &schedule,
        shape,
        of_kind,
        capacity: i64::from(visit_type.capacity),
        needs: needs.as_deref(),
    };
    let (start, taken) = if aim.at_once {
        next_moment(conn, &demand, now).await?.ok_or(Refusal::conflict(Conflict::NoTimeToday))?
    } else {
        asked_for(conn, aim, &demand, (since, now)).await?
    };
    let Spot { group, number, resources } = taken.spot(conn, &demand, start.as_millisecond(), now).await?;
    let (hospital, visit_type, has_follow_ups) = (*hospital, visit_type.clone(), *has_follow_ups);
    Ok(Place { hospital, visit_type, start, resources, has_follow_ups, group, number, shape, schedule })
}

/// The start that was asked for, if the engine lets it through, and what is taken around it.
async fn asked_for(
    conn: &mut Conn,
    aim: &Aim,
    demand: &Demand<'_>,
    (since, now): (Timestamp, Timestamp),
) -> Result<(Timestamp, Taken)> {
    let (schedule, shape) = (demand.schedule, demand.shape);
    let start = start_of(aim.start, &schedule.zone)?;
    let block = shape.block(start.as_millisecond());
    let span = if demand.counts() {
        let day = day_at(schedule, start);
        Span { start: day.start.min(block.start), end: day.end.max(block.end) }
    } else {
        block
    };
    let taken = taken(conn, demand, span, aim.moved.and_then(|moved| moved.going()), now).await?;
    match check(&taken.question(schedule, shape, since), start) {
        Ok(()) => Ok((start, taken)),
        Err(Rule::DayFull) => Err(Error::conflict(Conflict::DayFull)),
        Err(Rule::KindFull) => Err(Error::conflict(Conflict::KindFull)),
        Err(refusal) if refusal.is_taken() => Err(Error::conflict(Conflict::SlotTaken)),
        Err(refusal) => Err(Refusal::invalid("start", refusal.rule()).into()),
    }
}

/// The next moment of the hospital's day at which a doctor could see somebody who stands at the desk, and what is taken until the day
/// ends; none when there is none any more.
pub(super) async fn next_moment(
    conn: &mut Conn,
    demand: &Demand<'_>,
    now: Timestamp,
) -> Result<Option<(Timestamp, Taken)>> {
    let (schedule, shape) = (demand.schedule, demand.shape);
    let day = day_at(schedule, now);
    // Where there are limits whole days are looked at; here they do not bind, but what reads does not know.
    let around = Span { start: day.start - shape.before * MINUTE, end: day.end + shape.after * MINUTE };
    let taken = taken(conn, demand, around, None, now).await?;
    let found = at_once(&taken.question(schedule, shape, now), day.end).ok();
    Ok(found.map(instant).transpose()?.map(|start| (start, taken)))
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
pub(super) fn start_of(start: RequestedStart, zone: &jiff::tz::TimeZone) -> Result<Timestamp> {
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
        if aim.at_once {
            // Whether it is the patient who is elsewhere then is not told.
            return if error.is_overlap() { Error::conflict(Conflict::NoTimeToday) } else { error };
        }
        let Some(why) = Why::of(&error, knows) else { return error };
        let reason = why.conflict();
        let alternatives = self.alternatives(aim).await.unwrap_or_default();
        Error::Refused(Refusal::Conflict { reason, alternatives })
    }

    async fn alternatives(&self, aim: &Aim) -> Result<Vec<Moment>> {
        let entry = self.core.directory.doctor(&self.core, aim.doctor).await?;
        let visit_type = entry.visit_type(aim.visit_type).ok_or(Refusal::NotFound)?;
        let wanted = start_of(aim.start, &entry.schedule.zone)?;
        let moved = aim.moved.as_ref();
        let mut found =
            near(&self.core, &entry, shape(visit_type, moved), wanted, moved.and_then(Moved::going)).await?;
        found.retain(|start| aim.within.is_none_or(|days| (days.from..=days.until).contains(&start.date())));
        Ok(found)
    }
}
