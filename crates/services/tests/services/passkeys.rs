//! Passkeys from adding to removing, on both engines: what is asked when, that an answer counts once, and whose it is.
//!
//! A key of our own answers; browsers are met in the journeys.

use domain::{
    Call, Error,
    accounts::Entry,
    ids::{ChallengeId, PasskeyId},
    passkeys::{AddPasskey, Passkey, PasskeySignIn, RenamePasskey},
};

use crate::{
    authenticator::Authenticator,
    second_factors::turn_on,
    world::{World, act_as, on_both_engines},
};

const HOUSE: &str = "https://care.example";

fn failed<T>() -> domain::Result<T> {
    Err(Error::invalid("credential", "passkey_failed"))
}

fn late<T>() -> domain::Result<T> {
    Err(Error::invalid("credential", "passkey_late"))
}

/// Asks for a challenge to add a passkey.
async fn begin(world: &World, call: &Call) -> domain::Result<String> {
    let own = world.services.passkeys.begin_adding(call).await?;
    Ok(own.adding.unwrap())
}

async fn add(world: &World, call: &Call, credential: String) -> domain::Result<Passkey> {
    let command = AddPasskey { name: "My phone".into(), credential };
    world.services.passkeys.add(call, command).await
}

/// A new key of an account.
pub(crate) async fn key(world: &World, call: &Call) -> (Authenticator, PasskeyId) {
    let mut key = Authenticator::new(HOUSE);
    let answer = key.create(&begin(world, call).await.unwrap());
    let added = add(world, call, answer).await.unwrap();
    (key, added.id)
}

async fn give(world: &World, id: ChallengeId, credential: String) -> domain::Result<Entry> {
    world.services.passkeys.sign_in(PasskeySignIn { challenge_id: id, credential }, "").await
}

/// Signs in with a key.
pub(crate) async fn enter(world: &World, key: &mut Authenticator) -> domain::Result<Entry> {
    let asked = world.services.passkeys.begin_sign_in().await.unwrap();
    give(world, asked.id, key.get(&asked.options)).await
}

pub(crate) async fn remove(world: &World, call: &Call, id: PasskeyId) -> domain::Result<()> {
    world.services.passkeys.remove(call, id).await
}

