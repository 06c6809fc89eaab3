//! Settling a payment: look at what the provider says, decide, write it down, and ask for what follows, until there is nothing left to do.
//!
//! It is the same whether a browser came back, a notice arrived or the clock struck, and it does no harm done twice. The decision is
//! `domain::payments::flow`'s; what is written down for it is in `steps`.

use domain::{
    Error as Refusal,
    appointments::Status,
    error::Conflict,
    payments::{
        PaymentState,
        patience::{
            BETWEEN_RETURNS, Urgency, next_after_tries, next_look, next_look_at_ended, next_look_at_refund,
            next_try,
        },
    },
};
use uuid::Uuid;

use super::{
    cashier::refund_receipt,
    provider::{Look, Provider, Trouble},
    steps::{self, After, Work},
    store::{self, PaymentRow},
};
use crate::{
    appointments::{AppointmentRow, find_visit, give_back_silently},
    core::Core,
    db::{Conn, Reach},
    error::{Error, Result},
};

/// For so long a payment belongs to whoever works on it: longer than a provider's answers may take.
const LEASE_MS: i64 = 60_000;
/// More than the longest way takes: look, seat, capture, look, book, refund, look.
const ROUNDS: usize = 8;
/// After so many refusals it is enough for now.
const REFUSALS: usize = 1;

/// The reach of everything here.
pub(super) fn reach() -> Reach {
    Reach::house("a payment is settled, whoever has made it worth looking at")
}

/// Settles a payment as far as it can be settled now. What does not answer is asked again later.
pub(crate) async fn settle(core: &Core, id: Uuid, cause: &'static str) -> Result<()> {
    settle_apart(core, id, cause, 0).await
}

/// The same for somebody who comes back from the provider, unless that was done for another who came back a moment ago.
pub(super) async fn settle_returned(core: &Core, id: Uuid) -> Result<()> {
    settle_apart(core, id, "return", BETWEEN_RETURNS).await
}

/// `apart`: so long after the end of the last one for which this was not 0.
async fn settle_apart(core: &Core, id: Uuid, cause: &'static str, apart: i64) -> Result<()> {
    let now = core.now_ms();
    let leased = core
        .db
        .write(&reach(), move |conn| Box::pin(store::lease(conn, id, now - apart, now + LEASE_MS)))
        .await?;
    if !leased {
        return Ok(());
    }
    let outcome = work(core, id, cause).await;
    let next = when_next(core, id, outcome.as_ref().ok().copied()).await?;
    let ended = if apart > 0 { core.now_ms() } else { 0 };
    let when = (next.at, next.urgency);
    core.db.write(&reach(), move |conn| Box::pin(store::let_go(conn, id, when, next.counts, ended))).await?;
    match outcome {
        Ok(Known::ThisFar | Known::Ended) => Ok(()),
        Err(Stopped::Trouble(trouble)) => {
            tracing::warn!(payment = %id, %trouble, "a payment is settled later");
            Ok(())
        }
        Err(Stopped::Absent(provider)) => {
            tracing::error!(payment = %id, %provider, "money hangs at a payment provider whose keys are not given: set PAYMENT_PROVIDER_BEFORE");
            Ok(())
        }
        Err(Stopped::Accident(error)) => Err(error),
    }
}

/// What the provider has said last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    /// That money may still come.
    ThisFar,
    /// That nothing can be paid any more.
    Ended,
}

/// Why work stopped before its end.
enum Stopped {
    Trouble(Trouble),
    /// Nobody has given the keys of the provider that has it.
    Absent(String),
    Accident(Error),
}

impl From<Trouble> for Stopped {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl<E: Into<Error>> From<E> for Stopped
where
    Error: From<E>,
{
    fn from(error: E) -> Self {
        Self::Accident(error.into())
    }
}

async fn work(core: &Core, id: Uuid, cause: &'static str) -> std::result::Result<Known, Stopped> {
    let mut refused = 0;
    for _ in 0..ROUNDS {
        let Some(row) = find(core, id).await? else { return Ok(Known::Ended) };
        let provider = || at_its_provider(core, &row);
        let look = match &row.order_id {
            Some(order) => provider()?.look(order).await?,
            // What was never led to the provider's page cannot be paid there.
            None => Look { ended: true, ..Look::default() },
        };
        let known = if look.ended { Known::Ended } else { Known::ThisFar };
        let reserved = look.payment.clone();
        let after = step(core, &row, look, cause).await?;
        if refused >= REFUSALS {
            return Ok(known);
        }
        match (after, reserved) {
            // Whoever paid in this moment cannot be stopped, and is seen in the next round.
            (After::Close(order), _) => provider()?.close(&order).await?,
            (After::Rest, _) | (_, None) => return Ok(known),
            (After::Again, _) => {}
            // Whether it was done, the next look says; that it was done already is no trouble.
            (After::Capture, Some(reserved)) => refused += tell(id, provider()?.capture(&reserved).await)?,
            (After::Undo, Some(reserved)) => {
                provider()?.void(&reserved).await?;
                let now = core.now_ms();
                core.db.write(&reach(), move |conn| Box::pin(steps::voided(conn, id, now))).await?;
            }
            (After::Refund(due), Some(reserved)) => {
                for (number, amount) in due {
                    let name = refund_receipt(id, number);
                    refused += tell(id, provider()?.refund(&reserved, amount, &name).await)?;
                }
            }
        }
    }
    Ok(Known::ThisFar)
}

/// Whoever has the payment, and nobody else.
fn at_its_provider<'a>(core: &'a Core, row: &PaymentRow) -> std::result::Result<&'a dyn Provider, Stopped> {
    let provider = core.cashier.of(&row.provider).ok_or_else(|| Stopped::Absent(row.provider.clone()))?;
    Ok(&**provider)
}

