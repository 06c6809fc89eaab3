//! Offers to act for somebody, on both engines: who may make one, who may answer, and that nobody learns who has an account.
//!
//! What follows from an answer is in `family`.

use crate::{
    family::{account, again, child, help, helped, offer_of, own_patient, yes},
    world::{World, on_both_engines},
};
use domain::{
    Call, Error,
    error::Conflict,
    family::{AddChild, AnswerOffer, OfferHelp, Permission, Relation},
};
use futures::future::join_all;

const BOOK: &[Permission] = &[Permission::Book];

on_both_engines! {
    async fn an_offer_is_answered_by_whoever_has_confirmed_the_address(world: World) {
        let families = &world.services.families;
        let (mum, stranger) = (world.patient("mum@x.example").await, world.patient("x@x.example").await);
        let made = families.offer(&mum, own_patient(&mum), help(" Son@X.example ", BOOK)).await.unwrap();
        assert_eq!((made.email.as_str(), made.asked_by.as_str(), made.declined), ("son@x.example", "Patient mum@x.example", false));
        let letter = world.letters("son@x.example").await.pop().unwrap();
        assert_eq!(offer_of(&letter), made.id);
        assert!(!letter.text.contains("mum@x.example"), "a name that is more than a name is not sent: {}", letter.text);
        // Claiming the address is not enough; neither is the link.
        let claims = world.newcomer("son@x.example").await;
        for nobody in [&claims, &stranger, &mum] {
            assert_eq!(families.offered(nobody, made.id).await.err(), Some(Error::NotFound));
            assert_eq!(families.answer(nobody, made.id, yes()).await, Err(Error::NotFound));
        }
        assert_eq!(families.offered(&Call::anonymous(), made.id).await.err(), Some(Error::Unauthenticated));
        let son = world.confirmed(&claims).await;
        // Looking at it, as often as one likes, uses nothing up.
        for _ in 0..2 {
            assert_eq!(families.offered(&son, made.id).await.unwrap().patient_id, own_patient(&mum));
        }
        assert_eq!(families.around(&son).await.unwrap().offers.len(), 1);
        families.answer(&son, made.id, yes()).await.unwrap();
        assert_eq!(families.answer(&son, made.id, yes()).await, Err(Error::NotFound), "it is answered once");
        let around = families.around(&mum).await.unwrap();
        assert_eq!((around.asked.len(), around.helpers.len(), around.helpers[0].email.as_deref()), (0, 1, Some("son@x.example")));
        assert_eq!(world.letters("mum@x.example").await.pop().unwrap().subject, "Somebody said yes");
        world.healthy().await;
    }

    async fn a_no_is_a_no(world: World) {
        let families = &world.services.families;
        let (mum, son) = (world.patient("mum@x.example").await, world.patient("son@x.example").await);
        let made = families.offer(&mum, own_patient(&mum), help("son@x.example", BOOK)).await.unwrap();
        families.answer(&son, made.id, AnswerOffer { accept: false, birth_date: None }).await.unwrap();
        assert_eq!(families.answer(&son, made.id, yes()).await, Err(Error::NotFound));
        assert!(again(&world, &son).await.actor.principal().unwrap().acting.is_empty());
        let asked = families.around(&mum).await.unwrap().asked;
        assert!(asked.len() == 1 && asked[0].declined);
        families.withdraw(&mum, made.id).await.unwrap();
        assert!(families.around(&mum).await.unwrap().asked.is_empty());
    }

    async fn nobody_offers_for_a_patient_whom_she_does_not_own(world: World) {
        let families = &world.services.families;
        let (mum, son) = (world.patient("mum@x.example").await, world.patient("son@x.example").await);
        let refused = families.offer(&son, own_patient(&mum), help("x@x.example", BOOK)).await.err();
        assert_eq!(refused, Some(Error::NotFound));
        let son = helped(&world, &mum, &son, &Permission::ALL).await;
        let refused = families.offer(&son, own_patient(&mum), help("x@x.example", BOOK)).await.err();
        assert_eq!(refused, Some(Error::NotFound), "who helps does not choose who else does");
        assert!(world.letters("x@x.example").await.is_empty());
        let made = families.offer(&mum, own_patient(&mum), help("x@x.example", BOOK)).await.unwrap();
        assert_eq!(families.withdraw(&son, made.id).await, Err(Error::NotFound));
        let unconfirmed = world.newcomer("new@x.example").await;
        let refused = families.offer(&unconfirmed, own_patient(&unconfirmed), help("x@x.example", BOOK)).await.err();
        assert_eq!(refused, Some(Error::EmailUnverified));
    }

    async fn an_offer_says_what_is_wrong_with_it(world: World) {
        let families = &world.services.families;
        let mum = world.patient("mum@x.example").await;
        let offer = OfferHelp { until: Some("soon".into()), ..help("mum@x.example", &[]) };
        let refused = families.offer(&mum, own_patient(&mum), offer).await.err();
        let Some(Error::Invalid { fields }) = refused else { panic!("{refused:?}") };
        let told: Vec<_> = fields.iter().map(|f| (f.field.as_str(), f.rule.as_str())).collect();
        assert_eq!(told, [("email", "helper_is_you"), ("permissions", "choose"), ("until", "date_invalid")]);
        // A child has no child, and no partner.
        let command = domain::family::AddChild { full_name: "Mia".into(), birth_date: "2020-01-01".into() };
        let mia = families.add_child(&mum, command).await.unwrap().id;
        let mum = again(&world, &mum).await;
        let refused = families.offer(&mum, mia, OfferHelp { relation: Relation::Partner, ..help("q@x.example", BOOK) }).await.err();
        assert_eq!(refused, Some(Error::invalid("relation", "unknown_value")));
    }

    async fn the_same_whether_an_address_has_an_account(world: World) {
        let families = &world.services.families;
        let mum = world.patient("mum@x.example").await;
        world.patient("known@x.example").await;
        let mut told = Vec::new();
        for email in ["known@x.example", "unknown@x.example"] {
            let made = families.offer(&mum, own_patient(&mum), help(email, BOOK)).await.unwrap();
            let letter = world.letters(email).await.pop().unwrap();
            let alike = |text: String| text.replace(&made.id.to_string(), "id").replace(email, "address");
            told.push([format!("{made:?}"), letter.subject, letter.text].map(alike));
        }
        assert_eq!(told[0], told[1]);
    }

    async fn offers_end_by_themselves_and_are_not_endless(world: World) {
        let families = &world.services.families;
        let (mum, son) = (world.patient("mum@x.example").await, world.patient("son@x.example").await);
        let made = families.offer(&mum, own_patient(&mum), help("son@x.example", BOOK)).await.unwrap();
        world.clock.advance_minutes(30 * 24 * 60);
        assert_eq!(families.answer(&son, made.id, yes()).await, Err(Error::NotFound));
        let offer = async |number: u32| families.offer(&mum, own_patient(&mum), help(&format!("h{number}@x.example"), BOOK)).await;
        for number in 1..=12 {
            offer(number).await.unwrap();
        }
        assert_eq!(offer(13).await.err(), Some(Error::conflict(Conflict::TooManyPeople)));
        for asked in families.around(&mum).await.unwrap().asked {
            families.withdraw(&mum, asked.id).await.unwrap();
        }
        for number in 13..=20 {
            offer(number).await.unwrap();
        }
        assert!(matches!(offer(21).await.err(), Some(Error::TooMany { .. })), "taking back makes no room for more letters");
    }

    async fn no_patient_has_more_helpers_because_many_ask_at_once(world: World) {
        let families = &world.services.families;
        let (first, mia) = child(&world, &world.patient("p0@x.example").await, 4, 10).await;
        let mut parents = vec![first.clone()];
        for number in 1..5 {
            let email = format!("p{number}@x.example");
            let parent = world.patient(&email).await;
            let offer = OfferHelp { relation: Relation::Parent, ..help(&email, &Permission::ALL) };
            let made = families.offer(&first, mia, offer).await.unwrap();
            families.answer(&parent, made.id, yes()).await.unwrap();
            parents.push(again(&world, &parent).await);
        }
        let asked = (0..25).map(|number| {
            let offer = OfferHelp { relation: Relation::Parent, ..help(&format!("h{number}@x.example"), BOOK) };
            families.offer(&parents[number % 5], mia, offer)
        });
        let made = join_all(asked).await;
        // The five act for her already.
        assert_eq!(made.iter().filter(|one| one.is_ok()).count(), 7, "{made:?}");
        let full = Error::conflict(Conflict::TooManyPeople);
        assert!(made.iter().filter_map(|one| one.as_ref().err()).all(|error| *error == full), "{made:?}");
        world.healthy().await;
    }

    async fn nobody_helps_or_adds_more_by_doing_it_at_once(world: World) {
        let families = &world.services.families;
        let add = |call: Call, number: usize| async move {
            let command = AddChild { full_name: format!("Child {number}"), birth_date: "2020-01-01".into() };
            families.add_child(&call, command).await
        };
        let parent = world.patient("p@x.example").await;
        let added = join_all((0..18).map(|number| add(parent.clone(), number))).await;
        assert_eq!(added.iter().filter(|one| one.is_ok()).count(), 12, "{added:?}");
        // Two places are left, and four ask.
        let helper = world.patient("h@x.example").await;
        for number in 0..10 {
            add(helper.clone(), number).await.unwrap();
        }
        let mut offers = Vec::new();
        for number in 0..4 {
            let owner = world.patient(&format!("o{number}@x.example")).await;
            offers.push(families.offer(&owner, own_patient(&owner), help("h@x.example", BOOK)).await.unwrap().id);
        }
        let answers = join_all(offers.into_iter().map(|offer| families.answer(&helper, offer, yes()))).await;
        assert_eq!(answers.iter().filter(|one| one.is_ok()).count(), 2, "{answers:?}");
        assert_eq!(again(&world, &helper).await.actor.principal().unwrap().acting.len(), 12);
        world.healthy().await;
    }

    async fn of_yes_and_taking_back_at_once_one_wins(world: World) {
        let families = &world.services.families;
        let (mum, mut son) = (world.patient("mum@x.example").await, world.patient("son@x.example").await);
        for _ in 0..12 {
            let made = families.offer(&mum, own_patient(&mum), help("son@x.example", BOOK)).await.unwrap();
            let (accepted, withdrawn) = tokio::join!(families.answer(&son, made.id, yes()), families.withdraw(&mum, made.id));
            assert_ne!(accepted.is_ok(), withdrawn.is_ok(), "{accepted:?} {withdrawn:?}");
            son = again(&world, &son).await;
            assert_eq!(son.actor.principal().unwrap().acting.len(), usize::from(accepted.is_ok()));
            if accepted.is_ok() {
                families.end(&mum, own_patient(&mum), account(&son)).await.unwrap();
            }
        }
        world.healthy().await;
    }

    async fn who_was_asked_gives_no_more_than_she_got_and_leaves_nobody_behind(world: World) {
        let families = &world.services.families;
        let calls = [world.patient("p@x.example").await, world.patient("q@x.example").await, world.patient("r@x.example").await];
        let [parent, other, third] = calls;
        let command = domain::family::AddChild { full_name: "Mia".into(), birth_date: "2020-05-05".into() };
        let mia = families.add_child(&parent, command).await.unwrap().id;
        let parent = again(&world, &parent).await;
        let until = || Some("2026-12-31".to_owned());
        let offer = OfferHelp { relation: Relation::Parent, until: until(), ..help("q@x.example", BOOK) };
        let made = families.offer(&parent, mia, offer).await.unwrap();
        families.answer(&other, made.id, yes()).await.unwrap();
        let other = again(&world, &other).await;
        let more = OfferHelp { relation: Relation::Parent, ..help("r@x.example", &Permission::ALL) };
        let refused = families.offer(&other, mia, more).await.unwrap_err();
        for (field, rule) in [("permissions", "more_than_yours"), ("until", "longer_than_yours")] {
            assert!(matches!(&refused, Error::Invalid { fields } if fields.iter().any(|f| f.field == field && f.rule == rule)), "{refused:?}");
        }
        let same = OfferHelp { relation: Relation::Parent, until: until(), ..help("r@x.example", BOOK) };
        let made = families.offer(&other, mia, same).await.unwrap();
        families.answer(&third, made.id, yes()).await.unwrap();
        let helper = again(&world, &third).await;
        assert_eq!(helper.actor.principal().unwrap().acting.len(), 1);
        families.end(&parent, mia, account(&other)).await.unwrap();
        for gone in [&other, &third] {
            assert!(again(&world, gone).await.actor.principal().unwrap().acting.is_empty());
        }
        assert_eq!(again(&world, &parent).await.actor.principal().unwrap().acting.len(), 1);
    }

    async fn what_one_gave_is_in_no_other_hands(world: World) {
        let families = &world.services.families;
        let calls = [world.patient("p@x.example").await, world.patient("q@x.example").await, world.patient("r@x.example").await];
        let [parent, other, third] = calls;
        let command = domain::family::AddChild { full_name: "Mia".into(), birth_date: "2020-05-05".into() };
        let mia = families.add_child(&parent, command).await.unwrap().id;
        let given = async |by: &Call, to: &Call| {
            let email = to.actor.principal().unwrap().email.clone();
            let offer = OfferHelp { relation: Relation::Parent, ..help(&email, &Permission::ALL) };
            let made = families.offer(&again(&world, by).await, mia, offer).await.unwrap();
            families.answer(&again(&world, to).await, made.id, yes()).await
        };
        given(&parent, &other).await.unwrap();
        given(&other, &third).await.unwrap();
        // Nobody gets herself, or who gave her the care, into the hands of those whom she has asked.
        for (by, to) in [(&third, &other), (&other, &parent), (&third, &parent)] {
            assert_eq!(given(by, to).await, Err(Error::conflict(Conflict::HelpsAlready)));
        }
        // Who leaves leaves nobody whom nobody can send away.
        let other_now = again(&world, &other).await;
        families.end(&other_now, mia, account(&other)).await.unwrap();
        assert_eq!(again(&world, &third).await.actor.principal().unwrap().acting.len(), 1);
        families.end(&again(&world, &parent).await, mia, account(&third)).await.unwrap();
        assert!(again(&world, &third).await.actor.principal().unwrap().acting.is_empty());
        // Somebody who was sent away may be asked again.
        given(&parent, &third).await.unwrap();
        world.clock.advance_minutes(1);
        given(&parent, &other).await.unwrap();
        // Whoever was first leaves: the parent who has been there longest has it in hand, and nobody her.
        families.end(&again(&world, &parent).await, mia, account(&parent)).await.unwrap();
        assert_eq!(families.end(&again(&world, &other).await, mia, account(&third)).await, Err(Error::NotFound));
        families.end(&again(&world, &third).await, mia, account(&other)).await.unwrap();
        world.healthy().await;
    }

    async fn who_asked_must_still_be_able_to_when_it_is_answered(world: World) {
        let families = &world.services.families;
        let (parent, other) = (world.patient("p@x.example").await, world.patient("q@x.example").await);
        // Eleven the day after tomorrow.
        let command = domain::family::AddChild { full_name: "Mia".into(), birth_date: "2015-11-25".into() };
        let mia = families.add_child(&parent, command).await.unwrap().id;
        let parent = again(&world, &parent).await;
        let offer = OfferHelp { relation: Relation::Parent, ..help("q@x.example", BOOK) };
        let made = families.offer(&parent, mia, offer).await.unwrap();
        world.clock.advance_minutes(2 * 24 * 60);
        assert_eq!(families.answer(&other, made.id, yes()).await, Err(Error::NotFound));
        assert!(again(&world, &other).await.actor.principal().unwrap().acting.is_empty());
    }
}
