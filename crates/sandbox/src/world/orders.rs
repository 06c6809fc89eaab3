//! Orders: what somebody is asked to pay.
//! How much of it is paid is changed by payments.

use super::Desk;
use crate::{
    entities::{Kind, Notes, Order, OrderStatus},
    random,
    refusal::Refusal,
};

/// An order before it has a name.
pub(crate) struct NewOrder {
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) receipt: Option<String>,
    pub(crate) notes: Notes,
    /// Whether its payments are captured as soon as they are authorised.
    pub(crate) automatic: bool,
}

impl Order {
    pub(crate) fn is_paid(&self) -> bool {
        self.status == OrderStatus::Paid
    }

    /// What is missing is what is due, and nothing is due when nothing is missing.
    pub(super) fn take(&mut self, amount: i64) {
        self.amount_paid = self.amount_paid.saturating_add(amount);
        self.amount_due = self.amount.saturating_sub(self.amount_paid).max(0);
        if self.amount_due == 0 {
            self.status = OrderStatus::Paid;
        }
    }
}

impl Desk<'_> {
    /// Two orders may have the same receipt, as they may at Razorpay.
    pub(crate) fn create_order(&mut self, new: NewOrder) -> Result<Order, Refusal> {
        let order = Order {
            id: random::id("order_")?,
            entity: Kind::Order,
            amount: new.amount,
            amount_paid: 0,
            amount_due: new.amount,
            currency: new.currency,
            receipt: new.receipt,
            status: OrderStatus::Created,
            attempts: 0,
            notes: new.notes,
            created_at: self.now,
        };
        if new.automatic {
            self.world.automatic.insert(order.id.clone());
        }
        self.world.orders.push(order.clone());
        Ok(order)
    }
}
