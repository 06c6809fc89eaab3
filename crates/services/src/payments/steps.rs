//! What is written down for each decision about a payment, in one transaction with what it does to the visit.
//!
//! Nobody is asked anything here: what is to be asked afterwards is returned.

use domain::{
    appointments::{Initiator, Status},
    ids::AppointmentId,
    payments::{
        PaymentState, RefundPolicy,
        flow::{Next, Seen, Situation, Standing, next},
    },
};
use uuid::Uuid;

use super::{
    provider::{Look, Reserved},
    refunds,
    store::{
        self, Change, PaymentRow, follow_ups as rows,
        ledger::{self, Account},
        refunds::NewRefund,
    },
};
use crate::{
    appointments::{AppointmentRow, find_visit, seat},
    core::Core,
    db::{Conn, News},
    error::{Error, Result},
    mail::{self, Letter, Money},
};

/// One step to be taken.
#[derive(Clone)]
pub(super) struct Work {
    pub(super) id: Uuid,
    pub(super) look: Look,
    pub(super) cause: &'static str,
    pub(super) now: i64,
    /// Whether the time may still be won.
    pub(super) seats: bool,
    pub(super) core: Core,
}

/// What is to be asked of the provider once this is committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum After {
    /// Nothing.
    Rest,
    /// Look again.
    Again,
    Capture,
    Undo,
    /// Send these back: number and amount.
    Refund(Vec<(i64, i64)>),
    /// Nothing more can be paid for the order.
    Close(String),
}

/// Decides, and writes down what follows.
pub(super) async fn advance(conn: &mut Conn, work: &Work) -> Result<After> {
    let Some(row) = store::find(conn, work.id).await? else { return Ok(After::Rest) };
    let visit = find_visit(conn, AppointmentId(row.appointment_id))
        .await?
        .ok_or(Error::Stored("visit of a payment"))?;
    let situation = situation(conn, work, &row, &visit).await?;
    match (next(situation), &work.look.payment) {
        (Next::Rest, Some(reserved)) if situation.state == PaymentState::Captured => {
            refunds::compare(conn, &work.core, &row, (reserved, &work.look.refunds), work.now).await
        }
        (Next::Seat, Some(reserved)) if work.seats => won(conn, work, &row, &visit, reserved).await,
        (Next::Seat, Some(reserved)) if reserved.seen == Seen::Taken => {
            give_back(conn, work, &row, (&visit, Money::TooLate), reserved).await
        }
        (Next::Seat, Some(_)) => lost_the_time(conn, work, &row).await,
        (Next::Capture, Some(reserved)) => {
            if situation.state != PaymentState::Capturing {
                moved(conn, work, &row, plain(&row, PaymentState::Capturing, Some(reserved))).await?;
            }
            Ok(After::Capture)
        }
        (Next::Book, Some(reserved)) => booked(conn, work, &row, reserved).await,
        (Next::Undo, Some(reserved)) => {
            if situation.state != PaymentState::Undoing {
                if !situation.as_agreed {
                    tracing::error!(payment = %row.id, "another amount was reserved than was agreed");
                }
                moved(conn, work, &row, plain(&row, PaymentState::Undoing, Some(reserved))).await?;
            }
            Ok(After::Undo)
        }
        (Next::GiveBack, Some(reserved)) => {
            let told = match situation.standing {
                Standing::Kept | Standing::PaidOtherwise => Money::Refund,
                Standing::Waiting | Standing::GivenUp => Money::TooLate,
            };
            give_back(conn, work, &row, (&visit, told), reserved).await
        }
        (Next::Void, _) => {
            moved(conn, work, &row, plain(&row, PaymentState::Voided, None)).await?;
            Ok(After::Rest)
        }
        (Next::Lose, _) => {
            tracing::error!(payment = %row.id, "what was reserved for a visit was gone before it was taken");
            moved(conn, work, &row, plain(&row, PaymentState::Lost, None)).await?;
            tell(conn, work, &row, Money::Lost).await?;
            Ok(After::Rest)
        }
        (Next::Close, _) => {
            moved(conn, work, &row, plain(&row, PaymentState::Closed, None)).await?;
            Ok(row.order_id.clone().map_or(After::Rest, After::Close))
        }
        (Next::Rest | Next::Seat | Next::Capture | Next::Book | Next::Undo | Next::GiveBack, _) => {
            Ok(After::Rest)
        }
    }
}

