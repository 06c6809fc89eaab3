//! That the address of each page of the hospital portal leads to it, and to the part that it is in.

use super::{HospitalPage, Part, Section};
use crate::portal::hospital::{Pages, administration, day, desk, doctors};
use domain::appointments::Move;
use domain::ids::{AppointmentId, DoctorId, HospitalId, MassChangeId, PatientId, ResourceId, VisitTypeId};
use uuid::Uuid;

const HERE: HospitalId = HospitalId(Uuid::from_u128(1));
const ID: Uuid = Uuid::from_u128(2);

/// Every page but the portal's own address, which leads on to another.
fn pages() -> impl Iterator<Item = HospitalPage> {
    let sections = [
        Section::Today,
        Section::Queue,
        Section::WalkIn,
        Section::Wall,
        Section::Calendar(None),
        Section::Calendar(Some(DoctorId(ID))),
        Section::CalendarDay,
        Section::Visit(AppointmentId(ID)),
        Section::Moving(AppointmentId(ID), Move::Cancel),
        Section::Moving(AppointmentId(ID), Move::NoShow),
        Section::Reschedule(AppointmentId(ID)),
        Section::FollowUp(AppointmentId(ID)),
        Section::Series(DoctorId(ID)),
        Section::CancelSeries(AppointmentId(ID)),
        Section::Waiting,
        Section::Patients,
        Section::Patient(PatientId(ID)),
        Section::Money,
        Section::Book,
        Section::Doctors,
        Section::NewDoctor,
        Section::Doctor(DoctorId(ID)),
        Section::Hours(DoctorId(ID)),
        Section::HoursPreview(DoctorId(ID)),
        Section::Changes,
        Section::Change(MassChangeId(ID)),
        Section::ChangeVisits(DoctorId(ID)),
        Section::ClosingPreview,
        Section::VisitTypes,
        Section::NewVisitType,
        Section::VisitType(VisitTypeId(ID)),
        Section::Resources,
        Section::Resource(ResourceId(ID)),
        Section::Departments,
        Section::Members,
        Section::Settings,
        Section::Audit,
        Section::AuditQuestions,
        Section::Emergencies,
        Section::DeclareEmergency,
    ];
    sections.map(|section| HospitalPage::At(HERE, section)).into_iter().chain([
        HospitalPage::Platform,
        HospitalPage::NewHospital,
        HospitalPage::PlatformHospital(HERE),
    ])
}

#[test]
fn every_page_is_found_again_by_its_address() {
    for page in pages().chain([HospitalPage::Home]) {
        assert_eq!(HospitalPage::from_path(&page.path()), page, "{}", page.path());
        assert_eq!(Part::at(&page.path()), page.part(), "{}", page.path());
    }
}

#[test]
fn a_part_has_the_pages_that_it_says_and_no_others() {
    let parts: [(Part, Pages); 4] = [
        (Part::Day, day),
        (Part::Desk, desk),
        (Part::Doctors, doctors),
        (Part::Administration, administration),
    ];
    for page in pages() {
        for (part, has) in parts {
            assert_eq!(has(page).is_some(), page.part() == part, "{page:?} in {part:?}");
        }
    }
}

#[test]
fn malformed_addresses_are_no_page() {
    let here = HospitalPage::At(HERE, Section::Today).path();
    let paths = [
        "/hospitals".to_owned(),
        "/hospital/42".to_owned(),
        "/hospital/platform/42".to_owned(),
        format!("{here}/doctors/42"),
        format!("{here}/appointments/{ID}/confirm"),
        format!("{here}/nonsense"),
        format!("{here}/members/more"),
    ];
    for path in paths {
        assert_eq!(HospitalPage::from_path(&path), HospitalPage::Unknown, "{path}");
    }
}

#[test]
fn a_slash_at_the_end_does_no_harm() {
    let here = HospitalPage::At(HERE, Section::Members).path();
    assert_eq!(HospitalPage::from_path(&format!("{here}/")), HospitalPage::At(HERE, Section::Members));
}
