//! Moving an appointment on: read, decide, compare and set, write the step.
//!
//! Which moves there are is `domain::appointments`' business.

mod row;

use domain::{
    Call, Error as Refusal,
    access::{Action, Decision, Grant, decide},
    appointments::{Appointment, Initiator, Move, MoveAppointment, Situation, Status, standing},
    error::{Conflict, Findings},
    hospitals::Modality,
    ids::{AppointmentId, PatientId},
    queues::{Arrival, CheckIn, may_check_in},
    text,
};

use super::{
    AppointmentRow, AppointmentService, Visible,
    lead::lead,
    status_of, store, tickets,
    together::{CalledOff, call_off_with},
    told::{Minders, Tidings},
};
use crate::{
    access::Resource,
    audit,
    core::{instant, zone},
    db::{Conn, News},
    error::{Error, Result},
    idempotency::{self, Keyed},
    mail::VisitChange,
    payments,
};

/// What somebody does with a visit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// A move of the hospital's, or a cancellation.
    Made(Move),
    /// The patient says herself that she is here.
    SaidHere,
}

/// A move that is well formed.
#[derive(Clone)]
pub(super) struct Wanted {
    pub(super) call: Call,
    pub(super) visible: Visible,
    pub(super) step: Step,
    pub(super) version: Option<i64>,
    pub(super) reason: Option<String>,
    /// Those who are told; only of a cancellation.
    pub(super) minders: Option<Minders>,
    pub(super) now: i64,
    /// Before that nobody is told of it, where that is not at once; whoever wants it so gives the money back then, too.
    pub(super) not_before: Option<i64>,
    /// Whether patients pay for visits before they are booked.
    pub(super) pays_first: bool,
}

impl AppointmentService {
    pub(super) async fn move_on(
        &self,
        call: &Call,
        id: AppointmentId,
        step: Move,
        command: MoveAppointment,
    ) -> Result<Appointment> {
        let visible: Visible = self.core.aim(call, id).await?;
        let keyed = Keyed::of(call, "advance_appointment", &(id, step, &command))?;
        let mut findings = Findings::new();
        let reason = findings.take("reason", text::optional(command.reason.as_deref(), 300)).flatten();
        findings.finish()?;
        // In the audit it is what was done, not that it could be seen.
        let action = if step == Move::Cancel { Action::CancelAppointment } else { Action::RunAppointment };
        call.trace.note(action);
        let proof = visible.clone().doing(action);
        let minders = self.told_of(step, &visible).await?;
        let wanted = Wanted {
            call: call.clone(),
            visible,
            step: Step::Made(step),
            version: command.version,
            reason,
            minders,
            now: self.core.now_ms(),
            not_before: None,
            pays_first: self.core.cashier.is_open(),
        };
        self.apply(call, wanted, proof, keyed).await
    }

    /// Receives a patient who says herself that she is here.
    pub(crate) async fn say_here(
        &self,
        call: &Call,
        id: AppointmentId,
        version: Option<i64>,
    ) -> Result<Appointment> {
        let visible: Visible = self.core.aim(call, id).await?;
        let keyed = Keyed::of(call, "say_here", &(id, version))?;
        self.may(call, &visible, Action::CheckInOneself).await?;
        let proof = visible.clone().doing(Action::CheckInOneself);
        let now = self.core.now_ms();
        let wanted = Wanted {
            call: call.clone(),
            visible,
            step: Step::SaidHere,
            version,
            reason: None,
            minders: None,
            now,
            not_before: None,
            pays_first: false,
        };
        self.apply(call, wanted, proof, keyed).await
    }

    async fn apply(
        &self,
        call: &Call,
        wanted: Wanted,
        proof: Visible,
        keyed: Option<Keyed>,
    ) -> Result<Appointment> {
        let id = AppointmentId(proof.object().id);
        let noted = proof.clone();
        let row = self
            .core
            .change(&proof, move |conn| {
                let (wanted, keyed, noted) = (wanted.clone(), keyed.clone(), noted.clone());
                Box::pin(async move {
                    let mut gone = Vec::new();
                    if idempotency::earlier_or(conn, keyed.as_ref(), id.0, wanted.now).await?.is_none() {
                        gone = apply(conn, &wanted, id).await?;
                    }
                    let row = store::find(conn, id).await?.ok_or(Refusal::NotFound)?;
                    // Last, as whatever the audit writes.
                    for one in gone {
                        audit::append(conn, noted.entry_of_another(one.0)).await?;
                    }
                    Ok(row)
                })
            })
            .await?;
        self.core.mail.wake();
        // What a cancelled visit is owed goes back at once, and its time to whoever waits.
        self.core.cashier.wake();
        self.core.freed.ring();
        self.view(call, row, treats(&proof))
    }

    /// Those who are told of a step: a calendar has no use for what happens between booking and the end.
    async fn told_of(&self, step: Move, visible: &Visible) -> Result<Option<Minders>> {
        if step != Move::Cancel {
            return Ok(None);
        }
        let patient = PatientId(visible.object().patient_id);
        Minders::of(&self.core, visible, patient).await.map(Some)
    }
}

