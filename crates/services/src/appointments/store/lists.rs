//! SQL of lists of appointments: each is one walk along one index, forwards or backwards.
//!
//! Nothing is decided here.

use domain::{
    ids::{AccountId, DoctorId, HospitalId, PatientId},
    time::Span,
};
use uuid::Uuid;

use super::{AppointmentRow, select_appointment};
use crate::{
    db::{Conn, sql},
    error::Result,
};

/// Where the previous page ended: begin and id.
pub(in crate::appointments) type After = (i64, Uuid);

/// Only visits with this doctor, of this patient.
#[derive(Clone, Copy, Default)]
pub(in crate::appointments) struct Only {
    pub(in crate::appointments) doctor: Option<DoctorId>,
    pub(in crate::appointments) patient: Option<PatientId>,
}

/// The start of every forward list.
pub(in crate::appointments) const BEGINNING: After = (i64::MIN, Uuid::nil());
/// The start of every backward list.
pub(in crate::appointments) const END: After = (i64::MAX, Uuid::max());

/// Visits of all patients of an account that are not over, soonest first.
pub(in crate::appointments) async fn upcoming(
    conn: &mut Conn,
    account: AccountId,
    only: Only,
    now: i64,
    after: After,
    limit: i64,
) -> Result<Vec<AppointmentRow>> {
    Ok(sql!(
        conn,
        all AppointmentRow,
        select_appointment!(
            "WHERE a.patient_id IN (SELECT patient_id FROM patient_accounts WHERE account_id = $1)
               AND a.ends_at > $2 AND a.status NOT IN ('cancelled', 'completed', 'no-show')
               AND (a.starts_at, a.id) > ($3, $4)
               AND ($6 IS NULL OR a.doctor_id = $6) AND ($7 IS NULL OR a.patient_id = $7)
             ORDER BY a.starts_at, a.id LIMIT $5"
        ),
        account.0,
        now,
        after.0,
        after.1,
        limit,
        only.doctor.map(|d| d.0),
        only.patient.map(|p| p.0)
    )?)
}

/// Visits of all patients of an account that are over or called off, latest first.
pub(in crate::appointments) async fn past(
    conn: &mut Conn,
    account: AccountId,
    only: Only,
    now: i64,
    before: After,
    limit: i64,
) -> Result<Vec<AppointmentRow>> {
    Ok(sql!(
        conn,
        all AppointmentRow,
        select_appointment!(
            "WHERE a.patient_id IN (SELECT patient_id FROM patient_accounts WHERE account_id = $1)
               AND (a.ends_at <= $2 OR a.status IN ('cancelled', 'completed', 'no-show'))
               AND (a.starts_at, a.id) < ($3, $4)
               AND ($6 IS NULL OR a.doctor_id = $6) AND ($7 IS NULL OR a.patient_id = $7)
             ORDER BY a.starts_at DESC, a.id DESC LIMIT $5"
        ),
        account.0,
        now,
        before.0,
        before.1,
        limit,
        only.doctor.map(|d| d.0),
        only.patient.map(|p| p.0)
    )?)
}

/// Visits of all patients of an account, by begin.
pub(in crate::appointments) async fn own(
    conn: &mut Conn,
    account: AccountId,
    only: Only,
    span: Span,
    after: After,
    limit: i64,
) -> Result<Vec<AppointmentRow>> {
    Ok(sql!(
        conn,
        all AppointmentRow,
        select_appointment!(
            "WHERE a.patient_id IN (SELECT patient_id FROM patient_accounts WHERE account_id = $1)
               AND a.starts_at >= $2 AND a.starts_at < $3 AND (a.starts_at, a.id) > ($4, $5)
               AND ($7 IS NULL OR a.doctor_id = $7) AND ($8 IS NULL OR a.patient_id = $8)
             ORDER BY a.starts_at, a.id LIMIT $6"
        ),
        account.0,
        span.start,
        span.end,
        after.0,
        after.1,
        limit,
        only.doctor.map(|d| d.0),
        only.patient.map(|p| p.0)
    )?)
}

/// Visits of a hospital that begin in a span, by begin.
pub(in crate::appointments) async fn of_hospital(
    conn: &mut Conn,
    hospital: HospitalId,
    only: Only,
    span: Span,
    after: After,
    limit: i64,
) -> Result<Vec<AppointmentRow>> {
    Ok(sql!(
        conn,
        all AppointmentRow,
        select_appointment!(
            "WHERE a.hospital_id = $1 AND a.starts_at >= $2 AND a.starts_at < $3 AND (a.starts_at, a.id) > ($4, $5)
               AND ($6 IS NULL OR a.doctor_id = $6) AND ($7 IS NULL OR a.patient_id = $7)
             ORDER BY a.starts_at, a.id LIMIT $8"
        ),
        hospital.0,
        span.start,
        span.end,
        after.0,
        after.1,
        only.doctor.map(|d| d.0),
        only.patient.map(|p| p.0),
        limit
    )?)
}

/// Visits of a doctor that begin in a span, by begin.
pub(in crate::appointments) async fn of_doctor(
    conn: &mut Conn,
    doctor: DoctorId,
    span: Span,
) -> Result<Vec<AppointmentRow>> {
    Ok(sql!(
        conn,
        all AppointmentRow,
        select_appointment!(
            "WHERE a.doctor_id = $1 AND a.starts_at >= $2 AND a.starts_at < $3 ORDER BY a.starts_at, a.id LIMIT 2000"
        ),
        doctor.0,
        span.start,
        span.end
    )?)
}

/// Visits of a patient at a hospital, latest first.
pub(in crate::appointments) async fn of_patient(
    conn: &mut Conn,
    hospital: HospitalId,
    patient: PatientId,
) -> Result<Vec<AppointmentRow>> {
    Ok(sql!(
        conn,
        all AppointmentRow,
        select_appointment!(
            "WHERE a.patient_id = $2 AND a.hospital_id = $1 ORDER BY a.starts_at DESC, a.id DESC LIMIT 500"
        ),
        hospital.0,
        patient.0
    )?)
}
