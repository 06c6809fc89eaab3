//! Visits of the demo: three weeks back and two ahead, each booked, confirmed, completed or called off as it would be.
//!
//! The clock is set to each moment, so the services' own rules hold for the past as well.

use domain::{
    Call, Services,
    appointments::{BookAppointment, Move, MoveAppointment},
    availability::SlotQuery,
    hospitals::VisitType,
    ids::{DoctorId, PatientId},
    time::plus_days,
};
use jiff::{
    Timestamp,
    civil::{Date, Weekday},
    tz::TimeZone,
};

use super::Place;
use crate::outside::clock::TestClock;

/// Days before and after today.
const BACK: i32 = 21;
const AHEAD: i32 = 14;
/// How many come to a group.
const TOGETHER: usize = 6;
const REASONS: &[&str] = &[
    "A cough that does not go away",
    "Yearly check-up",
    "Pain in the right knee when walking",
    "Results of the blood test",
    "My blood pressure was high at home",
    "A new prescription",
];

/// Books and moves on; returns how many visits there are.
pub(super) async fn fill(
    services: &Services,
    clock: &TestClock,
    now: Timestamp,
    places: &[Place],
    patients: &[(PatientId, Call)],
) -> anyhow::Result<usize> {
    let mut made = 0;
    let mut turn = 0;
    for offset in -BACK..=AHEAD {
        for (at, place) in places.iter().enumerate() {
            let zone = TimeZone::get(place.zone)?;
            let date = plus_days(now.to_zoned(zone.clone()).date(), offset);
            clock.set(date.to_zoned(zone)?.timestamp() - jiff::SignedDuration::from_hours(20));
            for (number, (doctor, types)) in place.doctors.iter().enumerate() {
                let few = if offset > 7 { 1 } else { 2 };
                for part in 0..few {
                    turn += 1;
                    let Some(visit_type) = types.get((turn + part) % types.len().max(1)) else { continue };
                    let choice = (turn * 7 + number * 3 + part * 11) % 40;
                    // The guide's patient sees the first hospital's doctors now and then.
                    let who = if at == 0 && turn % 23 == 0 {
                        0
                    } else {
                        1 + (turn * 13 + number) % (patients.len() - 1)
                    };
                    let Some(patient) = patients.get(who) else { continue };
                    let wish = Wish { doctor: *doctor, visit_type, date, choice, turn };
                    made += usize::from(visit(services, clock, now, place, patient, wish).await?);
                }
            }
        }
    }
    clock.set(now);
    Ok(made)
}

/// Lets some patients meet in the groups, once a week; returns how many visits there are.
pub(super) async fn meet(
    services: &Services,
    clock: &TestClock,
    now: Timestamp,
    places: &[Place],
    patients: &[(PatientId, Call)],
) -> anyhow::Result<usize> {
    let mut made = 0;
    for place in places {
        let Some((doctor, visit_type)) = &place.group else { continue };
        let zone = TimeZone::get(place.zone)?;
        let today = now.to_zoned(zone.clone()).date();
        let dates = (-BACK..=AHEAD).map(|offset| plus_days(today, offset));
        for (week, date) in dates.filter(|date| date.weekday() == Weekday::Wednesday).enumerate() {
            clock.set(date.to_zoned(zone.clone())?.timestamp() - jiff::SignedDuration::from_hours(20));
            for number in 0..TOGETHER {
                // Not the guide's patient: her days are planned. The first free time is the one that the others have, too.
                let who = 1 + (week * 5 + number * 9) % (patients.len() - 1);
                let Some(patient) = patients.get(who) else { continue };
                let wish = Wish { doctor: *doctor, visit_type, date, choice: 0, turn: week * 4 + number };
                made += usize::from(visit(services, clock, now, place, patient, wish).await?);
            }
        }
    }
    clock.set(now);
    Ok(made)
}

struct Wish<'a> {
    doctor: DoctorId,
    visit_type: &'a VisitType,
    date: Date,
    choice: usize,
    turn: usize,
}

/// One visit through its life so far; `false` when the day had no free time for it.
async fn visit(
    services: &Services,
    clock: &TestClock,
    now: Timestamp,
    place: &Place,
    (patient, call): &(PatientId, Call),
    wish: Wish<'_>,
) -> anyhow::Result<bool> {
    let query = SlotQuery {
        doctor_id: wish.doctor,
        visit_type_id: wish.visit_type.id,
        from: Some(wish.date),
        to: Some(wish.date),
    };
    let booked_at = jiff::Timestamp::from_millisecond(crate::outside::clock::Clock::now_ms(clock))?;
    if booked_at > now {
        clock.set(now);
    }
    let free = services.availability.slots(query).await?.items;
    let Some(slot) = free.get(wish.choice % free.len().max(1)) else { return Ok(false) };
    let command = BookAppointment {
        doctor_id: wish.doctor,
        visit_type_id: wish.visit_type.id,
        start: slot.start.to_string(),
        patient_id: Some(*patient),
        reason: REASONS.get(wish.turn % REASONS.len()).map(|&r| r.to_owned()),
        price_minor: None,
    };
    let Ok(booked) = services.appointments.book(call, command).await else { return Ok(false) };
    let step = |to| services.appointments.advance(&place.admin, booked.id, to, MoveAppointment::default());
    let over = slot.end.at() < now;
    match wish.turn % 10 {
        // Some wait to be confirmed, unless the day has passed.
        0..=2 if !over => {}
        9 => {
            let reason = Some("I cannot come that day".to_owned());
            let command = MoveAppointment { reason, version: None };
            services.appointments.advance(call, booked.id, Move::Cancel, command).await?;
        }
        _ => {
            step(Move::Confirm).await?;
        }
    }
    if over && wish.turn % 10 != 9 {
        clock.set(slot.end.at() + jiff::SignedDuration::from_mins(20));
        step(if wish.turn.is_multiple_of(17) { Move::NoShow } else { Move::Complete }).await?;
        clock.set(booked_at);
    }
    Ok(true)
}
