//! A row of visits that is called off while somebody else calls one of them off: whichever step the first request has come to, each visit
//! is the doing of one of the two, and so the audit says.

use std::{pin::Pin, task::Poll};

use domain::{
    Error,
    appointments::{Move, MoveAppointment},
    error::Conflict,
    ids::{AccountId, AppointmentId},
    page::PageQuery,
    series::{CancelSeries, VisitSeries},
};

use crate::{
    family::{account, own_patient},
    series::{Practice, THREE},
    world::{World, on_both_engines},
};

/// A request that can be left standing where it is.
pub(crate) type Request<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Goes so many steps with a request, each until it waits for something. What came out, if that was enough.
pub(crate) async fn go<T>(request: &mut Request<'_, T>, steps: usize) -> Option<T> {
    let mut left = steps;
    std::future::poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        request.as_mut().poll(context).map(Some)
    })
    .await
}

/// Who has called a visit off, as its patient reads it in the audit.
async fn noted(world: &World, here: &Practice, visit: AppointmentId) -> Vec<Option<AccountId>> {
    let (patient, newest) = (own_patient(&here.patient), PageQuery { cursor: None, limit: Some(100) });
    let looks = world.services.audit.of_patient(&here.patient, patient, newest).await.unwrap().items;
    let of_it = looks.iter().filter(|look| look.entity_id == Some(visit.0));
    of_it.filter(|look| look.action == "cancel_appointment").map(|look| look.account_id).collect()
}

/// What both were answered when the patient called a row off and the hospital one visit of it.
struct Both {
    row: VisitSeries,
    patients: domain::Result<VisitSeries>,
    hospitals: domain::Result<()>,
}

/// The patient calls a row off; after so many steps of that the hospital calls one of its visits off.
async fn both(world: &World, here: &Practice, index: usize, steps: usize) -> Both {
    // The audit is read by the clock, the newest first.
    world.clock.advance_minutes(1);
    let row = here.book(world, &THREE).await.unwrap();
    let (series, appointments) = (&world.services.series, &world.services.appointments);
    let first = row.visits[0].id;
    let mut request: Request<'_, _> = series.cancel_from(&here.patient, first, CancelSeries::default());
    let early = go(&mut request, steps).await;
    let command = MoveAppointment::default();
    let hospitals = appointments.advance(&here.admin, row.visits[index].id, Move::Cancel, command).await;
    let patients = match early {
        Some(outcome) => outcome,
        None => request.await,
    };
    Both { row, patients, hospitals: hospitals.map(drop) }
}

/// Calls off whatever of a row stands, so that the next one has its times.
async fn clear(world: &World, here: &Practice, row: &VisitSeries) {
    for visit in &row.visits {
        let rest = world.services.series.cancel_from(&here.patient, visit.id, CancelSeries::default()).await;
        assert!(matches!(rest, Ok(_) | Err(Error::Conflict { .. })), "{rest:?}");
    }
}

/// The steps of the patient's request after which the hospital comes; long before the last one it comes too late.
fn moments() -> impl Iterator<Item = usize> {
    (1..1_000).step_by(5)
}

on_both_engines! {
    async fn a_visit_of_a_row_is_noted_as_called_off_by_whoever_was_faster(world: World) {
        let here = Practice::open(&world).await;
        for steps in moments() {
            let Both { row, patients, hospitals } = both(&world, &here, 2, steps).await;
            let by = if hospitals.is_ok() { account(&here.admin) } else { account(&here.patient) };
            assert_eq!(noted(&world, &here, row.visits[2].id).await, [Some(by)], "after {steps} steps");
            let own = noted(&world, &here, row.visits[1].id).await;
            assert_eq!(own.len(), usize::from(patients.is_ok()), "after {steps} steps");
            clear(&world, &here, &row).await;
            if hospitals.is_err() {
                world.healthy().await;
                return;
            }
        }
        panic!("the hospital was always faster");
    }

    async fn whoever_calls_a_row_off_is_told_that_somebody_was_faster_with_its_first_visit(world: World) {
        let here = Practice::open(&world).await;
        for steps in moments() {
            let Both { row, patients, hospitals } = both(&world, &here, 0, steps).await;
            let faster = hospitals.is_ok();
            assert_ne!(patients.is_ok(), faster, "after {steps} steps: {patients:?}");
            let of_it = |error: &Error| matches!(error, Error::Conflict { reason: Conflict::WrongStatus | Conflict::StaleVersion, .. });
            assert!(patients.as_ref().err().is_none_or(of_it), "{patients:?}");
            assert_eq!(noted(&world, &here, row.visits[0].id).await.len(), 1, "after {steps} steps");
            assert_eq!(noted(&world, &here, row.visits[1].id).await.len(), usize::from(!faster));
            clear(&world, &here, &row).await;
            if !faster {
                world.healthy().await;
                return;
            }
        }
        panic!("the hospital was always faster");
    }
}
