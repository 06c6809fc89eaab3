//! What comes back to the patient when the hospital cancels a visit, on the page that asks whether it shall.
//! How much that is, the bill says. Members who do not count money read the rule alone.

use domain::ids::{AppointmentId, PatientId};
use domain::payments::{Bill, PaymentState};
use leptos::prelude::*;

use crate::payments::api::bill_if_shown;
use crate::payments::parts::{amount, what_hangs};
use crate::portal::{Loaded, use_viewer};
use crate::reading::Reading;
use crate::t;

/// See the module.
#[component]
pub fn ComesBack(
    /// Which visit.
    id: AppointmentId,
    /// Whose.
    patient: PatientId,
) -> impl IntoView {
    // Whoever minds the patient cancels on her side, also as a member of the hospital.
    let minds = use_viewer().principal().is_some_and(|principal| principal.minds(patient));
    let rule = if minds { t!(hospital_money.back_policy) } else { t!(hospital_money.back_rule) };
    let found = Reading::new(move || id, bill_if_shown);
    view! {
        <Loaded
            resource=found
            part=true
            view={move |bill: Option<Bill>| {
                let lines = bill.as_ref().map_or_else(|| vec![rule.to_owned()], told);
                lines.into_iter().map(|words| view! { <p>{words}</p> }).collect_view().into_any()
            }}
        />
    }
    .into_any()
}

/// What comes back, in sentences, and what becomes of the visits that hang on this one.
fn told(bill: &Bill) -> Vec<String> {
    let (online, back) = (bill.paid_online_minor(), bill.refund_if_cancelled_minor);
    let sum = |minor| amount(minor, &bill.price);
    // A member who cancels a visit of her own gets back what the hospital's policy gives, as any patient.
    let by_itself = (online > 0).then(|| match back {
        back if back >= online => t!(hospital_money.back_all, price = sum(back)),
        0 => t!(hospital_money.back_none, paid = sum(online)),
        back => t!(hospital_money.back_part, paid = sum(online), price = sum(back)),
    });
    let coming = bill.payments.iter().filter(|payment| payment.state == PaymentState::Capturing);
    let coming: i64 = coming.map(|payment| payment.amount.amount_minor).sum();
    let coming = (coming > 0).then(|| t!(hospital_money.back_coming, price = sum(coming)));
    let desk = bill.paid_minor - online;
    let desk = (desk > 0).then(|| t!(hospital_money.back_desk, price = sum(desk)));
    let mut lines: Vec<_> = [by_itself, coming, desk].into_iter().flatten().collect();
    if lines.is_empty() && bill.price.amount_minor > 0 {
        lines.push(t!(hospital_money.back_nothing).to_owned());
    }
    lines.extend(what_hangs(bill));
    lines
}

#[cfg(test)]
mod tests {
    use domain::ids::PaymentId;
    use domain::money::Money;
    use domain::payments::{Payment, PaymentMethod};
    use uuid::Uuid;

    use super::*;
    use crate::payments::parts::tests::bill;

    /// A payment of so much, all of which has come unless it is just on its way.
    fn paid(method: PaymentMethod, state: PaymentState, amount_minor: i64) -> Payment {
        Payment {
            id: PaymentId(Uuid::nil()),
            appointment_id: bill().appointment_id,
            method,
            state,
            amount: Money { amount_minor, currency: "EUR".into() },
            captured_minor: if state == PaymentState::Captured { amount_minor } else { 0 },
            refunded_minor: 0,
            refunding_minor: 0,
            receipt: None,
            at: "2026-11-23T10:00:00+01:00".parse().unwrap(),
            paid_at: None,
        }
    }

    /// What is told of these payments when so much goes back by itself.
    fn of(payments: &[Payment], back: i64) -> Vec<String> {
        told(&Bill {
            paid_minor: payments.iter().map(Payment::left_minor).sum(),
            refund_if_cancelled_minor: back,
            payments: payments.to_vec(),
            ..bill()
        })
    }

    #[test]
    fn whoever_cancels_at_the_desk_knows_what_comes_back_to_the_patient() {
        let online = paid(PaymentMethod::Online, PaymentState::Captured, 3_000);
        let cash = paid(PaymentMethod::Cash, PaymentState::Captured, 2_000);
        let all = "The patient gets back all that was paid online, €30. It goes back by itself.";
        let desk = "€20 was paid at the desk and does not go back by itself. An administrator gives it back on the page of the visit.";
        assert_eq!(of(std::slice::from_ref(&online), 3_000), [all]);
        assert_eq!(of(&[online, cash.clone()], 3_000), [all, desk]);
        assert_eq!(of(&[cash], 0), [desk]);
    }

    #[test]
    fn a_member_who_cancels_a_visit_of_her_own_is_promised_no_more_than_the_policy_gives() {
        let online = [paid(PaymentMethod::Online, PaymentState::Captured, 5_000)];
        assert_eq!(of(&online, 2_500), ["Of €50 paid online, €25 goes back to the patient by itself."]);
        assert_eq!(of(&online, 0), ["Nothing goes back of €50 paid online."]);
    }

    #[test]
    fn money_that_is_on_its_way_is_told_apart_from_none() {
        let coming = [paid(PaymentMethod::Online, PaymentState::Capturing, 5_000)];
        let lines = of(&coming, 0);
        assert!(lines.len() == 1 && lines[0].starts_with("€50 is just being paid online."), "{lines:?}");
        assert_eq!(of(&[], 0), [t!(hospital_money.back_nothing)]);
        let free = Money { amount_minor: 0, currency: "EUR".into() };
        assert_eq!(told(&Bill { price: free, ..bill() }), Vec::<String>::new());
    }
}
