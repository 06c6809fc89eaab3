//! SQL of the waiting list: who waits, and where she stands.
//!
//! Nothing is decided here.

pub(super) mod offers;
pub(super) mod relay;

use domain::ids::{DoctorId, PatientId, WaitlistEntryId};
use uuid::Uuid;

use crate::{
    access::{
        Authorized, JoinWaitlist, OfAccount, OfHospital, OfPatient, ReadOwnAccount, ReadWaitlist, Sealed,
    },
    db::{Conn, sql},
    error::Result,
};

/// An entry with the names that people know it by, and the hold that is open for it: columns that are needed besides, and a condition.
macro_rules! select_entry {
    ($more:literal, $tail:literal) => {
        concat!(
            "SELECT e.id, e.patient_id, p.full_name AS patient_name, e.account_id, e.hospital_id, h.name AS hospital_name,
                    h.time_zone, e.doctor_id, d.name AS doctor_name, d.specialties, e.visit_type_id,
                    v.name AS visit_type_name, e.appointment_id, m.starts_at AS appointment_starts_at, e.from_date,
                    e.until_date, e.weekdays, e.day_parts, e.status, e.created_at, e.version, o.appointment_id AS hold_id,
                    o.ends_at AS offer_ends_at, k.starts_at AS hold_starts_at, k.ends_at AS hold_ends_at,
                    k.status AS hold_status, k.price_minor AS hold_price_minor, k.currency AS hold_currency",
            $more,
            " FROM waitlist_entries e
             JOIN patients p ON p.id = e.patient_id
             JOIN hospitals h ON h.id = e.hospital_id
             JOIN doctors d ON d.id = e.doctor_id
             JOIN visit_types v ON v.id = e.visit_type_id
             LEFT JOIN appointments m ON m.id = e.appointment_id
             LEFT JOIN waitlist_offers o ON o.entry_id = e.id AND o.outcome = 'open'
             LEFT JOIN appointments k ON k.id = o.appointment_id ",
            $tail
        )
    };
}
pub(super) use select_entry;

/// Somebody on a waiting list.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct EntryRow {
    pub(super) id: Uuid,
    pub(super) patient_id: Uuid,
    pub(super) patient_name: String,
    /// Who has put her there.
    pub(super) account_id: Uuid,
    pub(super) hospital_id: Uuid,
    pub(super) hospital_name: String,
    pub(super) time_zone: String,
    pub(super) doctor_id: Uuid,
    pub(super) doctor_name: String,
    /// Codes, as a JSON list.
    pub(super) specialties: String,
    pub(super) visit_type_id: Uuid,
    pub(super) visit_type_name: String,
    pub(super) appointment_id: Option<Uuid>,
    pub(super) appointment_starts_at: Option<i64>,
    pub(super) from_date: String,
    pub(super) until_date: String,
    pub(super) weekdays: i64,
    pub(super) day_parts: i64,
    pub(super) status: String,
    pub(super) created_at: i64,
    pub(super) version: i64,
    /// The hold of the open offer, whether its end has passed or not.
    pub(super) hold_id: Option<Uuid>,
    pub(super) offer_ends_at: Option<i64>,
    pub(super) hold_starts_at: Option<i64>,
    pub(super) hold_ends_at: Option<i64>,
    pub(super) hold_status: Option<String>,
    pub(super) hold_price_minor: Option<i64>,
    pub(super) hold_currency: Option<String>,
}

/// An entry as it is made.
#[derive(Debug, Clone)]
pub(super) struct NewEntry {
    pub(super) id: WaitlistEntryId,
    pub(super) hospital: Uuid,
    pub(super) doctor: DoctorId,
    pub(super) visit_type: Uuid,
    pub(super) appointment: Option<Uuid>,
    pub(super) from: String,
    pub(super) until: String,
    pub(super) weekdays: i64,
    pub(super) day_parts: i64,
    pub(super) now: i64,
}

/// Somebody in the line, as her hospital sees it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct LineRow {
    #[sqlx(flatten)]
    pub(super) entry: EntryRow,
    pub(super) ahead: i64,
    pub(super) lapsed: i64,
}

/// Where an entry stands in the line, and how much is offered there.
#[derive(sqlx::FromRow)]
pub(super) struct Prospects {
    pub(super) ahead: i64,
    pub(super) lately: i64,
}

pub(super) async fn find(conn: &mut Conn, id: WaitlistEntryId) -> Result<Option<EntryRow>> {
    Ok(sql!(conn, optional EntryRow, select_entry!("", "WHERE e.id = $1"), id.0)?)
}

