//! A hospital that asks its staff for a second factor, and a passkey that is one: for the sign-ins that were made with it, on both engines.
//!
//! Hospitals that ask, and codes, are in `staff_policy`.

use domain::{
    Call, Error,
    access::{Principal, Role},
    accounts::{SignIn, StaffPolicy, Step},
    ids::PasskeyId,
    passkeys::PasskeySignIn,
    sign_ins::{IssueTokens, RefreshTokens, Tokens},
};

use crate::{
    authenticator::Authenticator,
    passkeys::{enter, key, remove},
    second_factors::turn_on,
    world::{PASSWORD, World, act_as, on_both_engines, proven},
};

const DESK: &str = "desk@x.example";

/// Somebody at the desk of a hospital that asks for a second factor, where she has no right yet.
async fn desk(world: &World) -> Call {
    let (here, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
    let desk = world.member(&admin, here.id, DESK, Role::Desk, None).await;
    let asked = StaffPolicy { second_factor: true };
    world.services.accounts.set_staff_policy(&admin, here.id, asked).await.unwrap();
    desk
}

/// At how many hospitals somebody has rights, and at how many they are held back.
fn rights(principal: &Principal) -> (usize, usize) {
    (principal.memberships.len(), principal.held_back.len())
}

/// The rights of a later request in a browser that signed in so.
async fn later(world: &World, call: &Call, passkey: Option<PasskeyId>) -> (usize, usize) {
    let account = call.actor.account_id().unwrap();
    rights(&world.services.accounts.principal_by(account, passkey).await.unwrap().unwrap())
}

async fn holder(world: &World, tokens: &Tokens) -> domain::sign_ins::Holder {
    world.services.sign_ins.holder(&tokens.access_token).await.unwrap().unwrap()
}

/// The tokens of a program that signs in with a key.
async fn issued(world: &World, key: &mut Authenticator) -> Tokens {
    let asked = world.services.passkeys.begin_sign_in().await.unwrap();
    let command = PasskeySignIn { challenge_id: asked.id, credential: key.get(&asked.options) };
    world.services.passkeys.issue(command, "test").await.unwrap()
}

on_both_engines! {
    async fn who_signed_in_with_a_passkey_has_her_rights_and_with_the_password_alone_has_none(world: World) {
        let desk = desk(&world).await;
        let (mut key, id) = key(&world, &desk).await;
        let entry = enter(&world, &mut key).await.unwrap();
        assert_eq!((rights(&entry.principal), entry.passkey), ((1, 0), Some(id)));
        assert_eq!(later(&world, &desk, entry.passkey).await, (1, 0));
        let hospital = entry.principal.memberships[0].hospital_id;
        let refused = world.services.accounts.staff_policy(&proven(entry.principal), hospital).await.err();
        assert_eq!(refused, Some(Error::Forbidden), "of the house, but no administrator");

        // The account has a passkey, which says nothing of a sign-in without it.
        let command = SignIn { email: DESK.into(), password: PASSWORD.into() };
        let Step::In(entry) = world.services.accounts.sign_in(command, "").await.unwrap() else { panic!("no code is asked for") };
        assert_eq!((rights(&entry.principal), entry.passkey), ((0, 1), None));
        assert_eq!(later(&world, &desk, None).await, (0, 1));
        assert_eq!(rights(act_as(&world.services, entry.principal.account_id).await.actor.principal().unwrap()), (0, 1));

        // A code is asked for at every sign-in, so any will do from then on.
        turn_on(&world, &desk).await;
        for passkey in [None, Some(id)] {
            assert_eq!(later(&world, &desk, passkey).await, (1, 0));
        }
        world.healthy().await;
    }

    async fn whoever_runs_the_platform_does_so_in_a_sign_in_with_a_passkey(world: World) {
        let world = crate::staff_policy::strict(world).await;
        let (mut key, _) = key(&world, &world.platform).await;
        assert!(enter(&world, &mut key).await.unwrap().principal.platform_admin);
        let tokens = issued(&world, &mut key).await;
        assert!(holder(&world, &tokens).await.principal.platform_admin);
        let by_password = act_as(&world.services, world.platform.actor.account_id().unwrap()).await;
        let who = by_password.actor.principal().unwrap();
        assert!(!who.platform_admin && who.platform_held_back);
    }

    async fn a_programs_sign_in_remembers_what_it_was_made_with(world: World) {
        let desk = desk(&world).await;
        let (mut key, _) = key(&world, &desk).await;
        let tokens = issued(&world, &mut key).await;
        assert_eq!(rights(&holder(&world, &tokens).await.principal), (1, 0));
        let command = RefreshTokens { refresh_token: tokens.refresh_token };
        let tokens = world.services.sign_ins.refresh(command).await.unwrap();
        assert_eq!(rights(&holder(&world, &tokens).await.principal), (1, 0), "a token that was bought");
        let command = IssueTokens { email: DESK.into(), password: PASSWORD.into(), code: None };
        let by_password = world.services.sign_ins.issue(command, "test").await.unwrap();
        assert_eq!(rights(&holder(&world, &by_password).await.principal), (0, 1));
    }

    async fn a_passkey_of_somebody_else_and_one_that_is_gone_are_none(world: World) {
        let (desk, bob) = (desk(&world).await, world.patient("bob@x.example").await);
        let (_, his) = key(&world, &bob).await;
        assert_eq!(later(&world, &desk, Some(his)).await, (0, 1));
        let (mut first, first_id) = key(&world, &desk).await;
        let (_, second_id) = key(&world, &desk).await;
        let tokens = issued(&world, &mut first).await;
        let signed_in = holder(&world, &tokens).await;
        let call = Call { sign_in: Some(signed_in.sign_in), ..proven(signed_in.principal) };
        remove(&world, &call, second_id).await.unwrap();
        assert_eq!(rights(&holder(&world, &tokens).await.principal), (1, 0), "another one was removed");
        // The sign-in that removes its own goes on, as one with the password.
        let call = Call { sign_in: call.sign_in, ..proven(holder(&world, &tokens).await.principal) };
        remove(&world, &call, first_id).await.unwrap();
        assert_eq!(rights(&holder(&world, &tokens).await.principal), (0, 1));
        assert_eq!(later(&world, &desk, Some(first_id)).await, (0, 1));
    }
}
