//! Hospitals, their departments and what can be booked there.
//!
//! Doctors and their hours have modules of their own.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{
    access::Call,
    error::Result,
    ids::{DepartmentId, HospitalId, VisitTypeId},
    money::Money,
    page::{Page, PageQuery},
};

/// A hospital or practice, as anybody may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hospital {
    /// Its id.
    pub id: HospitalId,
    /// Name.
    pub name: String,
    /// Street and house.
    pub address: String,
    /// Town.
    pub city: String,
    /// Telephone in international form.
    pub phone: String,
    /// IANA zone of its clocks.
    pub time_zone: String,
    /// ISO 4217 currency of its prices.
    pub currency: String,
    /// What it says about itself.
    pub about: String,
}

/// Creates a hospital, or changes one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SaveHospital {
    /// Name.
    pub name: String,
    /// Street and house.
    pub address: String,
    /// Town.
    pub city: String,
    /// Telephone.
    #[serde(default)]
    pub phone: String,
    /// IANA zone, such as `Europe/Berlin`. It cannot change once doctors have hours.
    pub time_zone: String,
    /// ISO 4217 currency. It cannot change once there are prices.
    pub currency: String,
    /// What it says about itself.
    #[serde(default)]
    pub about: String,
    /// For a new hospital: whether its staff must have a second factor; yes when absent. Afterwards its administrators decide that
    /// where it is asked (`staff-policy`), and here it is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_second_factor: Option<bool>,
}

/// A part of a hospital.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Department {
    /// Its id.
    pub id: DepartmentId,
    /// Name, unique in the hospital.
    pub name: String,
}

/// In the rooms of the hospital, or by video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    /// In the rooms of the hospital.
    InPerson,
    /// By video.
    Video,
}

impl Modality {
    /// The code in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::InPerson => "in_person",
            Self::Video => "video",
        }
    }

    /// Reads a code; refuses with `modality_unknown`.
    pub fn parse(code: &str) -> std::result::Result<Self, &'static str> {
        match code {
            "in_person" => Ok(Self::InPerson),
            "video" => Ok(Self::Video),
            _ => Err("modality_unknown"),
        }
    }
}

/// Something that can be booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own of the visit type")]
pub struct VisitType {
    /// Its id.
    pub id: VisitTypeId,
    /// Name, such as "First visit".
    pub name: String,
    /// In person or by video.
    pub modality: Modality,
    /// Length of the visit.
    pub minutes: u16,
    /// Minutes that must be free before it.
    pub buffer_before: u16,
    /// Minutes that must be free after it.
    pub buffer_after: u16,
    /// Price.
    pub price: Money,
    /// Whether a patient pays for it when booking, and not at the desk.
    #[serde(default)]
    pub prepaid: bool,
    /// Most of these that begin on one day of one doctor; no limit when absent.
    #[serde(default)]
    pub most_a_day: Option<u16>,
    /// Whether several can be booked as one row of dates.
    #[serde(default)]
    pub series: bool,
    /// How many patients may come to one and the same time of one doctor.
    #[serde(default = "one")]
    pub capacity: u16,
    /// Whether patients can book it only when a doctor has asked them back; the desk books it for anybody.
    #[serde(default)]
    pub follow_up_only: bool,
    /// Whether it can still be booked.
    pub active: bool,
}

impl VisitType {
    /// Whether a patient who books it pays before it is booked: where it costs something, and is not paid for at the desk.
    /// Whether anybody can take the money now, the house has to ask besides.
    pub fn is_paid_first(&self) -> bool {
        self.prepaid && self.price.amount_minor > 0
    }

    /// Whether a patient may book it herself, having been asked back or not. Where visits are offered to patients and where they are
    /// booked by them, this is asked. SQL says it a second time where free visits are marked: `bookable` in the services'
    /// `payments/store/follow_ups.rs`.
    pub fn is_for_patients(&self, asked_back: bool) -> bool {
        asked_back || !self.follow_up_only
    }
}

