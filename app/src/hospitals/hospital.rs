//! Hospitals as their administrators see them: visit types, departments, the hospital's own data; and the platform's list of hospitals.
//! The public page of a hospital is in `patient`.

pub mod departments;
pub mod platform;
pub mod price;
pub mod settings;
pub mod visit_type;
pub mod visit_types;

pub use departments::DepartmentsPage;
pub use platform::{NewHospitalPage, PlatformHospitalPage, PlatformPage};
pub use settings::SettingsPage;
pub use visit_type::VisitTypePage;
pub use visit_types::VisitTypesPage;
