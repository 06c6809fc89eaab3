//! The form that creates or changes a doctor.
//! The photo is an upload to the server; hours are a feature of their own.

#[cfg(feature = "ssr")]
use domain::doctors::SaveDoctor;
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
    let saved = match doctor {
        Some(id) => doctors
            .update(&call, id, input.command())
            .await
            .map(|_| href(&Section::Doctor(id).at(hospital), &[("saved", "1")])),
        None => doctors
            .create(&call, hospital, input.command())
            .await
            .map(|new| Section::Hours(new.card.id).at(hospital)),
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

    /// The command. An id that is none was not chosen from the page, so it is left out.
    fn command(self) -> SaveDoctor {
        SaveDoctor {
            name: self.name,
            specialties: self.specialties,
            languages: self.languages,
            biography: self.biography,
            department_id: self.department.parse().ok(),
            visit_type_ids: self.visit_types.iter().filter_map(|id| id.parse().ok()).collect(),
            active: self.active == "true",
        }
    }
}
