//! Invitations that are taken back, on both engines: their link is worth nothing from then on, and nobody but the hospital's
//! administrators can do it.
//!
//! How an invitation is accepted is in `house`.

use crate::world::{PASSWORD, World, on_both_engines};
use domain::{
    Call, Error,
    access::Role,
    accounts::{AcceptInvitation, Invitation, InviteMember, MemberState},
    audit::AuditQuery,
    credentials::{ChangeEmail, VerifyEmail},
    ids::{HospitalId, InvitationId},
};

const WRONG: &str = "wrong@x.example";

async fn invited(world: &World, by: &Call, hospital: HospitalId) -> Invitation {
    let command =
        InviteMember { hospital_id: hospital, email: WRONG.into(), role: Role::Desk, doctor_id: None };
    world.services.accounts.invite(by, command).await.unwrap()
}

/// What whoever holds the link sends.
fn yes(invitation: &Invitation) -> AcceptInvitation {
    let token = invitation.token.clone().unwrap();
    AcceptInvitation { token, full_name: "Wendy Wrong".into(), password: PASSWORD.into() }
}

/// Puts another address in the place of the caller's.
async fn gives_up(world: &World, who: &Call, new: &str) {
    let command = ChangeEmail { email: new.into(), password: PASSWORD.into() };
    world.services.credentials.change_email(who, command).await.unwrap();
    let token = world.letters(new).await.pop().unwrap().token();
    let command = VerifyEmail { token, password: String::new() };
    world.services.credentials.verify_email(who, command).await.unwrap();
}

/// How often the hospital's audit says that members were changed.
async fn noted(world: &World, admin: &Call, hospital: HospitalId) -> usize {
    let query = AuditQuery { action: Some("change_members".into()), ..AuditQuery::default() };
    let entries = world.services.audit.search(admin, hospital, query).await.unwrap().items;
    entries.iter().filter(|entry| entry.outcome == "allowed").count()
}

