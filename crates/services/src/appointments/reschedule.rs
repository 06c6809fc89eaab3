//! Putting a visit on another time, and for its hospital with another doctor: one row changes in one transaction, so the old time is
//! free exactly when the new one is taken. Its id, visit type, length and price stay.
//!
//! Which times can be had is `place`'s business.

use std::sync::Arc;

use domain::{
    Call, Error as Refusal,
    access::Action,
    appointments::{Appointment, Hand, RescheduleAppointment, Status, TimesQuery, may_move_once_more},
    availability::Slots,
    coding::is_sensitive,
    error::{Conflict, Findings},
    ids::{AppointmentId, DoctorId, PatientId},
    live::LiveEvent,
    text,
    time::{RequestedStart, Span},
};
use jiff::Timestamp;

use super::{
    AppointmentRow, AppointmentService, Visible,
    advance::{situation, treats},
    holds::{give_back, in_the_way},
    knows_all,
    place::{self, Aim, Moved},
    store,
    told::{Minders, Tidings},
};
use crate::{
    availability::offered,
    db::{Conn, News},
    directory::Entry,
    error::{Error, Result},
    idempotency::{self, Keyed},
    mail::VisitChange,
    payments::follow_ups as free_visits,
    resources,
};

/// A wish that is well formed; whether the time is free is known only in the transaction.
#[derive(Clone)]
pub(super) struct Wanted {
    pub(super) call: Call,
    pub(super) visible: Visible,
    pub(super) start: RequestedStart,
    /// With another doctor, and whether her specialty is nobody else's business.
    pub(super) doctor: Option<(DoctorId, bool)>,
    pub(super) minders: Minders,
    pub(super) version: Option<i64>,
    pub(super) reason: Option<String>,
    pub(super) now: Timestamp,
    /// Since when the time has been kept for it, where it has: notice and horizon are asked as they were then.
    pub(super) since: Option<Timestamp>,
    /// Before that nobody is told of it, where that is not at once.
    pub(super) not_before: Option<i64>,
}

impl AppointmentService {
    pub(super) async fn times_for(&self, call: &Call, id: AppointmentId, query: TimesQuery) -> Result<Slots> {
        let found: Visible = self.core.load(call, id).await?;
        let row = found.object();
        let situation = situation(call, row, treats(&found), self.core.now_ms())?;
        situation.rescheduled()?;
        let entry = self.with_whom(row, query.doctor_id, situation.runs.is_some()).await?;
        let Some(visit_type) = entry.offered_type(row.visit_type_id.into()) else {
            return Ok(Slots { time_zone: entry.hospital.time_zone.clone(), items: Vec::new() });
        };
        let moved = moved(row);
        let shape = place::shape(visit_type, Some(&moved));
        let today = self.core.clock.now().to_zoned(entry.schedule.zone.clone()).date();
        let own_day = crate::core::instant(row.starts_at)?.to_zoned(entry.schedule.zone.clone()).date();
        let from = query.from.unwrap_or_else(|| own_day.max(today));
        let mut slots = offered(&self.core, &entry, shape, (Some(from), query.to), moved.going()).await?;
        // Where it stands already it need not be put.
        let here = |start: Timestamp| row.doctor_id == entry.id.0 && start.as_millisecond() == row.starts_at;
        slots.items.retain(|slot| !here(slot.start.at()));
        Ok(slots)
    }

    /// The doctor with whom the visit is to be: its own, or for members of the hospital another one of theirs.
    async fn with_whom(
        &self,
        row: &AppointmentRow,
        asked: Option<DoctorId>,
        staff: bool,
    ) -> Result<Arc<Entry>> {
        let doctor = asked.unwrap_or(DoctorId(row.doctor_id));
        if doctor.0 != row.doctor_id && !staff {
            return Err(Refusal::Forbidden.into());
        }
        let entry = self.core.directory.doctor(&self.core, doctor).await?;
        if entry.hospital.id.0 != row.hospital_id {
            return Err(Refusal::invalid("doctor_id", "doctor_unknown").into());
        }
        Ok(entry)
    }

    pub(super) async fn put_elsewhere(
        &self,
        call: &Call,
        id: AppointmentId,
        command: RescheduleAppointment,
    ) -> Result<Appointment> {
        let visible: Visible = self.core.aim(call, id).await?;
        let keyed = Keyed::of(call, "reschedule_appointment", &(id, &command))?;
        let mut findings = Findings::new();
        let start = findings.take("start", command.start.parse::<RequestedStart>());
        let reason = findings.take("reason", text::optional(command.reason.as_deref(), 300)).flatten();
        findings.finish()?;
        let Some(start) = start else { return Err(Error::Stored("a checked command")) };
        call.trace.note(Action::RescheduleAppointment);
        let proof = visible.clone().doing(Action::RescheduleAppointment);
        let row = visible.object().clone();
        let runs = situation(call, &row, treats(&visible), self.core.now_ms())?.runs.is_some();
        let entry = self.with_whom(&row, command.doctor_id, runs).await?;
        let aim = Aim { doctor: entry.id, ..aim(&row, start) };
        let wanted = Wanted {
            call: call.clone(),
            start,
            doctor: command.doctor_id.map(|doctor| (doctor, is_sensitive(&entry.specialties))),
            minders: Minders::of(&self.core, &visible, PatientId(row.patient_id)).await?,
            version: command.version,
            reason,
            now: self.core.clock.now(),
            since: None,
            not_before: None,
            visible,
        };
        let mut outcome = self.try_move(&proof, &wanted, keyed.as_ref()).await;
        if let Err(error) = &outcome
            && error.broken().is_some()
            && give_back(&self.core, in_the_way(error, (aim.doctor, row.patient_id.into()))).await? > 0
        {
            outcome = self.try_move(&proof, &wanted, keyed.as_ref()).await;
        }
        match outcome {
            Ok(row) => {
                self.core.mail.wake();
                self.core.freed.ring();
                self.view(call, row, treats(&proof))
            }
            Err(error) => {
                let knows = knows_all(call, PatientId(row.patient_id), proof.grant());
                Err(self.explain(error, &aim, knows).await)
            }
        }
    }

