//! SQL of who is told of a visit, and of what a letter about it looks at.
//!
//! Nothing is decided here.

use domain::ids::PatientId;
use uuid::Uuid;

use crate::{
    db::{Conn, sql},
    error::Result,
};

/// Who minds patient `$1` and is told of her visits: she herself, and where she has no account those who book for her.
macro_rules! select_minders {
    ($tail:literal) => {
        concat!(
            "SELECT a.id, a.email FROM patient_accounts o JOIN accounts a ON a.id = o.account_id
             WHERE o.patient_id = $1 AND o.ended_at IS NULL AND a.verified_at IS NOT NULL
               AND (o.relation = 'self' OR (o.may_book AND NOT EXISTS (SELECT 1 FROM patient_accounts s
                       WHERE s.patient_id = $1 AND s.relation = 'self')))",
            $tail
        )
    };
}

/// All who mind a patient, before a visit of hers is changed.
pub(in crate::appointments) async fn minders(
    conn: &mut Conn,
    patient: PatientId,
) -> Result<Vec<(Uuid, String)>> {
    Ok(sql!(conn, all(Uuid, String), select_minders!(""), patient.0)?)
}

/// The address of an account if it still minds a patient.
pub(crate) async fn address(conn: &mut Conn, patient: Uuid, account: Uuid) -> Result<Option<String>> {
    let row =
        sql!(conn, optional(Uuid, String), select_minders!(" AND o.account_id = $2"), patient, account)?;
    Ok(row.map(|(_, email)| email))
}

/// The last step of a visit of which people are told: one that has set its time, or called it off.
pub(in crate::appointments) async fn last_step(conn: &mut Conn, appointment: Uuid) -> Result<i64> {
    let (seq,) = sql!(
        conn,
        one(i64,),
        "SELECT COALESCE(MAX(seq), 0) FROM appointment_history
         WHERE appointment_id = $1 AND (starts_at IS NOT NULL OR to_status = 'cancelled')",
        appointment
    )?;
    Ok(seq)
}
