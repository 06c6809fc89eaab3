//! SQL of visits that were booked as one row.
//!
//! Nothing is decided here.

use domain::{
    ids::{AppointmentId, HospitalId, SeriesId},
    time::Span,
};
use uuid::Uuid;

use super::{AppointmentRow, Visible, appointment_columns, select_appointment};
use crate::{
    access::{Authorized, BookAppointment, OfPatient, Sealed},
    db::{Conn, sql},
    error::Result,
};

/// Puts a visit that has just been written into its row.
pub(in crate::appointments) async fn join(
    conn: &mut Conn,
    visit: AppointmentId,
    (series, number): (SeriesId, i64),
) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE appointments SET series_id = $2, series_number = $3 WHERE id = $1",
        visit.0,
        series.0,
        number
    )?;
    Ok(())
}

/// The row that a visit belongs to.
pub(in crate::appointments) async fn of(conn: &mut Conn, of: &Visible) -> Result<Option<SeriesId>> {
    let row = sql!(
        conn,
        optional(Uuid,),
        "SELECT series_id FROM appointments WHERE id = $1 AND series_id IS NOT NULL",
        of.object().id
    )?;
    Ok(row.map(|(series,)| SeriesId(series)))
}

/// The visits of a row in order, whoever may see them.
pub(in crate::appointments) async fn visits(
    conn: &mut Conn,
    series: SeriesId,
) -> Result<Vec<AppointmentRow>> {
    Ok(sql!(
        conn,
        all AppointmentRow,
        select_appointment!("WHERE a.series_id = $1 ORDER BY a.series_number"),
        series.0
    )?)
}

/// The numbers of its visits.
pub(in crate::appointments) async fn numbers(conn: &mut Conn, series: SeriesId) -> Result<Vec<(Uuid, i64)>> {
    Ok(sql!(
        conn,
        all(Uuid, i64),
        "SELECT id, series_number FROM appointments WHERE series_id = $1 ORDER BY series_number",
        series.0
    )?)
}

/// When a patient is elsewhere within a span: everywhere, or at one hospital.
pub(in crate::appointments) async fn engagements(
    conn: &mut Conn,
    whom: &Authorized<BookAppointment, OfPatient>,
    span: Span,
    (hospital, now): (Option<HospitalId>, i64),
) -> Result<Sealed<Vec<Span>>> {
    let rows = sql!(
        conn,
        all(i64, i64),
        "SELECT starts_at, ends_at FROM appointments
         WHERE patient_id = $1 AND occupies AND starts_at < $3 AND ends_at > $2
           AND (hold_expires_at IS NULL OR hold_expires_at > $5) AND ($4 IS NULL OR hospital_id = $4)",
        whom.object().patient.0,
        span.start,
        span.end,
        hospital.map(|hospital| hospital.0),
        now
    )?;
    let engaged = rows.into_iter().map(|(start, end)| Span { start, end }).collect();
    Ok(Sealed::about(engaged, [whom.object().patient]))
}
