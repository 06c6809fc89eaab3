//! Refunds: never more goes back than was captured, and never twice under one receipt.
//! How fast money is, is not looked at.

use super::{Desk, Later};
use crate::{
    entities::{Kind, Notes, PaymentStatus, Refund, RefundStatus, Refunded, Speed, shown},
    options::Settling,
    random,
    refusal::Refusal,
};

/// A refund before it has a name.
pub(crate) struct NewRefund {
    /// All that is left, if nothing is said.
    pub(crate) amount: Option<i64>,
    pub(crate) receipt: Option<String>,
    pub(crate) notes: Notes,
    pub(crate) speed: Speed,
}

impl Refund {
    pub(super) fn is_pending(&self) -> bool {
        self.status == RefundStatus::Pending
    }
}

impl Desk<'_> {
    /// Gives back part of a payment, or all of it.
    pub(crate) fn refund(&mut self, payment_id: &str, new: NewRefund) -> Result<Refund, Refusal> {
        let payment = self.world.payment(payment_id)?;
        let mut of_payment = self.world.refunds.iter().filter(|refund| refund.payment_id == payment_id);
        // Asked first: whoever did not hear the first answer learns that there was one.
        if new.receipt.is_some() && of_payment.any(|refund| refund.receipt == new.receipt) {
            return Err(Refusal::field(
                "receipt",
                "A refund with this receipt exists already for this payment",
            ));
        }
        match payment.status {
            PaymentStatus::Captured => {}
            PaymentStatus::Refunded => {
                return Err(Refusal::bad("The payment has been fully refunded already"));
            }
            PaymentStatus::Created | PaymentStatus::Authorized | PaymentStatus::Failed => {
                return Err(Refusal::bad("The payment status should be captured for action to be taken"));
            }
        }
        let left = payment.amount - payment.amount_refunded;
        let amount = new.amount.unwrap_or(left);
        if amount > left {
            let description = "The total refund amount is greater than the refund payment amount";
            return Err(Refusal::field("amount", description));
        }
        let refund = Refund {
            id: random::id("rfnd_")?,
            entity: Kind::Refund,
            amount,
            currency: payment.currency.clone(),
            payment_id: payment_id.to_owned(),
            receipt: new.receipt,
            notes: new.notes,
            status: RefundStatus::Pending,
            speed_requested: new.speed,
            speed_processed: Speed::Normal,
            created_at: self.now,
        };
        let id = refund.id.clone();
        self.world.refunds.push(refund);
        self.recount(payment_id)?;
        self.announce_refund("refund.created", &id)?;
        match self.options.refunds {
            Settling::AtOnce => self.settle(&id, RefundStatus::Processed)?,
            Settling::After(_) => self.later.push(Later::Process(id.clone())),
            Settling::WhenTold => {}
        }
        self.world.refund(&id).cloned()
    }

    /// Says how a refund ended.
    pub(crate) fn settle(&mut self, id: &str, status: RefundStatus) -> Result<(), Refusal> {
        let refund = self.world.refund_mut(id)?;
        if !refund.is_pending() {
            return Err(Refusal::bad("Only refunds which are pending can be settled"));
        }
        let event = match status {
            RefundStatus::Pending => {
                return Err(Refusal::field("status", "A refund ends as processed or failed."));
            }
            RefundStatus::Processed => "refund.processed",
            RefundStatus::Failed => "refund.failed",
        };
        refund.status = status;
        let payment_id = refund.payment_id.clone();
        self.recount(&payment_id)?;
        self.announce_refund(event, id)
    }

    /// The same when its time has come, unless somebody was quicker.
    pub(crate) fn process(&mut self, id: &str) -> Result<(), Refusal> {
        if self.world.refund(id)?.is_pending() { self.settle(id, RefundStatus::Processed) } else { Ok(()) }
    }

    /// A refund that failed gives nothing back, and may be tried again.
    fn recount(&mut self, payment_id: &str) -> Result<(), Refusal> {
        let of_payment = self.world.refunds.iter().filter(|refund| refund.payment_id == payment_id);
        let back =
            of_payment.filter(|refund| refund.status != RefundStatus::Failed).map(|refund| refund.amount);
        let back: i64 = back.sum();
        let payment = self.world.payment_mut(payment_id)?;
        payment.amount_refunded = back;
        (payment.status, payment.refund_status) = match back {
            0 => (PaymentStatus::Captured, None),
            all if all >= payment.amount => (PaymentStatus::Refunded, Some(Refunded::Full)),
            _ => (PaymentStatus::Captured, Some(Refunded::Partial)),
        };
        Ok(())
    }

    fn announce_refund(&mut self, event: &str, id: &str) -> Result<(), Refusal> {
        let refund = self.world.refund(id)?;
        let payment = self.world.payment(&refund.payment_id)?;
        let about = vec![(Kind::Refund, shown(refund)), (Kind::Payment, shown(payment))];
        self.announce(event, about)
    }
}
