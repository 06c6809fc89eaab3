//! SQL of accounts, patients and memberships.
//!
//! Nothing is decided here.

mod found;
pub(super) mod invitations;

use domain::{
    family::Permissions,
    ids::{AccountId, HospitalId, MembershipId, PatientId},
    time::parse_date,
};
use jiff::civil::Date;
use uuid::Uuid;

pub(super) use found::{FoundRow, find};

use super::Managed;
use crate::{
    access::{Authorized, ChangeMembers, OfAccount, OfHospital, ReadOwnAccount, Sealed, SetStaffPolicy},
    db::{Conn, sql},
    error::{Error, Result},
    family::TermsRow,
};

/// The caller's own account.
type Own = Authorized<ReadOwnAccount, OfAccount>;
/// A hospital whose staff the caller decides about.
type Policy = Authorized<SetStaffPolicy, OfHospital>;

#[derive(sqlx::FromRow)]
pub(super) struct AccountRow {
    pub(super) id: Uuid,
    pub(super) email: String,
    pub(super) full_name: String,
    pub(super) platform_admin: bool,
    pub(super) verified_at: Option<i64>,
    pub(super) session_epoch: i64,
}

#[derive(sqlx::FromRow)]
pub(super) struct SecretRow {
    pub(super) password_hash: String,
}

#[derive(sqlx::FromRow)]
pub(super) struct SecretsRow {
    pub(super) confirmed_id: Option<Uuid>,
    pub(super) confirmed_hash: Option<String>,
    pub(super) confirmed_epoch: Option<i64>,
    pub(super) claimed_id: Option<Uuid>,
    pub(super) claimed_hash: Option<String>,
    pub(super) claimed_epoch: Option<i64>,
}

#[derive(sqlx::FromRow)]
pub(super) struct MembershipRow {
    pub(super) id: Uuid,
    pub(super) hospital_id: Uuid,
    pub(super) hospital_name: String,
    pub(super) role: String,
    pub(super) doctor_id: Option<Uuid>,
    pub(super) staff_second_factor: bool,
}

#[derive(sqlx::FromRow)]
pub(super) struct PatientRow {
    pub(super) id: Uuid,
    pub(super) full_name: String,
    pub(super) birth_date: String,
    /// Whether she has an account of her own.
    pub(super) owned: bool,
    #[sqlx(flatten)]
    pub(super) terms: TermsRow,
}

#[derive(sqlx::FromRow)]
pub(super) struct MemberRow {
    pub(super) id: Uuid,
    pub(super) full_name: String,
    pub(super) email: String,
    pub(super) role: String,
    pub(super) state: String,
    pub(super) let_in_by: Option<String>,
    pub(super) let_in_at: Option<i64>,
}

/// A new account.
#[derive(Clone)]
pub(super) struct NewAccount {
    pub(super) id: AccountId,
    pub(super) email: String,
    pub(super) password_hash: String,
    pub(super) full_name: String,
    pub(super) platform_admin: bool,
    /// Whether the address counts as confirmed from the beginning.
    pub(super) verified: bool,
}

/// A new patient.
#[derive(Clone)]
pub(super) struct NewPatient {
    pub(super) id: PatientId,
    pub(super) full_name: String,
    pub(super) search_name: String,
    pub(super) birth_date: String,
}

pub(super) async fn insert(conn: &mut Conn, account: NewAccount, now: i64) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO accounts (id, email, password_hash, full_name, platform_admin, created_at, verified_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        account.id.0,
        account.email,
        account.password_hash,
        account.full_name,
        account.platform_admin,
        now,
        account.verified.then_some(now)
    )?;
    Ok(())
}

pub(super) async fn insert_patient(
    conn: &mut Conn,
    owner: AccountId,
    patient: NewPatient,
    now: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO patients (id, full_name, search_name, birth_date, created_at) VALUES ($1, $2, $3, $4, $5)",
        patient.id.0,
        patient.full_name,
        patient.search_name,
        patient.birth_date,
        now
    )?;
    sql!(
        conn,
        execute,
        "INSERT INTO patient_accounts (account_id, patient_id, relation, created_at) VALUES ($1, $2, 'self', $3)",
        owner.0,
        patient.id.0,
        now
    )?;
    Ok(())
}

