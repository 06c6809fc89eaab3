//! Which page of the hospital portal an address means, and the address of each page.
//! It loads nothing: an address of a foreign hospital is a page like any other until the services refuse it.

use domain::appointments::Move;
use domain::ids::{AppointmentId, DoctorId, HospitalId, MassChangeId, PatientId, ResourceId, VisitTypeId};

use super::super::Part;

/// A page of the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HospitalPage {
    /// `/hospital`: leads on to the first hospital of the account.
    Home,
    /// All hospitals, for the platform's administrator.
    Platform,
    /// A hospital that does not exist yet.
    NewHospital,
    /// A hospital as the platform's administrator sees it.
    PlatformHospital(HospitalId),
    /// A page of one hospital.
    At(HospitalId, Section),
    /// No such page.
    Unknown,
}

/// A page of one hospital.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The day, doctor by doctor.
    Today,
    /// Today's queue: who is expected, who is here, who is with the doctor, who is done.
    Queue,
    /// Takes in somebody who has come without a time.
    WalkIn,
    /// The wall of the waiting room.
    Wall,
    /// The week of a doctor; of the first one when none is named.
    Calendar(Option<DoctorId>),
    /// A day, with a column for each doctor.
    CalendarDay,
    /// A visit.
    Visit(AppointmentId),
    /// Asks for the reason of a move that takes something away.
    Moving(AppointmentId, Move),
    /// Puts a visit on another time.
    Reschedule(AppointmentId),
    /// Asks the patient of a visit back.
    FollowUp(AppointmentId),
    /// Books a row of visits with a doctor.
    Series(DoctorId),
    /// Calls off a visit and all later ones of its row.
    CancelSeries(AppointmentId),
    /// Those who wait for a time.
    Waiting,
    /// Patients by name.
    Patients,
    /// A patient with her visits.
    Patient(PatientId),
    /// What came in and went back.
    Money,
    /// Books a visit for a patient.
    Book,
    /// Doctors.
    Doctors,
    /// A doctor who does not exist yet.
    NewDoctor,
    /// A doctor.
    Doctor(DoctorId),
    /// When a doctor works.
    Hours(DoctorId),
    /// What a change of that would do.
    HoursPreview(DoctorId),
    /// What was changed together lately.
    Changes,
    /// A plan to change many visits, or what was made of it.
    Change(MassChangeId),
    /// A doctor's visits, to be changed together.
    ChangeVisits(DoctorId),
    /// What can be booked.
    VisitTypes,
    /// A visit type that does not exist yet.
    NewVisitType,
    /// A visit type.
    VisitType(VisitTypeId),
    /// Rooms and devices.
    Resources,
    /// A room or a device.
    Resource(ResourceId),
    /// Departments.
    Departments,
    /// Members and invitations.
    Members,
    /// The hospital's own data.
    Settings,
    /// What closing the hospital would do.
    ClosingPreview,
    /// Who looked at what.
    Audit,
    /// What patients have asked about that.
    AuditQuestions,
    /// Emergencies that doctors have declared.
    Emergencies,
    /// Declares one.
    DeclareEmergency,
}

/// The first segment of every address here.
pub const ROOT: &str = "/hospital";

impl HospitalPage {
    /// Reads the path of an address; anything malformed is [`HospitalPage::Unknown`].
    pub fn from_path(path: &str) -> Self {
        let Some(rest) = path.strip_prefix(ROOT) else { return Self::Unknown };
        if !rest.is_empty() && !rest.starts_with('/') {
            return Self::Unknown;
        }
        let segments: Vec<&str> = rest.split('/').filter(|segment| !segment.is_empty()).collect();
        match segments.as_slice() {
            [] => Self::Home,
            ["platform"] => Self::Platform,
            ["platform", "new"] => Self::NewHospital,
            ["platform", id] => id.parse().map_or(Self::Unknown, Self::PlatformHospital),
            [id, rest @ ..] => match (id.parse(), Section::from_segments(rest)) {
                (Ok(hospital), Some(section)) => Self::At(hospital, section),
                _ => Self::Unknown,
            },
        }
    }

    /// The hospital that the page belongs to.
    pub fn hospital(self) -> Option<HospitalId> {
        match self {
            Self::At(hospital, _) => Some(hospital),
            Self::Home | Self::Platform | Self::NewHospital | Self::PlatformHospital(_) | Self::Unknown => {
                None
            }
        }
    }

