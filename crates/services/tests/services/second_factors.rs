//! The second factor from turning it on to turning it off, on both engines: what is asked when, and that a code counts once.
//!
//! How codes are computed is tested beside it; here a phone of our own computes them.

use domain::{
    Call, Error,
    access::Principal,
    accounts::{Passed, SignIn, Step},
    credentials::{ChangePassword, ForgotPassword, ResetPassword, UndoEmail},
    error::Conflict,
    second_factors::{BeginSecondFactor, ConfirmSecondFactor, ProveBoth, SecondFactor},
    sign_ins::IssueTokens,
};
use services::clock::Clock as _;

use crate::{
    audit::refused,
    world::{PASSWORD, World, on_both_engines},
};

const OTHER: &str = "four green kingfishers";

/// What a phone makes of a secret, as RFC 6238 says.
pub(crate) fn code_at(world: &World, secret: &str, steps: i64) -> String {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let letters =
        secret.chars().filter(|c| *c != ' ').map(|c| u32::try_from(alphabet.find(c).unwrap()).unwrap());
    let (mut seed, mut held, mut bits) = (Vec::new(), 0_u32, 0_u32);
    for value in letters {
        held = held << 5 | value;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            seed.push(u8::try_from(held >> bits).unwrap());
            held &= (1 << bits) - 1;
        }
    }
    let step = world.clock.now().as_second().div_euclid(30) + steps;
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &seed);
    let tag = ring::hmac::sign(&key, &step.to_be_bytes());
    let at = usize::from(tag.as_ref()[19] & 15);
    let number = u32::from_be_bytes(tag.as_ref()[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

async fn begin(world: &World, call: &Call) -> String {
    let command = BeginSecondFactor { password: PASSWORD.into() };
    world.services.second_factors.begin(call, command).await.unwrap().enrolment.unwrap().secret
}

async fn confirm(world: &World, call: &Call, code: &str) -> domain::Result<SecondFactor> {
    world.services.second_factors.confirm(call, ConfirmSecondFactor { code: code.into() }).await
}

/// Turns it on; gives the phone's secret and the recovery codes.
pub(crate) async fn turn_on(world: &World, call: &Call) -> (String, Vec<String>) {
    let secret = begin(world, call).await;
    let on = confirm(world, call, &code_at(world, &secret, 0)).await.unwrap();
    assert_eq!((on.recovery_left, on.recovery_codes.len(), on.enrolment.is_none()), (10, 10, true));
    world.clock.advance_minutes(1);
    (secret, on.recovery_codes)
}

async fn step(world: &World, password: &str) -> Step {
    let command = SignIn { email: "ada@x.example".into(), password: password.into() };
    world.services.accounts.sign_in(command, "").await.unwrap()
}

async fn give(world: &World, call: &Call, code: &str) -> domain::Result<Principal> {
    let passed = passed(world, call).await;
    world.services.accounts.give_code(passed, code, "").await.map(|entry| entry.principal)
}

/// What the right password of an account gives now.
async fn passed(world: &World, call: &Call) -> Passed {
    let account = call.actor.account_id().unwrap();
    let principal = world.services.accounts.principal(account).await.unwrap().unwrap();
    Passed { account, epoch: principal.session_epoch }
}

fn wrong<T>() -> domain::Result<T> {
    Err(Error::invalid("code", "code_wrong"))
}

on_both_engines! {
    async fn signing_in_asks_for_a_code_which_counts_once(world: World) {
        let ada = world.patient("ada@x.example").await;
        let secret = begin(&world, &ada).await;
        assert!(matches!(step(&world, PASSWORD).await, Step::In(_)), "it is not on yet");
        assert_eq!(confirm(&world, &ada, "000000").await.err(), wrong::<()>().err());
        let code = code_at(&world, &secret, 0);
        confirm(&world, &ada, &code).await.unwrap();
        assert_eq!(step(&world, PASSWORD).await, Step::Code(passed(&world, &ada).await));
        // The code that turned it on was used.
        assert_eq!(give(&world, &ada, &code).await, wrong());
        world.clock.advance_minutes(1);
        let [before, now, next] = [-1, 0, 1].map(|step| code_at(&world, &secret, step));
        assert_eq!(give(&world, &ada, &next).await, wrong(), "a step early");
        assert_eq!(give(&world, &ada, &code).await, wrong(), "two steps old");
        assert!(give(&world, &ada, &format!(" {} {}", &before[..3], &before[3..])).await.is_ok(), "slow hands");
        assert!(give(&world, &ada, &now).await.is_ok());
        assert_eq!(give(&world, &ada, &now).await, wrong());
        for used in [&now, &before] {
            assert_eq!(give(&world, &ada, used).await, wrong());
        }
        let subjects: Vec<String> = world.letters("ada@x.example").await.into_iter().map(|letter| letter.subject).collect();
        assert!(subjects.contains(&"Signing in now asks for a code".to_owned()), "{subjects:?}");
        world.healthy().await;
    }

    async fn an_owner_takes_back_what_somebody_else_set_up(world: World) {
        let thief = world.patient("ada@x.example").await;
        turn_on(&world, &thief).await;
        assert!(matches!(step(&world, PASSWORD).await, Step::Code(_)), "the owner comes in no more");
        let letter = world.letters("ada@x.example").await.pop().unwrap();
        assert_eq!(letter.subject, "Signing in now asks for a code");
        world.clock.advance_minutes(71 * 60);
        let undo = async || world.services.credentials.undo_email(UndoEmail { token: letter.token() }).await;
        undo().await.unwrap();
        assert_eq!(undo().await, Err(Error::NotFound));
        let token = world.letters("ada@x.example").await.pop().unwrap().token();
        let command = ResetPassword { token, password: OTHER.into() };
        world.services.credentials.reset_password(command, "").await.unwrap();
        assert!(matches!(step(&world, OTHER).await, Step::In(_)));
        world.healthy().await;
    }

    async fn one_code_at_once_lets_one_in(world: World) {
        let ada = world.patient("ada@x.example").await;
        let (secret, recovery) = turn_on(&world, &ada).await;
        for code in [code_at(&world, &secret, 0), recovery[3].clone()] {
            let tries = (0..8).map(|_| give(&world, &ada, &code));
            let answers = futures::future::join_all(tries).await;
            assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
            world.clock.advance_minutes(24 * 60);
        }
    }

    async fn a_recovery_code_is_good_once_however_it_is_typed(world: World) {
        let ada = world.patient("ada@x.example").await;
        let (_, recovery) = turn_on(&world, &ada).await;
        let distinct: std::collections::BTreeSet<_> = recovery.iter().collect();
        assert_eq!(distinct.len(), 10);
        assert!(recovery.iter().all(|code| code.len() == 19), "16 letters of 5 bits in four groups");
        assert!(give(&world, &ada, &recovery[0].to_lowercase().replace('-', " ")).await.is_ok());
        assert_eq!(give(&world, &ada, &recovery[0]).await, wrong());
        let stands = world.services.second_factors.second_factor(&ada).await.unwrap();
        assert_eq!((stands.recovery_left, stands.recovery_codes.len()), (9, 10), "shown for ten minutes");
        world.clock.advance_minutes(10);
        assert_eq!(world.services.second_factors.second_factor(&ada).await.unwrap().recovery_codes, Vec::<String>::new());
        // New ones take the place of the old ones.
        let command = ProveBoth { password: PASSWORD.into(), code: recovery[1].clone() };
        let renewed = world.services.second_factors.renew_recovery_codes(&ada, command).await.unwrap();
        assert_eq!(renewed.recovery_left, 10);
        assert_eq!(give(&world, &ada, &recovery[2]).await, wrong());
        assert!(give(&world, &ada, &renewed.recovery_codes[2]).await.is_ok());
    }

    async fn a_program_gives_its_code_with_the_password(world: World) {
        let ada = world.patient("ada@x.example").await;
        let (secret, _) = turn_on(&world, &ada).await;
        let issue = async |password: &str, code: Option<String>| {
            let command = IssueTokens { email: "ada@x.example".into(), password: password.into(), code };
            world.services.sign_ins.issue(command, "test").await.map(drop)
        };
        assert_eq!(issue(PASSWORD, None).await, Err(Error::SecondFactorRequired));
        // Who has not the password does not learn that there is a second factor.
        assert_eq!(issue(OTHER, None).await, Err(Error::SignInFailed));
        assert_eq!(issue(OTHER, Some(code_at(&world, &secret, 0))).await, Err(Error::SignInFailed));
        assert_eq!(issue(PASSWORD, Some("000000".into())).await, wrong());
        assert_eq!(issue(PASSWORD, Some(code_at(&world, &secret, 0))).await, Ok(()));
    }

    async fn a_new_password_does_not_pass_the_second_factor(world: World) {
        let ada = world.patient("ada@x.example").await;
        turn_on(&world, &ada).await;
        world.services.credentials.forgot_password(ForgotPassword { email: "ada@x.example".into() }).await.unwrap();
        let token = world.letters("ada@x.example").await.pop().unwrap().token();
        let command = ResetPassword { token, password: OTHER.into() };
        world.services.credentials.reset_password(command, "").await.unwrap();
        assert!(matches!(step(&world, OTHER).await, Step::Code(_)));
    }

    async fn a_new_password_gives_no_new_tries_at_the_code(world: World) {
        let ada = world.patient("ada@x.example").await;
        let (_, recovery) = turn_on(&world, &ada).await;
        for _ in 0..11 {
            assert_eq!(give(&world, &ada, "000000").await, wrong());
        }
        // Strangers keep her waiting besides.
        let sign_in = async |password: &str, marks: &str| {
            let command = SignIn { email: "ada@x.example".into(), password: password.into() };
            world.services.accounts.sign_in(command, marks).await
        };
        for _ in 0..20 {
            let _ = sign_in("three blue herrings", "").await;
        }
        assert!(matches!(sign_in(PASSWORD, "").await, Err(Error::TooMany { .. })));
        world.services.credentials.forgot_password(ForgotPassword { email: "ada@x.example".into() }).await.unwrap();
        let token = world.letters("ada@x.example").await.pop().unwrap().token();
        let command = ResetPassword { token, password: OTHER.into() };
        let marks = world.services.credentials.reset_password(command, "").await.unwrap();
        assert!(sign_in(OTHER, &marks).await.is_ok(), "with the new password she does not wait for what they do");
        let tried = async |code: &str| world.services.accounts.give_code(passed(&world, &ada).await, code, &marks).await;
        assert!(matches!(tried("000000").await, Err(Error::TooMany { .. })), "the mailbox alone makes no browser known");
        world.clock.advance_minutes(5);
        let entry = tried(&recovery[0]).await.unwrap();
        assert!(!entry.marks.is_empty(), "the code does");
        // Without a second factor the new password does: strangers who try the address keep nobody out.
        world.patient("bob@x.example").await;
        world.services.credentials.forgot_password(ForgotPassword { email: "bob@x.example".into() }).await.unwrap();
        let token = world.letters("bob@x.example").await.pop().unwrap().token();
        let command = ResetPassword { token, password: OTHER.into() };
        assert!(!world.services.credentials.reset_password(command, "").await.unwrap().is_empty());
    }

    async fn a_new_password_is_set_whatever_cannot_be_forgotten_besides(world: World) {
        let ada = world.patient("ada@x.example").await;
        turn_on(&world, &ada).await;
        world.services.credentials.forgot_password(ForgotPassword { email: "ada@x.example".into() }).await.unwrap();
        let token = world.letters("ada@x.example").await.pop().unwrap().token();
        assert!(refused(&world, "ALTER TABLE sign_in_tries RENAME TO lost_tries").await.is_none());
        let command = ResetPassword { token, password: OTHER.into() };
        assert_eq!(world.services.credentials.reset_password(command, "").await, Ok(String::new()));
        assert!(refused(&world, "ALTER TABLE lost_tries RENAME TO sign_in_tries").await.is_none());
        assert!(matches!(step(&world, OTHER).await, Step::Code(_)));
        world.healthy().await;
    }

    async fn a_password_that_is_replaced_ends_the_sign_in_that_waits(world: World) {
        let ada = world.patient("ada@x.example").await;
        let before = passed(&world, &ada).await;
        let (secret, _) = turn_on(&world, &ada).await;
        let now = passed(&world, &ada).await;
        assert!(now.epoch > before.epoch, "a sign-in from before the code begins no session");
        let command = ChangePassword { current_password: PASSWORD.into(), new_password: OTHER.into(), end_others: false };
        let ada = crate::family::again(&world, &ada).await;
        world.services.credentials.change_password(&ada, command).await.unwrap();
        let code = code_at(&world, &secret, 0);
        let late = world.services.accounts.give_code(now, &code, "").await;
        assert_eq!(late.err(), Some(Error::NotFound));
        assert!(give(&world, &ada, &code).await.is_ok(), "the code was not used up");
    }

    async fn codes_cannot_be_tried_for_ever(world: World) {
        let ada = world.patient("ada@x.example").await;
        let (secret, _) = turn_on(&world, &ada).await;
        for _ in 0..11 {
            assert_eq!(give(&world, &ada, "000000").await, wrong());
        }
        assert!(matches!(give(&world, &ada, &code_at(&world, &secret, 0)).await, Err(Error::TooMany { .. })));
        world.clock.advance_minutes(5);
        assert!(give(&world, &ada, &code_at(&world, &secret, 0)).await.is_ok());
    }

    async fn only_both_factors_turn_it_off(world: World) {
        let ada = world.patient("ada@x.example").await;
        let factors = &world.services.second_factors;
        let both = |password: &str, code: &str| ProveBoth { password: password.into(), code: code.into() };
        assert_eq!(factors.turn_off(&ada, both(PASSWORD, "000000")).await.err(), Some(Error::NotFound));
        let (secret, recovery) = turn_on(&world, &ada).await;
        let again = factors.begin(&ada, BeginSecondFactor { password: PASSWORD.into() }).await.err();
        assert_eq!(again, Some(Error::conflict(Conflict::AlreadyDone)));
        let code = code_at(&world, &secret, 0);
        assert_eq!(factors.turn_off(&ada, both(OTHER, &code)).await.err(), Some(Error::invalid("password", "password_wrong")));
        assert_eq!(factors.turn_off(&ada, both(PASSWORD, "000000")).await.err(), wrong::<()>().err());
        assert_eq!(factors.turn_off(&ada, both(PASSWORD, &code)).await.unwrap().since, None);
        assert!(matches!(step(&world, PASSWORD).await, Step::In(_)));
        assert_eq!(give(&world, &ada, &recovery[0]).await, Err(Error::NotFound));
        assert_eq!(factors.second_factor(&Call::anonymous()).await.err(), Some(Error::Unauthenticated));
        let wrong_password = factors.begin(&ada, BeginSecondFactor { password: OTHER.into() }).await.err();
        assert_eq!(wrong_password, Some(Error::invalid("password", "password_wrong")));
    }

    async fn a_phone_that_takes_too_long_begins_anew(world: World) {
        let ada = world.patient("ada@x.example").await;
        let first = begin(&world, &ada).await;
        world.clock.advance_minutes(15);
        assert_eq!(confirm(&world, &ada, &code_at(&world, &first, 0)).await.err(), Some(Error::NotFound));
        let second = begin(&world, &ada).await;
        assert_ne!(first, second);
        assert_eq!(confirm(&world, &ada, &code_at(&world, &first, 0)).await.err(), wrong::<()>().err());
        assert!(confirm(&world, &ada, &code_at(&world, &second, 0)).await.is_ok());
    }
}
