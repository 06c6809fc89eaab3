//! SQL of free follow-up visits: rules, what paid visits have opened, and the visits that are free because of it.
//!
//! Nothing is decided here.

use domain::{
    ids::{AppointmentId, DoctorId, HospitalId, PatientId},
    payments::SetFollowUpRule,
};
use uuid::Uuid;

use crate::{
    access::{Authorized, ManageHospital, OfHospital},
    db::{Conn, sql},
    error::Result,
};

/// The rule of a visit type.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(in crate::payments) struct RuleRow {
    pub(in crate::payments) visits: i64,
    pub(in crate::payments) days: i64,
    /// Ids, as a JSON list.
    pub(in crate::payments) free_types: String,
    pub(in crate::payments) version: i64,
}

/// What a visit opens when it is paid for, with all that says whether it does.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(in crate::payments) struct WindowRow {
    pub(in crate::payments) appointment_id: Uuid,
    pub(in crate::payments) hospital_id: Uuid,
    pub(in crate::payments) patient_id: Uuid,
    pub(in crate::payments) starts_at: i64,
    pub(in crate::payments) time_zone: String,
    pub(in crate::payments) status: String,
    pub(in crate::payments) price_minor: i64,
    pub(in crate::payments) visits: i64,
    pub(in crate::payments) days: i64,
    /// Ids, as a JSON list.
    pub(in crate::payments) free_types: String,
    /// What has come, without what went back or is on its way.
    pub(in crate::payments) kept_minor: i64,
    /// Visits that are free because of it, those included whose time is only held.
    pub(in crate::payments) used: i64,
}

/// The columns of [`WindowRow`], before a condition; $1 is the time. SQLite takes the tables of a cross join in the order in which they
/// stand: a patient has few of the first, and a doctor has had very many of the second.
macro_rules! select_window {
    ($tail:literal) => {
        concat!(
            "SELECT w.appointment_id, w.hospital_id, w.patient_id, a.starts_at, a.time_zone, a.status, a.price_minor, w.visits, w.days, w.free_types,
                    (SELECT CAST(COALESCE(SUM(p.captured_minor), 0) AS BIGINT) FROM payments p
                        WHERE p.appointment_id = w.appointment_id)
                    - (SELECT CAST(COALESCE(SUM(r.amount_minor), 0) AS BIGINT) FROM refunds r JOIN payments p ON p.id = r.payment_id
                        WHERE p.appointment_id = w.appointment_id AND r.state <> 'failed') AS kept_minor,
                    (SELECT COUNT(*) FROM follow_up_visits f JOIN appointments v ON v.id = f.appointment_id
                        WHERE f.paid_id = w.appointment_id AND f.ended_at IS NULL AND v.status NOT IN ('cancelled', 'expired')
                            AND (v.status NOT IN ('held', 'pending-payment') OR v.hold_expires_at > $1)) AS used
             FROM follow_up_windows w CROSS JOIN appointments a WHERE a.id = w.appointment_id AND ",
            $tail
        )
    };
}

/// A statement about free visits that have not begun: nobody is in the house for one yet, so it may cost its price after all, and can be
/// called off. The literals stand before and behind the condition on the visit's status.
macro_rules! not_begun {
    ($head:literal, $tail:literal) => {
        concat!($head, "status IN ('held', 'booked', 'confirmed')", $tail)
    };
}

pub(in crate::payments) async fn rule(conn: &mut Conn, visit_type: Uuid) -> Result<Option<RuleRow>> {
    Ok(sql!(
        conn,
        optional RuleRow,
        "SELECT visits, days, free_types, version FROM follow_up_rules WHERE visit_type_id = $1",
        visit_type
    )?)
}

/// Ids of a hospital's visit types.
pub(in crate::payments) async fn types_of(
    conn: &mut Conn,
    here: &Authorized<ManageHospital, OfHospital>,
) -> Result<Vec<(Uuid,)>> {
    let hospital = here.object().0.0;
    Ok(sql!(conn, all(Uuid,), "SELECT id FROM visit_types WHERE hospital_id = $1", hospital)?)
}

