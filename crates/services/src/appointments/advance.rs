//! Moving an appointment on: read, decide, compare and set, write the step.
//!
//! Which moves there are is `domain::appointments`' business.

use domain::{
    Call, Error as Refusal,
    access::{Action, Decision, decide, require},
    appointments::{Appointment, Move, MoveAppointment, Situation},
    error::{Conflict, Findings},
    ids::AppointmentId,
    live::LiveEvent,
    text,
};

use super::{AppointmentService, facts, status_of, store};
use crate::{
    db::{Conn, News},
    error::{Error, Result},
    idempotency::{self, Keyed},
};

/// A move that is well formed.
#[derive(Clone)]
struct Wanted {
    call: Call,
    id: AppointmentId,
    step: Move,
    version: Option<i64>,
    reason: Option<String>,
    now: i64,
}

impl AppointmentService {
    pub(super) async fn move_on(
        &self,
        call: &Call,
        id: AppointmentId,
        step: Move,
        command: MoveAppointment,
    ) -> Result<Appointment> {
        let keyed = Keyed::of(call, "advance_appointment", &(id, step, &command))?;
        let mut findings = Findings::new();
        let reason = findings.take("reason", text::optional(command.reason.as_deref(), 300)).flatten();
        findings.finish()?;
        let wanted = Wanted {
            call: call.clone(),
            id,
            step,
            version: command.version,
            reason,
            now: self.core.now_ms(),
        };
        self.core
            .db
            .write(move |conn| {
                let (wanted, keyed) = (wanted.clone(), keyed.clone());
                Box::pin(async move {
                    if idempotency::earlier(conn, keyed.as_ref()).await?.is_none() {
                        idempotency::remember(conn, keyed.as_ref(), wanted.id.0, wanted.now).await?;
                        apply(conn, wanted).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        self.read(call, id).await
    }
}

/// What the rules look at.
pub(super) fn situation(call: &Call, row: &store::AppointmentRow, now: i64) -> Result<Situation> {
    let grant = |action| match decide(&call.actor, action, &facts(row)) {
        Decision::Allow(grant) => Some(grant),
        Decision::Deny(_) => None,
    };
    Ok(Situation {
        status: status_of(row)?,
        starts_at: row.starts_at,
        now,
        runs: grant(Action::RunAppointment),
        cancels: grant(Action::CancelAppointment),
    })
}

async fn apply(conn: &mut Conn, wanted: Wanted) -> Result<()> {
    let row = store::find(conn, wanted.id).await?.ok_or(Refusal::NotFound)?;
    require(&wanted.call.actor, Action::ReadAppointment, &facts(&row))?;
    let by = wanted.call.actor.signed_in()?.account_id;
    let situation = situation(&wanted.call, &row, wanted.now)?;
    if wanted.version.is_some_and(|seen| seen != row.version) {
        return Err(Error::conflict(Conflict::StaleVersion));
    }
    let next = situation.check(wanted.step)?;
    let cancelled_by = (wanted.step == Move::Cancel).then(|| situation.initiator().code());
    let moved =
        store::update_status(conn, wanted.id, row.version, next.code(), next.occupies(), cancelled_by)
            .await?;
    if !moved {
        return Err(Error::conflict(Conflict::StaleVersion));
    }
    let version = row.version + 1;
    let step = store::Step {
        appointment: wanted.id,
        seq: version,
        from: Some(situation.status.code()),
        to: next.code(),
        at: wanted.now,
        by,
        reason: wanted.reason,
    };
    store::insert_step(conn, step).await?;
    let event = LiveEvent {
        appointment_id: wanted.id,
        hospital_id: row.hospital_id.into(),
        doctor_id: row.doctor_id.into(),
        patient_id: row.patient_id.into(),
        version,
    };
    conn.announce(News::Visit(event)).await
}