    /// The part in which the browser gets the page.
    pub fn part(self) -> Part {
        match self {
            Self::At(_, section) => section.part(),
            Self::Platform | Self::NewHospital | Self::PlatformHospital(_) => Part::Administration,
            Self::Home | Self::Unknown => Part::Day,
        }
    }

    /// The page's address.
    pub fn path(self) -> String {
        match self {
            Self::Home | Self::Unknown => ROOT.to_owned(),
            Self::Platform => format!("{ROOT}/platform"),
            Self::NewHospital => format!("{ROOT}/platform/new"),
            Self::PlatformHospital(id) => format!("{ROOT}/platform/{id}"),
            Self::At(hospital, section) => format!("{ROOT}/{hospital}{}", section.path()),
        }
    }
}

impl Section {
    fn from_segments(segments: &[&str]) -> Option<Self> {
        Some(match segments {
            [] => Self::Today,
            ["queue"] => Self::Queue,
            ["walk-in"] => Self::WalkIn,
            ["wall"] => Self::Wall,
            ["calendar"] => Self::Calendar(None),
            ["calendar", "day"] => Self::CalendarDay,
            ["calendar", doctor] => Self::Calendar(Some(doctor.parse().ok()?)),
            ["appointments", id] => Self::Visit(id.parse().ok()?),
            ["appointments", id, "reschedule"] => Self::Reschedule(id.parse().ok()?),
            ["appointments", id, "follow-up"] => Self::FollowUp(id.parse().ok()?),
            ["appointments", id, "cancel-series"] => Self::CancelSeries(id.parse().ok()?),
            ["series", doctor] => Self::Series(doctor.parse().ok()?),
            ["appointments", id, step] => Self::Moving(id.parse().ok()?, asks_why(Move::parse(step)?)?),
            ["waiting"] => Self::Waiting,
            ["patients"] => Self::Patients,
            ["patients", id] => Self::Patient(id.parse().ok()?),
            ["money"] => Self::Money,
            ["book"] => Self::Book,
            ["doctors"] => Self::Doctors,
            ["doctors", "new"] => Self::NewDoctor,
            ["doctors", id] => Self::Doctor(id.parse().ok()?),
            ["doctors", id, "hours", "preview"] => Self::HoursPreview(id.parse().ok()?),
            ["changes"] => Self::Changes,
            ["changes", id] => Self::Change(id.parse().ok()?),
            ["changes", "doctor", id] => Self::ChangeVisits(id.parse().ok()?),
            ["doctors", id, "hours"] => Self::Hours(id.parse().ok()?),
            ["visit-types"] => Self::VisitTypes,
            ["visit-types", "new"] => Self::NewVisitType,
            ["visit-types", id] => Self::VisitType(id.parse().ok()?),
            ["resources"] => Self::Resources,
            ["resources", id] => Self::Resource(id.parse().ok()?),
            ["departments"] => Self::Departments,
            ["members"] => Self::Members,
            ["settings", "closing"] => Self::ClosingPreview,
            ["settings"] => Self::Settings,
            ["audit"] => Self::Audit,
            ["audit", "questions"] => Self::AuditQuestions,
            ["emergencies"] => Self::Emergencies,
            ["emergency"] => Self::DeclareEmergency,
            _ => return None,
        })
    }

