//! The steps that the database took, and who waited for what, as `caresync history` prints them.
//! It judges nothing.

use std::collections::HashSet;

use anyhow::Context;
use domain::{
    appointments::Status,
    ids::{AccountId, AppointmentId, DoctorId, PatientId, VisitTypeId, WaitlistEntryId},
    waitlist::{EntryStatus, OfferOutcome},
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
    /// What the clock of the server showed.
    pub(crate) at: i64,
    pub(crate) starts_at: Option<i64>,
    pub(crate) doctor: Option<DoctorId>,
    pub(crate) patient: PatientId,
    pub(crate) visit_type: VisitTypeId,
    /// None for what the house did by itself.
    pub(crate) by: Option<AccountId>,
}

/// Somebody who waits or has waited, as it stands in the end.
#[derive(Debug, Clone, Deserialize)]
#[expect(clippy::struct_field_names, reason = "it is named so where it is printed, beside the ids of visits")]
pub(crate) struct Entry {
    pub(crate) entry: WaitlistEntryId,
    pub(crate) patient: PatientId,
    pub(crate) doctor: DoctorId,
    pub(crate) visit_type: VisitTypeId,
    /// The visit that is to be put earlier.
    pub(crate) moves: Option<AppointmentId>,
    pub(crate) joined_at: i64,
    pub(crate) by: AccountId,
    pub(crate) status: EntryStatus,
    pub(crate) version: i64,
}

/// A time that was kept for somebody who waits, and what became of that.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Offer {
    pub(crate) hold: AppointmentId,
    pub(crate) of_entry: WaitlistEntryId,
    pub(crate) starts_at: i64,
    pub(crate) offered_at: i64,
    pub(crate) ends_at: i64,
    pub(crate) outcome: OfferOutcome,
}

/// Each line is one of these.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Step(Step),
    Entry(Entry),
    Offer(Offer),
}

/// All that `caresync history` says about some doctors.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) steps: Vec<Step>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) offers: Vec<Offer>,
}

/// The steps of all visits with some doctors, and who waited for them; those of others were there before, or are nobody's business here.
pub(crate) fn read(text: &str, doctors: &HashSet<DoctorId>) -> anyhow::Result<Said> {
    let (mut visits, mut waits) = (HashSet::new(), HashSet::new());
    let mut said = Said::default();
    for line in text.lines() {
        match serde_json::from_str(line).with_context(|| line.to_owned())? {
            Line::Step(step) => {
                if step.doctor.is_some_and(|doctor| doctors.contains(&doctor)) {
                    visits.insert(step.appointment);
                }
                if visits.contains(&step.appointment) {
                    said.steps.push(step);
                }
            }
            Line::Entry(entry) => {
                if doctors.contains(&entry.doctor) {
                    waits.insert(entry.entry);
                    said.entries.push(entry);
                }
            }
            Line::Offer(offer) => {
                if waits.contains(&offer.of_entry) {
                    said.offers.push(offer);
                }
            }
        }
    }
    let ordered = said.steps.is_sorted_by(|one, next| one.ordinal < next.ordinal);
    anyhow::ensure!(ordered, "the ordinals do not grow from step to step");
    Ok(said)
}
