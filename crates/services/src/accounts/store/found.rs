//! SQL of who somebody is.
//!
//! Nothing is decided here.

use domain::ids::AccountId;
use uuid::Uuid;

use super::AccountRow;
use crate::{
    db::{Conn, sql},
    error::Result,
};

/// An account, with what says at once that most have no more rights than over themselves.
#[derive(sqlx::FromRow)]
pub(in crate::accounts) struct FoundRow {
    #[sqlx(flatten)]
    pub(in crate::accounts) account: AccountRow,
    /// The patient who is the owner of the account, if she is the only one it has to do with.
    pub(in crate::accounts) only_patient: Option<Uuid>,
    /// Whether a hospital has ever had it among its members.
    pub(in crate::accounts) employed: bool,
}

/// One row: this is read for every request.
pub(in crate::accounts) async fn find(conn: &mut Conn, id: AccountId) -> Result<Option<FoundRow>> {
    Ok(sql!(
        conn,
        optional FoundRow,
        "SELECT a.id, a.email, a.full_name, a.platform_admin, a.verified_at, a.session_epoch,
                (SELECT CASE WHEN COUNT(*) = 1 AND SUM(CASE WHEN pa.relation = 'self' THEN 1 ELSE 0 END) = 1
                             THEN (SELECT own.patient_id FROM patient_accounts own
                                   WHERE own.account_id = $1 AND own.relation = 'self' AND own.ended_at IS NULL) END
                 FROM patient_accounts pa WHERE pa.account_id = $1 AND pa.ended_at IS NULL) AS only_patient,
                EXISTS (SELECT 1 FROM memberships m WHERE m.account_id = $1) AS employed
         FROM accounts a WHERE a.id = $1",
        id.0
    )?)
}
