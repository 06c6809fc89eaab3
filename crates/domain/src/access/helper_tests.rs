//! What somebody may do who acts for a patient: what was given, and nothing besides.

use super::*;
use crate::family::{Permission, Relation};
use uuid::Uuid;

const HERE: HospitalId = HospitalId(Uuid::from_u128(1));
const DOCTOR: DoctorId = DoctorId(Uuid::from_u128(3));
const PATIENT: PatientId = PatientId(Uuid::from_u128(5));
const OTHER: PatientId = PatientId(Uuid::from_u128(6));
const FOREIGN: Decision = Decision::Deny(Denial::Foreign);
const HELPS: Decision = Decision::Allow(Grant::Helper);

fn acting(given: &[Permission]) -> Acting {
    Acting {
        patient_id: PATIENT,
        full_name: "Mia".into(),
        relation: Relation::Carer,
        permissions: given.iter().copied().collect(),
        guards: false,
        hands_over: false,
    }
}

fn account(acting: Acting) -> Actor {
    Actor::Account(Box::new(Principal {
        account_id: AccountId(Uuid::from_u128(9)),
        full_name: "A".into(),
        email: "a@example.org".into(),
        verified: true,
        patients: Vec::new(),
        acting: vec![acting],
        memberships: Vec::new(),
        held_back: Vec::new(),
        platform_admin: false,
        platform_held_back: false,
        emergencies: Vec::new(),
        session_epoch: 0,
    }))
}

fn visit(patient: PatientId, sensitive: bool) -> Facts {
    Facts::Appointment { hospital: HERE, doctor: DOCTOR, patient, in_care: false, sensitive }
}

fn person(patient: PatientId) -> Facts {
    Facts::Patient { patient, hospital: Some(HERE), in_care: false }
}

/// What a permission lets one do with a patient, and with a visit that is not sensitive.
fn lets(permission: Permission, action: Action) -> bool {
    let for_visits = matches!(
        action,
        Action::BookAppointment
            | Action::CancelAppointment
            | Action::RescheduleAppointment
            | Action::CheckInOneself
            | Action::JoinWaitlist
            | Action::AnswerOffer
            | Action::LeaveWaitlist
    );
    let for_reading = matches!(action, Action::ReadAppointment | Action::ReadWaitlist | Action::ReadFollowUp);
    let for_records = action == Action::ReadPatient;
    match permission {
        Permission::Book => for_visits || for_reading || action == Action::ReadBill,
        Permission::Pay => matches!(action, Action::ReadBill | Action::PayVisit),
        Permission::Records => for_records || for_reading,
        Permission::Messages | Permission::Prescriptions | Permission::Sensitive => false,
    }
}

#[test]
fn each_permission_gives_what_it_says_for_this_patient_alone() {
    for permission in Permission::ALL {
        let helper = account(acting(&[permission]));
        for action in Action::ALL {
            for facts in [visit(PATIENT, false), person(PATIENT)] {
                let expected = if lets(permission, action) { HELPS } else { FOREIGN };
                assert_eq!(decide(&helper, action, &facts), expected, "{permission:?} {action:?}");
            }
            for facts in [visit(OTHER, false), person(OTHER)] {
                assert_eq!(decide(&helper, action, &facts), FOREIGN, "{permission:?} {action:?}");
            }
        }
    }
}

#[test]
fn what_is_sensitive_has_to_be_given_besides() {
    let (book, records, both) = (
        acting(&[Permission::Book]),
        acting(&[Permission::Records]),
        acting(&[Permission::Book, Permission::Sensitive]),
    );
    for action in [
        Action::ReadAppointment,
        Action::CancelAppointment,
        Action::RescheduleAppointment,
        Action::ReadWaitlist,
        Action::ReadFollowUp,
        Action::AnswerOffer,
        Action::LeaveWaitlist,
    ] {
        assert_eq!(decide(&account(book.clone()), action, &visit(PATIENT, true)), FOREIGN);
        assert_eq!(decide(&account(records.clone()), action, &visit(PATIENT, true)), FOREIGN);
        assert_eq!(decide(&account(both.clone()), action, &visit(PATIENT, true)), HELPS);
    }
    let alone = account(acting(&[Permission::Sensitive]));
    assert_eq!(decide(&alone, Action::ReadAppointment, &visit(PATIENT, true)), FOREIGN);
    // The patient herself has no need of it.
    let mut own = account(acting(&[]));
    if let Actor::Account(principal) = &mut own {
        principal.patients.push(OTHER);
    }
    let grant = Decision::Allow(Grant::OwnPatient);
    assert_eq!(decide(&own, Action::ReadAppointment, &visit(OTHER, true)), grant);
}

