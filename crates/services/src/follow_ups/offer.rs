//! Giving a ticket, and taking it back.
//!
//! What it allows is in `times`, what uses it up in `using`.

use domain::{
    Call, Error as Refusal,
    access::Grant,
    appointments::Status,
    error::{Conflict, Findings},
    follow_ups::{FollowUp, FollowUpStatus, NOTE_MAX, OfferFollowUp, window},
    ids::{AppointmentId, FollowUpId, PatientId},
    text,
};

use super::{FollowUpService, TicketRow, found, store};
use crate::{
    access::{self, Authorized},
    appointments::{AppointmentRow, Minders, status_of},
    core::zone,
    error::{Error, Result},
    idempotency::{self, Keyed},
    mail::Letter,
};

impl FollowUpService {
    pub(super) async fn ask_back(
        &self,
        call: &Call,
        visit: AppointmentId,
        command: OfferFollowUp,
    ) -> Result<FollowUp> {
        let keyed = Keyed::of(call, "offer_follow_up", &(visit, &command))?;
        let of: Authorized<access::OfferFollowUp, AppointmentRow> = self.core.aim(call, visit).await?;
        let new = self.checked(of.object(), command).await?;
        match status_of(of.object())? {
            // Nobody is asked back from a visit that never was.
            Status::Held | Status::PendingPayment | Status::Expired | Status::Cancelled => {
                return Err(Error::conflict(Conflict::WrongStatus));
            }
            Status::Booked
            | Status::Confirmed
            | Status::Arrived
            | Status::CheckedIn
            | Status::InProgress
            | Status::Completed
            | Status::NoShow
            | Status::LeftUnseen => {}
        }
        let minders = Minders::of(&self.core, &of, PatientId(of.object().patient_id)).await?;
        let (id, now, in_care) = (new.id, new.now, of.grant() == Grant::CareRelation);
        let proof = of.clone();
        let row = self
            .core
            .change(&proof, move |conn| {
                let (of, new, keyed, minders) = (of.clone(), new.clone(), keyed.clone(), minders.clone());
                Box::pin(async move {
                    if let Some(earlier) = idempotency::earlier_or(conn, keyed.as_ref(), id.0, now).await? {
                        return found(conn, FollowUpId(earlier)).await;
                    }
                    store::insert(conn, &of, new).await?;
                    minders.write(conn, |account| Letter::FollowUp { account, follow_up: id.0 }).await?;
                    found(conn, id).await
                })
            })
            .await?;
        self.core.mail.wake();
        self.view(call, row, in_care)
    }

    /// What was typed, as it is stored.
    async fn checked(&self, visit: &AppointmentRow, command: OfferFollowUp) -> Result<store::NewTicket> {
        let snapshot = self.core.directory.snapshot(&self.core).await?;
        let today = self.core.clock.now().to_zoned(zone(&visit.time_zone)?).date();
        let mut findings = Findings::new();
        let counts = (command.earliest, command.latest);
        let (from, until) = window(&mut findings, today, counts, command.unit);
        let note = findings.take("note", text::optional(command.note.as_deref(), NOTE_MAX)).flatten();
        let mut here = snapshot.by_name.iter().filter(|entry| entry.hospital.id.0 == visit.hospital_id);
        let offers = |entry: &crate::directory::Entry| entry.offered_type(command.visit_type_id).is_some();
        match command.doctor_id {
            Some(doctor) => match here.find(|entry| entry.id == doctor) {
                Some(entry) => findings.require(offers(entry), "visit_type_id", "visit_type_unknown"),
                None => findings.require(false, "doctor_id", "doctor_unknown"),
            },
            None => findings.require(here.any(|entry| offers(entry)), "visit_type_id", "visit_type_unknown"),
        }
        findings.finish()?;
        Ok(store::NewTicket {
            id: FollowUpId(self.core.new_id()),
            with_doctor: command.doctor_id.map(|doctor| doctor.0),
            visit_type: command.visit_type_id.0,
            from: from.to_string(),
            until: until.to_string(),
            note,
            now: self.core.now_ms(),
        })
    }

    pub(super) async fn take_back(&self, call: &Call, id: FollowUpId) -> Result<FollowUp> {
        let of: Authorized<access::OfferFollowUp, TicketRow> = self.core.aim(call, id).await?;
        if self.status(of.object())? != FollowUpStatus::Open {
            return Err(Error::conflict(Conflict::TicketOver));
        }
        let (proof, in_care, now) = (of.clone(), of.grant() == Grant::CareRelation, self.core.now_ms());
        let row = self
            .core
            .change(&proof, move |conn| {
                let of = of.clone();
                Box::pin(async move {
                    // Whoever has booked with it meanwhile has counted its version up.
                    if !store::withdraw(conn, &of, of.object().version, now).await? {
                        return Err(Refusal::conflict(Conflict::StaleVersion).into());
                    }
                    found(conn, id).await
                })
            })
            .await?;
        self.view(call, row, in_care)
    }
}
