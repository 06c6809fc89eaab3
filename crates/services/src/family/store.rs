//! SQL of who acts for whom, and of children that are added.
//!
//! Nothing is decided here.

pub(super) mod endings;
pub(super) mod notices;
pub(super) mod offers;

use domain::{
    family::{Arrangement, Given, Permission, Permissions, Relation},
    ids::{AccountId, PatientId},
    time::parse_date,
};
use jiff::civil::Date;
use uuid::Uuid;

use super::{Own, Whom};
use crate::{
    access::Sealed,
    db::{Conn, sql},
    error::{Error, Result},
};

/// What was agreed, as it is stored.
#[derive(Debug, Clone, sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "six permissions that are given one by one")]
pub(crate) struct TermsRow {
    pub(crate) relation: String,
    given: String,
    may_book: bool,
    may_pay: bool,
    may_messages: bool,
    may_records: bool,
    may_prescriptions: bool,
    may_sensitive: bool,
    from_date: Option<String>,
    until_date: Option<String>,
}

impl TermsRow {
    /// What was agreed; nothing about an account's own patient, who has no limits.
    pub(crate) fn arrangement(&self) -> Result<Option<Arrangement>> {
        if self.relation == "self" {
            return Ok(None);
        }
        Ok(Some(Arrangement {
            relation: Relation::parse(&self.relation).map_err(Error::Stored)?,
            given: Given::parse(&self.given).map_err(Error::Stored)?,
            permissions: self.permissions(),
            from: date(self.from_date.as_deref())?,
            until: date(self.until_date.as_deref())?,
        }))
    }

    fn permissions(&self) -> Permissions {
        let given = [
            (Permission::Book, self.may_book),
            (Permission::Pay, self.may_pay),
            (Permission::Messages, self.may_messages),
            (Permission::Records, self.may_records),
            (Permission::Prescriptions, self.may_prescriptions),
            (Permission::Sensitive, self.may_sensitive),
        ];
        given.into_iter().filter(|(_, given)| *given).map(|(one, _)| one).collect()
    }
}

fn date(text: Option<&str>) -> Result<Option<Date>> {
    text.map(|text| parse_date(text).map_err(Error::Stored)).transpose()
}

/// Somebody for whom an account acts.
#[derive(sqlx::FromRow)]
pub(super) struct CaredRow {
    pub(super) patient_id: Uuid,
    pub(super) full_name: String,
    pub(super) birth_date: String,
    /// Whether she has an account of her own.
    pub(super) owned: bool,
    #[sqlx(flatten)]
    pub(super) terms: TermsRow,
}

/// For whom the caller's account acts, or will, or has until its age or its period ended it.
pub(super) async fn cared(conn: &mut Conn, own: &Own) -> Result<Sealed<Vec<CaredRow>>> {
    let rows = sql!(
        conn,
        all CaredRow,
        "SELECT o.patient_id, p.full_name, p.birth_date, o.relation, o.given, o.may_book, o.may_pay, o.may_messages,
                o.may_records, o.may_prescriptions, o.may_sensitive, o.from_date, o.until_date,
                EXISTS (SELECT 1 FROM patient_accounts s WHERE s.patient_id = o.patient_id AND s.relation = 'self') AS owned
         FROM patient_accounts o JOIN patients p ON p.id = o.patient_id
         WHERE o.account_id = $1 AND o.relation <> 'self' AND o.ended_at IS NULL
         ORDER BY p.birth_date, p.id",
        own.object().id().0
    )?;
    let patients: Vec<_> = rows.iter().map(|row| PatientId(row.patient_id)).collect();
    Ok(Sealed::about(rows, patients))
}

/// Somebody who acts for a patient of the caller's.
#[derive(sqlx::FromRow)]
pub(super) struct HelperRow {
    pub(super) patient_id: Uuid,
    pub(super) patient_name: String,
    pub(super) birth_date: String,
    pub(super) account_id: Uuid,
    pub(super) full_name: String,
    pub(super) email: String,
    pub(super) granted_by: Option<Uuid>,
    #[sqlx(flatten)]
    pub(super) terms: TermsRow,
    /// What the caller is to the patient.
    pub(super) caller: String,
}

