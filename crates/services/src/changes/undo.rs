//! Undoing: every visit goes back where it was, in one transaction, as long as nobody has been told.
//!
//! What somebody has changed meanwhile, or whose time is somebody else's by now, is left and named.

use domain::{
    Call,
    appointments::Status,
    changes::{ChangeState, MassChange, UndoOutcome},
    error::Conflict,
    ids::{DoctorId, MassChangeId},
    time::Span,
};

use super::{ChangeService, Found, state_of, store};
use crate::{
    appointments::{Back, give_back, put_back, take_turn},
    core::Core,
    db::Conn,
    error::{Error, Result},
    payments::follow_ups,
};

/// Somebody may take a time between the look at it and the way back, and a hold that has ended may still have it; then it is looked at
/// again, and at last left.
const TRIES: usize = 3;

impl ChangeService {
    pub(super) async fn take_back(&self, call: &Call, id: MassChangeId) -> Result<MassChange> {
        let found = self.found(call, id).await?;
        match state_of(found.object(), self.core.now_ms())? {
            ChangeState::Undoable => {}
            ChangeState::Told => return Err(Error::conflict(Conflict::TooLate)),
            ChangeState::Planned | ChangeState::Undone => return Err(Error::conflict(Conflict::AlreadyDone)),
        }
        let mut tried = 1;
        loop {
            give_back(&self.core, None).await?;
            match self.try_back(&found, tried == TRIES).await {
                Err(error) if error.broken().is_some() && tried < TRIES => tried += 1,
                outcome => break outcome?,
            }
        }
        self.core.freed.ring();
        self.again(call, id).await
    }

    async fn try_back(&self, found: &Found, leave: bool) -> Result<()> {
        let items = {
            let mut conn = self.core.db.read(found.reach()).await?;
            store::items(&mut conn, found).await?
        };
        let patients: Vec<_> = items.iter().map(|item| item.patient_id.into()).collect();
        let proof = found.clone().about_all(&patients);
        let (found, core) = (found.clone(), self.core.clone());
        self.core
            .change(&proof, move |conn| {
                let (found, core) = (found.clone(), core.clone());
                Box::pin(async move { all_back(&core, conn, &found, leave).await })
            })
            .await
    }
}

async fn all_back(core: &Core, conn: &mut Conn, found: &Found, leave: bool) -> Result<()> {
    store::take_turn(conn, found).await?;
    let now = core.now_ms();
    if !store::set_undone(conn, found, now).await? {
        return Err(Error::conflict(Conflict::TooLate));
    }
    let mut items = store::items(conn, found).await?;
    let mut doctors: Vec<_> =
        items.iter().flat_map(|item| [Some(item.from_doctor_id), item.to_doctor_id]).flatten().collect();
    doctors.sort_unstable();
    doctors.dedup();
    for doctor in doctors {
        take_turn(conn, DoctorId(doctor)).await?;
    }
    store::take_pools(conn, found).await?;
    // The other way round: what was moved last makes room first, and what was called off comes back when there is room.
    items.sort_by_key(|item| (item.to_starts_at.is_none(), -item.position));
    let mut returned = Vec::new();
    for item in &items {
        let version = item.made_version.ok_or(Error::Stored("a change that was made"))?;
        let told = item.told_at.is_none_or(|at| at <= now);
        let outcome = if told {
            UndoOutcome::ToldAlready
        } else {
            let back = Back {
                id: store::visit_of(item),
                version,
                status: Status::parse(&item.from_status).ok_or(Error::Stored("status"))?,
                doctor: DoctorId(item.from_doctor_id),
                visit: Span { start: item.from_starts_at, end: item.from_ends_at },
                block: Span { start: item.from_block_starts_at, end: item.from_block_ends_at },
                by: found.by(),
                now,
                leave,
            };
            put_back(conn, found, &back).await?
        };
        if outcome == UndoOutcome::Back {
            returned.push(store::visit_of(item));
        }
        store::set_outcome(conn, found, item.position, outcome.code()).await?;
    }
    // What is free because of another visit is asked when that one is back, too.
    for visit in returned {
        follow_ups::came_back(conn, found, visit, now).await?;
    }
    // Letters leave a while after the last moment for undoing; whoever took longer than that is too late.
    let told_by_now = items.iter().any(|item| item.told_at.is_some_and(|at| now < at && at <= core.now_ms()));
    if told_by_now { Err(Error::conflict(Conflict::TooLate)) } else { Ok(()) }
}
