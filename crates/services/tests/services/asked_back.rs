//! Visit types for those alone who are asked back, on both engines: who is shown them, and who books them.
//!
//! What a ticket allows is tested in `tickets`.

use domain::{
    Call, Error,
    appointments::{BookAppointment, RescheduleAppointment, Status},
    doctors::DoctorQuery,
    family::Permission,
    follow_ups::{BookFollowUp, OfferFollowUp, Unit},
    hospitals::{SaveVisitType, VisitType},
    ids::HospitalId,
    payments::FollowUpQuery,
    series::PlanSeries,
    waitlist::{EntryStatus, JoinWaitlist},
};

use crate::{
    family::helped,
    free_visits::Place,
    waitlist::{Clinic, at, cancel, entry, relay},
    world::{World, booking, kind_of_visit, on_both_engines},
};

/// Lets patients have the clinic's kind of visit only when they are asked back.
async fn only_when_asked(world: &World, clinic: &Clinic) {
    set(world, (&clinic.admin, clinic.hospital), &clinic.kind, true).await;
}

/// Says whether patients have a kind of visit only when they are asked back.
async fn set(world: &World, (admin, hospital): (&Call, HospitalId), kind: &VisitType, only_when_asked: bool) {
    let save = SaveVisitType { series: true, follow_up_only: only_when_asked, ..kind_of_visit(&kind.name) };
    let hospitals = &world.services.hospitals;
    let saved = hospitals.update_visit_type(admin, hospital, kind.id, save).await.unwrap();
    assert_eq!(saved.follow_up_only, only_when_asked);
}