/// Who else acts for the patients of the caller's account. Of those whom it does not own, only some are its business: see there.
pub(super) async fn helpers(conn: &mut Conn, own: &Own) -> Result<Vec<HelperRow>> {
    Ok(sql!(
        conn,
        all HelperRow,
        "SELECT o.patient_id, p.full_name AS patient_name, p.birth_date, o.account_id, a.full_name, a.email, o.granted_by,
                o.relation, o.given, o.may_book, o.may_pay, o.may_messages, o.may_records, o.may_prescriptions,
                o.may_sensitive, o.from_date, o.until_date, me.relation AS caller
         FROM patient_accounts me
         JOIN patient_accounts o ON o.patient_id = me.patient_id AND o.account_id <> me.account_id
         JOIN accounts a ON a.id = o.account_id
         JOIN patients p ON p.id = o.patient_id
         WHERE me.account_id = $1 AND me.ended_at IS NULL AND o.relation <> 'self' AND o.ended_at IS NULL
         ORDER BY a.full_name, a.id",
        own.object().id().0
    )?)
}

/// What an account and a patient have agreed, if it is not ended.
pub(super) async fn terms(
    conn: &mut Conn,
    account: Uuid,
    patient: Uuid,
    _proof: &Own,
) -> Result<Option<CaredRow>> {
    Ok(sql!(
        conn,
        optional CaredRow,
        "SELECT o.patient_id, p.full_name, p.birth_date, o.relation, o.given, o.may_book, o.may_pay, o.may_messages,
                o.may_records, o.may_prescriptions, o.may_sensitive, o.from_date, o.until_date,
                EXISTS (SELECT 1 FROM patient_accounts s WHERE s.patient_id = o.patient_id AND s.relation = 'self') AS owned
         FROM patient_accounts o JOIN patients p ON p.id = o.patient_id
         WHERE o.account_id = $1 AND o.patient_id = $2 AND o.ended_at IS NULL",
        account,
        patient
    )?)
}

/// For how many people an account acts.
pub(super) async fn people(conn: &mut Conn, own: &Own) -> Result<i64> {
    let (count,) = sql!(
        conn,
        one(i64,),
        "SELECT COUNT(*) FROM patient_accounts WHERE account_id = $1 AND relation <> 'self' AND ended_at IS NULL",
        own.object().id().0
    )?;
    Ok(count)
}

/// How many act for a patient.
pub(super) async fn helpers_of(conn: &mut Conn, whom: &Whom) -> Result<i64> {
    let (count,) = sql!(
        conn,
        one(i64,),
        "SELECT COUNT(*) FROM patient_accounts WHERE patient_id = $1 AND relation <> 'self' AND ended_at IS NULL",
        whom.object().patient.0
    )?;
    Ok(count)
}

/// A child as it is written.
#[derive(Clone)]
pub(super) struct NewChild {
    pub(super) id: PatientId,
    pub(super) full_name: String,
    pub(super) search_name: String,
    pub(super) birth_date: String,
}

pub(super) async fn insert_child(conn: &mut Conn, own: &Own, child: NewChild, now: i64) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO patients (id, full_name, search_name, birth_date, created_at) VALUES ($1, $2, $3, $4, $5)",
        child.id.0,
        child.full_name,
        child.search_name,
        child.birth_date,
        now
    )?;
    sql!(
        conn,
        execute,
        "INSERT INTO patient_accounts (account_id, patient_id, relation, given, created_at)
         VALUES ($1, $2, 'parent', 'guardian', $3)",
        own.object().id().0,
        child.id.0,
        now
    )?;
    Ok(())
}

/// What somebody may do from now on.
#[derive(Clone, Copy)]
pub(super) struct NewTerms {
    pub(super) may: Permissions,
    pub(super) from: Option<Date>,
    pub(super) until: Option<Date>,
}

impl NewTerms {
    pub(super) fn may(&self, one: Permission) -> bool {
        self.may.has(one)
    }

    pub(super) fn begins(&self) -> Option<String> {
        self.from.map(|date| date.to_string())
    }

    pub(super) fn ends(&self) -> Option<String> {
        self.until.map(|date| date.to_string())
    }
}

