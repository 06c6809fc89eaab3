//! SQL of offers to act for somebody, and to take over one's own record.
//!
//! Nothing is decided here.

use domain::{
    family::{Given, OfferKind, Permission, Relation},
    ids::{OfferId, PatientId},
};
use uuid::Uuid;

use super::{NewTerms, TermsRow};
use crate::{
    db::{Conn, sql},
    error::Result,
    family::Own,
};

/// An offer.
#[derive(Clone, sqlx::FromRow)]
pub(in crate::family) struct OfferRow {
    pub(in crate::family) id: Uuid,
    pub(in crate::family) kind: String,
    pub(in crate::family) patient_id: Uuid,
    pub(in crate::family) patient_name: String,
    pub(in crate::family) birth_date: String,
    pub(in crate::family) offered_by: Uuid,
    pub(in crate::family) asked_by: String,
    pub(in crate::family) email: String,
    pub(in crate::family) state: String,
    pub(in crate::family) expires_at: i64,
    #[sqlx(flatten)]
    pub(in crate::family) terms: TermsRow,
}

/// The columns of [`OfferRow`], before a condition.
macro_rules! select_offers {
    ($tail:literal) => {
        concat!(
            "SELECT f.id, f.kind, f.patient_id, p.full_name AS patient_name, p.birth_date, f.offered_by,
                    b.full_name AS asked_by, f.email, f.state, f.expires_at, f.relation, f.given, f.may_book, f.may_pay,
                    f.may_messages, f.may_records, f.may_prescriptions, f.may_sensitive, f.from_date, f.until_date
             FROM family_offers f
             JOIN patients p ON p.id = f.patient_id
             JOIN account_names b ON b.id = f.offered_by ",
            $tail
        )
    };
}

/// What the caller's account has offered and what was not accepted, as long as it could be.
pub(in crate::family) async fn asked_by(conn: &mut Conn, own: &Own, now: i64) -> Result<Vec<OfferRow>> {
    Ok(sql!(
        conn,
        all OfferRow,
        select_offers!(
            "WHERE f.offered_by = $1 AND f.state IN ('offered', 'declined') AND f.expires_at > $2
             ORDER BY f.created_at, f.id"
        ),
        own.object().id().0,
        now
    )?)
}

/// What an account is asked by its confirmed address.
pub(in crate::family) async fn asked_of(conn: &mut Conn, own: &Own, now: i64) -> Result<Vec<OfferRow>> {
    Ok(sql!(
        conn,
        all OfferRow,
        select_offers!(
            "WHERE f.email = (SELECT a.email FROM accounts a WHERE a.id = $1 AND a.verified_at IS NOT NULL)
               AND f.state = 'offered' AND f.expires_at > $2
             ORDER BY f.created_at, f.id"
        ),
        own.object().id().0,
        now
    )?)
}

/// An offer that can be answered, for the letter about it.
pub(in crate::family) async fn open(conn: &mut Conn, id: Uuid, now: i64) -> Result<Option<OfferRow>> {
    Ok(sql!(
        conn,
        optional OfferRow,
        select_offers!("WHERE f.id = $1 AND f.state = 'offered' AND f.expires_at > $2"),
        id,
        now
    )?)
}

/// How many offers an account has made since an instant.
pub(in crate::family) async fn made_since(conn: &mut Conn, by: Uuid, since: i64) -> Result<i64> {
    let (count,) = sql!(
        conn,
        one(i64,),
        "SELECT COUNT(*) FROM family_offers WHERE offered_by = $1 AND created_at > $2",
        by,
        since
    )?;
    Ok(count)
}

/// How many offers wait for a patient.
pub(in crate::family) async fn waiting(conn: &mut Conn, patient: PatientId, now: i64) -> Result<i64> {
    let (count,) = sql!(
        conn,
        one(i64,),
        "SELECT COUNT(*) FROM family_offers WHERE patient_id = $1 AND state = 'offered' AND expires_at > $2",
        patient.0,
        now
    )?;
    Ok(count)
}

/// An offer as it is written.
#[derive(Clone)]
pub(in crate::family) struct NewOffer {
    pub(in crate::family) id: OfferId,
    pub(in crate::family) kind: OfferKind,
    pub(in crate::family) patient: PatientId,
    pub(in crate::family) by: Uuid,
    pub(in crate::family) email: String,
    pub(in crate::family) relation: Relation,
    pub(in crate::family) given: Given,
    pub(in crate::family) terms: NewTerms,
    pub(in crate::family) expires_at: i64,
}

/// The code of a kind in the database.
pub(in crate::family) fn kind_code(kind: OfferKind) -> &'static str {
    match kind {
        OfferKind::Help => "help",
        OfferKind::OwnAccount => "own_account",
    }
}

/// Writes an offer; one that waits for the same address, or for another child's account, gives way.
pub(in crate::family) async fn insert(conn: &mut Conn, new: NewOffer, now: i64) -> Result<()> {
    let kind = kind_code(new.kind);
    sql!(
        conn,
        execute,
        "UPDATE family_offers SET state = 'ended', answered_at = $4
         WHERE patient_id = $1 AND state IN ('offered', 'declined') AND kind = $3 AND (email = $2 OR $3 = 'own_account')",
        new.patient.0,
        new.email.as_str(),
        kind,
        now
    )?;
    sql!(
        conn,
        execute,
        "INSERT INTO family_offers (id, kind, patient_id, offered_by, email, relation, given, may_book, may_pay, may_messages,
                may_records, may_prescriptions, may_sensitive, from_date, until_date, state, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'offered', $16, $17)",
        new.id.0,
        kind,
        new.patient.0,
        new.by,
        new.email,
        new.relation.code(),
        new.given.code(),
        new.terms.may(Permission::Book),
        new.terms.may(Permission::Pay),
        new.terms.may(Permission::Messages),
        new.terms.may(Permission::Records),
        new.terms.may(Permission::Prescriptions),
        new.terms.may(Permission::Sensitive),
        new.terms.begins(),
        new.terms.ends(),
        now,
        new.expires_at
    )?;
    Ok(())
}

