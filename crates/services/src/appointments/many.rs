//! One visit of many that are changed together: moving and cancelling are those of a single visit, and so is being put back.
//!
//! Which visits are changed together, and when people are told, is in `changes`.

use domain::{
    Call, Error as Refusal,
    appointments::{Move, Status},
    availability::Kind,
    changes::UndoOutcome,
    coding::is_sensitive,
    hospitals::Modality,
    ids::{AccountId, AppointmentId, DoctorId, HospitalId, PatientId, ResourceId, VisitTypeId},
    live::LiveEvent,
    slots::{Shape, restorable},
    time::{MINUTE, Moment, RequestedStart, Span},
};
use jiff::{Timestamp, tz::Offset};

use super::{
    AppointmentRow, AppointmentService, Visible, advance, reschedule, status_of,
    store::{self, Seat, Step},
    told::Minders,
};
use crate::{
    access::Authorized,
    availability::{Demand, Spot, taken},
    core::{instant, zone},
    db::{Conn, News},
    directory::read_schedule,
    error::{Error, Result},
    follow_ups::{Again, take_again},
    hospitals::find_visit_type,
    resources,
};

/// What is done with a visit.
#[derive(Clone, Copy)]
pub(crate) enum Doing {
    Cancel,
    Move { doctor: DoctorId, start: Timestamp },
}

/// One visit of many, for somebody who may change it.
#[derive(Clone)]
pub(crate) struct Part {
    id: AppointmentId,
    pub(crate) patient: PatientId,
    wanted: Wanted,
}

#[derive(Clone)]
enum Wanted {
    Cancel(advance::Wanted),
    Move(reschedule::Wanted),
}

impl AppointmentService {
    /// Prepares it; whether it can be done is known only in the transaction. Nobody is told before `not_before`.
    pub(crate) async fn part(
        &self,
        call: &Call,
        (id, version): (AppointmentId, i64),
        doing: Doing,
        reason: Option<String>,
        (now, not_before): (Timestamp, i64),
    ) -> Result<Part> {
        let visible: Visible = self.core.aim(call, id).await?;
        let patient = PatientId(visible.object().patient_id);
        let minders = Minders::of(&self.core, &visible, patient).await?;
        let (call, version, not_before) = (call.clone(), Some(version), Some(not_before));
        let wanted = match doing {
            Doing::Cancel => Wanted::Cancel(advance::Wanted {
                call,
                visible,
                step: advance::Step::Made(Move::Cancel),
                version,
                reason,
                minders: Some(minders),
                now: now.as_millisecond(),
                not_before,
                pays_first: self.core.cashier.is_open(),
            }),
            Doing::Move { doctor, start } => {
                let entry = self.core.directory.doctor(&self.core, doctor).await?;
                Wanted::Move(reschedule::Wanted {
                    call,
                    start: RequestedStart::Instant(Moment::new(start, Offset::UTC)),
                    doctor: Some((doctor, is_sensitive(&entry.specialties))),
                    minders,
                    version,
                    reason,
                    now,
                    since: None,
                    not_before,
                    visible,
                })
            }
        };
        Ok(Part { id, patient, wanted })
    }
}

/// Does it, and returns the version that the visit has then. The turns of all doctors were taken before.
pub(crate) async fn do_part(conn: &mut Conn, part: &Part) -> Result<i64> {
    match &part.wanted {
        Wanted::Cancel(wanted) => advance::apply(conn, wanted, part.id).await.map(drop)?,
        Wanted::Move(wanted) => reschedule::apply(conn, wanted, part.id).await?,
    }
    let row = store::find(conn, part.id).await?.ok_or(Refusal::NotFound)?;
    Ok(row.version)
}

/// Where a visit was before it was changed with others, and who puts it back.
#[derive(Clone)]
pub(crate) struct Back {
    pub(crate) id: AppointmentId,
    /// The version that the change has left.
    pub(crate) version: i64,
    pub(crate) status: Status,
    pub(crate) doctor: DoctorId,
    pub(crate) visit: Span,
    pub(crate) block: Span,
    pub(crate) by: AccountId,
    pub(crate) now: i64,
    /// Whether a visit that the database keeps out is left, and not looked at once more.
    pub(crate) leave: bool,
}

