//! Confirming, forgetting and changing, on both engines: who gets which letter, and what its link is good for.
//!
//! How letters travel is tested in `mail`.

use crate::{
    family,
    world::{PASSWORD, World, act_as, booking, entry, on_both_engines, registration},
};
use domain::{
    Actor, Call, Error,
    access::Role,
    accounts::{AcceptInvitation, InviteMember, SignIn},
    credentials::{
        ChangeEmail, ChangePassword, ForgotPassword, Link, LinkPurpose, ResendVerification, ResetPassword,
        UndoEmail, VerifyEmail,
    },
    family::Permission,
    sign_ins::IssueTokens,
};

const OTHER: &str = "four green kingfishers";

async fn signs_in(world: &World, email: &str, password: &str) -> Option<domain::access::Principal> {
    let command = SignIn { email: email.into(), password: password.into() };
    world.services.accounts.sign_in(command, "").await.ok().map(|step| entry(step).principal)
}

pub(crate) async fn verify(
    world: &World,
    call: &Call,
    token: &str,
    password: &str,
) -> domain::Result<domain::access::Principal> {
    let command = VerifyEmail { token: token.into(), password: password.into() };
    world.services.credentials.verify_email(call, command).await
}

async fn reset(world: &World, token: &str, password: &str) -> domain::Result<()> {
    let command = ResetPassword { token: token.into(), password: password.into() };
    world.services.credentials.reset_password(command, "").await.map(drop)
}

async fn forgot(world: &World, email: &str) -> String {
    world.services.credentials.forgot_password(ForgotPassword { email: email.into() }).await.unwrap();
    world.letters(&email.to_lowercase()).await.pop().unwrap().token()
}

/// Signed in by token, so that one can see whether it ends.
pub(crate) async fn holder(world: &World, email: &str, password: &str) -> (Call, String) {
    let command = IssueTokens { email: email.into(), password: password.into(), code: None };
    let tokens = world.services.sign_ins.issue(command, "test").await.unwrap();
    let holder = world.services.sign_ins.holder(&tokens.access_token).await.unwrap().unwrap();
    let call = Call { sign_in: Some(holder.sign_in), ..Call::by(Actor::Account(Box::new(holder.principal))) };
    (call, tokens.access_token)
}

async fn works(world: &World, token: &str) -> bool {
    world.services.sign_ins.holder(token).await.unwrap().is_some()
}

