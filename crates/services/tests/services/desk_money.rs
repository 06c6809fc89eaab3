//! Money at the desk, on both engines: what it may take is what the bill says, and what is wrong about an amount is said in its own words.
//!
//! Money that comes and goes through a provider is in `payments`.

use domain::{
    Call, Error,
    access::Role,
    appointments::{Appointment, Move, MoveAppointment},
    error::Conflict,
    payments::{Bill, PaymentMethod, PaymentQuery, RefundPayment, TakePayment},
};

use crate::{
    market::TEN,
    world::{World, booking, on_both_engines},
};

fn cash(amount_minor: i64) -> TakePayment {
    TakePayment { method: PaymentMethod::Cash, amount_minor }
}

fn back(amount_minor: i64) -> RefundPayment {
    RefundPayment { amount_minor, reason: "Paid twice".into() }
}

/// A visit of 50 euros that was booked and is to be paid at the desk.
async fn booked(world: &World) -> (Call, Appointment) {
    let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
    let (doctor, kind) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
    let patient = world.patient("p@x.example").await;
    let visit = world.services.appointments.book(&patient, booking(&doctor, &kind, TEN)).await.unwrap();
    (admin, visit)
}

async fn step(world: &World, who: &Call, visit: &Appointment, step: Move) {
    world.services.appointments.advance(who, visit.id, step, MoveAppointment::default()).await.unwrap();
}

on_both_engines! {
    async fn nothing_is_taken_for_a_visit_that_does_not_take_place(world: World) {
        let (admin, visit) = booked(&world).await;
        let payments = &world.services.payments;
        let told = |bill: &Bill| (bill.due_minor, bill.takes_money);
        world.clock.advance_minutes(27 * 60 + 20);
        for (steps, due) in [
            (&[Move::NoShow][..], false),
            (&[Move::Arrive], true),
            (&[Move::LeaveUnseen], false),
            (&[Move::Arrive, Move::Start, Move::Complete], true),
        ] {
            for next in steps {
                step(&world, &admin, &visit, *next).await;
            }
            let bill = payments.bill(&admin, visit.id).await.unwrap();
            assert_eq!(told(&bill), if due { (bill.price.amount_minor - bill.paid_minor, true) } else { (0, false) }, "{steps:?}");
            let taken = payments.take(&admin, visit.id, cash(1_000)).await;
            let refused = Err(Error::conflict(Conflict::WrongStatus));
            assert_eq!(taken.map(drop), if due { Ok(()) } else { refused }, "{steps:?}");
        }
        let bill = payments.bill(&admin, visit.id).await.unwrap();
        assert_eq!((bill.paid_minor, told(&bill)), (2_000, (3_000, true)));
        world.healthy().await;
    }

    async fn a_bill_offers_each_what_she_may_do_with_money(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, kind) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let patient = world.patient("p@x.example").await;
        let visit = world.services.appointments.book(&patient, booking(&doctor, &kind, TEN)).await.unwrap();
        let desk = world.member(&admin, hospital.id, "desk@x.example", Role::Desk, None).await;
        let payments = &world.services.payments;
        payments.take(&admin, visit.id, cash(2_000)).await.unwrap();
        for (who, takes, gives) in [(&admin, true, true), (&desk, true, false), (&patient, false, false)] {
            let bill = payments.bill(who, visit.id).await.unwrap();
            assert_eq!((bill.due_minor, bill.takes_money, bill.gives_back), (3_000, takes, gives));
        }
        world.healthy().await;
    }

    async fn the_drawer_is_counted_apart_from_the_card_machine(world: World) {
        let (admin, visit) = booked(&world).await;
        let payments = &world.services.payments;
        let by_card = TakePayment { method: PaymentMethod::CardMachine, amount_minor: 3_000 };
        payments.take(&admin, visit.id, by_card).await.unwrap();
        let bill = payments.take(&admin, visit.id, cash(2_000)).await.unwrap();
        let in_cash = bill.payments.iter().find(|payment| payment.method == PaymentMethod::Cash).unwrap();
        payments.refund(&admin, in_cash.id, back(500)).await.unwrap();
        let takings = payments.takings(&admin, visit.hospital_id, PaymentQuery::default()).await.unwrap();
        assert_eq!((takings.cash_minor, takings.card_machine_minor, takings.desk_minor), (1_500, 3_000, 4_500));
        assert_eq!(takings.online_minor, 0);
        world.healthy().await;
    }

    async fn nothing_and_less_are_no_amounts(world: World) {
        let (admin, visit) = booked(&world).await;
        let payments = &world.services.payments;
        let needed = Err(Error::invalid("amount_minor", "amount_needed"));
        for amount in [0, -1, i64::MIN] {
            assert_eq!(payments.take(&admin, visit.id, cash(amount)).await, needed, "{amount}");
        }
        let online = TakePayment { method: PaymentMethod::Online, amount_minor: 1 };
        assert_eq!(payments.take(&admin, visit.id, online).await, Err(Error::invalid("method", "unknown_value")));
        let paid = payments.take(&admin, visit.id, cash(5_000)).await.unwrap().payments[0].id;
        for amount in [0, -1, i64::MIN] {
            assert_eq!(payments.refund(&admin, paid, back(amount)).await, needed, "{amount}");
        }
        world.healthy().await;
    }
}
