//! SQL of lists of appointments: each is one walk along one index, forwards or backwards.
//!
//! Nothing is decided here.

use domain::{
    ids::{DoctorId, PatientId},
    time::Span,
};
use uuid::Uuid;

use super::{AppointmentRow, appointment_columns, select_appointment};
use crate::{
    access::{
        Authorized, OfAccount, OfHospital, OfPatient, ReadOwnAccount, ReadPatient, ReadSchedule, Sealed,
        Sight,
    },
    db::{Conn, sql},
    error::Result,
};

/// Where the previous page ended: begin and id.
pub(in crate::appointments) type After = (i64, Uuid);

/// The caller's own account.
type Own = Authorized<ReadOwnAccount, OfAccount>;

/// Visits that the audit has to note before anybody sees them.
type Visits = Sealed<Vec<AppointmentRow>>;

fn sealed(rows: Vec<AppointmentRow>) -> Visits {
    let patients: Vec<_> = rows.iter().map(|row| PatientId(row.patient_id)).collect();
    Sealed::about(rows, patients)
}

/// Only visits with this doctor, of this patient.
#[derive(Clone, Copy, Default)]
pub(in crate::appointments) struct Only {
    pub(in crate::appointments) doctor: Option<DoctorId>,
    pub(in crate::appointments) patient: Option<PatientId>,
    /// Those that take place, or have taken place, or were missed: nothing that is held or called off.
    pub(in crate::appointments) standing: bool,
}

/// The days on which the caller's part is computed, as the statement needs them.
#[derive(Clone)]
pub(in crate::appointments) struct Days {
    /// Today.
    pub(in crate::appointments) today: String,
    /// Whoever was born later is a small child.
    pub(in crate::appointments) private_after: String,
    /// Whoever was born later is not yet of age.
    pub(in crate::appointments) own_after: String,
}

/// Visits of the patients of account `$1`: its own, and of those for whom it acts the ones that it may see today (`$2`); `$3` and `$4`
/// are [`Days::private_after`] and [`Days::own_after`]. It is the rule of `domain::access` in the form that lists need; a test holds
/// the two together. The sensitive specialties are those of `domain::coding`.
macro_rules! select_own {
    ($tail:literal) => {
        concat!(
            appointment_columns!(),
            "WHERE a.patient_id IN (SELECT o.patient_id FROM patient_accounts o JOIN patients c ON c.id = o.patient_id
                    WHERE o.account_id = $1 AND o.ended_at IS NULL AND (o.relation = 'self'
                       OR ((o.from_date IS NULL OR o.from_date <= $2) AND (o.until_date IS NULL OR o.until_date >= $2)
                           AND (o.may_book OR (o.may_records AND (o.given = 'patient' OR c.birth_date > $3)))
                           AND (o.given = 'patient' OR c.birth_date > $4))))
               AND (NOT (d.specialties LIKE '%\"gynaecology\"%' OR d.specialties LIKE '%\"psychiatry\"%'
                         OR d.specialties LIKE '%\"urology\"%')
                    OR a.patient_id IN (SELECT o.patient_id FROM patient_accounts o JOIN patients c ON c.id = o.patient_id
                       WHERE o.account_id = $1 AND o.ended_at IS NULL AND (o.relation = 'self'
                          OR (o.may_sensitive AND (o.given = 'patient' OR c.birth_date > $3)))))
               AND ",
            $tail
        )
    };
}

/// The start of every forward list.
pub(in crate::appointments) const BEGINNING: After = (i64::MIN, Uuid::nil());
/// The start of every backward list.
pub(in crate::appointments) const END: After = (i64::MAX, Uuid::max());

/// Visits of all patients of an account that are not over, soonest first.
pub(in crate::appointments) async fn upcoming(
    conn: &mut Conn,
    own: &Own,
    (only, days): (Only, &Days),
    now: i64,
    after: After,
    limit: i64,
) -> Result<Visits> {
    let rows = sql!(
        conn,
        all AppointmentRow,
        select_own!(
            "a.ends_at > $5 AND a.status NOT IN ('cancelled', 'completed', 'no-show', 'left-unseen', 'expired')
               AND (a.hold_expires_at IS NULL OR a.hold_expires_at > $5) AND (a.starts_at, a.id) > ($6, $7)
               AND ($9 IS NULL OR a.doctor_id = $9) AND ($10 IS NULL OR a.patient_id = $10)
             ORDER BY a.starts_at, a.id LIMIT $8"
        ),
        own.object().id().0,
        days.today.as_str(),
        days.private_after.as_str(),
        days.own_after.as_str(),
        now,
        after.0,
        after.1,
        limit,
        only.doctor.map(|d| d.0),
        only.patient.map(|p| p.0)
    )?;
    Ok(sealed(rows))
}

/// Visits of all patients of an account that are over or called off, latest first.
pub(in crate::appointments) async fn past(
    conn: &mut Conn,
    own: &Own,
    (only, days): (Only, &Days),
    now: i64,
    before: After,
    limit: i64,
) -> Result<Visits> {
    let rows = sql!(
        conn,
        all AppointmentRow,
        select_own!(
            "(a.ends_at <= $5 OR a.status IN ('cancelled', 'completed', 'no-show', 'left-unseen'))
               AND a.status NOT IN ('held', 'pending-payment', 'expired') AND (a.starts_at, a.id) < ($6, $7)
               AND ($9 IS NULL OR a.doctor_id = $9) AND ($10 IS NULL OR a.patient_id = $10)
             ORDER BY a.starts_at DESC, a.id DESC LIMIT $8"
        ),
        own.object().id().0,
        days.today.as_str(),
        days.private_after.as_str(),
        days.own_after.as_str(),
        now,
        before.0,
        before.1,
        limit,
        only.doctor.map(|d| d.0),
        only.patient.map(|p| p.0)
    )?;
    Ok(sealed(rows))
}

