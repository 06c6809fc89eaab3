//! Requests that are given up half-way, as browsers do when somebody goes on to the next page: whatever step they have come to, whoever
//! comes next is known and sees what is hers.

use domain::appointments::AppointmentQuery;

use crate::{
    family::account,
    series::{Practice, THREE},
    series_at_once::{Request, go},
    world::{World, on_both_engines},
};

/// So many at once are given up: no more than there are connections anywhere, since none of them is given back meanwhile.
const FEW: usize = 2;
/// So many at once come next: with them every connection is used.
const MANY: usize = 16;

on_both_engines! {
    async fn who_gives_up_leaves_nothing_of_herself_behind(world: World) {
        let here = Practice::open(&world).await;
        here.book(&world, &THREE).await.unwrap();
        let stranger = world.patient("s@x.example").await;
        let (accounts, appointments) = (&world.services.accounts, &world.services.appointments);
        for steps in 1..12 {
            let mut begun: Vec<Request<'_, _>> =
                (0..FEW).map(|_| appointments.list(&stranger, AppointmentQuery::default())).collect();
            for request in &mut begun {
                let _ = go(request, steps).await;
            }
            drop(begun);
            let whose = account(&here.patient);
            let known = futures::future::join_all((0..MANY).map(|_| accounts.principal(whose))).await;
            for known in known {
                let known = known.unwrap();
                assert!(known.is_some_and(|known| !known.patients.is_empty()), "given up after {steps} steps");
            }
            let own = appointments.list(&here.patient, AppointmentQuery::default()).await.unwrap();
            assert_eq!(own.items.len(), 3, "given up after {steps} steps");
        }
    }
}
