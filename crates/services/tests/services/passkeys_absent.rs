//! A house that was built without passkeys: it says so, and asks nothing of them.
//!
//! With the feature `passkeys` there are other tests.

use domain::Error;

use crate::world::{World, on_both_engines};

on_both_engines! {
    async fn it_offers_none(world: World) {
        let ada = world.patient("ada@x.example").await;
        let passkeys = &world.services.passkeys;
        let own = passkeys.list(&ada).await.unwrap();
        assert!(!passkeys.offered() && !own.offered && own.items.is_empty());
        let begun = passkeys.begin_adding(&ada).await;
        assert_eq!(begun, Err(Error::NotFound));
        assert_eq!(passkeys.begin_sign_in().await, Err(Error::NotFound));
    }
}
