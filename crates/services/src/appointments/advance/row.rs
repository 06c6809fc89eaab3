//! Calling off a visit of a row and all later ones: each by the rules of any other, and all of them in one transaction.

use domain::{
    Call, Error as Refusal,
    access::{Action, Decision, decide},
    appointments::{Move, MoveAppointment, Status},
    error::Findings,
    ids::AppointmentId,
    text,
};

use super::{Step, Wanted, apply, situation, treats};
use crate::{
    access::Resource,
    appointments::{AppointmentService, Minders, RowOf, Visible, lead, status_of, store},
    audit::Entry,
    error::Result,
    payments::follow_ups::goes_with,
};

impl AppointmentService {
    /// The row that a visit belongs to, with those of its visits that the caller may see. That she looked is noted for the visit.
    pub(crate) async fn row_of(&self, call: &Call, visit: AppointmentId) -> Result<Option<RowOf>> {
        let of: Visible = self.core.load(call, visit).await?;
        let in_care = treats(&of);
        let mut conn = self.core.db.read(of.reach()).await?;
        let Some(series) = store::series::of(&mut conn, &of).await? else { return Ok(None) };
        let mut visits = store::series::visits(&mut conn, series).await?;
        let numbers = store::series::numbers(&mut conn, series).await?;
        // The same decision that guards each of them.
        visits.retain(|row| {
            let facts = row.facts().cared_for(in_care);
            matches!(decide(&call.actor, Action::ReadAppointment, &facts), Decision::Allow(_))
        });
        let (mut leads, now) = (Vec::with_capacity(visits.len()), self.core.now_ms());
        let mut goes_too = Vec::new();
        for row in &visits {
            leads.push((row.id, lead(&mut conn, row, now).await?));
            let with = goes_with(&mut conn, row.id, now, self.core.cashier.is_open()).await?;
            // What is of the row itself is listed in it.
            goes_too.extend(
                with.into_iter()
                    .filter(|(id, ..)| !numbers.iter().any(|(one, _)| one == id))
                    .map(|(_, starts_at, zone)| (row.id, starts_at, zone)),
            );
        }
        Ok(Some(RowOf { series, visits, numbers, leads, goes_too, in_care }))
    }

    /// Calls off a visit and all later ones of its row that the caller may cancel now.
    pub(crate) async fn cancel_from(
        &self,
        call: &Call,
        visit: AppointmentId,
        command: MoveAppointment,
    ) -> Result<()> {
        let mut findings = Findings::new();
        let reason = findings.take("reason", text::optional(command.reason.as_deref(), 300)).flatten();
        findings.finish()?;
        let row = self.row_of(call, visit).await?.ok_or(Refusal::NotFound)?;
        call.trace.note(Action::CancelAppointment);
        let now = self.core.now_ms();
        let first = row.visits.iter().find(|one| one.id == visit.0).ok_or(Refusal::NotFound)?;
        // What it comes to is said of this one; of the others those that are over or called off stay as they are.
        situation(call, first, row.in_care, now)?.check(Move::Cancel)?;
        let begins = first.starts_at;
        let mut wanted = Vec::new();
        for found in &row.visits {
            let is_first = found.id == visit.0;
            let open = situation(call, found, row.in_care, now)?.check(Move::Cancel).is_ok();
            if !open || (!is_first && found.starts_at <= begins) {
                continue;
            }
            let visible: Visible = self.core.aim(call, AppointmentId(found.id)).await?;
            let patient = visible.object().patient_id.into();
            let minders = Some(Minders::of(&self.core, &visible, patient).await?);
            let version = if is_first { command.version } else { None };
            let reason = reason.clone();
            wanted.push(Wanted {
                call: call.clone(),
                visible,
                step: Step::Made(Move::Cancel),
                version,
                reason,
                minders,
                now,
                not_before: None,
                pays_first: self.core.cashier.is_open(),
            });
        }
        let proofs: Vec<_> =
            wanted.iter().map(|one| one.visible.clone().doing(Action::CancelAppointment)).collect();
        self.core
            .change_all(&proofs, move |conn| {
                let wanted = wanted.clone();
                Box::pin(async move {
                    let mut noted: Vec<Entry> = Vec::new();
                    for one in &wanted {
                        let id = AppointmentId(one.visible.object().id);
                        if noted.iter().any(|entry| entry.is_of(id.0)) {
                            // It was free, and has gone with one before it.
                            continue;
                        }
                        let found = store::find(conn, id).await?.ok_or(Refusal::NotFound)?;
                        if id != visit && status_of(&found)? == Status::Cancelled {
                            // Somebody else was faster: it is her doing. Of the first one that is a refusal.
                            continue;
                        }
                        let proof = one.visible.clone().doing(Action::CancelAppointment);
                        let gone = apply(conn, one, id).await?;
                        noted.push(proof.entry_of_another(id.0));
                        noted.extend(gone.into_iter().map(|with| proof.entry_of_another(with.0)));
                    }
                    Ok(noted)
                })
            })
            .await?;
        self.core.mail.wake();
        self.core.cashier.wake();
        self.core.freed.ring();
        Ok(())
    }
}
