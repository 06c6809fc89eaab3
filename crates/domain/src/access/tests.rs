//! Who may do what, case by case; it loads nothing.

use std::collections::BTreeSet;

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
        emergencies: Vec::new(),
        session_epoch: 0,
    }))
}

fn visit(hospital: HospitalId, patient: PatientId) -> Facts {
    Facts::Appointment { hospital, doctor: DOCTOR, patient, in_care: false, sensitive: false }
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
    for action in [
        Action::ReadAppointment,
        Action::CancelAppointment,
        Action::RescheduleAppointment,
        Action::BookAppointment,
    ] {
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
fn a_membership_that_is_held_back_gives_no_right() {
    for role in [Role::HospitalAdmin, Role::Desk, Role::Doctor] {
        let mut principal = account(&[], Some(role)).principal().cloned().unwrap_or_else(nobody);
        principal.held_back = std::mem::take(&mut principal.memberships);
        let waits = signed_in(principal);
        for action in Action::ALL {
            for facts in objects() {
                let own = facts == Facts::Account(AccountId(Uuid::from_u128(9))) && of_the_account(action);
                let expected = if own { ALLOWED_AS(Grant::OwnAccount) } else { FOREIGN };
                assert_eq!(decide(&waits, action, &facts), expected, "{action:?} {facts:?}");
            }
        }
    }
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

#[test]
fn every_action_has_a_code_and_a_bit_of_its_own() {
    let codes: BTreeSet<_> = Action::ALL.iter().map(|action| action.code()).collect();
    assert_eq!(codes.len(), Action::ALL.len());
    assert!(Action::parse("").is_none() && Action::parse("xyzzy").is_none());
    for action in Action::ALL {
        assert_eq!(Action::parse(action.code()), Some(action));
        let trace = Trace::default();
        assert!(!trace.has(action));
        trace.clone().note(action);
        for other in Action::ALL {
            assert_eq!(trace.has(other), other == action, "{action:?} {other:?}");
        }
        trace.note(Action::ReadPatient);
        assert!(trace.has(action) && trace.has(Action::ReadPatient));
    }
}

#[test]
fn what_a_stranger_at_an_open_screen_must_not_do_needs_a_proof() {
    let asked: Vec<_> = Action::ALL.into_iter().filter(|action| action.needs_proof()).collect();
    let expected = [
        Action::ChangeMembers,
        Action::SetStaffPolicy,
        Action::InviteMember,
        Action::RefundPayment,
        Action::EndSignIns,
        Action::ManagePasskeys,
        Action::ManageHelpers,
        Action::HandOverPatient,
        Action::DeclareEmergency,
        Action::ExportAudit,
    ];
    assert_eq!(asked, expected);
}

#[test]
fn grants_roles_and_denials_are_spelled_as_the_audit_knows_them() {
    let grants = [
        (Grant::OwnAccount, "own_account"),
        (Grant::OwnPatient, "own_patient"),
        (Grant::Helper, "helper"),
        (Grant::OwnDoctor, "own_doctor"),
        (Grant::CareRelation, "care_relation"),
        (Grant::Emergency, "emergency"),
        (Grant::Role(Role::Desk), "desk"),
        (Grant::Platform, "platform"),
    ];
    for (grant, code) in grants {
        assert_eq!(grant.code(), code);
    }
    for (role, code) in
        [(Role::Doctor, "doctor"), (Role::Desk, "desk"), (Role::HospitalAdmin, "hospital_admin")]
    {
        assert_eq!((role.code(), Role::parse(code)), (code, Ok(role)));
    }
    assert_eq!(Role::parse("root"), Err("role_unknown"));
    assert_eq!(Denial::Anonymous.refusal(), Error::Unauthenticated);
    assert_eq!(Denial::Foreign.refusal(), Error::NotFound);
    assert_eq!(Denial::NotWithThisRole.refusal(), Error::Forbidden);
}

#[test]
fn facts_say_where_whom_and_with_whom() {
    let hospitals = objects().map(|facts| facts.hospital());
    assert_eq!(hospitals, [None, None, Some(HERE), Some(HERE), Some(HERE), Some(HERE), Some(HERE)]);
    assert_eq!(patient_at(None, false).hospital(), None);
    let patients = objects().map(|facts| facts.patient());
    assert_eq!(patients, [None, None, None, None, None, Some(PATIENT), Some(PATIENT)]);
    let doctors = objects().map(|facts| facts.doctor());
    assert_eq!(doctors, [None, None, None, None, Some(DOCTOR), Some(DOCTOR), None]);
    for facts in objects() {
        assert!(!facts.in_care());
        let cared_for = facts.cared_for(true);
        assert_eq!(cared_for.in_care(), facts.patient().is_some());
        assert_eq!(cared_for.cared_for(false), facts);
        assert_eq!(
            (cared_for.hospital(), cared_for.patient(), cared_for.doctor()),
            (facts.hospital(), facts.patient(), facts.doctor())
        );
    }
}

#[test]
fn a_call_says_who_asks() {
    let me = account(&[PATIENT], Some(Role::Desk));
    assert_eq!(Call::by(me.clone()).actor, me);
    assert_eq!(Call::anonymous().actor, Actor::Anonymous);
    assert_eq!(me.account_id(), Some(AccountId(Uuid::from_u128(9))));
    assert_eq!(me.signed_in().ok(), me.principal());
    assert!(me.principal().is_some());
    assert_eq!(Actor::Anonymous.account_id(), None);
    assert_eq!(Actor::Anonymous.signed_in().err(), Some(Error::Unauthenticated));
    let staff = me.principal().cloned().unwrap_or_else(nobody);
    assert_eq!(staff.membership(HERE).map(|membership| membership.role), Some(Role::Desk));
    assert_eq!(staff.membership(THERE), None);
    assert!(staff.is_staff() && !nobody().is_staff());
    assert!(Principal { platform_admin: true, ..nobody() }.is_staff());
    let waits = Principal { held_back: staff.memberships.clone(), ..nobody() };
    assert!(staff.is_employed() && waits.is_employed() && !waits.is_staff() && !nobody().is_employed());
}

#[test]
fn without_a_relation_nothing_is_allowed_and_require_says_so() {
    let stranger = signed_in(Principal { account_id: AccountId(Uuid::from_u128(77)), ..nobody() });
    for action in Action::ALL {
        for facts in objects() {
            assert_eq!(decide(&stranger, action, &facts), FOREIGN, "{action:?} {facts:?}");
            assert_eq!(require(&stranger, action, &facts), Err(Error::NotFound));
            assert_eq!(decide(&Actor::Anonymous, action, &facts), Decision::Deny(Denial::Anonymous));
            assert_eq!(require(&Actor::Anonymous, action, &facts), Err(Error::Unauthenticated));
        }
    }
    let desk = account(&[], Some(Role::Desk));
    let grant = require(&desk, Action::ReadSchedule, &Facts::Hospital(HERE));
    assert_eq!(grant, Ok(Grant::Role(Role::Desk)));
}

#[test]
fn an_account_is_its_owners_alone() {
    let me = account(&[PATIENT], None);
    for action in Action::ALL.into_iter().filter(|action| of_the_account(*action)) {
        let (own, other) = (AccountId(Uuid::from_u128(9)), AccountId(Uuid::from_u128(10)));
        assert_eq!(decide(&me, action, &Facts::Account(own)), ALLOWED_AS(Grant::OwnAccount));
        assert_eq!(decide(&me, action, &Facts::Account(other)), FOREIGN);
        assert_eq!(decide(&me, action, &visit(HERE, PATIENT)), FOREIGN);
    }
}

#[test]
fn what_a_role_gives_at_a_hospital() {
    let [admin, desk, doctor] =
        [Role::HospitalAdmin, Role::Desk, Role::Doctor].map(|role| account(&[], Some(role)));
    let as_role = |role| ALLOWED_AS(Grant::Role(role));
    for action in Action::ALL {
        let at = |actor: &Actor| decide(actor, action, &Facts::Hospital(HERE));
        let (for_admin, for_desk, for_doctor) = match action {
            Action::ManageHospital
            | Action::ManageMembers
            | Action::ChangeMembers
            | Action::SetStaffPolicy
            | Action::InviteMember
            | Action::ManageDoctors
            | Action::ManageHours
            | Action::ReadAudit
            | Action::ExportAudit => (as_role(Role::HospitalAdmin), NOT_SO, NOT_SO),
            Action::ReadStaffPages
            | Action::ReadSchedule
            | Action::ReadPatients
            | Action::ReadWall
            | Action::ReadWaitlist => {
                (as_role(Role::HospitalAdmin), as_role(Role::Desk), as_role(Role::Doctor))
            }
            Action::ReadPayments | Action::ChangeManyVisits => {
                (as_role(Role::HospitalAdmin), as_role(Role::Desk), NOT_SO)
            }
            Action::DeclareEmergency => (NOT_SO, NOT_SO, as_role(Role::Doctor)),
            Action::ManagePlatform
            | Action::ReadPatient
            | Action::BookAppointment
            | Action::ReadAppointment
            | Action::RunAppointment
            | Action::CancelAppointment
            | Action::RescheduleAppointment
            | Action::CheckInOneself
            | Action::JoinWaitlist
            | Action::AnswerOffer
            | Action::LeaveWaitlist
            | Action::OfferFollowUp
            | Action::ReadFollowUp
            | Action::ReadBill
            | Action::PayVisit
            | Action::TakePayment
            | Action::RefundPayment
            | Action::ReadOwnAccount
            | Action::ManageCalendar
            | Action::ReadCalendar
            | Action::ManageSignIns
            | Action::EndSignIns
            | Action::ManageCredentials
            | Action::ManagePasskeys
            | Action::ManageFamily
            | Action::ManageHelpers
            | Action::EndHelp
            | Action::HandOverPatient
            | Action::ReadPatientAudit
            | Action::AskAboutAccess => (FOREIGN, FOREIGN, FOREIGN),
        };
        assert_eq!((at(&admin), at(&desk), at(&doctor)), (for_admin, for_desk, for_doctor), "{action:?}");
        for actor in [&admin, &desk, &doctor] {
            assert_eq!(decide(actor, action, &Facts::Hospital(THERE)), FOREIGN);
        }
    }
    let other = Facts::Doctor { hospital: HERE, doctor: OTHER_DOCTOR };
    assert_eq!(decide(&admin, Action::ManageHours, &other), as_role(Role::HospitalAdmin));
    assert_eq!(decide(&desk, Action::ManageHours, &other), NOT_SO);
    // Many visits are changed by whoever keeps the calendar: the desk for everybody, a doctor for herself.
    let own = Facts::Doctor { hospital: HERE, doctor: DOCTOR };
    assert_eq!(decide(&desk, Action::ChangeManyVisits, &other), as_role(Role::Desk));
    assert_eq!(decide(&doctor, Action::ChangeManyVisits, &other), NOT_SO);
    assert_eq!(decide(&doctor, Action::ChangeManyVisits, &own), ALLOWED_AS(Grant::OwnDoctor));
}

#[test]
fn the_platform_gives_a_hospital_its_first_administrator_and_nobody_after() {
    let platform = Principal { platform_admin: true, ..nobody() };
    let seat = |role, leaderless| Facts::Seat { hospital: HERE, role, leaderless };
    let asks = |who: &Principal, facts| decide(&signed_in(who.clone()), Action::InviteMember, &facts);
    assert_eq!(asks(&platform, seat(Role::HospitalAdmin, true)), ALLOWED_AS(Grant::Platform));
    assert_eq!(asks(&platform, seat(Role::HospitalAdmin, false)), NOT_SO);
    assert_eq!(asks(&platform, seat(Role::Desk, true)), FOREIGN);
    assert_eq!(asks(&nobody(), seat(Role::HospitalAdmin, true)), FOREIGN);
    let admin = account(&[], Some(Role::HospitalAdmin));
    let invites = decide(&admin, Action::InviteMember, &seat(Role::HospitalAdmin, false));
    assert_eq!(invites, ALLOWED_AS(Grant::Role(Role::HospitalAdmin)));
    // Whoever is both asks as a member.
    let Some(member) = admin.principal().cloned() else { return };
    let both = Principal { platform_admin: true, ..member };
    assert_eq!(asks(&both, seat(Role::HospitalAdmin, false)), ALLOWED_AS(Grant::Role(Role::HospitalAdmin)));
    assert_eq!(
        decide(&signed_in(platform.clone()), Action::ManagePlatform, &Facts::Platform),
        ALLOWED_AS(Grant::Platform)
    );
    for action in Action::ALL {
        for facts in [Facts::Hospital(HERE), visit(HERE, PATIENT), patient_at(Some(HERE), false)] {
            assert_eq!(decide(&signed_in(platform.clone()), action, &facts), FOREIGN, "{action:?}");
        }
    }
}

#[test]
fn a_doctor_sees_whom_she_treats_and_in_an_emergency_looks_only() {
    let doctor = account(&[], Some(Role::Doctor));
    // What a visit is about is no secret to those who treat.
    let others = |in_care| Facts::Appointment {
        hospital: HERE,
        doctor: OTHER_DOCTOR,
        patient: PATIENT,
        in_care,
        sensitive: true,
    };
    let looking = [Action::ReadPatient, Action::ReadAppointment, Action::ReadFollowUp];
    let acting = [
        Action::RunAppointment,
        Action::OfferFollowUp,
        Action::BookAppointment,
        Action::CancelAppointment,
        Action::RescheduleAppointment,
    ];
    for action in looking.into_iter().chain(acting) {
        assert_eq!(decide(&doctor, action, &visit(HERE, PATIENT)), ALLOWED_AS(Grant::OwnDoctor));
        assert_eq!(decide(&doctor, action, &others(true)), ALLOWED_AS(Grant::CareRelation));
        assert_eq!(decide(&doctor, action, &others(false)), FOREIGN);
        assert_eq!(decide(&doctor, action, &patient_at(Some(HERE), true)), ALLOWED_AS(Grant::CareRelation));
        assert_eq!(decide(&doctor, action, &patient_at(Some(HERE), false)), FOREIGN);
        assert_eq!(decide(&doctor, action, &patient_at(None, true)), FOREIGN);
    }
    let declared = |hospital_id, patient_id| {
        let mut principal = doctor.principal().cloned().unwrap_or_else(nobody);
        principal.emergencies = vec![Emergency { hospital_id, patient_id }];
        signed_in(principal)
    };
    for action in looking {
        let there = |who: &Actor| decide(who, action, &others(false));
        assert_eq!(there(&declared(HERE, PATIENT)), ALLOWED_AS(Grant::Emergency));
        assert_eq!(there(&declared(THERE, PATIENT)), FOREIGN);
        assert_eq!(there(&declared(HERE, OTHER_PATIENT)), FOREIGN);
    }
    for action in acting {
        assert_eq!(decide(&declared(HERE, PATIENT), action, &others(false)), FOREIGN);
    }
}

#[test]
fn only_the_patient_sees_who_looked_and_chooses_who_helps() {
    for action in [Action::ReadPatientAudit, Action::AskAboutAccess, Action::ManageHelpers, Action::EndHelp] {
        let me = account(&[PATIENT], None);
        assert_eq!(decide(&me, action, &patient_at(None, false)), ALLOWED_AS(Grant::OwnPatient));
        for role in [Role::HospitalAdmin, Role::Desk, Role::Doctor] {
            let staff = account(&[OTHER_PATIENT], Some(role));
            assert_eq!(decide(&staff, action, &patient_at(Some(HERE), true)), FOREIGN);
        }
    }
}

#[test]
fn money_is_the_desks_and_giving_it_back_the_administrators() {
    let visit = visit(HERE, PATIENT);
    let staff = |role| account(&[], Some(role));
    for role in [Role::HospitalAdmin, Role::Desk] {
        for action in [Action::ReadBill, Action::TakePayment] {
            assert_eq!(decide(&staff(role), action, &visit), ALLOWED_AS(Grant::Role(role)), "{action:?}");
        }
        assert_eq!(decide(&staff(role), Action::PayVisit, &visit), FOREIGN);
    }
    let refunds = |role| decide(&staff(role), Action::RefundPayment, &visit);
    assert_eq!(refunds(Role::HospitalAdmin), ALLOWED_AS(Grant::Role(Role::HospitalAdmin)));
    assert_eq!(refunds(Role::Desk), NOT_SO);
    // A doctor does not learn what her own patient has paid, nor that there is a bill.
    for action in [Action::ReadBill, Action::PayVisit, Action::TakePayment, Action::RefundPayment] {
        assert_eq!(decide(&staff(Role::Doctor), action, &visit), FOREIGN);
        assert_eq!(decide(&account(&[OTHER_PATIENT], None), action, &visit), FOREIGN);
        assert_eq!(decide(&staff(Role::HospitalAdmin), action, &self::visit(THERE, PATIENT)), FOREIGN);
    }
    let me = account(&[PATIENT], None);
    for action in [Action::ReadBill, Action::PayVisit] {
        assert_eq!(decide(&me, action, &visit), ALLOWED_AS(Grant::OwnPatient));
    }
    for action in [Action::TakePayment, Action::RefundPayment] {
        assert_eq!(decide(&me, action, &visit), FOREIGN);
    }
}

#[test]
fn the_line_is_kept_by_the_desk_and_offers_are_answered_by_the_patient() {
    let entry = visit(HERE, PATIENT);
    let elsewhere = visit(THERE, PATIENT);
    let staff = |role| account(&[], Some(role));
    let of_another = Facts::Appointment {
        hospital: HERE,
        doctor: OTHER_DOCTOR,
        patient: PATIENT,
        in_care: true,
        sensitive: false,
    };
    for role in [Role::HospitalAdmin, Role::Desk] {
        for action in [Action::JoinWaitlist, Action::ReadWaitlist, Action::LeaveWaitlist] {
            assert_eq!(decide(&staff(role), action, &entry), ALLOWED_AS(Grant::Role(role)), "{action:?}");
            assert_eq!(decide(&staff(role), action, &elsewhere), FOREIGN, "{action:?}");
        }
        assert_eq!(decide(&staff(role), Action::AnswerOffer, &entry), FOREIGN);
        assert_eq!(decide(&staff(role), Action::JoinWaitlist, &patient_at(None, false)), FOREIGN);
    }
    // A doctor sees who waits for her, not who waits for another, and moves nobody.
    let doctor = staff(Role::Doctor);
    assert_eq!(decide(&doctor, Action::ReadWaitlist, &entry), ALLOWED_AS(Grant::OwnDoctor));
    assert_eq!(decide(&doctor, Action::ReadWaitlist, &of_another), FOREIGN);
    assert_eq!(decide(&doctor, Action::ReadWaitlist, &elsewhere), FOREIGN);
    for action in [Action::JoinWaitlist, Action::LeaveWaitlist, Action::AnswerOffer] {
        assert_eq!(decide(&doctor, action, &entry), FOREIGN, "{action:?}");
    }
    let me = account(&[PATIENT], None);
    for action in [Action::JoinWaitlist, Action::ReadWaitlist, Action::LeaveWaitlist, Action::AnswerOffer] {
        assert_eq!(decide(&me, action, &entry), ALLOWED_AS(Grant::OwnPatient), "{action:?}");
        assert_eq!(decide(&me, action, &visit(HERE, OTHER_PATIENT)), FOREIGN, "{action:?}");
    }
}

#[test]
fn a_proof_has_the_instant_at_which_it_was_given() {
    let at = jiff::Timestamp::UNIX_EPOCH;
    assert_eq!((Call::anonymous().proven_at, Call::anonymous().proven(at).proven_at), (None, Some(at)));
}