async fn situation(
    conn: &mut Conn,
    work: &Work,
    row: &PaymentRow,
    visit: &AppointmentRow,
) -> Result<Situation> {
    let status = Status::parse(&visit.status).ok_or(Error::Stored("status"))?;
    let state = PaymentState::parse(&row.state).ok_or(Error::Stored("state of a payment"))?;
    let standing = match status {
        Status::Held | Status::PendingPayment => Standing::Waiting,
        // What ran out by itself may still be had; what somebody let go of was given up.
        Status::Expired => match store::last_step(conn, row.appointment_id).await? {
            Some((_, None)) => Standing::Waiting,
            Some((_, Some(_))) | None => Standing::GivenUp,
        },
        Status::Cancelled => Standing::GivenUp,
        Status::Booked
        | Status::Confirmed
        | Status::Arrived
        | Status::CheckedIn
        | Status::InProgress
        | Status::Completed
        | Status::NoShow
        | Status::LeftUnseen => {
            // Whoever was told that her money had not come may have paid at the desk since.
            if state == PaymentState::Lost && paid_otherwise(conn, row, visit).await? {
                Standing::PaidOtherwise
            } else {
                Standing::Kept
            }
        }
    };
    let agreed =
        |reserved: &Reserved| reserved.amount_minor == row.amount_minor && reserved.currency == row.currency;
    Ok(Situation {
        state,
        seen: work.look.payment.as_ref().map_or(Seen::Nothing, |reserved| reserved.seen),
        as_agreed: work.look.payment.as_ref().is_none_or(agreed),
        standing,
        hold_ended: visit.hold_expires_at.is_none_or(|until| until <= work.now),
    })
}

/// Whether less of a visit's price is still to be paid than a payment would bring.
async fn paid_otherwise(conn: &mut Conn, row: &PaymentRow, visit: &AppointmentRow) -> Result<bool> {
    // The desk takes money before this is looked at, or sees that it is on its way.
    store::take_turn(conn, row.appointment_id).await?;
    let payments = store::of_visit(conn, row.appointment_id).await?;
    let paid: i64 = payments.iter().map(PaymentRow::left_minor).sum();
    Ok(visit.price_minor - paid < row.amount_minor)
}

/// Wins the time; what is only reserved is asked for next, what was taken already is booked at once.
async fn won(
    conn: &mut Conn,
    work: &Work,
    row: &PaymentRow,
    visit: &AppointmentRow,
    reserved: &Reserved,
) -> Result<After> {
    seat(&work.core, conn, visit, row.created_by.into(), row.created_at, work.now).await?;
    if reserved.seen == Seen::Taken {
        take(conn, work, row, reserved, true).await?;
        tell(conn, work, row, Money::Paid).await?;
        return Ok(After::Again);
    }
    moved(conn, work, row, plain(row, PaymentState::Capturing, Some(reserved))).await?;
    Ok(After::Capture)
}

/// The money is here. If the visit was called off while it was on its way, what is due of it goes back; at once, unless it was called off
/// together with others: that may be undone until its patient is told, and what is due goes back then.
async fn booked(conn: &mut Conn, work: &Work, row: &PaymentRow, reserved: &Reserved) -> Result<After> {
    // Whoever calls it off, or tells its patient, sees this money or is seen here: else nobody would send it back.
    store::take_turn(conn, row.appointment_id).await?;
    let visit = find_visit(conn, AppointmentId(row.appointment_id))
        .await?
        .ok_or(Error::Stored("visit of a payment"))?;
    let row = take(conn, work, row, reserved, true).await?;
    if visit.status == Status::Cancelled.code() {
        if rows::waits(conn, row.appointment_id).await? {
            return Ok(After::Again);
        }
        let by = visit.cancelled_by.as_deref().and_then(Initiator::parse).unwrap_or(Initiator::Organization);
        let lead = refunds::lead_of_cancelled(conn, &visit, work.now).await?;
        refunds::of_cancelled(conn, &row, (by, lead), None, work.now).await?;
    } else {
        tell(conn, work, &row, Money::Paid).await?;
        renew(conn, &visit).await?;
    }
    Ok(After::Again)
}

