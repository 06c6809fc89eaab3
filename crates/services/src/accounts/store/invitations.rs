//! SQL of invitations.
//!
//! Nothing is decided here.

use domain::{
    access::Role,
    accounts::Invitation,
    ids::{AccountId, DoctorId, HospitalId, InvitationId, MembershipId},
};
use uuid::Uuid;

use crate::{
    access::{Authorized, ChangeMembers, OfHospital},
    accounts::{Brief, invitations::Seat},
    core::instant,
    db::{Conn, sql},
    error::{Error, Result},
};

/// How long an invitation can be accepted.
const LIFE_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// A stored invitation.
#[derive(Clone, sqlx::FromRow)]
pub(in crate::accounts) struct InvitationRow {
    pub(in crate::accounts) id: Uuid,
    pub(in crate::accounts) hospital_id: Uuid,
    pub(in crate::accounts) hospital_name: String,
    pub(in crate::accounts) email: String,
    pub(in crate::accounts) role: String,
    pub(in crate::accounts) doctor_id: Option<Uuid>,
    pub(in crate::accounts) expires_at: i64,
    /// Told to whoever holds the link, and to nobody else.
    pub(in crate::accounts) has_account: bool,
}

impl InvitationRow {
    pub(in crate::accounts) fn view(self, token: Option<String>) -> Result<Invitation> {
        Ok(Invitation {
            id: InvitationId(self.id),
            hospital_id: HospitalId(self.hospital_id),
            hospital_name: self.hospital_name,
            email: self.email,
            role: Role::parse(&self.role).map_err(Error::Stored)?,
            expires_at: instant(self.expires_at)?,
            has_account: self.has_account,
            token,
        })
    }
}

/// Who is asked in, once everything about it is known to be right.
#[derive(Clone)]
pub(in crate::accounts) struct Asked {
    pub(in crate::accounts) id: InvitationId,
    pub(in crate::accounts) email: String,
    pub(in crate::accounts) doctor: Option<DoctorId>,
}

pub(in crate::accounts) async fn insert(
    conn: &mut Conn,
    seat: &Seat,
    asked: Asked,
    token_hash: Vec<u8>,
    now: i64,
) -> Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO invitations (id, hospital_id, email, role, doctor_id, token_hash, created_by, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        asked.id.0,
        seat.object().hospital.0,
        asked.email,
        seat.object().role.code(),
        asked.doctor.map(|d| d.0),
        token_hash,
        seat.by().0,
        now,
        now + LIFE_MS
    )?;
    Ok(())
}

pub(in crate::accounts) async fn find(
    conn: &mut Conn,
    token_hash: &[u8],
    now: i64,
) -> Result<Option<InvitationRow>> {
    Ok(sql!(
        conn,
        optional InvitationRow,
        "SELECT i.id, i.hospital_id, h.name AS hospital_name, i.email, i.role, i.doctor_id, i.expires_at,
                EXISTS (SELECT 1 FROM accounts a WHERE a.email = i.email AND a.verified_at IS NOT NULL) AS has_account
         FROM invitations i JOIN hospitals h ON h.id = i.hospital_id
         WHERE i.token_hash = $1 AND i.accepted_at IS NULL AND i.expires_at > $2",
        token_hash,
        now
    )?)
}

/// An invitation that can still be accepted, by its id.
pub(in crate::accounts) async fn open(conn: &mut Conn, id: Uuid, now: i64) -> Result<Option<InvitationRow>> {
    Ok(sql!(
        conn,
        optional InvitationRow,
        "SELECT i.id, i.hospital_id, h.name AS hospital_name, i.email, i.role, i.doctor_id, i.expires_at,
                FALSE AS has_account
         FROM invitations i JOIN hospitals h ON h.id = i.hospital_id
         WHERE i.id = $1 AND i.accepted_at IS NULL AND i.expires_at > $2",
        id,
        now
    )?)
}

/// Whether whoever made an invitation could still make it: an active administrator of the hospital, or the platform's for a
/// hospital that has none. The administrator stays one until the caller is done.
pub(in crate::accounts) async fn still_stands(conn: &mut Conn, id: Uuid) -> Result<bool> {
    let made = sql!(
        conn,
        optional(Uuid, Uuid),
        "SELECT created_by, hospital_id FROM invitations WHERE id = $1",
        id
    )?;
    if let Some((by, hospital)) = made
        && super::hold_administrator(conn, AccountId(by), HospitalId(hospital)).await?
    {
        return Ok(true);
    }
    Ok(sql!(
        conn,
        optional(Uuid,),
        "SELECT i.id FROM invitations i JOIN accounts a ON a.id = i.created_by AND a.platform_admin
         WHERE i.id = $1 AND i.role = 'hospital_admin'
           AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.hospital_id = i.hospital_id
                              AND m.role = 'hospital_admin' AND m.state = 'active')",
        id
    )?
    .is_some())
}