/// Answers an offer that was made to the account's confirmed address; `false` when there is none any more. Of two who answer, or
/// answer and take back, at once, one comes first.
pub(in crate::family) async fn close(
    conn: &mut Conn,
    own: &Own,
    id: OfferId,
    accepted: bool,
    now: i64,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE family_offers SET state = CASE WHEN $4 THEN 'accepted' ELSE 'declined' END, answered_at = $3, answered_by = $2
         WHERE id = $1 AND state = 'offered' AND expires_at > $3
           AND email = (SELECT a.email FROM accounts a WHERE a.id = $2 AND a.verified_at IS NOT NULL)",
        id.0,
        own.object().id().0,
        now,
        accepted
    )?;
    Ok(rows == 1)
}

/// Counts a wrong date of birth; after too many the offer has ended.
pub(in crate::family) async fn count_try(
    conn: &mut Conn,
    _own: &Own,
    id: OfferId,
    most: i64,
    now: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE family_offers SET tries = tries + 1, state = CASE WHEN tries + 1 >= $2 THEN 'ended' ELSE state END,
                answered_at = CASE WHEN tries + 1 >= $2 THEN $3 ELSE answered_at END
         WHERE id = $1 AND state = 'offered'",
        id.0,
        most,
        now
    )?;
    Ok(())
}

/// Lets the account act for the patient as the offer says. An older arrangement gives way if it is over, the asker's own or the
/// patient's to change: nobody takes it out of the hands of whoever gave it. An own patient stays.
pub(in crate::family) async fn accept(
    conn: &mut Conn,
    own: &Own,
    id: OfferId,
    today: &str,
    now: i64,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "INSERT INTO patient_accounts (account_id, patient_id, relation, created_at, given, may_book, may_pay, may_messages,
                may_records, may_prescriptions, may_sensitive, from_date, until_date, granted_by, ended_at)
         SELECT a.id, f.patient_id, f.relation, $3, f.given, f.may_book, f.may_pay, f.may_messages, f.may_records,
                f.may_prescriptions, f.may_sensitive, f.from_date, f.until_date, f.offered_by, NULL
         FROM family_offers f JOIN accounts a ON a.id = $2 WHERE f.id = $1
         ON CONFLICT (account_id, patient_id) DO UPDATE SET relation = excluded.relation, created_at = excluded.created_at,
                given = excluded.given, may_book = excluded.may_book, may_pay = excluded.may_pay,
                may_messages = excluded.may_messages, may_records = excluded.may_records,
                may_prescriptions = excluded.may_prescriptions, may_sensitive = excluded.may_sensitive,
                from_date = excluded.from_date, until_date = excluded.until_date, granted_by = excluded.granted_by,
                ended_at = NULL, ended_by = NULL, changed_at = NULL, changed_by = NULL, handed_from = NULL,
                handed_at = NULL
         WHERE patient_accounts.relation <> 'self'
           AND (patient_accounts.ended_at IS NOT NULL OR patient_accounts.until_date < $4
                OR patient_accounts.granted_by = excluded.granted_by OR excluded.given = 'patient')",
        id.0,
        own.object().id().0,
        now,
        today
    )?;
    Ok(rows == 1)
}

/// Makes the account the owner of the patient; the database lets nobody own one who has an owner.
pub(in crate::family) async fn take_over(
    conn: &mut Conn,
    own: &Own,
    patient: PatientId,
    now: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "DELETE FROM patient_accounts WHERE account_id = $1 AND patient_id = $2 AND relation <> 'self'",
        own.object().id().0,
        patient.0
    )?;
    sql!(
        conn,
        execute,
        "INSERT INTO patient_accounts (account_id, patient_id, relation, given, created_at) VALUES ($1, $2, 'self', 'patient', $3)",
        own.object().id().0,
        patient.0,
        now
    )?;
    Ok(())
}

/// Takes back what the caller's account has offered.
pub(in crate::family) async fn withdraw(conn: &mut Conn, own: &Own, id: OfferId, now: i64) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE family_offers SET state = 'ended', answered_at = $3
         WHERE id = $1 AND offered_by = $2 AND state IN ('offered', 'declined')",
        id.0,
        own.object().id().0,
        now
    )?;
    Ok(rows == 1)
}

/// Ends the offers about a patient that were made to an account, by an account, or at all: whoever was sent away does not come back
/// by an older letter.
pub(in crate::family) async fn end_open(
    conn: &mut Conn,
    patient: PatientId,
    to: Option<Uuid>,
    by: Option<Uuid>,
    now: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE family_offers SET state = 'ended', answered_at = $4
         WHERE patient_id = $1 AND state IN ('offered', 'declined') AND ($3 IS NULL OR offered_by = $3)
           AND ($2 IS NULL OR email IN (SELECT a.email FROM accounts a WHERE a.id = $2))",
        patient.0,
        to,
        by,
        now
    )?;
    Ok(())
}
