//! An account that its owner takes back from somebody who knew the password: nothing that was done with it meanwhile lets her in again.
//!
//! How an address is changed and taken back at all is in `credentials`.

use crate::{
    credentials::{holder, verify},
    family::{account, again, child, help, helped, own_patient, yes},
    world::{PASSWORD, World, on_both_engines},
};
use domain::{
    Call, Error,
    access::Role,
    accounts::{AcceptInvitation, InviteMember, MemberState, StaffPolicy},
    credentials::{ChangeEmail, UndoEmail},
    family::{OfferHelp, Permission, Permissions, Relation, Terms},
};

const DAY: i64 = 24 * 60;

async fn ask_for(world: &World, call: &Call, email: &str) -> String {
    let command = ChangeEmail { email: email.into(), password: PASSWORD.into() };
    world.services.credentials.change_email(call, command).await.unwrap();
    world.letters(email).await.pop().unwrap().token()
}

async fn undo(world: &World, token: &str) -> domain::Result<()> {
    world.services.credentials.undo_email(UndoEmail { token: token.into() }).await
}

/// The links that letters of a subject carry to an address.
async fn links(world: &World, email: &str, subject: &str) -> Vec<String> {
    let letters = world.letters(email).await.into_iter();
    letters.filter(|letter| letter.subject == subject).map(|letter| letter.token()).collect()
}

const CHANGED: &str = "Your e-mail address was changed";
const CODE: &str = "Signing in now asks for a code";

