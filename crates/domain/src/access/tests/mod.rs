//! Who may do what, case by case; it loads nothing. Here stands whom and what the cases are about.

mod reach;
mod roles;
mod words;

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
        acting: Vec::new(),
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
        held_back: Vec::new(),
        platform_admin: false,
        platform_held_back: false,
        emergencies: Vec::new(),
        session_epoch: 0,
    }))
}

fn visit(hospital: HospitalId, patient: PatientId) -> Facts {
    Facts::Appointment { hospital, doctor: DOCTOR, patient, in_care: false, sensitive: false }
}

/// What everybody may do with her own account.
fn of_the_account(action: Action) -> bool {
    [
        Action::ReadOwnAccount,
        Action::ManageCalendar,
        Action::ReadCalendar,
        Action::ManageSignIns,
        Action::EndSignIns,
        Action::ManageCredentials,
        Action::ManagePasskeys,
        Action::ManageFamily,
    ]
    .contains(&action)
}

/// A principal without any rights.
fn nobody() -> Principal {
    let Actor::Account(principal) = account(&[], None) else { unreachable!("an account is signed in") };
    *principal
}

fn signed_in(principal: Principal) -> Actor {
    Actor::Account(Box::new(principal))
}

fn patient_at(hospital: Option<HospitalId>, in_care: bool) -> Facts {
    Facts::Patient { patient: PATIENT, hospital, in_care }
}

const ALLOWED_AS: fn(Grant) -> Decision = Decision::Allow;
const FOREIGN: Decision = Decision::Deny(Denial::Foreign);
const NOT_SO: Decision = Decision::Deny(Denial::NotWithThisRole);

/// One of each kind of object, all of this house.
fn objects() -> [Facts; 7] {
    [
        Facts::Platform,
        Facts::Account(AccountId(Uuid::from_u128(9))),
        Facts::Hospital(HERE),
        Facts::Seat { hospital: HERE, role: Role::Desk, leaderless: false },
        Facts::Doctor { hospital: HERE, doctor: DOCTOR },
        visit(HERE, PATIENT),
        patient_at(Some(HERE), false),
    ]
}