/// Invitations of a hospital that nobody has accepted yet.
pub(in crate::accounts) async fn open_of(
    conn: &mut Conn,
    hospital: HospitalId,
    now: i64,
) -> Result<Vec<InvitationRow>> {
    Ok(sql!(
        conn,
        all InvitationRow,
        "SELECT i.id, i.hospital_id, h.name AS hospital_name, i.email, i.role, i.doctor_id, i.expires_at,
                FALSE AS has_account
         FROM invitations i JOIN hospitals h ON h.id = i.hospital_id
         WHERE i.hospital_id = $1 AND i.accepted_at IS NULL AND i.expires_at > $2 ORDER BY i.created_at, i.id",
        hospital.0,
        now
    )?)
}

/// Ends an invitation of a hospital that nobody has accepted yet.
pub(in crate::accounts) async fn end(
    conn: &mut Conn,
    here: &Authorized<ChangeMembers, OfHospital>,
    invitation: InvitationId,
    now: i64,
) -> Result<bool> {
    // At no time: whoever accepts at this moment may have read the clock before.
    let rows = sql!(
        conn,
        execute,
        "UPDATE invitations SET expires_at = 0
         WHERE id = $2 AND hospital_id = $1 AND accepted_at IS NULL AND expires_at > $3",
        here.object().0.0,
        invitation.0,
        now
    )?;
    Ok(rows == 1)
}

/// Ends what an account has invited others to since an instant, as long as nobody has come.
pub(crate) async fn end_made_since(conn: &mut Conn, account: AccountId, since: i64, now: i64) -> Result<()> {
    // At no time: whoever accepts at this moment may have read the clock before.
    sql!(
        conn,
        execute,
        "UPDATE invitations SET expires_at = 0
         WHERE created_by = $1 AND created_at > $2 AND accepted_at IS NULL AND expires_at > $3",
        account.0,
        since,
        now
    )?;
    Ok(())
}

/// Ends the open invitations of a member: an older link must not bring back somebody who is suspended now.
pub(in crate::accounts) async fn end_of_member(
    conn: &mut Conn,
    here: &Authorized<ChangeMembers, OfHospital>,
    member: MembershipId,
) -> Result<()> {
    // At no time, as above.
    sql!(
        conn,
        execute,
        "UPDATE invitations SET expires_at = 0
         WHERE hospital_id = $1 AND accepted_at IS NULL
           AND email = (SELECT a.email FROM memberships m JOIN accounts a ON a.id = m.account_id
                        WHERE m.id = $2 AND m.hospital_id = $1)",
        here.object().0.0,
        member.0
    )?;
    Ok(())
}

/// Ends the open invitations to the address that an account gives up: everywhere if it had confirmed it, and else where it is or was a
/// member. Whoever only claims an address ends nothing that is meant for its owner.
pub(crate) async fn end_to(conn: &mut Conn, account: AccountId, before: &Brief) -> Result<()> {
    // At no time, as above.
    sql!(
        conn,
        execute,
        "UPDATE invitations SET expires_at = 0
         WHERE email = $1 AND accepted_at IS NULL
           AND ($3 OR hospital_id IN (SELECT hospital_id FROM memberships WHERE account_id = $2))",
        before.email.as_str(),
        account.0,
        before.verified_at.is_some()
    )?;
    Ok(())
}

/// Uses an invitation up, if it is still good.
pub(in crate::accounts) async fn use_up(conn: &mut Conn, id: Uuid, now: i64) -> Result<bool> {
    // All open ones for this person here: an older link must not bring back somebody who was suspended since.
    let used = sql!(
        conn,
        all(Uuid, i64),
        "UPDATE invitations SET accepted_at = $2 WHERE accepted_at IS NULL AND id IN
            (SELECT o.id FROM invitations o JOIN invitations i ON i.hospital_id = o.hospital_id AND i.email = o.email
             WHERE i.id = $1)
         RETURNING id, expires_at",
        id,
        now
    )?;
    Ok(used.into_iter().any(|(one, expires_at)| one == id && expires_at > now))
}
