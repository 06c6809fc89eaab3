//! Doctors as the hospital's administrator sees them: the list, and one doctor's sheet.
//! What patients see of a doctor is in `patient`; her hours are a feature of their own.

pub mod list;
pub mod photo;
pub mod sheet;

pub use list::DoctorsPage;
pub use sheet::DoctorPage;