/// Puts a visit back, or says why it is left. The turns of all doctors were taken before.
pub(crate) async fn put_back<A, R>(
    conn: &mut Conn,
    proof: &Authorized<A, R>,
    back: &Back,
) -> Result<UndoOutcome> {
    let row = store::find(conn, back.id).await?.ok_or(Refusal::NotFound)?;
    let status = status_of(&row)?;
    if row.version != back.version {
        return Ok(UndoOutcome::ChangedSince);
    }
    if back.visit.start <= back.now {
        return Ok(UndoOutcome::Past);
    }
    // What was called off has given its ticket back.
    if !status.occupies() {
        match take_again(conn, back.id).await? {
            Again::Good => {}
            Again::Gone => return Ok(UndoOutcome::ChangedSince),
            Again::Used => return Ok(UndoOutcome::PatientBusy),
        }
    }
    let Some(spot) = room_for(conn, back, &row).await? else {
        return Ok(UndoOutcome::TimeTaken);
    };
    let whose = (row.hospital_id, PatientId(row.patient_id), back.id);
    if store::many::is_elsewhere(conn, proof, whose, back.visit).await? {
        return Ok(UndoOutcome::PatientBusy);
    }
    let local = instant(back.visit.start)?.to_zoned(zone(&row.time_zone)?).datetime();
    let seat = Seat {
        visit: back.visit,
        block: back.block,
        local_start: local.to_string(),
        time_zone: row.time_zone.clone(),
        minutes: (back.visit.end - back.visit.start) / MINUTE,
        group: spot.group,
        number: spot.number,
    };
    // The database may know of what the caller does not: of her patient's visits elsewhere. One visit keeps none of the others.
    conn.begin_part().await?;
    match sit(conn, proof, back, (&seat, &spot.resources)).await {
        Ok(true) => conn.end_part(true).await?,
        Ok(false) => {
            conn.end_part(false).await?;
            return Ok(UndoOutcome::ChangedSince);
        }
        Err(error) if back.leave && error.is_overlap() => {
            conn.end_part(false).await?;
            return Ok(UndoOutcome::TimeTaken);
        }
        Err(error) => return Err(error),
    }
    let version = row.version + 1;
    let step = Step {
        appointment: back.id,
        seq: version,
        from: Some(status.code()),
        to: back.status.code(),
        at: back.now,
        by: Some(back.by),
        reason: None,
        seat: Some((back.visit.start, back.doctor, store::puts::UNDONE)),
    };
    store::insert_step(conn, step).await?;
    let restored = store::find(conn, back.id).await?.ok_or(Error::Stored("a visit"))?;
    let event = LiveEvent { doctor_id: back.doctor, ..restored.event(version) };
    if row.doctor_id != back.doctor.0 {
        conn.announce(News::Visit(row.event(version))).await?;
    }
    conn.announce(News::Visit(event)).await?;
    Ok(UndoOutcome::Back)
}

/// Puts it on its seat, with what it is given there; `false` when it has changed.
async fn sit<A, R>(
    conn: &mut Conn,
    proof: &Authorized<A, R>,
    back: &Back,
    (seat, resources): (&Seat, &[ResourceId]),
) -> Result<bool> {
    let at = (back.id, back.version);
    if !store::many::take_seat(conn, proof, at, back.doctor, seat, back.status.code()).await? {
        return Ok(false);
    }
    resources::assign(conn, back.id, resources).await?;
    Ok(true)
}

/// What a visit is given that is put back, if its time is free or a seat of it is left. Limits of a day are not asked: it stood there before.
async fn room_for(conn: &mut Conn, back: &Back, row: &AppointmentRow) -> Result<Option<Spot>> {
    let visit_type = VisitTypeId(row.visit_type_id);
    let needs = resources::needs_of(conn, visit_type).await?;
    let needs = (!needs.0.is_empty()).then_some(&*needs);
    if needs.is_some() {
        resources::take_turn(conn, visit_type).await?;
    }
    // She may be bookable no longer: what was booked stands.
    let schedule = read_schedule(conn, back.doctor).await?.ok_or(Refusal::NotFound)?;
    let kind = Kind { visit_type, modality: Modality::parse(&row.modality).map_err(Error::Stored)? };
    let shape = Shape {
        kind,
        minutes: (back.visit.end - back.visit.start) / MINUTE,
        before: (back.visit.start - back.block.start) / MINUTE,
        after: (back.block.end - back.visit.end) / MINUTE,
    };
    let offered = find_visit_type(conn, HospitalId(row.hospital_id), visit_type).await?;
    let capacity = offered.map_or(1, |offered| offered.capacity);
    let demand = Demand { doctor: back.doctor, schedule: &schedule, shape, of_kind: None, capacity, needs };
    let (own, now) = (reschedule::moved(row).going(), instant(back.now)?);
    let taken = taken(conn, &demand, back.block, own, now).await?;
    if restorable(&taken.question(&schedule, shape, now), back.visit.start).is_err() {
        return Ok(None);
    }
    taken.spot(conn, &demand, back.visit.start, now).await.map(Some)
}
