//! Times that the house keeps for those who wait: keeping one, answering, and putting a visit on it.
//!
//! Who is offered what, and what becomes of the offer, is in `waitlist`.

use domain::{
    Call, Error as Refusal,
    access::Action,
    appointments::{Ahead, Appointment, Hand, Status, alive},
    error::Conflict,
    hospitals::VisitType,
    ids::{AccountId, AppointmentId, DoctorId, PatientId, VisitTypeId},
    live::LiveEvent,
    slots::Shape,
    time::{Moment, RequestedStart},
};
use jiff::{Timestamp, tz::Offset};

use super::{
    AppointmentRow, AppointmentService, HoldChange, Visible,
    advance::{situation, treats},
    holds, knows_all,
    place::{self, Aim},
    reschedule::{self, Wanted, moved},
    status_of, store,
    told::Minders,
};
use crate::{
    core::{Core, instant, zone},
    db::{Conn, News},
    error::{Error, Result},
    payments::follow_ups::{self as free_visits, Wished},
    resources, waitlist,
};

/// A time that is to be kept for somebody who waits.
#[derive(Clone)]
pub(crate) struct Kept {
    /// Id of the hold.
    pub(crate) id: AppointmentId,
    pub(crate) reference: String,
    pub(crate) doctor: DoctorId,
    pub(crate) visit_type: VisitTypeId,
    pub(crate) patient: PatientId,
    /// Who has put her on the list.
    pub(crate) by: AccountId,
    /// The visit that is to be put on it: it takes as long as that one.
    pub(crate) moves: Option<AppointmentRow>,
    /// Whether she pays before it is booked, if the visit type says so.
    pub(crate) pays: bool,
    pub(crate) sensitive: bool,
    pub(crate) start: Timestamp,
    pub(crate) until: i64,
    pub(crate) now: Timestamp,
}

/// What somebody says to an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Take,
    LetGo,
}

/// What a visit takes from the day: as its type says, or as long as was agreed for the one that is moved.
pub(crate) fn shape_for(visit_type: &VisitType, moves: Option<&AppointmentRow>) -> Shape {
    place::shape(visit_type, moves.map(moved).as_ref())
}

/// Visits that a patient has ahead, and those that an account has booked.
pub(crate) async fn ahead(
    conn: &mut Conn,
    whose: (PatientId, AccountId),
    doctor: DoctorId,
    now: i64,
) -> Result<Ahead> {
    let found = store::limits::ahead(conn, whose, doctor, now).await?;
    Ok(Ahead {
        with_doctor: found.with_doctor,
        in_all: found.in_all,
        by_account_with_doctor: found.by_account_with_doctor,
        by_account: found.by_account,
    })
}

/// Keeps a time if it is free, by the same question that booking asks. The doctor's turn was taken before.
pub(crate) async fn keep(conn: &mut Conn, kept: Kept) -> Result<()> {
    let now = kept.now.as_millisecond();
    if let Some(visit) = &kept.moves {
        // Whoever has changed it meanwhile may wait for nothing any more, or for another time.
        let stands = store::find(conn, AppointmentId(visit.id)).await?;
        if stands.is_none_or(|stands| stands.version != visit.version) {
            return Err(Error::conflict(Conflict::StaleVersion));
        }
    }
    let start = Moment::new(kept.start, Offset::UTC);
    let aim = Aim {
        doctor: kept.doctor,
        visit_type: kept.visit_type,
        start: RequestedStart::Instant(start),
        moved: kept.moves.as_ref().map(moved),
        at_once: false,
        within: None,
    };
    let mut place = place::find(conn, &aim, kept.now, kept.now).await?;
    // A visit that is put on it keeps the price that was agreed.
    let mut free = None;
    if place.has_follow_ups && kept.moves.is_none() {
        let wished = Wished { patient: kept.patient, doctor: kept.doctor, on: place.date(), now };
        free = free_visits::price(conn, &mut place.visit_type, wished).await?;
    }
    let visit_type = &place.visit_type;
    let (price, currency) = match &kept.moves {
        Some(visit) => (visit.price_minor, visit.currency.clone()),
        None => (visit_type.price.amount_minor, visit_type.price.currency.clone()),
    };
    let pays = kept.pays && visit_type.is_paid_first();
    let status = if pays { Status::PendingPayment } else { Status::Held };
    let new = store::NewAppointment {
        id: kept.id,
        reference: kept.reference,
        hospital_id: place.hospital,
        doctor_id: kept.doctor.0,
        visit_type_id: visit_type.id.0,
        visit_type_name: visit_type.name.clone(),
        modality: visit_type.modality.code(),
        seat: place.seat(),
        price_minor: price,
        currency,
        reason: None,
        status: status.code(),
        held_until: Some(kept.until),
        // Others wait, too.
        extendable: false,
        here: None,
    };
    store::insert_offered(conn, (kept.patient, kept.by), new, now).await?;
    resources::assign(conn, kept.id, &place.resources).await?;
    if let Some(free) = free {
        free_visits::hang(conn, kept.id, (place.hospital, kept.patient), free).await?;
    }
    let step = store::Step {
        appointment: kept.id,
        seq: 1,
        from: None,
        to: status.code(),
        at: now,
        by: None,
        reason: None,
        // It becomes a visit only when her side takes it.
        seat: Some((place.start.as_millisecond(), kept.doctor, Hand::Patient.code())),
    };
    store::insert_step(conn, step).await?;
    let event = LiveEvent {
        appointment_id: kept.id,
        hospital_id: place.hospital,
        doctor_id: kept.doctor,
        patient_id: kept.patient,
        sensitive: kept.sensitive,
        version: 1,
    };
    conn.announce(News::Visit(event)).await
}

