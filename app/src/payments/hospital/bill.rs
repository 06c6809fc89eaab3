//! What a visit costs and what was paid, on the visit's page of the hospital, with the forms that take money and give it back.
//! Members who do not count money see nothing here.

use domain::ids::{AppointmentId, HospitalId};
use domain::money::minor_digits;
use domain::payments::{Bill, Payment};
use leptos::prelude::*;

use crate::form::{Form, FormState, new_key, use_form_state};
use crate::hospitals::hospital::price as typing;
use crate::i18n::date_medium;
use crate::payments::admin_forms::{Refund, TakePayment};
use crate::payments::api::bill_if_shown;
use crate::payments::parts::{amount, follow_up_words, method_text, state_look};
use crate::portal::Loaded;
use crate::portal::hospital::{Section, href, query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Badge, Button, ButtonKind, ButtonRow, Choice, Done, Field, FieldWidth, FormErrors, Notice, RadioGroup,
    SummaryList, SummaryRow,
};

/// See the module.
#[component]
pub fn BillPanel(
    /// Where.
    hospital: HospitalId,
    /// Which visit.
    id: AppointmentId,
    /// With whom.
    doctor: Signal<String>,
    /// Grows when the visit or its money may have changed.
    version: Signal<i64>,
) -> impl IntoView {
    let (given, form) = (query("given"), use_form_state::<TakePayment>());
    // A second payment leads to the address that the first has led to, so what is read again hangs on the form.
    let found = Reading::new(
        move || (id, version.get(), given.get(), form.accepted().get()),
        |(id, ..)| bill_if_shown(id),
    );
    view! {
        <Loaded
            resource=found
            part=true
            view={move |bill: Option<Bill>| {
                bill.map(|bill| view! { <Panel hospital bill doctor=doctor.get_untracked() form /> }).into_any()
            }}
        />
    }
    .into_any()
}

#[component]
fn Panel(hospital: HospitalId, bill: Bill, doctor: String, form: FormState<TakePayment>) -> impl IntoView {
    let like = bill.price.clone();
    let (paid, given) = (query("paid"), query("given"));
    let taken = move || (!paid.get().is_empty()).then(|| view! { <Done words=t!(hospital_money.taken) /> });
    let given = move || given.with(|how| given_words(how)).map(|words| view! { <Done words /> });
    let payments: Vec<_> = bill
        .payments
        .iter()
        .map(|payment| view! { <Line hospital payment=payment.clone() gives=bill.gives_back /> })
        .collect();
    let [price, paid, due] =
        [bill.price.amount_minor, bill.paid_minor, bill.due_minor].map(|minor| amount(minor, &like));
    let free =
        follow_up_words(&bill, &doctor).into_iter().map(|words| view! { <p>{words}</p> }).collect_view();
    let coming = (bill.due_minor > 0 && bill.is_being_paid())
        .then(|| view! { <Notice><p>{t!(error.being_paid)}</p></Notice> });
    let take = bill.takes_money.then(|| view! { <Take hospital bill=bill.clone() form /> });
    view! {
        <section class="stack-small" aria-labelledby="bill">
            <h2 class="card-title" id="bill">{t!(payments.title)}</h2>
            {taken}
            {given}
            <SummaryList>
                <SummaryRow label=t!(hospital_visit.price)>
                    <span class="money">{price}</span>
                </SummaryRow>
                <SummaryRow label=t!(payments.paid)>
                    <span class="money">{paid}</span>
                </SummaryRow>
                <SummaryRow label=t!(hospital_money.due)>
                    <strong class="money">{due}</strong>
                </SummaryRow>
            </SummaryList>
            {free}
            <ul class="payments" role="list">{payments}</ul>
            {coming}
            {take}
        </section>
    }
    .into_any()
}

/// What was done with money that goes back. A provider has only been asked for it then; at the desk nobody else has to do anything, and no
/// mail goes out.
fn given_words(how: &str) -> Option<&'static str> {
    match how {
        "" => None,
        "desk" => Some(t!(hospital_money.given_desk)),
        _ => Some(t!(hospital_money.given)),
    }
}

