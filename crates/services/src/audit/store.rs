//! SQL of the audit: appending to chains, walking along them, and what patients and hospitals see of them.
//!
//! Nothing is decided here.

pub(super) mod questions;
pub(super) mod size;

use std::sync::Arc;

use uuid::Uuid;

use super::{
    Managed, Own, Place,
    entry::{Entry, Hashed},
};
use crate::{
    access::Sealed,
    db::{Conn, On, sql},
    error::{Error, Result},
};

/// An entry as it stands in the table.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct EventRow {
    pub(super) chain: String,
    pub(super) seq: i64,
    pub(super) at: i64,
    pub(super) account_id: Option<Uuid>,
    pub(super) sign_in: Option<Uuid>,
    pub(super) address: String,
    pub(super) device: String,
    pub(super) action: String,
    pub(super) outcome: String,
    pub(super) basis: String,
    pub(super) purpose: String,
    pub(super) hospital_id: Option<Uuid>,
    pub(super) entity: String,
    pub(super) entity_id: Option<Uuid>,
    pub(super) patients: String,
    pub(super) hash: Vec<u8>,
}

impl EventRow {
    pub(super) fn hashed(&self) -> Hashed<'_> {
        Hashed {
            chain: &self.chain,
            seq: self.seq,
            at: self.at,
            account: self.account_id,
            sign_in: self.sign_in,
            address: &self.address,
            device: &self.device,
            action: &self.action,
            outcome: &self.outcome,
            basis: &self.basis,
            purpose: &self.purpose,
            hospital: self.hospital_id,
            entity: &self.entity,
            entity_id: self.entity_id,
            patients: &self.patients,
        }
    }
}

/// The end of a chain.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct HeadRow {
    pub(super) seq: i64,
    pub(super) hash: Vec<u8>,
}

async fn head(conn: &mut Conn, chain: &str) -> Result<Option<HeadRow>> {
    if matches!(conn.on, On::Postgres(_)) {
        // One after the other: whoever waits here reads afterwards what the one before has committed.
        sql!(conn, execute, "SELECT pg_advisory_xact_lock(hashtextextended('audit ' || $1, 0))", chain)?;
    }
    if let Some(head) = conn.recall::<HeadRow>(chain) {
        return Ok(Some((*head).clone()));
    }
    Ok(sql!(
        conn,
        optional HeadRow,
        "SELECT seq, hash FROM audit_heads WHERE chain = $1 ORDER BY seq DESC LIMIT 1",
        chain
    )?)
}

/// Writes an entry behind the last one of its chain.
pub(crate) async fn append(conn: &mut Conn, entry: Entry) -> Result<()> {
    let chain = entry.chain();
    let (seq, before) = match head(conn, &chain).await? {
        Some(head) => (head.seq + 1, head.hash),
        None => (1, Vec::new()),
    };
    let patients = entry.patients_text();
    let hashed = Hashed {
        chain: &chain,
        seq,
        at: entry.at,
        account: entry.account,
        sign_in: entry.sign_in,
        address: &entry.address,
        device: &entry.device,
        action: entry.action,
        outcome: entry.outcome,
        basis: entry.basis,
        purpose: entry.purpose,
        hospital: entry.hospital,
        entity: entry.entity,
        entity_id: entry.entity_id,
        patients: &patients,
    };
    let hash = hashed.after(&before).to_vec();
    insert(conn, &hashed, &hash).await?;
    conn.keep(&chain, Arc::new(HeadRow { seq, hash }));
    insert_subjects(conn, &entry, &chain, seq).await
}

/// In one statement, however many there are: the end of the chain is held meanwhile.
async fn insert_subjects(conn: &mut Conn, entry: &Entry, chain: &str, seq: i64) -> Result<()> {
    if entry.patients.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = entry.patients.iter().map(|patient| patient.simple().to_string()).collect();
    let ids = serde_json::to_string(&ids).map_err(|error| Error::Library(error.to_string()))?;
    if matches!(conn.on, On::Postgres(_)) {
        sql!(
            conn,
            execute,
            "INSERT INTO audit_subjects (patient_id, at, chain, seq)
             SELECT CAST(e.value AS UUID), $2, $3, $4 FROM jsonb_array_elements_text(CAST($1 AS JSONB)) AS e(value)",
            ids,
            entry.at,
            chain,
            seq
        )?;
    } else {
        sql!(
            conn,
            later,
            "INSERT INTO audit_subjects (patient_id, at, chain, seq)
             SELECT unhex(e.value), $2, $3, $4 FROM json_each($1) AS e",
            ids,
            entry.at,
            chain,
            seq
        )?;
    }
    Ok(())
}

