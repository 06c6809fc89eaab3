//! What each role gives at a hospital, and what it does not.

use super::*;

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

#[test]
fn what_a_role_gives_at_a_hospital() {
    let [desk, doctor, admin] = Role::ALL.map(|role| account(&[], Some(role)));
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
