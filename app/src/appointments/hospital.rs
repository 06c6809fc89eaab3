//! Visits as the hospital sees them: the day, also by doctors, the week of a doctor, one visit, patients, booking for somebody.
//! When doctors work is set elsewhere; the patient's own view of a visit is in `patient`.

pub mod book;
pub mod calendar;
pub mod carry;
pub mod carry_bar;
pub mod clock;
pub mod day;
pub mod day_grid;
pub mod day_steps;
pub mod hands;
pub mod legend;
pub mod moves;
pub mod moving;
pub mod parts;
pub mod patient;
pub mod patients;
pub mod reschedule;
pub mod today;
pub mod visit;
pub mod visit_grid;
pub mod visit_row;
pub mod week_list;

pub use book::BookPage;
pub use calendar::CalendarPage;
pub use day_grid::DayGridPage;
pub use moving::MovingPage;
pub use patient::PatientPage;
pub use patients::PatientsPage;
pub use reschedule::ReschedulePage;
pub use today::TodayPage;
pub use visit::VisitPage;
