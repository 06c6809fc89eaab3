//! Rooms and devices of a hospital, and what a visit needs of them besides the doctor.
//!
//! When they must be free is in [`crate::slots`]; which one a visit has is decided when it is booked.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{
    access::Call,
    error::Result,
    ids::{AppointmentId, HospitalId, NeedId, ResourceId, VisitTypeId},
};

/// What kind of thing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ResourceKind {
    /// A place where a visit happens.
    Room,
    /// Something that is used in a visit.
    Device,
}

impl ResourceKind {
    /// All of them, in the order in which people are asked.
    pub const ALL: [Self; 2] = [Self::Room, Self::Device];

    /// The code in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::Device => "device",
        }
    }

    /// Reads a code; refuses with `unknown_value`.
    pub fn parse(code: &str) -> std::result::Result<Self, &'static str> {
        Self::ALL.into_iter().find(|kind| kind.code() == code).ok_or("unknown_value")
    }
}

/// A room or a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Resource {
    /// Its id.
    pub id: ResourceId,
    /// What it is.
    pub kind: ResourceKind,
    /// Name, unique in the hospital.
    pub name: String,
    /// Whether new visits can have it.
    pub active: bool,
    /// The version, to be given back with a change.
    pub version: i64,
}

/// Adds a room or a device, or changes one. Visits that have it keep it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SaveResource {
    /// What it is.
    pub kind: ResourceKind,
    /// Name, up to 80 characters.
    pub name: String,
    /// Whether new visits can have it.
    #[serde(default = "yes")]
    pub active: bool,
    /// The version that was read; when absent, whatever stands there is replaced.
    #[serde(default)]
    pub version: Option<i64>,
}

fn yes() -> bool {
    true
}

/// What a visit type needs: one of these, for the visit and the time that is kept free around it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Need {
    /// Its id.
    pub id: NeedId,
    /// What people call it, patients too: "Ultrasound room".
    pub name: String,
    /// The rooms or devices that will do; the first one that is free is taken.
    pub resource_ids: Vec<ResourceId>,
}

/// Says that a visit type needs one of some rooms or devices.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddNeed {
    /// What people call it, patients too; up to 80 characters.
    pub name: String,
    /// The rooms or devices that will do, 1 to 20, in the order in which they are taken.
    pub resource_ids: Vec<ResourceId>,
}

/// As many rooms and devices has a hospital at most.
pub const MOST_RESOURCES: usize = 300;
/// As many needs has a visit type at most.
pub const MOST_NEEDS: usize = 4;
/// As many rooms or devices can meet one need at most.
pub const MOST_CHOICES: usize = 20;

/// A room or a device that a visit has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssignedResource {
    /// Which.
    pub resource_id: ResourceId,
    /// What it is.
    pub kind: ResourceKind,
    /// Its name as it is now.
    pub name: String,
}

/// Operations on rooms and devices.
#[async_trait]
pub trait Resources: Send + Sync {
    /// Rooms and devices of a hospital by name, those out of use too. Its administrators.
    async fn list(&self, call: &Call, hospital: HospitalId) -> Result<Vec<Resource>>;

    /// Adds one. Administrators of the hospital. *Errors*: `Invalid` (`name`: `required`, `too_long`, `too_many_items`),
    /// `Conflict(NameTaken)`.
    async fn add(&self, call: &Call, hospital: HospitalId, command: SaveResource) -> Result<Resource>;

    /// Changes one, or takes it out of use; visits that have it keep it. Administrators of the hospital.
    /// *Errors*: `NotFound`, `Invalid` (`name`), `Conflict(NameTaken | StaleVersion)`.
    async fn change(
        &self,
        call: &Call,
        hospital: HospitalId,
        id: ResourceId,
        command: SaveResource,
    ) -> Result<Resource>;

    /// What a visit type needs. Administrators of the hospital. *Errors*: `NotFound`.
    async fn needs(&self, call: &Call, hospital: HospitalId, visit_type: VisitTypeId) -> Result<Vec<Need>>;

    /// Adds a need; new visits are judged by it, booked ones stay as they are. Administrators of the hospital.
    /// *Errors*: `NotFound`, `Invalid` (`name`: `required`, `too_long`, `too_many_items`; `resource_ids`: `choose`, `resource_unknown`,
    /// `too_many_items`).
    async fn add_need(
        &self,
        call: &Call,
        hospital: HospitalId,
        visit_type: VisitTypeId,
        command: AddNeed,
    ) -> Result<Vec<Need>>;

    /// Takes a need away; booked visits keep what they have. Administrators of the hospital. *Errors*: `NotFound`.
    async fn remove_need(
        &self,
        call: &Call,
        hospital: HospitalId,
        visit_type: VisitTypeId,
        need: NeedId,
    ) -> Result<Vec<Need>>;

    /// The rooms and devices that a visit has. Whoever may see the visit. *Errors*: `NotFound`.
    async fn of_visit(&self, call: &Call, visit: AppointmentId) -> Result<Vec<AssignedResource>>;
}
