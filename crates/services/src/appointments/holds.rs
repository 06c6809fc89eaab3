//! Holding a time: making the hold longer, booking what is held, letting it go, and giving back what nobody has taken.
//!
//! That a hold has ended is seen by whoever reads; that its time is given back here is for those who write, and for notices.

use domain::{
    Call, Error as Refusal,
    access::{Action, Grant},
    appointments::{Appointment, Status, alive, extended},
    error::Conflict,
    ids::{AccountId, AppointmentId, DoctorId, PatientId},
    time::{Moment, RequestedStart, Span},
};

use super::{
    AppointmentRow, AppointmentService, Visible,
    advance::treats,
    place::{self, Aim},
    reschedule::moved,
    status_of,
    store::{self, Seat, holds::Held},
    told::{Minders, Tidings},
};
use crate::{
    access::Resource,
    core::{Core, instant, zone},
    db::{Conn, News, Reach, constraint::Constraint},
    error::{Error, Result},
    follow_ups,
    mail::VisitChange,
    payments::follow_ups as free_visits,
    resources,
    waitlist::{self, Became, follow, is_offered},
};

/// What somebody does with a hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum HoldChange {
    Longer,
    Take,
    Release,
}

impl AppointmentService {
    /// Changes a hold for whoever may book it. What is offered to somebody who waits is taken or let go of by her own side alone.
    pub(super) async fn change_hold(
        &self,
        call: &Call,
        id: AppointmentId,
        wants: HoldChange,
    ) -> Result<Appointment> {
        let visible: Visible = self.core.aim(call, id).await?;
        let answers = wants != HoldChange::Longer && {
            let mut conn = self.core.db.read(visible.reach()).await?;
            // What is no offer from the beginning never becomes one.
            is_offered(&mut conn, id).await?
        };
        let action = if answers { Action::AnswerOffer } else { Action::BookAppointment };
        self.may(call, &visible, action).await?;
        let proof = visible.doing(action);
        let patient = PatientId(proof.object().patient_id);
        // Of a hold nobody is told: it is not a visit yet.
        let minders = match wants {
            HoldChange::Take => Some(Minders::of(&self.core, &proof, patient).await?),
            HoldChange::Longer | HoldChange::Release => None,
        };
        let own = matches!(proof.grant(), Grant::OwnPatient | Grant::Helper);
        let (by, now, core) = (proof.by(), self.core.now_ms(), self.core.clone());
        let row = self
            .core
            .change(&proof, move |conn| {
                let (minders, core) = (minders.clone(), core.clone());
                Box::pin(async move {
                    let row = store::find(conn, id).await?.ok_or(Refusal::NotFound)?;
                    let to = wanted(&row, wants, now)?;
                    if wants == HoldChange::Take {
                        free_visits::still_free(conn, id).await?;
                    }
                    let step = change(&core, conn, &row, to, Some(by), now).await?;
                    if let Some(minders) = minders {
                        minders.tell(conn, taken(id, step, own)).await?;
                    }
                    Ok(store::find(conn, id).await?.ok_or(Refusal::NotFound)?)
                })
            })
            .await?;
        self.core.mail.wake();
        if wants == HoldChange::Release {
            self.core.freed.ring();
        }
        self.view(call, row, treats(&proof))
    }

    /// Asks whether the caller may do something with a visit that she may see.
    pub(super) async fn may(&self, call: &Call, visible: &Visible, action: Action) -> Result<()> {
        let facts = visible.object().facts().cared_for(treats(visible));
        self.core.permit(call, visible, action, &facts).await
    }
}

fn wanted(row: &AppointmentRow, wants: HoldChange, now: i64) -> Result<Held> {
    let status = status_of(row)?;
    let until = row.hold_expires_at;
    Ok(match wants {
        HoldChange::Longer => {
            let until = extended(status, until, row.hold_extended, row.starts_at, now)?;
            Held { status, occupies: true, until: Some(until), extended: true }
        }
        HoldChange::Take => {
            alive(status, until, now)?;
            if status == Status::PendingPayment {
                return Err(Error::conflict(Conflict::PayFirst));
            }
            booked()
        }
        HoldChange::Release => {
            alive(status, until, now)?;
            expired()
        }
    })
}

/// Books what is held, or what ran out and can still be had. Refuses when the time is somebody else's by now, or is over: what the doctor's
/// hours say is asked as they are now, notice and horizon as they were when the time was held.
pub(crate) async fn seat(
    core: &Core,
    conn: &mut Conn,
    row: &AppointmentRow,
    by: AccountId,
    held_since: i64,
    now: i64,
) -> Result<()> {
    let lapsed = row.hold_expires_at.is_none_or(|until| until <= now);
    let mut given = Vec::new();
    if lapsed {
        if row.starts_at <= now {
            return Err(Error::conflict(Conflict::HoldEnded));
        }
        store::take_turn(conn, DoctorId(row.doctor_id)).await?;
        // If the time is kept for her who has paid for it, it is hers.
        waitlist::make_way(core, conn, row, now).await?;
        let start = Moment::in_zone(instant(row.starts_at)?, &zone(&row.time_zone)?);
        let aim = Aim {
            doctor: DoctorId(row.doctor_id),
            visit_type: row.visit_type_id.into(),
            start: RequestedStart::Instant(start),
            moved: Some(moved(row)),
            at_once: false,
            within: follow_ups::of_booked(conn, AppointmentId(row.id)).await?,
        };
        let place = place::find(conn, &aim, instant(held_since)?, instant(now)?).await?;
        // Somebody else may have what it had.
        resources::let_go(conn, AppointmentId(row.id)).await?;
        seat_again(conn, row, &place.seat()).await?;
        given = place.resources;
    }
    let step = change(core, conn, row, booked(), Some(by), now).await?;
    resources::assign(conn, AppointmentId(row.id), &given).await?;
    let minders = Minders::within(core, conn, row.patient_id.into()).await?;
    minders.tell(conn, taken(AppointmentId(row.id), step, true)).await
}