/// The money is here, and there is no visit that it is due for: all of it goes back, and whoever has paid is told so.
async fn give_back(
    conn: &mut Conn,
    work: &Work,
    row: &PaymentRow,
    (visit, told): (&AppointmentRow, Money),
    reserved: &Reserved,
) -> Result<After> {
    let agreed = reserved.amount_minor == row.amount_minor && reserved.currency == row.currency;
    if !agreed {
        tracing::error!(payment = %row.id, "another amount was taken than was agreed");
    }
    let row = take(conn, work, row, reserved, agreed).await?;
    let refund = NewRefund {
        amount_minor: row.captured_minor,
        state: "requested",
        reason: None,
        provider_refund: None,
        by: None,
    };
    store::refunds::insert(conn, &row, &refund, work.now).await?;
    tell(conn, work, &row, told).await?;
    renew(conn, visit).await?;
    Ok(After::Again)
}

/// The time is somebody else's: the bank is told to let go.
async fn lost_the_time(conn: &mut Conn, work: &Work, row: &PaymentRow) -> Result<After> {
    let to = plain(row, PaymentState::Undoing, work.look.payment.as_ref());
    moved(conn, work, row, to).await?;
    tell(conn, work, row, Money::TooLate).await?;
    Ok(After::Undo)
}

/// Notes that the money is here: state, ledger, and the number of the receipt.
async fn take(
    conn: &mut Conn,
    work: &Work,
    row: &PaymentRow,
    reserved: &Reserved,
    agreed: bool,
) -> Result<PaymentRow> {
    let number = store::next_receipt(conn, row.hospital_id).await?;
    let change = Change {
        state: PaymentState::Captured.code(),
        captured_minor: reserved.amount_minor,
        captured_at: Some(work.now),
        provider_payment: Some(reserved.id.clone()),
        receipt_number: Some(number),
    };
    moved(conn, work, row, change).await?;
    let against = if agreed { Account::Income } else { Account::Suspense };
    let amount = (reserved.amount_minor, reserved.currency.as_str());
    ledger::post(conn, row, &format!("cap:{}", row.id), (Account::Provider, against), amount, work.now)
        .await?;
    store::find(conn, row.id).await?.ok_or(Error::Stored("a payment"))
}

/// Notes that the provider has let go of what was reserved.
pub(super) async fn voided(conn: &mut Conn, id: Uuid, now: i64) -> Result<()> {
    let Some(row) = store::find(conn, id).await? else { return Ok(()) };
    if row.state == PaymentState::Undoing.code() {
        store::update(conn, &row, &plain(&row, PaymentState::Voided, None), "void", now).await?;
    }
    Ok(())
}

fn plain(row: &PaymentRow, state: PaymentState, reserved: Option<&Reserved>) -> Change {
    Change {
        state: state.code(),
        captured_minor: 0,
        captured_at: None,
        provider_payment: reserved.map(|it| it.id.clone()).or_else(|| row.provider_payment.clone()),
        receipt_number: None,
    }
}

/// Refuses nothing: who was overtaken does the whole step again.
async fn moved(conn: &mut Conn, work: &Work, row: &PaymentRow, to: Change) -> Result<()> {
    if store::update(conn, row, &to, work.cause, work.now).await? {
        Ok(())
    } else {
        Err(Error::Stored("a payment that nobody else may change"))
    }
}

/// Says to whoever pays what has become of the money.
async fn tell(conn: &mut Conn, work: &Work, row: &PaymentRow, what: Money) -> Result<()> {
    let Some((email,)) = store::address_of(conn, row.created_by).await? else { return Ok(()) };
    let letter = Letter::Payment { account: row.created_by, appointment: row.appointment_id, what };
    mail::post(conn, &mail::draft(&work.core, &email, letter)).await
}

/// Pages that show the visit read it again.
pub(super) async fn renew(conn: &mut Conn, visit: &AppointmentRow) -> Result<()> {
    conn.announce(News::Visit(visit.event(visit.version))).await
}

/// What a hospital gives back.
pub(super) async fn policy(conn: &mut Conn, hospital: Uuid) -> Result<RefundPolicy> {
    let found = store::policy(conn, hospital).await?;
    Ok(found.map_or_else(RefundPolicy::default, |(full_until_hours, late_percent)| RefundPolicy {
        full_until_hours,
        late_percent,
    }))
}
