//! Joining the waiting list: who waits for what, and whether that can be.
//!
//! What she is offered is in `relay`.

use std::sync::Arc;

use domain::{
    Call, Error as Refusal,
    access::{Action, Grant},
    appointments::may_book_one_more,
    error::Findings,
    ids::{DoctorId, PatientId, WaitlistEntryId},
    waitlist::{JoinWaitlist, WaitlistEntry, Wanted, check, may_wait_once_more},
};
use jiff::civil::Date;

use super::{WaitlistService, store};
use crate::{
    access::{self, Authorized, OfPatient},
    appointments::{self, AppointmentRow},
    core::instant,
    db::{Conn, Reach},
    directory::Entry,
    error::Result,
    idempotency::{self, Keyed},
};

/// Whoever waits, and that she may be put in the line.
type Whom = Authorized<access::JoinWaitlist, OfPatient>;

/// A wish that is well formed.
#[derive(Clone)]
struct Wish {
    whom: Whom,
    new: store::NewEntry,
    doctor: DoctorId,
    /// Whether her own side asks.
    own: bool,
    /// Whether there is an end to how much is booked for her.
    limited: bool,
}

impl WaitlistService {
    pub(super) async fn put_in_line(&self, call: &Call, command: JoinWaitlist) -> Result<WaitlistEntry> {
        let keyed = Keyed::of(call, "join_waitlist", &command)?;
        let (whom, entry) = self.whom(call, &command).await?;
        if let Some(earlier) = self.joined_before(&whom, keyed.as_ref()).await? {
            // Her visit may stand elsewhere by now, or the days may be over.
            return self.read_again(whom.reach(), earlier).await;
        }
        let wish = self.wish(call, &command, (whom, &entry)).await?;
        let (id, proof) = (wish.new.id, wish.whom.clone());
        let made = self
            .core
            .change(&proof, move |conn| {
                let (wish, keyed) = (wish.clone(), keyed.clone());
                Box::pin(async move {
                    if let Some(earlier) =
                        idempotency::earlier_or(conn, keyed.as_ref(), id.0, wish.new.now).await?
                    {
                        return Ok(WaitlistEntryId(earlier));
                    }
                    line_up(conn, wish).await?;
                    Ok(id)
                })
            })
            .await?;
        // A time that suits may be free already.
        self.core.freed.ring();
        self.read_again(proof.reach(), made).await
    }

    /// What the same request has made before. It is noted as that request again.
    async fn joined_before(&self, whom: &Whom, keyed: Option<&Keyed>) -> Result<Option<WaitlistEntryId>> {
        let known = {
            let mut conn = self.core.db.read(whom.reach()).await?;
            idempotency::earlier(&mut conn, keyed).await?
        };
        if known.is_none() {
            return Ok(None);
        }
        let keyed = keyed.cloned();
        let earlier = self.core.change(whom, move |conn| {
            let keyed = keyed.clone();
            Box::pin(async move { idempotency::earlier(conn, keyed.as_ref()).await })
        });
        Ok(earlier.await?.map(WaitlistEntryId))
    }

    /// For whom it is, and with which doctor.
    async fn whom(&self, call: &Call, command: &JoinWaitlist) -> Result<(Whom, Arc<Entry>)> {
        let principal = call.actor.signed_in()?;
        let entry = self.core.directory.doctor(&self.core, command.doctor_id).await?;
        let patient = command.patient_id.or_else(|| principal.patients.first().copied());
        let patient = patient.ok_or_else(|| Refusal::invalid("patient_id", "required"))?;
        let reach = Reach::of(Some(principal));
        let known = appointments::is_known(&self.core, &reach, entry.hospital.id, patient).await?;
        let whom = OfPatient { patient, hospital: known.then_some(entry.hospital.id) };
        let whom: Whom = self.core.authorize(call, whom).await?;
        if is_own(&whom) && !principal.verified {
            return Err(Refusal::EmailUnverified.into());
        }
        // Waiting for a doctor makes a patient known at her hospital, as booking does.
        let whom = whom.at(entry.hospital.id);
        whom.visible_afterwards(call, &entry, Action::AnswerOffer)?;
        Ok((whom, entry))
    }