/// Ids of those visit types of a hospital that patients may book without having been asked back: `VisitType::is_for_patients(false)`, said
/// in SQL a second time.
pub(in crate::payments) async fn bookable(conn: &mut Conn, hospital: Uuid) -> Result<Vec<(Uuid,)>> {
    Ok(sql!(
        conn,
        all(Uuid,),
        "SELECT id FROM visit_types WHERE hospital_id = $1 AND active AND NOT follow_up_only",
        hospital
    )?)
}

/// Writes a rule; false where somebody else has changed it since it was seen.
pub(in crate::payments) async fn set_rule(
    conn: &mut Conn,
    here: &Authorized<ManageHospital, OfHospital>,
    visit_type: Uuid,
    rule: &SetFollowUpRule,
    types: &str,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "INSERT INTO follow_up_rules (visit_type_id, hospital_id, visits, days, free_types, version)
         VALUES ($1, $2, $3, $4, $5, 1)
         ON CONFLICT (visit_type_id) DO UPDATE SET visits = excluded.visits, days = excluded.days,
            free_types = excluded.free_types, version = follow_up_rules.version + 1
         WHERE follow_up_rules.hospital_id = $2 AND (CAST($6 AS BIGINT) IS NULL OR follow_up_rules.version = $6)",
        visit_type,
        here.object().0.0,
        rule.visits,
        rule.days,
        types,
        rule.version
    )?;
    Ok(rows == 1)
}

/// What a patient's visits with a doctor open, whether they were paid for or not.
pub(in crate::payments) async fn windows(
    conn: &mut Conn,
    patient: PatientId,
    doctor: DoctorId,
    now: i64,
) -> Result<Vec<WindowRow>> {
    Ok(sql!(
        conn,
        all WindowRow,
        select_window!("w.patient_id = $2 AND a.doctor_id = $3 ORDER BY a.starts_at, a.id"),
        now,
        patient.0,
        doctor.0
    )?)
}

/// What one visit opens.
pub(in crate::payments) async fn window(
    conn: &mut Conn,
    appointment: Uuid,
    now: i64,
) -> Result<Option<WindowRow>> {
    Ok(sql!(conn, optional WindowRow, select_window!("w.appointment_id = $2"), now, appointment)?)
}

/// The paid visit because of which a visit is free.
pub(in crate::payments) async fn paid_of(conn: &mut Conn, appointment: Uuid) -> Result<Option<(Uuid,)>> {
    Ok(sql!(
        conn,
        optional(Uuid,),
        "SELECT paid_id FROM follow_up_visits WHERE appointment_id = $1 AND ended_at IS NULL",
        appointment
    )?)
}

/// When free visits that hang on a paid one and have not begun are, and on whose clocks.
pub(in crate::payments) async fn hanging(conn: &mut Conn, paid: Uuid) -> Result<Vec<(i64, String)>> {
    Ok(sql!(
        conn,
        all(i64, String),
        not_begun!(
            "SELECT a.starts_at, a.time_zone FROM follow_up_visits f JOIN appointments a ON a.id = f.appointment_id
             WHERE f.paid_id = $1 AND f.ended_at IS NULL AND a.",
            ""
        ),
        paid
    )?)
}

/// Visits ahead that are free because of a paid one, and that the patient's side would have had to pay for before it booked them: id, begin,
/// and on whose clocks.
pub(in crate::payments) async fn paid_first(
    conn: &mut Conn,
    paid: Uuid,
    now: i64,
) -> Result<Vec<(Uuid, i64, String)>> {
    Ok(sql!(
        conn,
        all(Uuid, i64, String),
        "SELECT a.id, a.starts_at, a.time_zone FROM follow_up_visits f JOIN appointments a ON a.id = f.appointment_id
            JOIN visit_types t ON t.id = a.visit_type_id
            JOIN appointment_history s ON s.appointment_id = a.id AND s.seq = 1
         WHERE f.paid_id = $1 AND f.ended_at IS NULL AND a.status IN ('booked', 'confirmed') AND a.starts_at > $2
            AND t.prepaid AND s.put_by = 'patient'
         ORDER BY a.starts_at",
        paid,
        now
    )?)
}

