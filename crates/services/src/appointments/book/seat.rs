//! Putting a visit on its time, in the transaction that books: whoever books, with or without a ticket, alone or in a row.

use domain::{
    Error as Refusal,
    appointments::{
        COOL_DOWN_SECONDS, Holding, IN_VAIN_SPAN_MINUTES, InVain, LONGEST_HOLD_MINUTES, Status, hold_until,
        may_book_one_more, may_hold,
    },
    error::Conflict,
    live::LiveEvent,
    queues::Arrival,
    time::{MINUTE, Span},
};

use super::{Side, Wants, Wish};
use crate::{
    appointments::{
        offered,
        place::{self, Place},
        store, tickets,
        told::Tidings,
    },
    db::{Conn, News},
    error::{Error, Result},
    follow_ups,
    mail::VisitChange,
    payments::follow_ups::{self as free_visits, Wished},
    resources,
};

/// Puts the visit on its time, or refuses. Runs in the transaction.
pub(super) async fn seat(conn: &mut Conn, wish: Wish) -> Result<()> {
    store::take_turn(conn, wish.aim.doctor).await?;
    if let Some(ticket) = wish.ticket {
        follow_ups::take(conn, ticket, wish.now.as_millisecond()).await?;
    }
    if wish.side.is_limited() {
        let whose = (wish.whom.object().patient, wish.whom.by());
        store::limits::take_patients_turn(conn, whose.0, whose.1).await?;
        may_book_one_more(offered::ahead(conn, whose, wish.aim.doctor, wish.now.as_millisecond()).await?)?;
    }
    let mut place = place::find(conn, &wish.aim, wish.now, wish.now).await?;
    wish.side.may_book(&place.visit_type, wish.ticket.is_some())?;
    let now = wish.now.as_millisecond();
    let patient = wish.whom.object().patient;
    let listed = place.visit_type.price.amount_minor;
    let mut free = None;
    if place.has_follow_ups {
        let wished = Wished { patient, doctor: wish.aim.doctor, on: place.date(), now };
        free = free_visits::price(conn, &mut place.visit_type, wished).await?;
    }
    // Of a row its price was told once, and what is free of it apart.
    let costs = if wish.series.is_some() { listed } else { place.visit_type.price.amount_minor };
    if wish.told.is_some_and(|told| told != costs) {
        return Err(Refusal::invalid("price_minor", "price_changed").into());
    }
    if wish.wants == Wants::Hold && wish.side.is_limited() {
        let held = holding(conn, &wish, &place).await?;
        may_hold(held, &in_vain(conn, &wish, &place).await?, now)?;
    }
    let here = match wish.wants {
        Wants::WalkIn => {
            Some(tickets::come(conn, place.hospital, &place.zone(), Arrival::WalkIn, now).await?)
        }
        Wants::Book | Wants::Hold => None,
    };
    let row = new_row(&wish, &place, here)?;
    let (status, is_held) = (row.status, row.held_until.is_some());
    let event = LiveEvent {
        appointment_id: wish.id,
        hospital_id: place.hospital,
        doctor_id: wish.aim.doctor,
        patient_id: wish.whom.object().patient,
        sensitive: wish.sensitive,
        version: 1,
    };
    if let Some(newcomer) = wish.newcomer.clone() {
        store::patients::write_in(conn, &wish.whom, place.hospital, newcomer, now).await?;
    }
    if !wish.known {
        // First, because a visit is of a patient whom its hospital knows.
        store::patients::know(conn, place.hospital, wish.whom.object().patient, now).await?;
    }
    store::insert(conn, &wish.whom, row, now).await?;
    resources::assign(conn, wish.id, &place.resources).await?;
    if let Some(free) = free {
        free_visits::hang(conn, wish.id, (place.hospital, patient), free).await?;
    } else if place.has_follow_ups && !is_held {
        let visit_type = &place.visit_type;
        free_visits::opens(conn, wish.id, patient, (visit_type.id, visit_type.price.amount_minor)).await?;
    }
    if let Some(ticket) = wish.ticket {
        follow_ups::use_up(conn, ticket, wish.id).await?;
    }
    if let Some(series) = wish.series {
        store::series::join(conn, wish.id, series).await?;
    }
    let seat = Some((place.start.as_millisecond(), wish.aim.doctor, wish.side.hand().code()));
    let step = store::Step {
        appointment: wish.id,
        seq: 1,
        from: None,
        to: status,
        at: now,
        by: Some(wish.whom.by()),
        reason: None,
        seat,
    };
    store::insert_step(conn, step).await?;
    // Of a row one letter tells, whoever books it.
    if status == Status::Booked.code() && wish.series.is_none() {
        let own = matches!(wish.side, Side::Patient { .. });
        let tidings =
            Tidings { appointment: wish.id, change: VisitChange::Booked, step: 1, own, not_before: None };
        wish.minders.tell(conn, tidings).await?;
    }
    conn.announce(News::Visit(event)).await
}

