//! Booking and holding: parse, decide who it is for, find its place in the transaction, and let the database have the last word.
//!
//! What becomes of a hold is in `holds`; moving a booked visit on is in `advance`, putting it on another time in `reschedule`.

mod row;

use domain::{
    Call, Error as Refusal,
    access::{Action, Decision, Facts, Grant, decide},
    appointments::{Appointment, BookAppointment, Holding, Status, hold_until, may_book_one_more, may_hold},
    coding::is_sensitive,
    error::{Conflict, Findings},
    ids::{AppointmentId, SeriesId},
    live::LiveEvent,
    text,
    time::{RequestedStart, Span},
};
use jiff::Timestamp;

use super::{
    AppointmentService,
    holds::give_back,
    knows_all,
    place::{self, Aim, Place},
    store,
    told::{Minders, Tidings},
};
use crate::{
    access::{self, Authorized, OfPatient},
    db::{Conn, News, Reach},
    directory,
    error::{Error, Result},
    follow_ups::{self, Ticket},
    idempotency::{self, Keyed},
    mail::VisitChange,
    secrets,
};

/// A booking that is well formed; whether the time is free is known only in the transaction.
#[derive(Clone)]
struct Wish {
    id: AppointmentId,
    reference: String,
    aim: Aim,
    whom: Authorized<access::BookAppointment, OfPatient>,
    /// Whether the hospital knows the patient; it never forgets her.
    known: bool,
    reason: Option<String>,
    side: Side,
    minders: Minders,
    wants: Wants,
    /// The ticket that it uses up.
    ticket: Option<Ticket>,
    /// The row that it is booked in, and the how manieth of it.
    series: Option<(SeriesId, i64)>,
    sensitive: bool,
    now: Timestamp,
}

/// Whose side books.
#[derive(Clone, Copy)]
enum Side {
    /// The hospital's.
    Hospital,
    /// The patient's own.
    Patient {
        /// Whether there is an end to how much she books.
        limited: bool,
        /// Whether she pays before it is booked, if the visit type says so.
        pays: bool,
    },
}

impl Side {
    fn is_limited(self) -> bool {
        matches!(self, Self::Patient { limited: true, .. })
    }
}

/// What is wanted of a time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wants {
    Book,
    Hold,
}

/// How a request to book ended, once it is committed.
enum Seated {
    /// The visit was booked.
    Now(Box<store::AppointmentRow>),
    /// The same request had booked it earlier.
    Earlier(AppointmentId),
}

impl AppointmentService {
    /// Books a visit, or holds its time.
    pub(super) async fn book_visit(
        &self,
        call: &Call,
        command: BookAppointment,
        wants: Wants,
        ticket: Option<Ticket>,
    ) -> Result<Appointment> {
        let operation = match wants {
            Wants::Book => "book_appointment",
            Wants::Hold => "hold_appointment",
        };
        let keyed = match ticket {
            Some(ticket) => Keyed::of(call, operation, &(ticket.id, &command))?,
            None => Keyed::of(call, operation, &command)?,
        };
        let wish = self.wish(call, &command).await?;
        let aim = Aim { within: ticket.map(|ticket| ticket.within), ..wish.aim };
        let wish = Wish { wants, ticket, aim, ..wish };
        let wanted = wish.clone();
        let mut outcome = self.try_seat(&wish, keyed.as_ref()).await;
        if let Err(error) = &outcome
            && error.broken().is_some()
        {
            // What the engine took for free and the database did not may be a hold that nobody has given back yet.
            let of = (wish.aim.doctor, wish.whom.object().patient);
            if give_back(&self.core, Some(of)).await? > 0 {
                outcome = self.try_seat(&wish, keyed.as_ref()).await;
            }
        }
        match outcome {
            Ok(Seated::Now(row)) => {
                self.core.mail.wake();
                self.view(call, *row, wanted.whom.grant() == Grant::CareRelation)
            }
            // Rights may have changed since.
            Ok(Seated::Earlier(id)) => self.read(call, id).await,
            Err(error) => Err(self
                .explain(
                    error,
                    &wanted.aim,
                    knows_all(call, wanted.whom.object().patient, wanted.whom.grant()),
                )
                .await),
        }
    }