/// Whether a visit was free because of another one, and is so no longer.
pub(in crate::payments) async fn has_ended(conn: &mut Conn, appointment: Uuid) -> Result<bool> {
    let found = sql!(
        conn,
        optional(Uuid,),
        "SELECT paid_id FROM follow_up_visits WHERE appointment_id = $1 AND ended_at IS NOT NULL",
        appointment
    )?;
    Ok(found.is_some())
}

/// Keeps the terms of a visit that is to be paid for, if its type opens anything and they are not kept yet, as they once were of holds.
pub(in crate::payments) async fn keep_terms(
    conn: &mut Conn,
    appointment: AppointmentId,
    patient: PatientId,
    visit_type: Uuid,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO follow_up_windows (appointment_id, hospital_id, patient_id, visits, days, free_types)
         SELECT $1, hospital_id, $2, visits, days, free_types FROM follow_up_rules WHERE visit_type_id = $3 AND visits > 0
         ON CONFLICT DO NOTHING",
        appointment.0,
        patient.0,
        visit_type
    )?;
    Ok(())
}

/// Notes that a visit is free because another one was paid for.
pub(in crate::payments) async fn hang(
    conn: &mut Conn,
    appointment: AppointmentId,
    paid: Uuid,
    (hospital, patient): (HospitalId, PatientId),
    price_minor: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO follow_up_visits (appointment_id, paid_id, hospital_id, patient_id, price_minor) VALUES ($1, $2, $3, $4, $5)",
        appointment.0,
        paid,
        hospital.0,
        patient.0,
        price_minor
    )?;
    Ok(())
}

/// What was free because of a visit and has not begun costs its price from now on; which visits these are.
pub(in crate::payments) async fn end(conn: &mut Conn, paid: Uuid, now: i64) -> Result<Vec<(Uuid,)>> {
    let priced = sql!(
        conn,
        all(Uuid,),
        not_begun!(
            "UPDATE appointments SET price_minor =
                (SELECT f.price_minor FROM follow_up_visits f WHERE f.appointment_id = appointments.id)
             WHERE id IN (SELECT f.appointment_id FROM follow_up_visits f WHERE f.paid_id = $1 AND f.ended_at IS NULL) AND ",
            " RETURNING id"
        ),
        paid
    )?;
    sql!(
        conn,
        execute,
        not_begun!(
            "UPDATE follow_up_visits SET ended_at = $2 WHERE paid_id = $1 AND ended_at IS NULL
                AND appointment_id IN (SELECT a.id FROM appointments a WHERE a.id = follow_up_visits.appointment_id AND a.",
            ")"
        ),
        paid,
        now
    )?;
    Ok(priced)
}

/// Whether a visit was called off together with others, and what follows from that waits until its patient is told.
pub(in crate::payments) async fn waits(conn: &mut Conn, appointment: Uuid) -> Result<bool> {
    let found = sql!(
        conn,
        optional(i64,),
        "SELECT i.position FROM mass_change_items i
         WHERE i.appointment_id = $1 AND i.kind = 'cancel' AND i.made_version IS NOT NULL AND i.settled_at IS NULL
           AND (i.outcome IS NULL OR i.outcome <> 'back') LIMIT 1",
        appointment
    )?;
    Ok(found.is_some())
}

/// A visit that was free costs its price from now on.
pub(in crate::payments) async fn end_one<A, R>(
    conn: &mut Conn,
    _proof: &Authorized<A, R>,
    appointment: AppointmentId,
    now: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE appointments SET price_minor = (SELECT f.price_minor FROM follow_up_visits f WHERE f.appointment_id = $1)
         WHERE id = $1",
        appointment.0
    )?;
    sql!(
        conn,
        execute,
        "UPDATE follow_up_visits SET ended_at = $2 WHERE appointment_id = $1 AND ended_at IS NULL",
        appointment.0,
        now
    )?;
    Ok(())
}
