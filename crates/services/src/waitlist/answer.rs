//! Answering what is offered, and leaving the list.
//!
//! What becomes of the entry follows from what becomes of the hold, see `follow`.

use domain::{
    Call, Error as Refusal,
    appointments::Appointment,
    error::Conflict,
    ids::{AppointmentId, WaitlistEntryId},
    waitlist::{EntryStatus, WaitlistEntry},
};

use super::{EntryRow, WaitlistService, store};
use crate::{
    access::{AnswerOffer, Authorized, LeaveWaitlist},
    appointments::{self, Answer},
    db::Conn,
    error::{Error, Result},
};

impl WaitlistService {
    pub(super) async fn take(&self, call: &Call, id: WaitlistEntryId) -> Result<Appointment> {
        let entry: Authorized<AnswerOffer, EntryRow> = self.core.aim(call, id).await?;
        let row = entry.object();
        if row.standing(self.core.now_ms())? == EntryStatus::Taken {
            // Asked again, it is the same answer.
            let visit = if row.appointment_id.is_some() {
                row.appointment_id
            } else {
                let mut conn = self.core.db.read(entry.reach()).await?;
                store::offers::taken(&mut conn, row.id).await?
            };
            let visit = visit.ok_or(Error::Stored("what an entry has led to"))?;
            return self.appointments.read(call, visit.into()).await;
        }
        let hold = self.kept(row)?;
        let taken = match row.appointment_id {
            Some(visit) => self.appointments.put_on_offered(call, visit.into(), hold).await,
            None => self.appointments.answer(call, hold, Answer::Take).await,
        };
        // What it was put on is taken; where it stood before is free.
        self.core.freed.ring();
        taken
    }

    pub(super) async fn let_go(&self, call: &Call, id: WaitlistEntryId) -> Result<WaitlistEntry> {
        let entry: Authorized<AnswerOffer, EntryRow> = self.core.aim(call, id).await?;
        let hold = self.kept(entry.object())?;
        self.appointments.answer(call, hold, Answer::LetGo).await?;
        self.core.freed.ring();
        self.read_again(entry.reach(), id).await
    }

    /// The hold that keeps a time for an entry now.
    fn kept(&self, row: &EntryRow) -> Result<AppointmentId> {
        let live = row.hold_id.filter(|_| !row.offer_is_over(self.core.now_ms()));
        live.map(AppointmentId).ok_or_else(|| Error::conflict(Conflict::HoldEnded))
    }

    pub(super) async fn leave(&self, call: &Call, id: WaitlistEntryId) -> Result<WaitlistEntry> {
        let entry: Authorized<LeaveWaitlist, EntryRow> = self.core.aim(call, id).await?;
        let (core, by, now) = (self.core.clone(), entry.by(), self.core.now_ms());
        self.core
            .change(&entry, move |conn| {
                let core = core.clone();
                Box::pin(async move {
                    if let Some(hold) = open(conn, id).await?.hold_id {
                        appointments::let_go(&core, conn, hold.into(), Some(by), now).await?;
                    }
                    // Letting go has moved it on.
                    let row = open(conn, id).await?;
                    let gone = EntryStatus::Withdrawn.code();
                    if !store::set_status(conn, row.id, row.version, gone).await? {
                        return Err(Error::conflict(Conflict::StaleVersion));
                    }
                    Ok(())
                })
            })
            .await?;
        self.core.freed.ring();
        self.read_again(entry.reach(), id).await
    }
}

/// An entry that is still in the line.
async fn open(conn: &mut Conn, id: WaitlistEntryId) -> Result<EntryRow> {
    let row = store::find(conn, id).await?.ok_or(Refusal::NotFound)?;
    let status = EntryStatus::parse(&row.status).ok_or(Error::Stored("status of an entry"))?;
    if !status.is_open() {
        return Err(Error::conflict(Conflict::AlreadyDone));
    }
    Ok(row)
}
