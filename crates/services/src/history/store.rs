//! SQL of the steps of all visits.
//!
//! Nothing is decided here.

use uuid::Uuid;

use crate::{
    db::{Conn, sql},
    error::Result,
};

/// A step of a visit, and its place in the order in which the database took the steps of all visits.
#[derive(Debug, Clone, serde::Serialize, sqlx::FromRow)]
pub struct TakenStep {
    /// Its place.
    pub ordinal: i64,
    /// Of which visit.
    #[sqlx(rename = "appointment_id")]
    pub appointment: Uuid,
    /// The how manieth of this visit, from 1.
    pub seq: i64,
    /// The status before; none at booking.
    #[sqlx(rename = "from_status")]
    pub from: Option<String>,
    /// The status after.
    #[sqlx(rename = "to_status")]
    pub to: String,
    /// When, by the clock of the server.
    pub at: i64,
    /// When the visit is to begin from here on, where the step says that.
    pub starts_at: Option<i64>,
    /// With whom, where the step says that.
    #[sqlx(rename = "doctor_id")]
    pub doctor: Option<Uuid>,
    /// Whose visit it is.
    #[sqlx(rename = "patient_id")]
    pub patient: Uuid,
    /// What was booked.
    #[sqlx(rename = "visit_type_id")]
    pub visit_type: Uuid,
    /// The account that did it; none for the house itself.
    #[sqlx(rename = "by_account")]
    pub by: Option<Uuid>,
}

/// A few thousand steps after one, in order.
pub(super) async fn after(conn: &mut Conn, ordinal: i64) -> Result<Vec<TakenStep>> {
    Ok(sql!(
        conn,
        all TakenStep,
        "SELECT s.ordinal, s.appointment_id, s.seq, s.from_status, s.to_status, s.at, s.starts_at, s.doctor_id, a.patient_id,
                a.visit_type_id, s.by_account
         FROM appointment_history s JOIN appointments a ON a.id = s.appointment_id
         WHERE s.ordinal > $1 ORDER BY s.ordinal LIMIT 5000",
        ordinal
    )?)
}