/// Its number among the visits of its time may be somebody else's by now. What is not given back yet has it still.
async fn seat_again(conn: &mut Conn, row: &AppointmentRow, seat: &Seat) -> Result<()> {
    // What is kept free around such visits may have changed since: then it shares its time with nobody.
    let block = Span { start: row.block_starts_at, end: row.block_ends_at };
    let alone = Seat { group: None, number: 1, ..seat.clone() };
    let seat = if seat.block == block { seat } else { &alone };
    store::holds::seat_again(conn, AppointmentId(row.id), (&seat.key(row.id), seat.number)).await
}

/// What those who mind a patient are told when a held time is booked.
fn taken(appointment: AppointmentId, step: i64, own: bool) -> Tidings {
    Tidings { appointment, change: VisitChange::Booked, step, own, not_before: None }
}

/// What becomes of a hold that is taken.
fn booked() -> Held {
    Held { status: Status::Booked, occupies: true, until: None, extended: false }
}

fn expired() -> Held {
    Held { status: Status::Expired, occupies: false, until: None, extended: false }
}

/// Changes a hold, writes the step, moves on the offer that it was made for, and tells everybody. What changed meanwhile is left alone and refused.
async fn change(
    core: &Core,
    conn: &mut Conn,
    row: &AppointmentRow,
    to: Held,
    by: Option<AccountId>,
    now: i64,
) -> Result<i64> {
    let id = AppointmentId(row.id);
    if !store::holds::update(conn, id, row.version, to).await? {
        return Err(Error::conflict(Conflict::StaleVersion));
    }
    let version = row.version + 1;
    let step = store::Step {
        appointment: id,
        seq: version,
        from: Some(status_of(row)?.code()),
        to: to.status.code(),
        at: now,
        by,
        reason: None,
        seat: None,
    };
    store::insert_step(conn, step).await?;
    if to.status == Status::Booked {
        let kind = (row.visit_type_id.into(), row.price_minor);
        free_visits::opens(conn, id, row.patient_id.into(), kind).await?;
    }
    let became = Became { status: to.status, by_somebody: by.is_some(), now };
    follow(core, conn, id, became).await?;
    conn.announce(News::Visit(row.event(version))).await?;
    Ok(version)
}

/// Lets go of a time that is still held, for somebody or as the house.
pub(crate) async fn let_go(
    core: &Core,
    conn: &mut Conn,
    id: AppointmentId,
    by: Option<AccountId>,
    now: i64,
) -> Result<()> {
    let Some(row) = store::find(conn, id).await? else { return Ok(()) };
    if status_of(&row)?.is_held() {
        change(core, conn, &row, expired(), by, now).await?;
    }
    Ok(())
}

/// Whose ended holds may be in the way of what the database has refused: of that doctor and that patient, or anybody's, where it is a room
/// or a device that is taken.
pub(super) fn in_the_way(error: &Error, of: (DoctorId, PatientId)) -> Option<(DoctorId, PatientId)> {
    (error.broken() != Some(Constraint::ResourceOverlap)).then_some(of)
}

/// Gives back times whose hold has ended: those of a doctor or a patient that are in the way of a booking, or all of them.
/// Returns how many there were.
pub(crate) async fn give_back(core: &Core, of: Option<(DoctorId, PatientId)>) -> Result<usize> {
    let given = give_back_silently(core, of).await?;
    if given > 0 {
        core.freed.ring();
    }
    Ok(given)
}

/// The same without telling that times have come free: for whoever takes one of them before those who wait are asked, and tells then.
pub(crate) async fn give_back_silently(core: &Core, of: Option<(DoctorId, PatientId)>) -> Result<usize> {
    let reach = Reach::house("whose hold has ended is in nobody's way, whoever asks");
    let now = core.now_ms();
    let lapsed = {
        let mut conn = core.db.read(&reach).await?;
        store::holds::lapsed(&mut conn, of, now).await?
    };
    let mut given = 0;
    for (id,) in lapsed {
        let inside = core.clone();
        let outcome = core
            .db
            .write(&reach, move |conn| {
                let core = inside.clone();
                Box::pin(async move { give_back_one(&core, conn, AppointmentId(id), now).await })
            })
            .await;
        given += match outcome {
            Ok(gone) => usize::from(gone),
            // Somebody has paid, taken or let go meanwhile.
            Err(Error::Refused(Refusal::Conflict { reason: Conflict::StaleVersion, .. })) => 0,
            Err(error) => return Err(error),
        };
    }
    Ok(given)
}

/// Whether there was something to give back.
async fn give_back_one(core: &Core, conn: &mut Conn, id: AppointmentId, now: i64) -> Result<bool> {
    let Some(row) = store::find(conn, id).await? else { return Ok(false) };
    if row.hold_expires_at.is_none_or(|until| until > now) {
        return Ok(false);
    }
    change(core, conn, &row, expired(), None, now).await?;
    Ok(true)
}