on_both_engines! {
    async fn a_link_that_was_used_stays_used_when_its_letter_comes_again(world: World) {
        world.patient("ada@x.example").await;
        let asked = |world: World| async move {
            world.forget_that_it_left(r#"{"topic":"forgot","email":"ada@x.example"}"#).await;
            let letters = world.letters("ada@x.example").await;
            let letter = letters.into_iter().find(|letter| letter.text.contains("http")).unwrap();
            (letter.token(), world)
        };
        let token = forgot(&world, "ada@x.example").await;
        let (again, world) = asked(world).await;
        assert_eq!(token, again, "one letter has one link");
        reset(&world, &token, OTHER).await.unwrap();
        let (again, world) = asked(world).await;
        assert_eq!(token, again);
        let link = world.services.credentials.link(&Call::anonymous(), LinkPurpose::Reset, &again).await;
        assert_eq!(link.err(), Some(Error::NotFound));
        assert_eq!(reset(&world, &again, PASSWORD).await, Err(Error::NotFound));
        assert!(signs_in(&world, "ada@x.example", OTHER).await.is_some());
    }

    async fn who_has_not_confirmed_may_look_but_not_book(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let ada = world.newcomer("ada@x.example").await;
        assert!(signs_in(&world, "ada@x.example", PASSWORD).await.is_some_and(|found| !found.verified));
        let wish = booking(&doctor, &visit_type, "2026-11-24T10:00");
        let book = async |call: &Call| world.services.appointments.book(call, wish.clone()).await;
        assert_eq!(book(&ada).await.err(), Some(Error::EmailUnverified));
        let token = world.letters("ada@x.example").await.pop().unwrap().token();
        let ada = Call::by(Actor::Account(Box::new(verify(&world, &ada, &token, "").await.unwrap())));
        assert!(book(&ada).await.is_ok());
        world.healthy().await;
    }

    async fn staff_book_for_patients_without_having_confirmed(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let patient = world.patient("p@x.example").await;
        let wish = booking(&doctor, &visit_type, "2026-11-24T10:00");
        world.services.appointments.book(&patient, wish).await.unwrap();
        let desk = world.member(&admin, hospital.id, "desk@x.example", Role::Desk, None).await;
        assert!(!desk.actor.principal().unwrap().verified);
        let mut wish = booking(&doctor, &visit_type, "2026-11-24T11:00");
        wish.patient_id = patient.actor.principal().unwrap().patients.first().copied();
        assert!(world.services.appointments.book(&desk, wish).await.is_ok());
        // The new account is asked to confirm; the invitation was accepted before its letter left, so that one is not sent.
        let subjects: Vec<String> = world.letters("desk@x.example").await.into_iter().map(|letter| letter.subject).collect();
        assert_eq!(subjects, ["Please confirm your e-mail address"]);
    }

    async fn signing_up_answers_alike_and_only_the_owner_learns_more(world: World) {
        world.patient("ada@x.example").await;
        let accounts = &world.services.accounts;
        let known = accounts.register_patient(&Call::anonymous(), registration("ada@x.example")).await.unwrap();
        let unknown = accounts.register_patient(&Call::anonymous(), registration("bob@x.example")).await.unwrap();
        for made in [&known, &unknown] {
            let principal = accounts.principal(made.account_id).await.unwrap().unwrap();
            assert_eq!((principal.verified, &principal.patients[..]), (false, &[made.patient_id][..]));
        }
        let (to_ada, to_bob) = (world.letters("ada@x.example").await, world.letters("bob@x.example").await);
        assert_eq!((to_ada.len(), to_bob.len()), (1, 1));
        assert_eq!(to_ada[0].subject, "You already have an account");
        assert_eq!(to_ada[0].link(), "https://care.example/sign-in");
        assert_eq!(to_bob[0].subject, "Please confirm your e-mail address");
    }

    async fn two_passwords_are_checked_whoever_is_asked_for(world: World) {
        world.patient("ada@x.example").await;
        world.newcomer("ada@x.example").await;
        world.newcomer("bob@x.example").await;
        let cases = [
            ("ada@x.example", "certainly not this"),
            ("bob@x.example", "certainly not this"),
            ("bob@x.example", PASSWORD),
            ("nobody@x.example", PASSWORD),
            ("no address", PASSWORD),
        ];
        for (email, password) in cases {
            let before = world.house.password_checks();
            signs_in(&world, email, password).await;
            assert_eq!(world.house.password_checks() - before, 2, "{email}");
        }
        // Whoever has confirmed the address comes first; the newest of the others comes second.
        assert!(signs_in(&world, "ada@x.example", PASSWORD).await.unwrap().verified);
    }

    async fn a_squatter_gains_nothing(world: World) {
        let mut squat = registration("ada@x.example");
        squat.password = OTHER.into();
        let squatter = world.services.accounts.register_patient(&Call::anonymous(), squat).await.unwrap();
        let squatter = act_as(&world.services, squatter.account_id).await;
        // The owner gets a mail that she did not ask for, and opens it: without the password nothing happens.
        let token = world.letters("ada@x.example").await.pop().unwrap().token();
        assert_eq!(verify(&world, &Call::anonymous(), &token, PASSWORD).await, Err(Error::invalid("password", "password_not_this")));
        // Later she makes her own account and confirms it.
        let ada = world.patient("ada@x.example").await;
        assert_eq!(signs_in(&world, "ada@x.example", PASSWORD).await.map(|p| p.account_id), ada.actor.account_id());
        // The squatter's link has ended, and no other comes.
        assert_eq!(verify(&world, &squatter, &token, "").await, Err(Error::NotFound));
        let resend = ResendVerification { next: String::new() };
        world.services.credentials.resend_verification(&squatter, resend).await.unwrap();
        assert_eq!(world.letters("ada@x.example").await.pop().unwrap().subject, "You already have an account");
        // A new password of hers changes nothing for him, and none of his for her.
        let token = forgot(&world, "ada@x.example").await;
        reset(&world, &token, "five yellow wagtails").await.unwrap();
        assert!(signs_in(&world, "ada@x.example", OTHER).await.is_some_and(|found| !found.verified));
        assert!(signs_in(&world, "ada@x.example", "five yellow wagtails").await.is_some_and(|found| found.verified));
    }

    async fn a_link_works_once_for_one_thing_and_for_a_while(world: World) {
        let ada = world.newcomer("ada@x.example").await;
        let token = world.letters("ada@x.example").await.pop().unwrap().token();
        let look = async |call: &Call, purpose, token: &str| world.services.credentials.link(call, purpose, token).await;
        // A scanner may read it as often as it likes.
        for _ in 0..3 {
            let link = Link { email: "ada@x.example".into(), own: false, next: String::new() };
            assert_eq!(look(&Call::anonymous(), LinkPurpose::Confirm, &token).await, Ok(link));
        }
        assert!(look(&ada, LinkPurpose::Confirm, &token).await.unwrap().own);
        for wrong in [LinkPurpose::Reset, LinkPurpose::Undo] {
            assert_eq!(look(&ada, wrong, &token).await, Err(Error::NotFound));
        }
        assert_eq!(reset(&world, &token, OTHER).await, Err(Error::NotFound));
        assert_eq!(look(&ada, LinkPurpose::Confirm, "something").await, Err(Error::NotFound));
        world.clock.advance_minutes(24 * 60 + 1);
        assert_eq!(verify(&world, &ada, &token, "").await, Err(Error::NotFound));
        // Another mail brings a link that works, once.
        world.services.credentials.resend_verification(&ada, ResendVerification { next: "/doctors".into() }).await.unwrap();
        let token = world.letters("ada@x.example").await.pop().unwrap().token();
        assert_eq!(look(&ada, LinkPurpose::Confirm, &token).await.unwrap().next, "/doctors");
        assert!(verify(&world, &Call::anonymous(), &token, PASSWORD).await.unwrap().verified);
        assert_eq!(verify(&world, &ada, &token, PASSWORD).await, Err(Error::NotFound));
    }

    async fn of_two_who_confirm_one_address_one_does(world: World) {
        let (one, other) = (world.newcomer("ada@x.example").await, world.newcomer("ada@x.example").await);
        let tokens: Vec<String> = world.letters("ada@x.example").await.iter().map(crate::letters::Letter::token).collect();
        let mut tries = Vec::new();
        for call in [&one, &other] {
            for token in &tokens {
                let (call, token) = (call.clone(), token.clone());
                let credentials = world.services.credentials.clone();
                tries.push(tokio::spawn(async move {
                    credentials.verify_email(&call, VerifyEmail { token, password: String::new() }).await.is_ok()
                }));
            }
        }
        let mut confirmed = 0;
        for attempt in tries {
            confirmed += usize::from(attempt.await.unwrap());
        }
        assert_eq!(confirmed, 1);
        world.healthy().await;
    }

    async fn a_forgotten_password_is_replaced_and_everybody_else_is_out(world: World) {
        let ada = world.patient("ada@x.example").await;
        let (_, bearer) = holder(&world, "ada@x.example", PASSWORD).await;
        world.house.sessions.create([9; 32], ada.actor.account_id(), "{}".into(), None).await.unwrap();
        let (first, token) = (forgot(&world, "ada@x.example").await, forgot(&world, "ADA@x.example").await);
        assert_eq!(reset(&world, &token, "short").await, Err(Error::invalid("password", "password_too_short")));
        assert_eq!(reset(&world, &token, "Patient-Example-1951").await, Err(Error::invalid("password", "password_personal")));
        reset(&world, &token, OTHER).await.unwrap();
        assert!(signs_in(&world, "ada@x.example", PASSWORD).await.is_none());
        assert!(signs_in(&world, "ada@x.example", OTHER).await.is_some());
        assert!(!works(&world, &bearer).await);
        assert!(world.house.sessions.load([9; 32]).await.unwrap().is_none());
        for used in [first, token] {
            assert_eq!(reset(&world, &used, PASSWORD).await, Err(Error::NotFound));
        }
        assert_eq!(world.letters("ada@x.example").await.pop().unwrap().subject, "Your password was changed");
    }

    async fn a_link_to_a_new_password_has_half_an_hour(world: World) {
        world.patient("ada@x.example").await;
        let token = forgot(&world, "ada@x.example").await;
        world.clock.advance_minutes(31);
        assert_eq!(reset(&world, &token, OTHER).await, Err(Error::NotFound));
    }

    async fn nobody_keeps_an_owner_from_a_new_password_by_asking_for_it(world: World) {
        world.patient("ada@x.example").await;
        let credentials = &world.services.credentials;
        let (mut newest, mut came) = (String::new(), 0);
        for _ in 0..36 {
            // Somebody else asks as often as she can, and the owner once more.
            for _ in 0..6 {
                credentials.forgot_password(ForgotPassword { email: "ada@x.example".into() }).await.unwrap();
            }
            let letters = world.letters("ada@x.example").await;
            came += letters.len();
            if let Some(letter) = letters.last() {
                newest = letter.token();
            }
            // She is slow, and the link in the newest letter is good.
            world.clock.advance_minutes(5);
            let link = credentials.link(&Call::anonymous(), LinkPurpose::Reset, &newest).await;
            assert_eq!(link.map(|link| link.email), Ok("ada@x.example".to_owned()));
        }
        assert!(came <= 3 * 7, "{came} letters in three hours");
        assert_eq!(reset(&world, &newest, OTHER).await, Ok(()));
    }

    async fn whoever_has_no_account_is_told_by_mail_alone(world: World) {
        world.newcomer("bob@x.example").await;
        world.letters("bob@x.example").await;
        for email in ["nobody@x.example", "bob@x.example"] {
            world.services.credentials.forgot_password(ForgotPassword { email: email.into() }).await.unwrap();
            let letters = world.letters(email).await;
            assert_eq!(letters[0].subject, "There is no account with this address");
            assert!(letters[0].text.contains(email));
        }
        let refused = world.services.credentials.forgot_password(ForgotPassword { email: "bob".into() }).await;
        assert_eq!(refused, Err(Error::invalid("email", "email_invalid")));
    }

    async fn a_password_is_changed_by_whoever_knows_it(world: World) {
        world.patient("ada@x.example").await;
        let (here, bearer) = holder(&world, "ada@x.example", PASSWORD).await;
        let (_, elsewhere) = holder(&world, "ada@x.example", PASSWORD).await;
        let change = async |current: &str, new: &str, end_others| {
            let command = ChangePassword { current_password: current.into(), new_password: new.into(), end_others };
            let here = Call { sign_in: here.sign_in, ..family::again(&world, &here).await };
            world.services.credentials.change_password(&here, command).await
        };
        // Who was read before a change of somebody's changes nothing after it.
        let late = here.clone();
        assert_eq!(change("certainly not this", OTHER, true).await, Err(Error::invalid("current_password", "password_wrong")));
        assert_eq!(change(PASSWORD, "passwordpassword", true).await, Err(Error::invalid("new_password", "password_common")));
        change(PASSWORD, OTHER, false).await.unwrap();
        assert!(works(&world, &elsewhere).await);
        let command = ChangePassword { current_password: OTHER.into(), new_password: "six small red hens".into(), end_others: true };
        assert_eq!(world.services.credentials.change_password(&late, command).await, Err(Error::Unauthenticated));
        change(OTHER, PASSWORD, true).await.unwrap();
        assert!(works(&world, &bearer).await && !works(&world, &elsewhere).await);
        assert_eq!(world.letters("ada@x.example").await.len(), 2);
    }

    async fn an_address_is_changed_when_the_new_one_is_confirmed_and_can_be_taken_back(world: World) {
        world.patient("ada@x.example").await;
        let (here, bearer) = holder(&world, "ada@x.example", PASSWORD).await;
        let change = async |email: &str, current: &str| {
            let command = ChangeEmail { email: email.into(), password: current.into() };
            world.services.credentials.change_email(&here, command).await
        };
        assert_eq!(change("new@x.example", "not this").await, Err(Error::invalid("password", "password_wrong")));
        assert_eq!(change("ada@x.example", PASSWORD).await, Err(Error::invalid("email", "email_same")));
        change("new@x.example", PASSWORD).await.unwrap();
        let token = world.letters("new@x.example").await.pop().unwrap().token();
        assert!(signs_in(&world, "new@x.example", PASSWORD).await.is_none(), "not before it is confirmed");
        let noted = world.noted(here.actor.account_id(), "manage_credentials").await;
        let changed = verify(&world, &Call::anonymous(), &token, PASSWORD).await.unwrap();
        assert_eq!(world.noted(here.actor.account_id(), "manage_credentials").await, noted + 1, "by the link");
        assert_eq!((changed.email.as_str(), changed.verified), ("new@x.example", true));
        assert!(signs_in(&world, "ada@x.example", PASSWORD).await.is_none());
        let notice = world.letters("ada@x.example").await.pop().unwrap();
        assert_eq!(notice.subject, "Your e-mail address was changed");
        assert!(!notice.raw.contains("new@x.example"));
        // Whoever took the address lets an account of her own see the record, and sets up a second factor of her own.
        world.clock.advance_minutes(1);
        let (thief, helper) = (holder(&world, "new@x.example", PASSWORD).await.0, world.patient("helper@x.example").await);
        let helper = family::helped(&world, &thief, &helper, &Permission::ALL).await;
        assert_eq!(helper.actor.principal().unwrap().acting.len(), 1);
        let families = &world.services.families;
        let asked = families.offer(&thief, family::own_patient(&thief), family::help("more@x.example", &Permission::ALL)).await.unwrap();
        crate::second_factors::turn_on(&world, &thief).await;
        world.clock.advance_minutes(60);
        let undo = async |token: &str| world.services.credentials.undo_email(UndoEmail { token: token.into() }).await;
        // The mail about it is hers, too, and takes nothing from the owner's.
        let reply = world.letters("new@x.example").await.into_iter().find(|letter| letter.subject == "Signing in now asks for a code").unwrap();
        undo(&reply.token()).await.unwrap();
        world.clock.advance_minutes(70 * 60);
        undo(&notice.token()).await.unwrap();
        assert!(!works(&world, &bearer).await);
        assert!(family::again(&world, &helper).await.actor.principal().unwrap().acting.is_empty());
        let more = world.patient("more@x.example").await;
        assert_eq!(families.offered(&more, asked.id).await.err(), Some(Error::NotFound));
        assert_eq!(undo(&notice.token()).await, Err(Error::NotFound));
        let token = world.letters("ada@x.example").await.pop().unwrap().token();
        reset(&world, &token, OTHER).await.unwrap();
        assert!(signs_in(&world, "ada@x.example", OTHER).await.is_some_and(|found| found.verified), "no code is asked for");
    }

    async fn an_address_that_somebody_has_is_not_told(world: World) {
        world.patient("ada@x.example").await;
        world.patient("bob@x.example").await;
        let (bob, _) = holder(&world, "bob@x.example", PASSWORD).await;
        let command = ChangeEmail { email: "ada@x.example".into(), password: PASSWORD.into() };
        world.services.credentials.change_email(&bob, command).await.unwrap();
        assert_eq!(world.letters("ada@x.example").await.pop().unwrap().subject, "You already have an account");
        // Nor is the link any good once somebody has confirmed the address in the meantime.
        let command = ChangeEmail { email: "eve@x.example".into(), password: PASSWORD.into() };
        world.services.credentials.change_email(&bob, command).await.unwrap();
        let token = world.letters("eve@x.example").await.pop().unwrap().token();
        world.patient("eve@x.example").await;
        assert_eq!(verify(&world, &bob, &token, "").await, Err(Error::NotFound));
    }

    async fn what_nobody_confirmed_goes_after_a_week(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let bob = world.newcomer("bob@x.example").await;
        let (_, bearer) = holder(&world, "bob@x.example", PASSWORD).await;
        let ada = world.patient("ada@x.example").await;
        let desk = world.member(&admin, hospital.id, "desk@x.example", Role::Desk, None).await;
        let there = async |call: &Call| world.services.accounts.principal(call.actor.account_id().unwrap()).await.unwrap().is_some();
        world.clock.advance_minutes(7 * 24 * 60 - 1);
        world.house.sweep().await.unwrap();
        assert!(there(&bob).await);
        world.clock.advance_minutes(2);
        world.house.sweep().await.unwrap();
        assert!(!there(&bob).await && there(&ada).await && there(&desk).await && there(&admin).await);
        assert!(!works(&world, &bearer).await);
        world.healthy().await;
    }

    async fn an_invitation_comes_by_mail_and_counts_a_claimed_address_as_free(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        world.newcomer("mia@x.example").await;
        world.letters("mia@x.example").await;
        let command = InviteMember { hospital_id: hospital.id, email: "mia@x.example".into(), role: Role::Desk, doctor_id: None };
        let shown = world.services.accounts.invite(&admin, command).await.unwrap().token.unwrap();
        let letter = world.letters("mia@x.example").await.pop().unwrap();
        assert_eq!((letter.subject.as_str(), letter.token()), ("Lindenhof invites you to CareSync", shown.clone()));
        assert!(!world.services.accounts.invitation(&shown).await.unwrap().has_account);
        let accept = AcceptInvitation { token: shown, full_name: "Mia".into(), password: "Lindenhof-2026!!".into() };
        let refused = world.services.accounts.accept_invitation(&Call::anonymous(), accept).await;
        assert_eq!(refused.err(), Some(Error::invalid("password", "password_personal")));
    }
}
