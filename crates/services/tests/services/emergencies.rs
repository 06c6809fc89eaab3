//! Emergencies: who is told of one at once, and how many a doctor may try. What one opens is tested in `audit`.

use domain::{
    Call, Error, Services, access::Role, accounts::MemberState, emergencies::DeclareEmergency,
    ids::HospitalId,
};
use services::{House, PasswordCost, Settings};

use crate::world::{World, booking, on_both_engines};

const WHY: &str = "Brought in without consciousness";
const SUBJECT: &str = "A doctor has opened a record in an emergency";

fn emergency(name: &str) -> DeclareEmergency {
    DeclareEmergency { full_name: name.into(), birth_date: "1950-05-05".into(), reason: WHY.into() }
}

fn address(call: &Call) -> String {
    call.actor.principal().unwrap().email.clone()
}

async fn tries_a_name(services: &Services, who: &Call, hospital: HospitalId) -> Option<Error> {
    services.emergencies.declare(who, hospital, emergency("Nobody")).await.err()
}

on_both_engines! {
    async fn administrators_are_told_at_once_and_of_no_patient(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let (second, _) = world.doctor(&admin, hospital.id, "Dr. Bo Lind").await;
        let bo = world.member(&admin, hospital.id, "bo@x.example", Role::Doctor, Some(second.card.id)).await;
        let desk = world.member(&admin, hospital.id, "desk@x.example", Role::Desk, None).await;
        let gone = world.member(&admin, hospital.id, "gone@x.example", Role::HospitalAdmin, None).await;
        let (_, elsewhere) = world.hospital("Riverside", "Europe/Berlin").await;
        let patient = world.patient("p@x.example").await;
        world.services.appointments.book(&patient, booking(&doctor, &visit_type, "2026-11-24T10:00")).await.unwrap();
        let (admin, gone) = (world.confirmed(&admin).await, world.confirmed(&gone).await);
        let seat = gone.actor.principal().unwrap().memberships[0].id;
        world.services.accounts.set_member_state(&admin, hospital.id, seat, MemberState::Suspended).await.unwrap();
        world.letters(&address(&admin)).await;
        world.services.emergencies.declare(&bo, hospital.id, emergency("Patient p@x.example")).await.unwrap();
        let letters = world.letters(&address(&admin)).await;
        let found: Vec<_> = letters.iter().filter(|letter| letter.subject == SUBJECT).collect();
        let [letter] = found.as_slice() else { panic!("one letter") };
        let link = format!("https://care.example/hospital/{}/emergencies", hospital.id);
        for told in ["Member", "Lindenhof", "23 November 2026, 07:00", link.as_str()] {
            assert!(letter.text.contains(told), "{told}: {}", letter.text);
        }
        for private in ["Patient p", "p@x.example", WHY] {
            assert!(!letter.text.contains(private), "{private}: {}", letter.text);
        }
        for other in [&bo, &desk, &gone, &elsewhere, &patient] {
            let letters = world.letters(&address(other)).await;
            assert!(letters.iter().all(|letter| letter.subject != SUBJECT), "{}", address(other));
        }
        world.healthy().await;
    }

    async fn administrators_are_told_of_each(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let (second, _) = world.doctor(&admin, hospital.id, "Dr. Bo Lind").await;
        let bo = world.member(&admin, hospital.id, "bo@x.example", Role::Doctor, Some(second.card.id)).await;
        let admin = world.confirmed(&admin).await;
        for number in 0..6 {
            let patient = world.patient(&format!("p{number}@x.example")).await;
            let at = format!("2026-11-24T{:02}:00", 9 + number);
            world.services.appointments.book(&patient, booking(&doctor, &visit_type, &at)).await.unwrap();
            let whom = emergency(&format!("Patient p{number}@x.example"));
            world.services.emergencies.declare(&bo, hospital.id, whom).await.unwrap();
        }
        let letters = world.letters(&address(&admin)).await;
        assert_eq!(letters.iter().filter(|letter| letter.subject == SUBJECT).count(), 6, "as many as a doctor can open in an hour");
    }

    async fn tries_are_counted_whatever_process_has_seen_them(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, _) = world.doctor(&admin, hospital.id, "Dr. Bo Lind").await;
        let bo = world.member(&admin, hospital.id, "bo@x.example", Role::Doctor, Some(doctor.card.id)).await;
        let unknown = Some(Error::invalid("full_name", "patient_unknown"));
        let many = Some(Error::TooMany { retry_after: 3600 });
        // At once, so that nobody counts before the others are written.
        let tries = futures::future::join_all((0..9).map(|_| tries_a_name(&world.services, &bo, hospital.id))).await;
        assert_eq!(tries.iter().filter(|one| **one == unknown).count(), 6, "{tries:?}");
        assert_eq!(tries.iter().filter(|one| **one == many).count(), 3, "{tries:?}");
        let World { house, services, clock, folder, database_url, .. } = world;
        drop(services);
        house.close().await;
        let settings = Settings {
            data_dir: folder.path().to_owned(),
            database_url,
            max_connections: 4,
            limits: true,
            password_cost: PasswordCost::Test,
            ..Settings::default()
        };
        let house = House::open_with(settings, clock.clone()).await.unwrap();
        house.migrate().await.unwrap();
        assert_eq!(tries_a_name(&house.services, &bo, hospital.id).await, many);
        clock.advance_minutes(61);
        assert_eq!(tries_a_name(&house.services, &bo, hospital.id).await, unknown);
        house.close().await;
    }
}