/// Counts refusals, which are looked at again in the next round; silence ends the work for now.
fn tell(id: Uuid, outcome: std::result::Result<(), Trouble>) -> std::result::Result<usize, Stopped> {
    match outcome {
        Ok(()) => Ok(0),
        Err(trouble @ Trouble::Refused { .. }) => {
            tracing::warn!(payment = %id, %trouble, "a provider did not do what it was asked");
            Ok(1)
        }
        Err(trouble) => Err(trouble.into()),
    }
}

async fn find(core: &Core, id: Uuid) -> Result<Option<PaymentRow>> {
    let mut conn = core.db.read(&reach()).await?;
    store::find(&mut conn, id).await
}

/// Decides and writes down. What was given back for that is told only afterwards: whoever has paid comes before those who wait.
async fn step(core: &Core, row: &PaymentRow, look: Look, cause: &'static str) -> Result<After> {
    let given = make_room(core, row).await?;
    let after = seat_or_not(core, row, look, cause).await;
    if given > 0 {
        core.freed.ring();
    }
    after
}

/// A time that cannot be won is given up in a second try, since the first leaves nothing behind.
async fn seat_or_not(core: &Core, row: &PaymentRow, look: Look, cause: &'static str) -> Result<After> {
    let work = Work { id: row.id, look, cause, now: core.now_ms(), seats: true, core: core.clone() };
    let tried = run(core, work.clone()).await;
    match tried {
        Err(Error::Refused(Refusal::Conflict { reason: Conflict::StaleVersion, .. })) => Ok(After::Again),
        Err(error) if error.broken().is_some() || matches!(error, Error::Refused(_)) => {
            tracing::info!(payment = %row.id, %error, "the time that was paid for is somebody else's");
            run(core, Work { seats: false, ..work }).await
        }
        other => other,
    }
}

async fn run(core: &Core, work: Work) -> Result<After> {
    core.db
        .write(&reach(), move |conn| {
            let work = work.clone();
            Box::pin(async move { steps::advance(conn, &work).await })
        })
        .await
}

/// Gives back ended holds, which may lie where a late payment wants to be seated; returns how many there were.
async fn make_room(core: &Core, row: &PaymentRow) -> Result<usize> {
    let visit = {
        let mut conn = core.db.read(&reach()).await?;
        find_visit(&mut conn, row.appointment_id.into()).await?
    };
    if let Some(visit) = visit
        && visit.hold_expires_at.is_none_or(|until| until <= core.now_ms())
        && row.state != PaymentState::Captured.code()
    {
        // Anybody's: it may be a room that another doctor's visit kept.
        return give_back_silently(core, None).await;
    }
    Ok(0)
}

/// When to look again, how urgent that is, and whether the look that is over counts for how long the next one waits.
struct Next {
    at: Option<i64>,
    /// None where trouble has left it as it was: who has paid does not come last for that.
    urgency: Option<Urgency>,
    counts: bool,
}

/// `known` is what the provider has said, if there was no trouble.
async fn when_next(core: &Core, id: Uuid, known: Option<Known>) -> Result<Next> {
    let mut conn = core.db.read(&reach()).await?;
    let Some(row) = store::find(&mut conn, id).await? else {
        return Ok(Next { at: None, urgency: None, counts: true });
    };
    let now = core.now_ms();
    let state = PaymentState::parse(&row.state).ok_or(Error::Stored("state of a payment"))?;
    let troubled = known.is_none();
    let urgency = (!troubled).then(|| Urgency::of(state));
    let at = |at| Next { at, urgency, counts: true };
    if row.refunding_minor > 0
        && let Some((asked_at,)) = store::refunds::under_way_since(&mut conn, id).await?
    {
        return Ok(at(Some(next_look_at_refund(now, asked_at, row.looks))));
    }
    let under_way = troubled || state.is_under_way();
    if state == PaymentState::Captured && !under_way {
        return Ok(at(None));
    }
    if state == PaymentState::Closed && known == Some(Known::Ended) {
        return Ok(at(next_look_at_ended(now, row.created_at)));
    }
    let next = next_look(now, row.created_at, row.looks, under_way);
    if state != PaymentState::Open {
        return Ok(at(next));
    }
    let visit = find_visit(&mut conn, row.appointment_id.into()).await?;
    if troubled
        && let Some(visit) = &visit
        && let Some(ended) = ended_at(&mut conn, visit, now).await?
    {
        return Ok(match next_try(now, ended) {
            // Those few quick ones say nothing about how long the provider will be away.
            Some(soon) => Next { at: Some(soon), urgency, counts: false },
            None => at(next_after_tries(now, row.created_at, row.looks)),
        });
    }
    // The end of the hold is a moment to look, too.
    let ends = visit.and_then(|visit| visit.hold_expires_at).filter(|until| *until > now);
    Ok(at(match (next, ends) {
        (Some(next), Some(ends)) => Some(next.min(ends)),
        (next, ends) => next.or(ends),
    }))
}

/// When a hold has ended: by the clock, or when it was given back.
async fn ended_at(conn: &mut Conn, visit: &AppointmentRow, now: i64) -> Result<Option<i64>> {
    match visit.hold_expires_at {
        Some(until) => Ok((until <= now).then_some(until)),
        None if visit.status == Status::Expired.code() => {
            Ok(store::last_step(conn, visit.id).await?.map(|(at, _)| at))
        }
        None => Ok(None),
    }
}
