//! SQL of emergencies.
//!
//! Nothing is decided here.

use domain::{
    access::Emergency,
    ids::{AccountId, EmergencyId},
};
use uuid::Uuid;

use crate::{
    access::{Authorized, DeclareEmergency, OfHospital, ReadAudit, Sealed},
    db::{Conn, On, sql},
    error::Result,
};

#[derive(sqlx::FromRow)]
struct LastingRow {
    hospital_id: Uuid,
    patient_id: Uuid,
}

/// What an account may look at beyond its care, at this moment.
pub(crate) async fn lasting(conn: &mut Conn, account: AccountId, now: i64) -> Result<Vec<Emergency>> {
    let rows = sql!(
        conn,
        all LastingRow,
        "SELECT hospital_id, patient_id FROM emergencies WHERE account_id = $1 AND ends_at > $2",
        account.0,
        now
    )?;
    Ok(rows
        .into_iter()
        .map(|row| Emergency { hospital_id: row.hospital_id.into(), patient_id: row.patient_id.into() })
        .collect())
}

#[derive(sqlx::FromRow)]
struct PatientRow {
    id: Uuid,
}

/// Patients of the hospital with this name and this date of birth.
pub(super) async fn patients_called(
    conn: &mut Conn,
    here: &Authorized<DeclareEmergency, OfHospital>,
    search_name: &str,
    birth_date: &str,
) -> Result<Vec<Uuid>> {
    let rows = sql!(
        conn,
        all PatientRow,
        "SELECT p.id FROM hospital_patients k JOIN patients p ON p.id = k.patient_id
         WHERE k.hospital_id = $1 AND p.search_name = $2 AND p.birth_date = $3 LIMIT 2",
        here.object().0.0,
        search_name,
        birth_date
    )?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

#[derive(sqlx::FromRow)]
struct OwnerRow {
    account_id: Uuid,
    email: String,
}

/// Accounts that own a patient or may see today who looked at her record, with the addresses that they have confirmed. `private_after`: whoever was
/// born later is a small child.
pub(super) async fn owners(
    conn: &mut Conn,
    _here: &Authorized<DeclareEmergency, OfHospital>,
    patient: Uuid,
    (today, private_after): (&str, &str),
) -> Result<Vec<(Uuid, String)>> {
    let rows = sql!(
        conn,
        all OwnerRow,
        "SELECT o.account_id, a.email FROM patient_accounts o
         JOIN accounts a ON a.id = o.account_id
         JOIN patients c ON c.id = o.patient_id
         WHERE o.patient_id = $1 AND a.verified_at IS NOT NULL AND o.ended_at IS NULL
           AND (o.relation = 'self' OR (o.may_records AND o.may_sensitive AND (o.from_date IS NULL OR o.from_date <= $2)
                AND (o.until_date IS NULL OR o.until_date >= $2) AND (o.given = 'patient' OR c.birth_date > $3)))",
        patient,
        today,
        private_after
    )?;
    Ok(rows.into_iter().map(|row| (row.account_id, row.email)).collect())
}

/// Active administrators of the hospital but the caller, with the addresses that they have confirmed.
pub(super) async fn administrators(
    conn: &mut Conn,
    here: &Authorized<DeclareEmergency, OfHospital>,
) -> Result<Vec<(Uuid, String)>> {
    Ok(sql!(
        conn,
        all(Uuid, String),
        "SELECT m.account_id, a.email FROM memberships m JOIN accounts a ON a.id = m.account_id
         WHERE m.hospital_id = $1 AND m.role = 'hospital_admin' AND m.state = 'active' AND m.account_id <> $2
           AND a.verified_at IS NOT NULL
         ORDER BY m.account_id",
        here.object().0.0,
        here.by().0
    )?)
}

/// What an administrator is told of an emergency, and where.
#[derive(sqlx::FromRow)]
pub(crate) struct Told {
    pub(crate) email: String,
    pub(crate) declared_by: String,
    pub(crate) declared_at: i64,
    pub(crate) hospital_id: Uuid,
    pub(crate) hospital: String,
    pub(crate) time_zone: String,
}

/// An emergency, for an account that administers its hospital.
pub(super) async fn told(conn: &mut Conn, account: Uuid, emergency: Uuid) -> Result<Option<Told>> {
    Ok(sql!(
        conn,
        optional Told,
        "SELECT a.email, n.full_name AS declared_by, e.declared_at, e.hospital_id, h.name AS hospital, h.time_zone
         FROM memberships m
         JOIN accounts a ON a.id = m.account_id
         JOIN hospitals h ON h.id = m.hospital_id
         JOIN emergencies e ON e.hospital_id = m.hospital_id
         JOIN account_names n ON n.id = e.account_id
         WHERE m.account_id = $1 AND m.role = 'hospital_admin' AND m.state = 'active' AND a.verified_at IS NOT NULL
           AND e.id = $2",
        account,
        emergency
    )?)
}

/// Notes that the caller tries to declare one, unless she has done so too often since an instant. One after the other, wherever she
/// asks: SQLite's one writer does so by itself.
pub(super) async fn try_once_more(
    conn: &mut Conn,
    here: &Authorized<DeclareEmergency, OfHospital>,
    id: Uuid,
    (since, now): (i64, i64),
    most: i64,
) -> Result<bool> {
    if matches!(conn.on, On::Postgres(_)) {
        let whose = here.by().0.to_string();
        sql!(conn, execute, "SELECT pg_advisory_xact_lock(hashtextextended('emergency ' || $1, 0))", whose)?;
    }
    sql!(
        conn,
        execute,
        "DELETE FROM emergency_tries WHERE account_id = $1 AND at <= $2",
        here.by().0,
        since
    )?;
    let (count,) =
        sql!(conn, one(i64,), "SELECT COUNT(*) FROM emergency_tries WHERE account_id = $1", here.by().0)?;
    if count >= most {
        return Ok(false);
    }
    sql!(
        conn,
        execute,
        "INSERT INTO emergency_tries (id, account_id, at) VALUES ($1, $2, $3)",
        id,
        here.by().0,
        now
    )?;
    Ok(true)
}

/// An emergency as it is written.
#[derive(Clone)]
pub(super) struct NewEmergency {
    pub(super) id: EmergencyId,
    pub(super) patient: Uuid,
    pub(super) reason: String,
    pub(super) declared_at: i64,
    pub(super) ends_at: i64,
}

pub(super) async fn insert(
    conn: &mut Conn,
    here: &Authorized<DeclareEmergency, OfHospital>,
    new: NewEmergency,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO emergencies (id, hospital_id, patient_id, account_id, reason, declared_at, ends_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        new.id.0,
        here.object().0.0,
        new.patient,
        here.by().0,
        new.reason,
        new.declared_at,
        new.ends_at
    )?;
    Ok(())
}

#[derive(Clone, sqlx::FromRow)]
pub(super) struct EmergencyRow {
    pub(super) id: Uuid,
    pub(super) hospital_id: Uuid,
    pub(super) patient_id: Uuid,
    pub(super) patient_name: String,
    pub(super) account_id: Uuid,
    pub(super) declared_by: String,
    pub(super) reason: String,
    pub(super) declared_at: i64,
    pub(super) ends_at: i64,
    pub(super) reviewed_at: Option<i64>,
    pub(super) reviewed_by: Option<String>,
    pub(super) finding: Option<String>,
    pub(super) note: Option<String>,
}

macro_rules! select_emergency {
    ($tail:literal) => {
        concat!(
            "SELECT e.id, e.hospital_id, e.patient_id, p.full_name AS patient_name, e.account_id,
                    a.full_name AS declared_by, e.reason, e.declared_at, e.ends_at, e.reviewed_at,
                    r.full_name AS reviewed_by, e.finding, e.note
             FROM emergencies e
             JOIN patients p ON p.id = e.patient_id
             JOIN account_names a ON a.id = e.account_id
             LEFT JOIN account_names r ON r.id = e.reviewed_by ",
            $tail
        )
    };
}

/// The emergency that was just declared.
pub(super) async fn declared(
    conn: &mut Conn,
    here: &Authorized<DeclareEmergency, OfHospital>,
    id: EmergencyId,
) -> Result<Option<EmergencyRow>> {
    Ok(sql!(
        conn,
        optional EmergencyRow,
        select_emergency!("WHERE e.hospital_id = $1 AND e.id = $2 AND e.account_id = $3"),
        here.object().0.0,
        id.0,
        here.by().0
    )?)
}

/// One emergency of the hospital.
pub(super) async fn find(
    conn: &mut Conn,
    here: &Authorized<ReadAudit, OfHospital>,
    id: EmergencyId,
) -> Result<Option<EmergencyRow>> {
    Ok(sql!(
        conn,
        optional EmergencyRow,
        select_emergency!("WHERE e.hospital_id = $1 AND e.id = $2"),
        here.object().0.0,
        id.0
    )?)
}

/// Emergencies of the hospital, unreviewed ones first, then the latest, behind a place.
pub(super) async fn list(
    conn: &mut Conn,
    here: &Authorized<ReadAudit, OfHospital>,
    after: (i64, i64, Uuid),
    limit: i64,
) -> Result<Sealed<Vec<EmergencyRow>>> {
    let rows = sql!(
        conn,
        all EmergencyRow,
        select_emergency!(
            "WHERE e.hospital_id = $1
               AND (CASE WHEN e.reviewed_at IS NULL THEN 0 ELSE 1 END, -e.declared_at, e.id) > ($2, $3, $4)
             ORDER BY CASE WHEN e.reviewed_at IS NULL THEN 0 ELSE 1 END, -e.declared_at, e.id LIMIT $5"
        ),
        here.object().0.0,
        after.0,
        after.1,
        after.2,
        limit
    )?;
    let patients: Vec<_> = rows.iter().map(|row| row.patient_id.into()).collect();
    Ok(Sealed::about(rows, patients))
}

/// Writes what was found, once; not by whoever declared it.
pub(super) async fn review(
    conn: &mut Conn,
    here: &Authorized<ReadAudit, OfHospital>,
    id: EmergencyId,
    finding: &str,
    note: Option<&str>,
    now: i64,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE emergencies SET reviewed_at = $3, reviewed_by = $4, finding = $5, note = $6
         WHERE hospital_id = $1 AND id = $2 AND reviewed_at IS NULL AND account_id <> $4",
        here.object().0.0,
        id.0,
        now,
        here.by().0,
        finding,
        note
    )?;
    Ok(rows == 1)
}
