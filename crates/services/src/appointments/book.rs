//! Booking and holding: parse, decide who it is for, find its place in the transaction, and let the database have the last word.
//!
//! What becomes of a hold is in `holds`; moving a booked visit on is in `advance`, putting it on another time in `reschedule`.

mod row;
mod seat;

use domain::{
    Call, Error as Refusal,
    access::{Action, Grant},
    appointments::{Appointment, BookAppointment, Hand},
    coding::is_sensitive,
    error::{Conflict, Findings},
    hospitals::VisitType,
    ids::{AppointmentId, SeriesId},
    text,
    time::RequestedStart,
};
use jiff::Timestamp;

use super::{
    AppointmentService,
    contests::Turn,
    holds::{give_back, in_the_way},
    known::is_known,
    knows_all,
    place::{Aim, start_of},
    store::{self, patients::Newcomer},
    told::Minders,
};
use crate::{
    access::{self, Authorized, OfPatient},
    availability::{TimeIs, time_is},
    db::Reach,
    directory::times::shape_of,
    error::{Error, Result},
    follow_ups::Ticket,
    idempotency::{self, Keyed},
    secrets,
};
use seat::seat;

/// A booking that is well formed; whether the time is free is known only in the transaction.
#[derive(Clone)]
pub(super) struct Wish {
    id: AppointmentId,
    reference: String,
    pub(super) aim: Aim,
    whom: Authorized<access::BookAppointment, OfPatient>,
    /// Whether the hospital knows the patient; it never forgets her.
    known: bool,
    reason: Option<String>,
    side: Side,
    minders: Minders,
    pub(super) wants: Wants,
    /// Whom the desk writes in first.
    newcomer: Option<Newcomer>,
    /// The ticket that it uses up.
    ticket: Option<Ticket>,
    /// The row that it is booked in, and the how manieth of it.
    series: Option<(SeriesId, i64)>,
    sensitive: bool,
    /// The price that was told.
    told: Option<i64>,
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
    fn hand(self) -> Hand {
        match self {
            Self::Patient { .. } => Hand::Patient,
            Self::Hospital => Hand::Hospital,
        }
    }

    fn is_limited(self) -> bool {
        matches!(self, Self::Patient { limited: true, .. })
    }

    /// Whether it pays for such a visit before that is booked.
    fn pays_first(self, visit_type: &VisitType) -> bool {
        matches!(self, Self::Patient { pays: true, .. }) && visit_type.is_paid_first()
    }

    /// Refuses what a patient has to be asked back for; the hospital books it for anybody.
    fn may_book(self, visit_type: &VisitType, asked_back: bool) -> Result<()> {
        match self {
            Self::Patient { .. } if !visit_type.is_for_patients(asked_back) => {
                Err(Refusal::invalid("visit_type_id", "follow_up_required").into())
            }
            Self::Patient { .. } | Self::Hospital => Ok(()),
        }
    }
}

/// What is wanted of a time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wants {
    Book,
    Hold,
    /// To be received at once, as somebody who came without a time.
    WalkIn,
}

