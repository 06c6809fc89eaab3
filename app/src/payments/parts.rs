//! Pieces that tell of money: what has become of a payment, in words, and amounts of a bill.
//! They read nothing; they are given what they show.

use domain::money::Money;
use domain::payments::{Bill, FollowUpWindow, Payment, PaymentMethod, PaymentState};

use crate::i18n::{date_at_time, date_medium, price};
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

/// Why a visit would be free, before it is booked.
#[must_use]
pub fn free_because(window: &FollowUpWindow) -> String {
    t!(payments.free_visit, day = date_medium(window.visit_on), until = date_medium(window.until))
}

/// What a paid visit has opened. How many are left is no part of it: a receipt says the same however often it is read.
#[must_use]
pub fn opened(window: &FollowUpWindow, doctor: &str) -> String {
    let count = u64::try_from(window.visits).unwrap_or_default();
    let until = date_medium(window.until);
    if window.only_when_asked {
        return t!(payments.opens_when_asked, count = count, doctor = doctor, until = until);
    }
    t!(payments.opens, count = count, doctor = doctor, until = until)
}

/// The same, with how many are left.
#[must_use]
pub fn opened_and_left(window: &FollowUpWindow, doctor: &str) -> String {
    let left = match u64::try_from(window.left).unwrap_or_default() {
        0 => t!(payments.opens_none_left).to_owned(),
        left => t!(payments.opens_left, count = left),
    };
    format!("{} {left}", opened(window, doctor))
}

/// What is said of free visits on a bill: why this one is free, and what it opens.
#[must_use]
pub fn follow_up_words(bill: &Bill, doctor: &str) -> Vec<String> {
    let of = bill.follow_up_of.as_ref().map(|of| t!(payments.free_of, day = date_medium(of.visit_on)));
    let opens = bill.opens.as_ref().map(|window| {
        if bill.paid_minor > 0 {
            return opened_and_left(window, doctor);
        }
        let count = u64::try_from(window.visits).unwrap_or_default();
        let until = date_medium(window.until);
        if window.only_when_asked {
            return t!(payments.opens_unpaid_when_asked, count = count, doctor = doctor, until = until);
        }
        t!(payments.opens_unpaid, count = count, doctor = doctor, until = until)
    });
    of.into_iter().chain(opens).collect()
}

/// What becomes of the visits that are free because of this one: some go with it, the others cost their price again.
#[must_use]
pub fn what_hangs(bill: &Bill) -> Vec<String> {
    let gone: Vec<_> =
        bill.cancels_too.iter().map(|start| date_at_time(start.date(), start.local().time())).collect();
    let count = u64::try_from(gone.len()).unwrap_or_default();
    let goes_too = (count > 0).then(|| t!(payments.free_goes_too, count = count, when = gone.join(", ")));
    let used = bill.opens.as_ref().map_or(0, |window| window.visits - window.left);
    let stays = u64::try_from(used).unwrap_or_default() > count;
    let ends = stays.then(|| t!(payments.free_ends).to_owned());
    goes_too.into_iter().chain(ends).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use domain::appointments::Status;
    use domain::ids::{AppointmentId, PatientId};
    use uuid::Uuid;

    use super::*;

    /// The bill of a visit that costs 50 euros, of which nothing was paid.
    pub(crate) fn bill() -> Bill {
        Bill {
            appointment_id: AppointmentId(Uuid::nil()),
            reference: String::new(),
            status: Status::Booked,
            held_until: None,
            price: Money { amount_minor: 5_000, currency: "EUR".into() },
            paid_minor: 0,
            due_minor: 5_000,
            refund_if_cancelled_minor: 0,
            payments: Vec::new(),
            takes_money: false,
            gives_back: false,
            follow_up_of: None,
            opens: None,
            cancels_too: Vec::new(),
            offered: false,
        }
    }

    #[test]
    fn what_hangs_on_a_visit_goes_with_it_or_costs_its_price_again() {
        let window = |left| FollowUpWindow {
            appointment_id: AppointmentId(Uuid::nil()),
            patient_id: PatientId(Uuid::nil()),
            visit_on: "2026-11-24".parse().unwrap(),
            until: "2026-12-08".parse().unwrap(),
            visits: 2,
            left,
            visit_type_ids: Vec::new(),
            only_when_asked: false,
        };
        let hangs = |left, cancels_too: &[&str]| {
            what_hangs(&Bill {
                opens: Some(window(left)),
                cancels_too: cancels_too.iter().map(|start| start.parse().unwrap()).collect(),
                ..bill()
            })
        };
        assert_eq!(hangs(2, &[]), Vec::<String>::new());
        assert_eq!(hangs(1, &[]), [t!(payments.free_ends)]);
        let gone = hangs(1, &["2026-12-01T10:00:00+01:00"]);
        assert!(
            gone.len() == 1 && gone[0].contains("Tue 1 Dec 2026") && gone[0].contains("cancelled"),
            "{gone:?}"
        );
        let both = hangs(0, &["2026-12-01T10:00:00+01:00"]);
        assert_eq!(both[1..], [t!(payments.free_ends)]);
    }

    #[test]
    fn free_visits_are_told_with_their_days() {
        let window = FollowUpWindow {
            appointment_id: AppointmentId(Uuid::nil()),
            patient_id: PatientId(Uuid::nil()),
            visit_on: "2026-05-03".parse().unwrap(),
            until: "2026-05-17".parse().unwrap(),
            visits: 2,
            left: 1,
            visit_type_ids: Vec::new(),
            only_when_asked: false,
        };
        let because = "Free: follow-up of your visit on Sun 3 May 2026, until Sun 17 May 2026.";
        assert_eq!(free_because(&window), because);
        let two = "2 follow-up visits with Dr. Iyer are free until Sun 17 May 2026.";
        assert_eq!(opened(&window, "Dr. Iyer"), two);
        assert_eq!(opened_and_left(&window, "Dr. Iyer"), format!("{two} 1 is left."));
        let one = FollowUpWindow { visits: 1, left: 0, ..window };
        let told = "1 follow-up visit with Dr. Iyer is free until Sun 17 May 2026. All of them are booked.";
        assert_eq!(opened_and_left(&one, "Dr. Iyer"), told);
        let asked = FollowUpWindow { only_when_asked: true, ..one };
        let told = "When the doctor asks you to come again, 1 follow-up visit with Dr. Iyer is free until Sun 17 May 2026.";
        assert_eq!(opened(&asked, "Dr. Iyer"), told);
    }
}