    async fn wish(&self, call: &Call, command: &JoinWaitlist, (whom, entry): (Whom, &Entry)) -> Result<Wish> {
        let kind = entry.offered_type(command.visit_type_id).ok_or(Refusal::NotFound)?;
        if is_own(&whom) && !kind.is_for_patients(command.appointment_id.is_some()) {
            // What could not be booked by herself need not be waited for; a visit that she has may be earlier.
            return Err(Refusal::invalid("visit_type_id", "follow_up_required").into());
        }
        let visit = self.visit_to_move(call, command, whom.object().patient).await?;
        let today = self.core.clock.now().to_zoned(entry.schedule.zone.clone()).date();
        let last = visit.as_ref().map(|visit| date_of(visit, entry)).transpose()?;
        let mut findings = Findings::new();
        check(&mut findings, (command.from, command.until), &command.weekdays, today, last);
        findings.finish()?;
        let wanted = Wanted::new(command.from, command.until, &command.weekdays, &command.day_parts);
        let (weekdays, day_parts) = wanted.bits();
        Ok(Wish {
            new: store::NewEntry {
                id: WaitlistEntryId(self.core.new_id()),
                hospital: entry.hospital.id.0,
                doctor: entry.id,
                visit_type: command.visit_type_id.0,
                appointment: visit.map(|visit| visit.id),
                from: command.from.to_string(),
                until: command.until.to_string(),
                weekdays,
                day_parts,
                now: self.core.now_ms(),
            },
            doctor: entry.id,
            own: is_own(&whom),
            limited: is_own(&whom) && self.core.limits && command.appointment_id.is_none(),
            whom,
        })
    }

    /// The visit that is to be put on an earlier time: the patient's own, of this kind with this doctor, and one that the caller may move.
    async fn visit_to_move(
        &self,
        call: &Call,
        command: &JoinWaitlist,
        patient: PatientId,
    ) -> Result<Option<AppointmentRow>> {
        let Some(id) = command.appointment_id else { return Ok(None) };
        let visit = self.appointments.movable(call, id).await?;
        let fits = visit.patient_id == patient.0
            && visit.doctor_id == command.doctor_id.0
            && visit.visit_type_id == command.visit_type_id.0;
        if !fits {
            return Err(Refusal::invalid("appointment_id", "unknown_value").into());
        }
        Ok(Some(visit))
    }
}

/// Whether the patient's own side asks.
fn is_own(whom: &Whom) -> bool {
    matches!(whom.grant(), Grant::OwnPatient | Grant::Helper)
}

/// The local date on which a visit begins.
fn date_of(visit: &AppointmentRow, entry: &Entry) -> Result<Date> {
    Ok(instant(visit.starts_at)?.to_zoned(entry.schedule.zone.clone()).date())
}

/// Puts her in the line, or refuses. Runs in the transaction.
async fn line_up(conn: &mut Conn, wish: Wish) -> Result<()> {
    let (patient, by, now) = (wish.whom.object().patient, wish.whom.by(), wish.new.now);
    appointments::take_patients_turn(conn, patient, by).await?;
    let (open, by_account) = store::open(conn, &wish.whom).await?;
    may_wait_once_more(open, if wish.own { by_account } else { 0 })?;
    if wish.limited {
        // What could not be booked by herself need not be waited for.
        may_book_one_more(appointments::ahead(conn, (patient, by), wish.doctor, now).await?)?;
    }
    // First, because the desk sees only patients whom its hospital knows.
    appointments::know(conn, wish.new.hospital.into(), patient, now).await?;
    store::insert(conn, &wish.whom, wish.new).await
}
