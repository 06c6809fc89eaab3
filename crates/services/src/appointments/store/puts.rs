//! SQL of the times on which a visit was put, and by whose hand.
//!
//! Nothing is decided here.

use domain::ids::AppointmentId;

use super::Visible;
use crate::{
    db::{Conn, sql},
    error::Result,
};

/// The code of a step that puts a visit back where it was before a change of many visits: nobody has chosen its time there.
pub(in crate::appointments) const UNDONE: &str = "undo";

/// The times on which a visit was put, in their order: begin, instant and hand. What was undone, and the step back, count as none.
pub(in crate::appointments) async fn of(
    conn: &mut Conn,
    visit: AppointmentId,
) -> Result<Vec<(i64, i64, String)>> {
    Ok(sql!(
        conn,
        all(i64, i64, String),
        "SELECT s.starts_at, s.at, s.put_by FROM appointment_history s
         WHERE s.appointment_id = $1 AND s.starts_at IS NOT NULL AND s.put_by <> 'undo'
           AND NOT EXISTS (SELECT 1 FROM appointment_history u
                WHERE u.appointment_id = $1 AND u.seq = s.seq + 1 AND u.put_by = 'undo')
         ORDER BY s.seq",
        visit.0
    )?)
}

/// How often an appointment has been put on another time by those who mind its patient.
pub(in crate::appointments) async fn moves_by_patient(conn: &mut Conn, of: &Visible) -> Result<i64> {
    let (count,) = sql!(
        conn,
        one(i64,),
        "SELECT COUNT(*) FROM appointment_history s WHERE s.appointment_id = $1 AND s.seq > 1 AND s.put_by = 'patient'",
        of.object().id
    )?;
    Ok(count)
}