/// What the patient and the account hold already.
async fn holding(conn: &mut Conn, wish: &Wish, place: &Place) -> Result<Holding> {
    let (start, end) = place.day();
    let (whose, now) = ((wish.whom.object().patient, wish.whom.by()), wish.now.as_millisecond());
    // What began before has run out so long ago that she need not wait.
    let since = now - LONGEST_HOLD_MINUTES * MINUTE - COOL_DOWN_SECONDS * 1000;
    let day = Span { start, end };
    let found = store::holds::holding(conn, whose, wish.aim.doctor, day, (since, now)).await?;
    Ok(Holding {
        live: found.live,
        same_doctor_and_day: found.same_doctor_and_day,
        by_account: found.by_account,
        ran_out_at: found.ended_at.max(found.noted_at),
    })
}

/// What the account has held lately and not booked.
async fn in_vain(conn: &mut Conn, wish: &Wish, place: &Place) -> Result<Vec<InVain>> {
    let ((start, end), now) = (place.day(), wish.now.as_millisecond());
    let since = now - IN_VAIN_SPAN_MINUTES * MINUTE;
    let rows = store::holds::in_vain(conn, wish.whom.by(), (since, now)).await?;
    let in_vain = |row: store::holds::InVainRow| InVain {
        began_at: row.began_at,
        ended_at: row.ended_at.unwrap_or(row.began_at),
        here: row.doctor_id == wish.aim.doctor.0 && (start..end).contains(&row.starts_at),
    };
    Ok(rows.into_iter().map(in_vain).collect())
}

fn new_row(wish: &Wish, place: &Place, here: Option<store::Here>) -> Result<store::NewAppointment> {
    let visit_type = &place.visit_type;
    let status = match (wish.wants, wish.side.pays_first(visit_type)) {
        (Wants::Hold, true) => Status::PendingPayment,
        (Wants::Hold, false) => Status::Held,
        (Wants::Book, true) => return Err(Error::conflict(Conflict::PayFirst)),
        (Wants::Book, false) => Status::Booked,
        // She stands at the desk, and so does her money.
        (Wants::WalkIn, _) => Status::Arrived,
    };
    let until = hold_until(wish.now.as_millisecond(), place.start.as_millisecond());
    Ok(store::NewAppointment {
        id: wish.id,
        reference: wish.reference.clone(),
        hospital_id: place.hospital,
        doctor_id: wish.aim.doctor.0,
        visit_type_id: visit_type.id.0,
        visit_type_name: visit_type.name.clone(),
        modality: visit_type.modality.code(),
        seat: place.seat(),
        price_minor: visit_type.price.amount_minor,
        currency: visit_type.price.currency.clone(),
        reason: wish.reason.clone(),
        status: status.code(),
        held_until: status.is_held().then_some(until),
        extendable: true,
        here,
    })
}
