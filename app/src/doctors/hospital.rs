//! Doctors as the hospital's administrator sees them: the list, and one doctor's sheet.
//! What patients see of a doctor is in `patient`; her hours are a feature of their own.

mod list;
mod photo;
mod sheet;

pub use list::DoctorsPage;
pub use sheet::DoctorPage;
