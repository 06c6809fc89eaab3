//! Payments: tried, refused, authorised, captured.
//! What goes back is in `refunds`.

use serde::{Deserialize, Serialize};

use super::{Desk, Later};
use crate::{
    entities::{Kind, Method, Notes, OrderStatus, Payment, PaymentStatus, shown},
    faults::{self, Fault, Place},
    random,
    refusal::Refusal,
};

/// What comes of trying to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// The bank says yes, and it is captured if the order says so.
    Paid,
    /// The bank says nothing, and yes after a while.
    Late,
    Authorized,
    Captured,
    Failed,
    /// The bank was not asked yet.
    Created,
}

/// Who pays, as far as the other side said so.
#[derive(Debug, Clone, Default)]
pub(crate) struct Payer {
    pub(crate) email: Option<String>,
    pub(crate) contact: Option<String>,
    pub(crate) description: Option<String>,
}

/// A try to pay.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) order_id: String,
    pub(crate) outcome: Outcome,
    /// Another amount than the order's.
    pub(crate) amount: Option<i64>,
    /// Which button of which page it comes from.
    pub(crate) page: Option<String>,
    pub(crate) payer: Payer,
}

/// Why a payment failed.
struct Reason(&'static str, &'static str);

const REFUSED: Reason = Reason("BAD_REQUEST_ERROR", "The card was refused by the bank.");
const NO_ANSWER: Reason = Reason("GATEWAY_ERROR", "The bank did not answer in time.");

impl Payment {
    /// Whether it has failed only because nobody knows better.
    pub(crate) fn waits_for_the_bank(&self) -> bool {
        self.error_code.as_deref() == Some(NO_ANSWER.0)
    }
}

