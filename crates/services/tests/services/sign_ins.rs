//! Tokens and the list of sign-ins, on both engines: the table of refreshes, races, ends.
//!
//! The shape of a token is tested beside it.

use crate::world::{PASSWORD, World, act_as, on_both_engines};
use domain::{
    Call, Error,
    credentials::ChangePassword,
    ids::SignInId,
    sign_ins::{IssueTokens, RefreshTokens, RevokeToken, SignInEnd, SignInKind, Tokens},
};

async fn tokens(world: &World) -> Tokens {
    let command = IssueTokens { email: "ada@x.example".into(), password: PASSWORD.into(), code: None };
    world.services.sign_ins.issue(command, "curl/8").await.unwrap()
}

async fn refresh(world: &World, token: &str) -> domain::Result<Tokens> {
    world.services.sign_ins.refresh(RefreshTokens { refresh_token: token.into() }).await
}

async fn works(world: &World, token: &str) -> bool {
    world.services.sign_ins.holder(token).await.unwrap().is_some()
}

on_both_engines! {
    async fn a_pair_buys_the_next(world: World) {
        world.patient("ada@x.example").await;
        let first = tokens(&world).await;
        assert_eq!((first.token_type.as_str(), first.expires_in, first.refresh_expires_in), ("Bearer", 600, 30 * 86_400));
        assert!(works(&world, &first.access_token).await);
        world.clock.advance_minutes(9);
        let second = refresh(&world, &first.refresh_token).await.unwrap();
        assert!(works(&world, &first.access_token).await && works(&world, &second.access_token).await);
        world.clock.advance_minutes(2);
        assert!(!works(&world, &first.access_token).await && works(&world, &second.access_token).await);
        // The sign-in ends when it was to end, however often it is refreshed.
        assert_eq!(second.refresh_expires_in, 30 * 86_400 - 9 * 60);
        world.clock.advance_minutes(30 * 24 * 60);
        assert_eq!(refresh(&world, &second.refresh_token).await.err(), Some(Error::InvalidGrant));
    }

    async fn a_lost_answer_is_given_again(world: World) {
        world.patient("ada@x.example").await;
        let first = tokens(&world).await;
        let lost = refresh(&world, &first.refresh_token).await.unwrap();
        let again = refresh(&world, &first.refresh_token).await.unwrap();
        // The lost pair is dead, without harm to the rest.
        assert!(!works(&world, &lost.access_token).await);
        assert_eq!(refresh(&world, &lost.refresh_token).await.err(), Some(Error::InvalidGrant));
        assert!(works(&world, &again.access_token).await);
        assert!(world.letters("ada@x.example").await.is_empty(), "nobody is told of what the network lost");
        assert!(refresh(&world, &again.refresh_token).await.is_ok());
    }

    async fn a_real_reuse_ends_the_sign_in_and_is_told(world: World) {
        let ada = world.patient("ada@x.example").await;
        for by_access in [true, false] {
            let first = tokens(&world).await;
            let second = refresh(&world, &first.refresh_token).await.unwrap();
            let live = if by_access {
                assert!(works(&world, &second.access_token).await);
                second
            } else {
                refresh(&world, &second.refresh_token).await.unwrap()
            };
            assert_eq!(refresh(&world, &first.refresh_token).await.err(), Some(Error::InvalidGrant));
            assert!(!works(&world, &live.access_token).await);
            assert_eq!(refresh(&world, &live.refresh_token).await.err(), Some(Error::InvalidGrant));
        }
        let list = world.services.sign_ins.list(&ada).await.unwrap();
        assert_eq!(list.iter().filter(|item| item.ended == Some(SignInEnd::Reuse)).count(), 2);
        assert_eq!(world.noted(ada.actor.account_id(), "end_sign_ins").await, 2);
        let subjects: Vec<String> = world.letters("ada@x.example").await.into_iter().map(|letter| letter.subject).collect();
        assert_eq!(subjects, ["An app was signed out of your account"; 2]);
        // Whoever goes on with it fills no mailbox.
        for _ in 0..8 {
            let first = tokens(&world).await;
            let second = refresh(&world, &first.refresh_token).await.unwrap();
            refresh(&world, &second.refresh_token).await.unwrap();
            assert_eq!(refresh(&world, &first.refresh_token).await.err(), Some(Error::InvalidGrant));
        }
        assert_eq!(world.letters("ada@x.example").await.len(), 3);
        assert_eq!(world.noted(ada.actor.account_id(), "end_sign_ins").await, 10);
    }

    async fn after_a_day_a_lost_answer_is_lost(world: World) {
        world.patient("ada@x.example").await;
        let first = tokens(&world).await;
        let second = refresh(&world, &first.refresh_token).await.unwrap();
        world.clock.advance_minutes(24 * 60 + 1);
        assert_eq!(refresh(&world, &first.refresh_token).await.err(), Some(Error::InvalidGrant));
        assert_eq!(refresh(&world, &second.refresh_token).await.err(), Some(Error::InvalidGrant));
    }

    async fn of_fifty_that_come_at_once_one_pair_is_left(world: World) {
        world.patient("ada@x.example").await;
        let first = tokens(&world).await;
        let tries = (0..50).map(|_| {
            let (sign_ins, refresh_token) = (world.services.sign_ins.clone(), first.refresh_token.clone());
            tokio::spawn(async move { sign_ins.refresh(RefreshTokens { refresh_token }).await })
        });
        let mut bought = Vec::new();
        for attempt in tries.collect::<Vec<_>>() {
            bought.push(attempt.await.unwrap().unwrap());
        }
        let mut alive = 0;
        for pair in &bought {
            alive += usize::from(works(&world, &pair.access_token).await);
        }
        assert_eq!(alive, 1);
        let mut good = 0;
        for pair in bought {
            good += usize::from(refresh(&world, &pair.refresh_token).await.is_ok());
        }
        assert_eq!(good, 1);
    }

    async fn revoking_either_token_ends_both(world: World) {
        world.patient("ada@x.example").await;
        for with_access in [true, false] {
            let pair = tokens(&world).await;
            let token = if with_access { &pair.access_token } else { &pair.refresh_token };
            world.services.sign_ins.revoke(RevokeToken { token: token.clone() }).await.unwrap();
            assert!(!works(&world, &pair.access_token).await);
            assert_eq!(refresh(&world, &pair.refresh_token).await.err(), Some(Error::InvalidGrant));
        }
        world.services.sign_ins.revoke(RevokeToken { token: "nobody's".into() }).await.unwrap();
    }

    async fn a_house_that_opens_again_knows_what_ended_however_many_ask_at_once(world: World) {
        world.patient("ada@x.example").await;
        let (good, ended) = (tokens(&world).await, tokens(&world).await);
        world.services.sign_ins.revoke(RevokeToken { token: ended.access_token.clone() }).await.unwrap();
        let (_folder, opened) = crate::pepper::reopened(world, |_| {}).await;
        let house = opened.unwrap();
        let sign_ins = &house.services.sign_ins;
        let asked = (0..8).map(|_| sign_ins.holder(&ended.access_token));
        let answers = futures::future::join_all(asked).await;
        assert!(answers.iter().all(|answer| matches!(answer, Ok(None))), "it has ended");
        assert!(sign_ins.holder(&good.access_token).await.unwrap().is_some());
        house.close().await;
    }

    async fn whoever_was_signed_out_meanwhile_ends_nothing(world: World) {
        let ada = world.patient("ada@x.example").await;
        let pair = tokens(&world).await;
        let other = world.services.sign_ins.holder(&pair.access_token).await.unwrap().unwrap().sign_in;
        world.house.sessions.create([9; 32], ada.actor.account_id(), "{}".into(), None).await.unwrap();
        let browser = services::sessions::sign_in_of(&[9; 32]);
        // Her proof is of the time before the new password.
        let command = ChangePassword {
            current_password: PASSWORD.into(),
            new_password: "four green kingfishers".into(),
            end_others: false,
        };
        world.services.credentials.change_password(&ada, command).await.unwrap();
        for id in [other, browser] {
            assert_eq!(world.services.sign_ins.end(&ada, id).await, Err(Error::Unauthenticated));
        }
        assert!(works(&world, &pair.access_token).await);
        assert!(world.house.sessions.load([9; 32]).await.unwrap().is_some());
        assert_eq!(world.noted(ada.actor.account_id(), "end_sign_ins").await, 0);
    }

    async fn a_person_sees_and_ends_her_sign_ins_only(world: World) {
        let ada = world.patient("ada@x.example").await;
        let eve = world.patient("eve@x.example").await;
        let pair = tokens(&world).await;
        let holder = world.services.sign_ins.holder(&pair.access_token).await.unwrap().unwrap();
        let through = Call { sign_in: Some(holder.sign_in), ..ada.clone() };
        tokens(&world).await;
        let account = ada.actor.account_id();
        world.house.sessions.create([9; 32], account, r#"{"device":"Firefox/140"}"#.into(), None).await.unwrap();

        let list = world.services.sign_ins.list(&through).await.unwrap();
        assert_eq!(list.len(), 3);
        assert_eq!(list.iter().filter(|item| item.current).count(), 1);
        assert!(list.iter().any(|item| item.kind == SignInKind::Web && item.device == "Firefox/140"));
        assert_eq!(world.services.sign_ins.list(&eve).await, Ok(Vec::new()));
        for item in &list {
            assert_eq!(world.services.sign_ins.end(&eve, item.id).await, Err(Error::NotFound));
        }
        assert_eq!(world.services.sign_ins.end(&ada, SignInId(uuid::Uuid::nil())).await, Err(Error::NotFound));

        world.services.sign_ins.end_others(&through).await.unwrap();
        assert!(works(&world, &pair.access_token).await);
        assert_eq!(world.services.sign_ins.list(&through).await.unwrap().len(), 1);
        assert!(world.house.sessions.load([9; 32]).await.unwrap().is_none());
        world.services.sign_ins.end(&ada, holder.sign_in).await.unwrap();
        assert!(!works(&world, &pair.access_token).await);
        world.house.sessions.create([8; 32], account, "{}".into(), None).await.unwrap();
        world.services.sign_ins.end(&ada, services::sessions::sign_in_of(&[8; 32])).await.unwrap();
        assert!(world.house.sessions.load([8; 32]).await.unwrap().is_none());
        // What came to nothing is not noted.
        assert_eq!(world.noted(account, "end_sign_ins").await, 3);
        assert_eq!(world.noted(eve.actor.account_id(), "end_sign_ins").await, 0);
        assert_eq!(act_as(&world.services, account.unwrap()).await.actor.account_id(), account);
    }
}