on_both_engines! {
    async fn a_letter_goes_to_whoever_had_the_address_then(world: World) {
        world.patient("ada@x.example").await;
        let (thief, _) = holder(&world, "ada@x.example", PASSWORD).await;
        let token = ask_for(&world, &thief, "evil@x.example").await;
        // The letter about the code is written before the change and sent after it.
        crate::second_factors::turn_on(&world, &thief).await;
        verify(&world, &thief, &token, PASSWORD).await.unwrap();
        assert!(links(&world, "evil@x.example", CODE).await.is_empty(), "no link to the account for her");
        let letters = world.letters("ada@x.example").await;
        let [code, changed] = [CODE, CHANGED].map(|subject| letters.iter().find(|one| one.subject == subject).unwrap());
        undo(&world, &changed.token()).await.unwrap();
        // The older one is the owner's as well.
        undo(&world, &code.token()).await.unwrap();
        world.healthy().await;
    }

    async fn who_changed_it_twice_has_no_older_link_than_its_owner(world: World) {
        world.patient("ada@x.example").await;
        let (thief, _) = holder(&world, "ada@x.example", PASSWORD).await;
        for address in ["evil@x.example", "worse@x.example"] {
            let token = ask_for(&world, &thief, address).await;
            verify(&world, &again(&world, &thief).await, &token, PASSWORD).await.unwrap();
            world.clock.advance_minutes(10);
        }
        undo(&world, &links(&world, "evil@x.example", CHANGED).await[0]).await.unwrap();
        let owners = links(&world, "ada@x.example", CHANGED).await;
        undo(&world, &owners[0]).await.unwrap();
        assert_eq!(undo(&world, &owners[0]).await, Err(Error::NotFound));
        let ada = again(&world, &thief).await;
        assert_eq!(ada.actor.principal().unwrap().email, "ada@x.example");
    }

    async fn nobody_keeps_what_she_was_given_or_took(world: World) {
        let families = &world.services.families;
        let (owner, carer) = (world.patient("ada@x.example").await, world.patient("carer@x.example").await);
        let (owner, mia) = child(&world, &owner, 3, 0).await;
        let carer = helped(&world, &owner, &carer, &[Permission::Book]).await;
        world.clock.advance_minutes(40 * DAY);
        let (thief, _) = holder(&world, "ada@x.example", PASSWORD).await;
        // Whoever helped already may do more, a stranger has a child in her hands, and the owner's own part has ended.
        let more = Terms { permissions: Permission::ALL.into_iter().collect(), from: None, until: None };
        families.change(&thief, own_patient(&owner), account(&carer), more).await.unwrap();
        let stranger = world.patient("evil@x.example").await;
        let offer = OfferHelp { relation: Relation::Parent, ..help("evil@x.example", &Permission::ALL) };
        let offer = families.offer(&thief, mia, offer).await.unwrap();
        families.answer(&stranger, offer.id, yes()).await.unwrap();
        families.end(&thief, mia, account(&owner)).await.unwrap();
        let token = ask_for(&world, &thief, "other@x.example").await;
        verify(&world, &again(&world, &thief).await, &token, PASSWORD).await.unwrap();
        undo(&world, &links(&world, "ada@x.example", CHANGED).await[0]).await.unwrap();
        for gone in [&carer, &stranger] {
            assert!(again(&world, gone).await.actor.principal().unwrap().acting.is_empty());
        }
        let acting = again(&world, &owner).await.actor.principal().unwrap().acting.clone();
        assert_eq!(acting.iter().map(|one| (one.patient_id, one.permissions)).collect::<Vec<_>>(), [(mia, Permissions::ALL)]);
        world.healthy().await;
    }

    async fn who_was_let_in_and_left_does_not_come_back_by_a_letter_of_her_own(world: World) {
        let families = &world.services.families;
        let (owner, helper) = (world.patient("ada@x.example").await, world.patient("evil@x.example").await);
        let helper = helped(&world, &owner, &helper, &Permission::ALL).await;
        families.end(&helper, own_patient(&owner), account(&helper)).await.unwrap();
        world.letters("evil@x.example").await;
        crate::second_factors::turn_on(&world, &again(&world, &helper).await).await;
        undo(&world, &links(&world, "evil@x.example", CODE).await[0]).await.unwrap();
        assert!(again(&world, &helper).await.actor.principal().unwrap().acting.is_empty());
    }

    async fn a_letter_that_waited_is_worth_nothing_after(world: World) {
        world.patient("ada@x.example").await;
        let (thief, _) = holder(&world, "ada@x.example", PASSWORD).await;
        let token = ask_for(&world, &thief, "evil@x.example").await;
        verify(&world, &thief, &token, PASSWORD).await.unwrap();
        let owners = links(&world, "ada@x.example", CHANGED).await;
        world.clock.advance_minutes(1);
        // It is written while the account has her address, and sent when it has not.
        crate::second_factors::turn_on(&world, &again(&world, &thief).await).await;
        undo(&world, &owners[0]).await.unwrap();
        assert!(links(&world, "evil@x.example", CODE).await.is_empty());
    }

    async fn an_invitation_of_hers_ends_with_it(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let email = admin.actor.principal().unwrap().email.clone();
        let confirm = world.letters(&email).await.pop().unwrap().token();
        verify(&world, &admin, &confirm, PASSWORD).await.unwrap();
        let (thief, _) = holder(&world, &email, PASSWORD).await;
        let command = InviteMember { hospital_id: hospital.id, email: "evil@x.example".into(), role: Role::Desk, doctor_id: None };
        let link = world.services.accounts.invite(&thief, command).await.unwrap().token.unwrap();
        assert!(world.services.accounts.invitation(&link).await.is_ok());
        let token = ask_for(&world, &thief, "other@x.example").await;
        verify(&world, &again(&world, &thief).await, &token, PASSWORD).await.unwrap();
        undo(&world, &links(&world, &email, CHANGED).await[0]).await.unwrap();
        assert!(world.services.accounts.invitation(&link).await.is_err());
    }

    async fn an_invitation_to_the_address_it_had_meanwhile_ends_and_one_to_the_owners_stands(world: World) {
        let accounts = &world.services.accounts;
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        world.patient("ada@x.example").await;
        let (thief, _) = holder(&world, "ada@x.example", PASSWORD).await;
        let token = ask_for(&world, &thief, "evil@x.example").await;
        verify(&world, &thief, &token, PASSWORD).await.unwrap();
        let invite = async |email: &str| {
            let command = InviteMember { hospital_id: hospital.id, email: email.into(), role: Role::Desk, doctor_id: None };
            accounts.invite(&admin, command).await.unwrap().token.unwrap()
        };
        // The hospital takes it for the owner's new address.
        let (evil, owners) = (invite("evil@x.example").await, invite("ada@x.example").await);
        let letters = world.letters("ada@x.example").await;
        let changed = letters.iter().find(|letter| letter.subject == CHANGED).unwrap();
        undo(&world, &changed.token()).await.unwrap();
        let accept = AcceptInvitation { token: evil, full_name: "Eve".into(), password: PASSWORD.into() };
        let joins = accounts.accept_invitation(&Call::anonymous(), accept).await;
        assert_eq!(joins.err(), Some(Error::NotFound));
        assert!(accounts.invitation(&owners).await.is_ok());
        world.healthy().await;
    }

    async fn an_account_that_keeps_its_address_keeps_the_invitations_to_it(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let ada = world.patient("ada@x.example").await;
        crate::second_factors::turn_on(&world, &ada).await;
        let code = links(&world, "ada@x.example", CODE).await;
        let command = InviteMember { hospital_id: hospital.id, email: "ada@x.example".into(), role: Role::Desk, doctor_id: None };
        let link = world.services.accounts.invite(&admin, command).await.unwrap().token.unwrap();
        undo(&world, &code[0]).await.unwrap();
        assert!(world.services.accounts.invitation(&link).await.is_ok());
        world.healthy().await;
    }

    async fn who_looks_after_a_hospital_hears_of_it_and_sees_who_let_whom_in(world: World) {
        let accounts = &world.services.accounts;
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let email = admin.actor.principal().unwrap().email.clone();
        let confirm = world.letters(&email).await.pop().unwrap().token();
        verify(&world, &admin, &confirm, PASSWORD).await.unwrap();
        let colleague = world.member(&admin, hospital.id, "second@x.example", Role::HospitalAdmin, None).await;
        let confirm = world.letters("second@x.example").await.pop().unwrap().token();
        verify(&world, &colleague, &confirm, PASSWORD).await.unwrap();
        let (thief, _) = holder(&world, &email, PASSWORD).await;
        let evil = world.member(&thief, hospital.id, "evil@x.example", Role::Desk, None).await;
        let now = crate::world::beginning();
        let token = ask_for(&world, &thief, "other@x.example").await;
        verify(&world, &again(&world, &thief).await, &token, PASSWORD).await.unwrap();
        undo(&world, &links(&world, &email, CHANGED).await[0]).await.unwrap();
        for address in ["second@x.example", email.as_str()] {
            let letters = world.letters(address).await;
            let letter = letters.iter().find(|letter| letter.subject == "Please look at the list of members").unwrap();
            assert!(letter.text.contains("Lindenhof") && letter.text.contains(&format!("/hospital/{}/members", hospital.id)), "{}", letter.text);
        }
        let members = accounts.members(&colleague, hospital.id).await.unwrap().members;
        let found = members.iter().find(|member| member.email == "evil@x.example").unwrap();
        assert_eq!((found.let_in_by.as_deref(), found.let_in_at), (Some(email.as_str()), Some(now)));
        // Whoever lets in again is named from then on.
        let seat = evil.actor.principal().unwrap().memberships[0].id;
        world.clock.advance_minutes(5);
        accounts.set_member_state(&colleague, hospital.id, seat, MemberState::Suspended).await.unwrap();
        let members = accounts.set_member_state(&colleague, hospital.id, seat, MemberState::Active).await.unwrap().members;
        let found = members.iter().find(|member| member.email == "evil@x.example").unwrap();
        let later = now + jiff::SignedDuration::from_mins(5);
        assert_eq!((found.let_in_by.as_deref(), found.let_in_at), (Some("second@x.example"), Some(later)));
        world.healthy().await;
    }

    async fn who_was_suspended_meanwhile_lets_nobody_in(world: World) {
        let accounts = &world.services.accounts;
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let second = world.member(&admin, hospital.id, "second@x.example", Role::HospitalAdmin, None).await;
        let desk = world.member(&admin, hospital.id, "desk@x.example", Role::Desk, None).await;
        let seat = |call: &Call| call.actor.principal().unwrap().memberships[0].id;
        accounts.set_member_state(&admin, hospital.id, seat(&desk), MemberState::Suspended).await.unwrap();
        accounts.set_member_state(&admin, hospital.id, seat(&second), MemberState::Suspended).await.unwrap();
        // Her request was let in before that.
        let late = accounts.set_member_state(&second, hospital.id, seat(&desk), MemberState::Active).await;
        assert_eq!(late.err(), Some(Error::NotFound));
        let policy = StaffPolicy { second_factor: true };
        let late = accounts.set_staff_policy(&second, hospital.id, policy).await;
        assert_eq!(late.err(), Some(Error::NotFound));
        let own = InviteMember { hospital_id: hospital.id, email: admin.actor.principal().unwrap().email.clone(), role: Role::Desk, doctor_id: None };
        assert_eq!(accounts.invite(&admin, own).await.err(), Some(Error::invalid("email", "email_own")));
        assert!(again(&world, &desk).await.actor.principal().unwrap().memberships.is_empty());
    }

    async fn who_was_let_in_by_who_was_let_in_goes_too(world: World) {
        let families = &world.services.families;
        let owner = world.patient("ada@x.example").await;
        let (owner, mia) = child(&world, &owner, 3, 0).await;
        let carer = world.patient("carer@x.example").await;
        let offer = families.offer(&owner, mia, OfferHelp { relation: Relation::Carer, ..help("carer@x.example", &[Permission::Book]) }).await.unwrap();
        families.answer(&carer, offer.id, yes()).await.unwrap();
        let nurse = world.patient("nurse@x.example").await;
        let offer = families.offer(&owner, mia, OfferHelp { relation: Relation::Carer, ..help("nurse@x.example", &[Permission::Book]) }).await.unwrap();
        families.answer(&nurse, offer.id, yes()).await.unwrap();
        world.clock.advance_minutes(40 * DAY);
        let (thief, _) = holder(&world, "ada@x.example", PASSWORD).await;
        let parent = |email: &str| OfferHelp { relation: Relation::Parent, ..help(email, &Permission::ALL) };
        let (evil, worse) = (world.patient("evil@x.example").await, world.patient("worse@x.example").await);
        let offer = families.offer(&thief, mia, parent("evil@x.example")).await.unwrap();
        families.answer(&evil, offer.id, yes()).await.unwrap();
        families.end(&thief, mia, account(&owner)).await.unwrap();
        let evil = again(&world, &evil).await;
        let offer = families.offer(&evil, mia, parent("worse@x.example")).await.unwrap();
        families.answer(&worse, offer.id, yes()).await.unwrap();
        // What she raises with the part that was handed to her goes as well.
        let more = Terms { permissions: [Permission::Book, Permission::Pay].into_iter().collect(), from: None, until: None };
        families.change(&evil, mia, account(&carer), more).await.unwrap();
        families.end(&evil, mia, account(&evil)).await.unwrap();
        let token = ask_for(&world, &thief, "other@x.example").await;
        verify(&world, &again(&world, &thief).await, &token, PASSWORD).await.unwrap();
        undo(&world, &links(&world, "ada@x.example", CHANGED).await[0]).await.unwrap();
        let acting = async |call: &Call| again(&world, call).await.actor.principal().unwrap().acting.len();
        assert_eq!((acting(&evil).await, acting(&worse).await, acting(&carer).await), (0, 0, 0));
        // The nurse is hers to change again, as she was before.
        assert_eq!(acting(&nurse).await, 1);
        families.end(&again(&world, &owner).await, mia, account(&nurse)).await.unwrap();
        assert_eq!(acting(&nurse).await, 0);
        // Whoever was let in, and has left, does not bring herself back by a letter of her own.
        world.letters("evil@x.example").await;
        crate::second_factors::turn_on(&world, &again(&world, &evil).await).await;
        undo(&world, &links(&world, "evil@x.example", CODE).await[0]).await.unwrap();
        assert_eq!(acting(&evil).await, 0);
        world.healthy().await;
    }

    async fn rights_that_were_raised_go_though_another_may_change_them_by_now(world: World) {
        let families = &world.services.families;
        let (owner, carer, other) = (world.patient("ada@x.example").await, world.patient("carer@x.example").await, world.patient("ben@x.example").await);
        let (owner, mia) = child(&world, &owner, 3, 0).await;
        let give = async |email: &str, relation, may: &[Permission], to: &Call| {
            let offer = families.offer(&owner, mia, OfferHelp { relation, ..help(email, may) }).await.unwrap();
            families.answer(to, offer.id, yes()).await.unwrap();
        };
        give("ben@x.example", Relation::Parent, &Permission::ALL, &other).await;
        give("carer@x.example", Relation::Carer, &[Permission::Book], &carer).await;
        world.clock.advance_minutes(40 * DAY);
        let (thief, _) = holder(&world, "ada@x.example", PASSWORD).await;
        let more = Terms { permissions: Permission::ALL.into_iter().collect(), from: None, until: None };
        families.change(&thief, mia, account(&carer), more).await.unwrap();
        families.end(&thief, mia, account(&owner)).await.unwrap();
        let token = ask_for(&world, &thief, "other@x.example").await;
        verify(&world, &again(&world, &thief).await, &token, PASSWORD).await.unwrap();
        undo(&world, &links(&world, "ada@x.example", CHANGED).await[0]).await.unwrap();
        let acting = async |call: &Call| again(&world, call).await.actor.principal().unwrap().acting.len();
        assert_eq!((acting(&carer).await, acting(&other).await, acting(&owner).await), (0, 1, 1));
        world.healthy().await;
    }

    async fn what_was_begun_before_is_not_finished_after(world: World) {
        let owner = world.patient("ada@x.example").await;
        // By a browser, whose session says when the password was given.
        let thief = owner.clone();
        let token = ask_for(&world, &thief, "other@x.example").await;
        verify(&world, &again(&world, &thief).await, &token, PASSWORD).await.unwrap();
        undo(&world, &links(&world, "ada@x.example", CHANGED).await[0]).await.unwrap();
        // Her request had been let in before, with a proof that is a minute old.
        let late = world.services.families.offer(&thief, own_patient(&owner), help("evil@x.example", &Permission::ALL)).await;
        assert_eq!(late.err(), Some(Error::Unauthenticated));
        assert!(world.letters("evil@x.example").await.is_empty());
    }
}
