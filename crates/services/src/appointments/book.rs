//! Booking: parse, decide who it is for, find its place in the transaction, and let the database have the last word.
//!
//! Moving a booked visit on is in `advance`, putting it on another time in `reschedule`.

use domain::{
    Call, Error as Refusal,
    access::{Action, Decision, Facts, Grant, decide},
    appointments::{Appointment, BookAppointment, Status, may_book_one_more},
    coding::is_sensitive,
    error::Findings,
    ids::AppointmentId,
    live::LiveEvent,
    text,
    time::RequestedStart,
};
use jiff::Timestamp;

use super::{
    AppointmentService, knows_all,
    place::{self, Aim, Place},
    store,
};
use crate::{
    access::{self, Authorized, OfPatient},
    db::{Conn, News, Reach},
    directory,
    error::{Error, Result},
    idempotency::{self, Keyed},
    secrets,
};

/// A booking that is well formed; whether the time is free is known only in the transaction.
#[derive(Clone)]
struct Wish {
    id: AppointmentId,
    reference: String,
    aim: Aim,
    whom: Authorized<access::BookAppointment, OfPatient>,
    reason: Option<String>,
    limited: bool,
    sensitive: bool,
    now: Timestamp,
}

/// How a request to book ended, once it is committed.
enum Seated {
    /// The visit was booked.
    Now(Box<store::AppointmentRow>),
    /// The same request had booked it earlier.
    Earlier(AppointmentId),
}

impl AppointmentService {
    pub(super) async fn book_visit(&self, call: &Call, command: BookAppointment) -> Result<Appointment> {
        let keyed = Keyed::of(call, "book_appointment", &command)?;
        let wish = self.wish(call, &command).await?;
        let wanted = wish.clone();
        let outcome = self
            .core
            .change(&wanted.whom, move |conn| {
                let (wish, keyed) = (wish.clone(), keyed.clone());
                Box::pin(async move {
                    if let Some(earlier) = idempotency::earlier(conn, keyed.as_ref()).await? {
                        return Ok(Seated::Earlier(AppointmentId(earlier)));
                    }
                    let (id, now) = (wish.id, wish.now.as_millisecond());
                    idempotency::remember(conn, keyed.as_ref(), id.0, now).await?;
                    seat(conn, wish).await?;
                    Ok(Seated::Now(Box::new(store::find(conn, id).await?.ok_or(Refusal::NotFound)?)))
                })
            })
            .await;
        match outcome {
            Ok(Seated::Now(row)) => self.view(call, *row, wanted.whom.grant() == Grant::CareRelation),
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
        Ok(Wish {
            id: AppointmentId(self.core.new_id()),
            reference: secrets::reference(&*self.core.random),
            aim: Aim { doctor: command.doctor_id, visit_type: command.visit_type_id, start, moved: None },
            whom,
            reason,
            limited: as_patient && self.core.limits,
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
    if wish.limited {
        let ahead =
            store::ahead(conn, wish.whom.object().patient, wish.aim.doctor, wish.now.as_millisecond())
                .await?;
        may_book_one_more(ahead.with_doctor, ahead.in_all)?;
    }
    let place = place::find(conn, &wish.aim, wish.now).await?;
    let row = new_row(&wish, &place);
    let now = wish.now.as_millisecond();
    let event = LiveEvent {
        appointment_id: wish.id,
        hospital_id: place.hospital,
        doctor_id: wish.aim.doctor,
        patient_id: wish.whom.object().patient,
        sensitive: wish.sensitive,
        version: 1,
    };
    // First, because a visit is of a patient whom its hospital knows.
    store::patients::know(conn, place.hospital, wish.whom.object().patient, now).await?;
    store::insert(conn, &wish.whom, row, now).await?;
    let booked = Status::Booked.code();
    let seat = Some((place.start.as_millisecond(), wish.aim.doctor));
    let step = store::Step {
        appointment: wish.id,
        seq: 1,
        from: None,
        to: booked,
        at: now,
        by: wish.whom.by(),
        reason: None,
        seat,
    };
    store::insert_step(conn, step).await?;
    conn.announce(News::Visit(event)).await
}

fn new_row(wish: &Wish, place: &Place) -> store::NewAppointment {
    let visit_type = &place.visit_type;
    store::NewAppointment {
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
    }
}
