//! Visits as the hospital sees them: the day, the week of a doctor, one visit, patients, booking for somebody.
//! When doctors work is set elsewhere; the patient's own view of a visit is in `patient`.

mod book;
mod calendar;
mod clock;
mod day;
mod moves;
mod moving;
mod parts;
mod patient;
mod patients;
mod today;
mod visit;
mod visit_row;
mod week_grid;
mod week_list;

pub use book::BookPage;
pub use calendar::CalendarPage;
pub use moving::MovingPage;
pub use patient::PatientPage;
pub use patients::PatientsPage;
pub use today::TodayPage;
pub use visit::VisitPage;
