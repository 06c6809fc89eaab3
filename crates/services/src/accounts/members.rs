//! The members of a hospital: who they are, who has let them in, and whether they have their rights.
//!
//! Asking somebody in is in `invitations`.

use domain::{
    Call, Error as Refusal,
    access::Role,
    accounts::{Member, MemberState, Members},
    ids::{HospitalId, MembershipId},
};

use super::{AccountService, Managed, store};
use crate::{
    access::{Authorized, ChangeMembers, OfHospital},
    core::instant,
    db::Conn,
    error::{Error, Result},
};

impl AccountService {
    pub(super) async fn list_members(&self, call: &Call, hospital: HospitalId) -> Result<Members> {
        let here: Managed = self.core.authorize(call, OfHospital(hospital)).await?;
        let (members, open) = {
            let mut conn = self.core.db.read(here.reach()).await?;
            let members = store::members(&mut conn, &here).await?;
            (members, store::invitations::open_of(&mut conn, hospital, self.core.now_ms()).await?)
        };
        let members = self.core.open(&here, members).await?;
        Ok(Members {
            members: members.into_iter().map(member).collect::<Result<_>>()?,
            invitations: open.into_iter().map(|row| row.view(None)).collect::<Result<_>>()?,
        })
    }

    pub(super) async fn change_member(
        &self,
        call: &Call,
        hospital: HospitalId,
        member: MembershipId,
        state: MemberState,
    ) -> Result<Members> {
        let here: Authorized<ChangeMembers, _> = self.core.authorize(call, OfHospital(hospital)).await?;
        let (proof, now) = (here.clone(), self.core.now_ms());
        let code = match state {
            MemberState::Active => "active",
            MemberState::Suspended => "suspended",
        };
        self.core
            .change(&proof, move |conn| {
                let here = here.clone();
                Box::pin(async move {
                    if state == MemberState::Suspended {
                        // First, as whoever accepts one holds it first.
                        store::invitations::end_of_member(conn, &here, member).await?;
                    }
                    hold(conn, &here).await?;
                    let changed = store::set_member_state(conn, &here, member, code, now).await?;
                    if changed { Ok(()) } else { Err(Error::from(Refusal::NotFound)) }
                })
            })
            .await?;
        self.list_members(call, hospital).await
    }
}

/// Goes on only while the caller administers the hospital: she may have been suspended since she was let in.
pub(super) async fn hold<A>(conn: &mut Conn, here: &Authorized<A, OfHospital>) -> Result<()> {
    if store::hold_administrator(conn, here.by(), here.object().0).await? {
        return Ok(());
    }
    Err(Refusal::NotFound.into())
}

fn member(row: store::MemberRow) -> Result<Member> {
    Ok(Member {
        id: MembershipId(row.id),
        full_name: row.full_name,
        email: row.email,
        role: Role::parse(&row.role).map_err(Error::Stored)?,
        state: if row.state == "active" { MemberState::Active } else { MemberState::Suspended },
        let_in_by: row.let_in_by,
        let_in_at: row.let_in_at.map(instant).transpose()?,
    })
}
