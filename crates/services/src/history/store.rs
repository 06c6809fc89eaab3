//! SQL of the steps of all visits, and of who waits for what.
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

/// Somebody who waits for a time, or has waited.
#[derive(Debug, Clone, serde::Serialize, sqlx::FromRow)]
pub struct TakenPlace {
    /// Her place in a line.
    pub entry: Uuid,
    /// Who waits.
    #[sqlx(rename = "patient_id")]
    pub patient: Uuid,
    /// With whom.
    #[sqlx(rename = "doctor_id")]
    pub doctor: Uuid,
    /// What for.
    #[sqlx(rename = "visit_type_id")]
    pub visit_type: Uuid,
    /// The visit that is to be put on an earlier time.
    #[sqlx(rename = "appointment_id")]
    pub moves: Option<Uuid>,
    /// Since when, by the clock of the server.
    #[sqlx(rename = "created_at")]
    pub joined_at: i64,
    /// The account that has put her there.
    #[sqlx(rename = "account_id")]
    pub by: Uuid,
    /// Where she stands now.
    pub status: String,
    /// How often that has changed, from 1.
    pub version: i64,
}

/// A time that was kept for somebody who waits.
#[derive(Debug, Clone, serde::Serialize, sqlx::FromRow)]
pub struct KeptTime {
    /// Its id.
    pub offer: Uuid,
    /// The hold that keeps it.
    #[sqlx(rename = "appointment_id")]
    pub hold: Uuid,
    /// For which place in a line.
    #[sqlx(rename = "entry_id")]
    pub of_entry: Uuid,
    /// When the visit would begin.
    pub starts_at: i64,
    /// Since when it is kept, by the clock of the server.
    pub offered_at: i64,
    /// Until when.
    pub ends_at: i64,
    /// What has become of it.
    pub outcome: String,
}

/// A few thousand places in lines after one.
pub(super) async fn places(conn: &mut Conn, after: Uuid) -> Result<Vec<TakenPlace>> {
    Ok(sql!(
        conn,
        all TakenPlace,
        "SELECT id AS entry, patient_id, doctor_id, visit_type_id, appointment_id, created_at, account_id, status, version
         FROM waitlist_entries WHERE id > $1 ORDER BY id LIMIT 5000",
        after
    )?)
}

/// A few thousand kept times after one.
pub(super) async fn kept(conn: &mut Conn, after: Uuid) -> Result<Vec<KeptTime>> {
    Ok(sql!(
        conn,
        all KeptTime,
        "SELECT id AS offer, appointment_id, entry_id, starts_at, offered_at, ends_at, outcome
         FROM waitlist_offers WHERE id > $1 ORDER BY id LIMIT 5000",
        after
    )?)
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
