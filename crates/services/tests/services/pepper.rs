//! The key that passwords are hashed with, on both engines: it is needed, it can be replaced, and a wrong one is refused.
//!
//! Hashing is tested beside it.

use domain::{Error, accounts::SignIn};
use services::{House, OpenError, PasswordCost, Settings};

use crate::world::{PASSWORD, World, on_both_engines};

const NEXT: &str = "another key of thirty-two letters, or a few more";

/// Closes the house and opens it again with other settings.
pub(crate) async fn reopened(
    world: World,
    change: impl FnOnce(&mut Settings),
) -> (tempfile::TempDir, Result<House, OpenError>) {
    let mut settings = Settings {
        data_dir: world.folder.path().to_owned(),
        database_url: world.database_url.clone(),
        max_connections: 4,
        password_cost: PasswordCost::Test,
        ..Settings::default()
    };
    change(&mut settings);
    let World { house, services, clock, folder, .. } = world;
    drop(services);
    house.close().await;
    let opened = House::open_with(settings, clock).await;
    let migrated = match opened {
        Ok(house) => house.migrate().await.map(|_| house),
        Err(error) => Err(error),
    };
    (folder, migrated)
}

async fn signs_in(house: &House) -> domain::Result<()> {
    let command = SignIn { email: "ada@x.example".into(), password: PASSWORD.into() };
    house.services.accounts.sign_in(command, "").await.map(drop)
}

on_both_engines! {
    async fn a_lost_key_is_not_replaced_by_another(world: World) {
        world.patient("ada@x.example").await;
        let file = world.folder.path().join("pepper.key");
        std::fs::remove_file(&file).unwrap();
        let (_folder, opened) = reopened(world, |_| {}).await;
        assert!(matches!(opened, Err(OpenError::WrongPepper)));
        assert!(!file.exists());
    }

    async fn a_key_is_replaced_while_people_sign_in(world: World) {
        world.patient("ada@x.example").await;
        let old = std::fs::read_to_string(world.folder.path().join("pepper.key")).unwrap();
        let before = world.everything_stored().await;
        let hash = |stored: &str| stored.lines().find(|line| line.starts_with("ada@x.example ")).unwrap().to_owned();
        let url = world.database_url.clone();
        let (folder, opened) = reopened(world, |settings| {
            settings.pepper = Some(NEXT.into());
            settings.pepper_before = Some(old);
        })
        .await;
        let house = opened.unwrap();
        assert_eq!(signs_in(&house).await, Ok(()));
        let after = crate::tables::everything_stored(url.as_deref(), folder.path()).await;
        assert_ne!(hash(&before), hash(&after), "it was hashed anew");
        assert_eq!(signs_in(&house).await, Ok(()));
        let again = crate::tables::everything_stored(url.as_deref(), folder.path()).await;
        assert_eq!(hash(&after), hash(&again), "once");
        let wrong = SignIn { email: "ada@x.example".into(), password: "certainly not this".into() };
        assert_eq!(house.services.accounts.sign_in(wrong, "").await.err(), Some(Error::SignInFailed));
        house.close().await;
    }
}