    /// Books a visit and uses up a ticket. What a patient has to pay for first is held.
    pub(crate) async fn book_with_ticket(
        &self,
        call: &Call,
        command: BookAppointment,
        ticket: Ticket,
    ) -> Result<Appointment> {
        match self.book_visit(call, command.clone(), Wants::Book, Some(ticket)).await {
            Err(Error::Refused(Refusal::Conflict { reason: Conflict::PayFirst, .. })) => {
                self.book_visit(call, command, Wants::Hold, Some(ticket)).await
            }
            other => other,
        }
    }

    async fn try_seat(&self, wish: &Wish, keyed: Option<&Keyed>) -> Result<Seated> {
        let (wish, keyed) = (wish.clone(), keyed.cloned());
        let proof = wish.whom.clone();
        self.core
            .change(&proof, move |conn| {
                let (wish, keyed) = (wish.clone(), keyed.clone());
                Box::pin(async move {
                    let (id, now) = (wish.id, wish.now.as_millisecond());
                    if let Some(earlier) = idempotency::earlier_or(conn, keyed.as_ref(), id.0, now).await? {
                        return Ok(Seated::Earlier(AppointmentId(earlier)));
                    }
                    seat(conn, wish).await?;
                    Ok(Seated::Now(Box::new(store::find(conn, id).await?.ok_or(Refusal::NotFound)?)))
                })
            })
            .await
    }

    async fn wish(&self, call: &Call, command: &BookAppointment) -> Result<Wish> {
        let principal = call.actor.signed_in()?;
        let entry = self.core.directory.doctor(&self.core, command.doctor_id).await?;
        let mut findings = Findings::new();
        let start = findings.take("start", command.start.parse::<RequestedStart>());
        let reason = findings.take("reason", text::optional(command.reason.as_deref(), 500)).flatten();
        let patient = command.patient_id.or_else(|| principal.patients.first().copied());
        findings.require(patient.is_some(), "patient_id", "required");
        findings.finish()?;
        let (Some(start), Some(patient)) = (start, patient) else {
            return Err(Error::Stored("a checked command"));
        };
        let known = {
            let mut conn = self.core.db.read(&Reach::of(Some(principal))).await?;
            store::patients::is_known(&mut conn, entry.hospital.id, patient).await?
        };
        let whom = OfPatient { patient, hospital: known.then_some(entry.hospital.id) };
        let whom: Authorized<access::BookAppointment, _> = self.core.authorize(call, whom).await?;
        let as_patient = match whom.grant() {
            Grant::OwnPatient | Grant::Helper => true,
            Grant::OwnAccount
            | Grant::OwnDoctor
            | Grant::CareRelation
            | Grant::Emergency
            | Grant::Role(_)
            | Grant::Platform => false,
        };
        if as_patient && !principal.verified {
            // Whoever books for others is vouched for by the hospital; oneself, by an address that was confirmed.
            return Err(Refusal::EmailUnverified.into());
        }
        // The first visit of a patient makes her known there; her own booking stands in the hospital's audit all the same.
        let whom = whom.at(entry.hospital.id);
        let sensitive = is_sensitive(&entry.specialties);
        visible_afterwards(call, &whom, &entry, sensitive)?;
        let minders = Minders::of(&self.core, &whom, patient).await?;
        let side = if as_patient {
            Side::Patient { limited: self.core.limits, pays: self.core.cashier.is_open() }
        } else {
            Side::Hospital
        };
        Ok(Wish {
            id: AppointmentId(self.core.new_id()),
            reference: secrets::reference(&*self.core.random),
            aim: Aim {
                doctor: command.doctor_id,
                visit_type: command.visit_type_id,
                start,
                moved: None,
                within: None,
            },
            whom,
            known,
            reason,
            side,
            minders,
            wants: Wants::Book,
            ticket: None,
            series: None,
            sensitive,
            now: self.core.clock.now(),
        })
    }
}