async fn insert(conn: &mut Conn, row: &Hashed<'_>, hash: &[u8]) -> Result<()> {
    sql!(
        conn,
        later,
        "INSERT INTO audit_events (chain, seq, at, account_id, sign_in, address, device, action, outcome, basis, purpose,
                hospital_id, entity, entity_id, patients, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        row.chain,
        row.seq,
        row.at,
        row.account,
        row.sign_in,
        row.address,
        row.device,
        row.action,
        row.outcome,
        row.basis,
        row.purpose,
        row.hospital,
        row.entity,
        row.entity_id,
        row.patients,
        hash
    )?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct ChainRow {
    chain: String,
}

/// The names of all chains.
pub(super) async fn chains(conn: &mut Conn) -> Result<Vec<String>> {
    let rows = sql!(conn, all ChainRow, "SELECT DISTINCT chain FROM audit_events ORDER BY chain")?;
    Ok(rows.into_iter().map(|row| row.chain).collect())
}

/// A piece of a chain, behind a place.
pub(super) async fn walk(conn: &mut Conn, chain: &str, after: i64, limit: i64) -> Result<Vec<EventRow>> {
    Ok(sql!(
        conn,
        all EventRow,
        "SELECT chain, seq, at, account_id, sign_in, address, device, action, outcome, basis, purpose, hospital_id,
                entity, entity_id, patients, hash
         FROM audit_events WHERE chain = $1 AND seq > $2 ORDER BY seq LIMIT $3",
        chain,
        after,
        limit
    )?)
}

/// A patient under whom an entry can be found.
#[derive(sqlx::FromRow)]
pub(super) struct SubjectRow {
    pub(super) seq: i64,
    pub(super) patient_id: Uuid,
}

/// Patients under whom the entries of a piece of a chain can be found.
pub(super) async fn subjects(conn: &mut Conn, chain: &str, piece: (i64, i64)) -> Result<Vec<SubjectRow>> {
    Ok(sql!(
        conn,
        all SubjectRow,
        "SELECT seq, patient_id FROM audit_subjects WHERE chain = $1 AND seq >= $2 AND seq <= $3
         ORDER BY seq, patient_id",
        chain,
        piece.0,
        piece.1
    )?)
}

/// An entry as people read it.
#[derive(sqlx::FromRow)]
pub(in crate::audit) struct LookRow {
    pub(super) chain: String,
    pub(super) seq: i64,
    pub(super) at: i64,
    pub(super) account_id: Option<Uuid>,
    pub(super) who: Option<String>,
    pub(super) action: String,
    pub(super) outcome: String,
    pub(super) basis: String,
    pub(super) purpose: String,
    pub(super) hospital_id: Option<Uuid>,
    pub(super) hospital: Option<String>,
    pub(super) entity: String,
    pub(super) entity_id: Option<Uuid>,
    pub(super) patients: String,
    pub(super) address: String,
    pub(super) device: String,
    pub(super) reason: Option<String>,
    pub(super) question: Option<String>,
    pub(super) answer: Option<String>,
}

/// The columns of [`LookRow`] and the joins that they need, before a condition.
///
/// The reason of an emergency is the one that lasted at that moment, about a patient of the entry: two emergencies of one
/// doctor within an hour must not tell one patient what was written about the other. Declaring one is decided a moment
/// before it is written, so that entry is the older of the two.
macro_rules! select_looks {
    ($from:literal, $tail:literal) => {
        concat!(
            "SELECT e.chain, e.seq, e.at, e.account_id, a.full_name AS who, e.action, e.outcome, e.basis, e.purpose,
                    e.hospital_id, h.name AS hospital, e.entity, e.entity_id, e.patients, e.address, e.device,
                    (SELECT g.reason FROM emergencies g
                      WHERE e.basis = 'emergency' AND g.account_id = e.account_id AND g.hospital_id = e.hospital_id
                        AND g.declared_at <= e.at AND g.ends_at >= e.at
                        AND EXISTS (SELECT 1 FROM audit_subjects x
                                     WHERE x.chain = e.chain AND x.seq = e.seq AND x.patient_id = g.patient_id)
                      ORDER BY g.declared_at DESC LIMIT 1) AS reason,
                    q.question, q.answer
             FROM ",
            $from,
            " LEFT JOIN account_names a ON a.id = e.account_id
              LEFT JOIN hospitals h ON h.id = e.hospital_id ",
            $tail
        )
    };
}

/// Who looked at a patient's record, latest first, before a place. Of what an account's calendar programs read in a day the last is
/// enough: they ask all day, and would hide what people have looked at.
pub(super) async fn of_patient(
    conn: &mut Conn,
    whom: &Own,
    before: Place,
    limit: i64,
) -> Result<Sealed<Vec<LookRow>>> {
    let rows = sql!(
        conn,
        all LookRow,
        select_looks!(
            "audit_subjects s JOIN audit_events e ON e.chain = s.chain AND e.seq = s.seq",
            "LEFT JOIN access_questions q ON q.patient_id = s.patient_id AND q.chain = e.chain AND q.seq = e.seq
             WHERE s.patient_id = $1 AND (s.at, s.chain, s.seq) < ($2, $3, $4) AND e.outcome = 'allowed'
               AND NOT (e.action = 'read_calendar' AND EXISTS (
                     SELECT 1 FROM audit_subjects l JOIN audit_events c ON c.chain = l.chain AND c.seq = l.seq
                      WHERE l.patient_id = $1 AND l.at > s.at AND l.at < s.at - s.at % 86400000 + 86400000
                        AND c.action = 'read_calendar' AND c.account_id = e.account_id))
             ORDER BY s.at DESC, s.chain DESC, s.seq DESC LIMIT $5"
        ),
        whom.object().patient.0,
        before.0,
        before.1,
        before.2,
        limit
    )?;
    Ok(Sealed::about(rows, []))
}

/// An emergency about a patient.
#[derive(sqlx::FromRow)]
pub(super) struct EmergencyAccessRow {
    pub(super) declared_by: String,
    pub(super) hospital_id: Uuid,
    pub(super) hospital: String,
    pub(super) reason: String,
    pub(super) declared_at: i64,
}

/// Emergencies about a patient since a moment, latest first.
pub(super) async fn emergencies_about(
    conn: &mut Conn,
    whom: &Own,
    since: i64,
) -> Result<Sealed<Vec<EmergencyAccessRow>>> {
    let rows = sql!(
        conn,
        all EmergencyAccessRow,
        "SELECT a.full_name AS declared_by, g.hospital_id, h.name AS hospital, g.reason, g.declared_at
         FROM emergencies g
         JOIN account_names a ON a.id = g.account_id
         JOIN hospitals h ON h.id = g.hospital_id
         WHERE g.patient_id = $1 AND g.declared_at >= $2 ORDER BY g.declared_at DESC LIMIT 10",
        whom.object().patient.0,
        since
    )?;
    Ok(Sealed::about(rows, []))
}

/// What a hospital searches its audit for.
pub(super) struct Wanted {
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) action: Option<&'static str>,
    pub(super) account: Option<Uuid>,
    pub(super) patient: Option<Uuid>,
    pub(super) denied: bool,
}

