//! Many who want one time at once, on both engines: who gets it, and what all others are told, whether they have waited or have tried.
//!
//! What the database itself refuses is tested in `booking`, contests for seats in `groups`.

use domain::{
    Call, Error,
    appointments::{Appointment, BookAppointment},
    error::Conflict,
    hospitals::SaveVisitType,
    time::Moment,
};
use futures::future::join_all;

use crate::{
    waitlist::{Clinic, at},
    world::{World, booking, kind_of_visit, on_both_engines},
};

async fn patients(world: &World, many: usize) -> Vec<Call> {
    let mut patients = Vec::with_capacity(many);
    for number in 0..many {
        patients.push(world.patient(&format!("p{number}@x.example")).await);
    }
    patients
}

/// All ask at once.
async fn ask(world: &World, asked: &[(Call, BookAppointment)]) -> Vec<domain::Result<Appointment>> {
    let appointments = &world.services.appointments;
    join_all(asked.iter().map(|(call, command)| appointments.book(call, command.clone()))).await
}

/// The times that somebody was offered instead of one that is taken.
fn instead(answer: &domain::Result<Appointment>) -> Vec<Moment> {
    match answer {
        Err(Error::Conflict { reason: Conflict::SlotTaken, alternatives }) => alternatives.clone(),
        other => panic!("{other:?}"),
    }
}

fn starts(moments: &[Moment]) -> Vec<String> {
    moments.iter().map(ToString::to_string).collect()
}

on_both_engines! {
    async fn one_gets_it_and_all_others_hear_the_same(world: World) {
        let clinic = Clinic::open(&world).await;
        let wish = booking(&clinic.doctor, &clinic.kind, &at("10:30"));
        let asked: Vec<_> =
            patients(&world, 12).await.into_iter().map(|patient| (patient, wish.clone())).collect();
        let (won, lost): (Vec<_>, Vec<_>) = ask(&world, &asked).await.into_iter().partition(Result::is_ok);
        assert_eq!((won.len(), lost.len()), (1, 11));
        // Whoever comes when it is over has not waited, and is told by the transaction.
        let late = world.patient("late@x.example").await;
        let late = ask(&world, &[(late, wish)]).await;
        for answer in lost.iter().chain(&late) {
            assert_eq!(starts(&instead(answer)), [at("10:00"), at("11:00"), at("11:30")]);
        }
        world.healthy().await;
    }

    async fn the_same_request_at_once_is_one_visit_whoever_else_wants_it(world: World) {
        let clinic = Clinic::open(&world).await;
        let mut people = patients(&world, 4).await;
        let keyed = Call { idempotency_key: Some("k1".into()), ..people.remove(0) };
        let alone = booking(&clinic.doctor, &clinic.kind, &at("10:00"));
        let answers = ask(&world, &vec![(keyed.clone(), alone); 8]).await;
        let first = answers[0].as_ref().unwrap().id;
        assert!(answers.iter().all(|answer| answer.as_ref().is_ok_and(|visit| visit.id == first)), "{answers:?}");

        let again = Call { idempotency_key: Some("k2".into()), ..keyed };
        let wish = booking(&clinic.doctor, &clinic.kind, &at("11:00"));
        let mut asked = vec![(again, wish.clone()); 6];
        asked.extend(people.into_iter().map(|rival| (rival, wish.clone())));
        let answers = ask(&world, &asked).await;
        let (hers, theirs) = answers.split_at(6);
        let won = theirs.iter().filter(|answer| answer.is_ok()).count();
        if let Ok(visit) = &hers[0] {
            assert_eq!(won, 0, "{answers:?}");
            assert!(hers.iter().all(|answer| answer.as_ref().is_ok_and(|it| it.id == visit.id)), "{hers:?}");
        } else {
            assert_eq!(won, 1, "{answers:?}");
            for answer in hers {
                assert!(!instead(answer).is_empty());
            }
        }
        world.healthy().await;
    }

    async fn whoever_is_refused_is_in_nobodys_way(world: World) {
        let clinic = Clinic::open(&world).await;
        let wish = booking(&clinic.doctor, &clinic.kind, &at("10:00"));
        // Most of them were told another price.
        let wrong = BookAppointment { price_minor: Some(1), ..wish.clone() };
        let mut asked = Vec::new();
        for (number, patient) in patients(&world, 8).await.into_iter().enumerate() {
            asked.push((patient, if number < 6 { wrong.clone() } else { wish.clone() }));
        }
        let answers = ask(&world, &asked).await;
        let (refused, good) = answers.split_at(6);
        assert_eq!(good.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
        for answer in refused {
            let price = Err(Error::invalid("price_minor", "price_changed"));
            assert!(*answer == price || !instead(answer).is_empty(), "{answer:?}");
        }
        world.healthy().await;
    }

    async fn what_several_are_given_is_given_to_all_of_them(world: World) {
        let clinic = Clinic::open(&world).await;
        let save = SaveVisitType { capacity: 5, ..kind_of_visit(&clinic.kind.name) };
        let hospitals = &world.services.hospitals;
        hospitals.update_visit_type(&clinic.admin, clinic.hospital, clinic.kind.id, save).await.unwrap();
        let wish = booking(&clinic.doctor, &clinic.kind, &at("10:00"));
        let asked: Vec<_> =
            patients(&world, 9).await.into_iter().map(|patient| (patient, wish.clone())).collect();
        let (won, lost): (Vec<_>, Vec<_>) = ask(&world, &asked).await.into_iter().partition(Result::is_ok);
        assert_eq!((won.len(), lost.len()), (5, 4));
        for answer in &lost {
            assert!(!starts(&instead(answer)).contains(&at("10:00")));
        }
        world.healthy().await;
    }
}
