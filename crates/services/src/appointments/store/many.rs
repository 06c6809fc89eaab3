//! SQL of putting visits on another seat or back on the one they had, and of where patients are otherwise.
//!
//! Nothing is decided here.

use domain::{
    ids::{AppointmentId, DoctorId, HospitalId, PatientId},
    time::Span,
};
use uuid::Uuid;

use super::Seat;
use crate::{
    access::Authorized,
    db::{Conn, sql},
    error::Result,
};

/// When the patients of visits that a doctor has in a span are with others of her hospital, or with her: visit, patient, begin, end.
/// Where they are at other hospitals is not this one's business.
pub(crate) async fn engagements<A, R>(
    conn: &mut Conn,
    _proof: &Authorized<A, R>,
    (hospital, doctor): (HospitalId, DoctorId),
    span: Span,
    now: i64,
) -> Result<Vec<(Uuid, Uuid, i64, i64)>> {
    Ok(sql!(
        conn,
        all(Uuid, Uuid, i64, i64),
        "SELECT a.id, a.patient_id, a.starts_at, a.ends_at FROM appointments a
         WHERE a.patient_id IN (SELECT b.patient_id FROM appointments b
                 WHERE b.doctor_id = $1 AND b.starts_at >= $2 AND b.starts_at < $3 AND b.occupies)
           AND a.hospital_id = $5 AND a.occupies AND a.ends_at > $4
           AND (a.hold_expires_at IS NULL OR a.hold_expires_at > $4)",
        doctor.0,
        span.start,
        span.end,
        now,
        hospital.0
    )?)
}

/// Whether a patient has another visit at a hospital in a span.
pub(in crate::appointments) async fn is_elsewhere<A, R>(
    conn: &mut Conn,
    _proof: &Authorized<A, R>,
    (hospital, patient, visit): (Uuid, PatientId, AppointmentId),
    span: Span,
) -> Result<bool> {
    let found = sql!(
        conn,
        optional(Uuid,),
        "SELECT a.id FROM appointments a
         WHERE a.patient_id = $1 AND a.id <> $2 AND a.hospital_id = $5 AND a.occupies AND a.starts_at < $4 AND a.ends_at > $3 LIMIT 1",
        patient.0,
        visit.0,
        span.start,
        span.end,
        hospital
    )?;
    Ok(found.is_some())
}

/// Puts a visit on a seat, if it still has the version that was read. It takes its time there and counts as called off no longer; one
/// that is moved had not been, so that changes nothing for it.
pub(in crate::appointments) async fn take_seat<A, R>(
    conn: &mut Conn,
    _proof: &Authorized<A, R>,
    (id, version): (AppointmentId, i64),
    doctor: DoctorId,
    seat: &Seat,
    status: &str,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE appointments SET doctor_id = $3, starts_at = $4, ends_at = $5, block_starts_at = $6, block_ends_at = $7,
                local_start = $8, time_zone = $9, minutes = $10, status = $11, occupies = TRUE, cancelled_by = NULL,
                cancelled_late = FALSE, group_key = $12, seat_no = $13, version = version + 1
         WHERE id = $1 AND version = $2",
        id.0,
        version,
        doctor.0,
        seat.visit.start,
        seat.visit.end,
        seat.block.start,
        seat.block.end,
        seat.local_start.as_str(),
        seat.time_zone.as_str(),
        seat.minutes,
        status,
        seat.key(id.0),
        seat.number
    )?;
    Ok(rows == 1)
}
