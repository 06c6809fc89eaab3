//! Money that goes back: what a cancelled visit is owed, and how what was asked for compares with what the provider says.
//!
//! How much that is, is `domain::payments::policy`'s business.

use domain::{
    appointments::{Initiator, Lead},
    payments::{PaymentState, patience::OVERDUE},
};
use uuid::Uuid;

use super::{
    cashier::refund_receipt,
    follow_ups,
    provider::{RefundState, Reserved, SeenRefund},
    steps::{After, policy},
    store::{
        self, PaymentRow,
        ledger::{self, Account},
        refunds::{self, NewRefund, RefundRow},
    },
};
use crate::{
    appointments::{AppointmentRow, Minders, lead},
    core::Core,
    db::Conn,
    error::Result,
};

/// How long before its begin a visit was given back that is called off by now.
pub(crate) async fn lead_of_cancelled(conn: &mut Conn, visit: &AppointmentRow, now: i64) -> Result<Lead> {
    let called_off = store::last_step(conn, visit.id).await?.map_or(now, |(at, _)| at);
    lead(conn, visit, called_off).await
}

/// A visit was called off, by whom and how early: what its hospital's policy gives back is asked for, by the next look at the payment.
pub(crate) async fn of_cancelled(
    conn: &mut Conn,
    row: &PaymentRow,
    (initiator, lead): (Initiator, Lead),
    by: Option<Uuid>,
    now: i64,
) -> Result<()> {
    let left = row.left_minor();
    let due = policy(conn, row.hospital_id).await?.due(left, initiator, lead).min(left);
    if due > 0 {
        let refund =
            NewRefund { amount_minor: due, state: "requested", reason: None, provider_refund: None, by };
        refunds::insert(conn, row, &refund, now).await?;
    }
    store::look_now(conn, row.id, now).await
}

/// Everything that was paid online for a visit that is called off now, or whose patient is told of that now.
pub(crate) async fn of_visit(
    conn: &mut Conn,
    appointment: Uuid,
    (initiator, lead): (Initiator, Lead),
    by: Uuid,
    now: i64,
) -> Result<()> {
    // Money that comes in this moment is seen here, or sees that the visit is called off.
    store::take_turn(conn, appointment).await?;
    for row in store::of_visit(conn, appointment).await? {
        if row.provider == super::DESK {
            continue;
        }
        if row.state == PaymentState::Captured.code() {
            of_cancelled(conn, &row, (initiator, lead), Some(by), now).await?;
        } else {
            store::look_now(conn, row.id, now).await?;
        }
    }
    Ok(())
}

/// Compares what was asked for with what the provider says, writes down the difference, and returns what is still to be sent.
pub(super) async fn compare(
    conn: &mut Conn,
    core: &Core,
    row: &PaymentRow,
    (reserved, seen): (&Reserved, &[SeenRefund]),
    now: i64,
) -> Result<After> {
    let ours = refunds::of(conn, row.id).await?;
    let mut due = Vec::new();
    for refund in ours.iter().filter(|refund| matches!(refund.state.as_str(), "requested" | "sent")) {
        let name = refund_receipt(row.id, refund.number);
        let same = |it: &&SeenRefund| {
            it.receipt.as_deref() == Some(name.as_str())
                || refund.provider_refund.as_deref() == Some(it.id.as_str())
        };
        if let Some(found) = seen.iter().find(same) {
            note(conn, row, refund, found, reserved, now).await?;
        } else {
            if now - refund.created_at > OVERDUE {
                tracing::error!(payment = %row.id, number = refund.number, "money does not go back: look at it with the provider");
            }
            due.push((refund.number, refund.amount_minor));
        }
    }
    adopt(conn, core, row, (&ours, seen), reserved, now).await?;
    Ok(if due.is_empty() { After::Rest } else { After::Refund(due) })
}

/// Writes down how one refund stands.
async fn note(
    conn: &mut Conn,
    row: &PaymentRow,
    refund: &RefundRow,
    seen: &SeenRefund,
    reserved: &Reserved,
    now: i64,
) -> Result<()> {
    let state = match seen.state {
        RefundState::Done => "done",
        RefundState::Sent => "sent",
        RefundState::Failed => "failed",
    };
    if !refunds::set_state(conn, row.id, refund.number, state, Some(&seen.id)).await? {
        return Ok(());
    }
    match seen.state {
        RefundState::Done => posted(conn, row, refund.number, refund.amount_minor, reserved, now).await,
        RefundState::Sent => Ok(()),
        RefundState::Failed => {
            tracing::error!(payment = %row.id, number = refund.number, "money could not be sent back: look at it with the provider");
            Ok(())
        }
    }
}

/// What somebody sent back at the provider without us is written down as well.
async fn adopt(
    conn: &mut Conn,
    core: &Core,
    row: &PaymentRow,
    (ours, seen): (&[RefundRow], &[SeenRefund]),
    reserved: &Reserved,
    now: i64,
) -> Result<()> {
    let known = |it: &SeenRefund| {
        ours.iter().any(|refund| {
            refund.provider_refund.as_deref() == Some(it.id.as_str())
                || it.receipt.as_deref() == Some(refund_receipt(row.id, refund.number).as_str())
        })
    };
    for strange in seen.iter().filter(|it| it.state == RefundState::Done && !known(it)) {
        tracing::error!(payment = %row.id, refund = %strange.id, "money went back that nobody here has sent");
        let new = NewRefund {
            amount_minor: strange.amount_minor,
            state: "done",
            reason: None,
            provider_refund: Some(strange.id.clone()),
            by: None,
        };
        // Whoever books a free visit because of this one has its turn meanwhile.
        store::take_turn(conn, row.appointment_id).await?;
        let number = refunds::insert(conn, row, &new, now).await?;
        posted(conn, row, number, strange.amount_minor, reserved, now).await?;
        let minders = Minders::within(core, conn, row.patient_id.into()).await?;
        follow_ups::look_again(conn, row.appointment_id, now, Some(&minders)).await?;
    }
    Ok(())
}

/// The ledger's side of money that has gone back.
async fn posted(
    conn: &mut Conn,
    row: &PaymentRow,
    number: i64,
    amount_minor: i64,
    reserved: &Reserved,
    now: i64,
) -> Result<()> {
    let earned = ledger::earned(conn, row.id).await?;
    let into = if earned { Account::Income } else { Account::Suspense };
    let key = format!("ref:{}:{number}", row.id);
    ledger::post(conn, row, &key, (into, Account::Provider), (amount_minor, &reserved.currency), now).await
}