/// Those who may sign in with an address: whoever has confirmed it, and of those who only claim it the newest. One row, whoever
/// there is: the number of rows would show in the time.
pub(super) async fn secrets(conn: &mut Conn, email: &str) -> Result<SecretsRow> {
    Ok(sql!(
        conn,
        one SecretsRow,
        "SELECT c.id AS confirmed_id, c.password_hash AS confirmed_hash, c.session_epoch AS confirmed_epoch,
                n.id AS claimed_id, n.password_hash AS claimed_hash, n.session_epoch AS claimed_epoch
         FROM (SELECT 1 AS one) AS o
         LEFT JOIN accounts c ON c.email = $1 AND c.verified_at IS NOT NULL
         LEFT JOIN accounts n ON n.id =
            (SELECT x.id FROM accounts x WHERE x.email = $1 AND x.verified_at IS NULL
             ORDER BY x.created_at DESC, x.id DESC LIMIT 1)",
        email
    )?)
}

/// The password of one account.
pub(super) async fn secret_of(conn: &mut Conn, id: AccountId) -> Result<Option<SecretRow>> {
    Ok(
        sql!(conn, optional SecretRow, "SELECT id, password_hash, verified_at FROM accounts WHERE id = $1", id.0)?,
    )
}

/// Replaces a hash, unless another has taken its place.
pub(super) async fn replace_hash(conn: &mut Conn, id: AccountId, old: &str, new: &str) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE accounts SET password_hash = $3 WHERE id = $1 AND password_hash = $2",
        id.0,
        old,
        new
    )?;
    Ok(rows == 1)
}

/// Whoever has confirmed an address.
pub(super) async fn find_by_email(conn: &mut Conn, email: &str) -> Result<Option<AccountRow>> {
    Ok(sql!(
        conn,
        optional AccountRow,
        "SELECT id, email, full_name, platform_admin, verified_at, session_epoch FROM accounts
         WHERE email = $1 AND verified_at IS NOT NULL",
        email
    )?)
}

/// Patients whom an account owns or acts for, its own first; whether it may do anything today is not asked here.
pub(super) async fn patients(conn: &mut Conn, account: AccountId) -> Result<Vec<PatientRow>> {
    Ok(sql!(
        conn,
        all PatientRow,
        "SELECT p.id, p.full_name, p.birth_date, pa.relation, pa.given, pa.may_book, pa.may_pay, pa.may_messages,
                pa.may_records, pa.may_prescriptions, pa.may_sensitive, pa.from_date, pa.until_date,
                EXISTS (SELECT 1 FROM patient_accounts s WHERE s.patient_id = pa.patient_id AND s.relation = 'self') AS owned
         FROM patient_accounts pa JOIN patients p ON p.id = pa.patient_id
         WHERE pa.account_id = $1 AND pa.ended_at IS NULL
         ORDER BY CASE WHEN pa.relation = 'self' THEN 0 ELSE 1 END, pa.created_at, p.id",
        account.0
    )?)
}

pub(super) async fn memberships(conn: &mut Conn, account: AccountId) -> Result<Vec<MembershipRow>> {
    Ok(sql!(
        conn,
        all MembershipRow,
        "SELECT m.id, m.hospital_id, h.name AS hospital_name, m.role, m.doctor_id, h.staff_second_factor
         FROM memberships m JOIN hospitals h ON h.id = m.hospital_id
         WHERE m.account_id = $1 AND m.state = 'active' ORDER BY h.name",
        account.0
    )?)
}

/// The patients of the caller's own account, with what it may do for them today; those for whom it may do nothing are not shown.
pub(super) async fn own_patients(
    conn: &mut Conn,
    own: &Own,
    today: Date,
) -> Result<Sealed<Vec<(PatientRow, Permissions)>>> {
    let mut shown = Vec::new();
    for row in patients(conn, own.object().id()).await? {
        let permissions = match row.terms.arrangement()? {
            None => Permissions::ALL,
            Some(arrangement) => arrangement.on(parse_date(&row.birth_date).map_err(Error::Stored)?, today),
        };
        if permissions != Permissions::NONE {
            shown.push((row, permissions));
        }
    }
    let ids: Vec<_> = shown.iter().map(|(row, _)| PatientId(row.id)).collect();
    Ok(Sealed::about(shown, ids))
}

pub(super) async fn members(conn: &mut Conn, here: &Managed) -> Result<Sealed<Vec<MemberRow>>> {
    let rows = sql!(
        conn,
        all MemberRow,
        "SELECT m.id, a.full_name, a.email, m.role, m.state, COALESCE(b.email, n.full_name) AS let_in_by, m.let_in_at
         FROM memberships m JOIN accounts a ON a.id = m.account_id
         LEFT JOIN accounts b ON b.id = m.let_in_by LEFT JOIN account_names n ON n.id = m.let_in_by
         WHERE m.hospital_id = $1 ORDER BY a.full_name, m.id",
        here.object().0.0
    )?;
    Ok(Sealed::about(rows, []))
}