/// Entries of the patients of an account: those in the line, and those made since an instant. Which of them it may see is asked of the
/// guard, one by one.
pub(super) async fn own(
    conn: &mut Conn,
    own: &Authorized<ReadOwnAccount, OfAccount>,
    since: i64,
) -> Result<Vec<EntryRow>> {
    Ok(sql!(
        conn,
        all EntryRow,
        select_entry!(
            "",
            "WHERE e.patient_id IN (SELECT a.patient_id FROM patient_accounts a WHERE a.account_id = $1 AND a.ended_at IS NULL)
               AND (e.status IN ('waiting', 'offered') OR e.created_at > $2)
             ORDER BY CASE WHEN e.status IN ('waiting', 'offered') THEN 0 ELSE 1 END, e.created_at DESC, e.id LIMIT 200"
        ),
        own.object().id().0,
        since
    )?)
}

/// The line of a hospital, those who came first before the others: of the doctor who asks, and of one that was asked for.
pub(super) async fn of_hospital(
    conn: &mut Conn,
    here: &Authorized<ReadWaitlist, OfHospital>,
    (asking, wanted): (Option<DoctorId>, Option<DoctorId>),
) -> Result<Sealed<Vec<LineRow>>> {
    let rows = sql!(
        conn,
        all LineRow,
        select_entry!(
            ",
                    (SELECT COUNT(*) FROM waitlist_entries b WHERE b.doctor_id = e.doctor_id AND b.visit_type_id = e.visit_type_id
                        AND b.status IN ('waiting', 'offered') AND (b.created_at, b.id) < (e.created_at, e.id)) AS ahead,
                    (SELECT COUNT(*) FROM waitlist_offers l WHERE l.entry_id = e.id AND l.outcome = 'lapsed') AS lapsed",
            "WHERE e.hospital_id = $1 AND e.status IN ('waiting', 'offered') AND ($2 IS NULL OR e.doctor_id = $2)
               AND ($3 IS NULL OR e.doctor_id = $3)
             ORDER BY e.created_at, e.id LIMIT 500"
        ),
        here.object().0.0,
        asking.map(|doctor| doctor.0),
        wanted.map(|doctor| doctor.0)
    )?;
    let patients: Vec<_> = rows.iter().map(|row| PatientId(row.entry.patient_id)).collect();
    Ok(Sealed::about(rows, patients))
}

/// How many are before an entry, and how often somebody was offered a time of its doctor since an instant. Numbers only.
pub(super) async fn prospects(conn: &mut Conn, entry: Uuid, since: i64) -> Result<Option<Prospects>> {
    Ok(sql!(
        conn,
        optional Prospects,
        "SELECT (SELECT COUNT(*) FROM waitlist_entries b WHERE b.doctor_id = e.doctor_id AND b.visit_type_id = e.visit_type_id
                    AND b.status IN ('waiting', 'offered') AND (b.created_at, b.id) < (e.created_at, e.id)) AS ahead,
                (SELECT COUNT(*) FROM waitlist_entries c JOIN waitlist_offers o ON o.entry_id = c.id
                    WHERE c.doctor_id = e.doctor_id AND o.offered_at > $2) AS lately
         FROM waitlist_entries e WHERE e.id = $1",
        entry,
        since
    )?)
}

/// In how many lines a patient stands, and how many the caller has joined for all for whom she acts.
pub(super) async fn open(conn: &mut Conn, whom: &Authorized<JoinWaitlist, OfPatient>) -> Result<(i64, i64)> {
    Ok(sql!(
        conn,
        one(i64, i64),
        "SELECT COUNT(*),
                (SELECT COUNT(*) FROM own_waits o WHERE o.account_id = $2 AND o.status IN ('waiting', 'offered'))
         FROM waitlist_entries WHERE patient_id = $1 AND status IN ('waiting', 'offered')",
        whom.object().patient.0,
        whom.by().0
    )?)
}

pub(super) async fn insert(
    conn: &mut Conn,
    whom: &Authorized<JoinWaitlist, OfPatient>,
    new: NewEntry,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO waitlist_entries (id, patient_id, account_id, hospital_id, doctor_id, visit_type_id, appointment_id, from_date,
                until_date, weekdays, day_parts, status, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'waiting', $12, 1)",
        new.id.0,
        whom.object().patient.0,
        whom.by().0,
        new.hospital,
        new.doctor.0,
        new.visit_type,
        new.appointment,
        new.from,
        new.until,
        new.weekdays,
        new.day_parts,
        new.now
    )?;
    Ok(())
}

/// Moves an entry on if it still has the version that was read.
pub(super) async fn set_status(conn: &mut Conn, id: Uuid, version: i64, status: &str) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE waitlist_entries SET status = $3, version = version + 1 WHERE id = $1 AND version = $2",
        id,
        version,
        status
    )?;
    Ok(rows == 1)
}
