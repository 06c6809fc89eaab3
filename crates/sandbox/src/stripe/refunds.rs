//! Refunds of Stripe's half: never more goes back than was taken.
//! That a refund is made once is the business of its key.

use std::collections::BTreeMap;

use super::{
    refusal::Refusal,
    till::{IntentStatus, Refund, RefundStatus},
};
use crate::{
    options::Settling,
    random,
    world::{Desk, Later},
};

/// A refund before it has a name.
pub(super) struct NewRefund {
    pub(super) payment_intent: String,
    /// All that is left, if nothing is said.
    pub(super) amount: Option<i64>,
    pub(super) reason: Option<String>,
    pub(super) metadata: BTreeMap<String, String>,
}

impl Desk<'_> {
    /// Gives back part of what was taken, or all of it.
    pub(super) fn refund_intent(&mut self, new: NewRefund) -> Result<Refund, Refusal> {
        let intent = self.world.stripe.intent(&new.payment_intent)?;
        if intent.status != IntentStatus::Succeeded {
            let message =
                format!("This PaymentIntent ({}) does not have a successful charge to refund.", intent.id);
            return Err(Refusal::bad(message));
        }
        let left = intent.amount_received - intent.amount_refunded;
        if left == 0 {
            let message = format!("The charge of {} has already been refunded.", intent.id);
            return Err(Refusal::state("charge_already_refunded", message));
        }
        let amount = new.amount.unwrap_or(left);
        if amount > left {
            let message =
                format!("Refund amount ({amount}) is greater than unrefunded amount on charge ({left})");
            return Err(Refusal::param("amount", "amount_too_large", message));
        }
        let refund = Refund {
            id: random::id("re_")?,
            amount,
            currency: intent.currency.clone(),
            payment_intent: new.payment_intent.clone(),
            reason: new.reason,
            metadata: new.metadata,
            status: RefundStatus::Pending,
            created: self.now,
        };
        let id = refund.id.clone();
        self.world.stripe.refunds.push(refund);
        self.recount_intent(&new.payment_intent)?;
        self.tell_of_refund("refund.created", &id)?;
        match self.options.refunds {
            Settling::AtOnce => self.settle_refund(&id, RefundStatus::Succeeded)?,
            Settling::After(_) => self.later.push(Later::Succeed(id.clone())),
            Settling::WhenTold => {}
        }
        self.world.stripe.refund(&id).cloned()
    }

    /// Says how a refund ended.
    pub(super) fn settle_refund(&mut self, id: &str, status: RefundStatus) -> Result<(), Refusal> {
        let found = self.world.stripe.refunds.iter_mut().find(|refund| refund.id == id);
        let refund = found.ok_or_else(|| Refusal::missing("refund", id))?;
        if refund.status != RefundStatus::Pending || status == RefundStatus::Pending {
            return Err(Refusal::bad("A refund that is pending ends as succeeded or failed, once."));
        }
        refund.status = status;
        let intent = refund.payment_intent.clone();
        self.recount_intent(&intent)?;
        self.tell_of_refund(
            if status == RefundStatus::Failed { "refund.failed" } else { "refund.updated" },
            id,
        )
    }

    /// The same when its time has come, unless somebody was quicker.
    pub(crate) fn succeed(&mut self, id: &str) -> Result<(), Refusal> {
        match self.world.stripe.refund(id)?.status {
            RefundStatus::Pending => self.settle_refund(id, RefundStatus::Succeeded),
            RefundStatus::Succeeded | RefundStatus::Failed => Ok(()),
        }
    }

    /// A refund that failed gives nothing back.
    fn recount_intent(&mut self, id: &str) -> Result<(), Refusal> {
        let of_intent = self.world.stripe.refunds.iter().filter(|refund| refund.payment_intent == id);
        let back = of_intent
            .filter(|refund| refund.status != RefundStatus::Failed)
            .map(|refund| refund.amount)
            .sum();
        self.world.stripe.intent_mut(id)?.amount_refunded = back;
        Ok(())
    }

    fn tell_of_refund(&mut self, kind: &str, id: &str) -> Result<(), Refusal> {
        let object = self.world.stripe.refund(id)?.shown();
        self.tell(kind, &object)
    }
}
