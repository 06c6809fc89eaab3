//! What was paid for a visit, on the visit's own page, and what would go back.
//! Whoever may not see the bill sees nothing here.

use domain::appointments::Status;
use domain::ids::AppointmentId;
use domain::money::Money;
use domain::payments::{Bill, Payment};
use leptos::prelude::*;

use crate::i18n::date_medium;
use crate::payments::api::bill_if_shown;
use crate::payments::parts::{amount, follow_up_words, method_text, state_look, what_hangs};
use crate::portal::Loaded;
use crate::reading::Reading;
use crate::t;
use crate::ui::{Badge, Notice};

/// See the module.
#[component]
pub fn BillSection(
    /// Which visit.
    id: AppointmentId,
    /// With whom.
    doctor: String,
    /// Grows when the visit changes.
    version: i64,
    /// It still takes place: what nobody has paid for is told then alone, for not every house notes what it takes.
    upcoming: bool,
    /// The patient does not come to the house.
    video: bool,
) -> impl IntoView {
    let found = Reading::new(move || (id, version), |(id, _)| bill_if_shown(id));
    view! {
        <Loaded
            resource=found
            part=true
            view={move |bill: Option<Bill>| {
                bill.filter(|bill| has_something(bill, upcoming)).map(|bill| section(bill, &doctor, video)).into_any()
            }}
        />
    }
}

/// Whether there is something to say of money.
fn has_something(bill: &Bill, upcoming: bool) -> bool {
    let due = upcoming && bill.due_minor > 0;
    due || !bill.payments.is_empty() || bill.follow_up_of.is_some() || bill.opens.is_some()
}

/// What is to be said of money that does not go back by itself, though the visit did not take place: what was paid at the hospital for a
/// cancelled one, and anything for one that was left unseen. What goes back of money that was paid online her payments say.
fn stays(bill: &Bill) -> Option<String> {
    let there = bill.paid_minor - bill.paid_online_minor();
    match bill.status {
        Status::Cancelled if there > 0 => Some(t!(payments.paid_there, price = amount(there, &bill.price))),
        Status::LeftUnseen if bill.paid_minor > 0 => {
            Some(t!(payments.not_back, price = amount(bill.paid_minor, &bill.price)))
        }
        _ => None,
    }
}

fn section(bill: Bill, doctor: &str, video: bool) -> impl IntoView + use<> {
    let free =
        follow_up_words(&bill, doctor).into_iter().map(|words| view! { <p>{words}</p> }).collect_view();
    let price = bill.price.clone();
    let due = (bill.due_minor > 0).then(|| {
        let left = amount(bill.due_minor, &price);
        let words = match (bill.is_being_paid(), video) {
            (true, _) => t!(payments.being_paid, price = left),
            (false, true) => t!(payments.due_somehow, price = left),
            (false, false) => t!(payments.due_at_desk, price = left),
        };
        view! { <Notice><p>{words}</p></Notice> }
    });
    let stays = stays(&bill).map(|words| view! { <p>{words}</p> });
    let items: Vec<_> = bill.payments.iter().map(payment).collect();
    view! {
        <section class="stack-small" aria-labelledby="bill">
            <h2 class="section-title" id="bill">{t!(payments.title)}</h2>
            {due}
            {stays}
            {free}
            {(!items.is_empty()).then(|| view! { <ul class="payments" role="list">{items}</ul> })}
        </section>
    }
}

fn payment(payment: &Payment) -> impl IntoView + use<> {
    let (words, tone, icon) = state_look(payment);
    let day = date_medium(payment.paid_at.unwrap_or(payment.at).date());
    let paid = amount(payment.amount.amount_minor, &payment.amount);
    let back = (payment.refunded_minor > 0 && payment.refunded_minor < payment.captured_minor)
        .then(|| t!(payments.gone_back, price = amount(payment.refunded_minor, &payment.amount)));
    let coming = (payment.refunding_minor > 0)
        .then(|| t!(payments.coming_back, price = amount(payment.refunding_minor, &payment.amount)));
    let receipt = payment.receipt.as_ref().map(|number| {
        let href = format!("/receipts/{}", payment.id);
        view! { <a href=href>{t!(payments.receipt_number, number = number)}</a> }
    });
    view! {
        <li class="payment">
            <span class="split">
                <strong class="money">{paid}</strong>
                <Badge tone icon>{words}</Badge>
            </span>
            <span class="muted">{method_text(payment.method)} ", " {day}</span>
            {[back, coming].into_iter().flatten().map(|words| view! { <span>{words}</span> }).collect_view()}
            {receipt}
        </li>
    }
}

/// What goes back when a visit is cancelled now, before somebody does that.
#[component]
pub fn RefundHint(
    /// Which visit.
    id: AppointmentId,
) -> impl IntoView {
    let found = Reading::new(move || id, bill_if_shown);
    view! {
        <Loaded
            resource=found
            part=true
            view={|bill: Option<Bill>| {
                bill.filter(|bill| bill.paid_minor > 0)
                    .map(|bill| {
                        let words = goes_back(
                            bill.paid_minor,
                            bill.paid_online_minor(),
                            bill.refund_if_cancelled_minor,
                            &bill.price,
                        );
                        let hangs = what_hangs(&bill);
                        words.into_iter().chain(hangs).map(|words| view! { <p>{words}</p> }).collect_view()
                    })
                    .into_any()
            }}
        />
    }
}