/// The audit of a hospital, latest first, before a place.
pub(super) async fn of_hospital(
    conn: &mut Conn,
    here: &Managed,
    wanted: &Wanted,
    before: Place,
    limit: i64,
) -> Result<Sealed<Vec<LookRow>>> {
    let patient = wanted.patient.map(|patient| format!("%{}%", patient.simple()));
    let rows = sql!(
        conn,
        all LookRow,
        select_looks!(
            "audit_events e",
            "LEFT JOIN access_questions q ON FALSE
             WHERE e.hospital_id = $1 AND e.at >= $2 AND e.at < $3 AND (e.at, e.chain, e.seq) < ($4, $5, $6)
               AND ($7 IS NULL OR e.action = $7) AND ($8 IS NULL OR e.account_id = $8)
               AND ($9 IS NULL OR e.patients LIKE $9) AND ($10 = FALSE OR e.outcome = 'denied')
             ORDER BY e.at DESC, e.chain DESC, e.seq DESC LIMIT $11"
        ),
        here.object().0.0,
        wanted.from,
        wanted.to,
        before.0,
        before.1,
        before.2,
        wanted.action,
        wanted.account,
        patient.as_deref(),
        wanted.denied,
        limit
    )?;
    // The list names nobody; whose record it was is looked up elsewhere, and noted there.
    Ok(Sealed::about(rows, []))
}