impl Wants {
    /// The name of the request, for whoever sends it twice.
    pub(super) fn operation(self) -> &'static str {
        match self {
            Self::Book => "book_appointment",
            Self::Hold => "hold_appointment",
            Self::WalkIn => "walk_in",
        }
    }
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
        let keyed = match ticket {
            Some(ticket) => Keyed::of(call, wants.operation(), &(ticket.id, &command))?,
            None => Keyed::of(call, wants.operation(), &command)?,
        };
        let wish = self.wish(call, &command, None).await?;
        let aim = Aim { within: ticket.map(|ticket| ticket.within), ..wish.aim };
        self.seat_wish(call, Wish { aim, wants, ticket, ..wish }, keyed).await
    }

    /// Puts a visit on its time, once more if only a hold that has ended was in the way.
    pub(super) async fn seat_wish(
        &self,
        call: &Call,
        wish: Wish,
        keyed: Option<Keyed>,
    ) -> Result<Appointment> {
        let wanted = wish.clone();
        let turn = self.after_others(&wish, keyed.as_ref()).await?;
        let mut outcome = self.try_seat(&wish, keyed.as_ref()).await;
        if let Err(error) = &outcome
            && error.broken().is_some()
        {
            // What the engine took for free and the database did not may be a hold that nobody has given back yet.
            let of = (wish.aim.doctor, wish.whom.object().patient);
            if give_back(&self.core, in_the_way(error, of)).await? > 0 {
                outcome = self.try_seat(&wish, keyed.as_ref()).await;
            }
        }
        // It is known who has it: the next one need not wait for what is said about that.
        drop(turn);
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
            // The same request may have held it before: then its ticket is used by its own hold, under whose key that is found.
            Err(Error::Refused(Refusal::Conflict {
                reason: Conflict::PayFirst | Conflict::TicketOver,
                ..
            })) => self.book_visit(call, command, Wants::Hold, Some(ticket)).await,
            other => other,
        }
    }

    /// Waits while somebody else is being given the time, and *refuses* with `SlotTaken` at once if it is gone then. Who had asked before
    /// under the same key goes on: her answer stands in the transaction.
    async fn after_others(&self, wish: &Wish, keyed: Option<&Keyed>) -> Result<Option<Turn<'_>>> {
        let aim = &wish.aim;
        if aim.at_once || aim.within.is_some() {
            return Ok(None);
        }
        let entry = self.core.directory.doctor(&self.core, aim.doctor).await?;
        let kind = entry.visit_type(aim.visit_type);
        let (Some(kind), Ok(start)) = (kind, start_of(aim.start, &entry.schedule.zone)) else {
            return Ok(None);
        };
        if kind.capacity > 1 {
            // Several are given it, and all of them in one commit.
            return Ok(None);
        }
        let turn = self.core.contests.turn(aim.doctor, start.as_millisecond()).await;
        if !turn.waited {
            return Ok(Some(turn));
        }
        let (edition, shape) = (self.core.db.hub().edition().number(), shape_of(kind));
        let alternatives = match turn.told(edition, shape) {
            Some(instead) => {
                // What is left to be asked is about her alone: the next one need not wait for it.
                drop(turn);
                if self.is_done(wish, keyed).await? {
                    return Ok(None);
                }
                instead
            }
            None if self.is_done(wish, keyed).await? => return Ok(Some(turn)),
            None => match time_is(&self.core, &entry, shape, start).await? {
                TimeIs::Free => return Ok(Some(turn)),
                // Nobody gets it: all who wait are refused together, in one transaction.
                TimeIs::Barred => return Ok(None),
                TimeIs::Taken(instead) => {
                    turn.tell(edition, shape, instead.clone());
                    instead
                }
            },
        };
        Err(Error::Refused(Refusal::Conflict { reason: Conflict::SlotTaken, alternatives }))
    }

    async fn is_done(&self, wish: &Wish, keyed: Option<&Keyed>) -> Result<bool> {
        if keyed.is_none() {
            return Ok(false);
        }
        let mut conn = self.core.db.read(wish.whom.reach()).await?;
        // A key that stood for something else is refused where the others are.
        Ok(!matches!(idempotency::earlier(&mut conn, keyed).await, Ok(None)))
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

    /// What is wanted, by somebody who may want it; for a patient whom the desk writes in, if there is one.
    pub(super) async fn wish(
        &self,
        call: &Call,
        command: &BookAppointment,
        newcomer: Option<Newcomer>,
    ) -> Result<Wish> {
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
        let reach = Reach::of(Some(principal));
        let known = is_known(&self.core, &reach, entry.hospital.id, patient).await?;
        // Whom the desk writes in is this hospital's from the start.
        let here = known || newcomer.is_some();
        let whom = OfPatient { patient, hospital: here.then_some(entry.hospital.id) };
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
        whom.visible_afterwards(call, &entry, Action::ReadAppointment)?;
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
                at_once: false,
                within: None,
            },
            whom,
            known,
            reason,
            side,
            minders,
            wants: Wants::Book,
            newcomer,
            ticket: None,
            series: None,
            sensitive,
            told: command.price_minor,
            now: self.core.clock.now(),
        })
    }
}