/// What moving a visit does to money that was paid online, before somebody moves it: whoever moves at the last minute gets no more by
/// cancelling weeks before the new time.
#[component]
pub fn MovingHint(
    /// The visit's bill. It is read by the page: times that come and go above are drawn anew, and must not jump because this is read again.
    found: Reading<Option<Bill>>,
) -> impl IntoView {
    view! {
        <Loaded
            resource=found
            part=true
            view={|bill: Option<Bill>| {
                let words = bill.and_then(|bill| {
                    after_moving(bill.paid_online_minor(), bill.refund_if_cancelled_minor, &bill.price)
                });
                words.map(|words| view! { <p>{words}</p> }).into_any()
            }}
        />
    }
}

fn after_moving(online: i64, back: i64, price: &Money) -> Option<String> {
    (back < online).then(|| match back {
        0 => t!(payments.moved_nothing_back).to_owned(),
        back => t!(payments.moved_part_back, price = amount(back, price)),
    })
}

/// What goes back of what was paid, in sentences. What was paid at the hospital never goes back by itself, however early one cancels.
fn goes_back(paid: i64, online: i64, back: i64, price: &Money) -> Vec<String> {
    let there = (online < paid).then(|| t!(payments.paid_there, price = amount(paid - online, price)));
    if online <= 0 {
        return there.into_iter().collect();
    }
    let words = match back {
        0 if online < paid => t!(payments.nothing_back_online).to_owned(),
        0 => t!(payments.nothing_back).to_owned(),
        back if back >= paid => t!(payments.all_back, price = amount(back, price)),
        back => t!(payments.part_back, price = amount(back, price)),
    };
    // The page offers another time first.
    let moving = (back < online).then(|| t!(payments.moving_changes_nothing).to_owned());
    std::iter::once(words).chain(moving).chain(there).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payments::parts::tests::bill;

    /// The sentences for a visit that costs 50 euros.
    fn words(paid: i64, online: i64, back: i64) -> Vec<String> {
        goes_back(paid, online, back, &Money { amount_minor: 5_000, currency: "EUR".into() })
    }

    #[test]
    fn money_of_the_desk_is_named_and_not_called_too_late() {
        assert_eq!(words(5_000, 0, 0), ["You paid €50 at the hospital. Please ask there about that money."]);
    }

    #[test]
    fn what_goes_back_is_told_in_full_in_part_or_as_nothing() {
        let [all, part] = [words(5_000, 5_000, 5_000), words(5_000, 5_000, 2_500)];
        assert!(all.len() == 1 && all[0].starts_with("You get all of your money back"), "{all:?}");
        assert!(part[0].contains("25") && !part[0].contains("all"), "{part:?}");
        assert_eq!(part[1..], [t!(payments.moving_changes_nothing)]);
        assert_eq!(words(5_000, 5_000, 0), [t!(payments.nothing_back), t!(payments.moving_changes_nothing)]);
    }

    #[test]
    fn who_paid_here_and_there_is_told_both() {
        let both = words(5_000, 2_000, 2_000);
        assert!(both[0].contains("20") && !both[0].contains("all"), "{both:?}");
        let there = "You paid €30 at the hospital. Please ask there about that money.";
        assert_eq!(both[1..], [there]);
        let nothing = [t!(payments.nothing_back_online), t!(payments.moving_changes_nothing), there];
        assert_eq!(words(5_000, 2_000, 0), nothing);
    }

    #[test]
    fn who_moves_too_late_for_her_money_knows_it_before() {
        let told =
            |online, back| after_moving(online, back, &Money { amount_minor: 5_000, currency: "EUR".into() });
        assert_eq!((told(0, 0), told(5_000, 5_000)), (None, None));
        assert!(told(5_000, 0).is_some_and(|words| words.contains("does not come back")));
        assert!(told(5_000, 2_500).is_some_and(|words| words.contains("€25")));
    }

    #[test]
    fn money_that_does_not_go_back_by_itself_is_told_and_no_other() {
        let desk = |status| Bill { status, paid_minor: 5_000, due_minor: 0, ..bill() };
        let there = "You paid €50 at the hospital. Please ask there about that money.";
        assert_eq!(stays(&desk(Status::Cancelled)).as_deref(), Some(there));
        assert_eq!(stays(&Bill { paid_minor: 0, ..desk(Status::Cancelled) }), None);
        assert!(
            stays(&desk(Status::LeftUnseen)).is_some_and(|words| words.starts_with("€50 of what you paid"))
        );
        assert_eq!((stays(&desk(Status::Completed)), stays(&desk(Status::NoShow))), (None, None));
    }

    #[test]
    fn nobody_is_asked_for_money_of_a_visit_that_is_over() {
        let unpaid = bill();
        assert!(has_something(&unpaid, true) && !has_something(&unpaid, false));
        assert!(!has_something(&Bill { due_minor: 0, ..unpaid }, true));
    }
}
