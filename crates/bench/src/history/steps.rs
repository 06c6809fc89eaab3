//! The steps that the database took, as `caresync history` prints them.
//! It judges nothing.

use std::collections::HashSet;

use anyhow::Context;
use domain::{
    appointments::Status,
    ids::{AppointmentId, DoctorId, PatientId, VisitTypeId},
};
use serde::Deserialize;

/// One step of one visit.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Step {
    pub(crate) ordinal: i64,
    pub(crate) appointment: AppointmentId,
    pub(crate) seq: i64,
    pub(crate) from: Option<Status>,
    pub(crate) to: Status,
    pub(crate) starts_at: Option<i64>,
    pub(crate) doctor: Option<DoctorId>,
    pub(crate) patient: PatientId,
    pub(crate) visit_type: VisitTypeId,
}

/// The steps of all visits with some doctors; those of others were there before, or are nobody's business here.
pub(crate) fn read(text: &str, doctors: &HashSet<DoctorId>) -> anyhow::Result<Vec<Step>> {
    let mut visits = HashSet::new();
    let mut steps = Vec::new();
    for line in text.lines() {
        let step: Step = serde_json::from_str(line).with_context(|| line.to_owned())?;
        if step.doctor.is_some_and(|doctor| doctors.contains(&doctor)) {
            visits.insert(step.appointment);
        }
        if visits.contains(&step.appointment) {
            steps.push(step);
        }
    }
    let ordered = steps.is_sorted_by(|one, next| one.ordinal < next.ordinal);
    anyhow::ensure!(ordered, "the ordinals do not grow from step to step");
    Ok(steps)
}