on_both_engines! {
    async fn what_one_is_asked_back_for_is_shown_to_the_hospital_alone(world: World) {
        let (clinic, patient) = (Clinic::open(&world).await, world.patient("p@x.example").await);
        let services = &world.services;
        assert_eq!(services.doctors.search(DoctorQuery::default()).await.unwrap().items.len(), 1);
        only_when_asked(&world, &clinic).await;
        for (who, many) in [(&clinic.admin, 1), (&patient, 0)] {
            let card = services.doctors.get(who, clinic.doctor.card.id).await.unwrap().card;
            let types = services.hospitals.visit_types(who, clinic.hospital).await.unwrap();
            assert_eq!((card.visit_types.len(), types.len()), (many, many));
            assert!(card.price_from.is_none() && card.next_free.is_empty());
        }
        assert!(services.doctors.search(DoctorQuery::default()).await.unwrap().items.is_empty());
    }

    async fn what_one_is_asked_back_for_is_booked_with_a_ticket_or_by_the_hospital(world: World) {
        let (clinic, patient) = (Clinic::open(&world).await, world.patient("p@x.example").await);
        let services = &world.services;
        let visit = clinic.book(&world, &patient, "10:00").await.unwrap();
        only_when_asked(&world, &clinic).await;
        // Nobody has it by herself, in whatever way.
        let refused = || Error::invalid("visit_type_id", "follow_up_required");
        let wish = || booking(&clinic.doctor, &clinic.kind, &at("11:00"));
        assert_eq!(services.appointments.book(&patient, wish()).await, Err(refused()));
        assert_eq!(services.appointments.hold(&patient, wish()).await, Err(refused()));
        let BookAppointment { doctor_id, visit_type_id, start, .. } = wish();
        let row = PlanSeries { doctor_id, visit_type_id, patient_id: None, start, every_weeks: 1, count: 2 };
        assert_eq!(services.series.plan(&patient, row).await.map(drop), Err(refused()));
        assert_eq!(services.waitlist.join(&patient, clinic.wish()).await.map(drop), Err(refused()));
        // What she has already is moved as any other visit, and may be earlier.
        let to = RescheduleAppointment { start: at("11:30"), ..RescheduleAppointment::default() };
        services.appointments.reschedule(&patient, visit.id, to).await.unwrap();
        let earlier = JoinWaitlist { appointment_id: Some(visit.id), ..clinic.wish() };
        services.waitlist.join(&patient, earlier).await.unwrap();
        // The hospital books it for her, and a ticket lets her.
        let for_her = BookAppointment { patient_id: Some(visit.patient_id), ..wish() };
        services.appointments.book(&clinic.admin, for_her).await.unwrap();
        let asks = OfferFollowUp {
            visit_type_id,
            doctor_id: Some(doctor_id),
            earliest: 3,
            latest: 5,
            unit: Unit::Weeks,
            note: None,
        };
        let ticket = services.follow_ups.offer(&clinic.admin, visit.id, asks).await.unwrap().id;
        let chosen = BookFollowUp { start: "2026-12-15T10:00".into(), doctor_id: None, reason: None };
        services.follow_ups.book(&patient, ticket, chosen).await.unwrap();
        world.healthy().await;
    }

    async fn what_is_free_only_when_one_is_asked_back_is_promised_as_that(world: World) {
        let (place, patient) = (Place::open(&world, 1).await, world.patient("p@x.example").await);
        let paid = place.paid(&world, &patient).await;
        let (payments, card) = (&world.services.payments, &place.doctor.card);
        for asked in [false, true, false] {
            set(&world, (&place.admin, card.hospital.id), &card.visit_types[0], asked).await;
            let bill = payments.bill(&patient, paid.id).await.unwrap();
            assert_eq!(bill.opens.map(|window| window.only_when_asked), Some(asked));
            let open = payments.follow_ups(&patient, card.id, FollowUpQuery::default()).await.unwrap();
            let said: Vec<bool> = open.iter().map(|window| window.only_when_asked).collect();
            assert_eq!(said, [asked]);
        }
        world.healthy().await;
    }

    async fn who_waits_already_keeps_her_place_and_has_what_she_is_offered(world: World) {
        let (clinic, busy, visits) = Clinic::full(&world).await;
        let (first, late) = (world.patient("f@x.example").await, world.patient("l@x.example").await);
        let waits = clinic.join(&world, &first).await.id;
        only_when_asked(&world, &clinic).await;
        let refused = Error::invalid("visit_type_id", "follow_up_required");
        assert_eq!(world.services.waitlist.join(&late, clinic.wish()).await.map(drop), Err(refused));
        cancel(&world, &busy, &visits[0]).await;
        assert_eq!(relay(&world).await, 1);
        assert_eq!(entry(&world, &first, waits).await.status, EntryStatus::Offered);
        let hers = world.services.waitlist.accept(&first, waits).await.unwrap();
        assert_eq!((hers.status, hers.start.to_string()), (Status::Booked, at("10:00")));
        assert_eq!(entry(&world, &first, waits).await.status, EntryStatus::Taken);
        world.healthy().await;
    }

    async fn a_ticket_of_a_private_doctors_is_kept_from_helpers(world: World) {
        let (clinic, patient) = (Clinic::open(&world).await, world.patient("p@x.example").await);
        let visit = clinic.book(&world, &patient, "10:00").await.unwrap();
        let helper = world.patient("h@x.example").await;
        let helper = helped(&world, &patient, &helper, &[Permission::Book, Permission::Records]).await;
        let tickets = &world.services.follow_ups;
        let back = OfferFollowUp {
            visit_type_id: clinic.kind.id,
            doctor_id: None,
            earliest: 1,
            latest: 2,
            unit: Unit::Weeks,
            note: None,
        };
        let ticket = tickets.offer(&clinic.admin, visit.id, back).await.unwrap().id;
        let own = async |who: &Call| tickets.own(who).await.unwrap().len();
        assert_eq!((own(&patient).await, own(&helper).await), (1, 1));
        world.becomes_private(&clinic.admin, &clinic.doctor, &clinic.kind).await;
        assert_eq!((own(&patient).await, own(&helper).await), (1, 0));
        assert_eq!(tickets.get(&helper, ticket).await.err(), Some(Error::NotFound));
        world.healthy().await;
    }
}