/// Changes what an account may do for a patient: any, if the caller owns her, and else what she has given herself. What a patient
/// has chosen is hers from then on.
pub(super) async fn change(
    conn: &mut Conn,
    whom: &Whom,
    helper: AccountId,
    terms: NewTerms,
    owns: bool,
    now: i64,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE patient_accounts SET may_book = $3, may_pay = $4, may_messages = $5, may_records = $6,
                may_prescriptions = $7, may_sensitive = $8, from_date = $9, until_date = $10,
                given = CASE WHEN $11 THEN 'patient' ELSE given END, changed_at = $13, changed_by = $12,
                granted_by = CASE WHEN $11 THEN $12 ELSE granted_by END
         WHERE patient_id = $1 AND account_id = $2 AND relation <> 'self' AND ended_at IS NULL
           AND ($11 OR granted_by = $12)",
        whom.object().patient.0,
        helper.0,
        terms.may(Permission::Book),
        terms.may(Permission::Pay),
        terms.may(Permission::Messages),
        terms.may(Permission::Records),
        terms.may(Permission::Prescriptions),
        terms.may(Permission::Sensitive),
        terms.begins(),
        terms.ends(),
        owns,
        whom.by().0,
        now
    )?;
    Ok(rows == 1)
}

/// Whether somebody else still looks after a patient.
pub(super) async fn is_minded(conn: &mut Conn, own: &Own, patient: PatientId, today: &str) -> Result<bool> {
    Ok(sql!(
        conn,
        optional(Uuid,),
        "SELECT account_id FROM patient_accounts
         WHERE patient_id = $1 AND account_id <> $2 AND ended_at IS NULL AND (until_date IS NULL OR until_date >= $3)
         LIMIT 1",
        patient.0,
        own.object().id().0,
        today
    )?
    .is_some())
}

/// Whether nothing has ever happened with a patient at a hospital.
pub(super) async fn is_blank(conn: &mut Conn, _own: &Own, patient: PatientId) -> Result<bool> {
    Ok(sql!(
        conn,
        optional(Uuid,),
        "SELECT p.id FROM patients p WHERE p.id = $1
           AND NOT EXISTS (SELECT 1 FROM appointments a WHERE a.patient_id = p.id)
           AND NOT EXISTS (SELECT 1 FROM hospital_patients k WHERE k.patient_id = p.id)
           AND NOT EXISTS (SELECT 1 FROM emergencies e WHERE e.patient_id = p.id)
           AND NOT EXISTS (SELECT 1 FROM access_questions q WHERE q.patient_id = p.id)",
        patient.0
    )?
    .is_some())
}

/// Removes a patient with whom nothing has ever happened.
pub(super) async fn remove(conn: &mut Conn, _own: &Own, patient: PatientId) -> Result<()> {
    sql!(conn, execute, "DELETE FROM family_offers WHERE patient_id = $1", patient.0)?;
    sql!(conn, execute, "DELETE FROM patient_accounts WHERE patient_id = $1", patient.0)?;
    sql!(conn, execute, "DELETE FROM patients WHERE id = $1", patient.0)?;
    Ok(())
}

/// Patients whom the caller's account owns, but for one.
pub(super) async fn owned_besides(conn: &mut Conn, own: &Own, patient: PatientId) -> Result<Vec<PatientId>> {
    let rows = sql!(
        conn,
        all(Uuid,),
        "SELECT patient_id FROM patient_accounts WHERE account_id = $1 AND relation = 'self' AND patient_id <> $2",
        own.object().id().0,
        patient.0
    )?;
    Ok(rows.into_iter().map(|(id,)| PatientId(id)).collect())
}

/// Whether anybody else has to do with a patient.
pub(super) async fn has_others(conn: &mut Conn, own: &Own, patient: PatientId) -> Result<bool> {
    Ok(sql!(
        conn,
        optional(Uuid,),
        "SELECT p.id FROM patients p WHERE p.id = $1
           AND (EXISTS (SELECT 1 FROM patient_accounts o WHERE o.patient_id = p.id AND o.account_id <> $2)
                OR EXISTS (SELECT 1 FROM family_offers f WHERE f.patient_id = p.id))",
        patient.0,
        own.object().id().0
    )?
    .is_some())
}
