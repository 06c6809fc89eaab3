//! Pieces that tell of money: what has become of a payment, in words, and amounts of a bill.
//! They read nothing; they are given what they show.

use domain::money::Money;
use domain::payments::{Payment, PaymentMethod, PaymentState};

use crate::i18n::price;
use crate::t;
use crate::ui::{IconName, Tone};

/// An amount in the currency of another.
#[must_use]
pub fn amount(minor: i64, like: &Money) -> String {
    price(minor, &like.currency)
}

/// How something was paid.
#[must_use]
pub fn method_text(method: PaymentMethod) -> &'static str {
    match method {
        PaymentMethod::Online => t!(payments.online),
        PaymentMethod::Cash => t!(payments.cash),
        PaymentMethod::CardMachine => t!(payments.card_machine),
    }
}

/// What has become of a payment, in one word.
#[must_use]
pub fn state_look(payment: &Payment) -> (&'static str, Tone, IconName) {
    match payment.state {
        PaymentState::Open => (t!(payments.state_open), Tone::Warning, IconName::Clock),
        PaymentState::Capturing => (t!(payments.state_capturing), Tone::Accent, IconName::Clock),
        PaymentState::Captured if payment.refunded_minor >= payment.captured_minor => {
            (t!(payments.state_returned), Tone::Neutral, IconName::Refresh)
        }
        PaymentState::Captured if payment.refunding_minor > 0 => {
            (t!(payments.state_returning), Tone::Accent, IconName::Refresh)
        }
        PaymentState::Captured => (t!(payments.state_paid), Tone::Positive, IconName::CheckCircle),
        PaymentState::Undoing | PaymentState::Voided => {
            (t!(payments.state_let_go), Tone::Neutral, IconName::Refresh)
        }
        PaymentState::Lost => (t!(payments.state_lost), Tone::Warning, IconName::AlertTriangle),
        PaymentState::Closed => (t!(payments.state_closed), Tone::Neutral, IconName::XCircle),
    }
}
