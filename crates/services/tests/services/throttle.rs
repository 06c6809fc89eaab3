//! Trying passwords is slowed down, and never for the owner in a browser that is known; on both engines.
//!
//! How many requests an address of the network may make is the edge's business.

use domain::{
    Call, Error,
    accounts::{Entry, SignIn},
    credentials::{ForgotPassword, ResetPassword},
    sign_ins::IssueTokens,
};

use crate::world::{PASSWORD, World, entry, on_both_engines, registration};

const WRONG: &str = "certainly not this";
const OTHER: &str = "four green kingfishers";

async fn sign_in(world: &World, email: &str, password: &str, marks: &str) -> domain::Result<Entry> {
    let command = SignIn { email: email.into(), password: password.into() };
    world.services.accounts.sign_in(command, marks).await.map(entry)
}

/// The answers to so many wrong tries without a known browser.
async fn wrong(world: &World, email: &str, tries: usize) -> Vec<Error> {
    let mut answers = Vec::new();
    for _ in 0..tries {
        answers.push(sign_in(world, email, WRONG, "").await.unwrap_err());
    }
    answers
}

fn waits(error: Option<Error>) -> u32 {
    match error {
        Some(Error::TooMany { retry_after }) => retry_after,
        other => panic!("{other:?} is no wait"),
    }
}