impl AppointmentService {
    /// A visit that the caller may put on another time.
    pub(crate) async fn movable(&self, call: &Call, id: AppointmentId) -> Result<AppointmentRow> {
        let visible: Visible = self.core.load(call, id).await?;
        situation(call, visible.object(), treats(&visible), self.core.now_ms())?.rescheduled()?;
        let row = visible.into_object();
        if row.starts_at <= self.core.now_ms() {
            return Err(Error::conflict(Conflict::TooLate));
        }
        Ok(row)
    }

    /// Takes an offered time or lets it go. What has to be paid for stays held until it is paid for.
    pub(crate) async fn answer(
        &self,
        call: &Call,
        hold: AppointmentId,
        answer: Answer,
    ) -> Result<Appointment> {
        match answer {
            Answer::LetGo => self.change_hold(call, hold, HoldChange::Release).await,
            Answer::Take => match self.change_hold(call, hold, HoldChange::Take).await {
                Err(Error::Refused(Refusal::Conflict { reason: Conflict::PayFirst, .. })) => {
                    self.read(call, hold).await
                }
                other => other,
            },
        }
    }

    /// Books what is held. Where that is kept for a visit which is to be put earlier, the visit is put there: beside it there would be a
    /// second one, for which nobody has paid.
    pub(super) async fn take_held(&self, call: &Call, id: AppointmentId) -> Result<Appointment> {
        let held: Visible = self.core.aim(call, id).await?;
        let visit = {
            let mut conn = self.core.db.read(held.reach()).await?;
            waitlist::kept_for(&mut conn, id).await?
        };
        match visit {
            Some(visit) => {
                // To put the visit there is an answer to the offer as well.
                self.may(call, &held, Action::AnswerOffer).await?;
                let put = self.put_on_offered(call, visit, id).await;
                // Where it stood is free.
                self.core.freed.ring();
                put
            }
            None => self.change_hold(call, id, HoldChange::Take).await,
        }
    }

    /// Puts a visit on the time that is kept for it: the hold makes way in the same transaction, so nobody comes in between.
    pub(crate) async fn put_on_offered(
        &self,
        call: &Call,
        id: AppointmentId,
        hold: AppointmentId,
    ) -> Result<Appointment> {
        let visible: Visible = self.core.aim(call, id).await?;
        call.trace.note(Action::RescheduleAppointment);
        let proof = visible.clone().doing(Action::RescheduleAppointment);
        let (row, by, now) = (visible.object().clone(), visible.by(), self.core.clock.now());
        let minders = Minders::of(&self.core, &visible, PatientId(row.patient_id)).await?;
        let kept = {
            let mut conn = self.core.db.read(visible.reach()).await?;
            store::find(&mut conn, hold).await?.ok_or(Refusal::NotFound)?
        };
        let zone = zone(&kept.time_zone)?;
        let start = Moment::in_zone(instant(kept.starts_at)?, &zone);
        let start = RequestedStart::Instant(start);
        let wanted = Wanted {
            call: call.clone(),
            start,
            doctor: None,
            minders,
            version: None,
            reason: None,
            now,
            since: None,
            not_before: None,
            visible,
        };
        let aim = reschedule::aim(&row, start);
        let core = self.core.clone();
        let outcome = self
            .core
            .change(&proof, move |conn| {
                let (wanted, core) = (wanted.clone(), core.clone());
                Box::pin(async move {
                    let since = make_way(&core, conn, (id, hold), by, now.as_millisecond()).await?;
                    let wanted = Wanted { since: Some(instant(since)?), ..wanted };
                    reschedule::apply(conn, &wanted, id).await?;
                    Ok(store::find(conn, id).await?.ok_or(Refusal::NotFound)?)
                })
            })
            .await;
        match outcome {
            Ok(row) => {
                self.core.mail.wake();
                self.view(call, row, treats(&proof))
            }
            Err(error) => {
                let knows = knows_all(call, PatientId(row.patient_id), proof.grant());
                Err(self.explain(error, &aim, knows).await)
            }
        }
    }
}

/// Ends a hold whose time the visit takes, and the offer with it; tells since when it was kept.
async fn make_way(
    core: &Core,
    conn: &mut Conn,
    (visit, hold): (AppointmentId, AppointmentId),
    by: AccountId,
    now: i64,
) -> Result<i64> {
    let kept = store::find(conn, hold).await?.ok_or(Refusal::NotFound)?;
    alive(status_of(&kept)?, kept.hold_expires_at, now)?;
    let stands = store::find(conn, visit).await?.ok_or(Refusal::NotFound)?;
    if stands.starts_at <= kept.starts_at || stands.doctor_id != kept.doctor_id {
        // She has moved it herself, to where it is earlier still; or her hospital has given it to another doctor, whose time this is not.
        return Err(Error::conflict(Conflict::StaleVersion));
    }
    store::take_turn(conn, DoctorId(kept.doctor_id)).await?;
    let since = waitlist::taken_with(core, conn, hold, now).await?;
    holds::let_go(core, conn, hold, Some(by), now).await?;
    Ok(since)
}
