//! What has ended stays ended, on both engines: whoever writes late, and whoever checked a password that is no more.
//!
//! How sessions travel in cookies is the server's business.

use std::sync::Arc;

use crate::world::{PASSWORD, World, entry, on_both_engines};
use domain::{
    Call,
    access::Principal,
    accounts::SignIn,
    credentials::{ChangePassword, ForgotPassword, ResetPassword},
    ids::AccountId,
    sign_ins::IssueTokens,
};
use futures::StreamExt;
use sha2::{Digest, Sha256};

const ROUNDS: u32 = 1_000;
const WRITERS: u32 = 5;

fn id_of(round: u32) -> [u8; 32] {
    Sha256::digest(round.to_le_bytes()).into()
}

fn begun_in(epoch: i64) -> String {
    format!(r#"{{"epoch":{epoch}}}"#)
}

/// One session that is signed out of while others still write to it: half of them with it, half after it.
async fn round(world: Arc<World>, call: Call, account: AccountId, number: u32) {
    let id = id_of(number);
    let sessions = &world.house.sessions;
    assert!(sessions.create(id, Some(account), begun_in(0), None).await.unwrap());
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let world = world.clone();
            tokio::spawn(async move {
                for _ in 0..=writer {
                    tokio::task::yield_now().await;
                }
                let data = format!(r#"{{"epoch":0,"writer":{writer}}}"#);
                world.house.sessions.save(id, Some(account), data).await.unwrap()
            })
        })
        .collect();
    if number.is_multiple_of(2) {
        sessions.delete(id).await.unwrap();
    } else {
        world.services.sign_ins.end(&call, services::sessions::sign_in_of(&id)).await.unwrap();
    }
    // Whoever begins only now finds nothing to write to.
    assert!(!sessions.save(id, Some(account), begun_in(0)).await.unwrap());
    for writer in writers {
        writer.await.unwrap();
    }
}

async fn reset(world: &World, email: &str, password: &str) {
    world.services.credentials.forgot_password(ForgotPassword { email: email.into() }).await.unwrap();
    let token = world.letters(email).await.pop().unwrap().token();
    let command = ResetPassword { token, password: password.into() };
    world.services.credentials.reset_password(command, "").await.unwrap();
}

async fn signed_in(world: &World, password: &str) -> Principal {
    let command = SignIn { email: "ada@x.example".into(), password: password.into() };
    entry(world.services.accounts.sign_in(command, "").await.unwrap()).principal
}

fn tokens_for(password: &str) -> IssueTokens {
    IssueTokens { email: "ada@x.example".into(), password: password.into(), code: None }
}

on_both_engines! {
    async fn a_thousand_sessions_that_were_signed_out_of_stay_ended(world: World) {
        let ada = world.patient("ada@x.example").await;
        let account = ada.actor.account_id().unwrap();
        let world = Arc::new(world);
        let rounds = (0..ROUNDS).map(|number| round(world.clone(), ada.clone(), account, number));
        futures::stream::iter(rounds).buffer_unordered(16).collect::<Vec<_>>().await;
        let mut alive = 0;
        for number in 0..ROUNDS {
            alive += u32::from(world.house.sessions.load(id_of(number)).await.unwrap().is_some());
        }
        assert_eq!(alive, 0);
        assert_eq!(world.services.sign_ins.list(&ada).await.unwrap().len(), 0);
    }

    async fn a_sign_in_whose_password_was_reset_meanwhile_begins_no_session(world: World) {
        world.patient("ada@x.example").await;
        let sessions = &world.house.sessions;
        let checked = signed_in(&world, PASSWORD).await;
        let account = Some(checked.account_id);
        // A browser that is there already, and nobody is signed in with it.
        assert!(sessions.create(id_of(1), None, "{}".into(), None).await.unwrap());
        reset(&world, "ada@x.example", "four green kingfishers").await;
        sessions.create(id_of(0), account, begun_in(checked.session_epoch), None).await.unwrap();
        assert!(sessions.load(id_of(0)).await.unwrap().is_none());
        assert!(!sessions.save(id_of(1), account, begun_in(checked.session_epoch)).await.unwrap());
        let anonymous = sessions.load(id_of(1)).await.unwrap().unwrap();
        assert_eq!(anonymous.data, "{}");
        // With the new password all is well.
        let now = signed_in(&world, "four green kingfishers").await;
        sessions.create(id_of(2), account, begun_in(now.session_epoch), None).await.unwrap();
        assert!(sessions.load(id_of(2)).await.unwrap().is_some());
        assert!(sessions.save(id_of(1), account, begun_in(now.session_epoch)).await.unwrap());
    }

    async fn tokens_for_a_password_end_with_it_however_close_they_come(world: World) {
        let ada = world.patient("ada@x.example").await;
        let password = |round: u32| match round {
            0 => PASSWORD.to_owned(),
            round => format!("{round} green kingfishers by the river"),
        };
        let mut given = Vec::new();
        for round in 0..30 {
            let (old, new) = (password(round), password(round + 1));
            let sign_ins: Vec<_> = (0..6)
                .map(|_| {
                    let (services, command) = (world.services.clone(), tokens_for(&old));
                    tokio::spawn(async move { services.sign_ins.issue(command, "test").await.ok() })
                })
                .collect();
            let command = ChangePassword { current_password: old, new_password: new, end_others: true };
            let ada = crate::family::again(&world, &ada).await;
            world.services.credentials.change_password(&ada, command).await.unwrap();
            for sign_in in sign_ins {
                given.extend(sign_in.await.unwrap());
            }
        }
        for tokens in &given {
            let holder = world.services.sign_ins.holder(&tokens.access_token).await.unwrap();
            assert!(holder.is_none(), "a token outlived its password");
        }
        assert_eq!(world.services.sign_ins.list(&ada).await.unwrap().len(), 0);
        // The last one works.
        let tokens = world.services.sign_ins.issue(tokens_for(&password(30)), "test").await.unwrap();
        assert!(world.services.sign_ins.holder(&tokens.access_token).await.unwrap().is_some());
    }
}