on_both_engines! {
    async fn ten_thousand_wrong_tries_do_not_keep_the_owner_out(world: World) {
        world.patient("ada@x.example").await;
        let marks = sign_in(&world, "ada@x.example", PASSWORD, "").await.unwrap().marks;
        for _ in 0..100 {
            wrong(&world, "ada@x.example", 100).await;
            world.clock.advance_minutes(1);
        }
        assert!(wrong(&world, "ada@x.example", 1).await.pop().is_some());
        let stranger = sign_in(&world, "ada@x.example", PASSWORD, "").await.err();
        assert!((1..=300).contains(&waits(stranger)));
        let owner = sign_in(&world, "ada@x.example", PASSWORD, &marks).await.unwrap();
        assert_eq!(owner.principal.email, "ada@x.example");
        // Another account waits for nothing, and a program is a stranger.
        world.patient("bob@x.example").await;
        assert!(sign_in(&world, "bob@x.example", PASSWORD, &marks).await.is_ok());
        let command = IssueTokens { email: "ada@x.example".into(), password: PASSWORD.into(), code: None };
        waits(world.services.sign_ins.issue(command, "test").await.err());
        world.healthy().await;
    }

    async fn waits_grow_and_end_alike_with_an_account_and_without(world: World) {
        world.patient("ada@x.example").await;
        let (known, unknown) = (wrong(&world, "ada@x.example", 13).await, wrong(&world, "Eve@x.example", 13).await);
        assert_eq!(known, unknown);
        assert_eq!(known.iter().filter(|error| **error == Error::SignInFailed).count(), 11);
        assert_eq!(known.last(), Some(&Error::TooMany { retry_after: 1 }));
        // However an address is written, it is the same one.
        assert_eq!(wrong(&world, " eve@X.example ", 1).await, [Error::TooMany { retry_after: 1 }]);
        world.clock.advance_minutes(1);
        assert_eq!(wrong(&world, "ada@x.example", 2).await, [Error::SignInFailed, Error::TooMany { retry_after: 2 }]);
        world.clock.advance_minutes(1);
        assert!(sign_in(&world, "ada@x.example", PASSWORD, "").await.is_ok());
        // After a day all is forgotten.
        world.clock.advance_minutes(24 * 60);
        assert_eq!(wrong(&world, "ada@x.example", 11).await, vec![Error::SignInFailed; 11]);
        world.clock.advance_minutes(24 * 60);
        assert!(world.house.sweep().await.unwrap() >= 2);
    }

    async fn who_tries_at_once_is_counted_as_often(world: World) {
        let tries = (0..60).map(|_| sign_in(&world, "ada@x.example", WRONG, ""));
        let answers = futures::future::join_all(tries).await;
        let looked_at = answers.iter().filter(|answer| matches!(answer, Err(Error::SignInFailed))).count();
        assert!((1..=11).contains(&looked_at), "{looked_at}");
    }

    async fn an_owner_who_mistypes_waits_too_and_is_forgiven(world: World) {
        world.patient("ada@x.example").await;
        let marks = sign_in(&world, "ada@x.example", PASSWORD, "").await.unwrap().marks;
        let mut last = None;
        for _ in 0..12 {
            last = sign_in(&world, "ada@x.example", WRONG, &marks).await.err();
        }
        assert_eq!(waits(last), 1);
        world.clock.advance_minutes(1);
        let marks = sign_in(&world, "ada@x.example", PASSWORD, &marks).await.unwrap().marks;
        for _ in 0..5 {
            assert_eq!(sign_in(&world, "ada@x.example", WRONG, &marks).await.err(), Some(Error::SignInFailed));
        }
        assert!(sign_in(&world, "ada@x.example", PASSWORD, &marks).await.is_ok());
    }

    async fn a_mark_that_is_not_ours_is_a_strangers(world: World) {
        world.patient("ada@x.example").await;
        world.patient("bob@x.example").await;
        let marks = sign_in(&world, "ada@x.example", PASSWORD, "").await.unwrap().marks;
        let bobs = sign_in(&world, "bob@x.example", PASSWORD, "").await.unwrap().marks;
        wrong(&world, "ada@x.example", 12).await;
        let first = if marks.starts_with('A') { "B" } else { "A" };
        let forged = format!("{first}{}", &marks[1..]);
        for shown in [forged.as_str(), &bobs, "", ".", "nonsense", &marks[..40], &"A".repeat(9_000)] {
            waits(sign_in(&world, "ada@x.example", PASSWORD, shown).await.err());
        }
        // Two of a family are known in one browser.
        let both = sign_in(&world, "bob@x.example", PASSWORD, &marks).await.unwrap().marks;
        assert!(sign_in(&world, "ada@x.example", PASSWORD, &both).await.is_ok());
        // A year later a browser is a stranger again.
        world.clock.advance_minutes(371 * 24 * 60);
        wrong(&world, "ada@x.example", 12).await;
        waits(sign_in(&world, "ada@x.example", PASSWORD, &both).await.err());
    }

    async fn whoever_claims_an_address_gets_no_more_tries_at_its_owner(world: World) {
        let ada = world.patient("ada@x.example").await;
        let mut squat = registration("ada@x.example");
        squat.password = OTHER.into();
        world.services.accounts.register_patient(&Call::anonymous(), squat).await.unwrap();
        let mut marks = sign_in(&world, "ada@x.example", OTHER, "").await.unwrap().marks;
        let mut looked_at = 0;
        for _ in 0..40 {
            // Right with her own password, wrong with the owner's, by turns.
            if let Ok(entry) = sign_in(&world, "ada@x.example", OTHER, &marks).await {
                assert_ne!(Some(entry.principal.account_id), ada.actor.account_id());
                marks = entry.marks;
            }
            // Were it the right password, would it be found?
            looked_at += usize::from(sign_in(&world, "ada@x.example", PASSWORD, &marks).await.is_ok_and(|entry| Some(entry.principal.account_id) == ada.actor.account_id()));
            wrong(&world, "ada@x.example", 1).await;
        }
        assert!(looked_at <= 12, "{looked_at}");
    }

    async fn the_mail_is_a_way_in_for_an_owner_in_a_new_browser(world: World) {
        world.patient("ada@x.example").await;
        wrong(&world, "ada@x.example", 20).await;
        world.services.credentials.forgot_password(ForgotPassword { email: "ada@x.example".into() }).await.unwrap();
        let token = world.letters("ada@x.example").await.pop().unwrap().token();
        let command = ResetPassword { token, password: OTHER.into() };
        let marks = world.services.credentials.reset_password(command, "").await.unwrap();
        waits(sign_in(&world, "ada@x.example", OTHER, "").await.err());
        assert!(sign_in(&world, "ada@x.example", OTHER, &marks).await.is_ok());
    }
}
