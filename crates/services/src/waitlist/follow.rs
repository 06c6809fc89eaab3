//! What becomes of an offer follows from what becomes of the hold that keeps its time: whoever changes a hold ends here, in the same
//! transaction, whether a patient answered, money came, or the hold ran out.
//!
//! Nothing is offered here.

use domain::{
    appointments::Status,
    error::Conflict,
    ids::{AppointmentId, DoctorId, PatientId},
    time::Span,
    waitlist::{EntryStatus, LAPSES, OfferOutcome},
};
use futures::future::BoxFuture;

use super::{
    store::{self, offers::OfferRow},
    told,
};
use crate::{
    appointments::{self, AppointmentRow},
    core::Core,
    db::Conn,
    error::{Error, Result},
};

/// What a hold has become.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Became {
    /// Where it stands now.
    pub(crate) status: Status,
    /// Whether somebody did that, and not the clock.
    pub(crate) by_somebody: bool,
    /// Now.
    pub(crate) now: i64,
}

/// Moves the offer on whose time a hold keeps, and its entry, if there is one. Boxed, because an offer that is lost gives its own hold back.
pub(crate) fn follow<'c>(
    core: &'c Core,
    conn: &'c mut Conn,
    hold: AppointmentId,
    became: Became,
) -> BoxFuture<'c, Result<()>> {
    Box::pin(async move {
        let Some(offer) = store::offers::of_hold(conn, hold).await? else { return Ok(()) };
        let was_open = offer.outcome == OfferOutcome::Open.code();
        match became.status {
            // Late money may have won a time that had lapsed.
            Status::Booked => taken(core, conn, hold, &offer, became.now).await,
            Status::Expired if was_open && became.by_somebody => {
                moved(conn, hold, &offer, OfferOutcome::Declined, EntryStatus::Waiting).await
            }
            Status::Expired if was_open => lapsed(core, conn, hold, &offer).await,
            Status::Expired
            | Status::Held
            | Status::PendingPayment
            | Status::Confirmed
            | Status::Arrived
            | Status::CheckedIn
            | Status::InProgress
            | Status::Completed
            | Status::Cancelled
            | Status::NoShow
            | Status::LeftUnseen => Ok(()),
        }
    })
}

/// Whether a hold keeps a time for somebody who waits and has not answered yet.
pub(crate) async fn is_offered(conn: &mut Conn, hold: AppointmentId) -> Result<bool> {
    let offer = store::offers::of_hold(conn, hold).await?;
    Ok(offer.is_some_and(|offer| offer.outcome == OfferOutcome::Open.code()))
}

/// The visit that is to be put on the time that a hold keeps, if it is offered for that.
pub(crate) async fn kept_for(conn: &mut Conn, hold: AppointmentId) -> Result<Option<AppointmentId>> {
    let offer = store::offers::of_hold(conn, hold).await?;
    let offer = offer.filter(|offer| offer.outcome == OfferOutcome::Open.code());
    Ok(offer.and_then(|offer| offer.moves).map(AppointmentId))
}

/// Notes that an offer is taken with a visit that is put on its time, before the hold makes way; tells since when it was kept.
pub(crate) async fn taken_with(core: &Core, conn: &mut Conn, hold: AppointmentId, now: i64) -> Result<i64> {
    let offer = store::offers::of_hold(conn, hold).await?;
    let offer = offer.filter(|offer| offer.outcome == OfferOutcome::Open.code());
    let offer = offer.ok_or_else(|| Error::conflict(Conflict::HoldEnded))?;
    taken(core, conn, hold, &offer, now).await?;
    Ok(offer.offered_at)
}

/// A time that is kept for the very patient whose money has come for it makes way in the same transaction: what keeps it and what was
/// paid for are both hers. What somebody else is offered stays hers alone, whoever pays.
pub(crate) async fn make_way(core: &Core, conn: &mut Conn, paid: &AppointmentRow, now: i64) -> Result<()> {
    let (whose, with) = (PatientId(paid.patient_id), DoctorId(paid.doctor_id));
    let block = Span { start: paid.block_starts_at, end: paid.block_ends_at };
    for (hold,) in store::offers::open_to(conn, (whose, with), block).await? {
        let hold = AppointmentId(hold);
        let Some(offer) = store::offers::of_hold(conn, hold).await? else { continue };
        // She keeps her place, as whoever books by herself while she waits.
        moved(conn, hold, &offer, OfferOutcome::Lost, EntryStatus::Waiting).await?;
        appointments::let_go(core, conn, hold, None, now).await?;
    }
    Ok(())
}

async fn taken(core: &Core, conn: &mut Conn, hold: AppointmentId, offer: &OfferRow, now: i64) -> Result<()> {
    moved(conn, hold, offer, OfferOutcome::Taken, EntryStatus::Taken).await?;
    // A second time is not kept for her, where late money has won the first.
    if let Some(other) = store::offers::open(conn, offer.entry_id).await? {
        let other = AppointmentId(other);
        let lost = (OfferOutcome::Open.code(), OfferOutcome::Lost.code());
        store::offers::set_outcome(conn, other, lost).await?;
        appointments::let_go(core, conn, other, None, now).await?;
    }
    Ok(())
}

/// An offer that nobody has answered. Only the house lets one lapse, so it may write to those who mind the patient.
async fn lapsed(core: &Core, conn: &mut Conn, hold: AppointmentId, offer: &OfferRow) -> Result<()> {
    let ends = store::offers::lapsed(conn, offer.entry_id).await? + 1 >= LAPSES;
    let status = if ends { EntryStatus::Ended } else { EntryStatus::Waiting };
    moved(conn, hold, offer, OfferOutcome::Lapsed, status).await?;
    if ends {
        told::ended(core, conn, offer.entry_id, offer.patient_id.into()).await?;
    }
    Ok(())
}

/// Moves an offer on, and its entry if that is still in the line.
async fn moved(
    conn: &mut Conn,
    hold: AppointmentId,
    offer: &OfferRow,
    outcome: OfferOutcome,
    to: EntryStatus,
) -> Result<()> {
    if !store::offers::set_outcome(conn, hold, (offer.outcome.as_str(), outcome.code())).await? {
        return Err(Error::conflict(Conflict::StaleVersion));
    }
    let status = EntryStatus::parse(&offer.status).ok_or(Error::Stored("status of an entry"))?;
    if !status.is_open() {
        return Ok(());
    }
    if !store::set_status(conn, offer.entry_id, offer.version, to.code()).await? {
        return Err(Error::conflict(Conflict::StaleVersion));
    }
    Ok(())
}