on_both_engines! {
    async fn a_key_that_was_added_signs_in_without_a_password_and_a_code(world: World) {
        let ada = world.patient("ada@x.example").await;
        let passkeys = &world.services.passkeys;
        let mut key = Authenticator::new(HOUSE);
        key.backed_up = true;
        let answer = key.create(&begin(&world, &ada).await.unwrap());
        let added = add(&world, &ada, answer).await.unwrap();
        assert_eq!((added.name.as_str(), added.used_at, added.backed_up), ("My phone", None, true));
        let own = passkeys.list(&ada).await.unwrap();
        assert_eq!((own.offered, own.items, own.room, own.adding), (true, vec![added.clone()], 9, None));
        let subjects: Vec<String> = world.letters("ada@x.example").await.into_iter().map(|letter| letter.subject).collect();
        assert_eq!(subjects, ["A passkey was added to your account"]);

        // Whoever has the key needs no code of the phone.
        turn_on(&world, &ada).await;
        let entry = enter(&world, &mut key).await.unwrap();
        assert_eq!(Some(entry.principal.account_id), ada.actor.account_id());
        assert!(!entry.marks.is_empty(), "the browser is known from now on");
        let now = act_as(&world.services, entry.principal.account_id).await;
        assert_eq!(entry.principal.session_epoch, now.actor.principal().unwrap().session_epoch);
        assert!(passkeys.list(&ada).await.unwrap().items[0].used_at.is_some());
        let asked = passkeys.begin_sign_in().await.unwrap();
        let command = PasskeySignIn { challenge_id: asked.id, credential: key.get(&asked.options) };
        let tokens = passkeys.issue(command, "test").await.unwrap();
        let holder = world.services.sign_ins.holder(&tokens.access_token).await.unwrap().unwrap();
        assert_eq!(Some(holder.principal.account_id), ada.actor.account_id());
        world.healthy().await;
    }

    async fn an_answer_is_good_once_and_for_its_own_challenge(world: World) {
        let ada = world.patient("ada@x.example").await;
        let (mut key, _) = key(&world, &ada).await;
        let asked = world.services.passkeys.begin_sign_in().await.unwrap();
        let answer = key.get(&asked.options);
        assert!(give(&world, asked.id, answer.clone()).await.is_ok());
        assert_eq!(give(&world, asked.id, answer.clone()).await, late(), "sent twice");
        let other = world.services.passkeys.begin_sign_in().await.unwrap();
        assert_eq!(give(&world, other.id, answer).await, failed(), "an answer to another question");
        let right = key.get(&other.options);
        assert_eq!(give(&world, other.id, right).await, late(), "a wrong answer has used it up");
        let old = world.services.passkeys.begin_sign_in().await.unwrap();
        world.clock.advance_minutes(5);
        let right = key.get(&old.options);
        assert_eq!(give(&world, old.id, right).await, late(), "five minutes");
        assert!(enter(&world, &mut key).await.is_ok());
    }

    async fn of_many_answers_at_once_one_counts(world: World) {
        let ada = world.patient("ada@x.example").await;
        let (mut key, _) = key(&world, &ada).await;
        let asked = world.services.passkeys.begin_sign_in().await.unwrap();
        let answer = key.get(&asked.options);
        let answers = futures::future::join_all((0..8).map(|_| give(&world, asked.id, answer.clone()))).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    }

    async fn a_challenge_to_add_is_good_once_and_for_its_account(world: World) {
        let (ada, bob) = (world.patient("ada@x.example").await, world.patient("bob@x.example").await);
        let mut key = Authenticator::new(HOUSE);
        let options = begin(&world, &ada).await.unwrap();
        let answer = key.create(&options);
        assert_eq!(add(&world, &bob, answer.clone()).await, late(), "nothing was begun");
        begin(&world, &bob).await.unwrap();
        assert_eq!(add(&world, &bob, answer.clone()).await, failed(), "the challenge is another's");
        // A name can be mended; the challenge still waits.
        let nameless = AddPasskey { name: " ".into(), credential: answer.clone() };
        let refused = world.services.passkeys.add(&ada, nameless).await;
        assert_eq!(refused, Err(Error::invalid("name", "required")));
        let without_script = add(&world, &ada, String::new()).await;
        assert_eq!(without_script, Err(Error::invalid("credential", "passkey_needs_script")));
        assert!(add(&world, &ada, answer.clone()).await.is_ok());
        assert_eq!(add(&world, &ada, answer).await, late(), "sent twice");
        let first = begin(&world, &ada).await.unwrap();
        let second = begin(&world, &ada).await.unwrap();
        let mut other = Authenticator::new(HOUSE);
        assert_eq!(add(&world, &ada, other.create(&first)).await, failed(), "another took its place");
        assert_eq!(add(&world, &ada, other.create(&second)).await, late());
        let old = begin(&world, &ada).await.unwrap();
        world.clock.advance_minutes(5);
        assert_eq!(world.services.passkeys.list(&ada).await.unwrap().adding, None);
        assert_eq!(add(&world, &ada, other.create(&old)).await, late());
        assert!(world.house.sweep().await.unwrap() > 0);
    }

    async fn another_site_and_an_unverified_person_are_refused(world: World) {
        let ada = world.patient("ada@x.example").await;
        for (origin, verifies) in [
            ("https://care.example.evil.example", true),
            ("https://evil.care.example", true),
            ("http://care.example", true),
            ("https://care.example:8443", true),
            (HOUSE, false),
        ] {
            let mut key = Authenticator::new(origin);
            key.verifies = verifies;
            let answer = key.create(&begin(&world, &ada).await.unwrap());
            assert_eq!(add(&world, &ada, answer).await, failed(), "{origin} {verifies}");
        }
        let (mut key, _) = key(&world, &ada).await;
        key.verifies = false;
        assert_eq!(enter(&world, &mut key).await, failed());
        key.verifies = true;
        key.origin = "https://care.example.evil.example".into();
        assert_eq!(enter(&world, &mut key).await, failed());
        key.origin = HOUSE.into();
        assert!(enter(&world, &mut key).await.is_ok());
    }

    async fn whose_key_it_is_says_the_house_and_not_the_key(world: World) {
        let (ada, bob) = (world.patient("ada@x.example").await, world.patient("bob@x.example").await);
        let (mut hers, _) = key(&world, &ada).await;
        let (mut his, _) = key(&world, &bob).await;
        // A key that says it is another's.
        let own = std::mem::replace(&mut hers.user, his.user.clone());
        assert_eq!(enter(&world, &mut hers).await, failed());
        hers.user = own;
        // A key that calls itself by the name of another's.
        let name = std::mem::replace(&mut hers.id, his.id.clone());
        assert_eq!(enter(&world, &mut hers).await, failed());
        let answer = hers.create(&begin(&world, &ada).await.unwrap());
        assert_eq!(add(&world, &ada, answer).await, failed(), "the name is taken");
        hers.id = name;
        for key in [&mut hers, &mut his] {
            assert!(enter(&world, key).await.is_ok());
        }
        let mut unknown = Authenticator::new(HOUSE);
        unknown.user = hers.user.clone();
        assert_eq!(enter(&world, &mut unknown).await, failed());
        unknown.user = vec![7; 16];
        assert_eq!(enter(&world, &mut unknown).await, failed());
        let asked = world.services.passkeys.begin_sign_in().await.unwrap();
        assert_eq!(give(&world, asked.id, "not JSON".into()).await, failed());
    }

    async fn a_copy_of_a_key_that_counts_is_found_out(world: World) {
        let ada = world.patient("ada@x.example").await;
        let (mut key, _) = key(&world, &ada).await;
        for (counter, fits) in [(0, true), (5, true), (5, false), (4, false), (0, false), (6, true)] {
            key.counter = counter;
            assert_eq!(enter(&world, &mut key).await.is_ok(), fits, "{counter}");
        }
    }

    async fn a_removed_key_is_worth_nothing_and_ends_what_was_begun_with_it(world: World) {
        let ada = world.patient("ada@x.example").await;
        let (mut key, id) = key(&world, &ada).await;
        let asked = world.services.passkeys.begin_sign_in().await.unwrap();
        let command = PasskeySignIn { challenge_id: asked.id, credential: key.get(&asked.options) };
        let tokens = world.services.passkeys.issue(command, "test").await.unwrap();
        let before = enter(&world, &mut key).await.unwrap().principal.session_epoch;
        world.letters("ada@x.example").await;
        remove(&world, &ada, id).await.unwrap();
        assert_eq!(enter(&world, &mut key).await, failed());
        let now = act_as(&world.services, ada.actor.account_id().unwrap()).await;
        assert_eq!(remove(&world, &now, id).await, Err(Error::NotFound));
        assert!(now.actor.principal().unwrap().session_epoch > before, "a sign-in on its way comes to nothing");
        assert!(world.services.sign_ins.holder(&tokens.access_token).await.unwrap().is_none());
        let letter = world.letters("ada@x.example").await.pop().unwrap();
        assert_eq!(letter.subject, "A passkey was removed from your account");
        assert_eq!(world.services.passkeys.list(&now).await.unwrap().room, 10);
    }

    async fn to_add_and_to_remove_one_shows_lately_who_one_is_and_to_rename_one_does_not(world: World) {
        let ada = world.patient("ada@x.example").await;
        let (mut key, id) = key(&world, &ada).await;
        let mut other = Authenticator::new(HOUSE);
        let options = begin(&world, &ada).await.unwrap();
        // The screen was left open.
        let open = Call::by(ada.actor.clone());
        assert_eq!(begin(&world, &open).await, Err(Error::StepUpRequired));
        assert_eq!(add(&world, &open, other.create(&options)).await, Err(Error::StepUpRequired), "though the challenge waits");
        assert_eq!(remove(&world, &open, id).await, Err(Error::StepUpRequired));
        let rename = RenamePasskey { name: "Old phone".into() };
        assert_eq!(world.services.passkeys.rename(&open, id, rename).await.unwrap().name, "Old phone");
        assert_eq!(world.services.passkeys.list(&open).await.unwrap().items.len(), 1);
        let sent: Vec<String> = world.letters("ada@x.example").await.into_iter().map(|letter| letter.subject).collect();
        assert_eq!(sent, ["A passkey was added to your account"], "of what was done, and of nothing else");
        assert!(add(&world, &ada, other.create(&options)).await.is_ok(), "a refusal has not used it up");

        // A sign-in with a passkey is a proof, and as any it grows old.
        let asked = world.services.passkeys.begin_sign_in().await.unwrap();
        let command = PasskeySignIn { challenge_id: asked.id, credential: key.get(&asked.options) };
        let tokens = world.services.passkeys.issue(command, "test").await.unwrap();
        let program = world.services.sign_ins.holder(&tokens.access_token).await.unwrap().unwrap();
        let program = Call { sign_in: Some(program.sign_in), ..open };
        assert!(begin(&world, &program).await.is_ok());
        world.clock.advance_minutes(5);
        assert_eq!(begin(&world, &program).await, Err(Error::StepUpRequired));
    }

    async fn passkeys_of_others_are_not_there(world: World) {
        let (ada, bob) = (world.patient("ada@x.example").await, world.patient("bob@x.example").await);
        let (_, id) = key(&world, &ada).await;
        let rename = async |call: &Call, name: &str| {
            world.services.passkeys.rename(call, id, RenamePasskey { name: name.into() }).await
        };
        assert_eq!(rename(&bob, "Mine").await, Err(Error::NotFound));
        assert_eq!(remove(&world, &bob, id).await, Err(Error::NotFound));
        assert_eq!(world.services.passkeys.list(&bob).await.unwrap().items, []);
        assert_eq!(rename(&ada, " Old phone ").await.unwrap().name, "Old phone");
        assert_eq!(rename(&ada, &"x".repeat(61)).await, Err(Error::invalid("name", "too_long")));
        let nobody = Call::anonymous();
        assert_eq!(world.services.passkeys.list(&nobody).await, Err(Error::Unauthenticated));
        assert_eq!(rename(&nobody, "Mine").await, Err(Error::Unauthenticated));
        assert_eq!(begin(&world, &nobody).await, Err(Error::Unauthenticated));
        assert_eq!(remove(&world, &nobody, id).await, Err(Error::Unauthenticated));
    }

    async fn ten_are_the_most(world: World) {
        let ada = world.patient("ada@x.example").await;
        let mut ids = Vec::new();
        for _ in 0..10 {
            ids.push(key(&world, &ada).await.1);
        }
        let full = Err(Error::invalid("passkey", "passkeys_full"));
        assert_eq!(begin(&world, &ada).await, full);
        assert_eq!(world.services.passkeys.list(&ada).await.unwrap().room, 0);
        remove(&world, &ada, ids[3]).await.unwrap();
        let ada = act_as(&world.services, ada.actor.account_id().unwrap()).await;
        assert!(begin(&world, &ada).await.is_ok());
    }

    async fn a_house_under_a_number_offers_none(world: World) {
        drop(world);
        for origin in ["", "http://127.0.0.1:3000", "http://[::1]:3000"] {
            let engine = crate::world::Engine::Sqlite;
            let world = World::open_with(engine, |settings| settings.passkey_origin = origin.into()).await.unwrap();
            let ada = world.patient("ada@x.example").await;
            assert!(!world.services.passkeys.offered() && !world.services.passkeys.list(&ada).await.unwrap().offered);
            assert_eq!(begin(&world, &ada).await, Err(Error::NotFound));
            assert_eq!(world.services.passkeys.begin_sign_in().await, Err(Error::NotFound));
        }
    }
}
