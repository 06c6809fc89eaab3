//! One visit of many that are changed together: moving and cancelling are those of a single visit, and so is being put back.
//!
//! Which visits are changed together, and when people are told, is in `changes`.

use domain::{
    Call, Error as Refusal,
    appointments::{Move, Status},
    changes::UndoOutcome,
    coding::is_sensitive,
    ids::{AccountId, AppointmentId, DoctorId, PatientId},
    live::LiveEvent,
    time::{MINUTE, Moment, RequestedStart, Span},
};
use jiff::{Timestamp, tz::Offset};

use super::{
    AppointmentService, Visible, advance, reschedule, status_of,
    store::{self, Seat, Step},
    told::Minders,
};
use crate::{
    access::Authorized,
    availability::blocks,
    core::{instant, zone},
    db::{Conn, News},
    error::{Error, Result},
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
                step: Move::Cancel,
                version,
                reason,
                minders: Some(minders),
                now: now.as_millisecond(),
                not_before,
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
        Wanted::Cancel(wanted) => advance::apply(conn, wanted, part.id).await?,
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
    let own = reschedule::moved(&row).block_of(back.doctor).filter(|_| status.occupies());
    let mut taken = blocks(conn, back.doctor, back.block, back.now).await?;
    taken.retain(|block| Some(*block) != own);
    if taken.iter().any(|block| block.overlaps(back.block)) {
        return Ok(UndoOutcome::TimeTaken);
    }
    let whose = (PatientId(row.patient_id), back.id);
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
    };
    let at = (back.id, row.version);
    if !store::many::restore(conn, proof, at, back.doctor, &seat, back.status.code()).await? {
        return Ok(UndoOutcome::ChangedSince);
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
        seat: Some((back.visit.start, back.doctor)),
    };
    store::insert_step(conn, step).await?;
    let restored = store::find(conn, back.id).await?.ok_or(Error::Stored("a visit"))?;
    let event = LiveEvent {
        appointment_id: back.id,
        hospital_id: row.hospital_id.into(),
        doctor_id: back.doctor,
        patient_id: row.patient_id.into(),
        sensitive: restored.is_sensitive(),
        version,
    };
    if row.doctor_id != back.doctor.0 {
        let lost = LiveEvent { doctor_id: row.doctor_id.into(), sensitive: row.is_sensitive(), ..event };
        conn.announce(News::Visit(lost)).await?;
    }
    conn.announce(News::Visit(event)).await?;
    Ok(UndoOutcome::Back)
}
