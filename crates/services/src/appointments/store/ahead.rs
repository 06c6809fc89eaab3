//! SQL of what a doctor has ahead, where her hours or many of her visits change.
//!
//! Nothing is decided here.

use domain::{ids::DoctorId, time::Span};
use uuid::Uuid;

use super::{AppointmentRow, appointment_columns, select_appointment};
use crate::{
    access::Authorized,
    db::{Conn, sql},
    error::Result,
};

/// What is booked or held with a doctor and begins in a span, by begin. The proof is for her hours, her visits, or her hospital.
pub(crate) async fn of_doctor<A, R>(
    conn: &mut Conn,
    _proof: &Authorized<A, R>,
    doctor: DoctorId,
    span: Span,
    now: i64,
    limit: i64,
) -> Result<Vec<AppointmentRow>> {
    Ok(sql!(
        conn,
        all AppointmentRow,
        select_appointment!(
            "WHERE a.doctor_id = $1 AND a.starts_at >= $2 AND a.starts_at < $3 AND a.occupies
               AND a.status IN ('booked', 'confirmed', 'held', 'pending-payment')
               AND (a.hold_expires_at IS NULL OR a.hold_expires_at > $4)
             ORDER BY a.starts_at, a.id LIMIT $5"
        ),
        doctor.0,
        span.start,
        span.end,
        now,
        limit
    )?)
}

/// The holds of a doctor that are offers to those who wait.
pub(crate) async fn offered<A, R>(
    conn: &mut Conn,
    _proof: &Authorized<A, R>,
    doctor: DoctorId,
) -> Result<Vec<(Uuid,)>> {
    Ok(sql!(
        conn,
        all(Uuid,),
        "SELECT o.appointment_id FROM appointments a JOIN waitlist_offers o ON o.appointment_id = a.id
         WHERE a.doctor_id = $1 AND o.outcome = 'open'",
        doctor.0
    )?)
}