/// Visits of all patients of an account, by begin.
pub(in crate::appointments) async fn own(
    conn: &mut Conn,
    own: &Own,
    (only, days): (Only, &Days),
    span: Span,
    after: After,
    limit: i64,
) -> Result<Visits> {
    let rows = sql!(
        conn,
        all AppointmentRow,
        select_own!(
            "a.starts_at >= $5 AND a.starts_at < $6 AND a.status <> 'expired' AND (a.starts_at, a.id) > ($7, $8)
               AND ($10 IS NULL OR a.doctor_id = $10) AND ($11 IS NULL OR a.patient_id = $11)
               AND (NOT $12 OR a.status NOT IN ('cancelled', 'held', 'pending-payment'))
             ORDER BY a.starts_at, a.id LIMIT $9"
        ),
        own.object().id().0,
        days.today.as_str(),
        days.private_after.as_str(),
        days.own_after.as_str(),
        span.start,
        span.end,
        after.0,
        after.1,
        limit,
        only.doctor.map(|d| d.0),
        only.patient.map(|p| p.0),
        only.standing
    )?;
    Ok(sealed(rows))
}

/// Visits of a hospital (`$1`) that a member may see (`$2` to `$5`, what [`Sight`] says).
macro_rules! select_in_sight {
    ($tail:literal) => {
        concat!(
            appointment_columns!(),
            "WHERE a.hospital_id = $1 AND a.status <> 'expired'
               AND ($2 IS NULL OR a.doctor_id = $2
                    OR EXISTS (SELECT 1 FROM appointments r WHERE r.patient_id = a.patient_id AND r.doctor_id = $2
                                  AND r.occupies AND r.hold_expires_at IS NULL AND r.starts_at >= $3)
                    OR EXISTS (SELECT 1 FROM emergencies e WHERE e.account_id = $4 AND e.hospital_id = a.hospital_id
                                  AND e.patient_id = a.patient_id AND e.ends_at > $5))
               AND ",
            $tail
        )
    };
}

/// Visits of a hospital that begin in a span and that the member may see, by begin.
pub(in crate::appointments) async fn of_hospital(
    conn: &mut Conn,
    here: &Authorized<ReadSchedule, OfHospital>,
    sight: Sight,
    only: Only,
    span: Span,
    after: After,
    limit: i64,
) -> Result<Visits> {
    let rows = sql!(
        conn,
        all AppointmentRow,
        select_in_sight!(
            "a.starts_at >= $6 AND a.starts_at < $7 AND (a.starts_at, a.id) > ($8, $9)
               AND ($10 IS NULL OR a.doctor_id = $10) AND ($11 IS NULL OR a.patient_id = $11)
             ORDER BY a.starts_at, a.id LIMIT $12"
        ),
        here.object().0.0,
        sight.doctor.map(|d| d.0),
        sight.since,
        sight.account.0,
        sight.now,
        span.start,
        span.end,
        after.0,
        after.1,
        only.doctor.map(|d| d.0),
        only.patient.map(|p| p.0),
        limit
    )?;
    Ok(sealed(rows))
}

/// Visits of other days that have a number of this one and that the member may see: those patients are in the house, or were.
pub(in crate::appointments) async fn taken_in(
    conn: &mut Conn,
    here: &Authorized<ReadSchedule, OfHospital>,
    sight: Sight,
    (day, span): (&str, Span),
    limit: i64,
) -> Result<Visits> {
    let rows = sql!(
        conn,
        all AppointmentRow,
        select_in_sight!(
            "a.ticket_day = $6 AND a.ticket IS NOT NULL AND (a.starts_at < $7 OR a.starts_at >= $8)
             ORDER BY a.starts_at, a.id LIMIT $9"
        ),
        here.object().0.0,
        sight.doctor.map(|d| d.0),
        sight.since,
        sight.account.0,
        sight.now,
        day,
        span.start,
        span.end,
        limit
    )?;
    Ok(sealed(rows))
}

/// Visits of other days that have a number of another day, too, begin around now, and that the member may see: those patients came
/// before midnight and are in the house still.
pub(in crate::appointments) async fn still_here(
    conn: &mut Conn,
    here: &Authorized<ReadSchedule, OfHospital>,
    sight: Sight,
    (day, span): (&str, Span),
    around: Span,
    limit: i64,
) -> Result<Visits> {
    let rows = sql!(
        conn,
        all AppointmentRow,
        select_in_sight!(
            "a.starts_at >= $6 AND a.starts_at < $7 AND (a.starts_at < $8 OR a.starts_at >= $9) AND a.ticket_day <> $10
               AND a.status IN ('arrived', 'checked-in', 'in-progress')
             ORDER BY a.starts_at, a.id LIMIT $11"
        ),
        here.object().0.0,
        sight.doctor.map(|d| d.0),
        sight.since,
        sight.account.0,
        sight.now,
        around.start,
        around.end,
        span.start,
        span.end,
        day,
        limit
    )?;
    Ok(sealed(rows))
}

/// Visits of a patient at a hospital, latest first.
pub(in crate::appointments) async fn of_patient(
    conn: &mut Conn,
    whom: &Authorized<ReadPatient, OfPatient>,
) -> Result<Visits> {
    let rows = sql!(
        conn,
        all AppointmentRow,
        select_appointment!(
            "WHERE a.patient_id = $2 AND a.hospital_id = $1 AND a.status <> 'expired' ORDER BY a.starts_at DESC, a.id DESC LIMIT 500"
        ),
        whom.object().hospital.map(|hospital| hospital.0),
        whom.object().patient.0
    )?;
    Ok(sealed(rows))
}