#[test]
fn who_looked_is_seen_by_those_from_whom_nothing_is_kept() {
    let (records, sensitive) = (Permission::Records, Permission::Sensitive);
    for action in [Action::ReadPatientAudit, Action::AskAboutAccess] {
        let at = |given: &[Permission]| decide(&account(acting(given)), action, &person(PATIENT));
        assert_eq!(at(&[records]), FOREIGN, "it would say that somebody was in psychiatry");
        assert_eq!(at(&[sensitive, Permission::Book]), FOREIGN);
        assert_eq!(at(&[records, sensitive]), HELPS);
    }
}

#[test]
fn all_that_can_be_given_does_not_let_one_choose_who_else_helps() {
    let helper = account(acting(&Permission::ALL));
    for action in [Action::ManageHelpers, Action::EndHelp, Action::HandOverPatient, Action::RunAppointment] {
        assert_eq!(decide(&helper, action, &person(PATIENT)), FOREIGN);
    }
    let guardian = account(Acting { guards: true, ..acting(&Permission::ALL) });
    assert_eq!(decide(&guardian, Action::ManageHelpers, &person(PATIENT)), HELPS);
    assert_eq!(decide(&guardian, Action::EndHelp, &person(PATIENT)), HELPS);
    assert_eq!(decide(&guardian, Action::HandOverPatient, &person(PATIENT)), FOREIGN);
    assert_eq!(decide(&guardian, Action::ManageHelpers, &person(OTHER)), FOREIGN);
}

#[test]
fn a_record_is_handed_over_by_parents_and_never_by_its_owner() {
    let parent = account(Acting { hands_over: true, ..acting(&[]) });
    assert_eq!(decide(&parent, Action::HandOverPatient, &person(PATIENT)), HELPS);
    assert_eq!(decide(&parent, Action::ReadPatient, &person(PATIENT)), FOREIGN);
    let mut owner = account(Acting { hands_over: true, ..acting(&[]) });
    if let Actor::Account(principal) = &mut owner {
        principal.patients.push(PATIENT);
    }
    assert_eq!(decide(&owner, Action::HandOverPatient, &person(PATIENT)), FOREIGN);
}

#[test]
fn a_doctor_who_helps_somebody_is_still_her_doctor() {
    let mut doctor = account(acting(&[Permission::Pay]));
    if let Actor::Account(principal) = &mut doctor {
        principal.memberships.push(Membership {
            id: MembershipId(Uuid::from_u128(8)),
            hospital_id: HERE,
            hospital_name: "H".into(),
            role: Role::Doctor,
            doctor_id: Some(DOCTOR),
        });
    }
    let grant = Decision::Allow(Grant::OwnDoctor);
    assert_eq!(decide(&doctor, Action::ReadAppointment, &visit(PATIENT, true)), grant);
    assert_eq!(decide(&doctor, Action::ReadPatient, &person(PATIENT)), FOREIGN);
}

#[test]
fn whoever_acts_for_a_patient_minds_her_whatever_was_given() {
    let Actor::Account(helper) = account(acting(&[])) else { unreachable!("an account is signed in") };
    assert!(helper.minds(PATIENT) && !helper.minds(OTHER));
    let owner = Principal { patients: vec![OTHER], ..*helper };
    assert!(owner.minds(PATIENT) && owner.minds(OTHER));
    let alone = Principal { acting: Vec::new(), ..owner };
    assert!(!alone.minds(PATIENT) && alone.minds(OTHER));
}
