//! The next free times of doctors, kept in memory: how often they are read.
//!
//! On SQLite alone: PostgreSQL's notices come back when they like, and put times into doubt once more.

use domain::doctors::{DoctorQuery, DoctorSort};

use crate::world::{Engine, World, booking};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_those_who_search_at_once_one_reads_what_has_changed() {
    let world = World::open(Engine::Sqlite).await.expect("SQLite is always at hand");
    let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
    let (doctor, kind) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
    world.doctor(&admin, hospital.id, "Dr. Berta Beck").await;
    let patient = world.patient("p@x.example").await;
    let search =
        || world.services.doctors.search(DoctorQuery { sort: DoctorSort::Soonest, ..DoctorQuery::default() });
    assert_eq!(search().await.unwrap().items.len(), 2);
    let before = world.house.times_read();
    search().await.unwrap();
    assert_eq!(world.house.times_read(), before, "everything is known");
    let first = search().await.unwrap().items[0].next_free[0].to_string();
    world.services.appointments.book(&patient, booking(&doctor, &kind, &first)).await.unwrap();
    let pages = futures::future::join_all((0..8).map(|_| search())).await;
    for page in pages {
        assert!(page.unwrap().items.iter().any(|card| card.next_free[0].to_string() != first));
    }
    assert_eq!(world.house.times_read(), before + 1, "one has read the times of one doctor");
    world.healthy().await;
}