    fn path(self) -> String {
        match self {
            Self::Today => String::new(),
            Self::Queue => "/queue".to_owned(),
            Self::WalkIn => "/walk-in".to_owned(),
            Self::Wall => "/wall".to_owned(),
            Self::Calendar(None) => "/calendar".to_owned(),
            Self::Calendar(Some(doctor)) => format!("/calendar/{doctor}"),
            Self::CalendarDay => "/calendar/day".to_owned(),
            Self::Visit(id) => format!("/appointments/{id}"),
            Self::Moving(id, step) => format!("/appointments/{id}/{}", step.code()),
            Self::Reschedule(id) => format!("/appointments/{id}/reschedule"),
            Self::FollowUp(id) => format!("/appointments/{id}/follow-up"),
            Self::Series(doctor) => format!("/series/{doctor}"),
            Self::CancelSeries(id) => format!("/appointments/{id}/cancel-series"),
            Self::Waiting => "/waiting".to_owned(),
            Self::Patients => "/patients".to_owned(),
            Self::Patient(id) => format!("/patients/{id}"),
            Self::Money => "/money".to_owned(),
            Self::Book => "/book".to_owned(),
            Self::Doctors => "/doctors".to_owned(),
            Self::NewDoctor => "/doctors/new".to_owned(),
            Self::Doctor(id) => format!("/doctors/{id}"),
            Self::Hours(id) => format!("/doctors/{id}/hours"),
            Self::HoursPreview(id) => format!("/doctors/{id}/hours/preview"),
            Self::Changes => "/changes".to_owned(),
            Self::Change(id) => format!("/changes/{id}"),
            Self::ChangeVisits(id) => format!("/changes/doctor/{id}"),
            Self::VisitTypes => "/visit-types".to_owned(),
            Self::NewVisitType => "/visit-types/new".to_owned(),
            Self::VisitType(id) => format!("/visit-types/{id}"),
            Self::Resources => "/resources".to_owned(),
            Self::Resource(id) => format!("/resources/{id}"),
            Self::Departments => "/departments".to_owned(),
            Self::Members => "/members".to_owned(),
            Self::Settings => "/settings".to_owned(),
            Self::ClosingPreview => "/settings/closing".to_owned(),
            Self::Audit => "/audit".to_owned(),
            Self::AuditQuestions => "/audit/questions".to_owned(),
            Self::Emergencies => "/emergencies".to_owned(),
            Self::DeclareEmergency => "/emergency".to_owned(),
        }
    }

    /// The part in which the browser gets the page. What the desk changes of many visits at once is its own, not of the day.
    fn part(self) -> Part {
        match self {
            Self::Today
            | Self::Calendar(_)
            | Self::CalendarDay
            | Self::Visit(_)
            | Self::Moving(..)
            | Self::Reschedule(_)
            | Self::FollowUp(_)
            | Self::CancelSeries(_) => Part::Day,
            Self::Queue
            | Self::WalkIn
            | Self::Wall
            | Self::Series(_)
            | Self::Waiting
            | Self::Patients
            | Self::Patient(_)
            | Self::Money
            | Self::Book
            | Self::Changes
            | Self::Change(_)
            | Self::ChangeVisits(_)
            | Self::DeclareEmergency => Part::Desk,
            Self::Doctors
            | Self::NewDoctor
            | Self::Doctor(_)
            | Self::Hours(_)
            | Self::HoursPreview(_)
            | Self::VisitTypes
            | Self::NewVisitType
            | Self::VisitType(_)
            | Self::Resources
            | Self::Resource(_) => Part::Doctors,
            Self::Departments
            | Self::Members
            | Self::Settings
            | Self::ClosingPreview
            | Self::Audit
            | Self::AuditQuestions
            | Self::Emergencies => Part::Administration,
        }
    }

    /// Whether only the hospital's administrators have any use for it.
    pub fn is_administration(self) -> bool {
        match self {
            Self::Doctors
            | Self::NewDoctor
            | Self::Doctor(_)
            | Self::VisitTypes
            | Self::NewVisitType
            | Self::VisitType(_)
            | Self::Resources
            | Self::Resource(_)
            | Self::Departments
            | Self::Members
            | Self::Settings
            | Self::ClosingPreview
            | Self::Audit
            | Self::AuditQuestions
            | Self::Emergencies => true,
            Self::Today
            | Self::Queue
            | Self::WalkIn
            | Self::Wall
            | Self::Calendar(_)
            | Self::CalendarDay
            | Self::Visit(_)
            | Self::Moving(..)
            | Self::Reschedule(_)
            | Self::FollowUp(_)
            | Self::Series(_)
            | Self::CancelSeries(_)
            | Self::Waiting
            | Self::Patients
            | Self::Patient(_)
            | Self::Money
            | Self::Book
            | Self::DeclareEmergency
            | Self::Changes
            | Self::Change(_)
            | Self::ChangeVisits(_)
            | Self::HoursPreview(_)
            | Self::Hours(_) => false,
        }
    }

    /// The page's address at a hospital.
    pub fn at(self, hospital: HospitalId) -> String {
        HospitalPage::At(hospital, self).path()
    }
}

/// The moves that ask for a reason first; the others are one press of a button.
pub fn asks_why(step: Move) -> Option<Move> {
    match step {
        Move::Cancel | Move::NoShow | Move::LeaveUnseen => Some(step),
        Move::Confirm | Move::Arrive | Move::CheckIn | Move::Start | Move::Complete => None,
    }
}

#[cfg(test)]
mod tests;
