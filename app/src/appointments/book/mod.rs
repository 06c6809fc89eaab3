//! Booking, one question per page: what, when, for whom, and a last look before it counts.
//! The answers travel in the address; nothing is held until the last button.

mod reason;
mod review;
pub mod seen;
mod summary;
mod time;
mod week;
mod who;

use domain::accounts::OwnPatient;
use domain::doctors::Doctor;
use domain::family::Permission;
use domain::hospitals::VisitType;
use domain::ids::{DoctorId, PatientId, VisitTypeId};
use domain::payments::FollowUpWindow;
use domain::time::Moment;

pub use reason::*;
pub use review::*;
pub use summary::*;
pub use time::*;
pub use week::*;
pub use who::*;

use crate::accounts::api::own_patients;
use crate::payments::api::read_free_visits;
use crate::portal::{Query, encode};
use crate::server::AppError;
use crate::t;

/// What has been answered so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// What.
    pub visit_type: Option<VisitTypeId>,
    /// When.
    pub start: Option<Moment>,
    /// For whom.
    pub patient: Option<PatientId>,
}

impl Answers {
    /// Reads them from an address; what is malformed is not answered.
    #[must_use]
    pub fn from_query(query: &Query) -> Self {
        Self {
            visit_type: query.get("visit_type").and_then(|id| id.parse().ok()),
            start: query.get("start").and_then(|start| start.parse().ok()),
            patient: query.get("patient").and_then(|id| id.parse().ok()),
        }
    }

    /// The address of a step with the answers.
    #[must_use]
    pub fn href(&self, doctor: DoctorId, step: &str) -> String {
        let pairs = [
            ("visit_type", self.visit_type.map(|id| id.to_string())),
            ("start", self.start.map(|start| start.to_string())),
            ("patient", self.patient.map(|id| id.to_string())),
        ];
        let pairs: Vec<String> = pairs
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", encode(&value?))))
            .collect();
        if pairs.is_empty() {
            format!("/book/{doctor}/{step}")
        } else {
            format!("/book/{doctor}/{step}?{}", pairs.join("&"))
        }
    }

    /// What was chosen, if the doctor offers it; the only one where there is no choice.
    #[must_use]
    pub fn visit_type_of(&self, doctor: &Doctor) -> Option<VisitType> {
        let kinds = &doctor.card.visit_types;
        match self.visit_type {
            Some(id) => kinds.iter().find(|kind| kind.id == id).cloned(),
            None => match kinds.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            },
        }
    }
}

/// Whom the account may book for, the own patient first.
async fn bookable_patients() -> Result<Vec<OwnPatient>, AppError> {
    let patients = own_patients().await?;
    Ok(patients.into_iter().filter(|patient| patient.permissions.has(Permission::Book)).collect())
}

/// What is free with a doctor for whom it is booked; for the only one for whom it can be where nobody was chosen yet.
async fn free_for(
    doctor: DoctorId,
    chosen: Option<PatientId>,
    patients: &[OwnPatient],
) -> Result<Vec<FollowUpWindow>, AppError> {
    let one = match (chosen, patients) {
        (Some(id), _) => patients.iter().find(|patient| patient.id == id),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    match one {
        Some(patient) => read_free_visits(doctor, Some(patient.id)).await,
        None => Ok(Vec::new()),
    }
}

/// The names of the steps.
fn step_names() -> Vec<String> {
    [t!(booking.step_reason), t!(booking.step_time), t!(booking.step_review)].map(str::to_owned).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_travel_in_the_address() {
        let asked = "visit_type=0190a5b2-7c3d-7e4f-8a9b-0c1d2e3f4a5b&start=2026-11-24T10:00:00%2B01:00&patient=nobody";
        let answers = Answers::from_query(&Query::parse(asked));
        assert_eq!(answers.patient, None);
        let href = answers.href(DoctorId(uuid::Uuid::nil()), "review");
        assert!(href.ends_with("start=2026-11-24T10%3A00%3A00%2B01%3A00"), "{href}");
    }
}
