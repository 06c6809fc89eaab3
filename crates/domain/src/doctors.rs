//! Doctors: who they are, how patients find them.
//!
//! When they work is in [`crate::availability`].

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{
    access::Call,
    error::Result,
    hospitals::{Modality, VisitType},
    ids::{DepartmentId, DoctorId, HospitalId, VisitTypeId},
    money::Money,
    page::{Page, PageQuery},
    time::Moment,
};

/// The hospital of a doctor, as much of it as a card shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HospitalRef {
    /// Its id.
    pub id: HospitalId,
    /// Name.
    pub name: String,
    /// Town.
    pub city: String,
    /// Zone of its clocks.
    pub time_zone: String,
}

/// A doctor in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DoctorCard {
    /// Her id.
    pub id: DoctorId,
    /// Full name with title, as she writes it.
    pub name: String,
    /// Specialty codes.
    pub specialties: Vec<String>,
    /// Language codes (BCP 47).
    pub languages: Vec<String>,
    /// Where she works.
    pub hospital: HospitalRef,
    /// Path of her photo, if there is one.
    pub photo: Option<String>,
    /// What can be booked with her.
    pub visit_types: Vec<VisitType>,
    /// Lowest price.
    pub price_from: Option<Money>,
    /// The next free times for her first visit type, at most three.
    pub next_free: Vec<Moment>,
}

/// A doctor with all that her public page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Doctor {
    /// What a list shows.
    #[serde(flatten)]
    pub card: DoctorCard,
    /// About her, in her words.
    pub biography: String,
    /// Department, if she belongs to one.
    pub department: Option<String>,
    /// Department's id.
    pub department_id: Option<DepartmentId>,
    /// Address of the hospital.
    pub address: String,
    /// Telephone of the hospital.
    pub phone: String,
    /// Whether she can be booked.
    pub active: bool,
}

impl Doctor {
    /// Her as patients are shown her, whoever looks: a member of her hospital who books for herself is a patient like another.
    #[must_use]
    pub fn for_patients(mut self) -> Self {
        self.card.visit_types.retain(|kind| kind.is_for_patients(false));
        self
    }
}

/// What a patient looks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoctorQuery {
    /// Part of a name.
    pub name: Option<String>,
    /// Specialty code.
    pub specialty: Option<String>,
    /// Language code.
    pub language: Option<String>,
    /// Only at this hospital.
    pub hospital_id: Option<HospitalId>,
    /// In person or by video.
    pub modality: Option<Modality>,
    /// `soonest` (the default) or `name`.
    pub sort: DoctorSort,
    /// Which part.
    #[serde(flatten)]
    pub page: PageQuery,
}

/// Order of a list of doctors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DoctorSort {
    /// By the next free time; those without one last.
    #[default]
    Soonest,
    /// By name.
    Name,
}

/// Creates a doctor, or changes one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SaveDoctor {
    /// Full name with title.
    pub name: String,
    /// Specialty codes, at least one.
    pub specialties: Vec<String>,
    /// Language codes, at least one.
    pub languages: Vec<String>,
    /// About her.
    #[serde(default)]
    pub biography: String,
    /// Department of the same hospital.
    #[serde(default)]
    pub department_id: Option<DepartmentId>,
    /// What can be booked with her: visit types of the same hospital.
    #[serde(default)]
    pub visit_type_ids: Vec<VisitTypeId>,
    /// Whether she can be booked.
    #[serde(default = "yes")]
    pub active: bool,
}

fn yes() -> bool {
    true
}

/// A picture as it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// JPEG bytes, decoded and encoded anew by us.
    pub jpeg: Vec<u8>,
}

/// Operations on doctors.
#[async_trait]
pub trait Doctors: Send + Sync {
    /// Doctors who can be booked. Anybody. *Errors*: `Invalid` for an unknown code or cursor.
    async fn search(&self, query: DoctorQuery) -> Result<Page<DoctorCard>>;

    /// A doctor. Anybody; an inactive one only for members of the hospital. *Errors*: `NotFound`.
    async fn get(&self, call: &Call, id: DoctorId) -> Result<Doctor>;

    /// All doctors of a hospital by name, inactive ones too. Its members.
    async fn of_hospital(&self, call: &Call, hospital: HospitalId) -> Result<Vec<Doctor>>;

    /// Creates a doctor. Administrators of the hospital. *Errors*: `Invalid`.
    async fn create(&self, call: &Call, hospital: HospitalId, command: SaveDoctor) -> Result<Doctor>;

    /// Changes a doctor. Administrators of the hospital. *Errors*: `Invalid`, `NotFound`.
    async fn update(&self, call: &Call, id: DoctorId, command: SaveDoctor) -> Result<Doctor>;

    /// Sets the photo from an uploaded JPEG, PNG or WebP of at most 5 MB. Administrators of the hospital, and the doctor.
    /// *Errors*: `Invalid` (`photo_unreadable`, `photo_too_large`).
    async fn set_photo(&self, call: &Call, id: DoctorId, upload: Vec<u8>) -> Result<Doctor>;

    /// A photo by the key in its path. Anybody. *Errors*: `NotFound`.
    async fn photo(&self, key: &str) -> Result<Photo>;
}