/// A helper books nothing that she could not see afterwards.
fn visible_afterwards(
    call: &Call,
    whom: &Authorized<access::BookAppointment, OfPatient>,
    entry: &directory::Entry,
    sensitive: bool,
) -> Result<()> {
    let facts = Facts::Appointment {
        hospital: entry.hospital.id,
        doctor: entry.id,
        patient: whom.object().patient,
        in_care: false,
        sensitive,
    };
    match (whom.grant(), decide(&call.actor, Action::ReadAppointment, &facts)) {
        (Grant::Helper, Decision::Deny(_)) => Err(Refusal::invalid("patient_id", "kept_private").into()),
        _ => Ok(()),
    }
}

/// Puts the visit on its time, or refuses. Runs in the transaction.
async fn seat(conn: &mut Conn, wish: Wish) -> Result<()> {
    store::take_turn(conn, wish.aim.doctor).await?;
    if let Some(ticket) = wish.ticket {
        follow_ups::take(conn, ticket, wish.now.as_millisecond()).await?;
    }
    if wish.side.is_limited() {
        let ahead =
            store::ahead(conn, wish.whom.object().patient, wish.aim.doctor, wish.now.as_millisecond())
                .await?;
        may_book_one_more(ahead.with_doctor, ahead.in_all)?;
    }
    let place = place::find(conn, &wish.aim, wish.now).await?;
    let now = wish.now.as_millisecond();
    if wish.wants == Wants::Hold && wish.side.is_limited() {
        may_hold(holding(conn, &wish, &place).await?, now)?;
    }
    let row = new_row(&wish, &place)?;
    let status = row.status;
    let event = LiveEvent {
        appointment_id: wish.id,
        hospital_id: place.hospital,
        doctor_id: wish.aim.doctor,
        patient_id: wish.whom.object().patient,
        sensitive: wish.sensitive,
        version: 1,
    };
    if !wish.known {
        // First, because a visit is of a patient whom its hospital knows.
        store::patients::know(conn, place.hospital, wish.whom.object().patient, now).await?;
    }
    store::insert(conn, &wish.whom, row, now).await?;
    if let Some(ticket) = wish.ticket {
        follow_ups::use_up(conn, ticket, wish.id).await?;
    }
    if let Some(series) = wish.series {
        store::series::join(conn, wish.id, series).await?;
    }
    let seat = Some((place.start.as_millisecond(), wish.aim.doctor));
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
        let tidings = Tidings { appointment: wish.id, change: VisitChange::Booked, step: 1, own };
        wish.minders.tell(conn, tidings).await?;
    }
    conn.announce(News::Visit(event)).await
}

/// What the patient holds already.
async fn holding(conn: &mut Conn, wish: &Wish, place: &Place) -> Result<Holding> {
    let (start, end) = place.day();
    let (patient, now) = (wish.whom.object().patient, wish.now.as_millisecond());
    let found = store::holds::holding(conn, patient, wish.aim.doctor, Span { start, end }, now).await?;
    Ok(Holding {
        live: found.live,
        same_doctor_and_day: found.same_doctor_and_day,
        ran_out_at: found.ran_out_at,
    })
}

fn new_row(wish: &Wish, place: &Place) -> Result<store::NewAppointment> {
    let visit_type = &place.visit_type;
    let pays = matches!(wish.side, Side::Patient { pays: true, .. })
        && visit_type.prepaid
        && visit_type.price.amount_minor > 0;
    let status = match (wish.wants, pays) {
        (Wants::Hold, true) => Status::PendingPayment,
        (Wants::Hold, false) => Status::Held,
        (Wants::Book, true) => return Err(Error::conflict(Conflict::PayFirst)),
        (Wants::Book, false) => Status::Booked,
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
    })
}