impl AppointmentService {
    /// What the rules look at, for a visit that the caller may see.
    pub(crate) fn situation_of(&self, call: &Call, row: &AppointmentRow, in_care: bool) -> Result<Situation> {
        situation(call, row, in_care, self.core.now_ms())
    }
}

/// Whether the caller sees the visit because she treats the patient.
pub(super) fn treats(visible: &Visible) -> bool {
    visible.grant() == Grant::CareRelation
}

/// What the rules look at.
pub(crate) fn situation(call: &Call, row: &AppointmentRow, in_care: bool, now: i64) -> Result<Situation> {
    let facts = row.facts().cared_for(in_care);
    let grant = |action| match decide(&call.actor, action, &facts) {
        Decision::Allow(grant) => Some(grant),
        Decision::Deny(_) => None,
    };
    let patient = PatientId(row.patient_id);
    let own = call.actor.principal().is_some_and(|principal| principal.minds(patient));
    let zone = zone(&row.time_zone)?;
    let own_day = tickets::day(&zone, instant(row.starts_at)?) == tickets::day(&zone, instant(now)?);
    Ok(Situation {
        own_day,
        own,
        status: standing(status_of(row)?, row.hold_expires_at, now),
        starts_at: row.starts_at,
        now,
        runs: grant(Action::RunAppointment),
        cancels: grant(Action::CancelAppointment),
        reschedules: grant(Action::RescheduleAppointment),
    })
}

/// What the rule looks at when a patient says that she is here.
pub(super) fn check_in(row: &AppointmentRow, status: Status) -> Result<CheckIn> {
    Ok(CheckIn {
        status,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        in_person: Modality::parse(&row.modality).map_err(Error::Stored)? == Modality::InPerson,
        allowed: row.self_check_in,
    })
}

/// Moves a visit on; returns the visits that have gone with it, which the audit has to note as well.
pub(super) async fn apply(conn: &mut Conn, wanted: &Wanted, id: AppointmentId) -> Result<Vec<AppointmentId>> {
    let row = store::find(conn, id).await?.ok_or(Refusal::NotFound)?;
    let by = wanted.visible.by();
    let situation = situation(&wanted.call, &row, treats(&wanted.visible), wanted.now)?;
    if wanted.version.is_some_and(|seen| seen != row.version) {
        return Err(Error::conflict(Conflict::StaleVersion));
    }
    let (next, arrival) = match wanted.step {
        Step::Made(step) => (situation.check(step)?, (step == Move::Arrive).then_some(Arrival::Desk)),
        Step::SaidHere => (may_check_in(check_in(&row, situation.status)?, wanted.now)?, Some(Arrival::Own)),
    };
    let here = match arrival {
        Some(arrival) => tickets::of_visit(conn, &row, arrival, wanted.now).await?,
        None => None,
    };
    let cancels = wanted.step == Step::Made(Move::Cancel);
    let lead = if cancels { Some(lead(conn, &row, wanted.now).await?) } else { None };
    let standing = store::Standing {
        status: next.code(),
        occupies: next.occupies(),
        cancelled_by: cancels.then(|| situation.initiator().code()),
        cancelled_late: lead.is_some_and(|lead| situation.is_late(lead)),
        here,
    };
    if !store::update_status(conn, &wanted.visible, row.version, standing).await? {
        return Err(Error::conflict(Conflict::StaleVersion));
    }
    let version = row.version + 1;
    let step = store::Step {
        appointment: id,
        seq: version,
        from: Some(situation.status.code()),
        to: next.code(),
        at: wanted.now,
        by: Some(by),
        reason: wanted.reason.clone(),
        seat: None,
    };
    store::insert_step(conn, step).await?;
    let initiator = situation.initiator();
    let mut gone = Vec::new();
    if let Some(lead) = lead
        && wanted.not_before.is_none()
    {
        payments::of_visit(conn, row.id, (initiator, lead), by.0, wanted.now).await?;
        let minders = wanted.minders.as_ref();
        if initiator == Initiator::Patient {
            // Before her own side calls a visit off, its page says what hangs on it.
            let hanging = payments::follow_ups::given_up(conn, row.id, wanted.now, wanted.pays_first).await?;
            let with = CalledOff { by, reason: wanted.reason.as_deref(), now: wanted.now };
            gone = call_off_with(conn, &hanging, with, minders).await?;
        } else {
            payments::follow_ups::look_again(conn, row.id, wanted.now, minders).await?;
        }
    }
    if let Some(minders) = &wanted.minders {
        let own = initiator == Initiator::Patient;
        let (change, not_before) = (VisitChange::Cancelled, wanted.not_before);
        let tidings = Tidings { appointment: id, change, step: version, own, not_before };
        minders.tell(conn, tidings).await?;
    }
    conn.announce(News::Visit(row.event(version))).await?;
    Ok(gone)
}
