//! The form that creates or changes a doctor.
//! The photo is an upload to the server; hours are a feature of their own.

#[cfg(feature = "ssr")]
use domain::doctors::SaveDoctor;
#[cfg(feature = "ssr")]
use domain::ids::optional;
use domain::ids::{DoctorId, HospitalId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::typed,
    portal::hospital::{Section, href},
    server::{answer, call, services},
};

/// A doctor as typed. Lists post under names with brackets; a box that is not ticked posts nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DoctorInput {
    /// Full name with title.
    pub name: String,
    /// Specialty codes.
    #[serde(default)]
    pub specialties: Vec<String>,
    /// Language codes.
    #[serde(default)]
    pub languages: Vec<String>,
    /// About her.
    #[serde(default)]
    pub biography: String,
    /// Id of the department, or empty.
    #[serde(default)]
    pub department: String,
    /// Ids of visit types.
    #[serde(default)]
    pub visit_types: Vec<String>,
    /// Whether she can be booked.
    #[serde(default)]
    pub active: String,
}

/// Saves a doctor; leads to her hours when she is new.
#[server(prefix = "/_fn", endpoint = "hospital-save-doctor")]
pub async fn keep_doctor(
    hospital: HospitalId,
    #[server(default)] doctor: Option<DoctorId>,
    #[server(flatten)] input: DoctorInput,
) -> Result<(), AppError> {
    let (doctors, call, kept) = (services()?.doctors, call(), input.typed());
    let saved = match (input.command(), doctor) {
        (Err(refusal), _) => Err(refusal),
        (Ok(command), Some(id)) => doctors
            .update(&call, id, command)
            .await
            .map(|_| href(&Section::Doctor(id).at(hospital), &[("saved", "1")])),
        (Ok(command), None) => {
            doctors.create(&call, hospital, command).await.map(|new| Section::Hours(new.card.id).at(hospital))
        }
    };
    kept.keep(answer(saved))
}

#[cfg(feature = "ssr")]
impl DoctorInput {
    fn typed(&self) -> crate::form::Typed {
        typed::<KeepDoctor>(&[
            ("name", &self.name),
            ("specialties", &self.specialties.join(",")),
            ("languages", &self.languages.join(",")),
            ("biography", &self.biography),
            ("department", &self.department),
            ("visit_types", &self.visit_types.join(",")),
            ("active", &self.active),
        ])
    }

    /// The command, or the fields whose ids are none.
    fn command(self) -> domain::Result<SaveDoctor> {
        let mut findings = domain::error::Findings::new();
        let department_id = findings.take("department_id", optional(&self.department)).flatten();
        let visit_types = self.visit_types.iter().map(|id| optional(id)).collect::<Result<Vec<_>, _>>();
        let visit_types = findings.take("visit_type_ids", visit_types).unwrap_or_default();
        findings.finish()?;
        Ok(SaveDoctor {
            name: self.name,
            specialties: self.specialties,
            languages: self.languages,
            biography: self.biography,
            department_id,
            visit_type_ids: visit_types.into_iter().flatten().collect(),
            active: self.active == "true",
        })
    }
}
