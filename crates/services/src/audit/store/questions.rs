//! SQL of the questions that patients ask about accesses.
//!
//! Nothing is decided here.

use domain::ids::PatientId;
use uuid::Uuid;

use super::LookRow;
use crate::{
    access::{AskAboutAccess, Authorized, OfPatient, Sealed},
    audit::Managed,
    db::{Conn, sql},
    error::Result,
};

/// A patient who may ask about accesses to her record.
type Asking = Authorized<AskAboutAccess, OfPatient>;
/// An entry's chain and number, as somebody has named them.
type Named<'a> = (&'a str, i64);

#[derive(sqlx::FromRow)]
struct HospitalRow {
    hospital_id: Option<Uuid>,
}

/// In whose name an access to a patient's record happened, if it did.
pub(in crate::audit) async fn hospital_of_look(
    conn: &mut Conn,
    whom: &Asking,
    place: Named<'_>,
) -> Result<Option<Uuid>> {
    let row = sql!(
        conn,
        optional HospitalRow,
        "SELECT e.hospital_id FROM audit_subjects s JOIN audit_events e ON e.chain = s.chain AND e.seq = s.seq
         WHERE s.patient_id = $1 AND s.chain = $2 AND s.seq = $3 AND e.outcome = 'allowed'
           AND e.basis NOT IN ('own_patient', 'own_account', 'helper')",
        whom.object().patient.0,
        place.0,
        place.1
    )?;
    Ok(row.and_then(|row| row.hospital_id))
}

/// How many questions of a patient have no answer yet.
pub(in crate::audit) async fn open(conn: &mut Conn, whom: &Asking) -> Result<i64> {
    let (count,) = sql!(
        conn,
        one(i64,),
        "SELECT COUNT(*) FROM access_questions WHERE patient_id = $1 AND answer IS NULL",
        whom.object().patient.0
    )?;
    Ok(count)
}

/// Keeps a question; `false` when it was asked already.
pub(in crate::audit) async fn ask(
    conn: &mut Conn,
    whom: &Asking,
    hospital: Uuid,
    id: Uuid,
    place: Named<'_>,
    question: &str,
    now: i64,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "INSERT INTO access_questions (id, hospital_id, patient_id, asked_by, chain, seq, question, asked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (patient_id, chain, seq) DO NOTHING",
        id,
        hospital,
        whom.object().patient.0,
        whom.by().0,
        place.0,
        place.1,
        question,
        now
    )?;
    Ok(rows == 1)
}

/// A question with the entry that it is about.
#[derive(sqlx::FromRow)]
pub(in crate::audit) struct QuestionRow {
    pub(in crate::audit) patient_id: Uuid,
    pub(in crate::audit) patient_name: String,
    pub(in crate::audit) asked_at: i64,
    #[sqlx(flatten)]
    pub(in crate::audit) look: LookRow,
}

/// Questions of a hospital's patients, those without an answer first.
pub(in crate::audit) async fn questions(conn: &mut Conn, here: &Managed) -> Result<Sealed<Vec<QuestionRow>>> {
    let rows = sql!(
        conn,
        all QuestionRow,
        "SELECT q.patient_id, p.full_name AS patient_name, q.asked_at, e.chain, e.seq, e.at, e.account_id,
                a.full_name AS who, e.action, e.outcome, e.basis, e.purpose, e.hospital_id, h.name AS hospital,
                e.entity, e.entity_id, e.patients, e.address, e.device, NULL AS reason, q.question, q.answer
         FROM access_questions q
         JOIN audit_events e ON e.chain = q.chain AND e.seq = q.seq
         JOIN patients p ON p.id = q.patient_id
         LEFT JOIN account_names a ON a.id = e.account_id
         LEFT JOIN hospitals h ON h.id = e.hospital_id
         WHERE q.hospital_id = $1
         ORDER BY CASE WHEN q.answer IS NULL THEN 0 ELSE 1 END, q.asked_at LIMIT 200",
        here.object().0.0
    )?;
    let patients: Vec<_> = rows.iter().map(|row| PatientId(row.patient_id)).collect();
    Ok(Sealed::about(rows, patients))
}

/// Whether a patient has asked the hospital about an entry.
pub(in crate::audit) async fn was_asked(
    conn: &mut Conn,
    here: &Managed,
    patient: PatientId,
    place: Named<'_>,
) -> Result<bool> {
    Ok(sql!(
        conn,
        optional(Uuid,),
        "SELECT id FROM access_questions WHERE hospital_id = $1 AND patient_id = $2 AND chain = $3 AND seq = $4",
        here.object().0.0,
        patient.0,
        place.0,
        place.1
    )?
    .is_some())
}

/// Answers a question that has no answer yet.
pub(in crate::audit) async fn answer(
    conn: &mut Conn,
    here: &Managed,
    patient: PatientId,
    place: Named<'_>,
    text: &str,
    now: i64,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE access_questions SET answer = $5, answered_at = $6, answered_by = $7
         WHERE hospital_id = $1 AND patient_id = $2 AND chain = $3 AND seq = $4 AND answer IS NULL",
        here.object().0.0,
        patient.0,
        place.0,
        place.1,
        text,
        now,
        here.by().0
    )?;
    Ok(rows == 1)
}