/// Creates a visit type, or changes one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own of the visit type")]
pub struct SaveVisitType {
    /// Name.
    pub name: String,
    /// In person or by video.
    pub modality: Modality,
    /// Length, 5 to 480 minutes.
    pub minutes: i64,
    /// Minutes free before it, 0 to 120.
    #[serde(default)]
    pub buffer_before: i64,
    /// Minutes free after it, 0 to 120.
    #[serde(default)]
    pub buffer_after: i64,
    /// Price in minor units of the hospital's currency.
    pub price_minor: i64,
    /// Whether a patient pays for it when booking, and not at the desk.
    #[serde(default)]
    pub prepaid: bool,
    /// Most of these that begin on one day of one doctor, held times included (1 to 200); no limit when absent.
    #[serde(default)]
    pub most_a_day: Option<i64>,
    /// Whether several can be booked as one row of dates; not what is paid for when booking.
    #[serde(default)]
    pub series: bool,
    /// How many patients may come to one and the same time of one doctor, 1 to 50. Lowering it takes nothing from anybody.
    #[serde(default = "one")]
    pub capacity: i64,
    /// Whether patients can book it only when a doctor has asked them back; the desk books it for anybody.
    #[serde(default)]
    pub follow_up_only: bool,
    /// Whether it can be booked.
    #[serde(default = "yes")]
    pub active: bool,
}

fn yes() -> bool {
    true
}

fn one<T: From<u8>>() -> T {
    T::from(1)
}

/// How many patients may come to one time.
pub const CAPACITY: std::ops::RangeInclusive<i64> = 1..=50;

/// Shortest and longest visit in minutes.
pub const VISIT_MINUTES: std::ops::RangeInclusive<i64> = 5..=480;
/// Shortest and longest buffer in minutes.
pub const BUFFER_MINUTES: std::ops::RangeInclusive<i64> = 0..=120;

/// Operations on hospitals.
#[async_trait]
pub trait Hospitals: Send + Sync {
    /// Hospitals by name. Anybody.
    async fn list(&self, page: PageQuery) -> Result<Page<Hospital>>;

    /// A hospital. Anybody. *Errors*: `NotFound`.
    async fn get(&self, id: HospitalId) -> Result<Hospital>;

    /// Creates a hospital. Platform administrators. *Errors*: `Invalid`, `Conflict(NameTaken)`.
    async fn create(&self, call: &Call, command: SaveHospital) -> Result<Hospital>;

    /// Changes a hospital. Its administrators. *Errors*: `Invalid`, `Conflict(NameTaken)`.
    async fn update(&self, call: &Call, id: HospitalId, command: SaveHospital) -> Result<Hospital>;

    /// Departments by name. Anybody.
    async fn departments(&self, id: HospitalId) -> Result<Vec<Department>>;

    /// Creates a department. Administrators of the hospital. *Errors*: `Invalid`, `Conflict(NameTaken)`.
    async fn create_department(&self, call: &Call, id: HospitalId, name: String) -> Result<Department>;

    /// What can be booked, by name; the inactive ones, and those for which patients have to be asked back, only for members of the
    /// hospital.
    async fn visit_types(&self, call: &Call, id: HospitalId) -> Result<Vec<VisitType>>;

    /// Creates a visit type. Administrators of the hospital. *Errors*: `Invalid`, `Conflict(NameTaken)`.
    async fn create_visit_type(
        &self,
        call: &Call,
        id: HospitalId,
        command: SaveVisitType,
    ) -> Result<VisitType>;

    /// Changes a visit type; booked visits keep what was agreed. Administrators of the hospital.
    async fn update_visit_type(
        &self,
        call: &Call,
        hospital: HospitalId,
        id: VisitTypeId,
        command: SaveVisitType,
    ) -> Result<VisitType>;
}