#[component]
fn Line(hospital: HospitalId, payment: Payment, gives: bool) -> impl IntoView {
    let (words, tone, icon) = state_look(&payment);
    let day = date_medium(payment.paid_at.unwrap_or(payment.at).date());
    let (sum, how) = (amount(payment.amount.amount_minor, &payment.amount), method_text(payment.method));
    let left = payment.left_minor();
    let back = (payment.refunded_minor > 0)
        .then(|| t!(payments.gone_back, price = amount(payment.refunded_minor, &payment.amount)));
    let coming = (payment.refunding_minor > 0)
        .then(|| t!(payments.coming_back, price = amount(payment.refunding_minor, &payment.amount)));
    let number = payment.receipt.clone().map(|number| t!(payments.receipt_number, number = number));
    let (back_to, id) = (query("back"), payment.id.to_string());
    let asked = move || {
        if !gives || left <= 0 {
            return ().into_any();
        }
        // One at a time, and by the address: so it works without scripts, and the page has one such form.
        if back_to.with(|asked| *asked == id) {
            return view! { <GiveBack hospital payment=payment.clone() left /> }.into_any();
        }
        let href = href(&Section::Visit(payment.appointment_id).at(hospital), &[("back", &id)]);
        view! { <p><a href=format!("{href}#bill")>{t!(hospital_money.give_back)}</a></p> }.into_any()
    };
    view! {
        <li class="payment">
            <span class="split">
                <span>
                    <strong class="money">{sum}</strong>
                    ", "
                    {how}
                    ", "
                    {day}
                </span>
                <Badge tone icon>{words}</Badge>
            </span>
            {[number, back, coming]
                .into_iter()
                .flatten()
                .map(|words| view! { <span class="muted">{words}</span> })
                .collect_view()}
            {asked}
        </li>
    }
    .into_any()
}

/// How it was paid is chosen by whoever takes it: what stood there beforehand would be noted unseen.
#[component]
fn Take(hospital: HospitalId, bill: Bill, form: FormState<TakePayment>) -> impl IntoView {
    let currency = bill.price.currency.clone();
    let digits = minor_digits(&currency).unwrap_or(2);
    let methods =
        vec![Choice::new("cash", t!(payments.cash)), Choice::new("card_machine", t!(payments.card_machine))];
    let key = SharedValue::new(new_key).into_inner();
    view! {
        <FormErrors problems=form.problems_posted_as(&[("amount_minor", "amount")]) />
        <Form state=form no_summary=true adds=true>
            <div class="form stack">
                <input type="hidden" name="hospital" value=hospital.to_string() />
                <input type="hidden" name="id" value=bill.appointment_id.to_string() />
                <input type="hidden" name="currency" value=currency.clone() />
                <input type="hidden" name="idempotency_key" value=key />
                <RadioGroup
                    legend=t!(hospital_money.how)
                    name="method"
                    options=methods
                    value=form.value("method")
                    error=form.problem("method")
                />
                <Field
                    label=t!(hospital_money.amount)
                    name="amount"
                    value=form.value_or("amount", &typing::typed(bill.due_minor, digits))
                    error=form.problem("amount_minor")
                    inputmode="decimal"
                    width=FieldWidth::Short
                    unit=currency
                />
                <ButtonRow>
                    <Button kind=ButtonKind::Secondary busy=form.busy()>
                        {t!(hospital_money.take)}
                    </Button>
                </ButtonRow>
            </div>
        </Form>
    }
    .into_any()
}

#[component]
fn GiveBack(hospital: HospitalId, payment: Payment, left: i64) -> impl IntoView {
    let form = use_form_state::<Refund>();
    let currency = payment.amount.currency.clone();
    let digits = minor_digits(&currency).unwrap_or(2);
    let key = SharedValue::new(new_key).into_inner();
    view! {
        <FormErrors problems=form.problems_posted_as(&[("amount_minor", "back")]) />
        <Form state=form no_summary=true>
                <div class="form stack">
                    <input type="hidden" name="hospital" value=hospital.to_string() />
                    <input type="hidden" name="payment" value=payment.id.to_string() />
                    <input type="hidden" name="currency" value=currency.clone() />
                    <input type="hidden" name="idempotency_key" value=key />
                    <Field
                        label=t!(hospital_money.amount_back)
                        name="back"
                        value=form.value_or("back", &typing::typed(left, digits))
                        error=form.problem("amount_minor")
                        inputmode="decimal"
                        width=FieldWidth::Short
                        unit=currency
                    />
                    <Field
                        label=t!(hospital_money.why)
                        name="reason"
                        value=form.value("reason")
                        hint=t!(hospital_money.why_hint)
                        error=form.problem("reason")
                    />
                    <ButtonRow>
                        <Button kind=ButtonKind::Danger busy=form.busy()>
                            {t!(hospital_money.give_back_now)}
                        </Button>
                    </ButtonRow>
                </div>
        </Form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::given_words;

    #[test]
    fn nobody_is_told_of_a_mail_about_money_that_was_given_back_at_the_desk() {
        let mentions = |how| given_words(how).map(|words| words.contains("mail"));
        assert_eq!([mentions(""), mentions("desk"), mentions("online")], [None, Some(false), Some(true)]);
    }
}
