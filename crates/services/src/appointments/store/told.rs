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

/// All who mind a patient, before a visit of hers is changed. In one order: whoever writes to two of them waits for nobody in a ring.
pub(in crate::appointments) async fn minders(
    conn: &mut Conn,
    patient: PatientId,
) -> Result<Vec<(Uuid, String)>> {
    Ok(sql!(conn, all(Uuid, String), select_minders!(" ORDER BY a.id"), patient.0)?)
}

/// The address of an account if it still minds a patient.
pub(crate) async fn address(conn: &mut Conn, patient: Uuid, account: Uuid) -> Result<Option<String>> {
    let row =
        sql!(conn, optional(Uuid, String), select_minders!(" AND o.account_id = $2"), patient, account)?;
    Ok(row.map(|(_, email)| email))
}

/// Where a letter about a step stands: the last step of its visit of which people are told, one that has set its time or called it
/// off; whether its own was undone; and when a later one is told that may still be undone. What was undone, and the step back, count
/// as none.
pub(in crate::appointments) async fn standing(
    conn: &mut Conn,
    appointment: Uuid,
    step: i64,
    now: i64,
) -> Result<(i64, bool, Option<i64>)> {
    let (last, undone, later) = sql!(
        conn,
        one(i64, i64, Option<i64>),
        "SELECT COALESCE(MAX(h.seq), 0),
                (SELECT COUNT(*) FROM mass_change_items i
                    WHERE i.appointment_id = $1 AND i.made_version = $2 AND i.outcome = 'back'),
                (SELECT MAX(i.told_at) FROM mass_change_items i
                    WHERE i.appointment_id = $1 AND i.made_version > $2 AND i.outcome IS NULL AND i.told_at > $3)
         FROM appointment_history h
         WHERE h.appointment_id = $1 AND (h.starts_at IS NOT NULL OR h.to_status = 'cancelled')
           AND NOT EXISTS (SELECT 1 FROM mass_change_items i WHERE i.appointment_id = $1 AND i.outcome = 'back'
                   AND (i.made_version = h.seq OR i.made_version + 1 = h.seq))",
        appointment,
        step,
        now
    )?;
    Ok((last, undone > 0, later))
}
