//! How far anybody reaches: to her own, to her hospital's, and no further.

use super::*;

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
    for role in Role::ALL {
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
fn only_the_patient_sees_who_looked_and_chooses_who_helps() {
    for action in [Action::ReadPatientAudit, Action::AskAboutAccess, Action::ManageHelpers, Action::EndHelp] {
        let me = account(&[PATIENT], None);
        assert_eq!(decide(&me, action, &patient_at(None, false)), ALLOWED_AS(Grant::OwnPatient));
        for role in Role::ALL {
            let staff = account(&[OTHER_PATIENT], Some(role));
            assert_eq!(decide(&staff, action, &patient_at(Some(HERE), true)), FOREIGN);
        }
    }
}