    async fn try_move(
        &self,
        proof: &Visible,
        wanted: &Wanted,
        keyed: Option<&Keyed>,
    ) -> Result<AppointmentRow> {
        let (wanted, keyed, id) = (wanted.clone(), keyed.cloned(), AppointmentId(proof.object().id));
        self.core
            .change(proof, move |conn| {
                let (wanted, keyed) = (wanted.clone(), keyed.clone());
                Box::pin(async move {
                    let at = wanted.now.as_millisecond();
                    if idempotency::earlier_or(conn, keyed.as_ref(), id.0, at).await?.is_none() {
                        apply(conn, &wanted, id).await?;
                    }
                    Ok(store::find(conn, id).await?.ok_or(Refusal::NotFound)?)
                })
            })
            .await
    }
}

/// What is wanted for a visit, with the doctor that it is with.
pub(super) fn aim(row: &AppointmentRow, start: RequestedStart) -> Aim {
    Aim {
        doctor: DoctorId(row.doctor_id),
        visit_type: row.visit_type_id.into(),
        start,
        moved: Some(moved(row)),
        at_once: false,
        within: None,
    }
}

pub(super) fn moved(row: &AppointmentRow) -> Moved {
    Moved {
        minutes: row.minutes,
        block: Span { start: row.block_starts_at, end: row.block_ends_at },
        doctor: DoctorId(row.doctor_id),
        seat: Status::parse(&row.status).is_none_or(Status::occupies).then_some(row.seat_no),
    }
}

pub(super) async fn apply(conn: &mut Conn, wanted: &Wanted, id: AppointmentId) -> Result<()> {
    let row = store::find(conn, id).await?.ok_or(Refusal::NotFound)?;
    let (now, by) = (wanted.now.as_millisecond(), wanted.visible.by());
    if wanted.version.is_some_and(|seen| seen != row.version) {
        return Err(Error::conflict(Conflict::StaleVersion));
    }
    let situation = situation(&wanted.call, &row, treats(&wanted.visible), now)?;
    let next = situation.rescheduled()?;
    let own = !situation.is_hospitals();
    if own {
        may_move_once_more(store::puts::moves_by_patient(conn, &wanted.visible).await?)?;
    }
    // Without a doctor it stays with the one whom it is with by now.
    let stays = aim(&row, wanted.start);
    let aim = Aim { doctor: wanted.doctor.map_or(stays.doctor, |(doctor, _)| doctor), ..stays };
    if aim.doctor != stays.doctor && situation.runs.is_none() {
        return Err(Refusal::Forbidden.into());
    }
    // Always in one order: two visits that change places between two doctors do not wait for each other for ever.
    let mut doctors = [stays.doctor, aim.doctor];
    doctors.sort_unstable_by_key(|doctor| doctor.0);
    for doctor in doctors {
        store::take_turn(conn, doctor).await?;
    }
    // Whoever had the turn before may have moved this very visit: where it stands by now it would be in its own way.
    if store::find(conn, id).await?.is_none_or(|now| now.version != row.version) {
        return Err(Error::conflict(Conflict::StaleVersion));
    }
    let place = place::find(conn, &aim, wanted.since.unwrap_or(wanted.now), wanted.now).await?;
    let seat = place.seat();
    if place.hospital.0 != row.hospital_id {
        return Err(Refusal::NotFound.into());
    }
    if own {
        free_visits::stays_free(conn, id, place.date(), now).await?;
    }
    if seat.visit.start == row.starts_at && aim.doctor.0 == row.doctor_id {
        return Err(Refusal::invalid("start", "time_same").into());
    }
    if !store::reseat(conn, &wanted.visible, row.version, aim.doctor, &seat, next.code()).await? {
        return Err(Error::conflict(Conflict::StaleVersion));
    }
    // What it had of rooms and devices it has lost with its place.
    resources::assign(conn, id, &place.resources).await?;
    let version = row.version + 1;
    let step = store::Step {
        appointment: id,
        seq: version,
        from: Some(situation.status.code()),
        to: next.code(),
        at: now,
        by: Some(by),
        reason: wanted.reason.clone(),
        seat: Some((seat.visit.start, aim.doctor, Hand::from(situation.initiator()).code())),
    };
    store::insert_step(conn, step).await?;
    let event = LiveEvent {
        doctor_id: aim.doctor,
        sensitive: wanted.doctor.map_or(row.is_sensitive(), |(_, sensitive)| sensitive),
        ..row.event(version)
    };
    if aim.doctor != stays.doctor {
        // Whoever watches the doctor who has lost the visit hears of it, too.
        conn.announce(News::Visit(row.event(version))).await?;
    }
    // Those who mind her come at the old time otherwise.
    let not_before = wanted.not_before;
    let tidings = Tidings { appointment: id, change: VisitChange::Moved, step: version, own, not_before };
    wanted.minders.tell(conn, tidings).await?;
    conn.announce(News::Visit(event)).await
}
