//! SQL of the desk's queue: numbers of the day, and when people came and were called.
//!
//! Nothing is decided here.

use domain::{ids::HospitalId, time::Span};
use uuid::Uuid;

use crate::{
    access::{Authorized, OfHospital, ReadSchedule},
    db::{Conn, sql},
    error::Result,
};

/// The next number of a hospital's day. Whoever draws one after the other waits for her to commit, so none is given twice.
///
/// The first one comes after those of other days that are still called: of visits that begin since an instant.
pub(in crate::appointments) async fn draw(
    conn: &mut Conn,
    hospital: HospitalId,
    day: &str,
    since: i64,
) -> Result<i64> {
    let (number,) = sql!(
        conn,
        one(i64,),
        "INSERT INTO ticket_numbers (hospital_id, day, last_number)
         VALUES ($1, $2, CASE WHEN EXISTS (SELECT 1 FROM ticket_numbers t WHERE t.hospital_id = $1 AND t.day = $2) THEN 1
            ELSE 1 + COALESCE((SELECT MAX(o.ticket) FROM open_numbers o
                               WHERE o.hospital_id = $1 AND o.ticket_day <> $2 AND o.starts_at >= $3), 0) END)
         ON CONFLICT (hospital_id, day) DO UPDATE SET last_number = ticket_numbers.last_number + 1 RETURNING last_number",
        hospital.0,
        day,
        since
    )?;
    Ok(number)
}

/// When somebody came and was called, the last time each.
#[derive(sqlx::FromRow)]
pub(in crate::appointments) struct TimesRow {
    pub(in crate::appointments) appointment_id: Uuid,
    pub(in crate::appointments) arrived_at: Option<i64>,
    pub(in crate::appointments) called_at: Option<i64>,
}

/// Of all visits of a hospital that begin on a day, have a number of it, or begin around now and have one of another day. It is
/// instants only; whose they are is shown to whoever sees the visit.
pub(in crate::appointments) async fn times(
    conn: &mut Conn,
    here: &Authorized<ReadSchedule, OfHospital>,
    (day, span): (&str, Span),
    around: Span,
) -> Result<Vec<TimesRow>> {
    Ok(sql!(
        conn,
        all TimesRow,
        "SELECT s.appointment_id, MAX(CASE WHEN s.to_status = 'arrived' THEN s.at END) AS arrived_at,
                MAX(CASE WHEN s.to_status = 'in-progress' THEN s.at END) AS called_at
         FROM appointment_history s
         WHERE s.to_status IN ('arrived', 'in-progress') AND s.appointment_id IN
            (SELECT id FROM appointments WHERE hospital_id = $1 AND starts_at >= $2 AND starts_at < $3
             UNION ALL SELECT id FROM appointments WHERE hospital_id = $1 AND ticket_day = $4 AND ticket IS NOT NULL
             UNION ALL SELECT id FROM appointments WHERE hospital_id = $1 AND ticket IS NOT NULL AND starts_at >= $5 AND starts_at < $6)
         GROUP BY s.appointment_id",
        here.object().0.0,
        span.start,
        span.end,
        day,
        around.start,
        around.end
    )?)
}
