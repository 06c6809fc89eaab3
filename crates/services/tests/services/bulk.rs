//! Data in bulk keep every rule that `fsck` knows. How long making them takes is not tested.

use services::{BulkSize, House, Settings};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bulk_data_keep_every_rule() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        data_dir: folder.path().to_owned(),
        database_url: None,
        max_connections: 0,
        limits: true,
        password_cost: services::PasswordCost::Test,
        ..Settings::default()
    };
    let house = House::open(settings).await.unwrap();
    house.migrate().await.unwrap();
    let made = house.seed_bulk(BulkSize::Tiny).await.unwrap();
    assert_eq!((made.hospitals, made.doctors, made.patients, made.appointments), (2, 3, 140, 130 + 3 * 380));
    assert_eq!(house.fsck().await.unwrap().problems, Vec::<String>::new());
    assert!(house.seed_bulk(BulkSize::Tiny).await.is_err(), "only an empty house is filled");
}
