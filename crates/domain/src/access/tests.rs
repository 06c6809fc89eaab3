//! Who may do what, case by case; it loads nothing.

use super::*;
use uuid::Uuid;

const HERE: HospitalId = HospitalId(Uuid::from_u128(1));
const THERE: HospitalId = HospitalId(Uuid::from_u128(2));
const DOCTOR: DoctorId = DoctorId(Uuid::from_u128(3));
const OTHER_DOCTOR: DoctorId = DoctorId(Uuid::from_u128(4));
const PATIENT: PatientId = PatientId(Uuid::from_u128(5));
const OTHER_PATIENT: PatientId = PatientId(Uuid::from_u128(6));

fn account(patients: &[PatientId], role: Option<Role>) -> Actor {
    Actor::Account(Box::new(Principal {
        account_id: AccountId(Uuid::from_u128(9)),
        full_name: "A".into(),
        email: "a@example.org".into(),
        verified: true,
        patients: patients.to_vec(),
        memberships: role
            .map(|role| Membership {
                id: MembershipId(Uuid::from_u128(8)),
                hospital_id: HERE,
                hospital_name: "H".into(),
                role,
                doctor_id: (role == Role::Doctor).then_some(DOCTOR),
            })
            .into_iter()
            .collect(),
        platform_admin: false,
        emergencies: Vec::new(),
        session_epoch: 0,
    }))
}

fn visit(hospital: HospitalId, patient: PatientId) -> Facts {
    Facts::Appointment { hospital, doctor: DOCTOR, patient, in_care: false }
}

#[test]
fn nobody_may_do_nothing() {
    for action in [Action::ManagePlatform, Action::ReadAppointment, Action::BookAppointment] {
        let decision = decide(&Actor::Anonymous, action, &visit(HERE, PATIENT));
        assert_eq!(decision, Decision::Deny(Denial::Anonymous));
    }
}

#[test]
fn a_patient_sees_and_cancels_only_own_visits() {
    let me = account(&[PATIENT], None);
    for action in [Action::ReadAppointment, Action::CancelAppointment, Action::BookAppointment] {
        assert_eq!(decide(&me, action, &visit(HERE, PATIENT)), Decision::Allow(Grant::OwnPatient));
        assert_eq!(decide(&me, action, &visit(HERE, OTHER_PATIENT)), Decision::Deny(Denial::Foreign));
    }
    assert_eq!(decide(&me, Action::RunAppointment, &visit(HERE, PATIENT)), Decision::Deny(Denial::Foreign));
}

#[test]
fn staff_reach_no_further_than_their_hospital() {
    let desk = account(&[], Some(Role::Desk));
    let grant = Decision::Allow(Grant::Role(Role::Desk));
    assert_eq!(decide(&desk, Action::RunAppointment, &visit(HERE, PATIENT)), grant);
    assert_eq!(
        decide(&desk, Action::RunAppointment, &visit(THERE, PATIENT)),
        Decision::Deny(Denial::Foreign)
    );
    assert_eq!(decide(&desk, Action::ReadSchedule, &Facts::Hospital(THERE)), Decision::Deny(Denial::Foreign));
    assert_eq!(
        decide(
            &desk,
            Action::ReadPatient,
            &Facts::Patient { patient: PATIENT, hospital: None, in_care: false }
        ),
        Decision::Deny(Denial::Foreign)
    );
}

#[test]
fn only_administrators_manage_and_doctors_mind_their_own_hours() {
    let doctor = account(&[], Some(Role::Doctor));
    let own = Facts::Doctor { hospital: HERE, doctor: DOCTOR };
    let other = Facts::Doctor { hospital: HERE, doctor: OTHER_DOCTOR };
    assert_eq!(decide(&doctor, Action::ManageHours, &own), Decision::Allow(Grant::OwnDoctor));
    assert_eq!(decide(&doctor, Action::ManageHours, &other), Decision::Deny(Denial::NotWithThisRole));
    assert_eq!(decide(&doctor, Action::ManageDoctors, &own), Decision::Deny(Denial::NotWithThisRole));
    let admin = account(&[], Some(Role::HospitalAdmin));
    assert_eq!(
        decide(&admin, Action::ManageDoctors, &other),
        Decision::Allow(Grant::Role(Role::HospitalAdmin))
    );
    assert_eq!(decide(&admin, Action::ManagePlatform, &Facts::Platform), Decision::Deny(Denial::Foreign));
}