impl Desk<'_> {
    /// Tries to pay an order.
    pub(crate) fn pay(&mut self, attempt: Attempt) -> Result<Payment, Refusal> {
        if let Some(made) = attempt.page.as_ref().and_then(|page| self.world.pages.get(page)) {
            return self.world.payment(made).cloned();
        }
        let order = self.world.order(&attempt.order_id)?.clone();
        if order.is_paid() {
            return Err(Refusal::bad("This order is already paid"));
        }
        let id = random::id("pay_")?;
        let mut outcome = attempt.outcome;
        let succeeds = matches!(outcome, Outcome::Paid | Outcome::Authorized | Outcome::Captured);
        if succeeds && self.strikes(Fault::LateAuthorization) {
            outcome = Outcome::Late;
        }
        let amount = match attempt.amount {
            Some(amount) => amount,
            None if self.strikes(Fault::WrongAmount) => faults::wrong(order.amount),
            None => order.amount,
        };
        self.world.payments.push(Payment {
            id: id.clone(),
            entity: Kind::Payment,
            amount,
            currency: order.currency,
            status: PaymentStatus::Created,
            order_id: order.id.clone(),
            method: Method::Card,
            captured: false,
            amount_refunded: 0,
            refund_status: None,
            description: attempt.payer.description,
            email: attempt.payer.email,
            contact: attempt.payer.contact,
            notes: Notes::default(),
            error_code: None,
            error_description: None,
            created_at: self.now,
        });
        let of = self.world.order_mut(&order.id)?;
        of.attempts += 1;
        of.status = OrderStatus::Attempted;
        if let Some(page) = attempt.page {
            self.world.pages.insert(page, id.clone());
        }
        match outcome {
            Outcome::Created => {}
            Outcome::Failed => self.fail(&id, REFUSED)?,
            Outcome::Late => {
                self.fail(&id, NO_ANSWER)?;
                self.world.late.insert(id.clone());
                self.later.push(Later::Authorize(id.clone()));
            }
            Outcome::Authorized => self.grant(&id)?,
            Outcome::Paid => self.grant_as_ordered(&id)?,
            Outcome::Captured => {
                self.grant(&id)?;
                self.take(&id)?;
            }
        }
        self.world.payment(&id).cloned()
    }

    /// The bank says yes after all.
    pub(crate) fn authorize(&mut self, id: &str) -> Result<Payment, Refusal> {
        let payment = self.world.payment(id)?;
        if !matches!(payment.status, PaymentStatus::Created | PaymentStatus::Failed) {
            return Err(Refusal::bad(
                "Only payments which have been created or have failed can be authorized",
            ));
        }
        self.grant_as_ordered(id)?;
        self.world.payment(id).cloned()
    }

    /// The same, unless it was told so before its time came.
    pub(crate) fn authorize_late(&mut self, id: &str) -> Result<(), Refusal> {
        if self.world.late.contains(id) { self.authorize(id).map(drop) } else { Ok(()) }
    }

    /// Takes what the bank has set aside: once, and all of it.
    pub(crate) fn capture(&mut self, id: &str, amount: i64, currency: &str) -> Result<Payment, Refusal> {
        let payment = self.world.payment(id)?;
        match payment.status {
            PaymentStatus::Captured | PaymentStatus::Refunded => {
                return Err(Refusal::bad("This payment has already been captured"));
            }
            PaymentStatus::Created | PaymentStatus::Failed => {
                return Err(Refusal::bad(
                    "Only payments which have been authorized and not yet captured can be captured",
                ));
            }
            PaymentStatus::Authorized => {}
        }
        if payment.currency != currency {
            return Err(Refusal::field("currency", "Capture currency must be the one of the payment"));
        }
        if payment.amount != amount {
            return Err(Refusal::field("amount", "Capture amount must be equal to the amount authorized"));
        }
        if self.world.order(&payment.order_id)?.is_paid() {
            return Err(Refusal::bad("The order of this payment is already paid"));
        }
        self.take(id)?;
        self.world.payment(id).cloned()
    }

    fn fail(&mut self, id: &str, reason: Reason) -> Result<(), Refusal> {
        let payment = self.world.payment_mut(id)?;
        payment.status = PaymentStatus::Failed;
        payment.error_code = Some(reason.0.to_owned());
        payment.error_description = Some(reason.1.to_owned());
        let payment = shown(payment);
        self.announce("payment.failed", vec![(Kind::Payment, payment)])
    }

    fn grant(&mut self, id: &str) -> Result<(), Refusal> {
        let payment = self.world.payment_mut(id)?;
        payment.status = PaymentStatus::Authorized;
        payment.error_code = None;
        payment.error_description = None;
        let payment = shown(payment);
        self.world.late.remove(id);
        self.announce("payment.authorized", vec![(Kind::Payment, payment)])
    }

    /// Captures at once if the order says so; an order that is paid takes no second payment by itself.
    fn grant_as_ordered(&mut self, id: &str) -> Result<(), Refusal> {
        self.grant(id)?;
        let order = self.world.order(&self.world.payment(id)?.order_id)?;
        if self.world.automatic.contains(&order.id) && !order.is_paid() { self.take(id) } else { Ok(()) }
    }

    fn take(&mut self, id: &str) -> Result<(), Refusal> {
        let payment = self.world.payment_mut(id)?;
        payment.status = PaymentStatus::Captured;
        payment.captured = true;
        let payment = payment.clone();
        let order = self.world.order_mut(&payment.order_id)?;
        order.take(payment.amount);
        let (is_paid, order) = (order.is_paid(), shown(order));
        self.announce("payment.captured", vec![(Kind::Payment, shown(&payment))])?;
        if is_paid {
            self.announce("order.paid", vec![(Kind::Payment, shown(&payment)), (Kind::Order, order)])?;
        }
        Ok(())
    }

    /// Whether a fault of paying strikes here.
    pub(crate) fn strikes(&mut self, fault: Fault) -> bool {
        self.world.faults.take(&[fault], Place::Pay).is_some()
    }
}
