//! SQL of how acting for somebody ends: by the one who acts, by the one who gave it, and with the account that gave it.
//!
//! Nothing is decided here.

use domain::ids::{AccountId, PatientId};
use uuid::Uuid;

use crate::{
    credentials::links::REACHES_BACK_MS,
    db::{Conn, sql},
    error::Result,
    family::{Leaving, Own},
};

/// Ends what an account does for a patient: any, if the caller owns her, and else what she has given herself.
pub(in crate::family) async fn end_helper(
    conn: &mut Conn,
    whom: &Leaving,
    helper: AccountId,
    owns: bool,
    now: i64,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE patient_accounts SET ended_at = $3, ended_by = $5
         WHERE patient_id = $1 AND account_id = $2 AND relation <> 'self' AND ended_at IS NULL AND ($4 OR granted_by = $5)",
        whom.object().patient.0,
        helper.0,
        now,
        owns,
        whom.by().0
    )?;
    Ok(rows == 1)
}

/// Ends what those do for a patient to whom an account gave it that had the care of her, but not what the one does who sends it away;
/// says whom that was.
pub(in crate::family) async fn end_given_by(
    conn: &mut Conn,
    patient: PatientId,
    account: Uuid,
    but: AccountId,
    now: i64,
) -> Result<Vec<Uuid>> {
    let gone = sql!(
        conn,
        all(Uuid,),
        "UPDATE patient_accounts SET ended_at = $4, ended_by = $3
         WHERE patient_id = $1 AND granted_by = $2 AND given = 'guardian' AND relation <> 'self' AND ended_at IS NULL
           AND account_id <> $3
         RETURNING account_id",
        patient.0,
        account,
        but.0,
        now
    )?;
    Ok(gone.into_iter().map(|(account,)| account).collect())
}

/// Ends what an account has let others do since an instant: newly, or more than before, or by an offer that was answered since then,
/// whoever may change it by now, and what those have let others do in turn. Who of them has left already does not bring herself back.
/// Says who and for whom.
pub(in crate::family) async fn end_given_since(
    conn: &mut Conn,
    account: AccountId,
    since: i64,
    now: i64,
) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(sql!(
        conn,
        all(Uuid, Uuid),
        "WITH RECURSIVE let_in (patient_id, account_id) AS (
             SELECT patient_id, answered_by FROM family_offers
             WHERE offered_by = $1 AND state = 'accepted' AND answered_at > $2
             UNION
             SELECT f.patient_id, f.answered_by FROM family_offers f
             JOIN let_in l ON l.patient_id = f.patient_id AND l.account_id = f.offered_by
             WHERE f.state = 'accepted' AND f.answered_at > $2)
         UPDATE patient_accounts SET ended_at = COALESCE(ended_at, $3), ended_by = $1
         WHERE relation <> 'self' AND account_id <> $1
           AND (ended_at IS NULL AND (granted_by = $1 AND created_at > $2 OR changed_by = $1 AND changed_at > $2)
                OR (ended_at IS NULL OR ended_by = account_id AND ended_at > $2) AND given = 'guardian'
                   AND EXISTS (SELECT 1 FROM let_in l WHERE l.patient_id = patient_accounts.patient_id
                           AND (l.account_id = patient_accounts.account_id OR l.account_id = changed_by AND changed_at > $2)))
         RETURNING account_id, patient_id",
        account.0,
        since,
        now
    )?)
}