on_both_engines! {
    async fn what_is_taken_back_lets_nobody_in(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let accounts = &world.services.accounts;
        let made = invited(&world, &admin, hospital.id).await;
        assert!(accounts.invitation(&yes(&made).token).await.is_ok());
        assert_eq!(noted(&world, &admin, hospital.id).await, 0);
        accounts.withdraw_invitation(&admin, hospital.id, made.id).await.unwrap();
        assert_eq!(noted(&world, &admin, hospital.id).await, 1);
        assert_eq!(accounts.invitation(&yes(&made).token).await.err(), Some(Error::NotFound));
        assert_eq!(accounts.accept_invitation(&Call::anonymous(), yes(&made)).await.err(), Some(Error::NotFound));
        assert!(accounts.members(&admin, hospital.id).await.unwrap().invitations.is_empty());
        // The letter had not left yet, and does not leave any more.
        assert!(world.letters(WRONG).await.is_empty());
        let owner = world.patient(WRONG).await;
        assert_eq!(accounts.accept_invitation(&owner, yes(&made)).await.err(), Some(Error::NotFound));
        assert_eq!(accounts.withdraw_invitation(&admin, hospital.id, made.id).await, Err(Error::NotFound));
        assert_eq!(noted(&world, &admin, hospital.id).await, 1, "nothing was done the second time");
        // It was the right address after all: a new one is as good as the first was, and the old one stays what it is.
        let again = invited(&world, &admin, hospital.id).await;
        assert_eq!(accounts.accept_invitation(&owner, yes(&made)).await.err(), Some(Error::NotFound));
        assert_eq!(accounts.accept_invitation(&owner, yes(&again)).await.unwrap().memberships.len(), 1);
        world.healthy().await;
    }

    async fn only_an_administrator_of_the_hospital_takes_it_back(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (other, elsewhere) = world.hospital("Riverside", "Europe/Berlin").await;
        let desk = world.member(&admin, hospital.id, "desk@x.example", Role::Desk, None).await;
        let owner = world.patient(WRONG).await;
        let accounts = &world.services.accounts;
        let made = invited(&world, &admin, hospital.id).await;
        let refused = [
            (&desk, Error::Forbidden),
            (&elsewhere, Error::NotFound),
            (&world.platform, Error::NotFound),
            (&owner, Error::NotFound),
            (&Call::anonymous(), Error::Unauthenticated),
        ];
        for (caller, refusal) in refused {
            assert_eq!(accounts.withdraw_invitation(caller, hospital.id, made.id).await, Err(refusal));
        }
        // At her own hospital there is no such invitation.
        assert_eq!(accounts.withdraw_invitation(&elsewhere, other.id, made.id).await, Err(Error::NotFound));
        let nothing = InvitationId(uuid::Uuid::nil());
        assert_eq!(accounts.withdraw_invitation(&admin, hospital.id, nothing).await, Err(Error::NotFound));
        assert!(accounts.invitation(&yes(&made).token).await.is_ok());
        // Whoever has invited need not be there any more.
        let second = world.member(&admin, hospital.id, "second@x.example", Role::HospitalAdmin, None).await;
        accounts.withdraw_invitation(&second, hospital.id, made.id).await.unwrap();
        assert!(accounts.invitation(&yes(&made).token).await.is_err());
        // Her next request was let in before she was suspended.
        let open = invited(&world, &admin, hospital.id).await;
        let seat = second.actor.principal().unwrap().memberships[0].id;
        accounts.set_member_state(&admin, hospital.id, seat, MemberState::Suspended).await.unwrap();
        assert_eq!(accounts.withdraw_invitation(&second, hospital.id, open.id).await, Err(Error::NotFound));
        assert!(accounts.invitation(&yes(&open).token).await.is_ok());
        world.healthy().await;
    }

    async fn what_was_used_or_has_expired_is_as_if_it_were_not_there(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let accounts = &world.services.accounts;
        let used = invited(&world, &admin, hospital.id).await;
        accounts.accept_invitation(&Call::anonymous(), yes(&used)).await.unwrap();
        assert_eq!(accounts.withdraw_invitation(&admin, hospital.id, used.id).await, Err(Error::NotFound));
        assert_eq!(accounts.members(&admin, hospital.id).await.unwrap().members.len(), 2);
        let late = invited(&world, &admin, hospital.id).await;
        world.clock.advance_minutes(7 * 24 * 60);
        assert_eq!(accounts.withdraw_invitation(&admin, hospital.id, late.id).await, Err(Error::NotFound));
        assert_eq!(noted(&world, &admin, hospital.id).await, 0);
    }

    async fn of_taking_it_back_and_accepting_it_one_is_first(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let owner = world.patient(WRONG).await;
        let accounts = &world.services.accounts;
        let made = invited(&world, &admin, hospital.id).await;
        let (accepted, withdrawn) = tokio::join!(
            accounts.accept_invitation(&owner, yes(&made)),
            accounts.withdraw_invitation(&admin, hospital.id, made.id),
        );
        let came = accepted.is_ok();
        assert_ne!(came, withdrawn.is_ok(), "both or neither");
        assert_eq!(accepted.err().or(withdrawn.err()), Some(Error::NotFound));
        let members = accounts.members(&admin, hospital.id).await.unwrap();
        assert_eq!((members.members.len(), members.invitations.len()), (1 + usize::from(came), 0));
        world.healthy().await;
    }

    async fn an_address_that_is_given_up_takes_its_invitations_along(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let owner = world.patient(WRONG).await;
        let made = invited(&world, &admin, hospital.id).await;
        let command = ChangeEmail { email: "other@x.example".into(), password: PASSWORD.into() };
        world.services.credentials.change_email(&owner, command).await.unwrap();
        assert!(world.services.accounts.invitation(&yes(&made).token).await.is_ok(), "nothing has changed yet");
        gives_up(&world, &owner, "new@x.example").await;
        // Otherwise she could come back by it with an account of its own once she is suspended.
        let stranger = Call::anonymous();
        let back = world.services.accounts.accept_invitation(&stranger, yes(&made)).await;
        assert_eq!(back.err(), Some(Error::NotFound));
        world.healthy().await;
    }

    async fn who_only_claimed_an_address_ends_no_invitations_to_it(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let accounts = &world.services.accounts;
        let made = invited(&world, &admin, hospital.id).await;
        let claims = world.newcomer(WRONG).await;
        gives_up(&world, &claims, "mine@x.example").await;
        let open = accounts.members(&admin, hospital.id).await.unwrap().invitations;
        assert_eq!(open.iter().map(|one| one.id).collect::<Vec<_>>(), [made.id]);
        let came = accounts.accept_invitation(&Call::anonymous(), yes(&made)).await.unwrap();
        assert_eq!(came.memberships.len(), 1);
        world.healthy().await;
    }

    async fn a_member_who_never_confirmed_her_address_has_no_way_back_by_it(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (other, elsewhere) = world.hospital("Riverside", "Europe/Berlin").await;
        let accounts = &world.services.accounts;
        let member = world.member(&admin, hospital.id, WRONG, Role::Desk, None).await;
        let here = invited(&world, &admin, hospital.id).await;
        let there = invited(&world, &elsewhere, other.id).await;
        gives_up(&world, &member, "new@x.example").await;
        let seat = member.actor.principal().unwrap().memberships[0].id;
        accounts.set_member_state(&admin, hospital.id, seat, MemberState::Suspended).await.unwrap();
        let back = accounts.accept_invitation(&Call::anonymous(), yes(&here)).await;
        assert_eq!(back.err(), Some(Error::NotFound));
        // Where she never was a member, the invitation is the owner's of the address.
        assert!(accounts.accept_invitation(&Call::anonymous(), yes(&there)).await.is_ok());
        world.healthy().await;
    }

    async fn who_only_claims_an_address_does_not_come_in_its_owners_place(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (owner, claims) = (world.patient(WRONG).await, world.newcomer(WRONG).await);
        let accounts = &world.services.accounts;
        let made = invited(&world, &admin, hospital.id).await;
        assert_eq!(accounts.accept_invitation(&claims, yes(&made)).await.err(), Some(Error::Forbidden));
        assert_eq!(accounts.accept_invitation(&owner, yes(&made)).await.unwrap().memberships.len(), 1);
        world.healthy().await;
    }

    async fn who_only_claims_an_address_that_nobody_has_confirmed_may_come(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let claims = world.newcomer(WRONG).await;
        let made = invited(&world, &admin, hospital.id).await;
        let came = world.services.accounts.accept_invitation(&claims, yes(&made)).await.unwrap();
        assert_eq!((Some(came.account_id), came.memberships.len()), (claims.actor.account_id(), 1));
        world.healthy().await;
    }
}
