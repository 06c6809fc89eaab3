//! Writing a plan down: which visits, and what is to become of each.
//!
//! Nothing happens to them; whether the times are free is asked when the plan is made.

use std::collections::{HashMap, HashSet};

use domain::{
    Call,
    changes::{ChangeKind, MOST_VISITS, MassChange, PlanChanges, PlannedChange},
    error::Findings,
    ids::{DoctorId, MassChangeId},
    slots::instant_of,
    text,
    time::{RequestedStart, Span},
};
use uuid::Uuid;

use super::{ChangeService, Keeper, store};
use crate::{
    access::OfDoctor,
    appointments::{AppointmentRow, ahead_of_doctor, status_of},
    directory::Entry,
    error::Result,
};

/// More than a doctor has ahead.
const MOST_AHEAD: i64 = 5000;

impl ChangeService {
    pub(super) async fn write_plan(
        &self,
        call: &Call,
        doctor: DoctorId,
        command: PlanChanges,
    ) -> Result<MassChange> {
        let entry = self.core.directory.doctor(&self.core, doctor).await?;
        let she: Keeper = self.core.authorize(call, OfDoctor::of(&entry)).await?;
        let now = self.core.now_ms();
        let mut findings = Findings::new();
        let reason = findings.take("reason", text::optional(command.reason.as_deref(), 300)).flatten();
        let cancels = command.items.iter().any(|item| item.change == PlannedChange::Cancel);
        findings.require(reason.is_some() || !cancels, "reason", "required");
        let changes = command.items.iter().filter(|item| item.change != PlannedChange::Keep).count();
        findings.require(changes > 0, "items", "nothing_chosen");
        findings.require(command.items.len() <= MOST_VISITS, "items", "too_many_items");
        findings.finish()?;
        let ahead: HashMap<Uuid, AppointmentRow> = {
            let mut conn = self.core.db.read(she.reach()).await?;
            let span = Span { start: now + 1, end: i64::MAX };
            let rows = ahead_of_doctor(&mut conn, &she, doctor, span, now, MOST_AHEAD).await?;
            rows.into_iter().map(|row| (row.id, row)).collect()
        };
        let (mut findings, mut seen, mut items) = (Findings::new(), HashSet::new(), Vec::new());
        for (number, item) in command.items.iter().enumerate() {
            let field = format!("items.{number}");
            findings.require(seen.insert(item.appointment_id), &field, "visit_twice");
            let row = findings.take(&field, ahead.get(&item.appointment_id.0).ok_or("visit_unknown"));
            let Some(row) = row else { continue };
            findings.require(row.version == item.version, &field, "visit_changed");
            findings.require(!status_of(row)?.is_held(), &field, "visit_unchangeable");
            let (kind, to) = match &item.change {
                PlannedChange::Keep => continue,
                PlannedChange::Cancel => (ChangeKind::Cancel, None),
                PlannedChange::Move { doctor_id, start } => {
                    let to = self.target(&entry, row, *doctor_id, start).await?;
                    let to = findings.take(
                        &format!(
                            "{field}.{}",
                            if to == Err("doctor_unknown") { "doctor_id" } else { "start" }
                        ),
                        to,
                    );
                    (ChangeKind::Move, to)
                }
            };
            items.push(store::NewItem {
                appointment: row.id,
                kind: kind.code(),
                version: row.version,
                status: row.status.clone(),
                doctor: row.doctor_id,
                visit: (row.starts_at, row.ends_at),
                block: (row.block_starts_at, row.block_ends_at),
                to,
            });
        }
        findings.finish()?;
        let id = self.core.new_id();
        let hospital = entry.hospital.id.0;
        let plan = store::NewPlan { id, hospital, doctor, by: she.by(), reason, now, items };
        let proof = she.clone();
        self.core
            .change(&proof, move |conn| {
                let (she, plan) = (she.clone(), plan.clone());
                Box::pin(async move { store::insert(conn, &she, plan).await })
            })
            .await?;
        self.again(call, MassChangeId(id)).await
    }

    /// Where a visit is to be put: with a doctor of the hospital who offers it, at an instant.
    async fn target(
        &self,
        own: &Entry,
        row: &AppointmentRow,
        doctor: DoctorId,
        start: &str,
    ) -> Result<std::result::Result<(DoctorId, i64), &'static str>> {
        let snapshot = self.core.directory.snapshot(&self.core).await?;
        let Some(entry) = snapshot.doctors.get(&doctor).filter(|entry| {
            entry.hospital.id == own.hospital.id && entry.offered_type(row.visit_type_id.into()).is_some()
        }) else {
            return Ok(Err("doctor_unknown"));
        };
        let at = match start.parse::<RequestedStart>() {
            Ok(RequestedStart::Instant(moment)) => Ok(moment.at()),
            Ok(RequestedStart::Local(local)) => {
                instant_of(&entry.schedule.zone, local).map_err(domain::slots::Refusal::rule)
            }
            Err(rule) => Err(rule),
        };
        Ok(at.map(|at| (doctor, at.as_millisecond())))
    }
}
