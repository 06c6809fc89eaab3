//! What actions, grants, denials, facts and calls are called, and what they say of themselves.

use std::collections::BTreeSet;

use super::*;

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
    assert_eq!(Role::ALL.map(Role::code), ["desk", "doctor", "hospital_admin"]);
    for role in Role::ALL {
        assert_eq!(Role::parse(role.code()), Ok(role));
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
    let asked = Principal { platform_held_back: true, ..nobody() };
    assert!(asked.is_employed() && !asked.is_staff());
    assert!(staff.is_employed() && waits.is_employed() && !waits.is_staff() && !nobody().is_employed());
}

#[test]
fn a_proof_has_the_instant_at_which_it_was_given() {
    let at = jiff::Timestamp::UNIX_EPOCH;
    assert_eq!((Call::anonymous().proven_at, Call::anonymous().proven(at).proven_at), (None, Some(at)));
}