/// Whether a hospital asks its staff for a second factor.
pub(super) async fn staff_second_factor(conn: &mut Conn, here: &Managed) -> Result<Option<bool>> {
    let row = sql!(
        conn,
        optional(bool,),
        "SELECT staff_second_factor FROM hospitals WHERE id = $1",
        here.object().0.0
    )?;
    Ok(row.map(|(yes,)| yes))
}

/// Changes whether it does.
pub(super) async fn set_staff_second_factor(conn: &mut Conn, here: &Policy, yes: bool) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE hospitals SET staff_second_factor = $2 WHERE id = $1",
        here.object().0.0,
        yes
    )?;
    Ok(rows == 1)
}

/// Whether a hospital has somebody who administers it.
pub(super) async fn has_administrator(conn: &mut Conn, hospital: HospitalId) -> Result<bool> {
    Ok(sql!(
        conn,
        optional(Uuid,),
        "SELECT id FROM memberships WHERE hospital_id = $1 AND role = 'hospital_admin' AND state = 'active' LIMIT 1",
        hospital.0
    )?
    .is_some())
}

/// A new membership, or the role of an old one renewed.
pub(super) async fn insert_membership(
    conn: &mut Conn,
    id: MembershipId,
    account: AccountId,
    invitation: &invitations::InvitationRow,
    now: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO memberships (id, account_id, hospital_id, role, doctor_id, state, created_at, let_in_by, let_in_at)
         SELECT $1, $2, $3, $4, $5, 'active', $6, i.created_by, i.created_at FROM invitations i WHERE i.id = $7
         ON CONFLICT (account_id, hospital_id)
         DO UPDATE SET role = excluded.role, doctor_id = excluded.doctor_id, state = 'active',
                       let_in_by = excluded.let_in_by, let_in_at = excluded.let_in_at",
        id.0,
        account.0,
        invitation.hospital_id,
        invitation.role.as_str(),
        invitation.doctor_id,
        now,
        invitation.id
    )?;
    Ok(())
}

/// Those who look after the hospitals that an account administers, or to which it has let somebody in since an instant, and the account
/// itself; each with the hospital. In one order of accounts: whoever writes to two of them waits for nobody in a ring.
pub(crate) async fn colleagues(
    conn: &mut Conn,
    account: AccountId,
    since: i64,
) -> Result<Vec<(Uuid, String, Uuid)>> {
    Ok(sql!(
        conn,
        all(Uuid, String, Uuid),
        "SELECT c.account_id, a.email, c.hospital_id
         FROM memberships c JOIN accounts a ON a.id = c.account_id
         WHERE (c.role = 'hospital_admin' AND c.state = 'active' OR c.account_id = $1)
           AND (EXISTS (SELECT 1 FROM memberships m WHERE m.hospital_id = c.hospital_id
                           AND (m.account_id = $1 AND m.role = 'hospital_admin' OR m.let_in_by = $1 AND m.let_in_at > $2))
                OR EXISTS (SELECT 1 FROM invitations i WHERE i.hospital_id = c.hospital_id AND i.created_by = $1
                              AND i.created_at > $2))
         ORDER BY c.account_id, c.hospital_id",
        account.0,
        since
    )?)
}

/// Whether an account administers a hospital; it does so until the transaction ends.
pub(super) async fn hold_administrator(
    conn: &mut Conn,
    account: AccountId,
    hospital: HospitalId,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE memberships SET state = state
         WHERE account_id = $1 AND hospital_id = $2 AND role = 'hospital_admin' AND state = 'active'",
        account.0,
        hospital.0
    )?;
    Ok(rows == 1)
}

/// Changes the state of somebody else's membership, and notes who lets her in again.
pub(super) async fn set_member_state(
    conn: &mut Conn,
    here: &Authorized<ChangeMembers, OfHospital>,
    member: MembershipId,
    state: &str,
    now: i64,
) -> Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE memberships SET state = $4,
                let_in_by = CASE WHEN $4 = 'active' AND state <> 'active' THEN $3 ELSE let_in_by END,
                let_in_at = CASE WHEN $4 = 'active' AND state <> 'active' THEN $5 ELSE let_in_at END
         WHERE id = $2 AND hospital_id = $1 AND account_id <> $3",
        here.object().0.0,
        member.0,
        here.by().0,
        state,
        now
    )?;
    Ok(rows == 1)
}