/// Lets an account act again for whom it has left itself since an instant, if it was nobody's to give: what others had let it do they
/// may not want any more. Says for whom.
pub(in crate::family) async fn restore_left_since(
    conn: &mut Conn,
    account: AccountId,
    since: i64,
) -> Result<Vec<Uuid>> {
    let back = sql!(
        conn,
        all(Uuid,),
        "UPDATE patient_accounts SET ended_at = NULL, ended_by = NULL
         WHERE account_id = $1 AND ended_by = $1 AND ended_at > $2 AND relation <> 'self' AND granted_by IS NULL
         RETURNING patient_id",
        account.0,
        since
    )?;
    // What she had given and left to another is hers to change again.
    let handed = sql!(
        conn,
        all(Uuid,),
        "UPDATE patient_accounts SET granted_by = $1, handed_from = NULL, handed_at = NULL
         WHERE handed_from = $1 AND handed_at > $2 AND ended_at IS NULL AND given = 'guardian'
           AND EXISTS (SELECT 1 FROM patient_accounts o
                       WHERE o.patient_id = patient_accounts.patient_id AND o.account_id = $1 AND o.ended_at IS NULL)
         RETURNING patient_id",
        account.0,
        since
    )?;
    Ok(back.into_iter().chain(handed).map(|(patient,)| patient).collect())
}

/// Whether an account has a part in what is done for a patient; it has it until the transaction ends.
pub(in crate::family) async fn hold_part(conn: &mut Conn, account: Uuid, patient: Uuid) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE patient_accounts SET ended_at = ended_at WHERE account_id = $1 AND patient_id = $2 AND ended_at IS NULL",
        account,
        patient
    )?;
    Ok(rows == 1)
}

/// Hands what the caller's account gave in a patient's name to whoever gave the account its own part and still acts, and else to the
/// parent who has been there longest, so that somebody can end it. Nobody is handed her own part: that is hers from then on.
pub(in crate::family) async fn hand_up(
    conn: &mut Conn,
    own: &Own,
    patient: PatientId,
    now: i64,
) -> Result<()> {
    let heir = sql!(
        conn,
        optional(Option<Uuid>,),
        "SELECT COALESCE(
                    (SELECT g.account_id FROM patient_accounts g
                     WHERE g.patient_id = $1 AND g.account_id = mine.granted_by AND g.ended_at IS NULL),
                    (SELECT o.account_id FROM patient_accounts o
                     WHERE o.patient_id = $1 AND o.account_id <> $2 AND o.relation = 'parent' AND o.ended_at IS NULL
                     ORDER BY o.created_at, o.account_id LIMIT 1))
         FROM patient_accounts mine WHERE mine.patient_id = $1 AND mine.account_id = $2",
        patient.0,
        own.object().id().0
    )?;
    sql!(
        conn,
        execute,
        "UPDATE patient_accounts SET granted_by = CASE WHEN account_id = $3 THEN NULL ELSE $3 END,
                handed_from = CASE WHEN handed_from IS NOT NULL AND handed_at > $5 THEN handed_from ELSE $2 END,
                handed_at = CASE WHEN handed_from IS NOT NULL AND handed_at > $5 THEN handed_at ELSE $4 END
         WHERE patient_id = $1 AND granted_by = $2 AND given = 'guardian' AND relation <> 'self' AND ended_at IS NULL",
        patient.0,
        own.object().id().0,
        heir.and_then(|(heir,)| heir),
        now,
        // Whoever has left first gets it again: those after her may have been let in by a thief.
        now - REACHES_BACK_MS
    )?;
    Ok(())
}

/// Ends what the caller's account does for a patient.
pub(in crate::family) async fn end_own(
    conn: &mut Conn,
    own: &Own,
    patient: PatientId,
    now: i64,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE patient_accounts SET ended_at = $3, ended_by = $2
         WHERE patient_id = $1 AND account_id = $2 AND relation <> 'self' AND ended_at IS NULL",
        patient.0,
        own.object().id().0,
        now
    )?;
    Ok(rows == 1)
}

/// Ends what an account has asked of others since an instant.
pub(in crate::family) async fn end_asked_since(
    conn: &mut Conn,
    account: AccountId,
    since: i64,
    now: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE family_offers SET state = 'ended', answered_at = $3
         WHERE offered_by = $1 AND created_at > $2 AND state IN ('offered', 'declined')",
        account.0,
        since,
        now
    )?;
    Ok(())
}
