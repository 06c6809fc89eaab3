//! SQL of times that are held.
//!
//! Nothing is decided here.

use domain::{
    appointments::Status,
    ids::{AccountId, AppointmentId, DoctorId, PatientId},
    time::Span,
};
use uuid::Uuid;

use crate::{
    db::{Conn, sql},
    error::Result,
};

/// What the rules of holding look at.
#[derive(sqlx::FromRow)]
pub(in crate::appointments) struct HoldingRow {
    pub(in crate::appointments) live: i64,
    pub(in crate::appointments) same_doctor_and_day: i64,
    pub(in crate::appointments) by_account: i64,
    /// The last end that nobody has noted yet,
    pub(in crate::appointments) ended_at: Option<i64>,
    /// and the last that the house has.
    pub(in crate::appointments) noted_at: Option<i64>,
}

/// What a patient holds now, what an account holds for all for whom it acts, and when her last hold ran out, if that began since an
/// instant: where that is not noted yet, at its end. What she was offered is none of these. Old holds stand in no index that is read.
pub(in crate::appointments) async fn holding(
    conn: &mut Conn,
    (patient, by): (PatientId, AccountId),
    doctor: DoctorId,
    day: Span,
    (since, now): (i64, i64),
) -> Result<HoldingRow> {
    Ok(sql!(
        conn,
        one HoldingRow,
        "SELECT COUNT(CASE WHEN a.hold_expires_at > $5 THEN 1 END) AS live,
                COUNT(CASE WHEN a.hold_expires_at > $5 AND a.doctor_id = $2 AND a.starts_at >= $3 AND a.starts_at < $4
                    THEN 1 END) AS same_doctor_and_day,
                (SELECT COUNT(*) FROM own_bookings o WHERE o.account_id = $6 AND o.starts_at > $5 AND o.occupies
                    AND o.hold_expires_at > $5 AND NOT o.offered) AS by_account,
                MAX(CASE WHEN a.hold_expires_at <= $5 THEN a.hold_expires_at END) AS ended_at,
                (SELECT MAX(s.at) FROM appointments g JOIN appointment_history s ON s.appointment_id = g.id
                    WHERE g.patient_id = $1 AND NOT g.occupies AND g.created_at > $7 AND g.status = 'expired'
                        AND s.to_status = 'expired' AND s.by_account IS NULL
                        AND NOT EXISTS (SELECT 1 FROM waitlist_offers w WHERE w.appointment_id = g.id)) AS noted_at
         FROM appointments a
         WHERE a.patient_id = $1 AND a.starts_at > $5 AND a.occupies AND a.status IN ('held', 'pending-payment')
            AND NOT EXISTS (SELECT 1 FROM waitlist_offers w WHERE w.appointment_id = a.id)",
        patient.0,
        doctor.0,
        day.start,
        day.end,
        now,
        by.0,
        since
    )?)
}

/// A hold that has ended and was not booked.
#[derive(sqlx::FromRow)]
pub(in crate::appointments) struct InVainRow {
    pub(in crate::appointments) began_at: i64,
    pub(in crate::appointments) ended_at: Option<i64>,
    pub(in crate::appointments) doctor_id: Uuid,
    pub(in crate::appointments) starts_at: i64,
}

/// Holds of an account for all for whom it acts that began since an instant and came to nothing, whether they ran out or were let go, in
/// the order in which they began: those whose end nobody has noted yet, and the others. What was offered is none of them.
pub(in crate::appointments) async fn in_vain(
    conn: &mut Conn,
    by: AccountId,
    (since, now): (i64, i64),
) -> Result<Vec<InVainRow>> {
    Ok(sql!(
        conn,
        all InVainRow,
        "SELECT o.created_at AS began_at, o.hold_expires_at AS ended_at, o.doctor_id, o.starts_at FROM own_bookings o
         WHERE o.account_id = $1 AND o.starts_at > $3 AND o.occupies AND o.hold_expires_at <= $3 AND o.created_at > $2
            AND NOT o.offered
         UNION ALL
         SELECT g.created_at, g.expired_at, g.doctor_id, g.starts_at FROM own_bookings g
         WHERE g.account_id = $1 AND NOT g.occupies AND g.created_at > $2 AND g.status = 'expired' AND NOT g.offered
         ORDER BY began_at",
        by.0,
        since,
        now
    )?)
}

/// What becomes of a held time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    pub(crate) status: Status,
    pub(crate) occupies: bool,
    pub(crate) until: Option<i64>,
    pub(crate) extended: bool,
}

/// Changes what is held, or what ran out, if it still has the version that was read.
pub(crate) async fn update(conn: &mut Conn, id: AppointmentId, version: i64, to: Held) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE appointments SET status = $3, occupies = $4, hold_expires_at = $5, hold_extended = $6, version = version + 1
         WHERE id = $1 AND version = $2 AND status IN ('held', 'pending-payment', 'expired')",
        id.0,
        version,
        to.status.code(),
        to.occupies,
        to.until,
        to.extended
    )?;
    Ok(rows == 1)
}

/// Gives a visit that takes no time now the key and the number under which it is to take its time again.
pub(in crate::appointments) async fn seat_again(
    conn: &mut Conn,
    id: AppointmentId,
    (group, number): (&str, i64),
) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE appointments SET group_key = $2, seat_no = $3 WHERE id = $1 AND NOT occupies",
        id.0,
        group,
        number
    )?;
    Ok(())
}

/// Times whose hold has ended and that nobody has given back yet: all of them, or those that may be in somebody's way.
pub(in crate::appointments) async fn lapsed(
    conn: &mut Conn,
    of: Option<(DoctorId, PatientId)>,
    now: i64,
) -> Result<Vec<(Uuid,)>> {
    Ok(sql!(
        conn,
        all(Uuid,),
        "SELECT id FROM appointments WHERE hold_expires_at <= $1 AND ($2 IS NULL OR doctor_id = $2 OR patient_id = $3)
         ORDER BY hold_expires_at LIMIT 200",
        now,
        of.map(|(doctor, _)| doctor.0),
        of.map(|(_, patient)| patient.0)
    )?)
}
