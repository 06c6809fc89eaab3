//! The hospital's money: what came in and went back between two dates, payment by payment, and what that adds up to.
//! Sums come from the ledger and not from the list, which may go on over several pages.

use domain::ids::HospitalId;
use domain::payments::{PaymentLine, PaymentMethod, Takings};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form as RouteForm;

use crate::i18n::{date_at_time, date_full, dates, price};
use crate::payments::admin_api::{Money, hospital_payments};
use crate::payments::parts::{amount, method_text, state_look};
use crate::portal::Loaded;
use crate::portal::hospital::{Section, date_query, href, query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Badge, Button, ButtonKind, DateField, EmptyState, IconName, LinkButton, Notice, NoticeKind, PageHeader,
    SkeletonShape, SummaryList, SummaryRow,
};

/// See the module.
#[component]
pub fn MoneyPage(
    /// Where.
    hospital: HospitalId,
) -> impl IntoView {
    let (from, to, after) = (date_query("from"), date_query("to"), query("after"));
    let found = Reading::new(
        move || (from.get(), to.get(), after.get()),
        move |(from, to, after)| {
            hospital_payments(hospital, from, to, Some(after).filter(|after| !after.is_empty()))
        },
    );
    view! {
        <Title text=t!(hospital_money.title) />
        <div class="page stack">
            <PageHeader title=t!(hospital_money.title) lead=t!(hospital_money.lead) />
            <Loaded
                resource=found
                shape=SkeletonShape::Rows
                view=move |money: Money| view! { <Content hospital money /> }
            />
        </div>
    }
    .into_any()
}

#[component]
fn Content(hospital: HospitalId, money: Money) -> impl IntoView {
    let Money { lines, takings } = money;
    let (from, to) = (takings.from.to_string(), takings.to.to_string());
    let more = lines.next_cursor.map(|cursor| {
        let href = href(&Section::Money.at(hospital), &[("from", &from), ("to", &to), ("after", &cursor)]);
        view! { <LinkButton href kind=ButtonKind::Secondary>{t!(hospital_money.older)}</LinkButton> }
    });
    let list = if lines.items.is_empty() {
        view! { <EmptyState icon=IconName::Money text=t!(hospital_money.none) /> }.into_any()
    } else {
        let rows: Vec<_> = lines.items.into_iter().map(|line| view! { <Row hospital line /> }).collect();
        view! { <ul class="payments" role="list">{rows}</ul> }.into_any()
    };
    view! {
        <RouteForm method="get" action="">
            <div class="cluster form-line">
                <DateField label=t!(hospital_money.from) name="from" value=from.clone() />
                <DateField label=t!(hospital_money.to) name="to" value=to.clone() />
                <Button kind=ButtonKind::Secondary>{t!(hospital_money.show)}</Button>
            </div>
        </RouteForm>
        <Sums takings />
        {list}
        {more}
    }
    .into_any()
}

/// What came in each way. Cash stands first and by itself: with it the desk compares its drawer.
fn by_way(takings: &Takings) -> [(PaymentMethod, i64); 3] {
    [
        (PaymentMethod::Cash, takings.cash_minor),
        (PaymentMethod::CardMachine, takings.card_machine_minor),
        (PaymentMethod::Online, takings.online_minor),
    ]
}

#[component]
fn Sums(takings: Takings) -> impl IntoView {
    let days = dates(takings.from, takings.to, date_full);
    let of = |minor| price(minor, &takings.currency);
    let ways: Vec<_> = by_way(&takings)
        .into_iter()
        .map(|(method, minor)| {
            let sum = of(minor);
            view! {
                <SummaryRow label=method_text(method)>
                    <span class="money">{sum}</span>
                </SummaryRow>
            }
        })
        .collect();
    let together = of(takings.online_minor + takings.desk_minor);
    let strange = (takings.suspense_minor != 0).then(|| {
        let sum = of(takings.suspense_minor);
        view! {
            <SummaryRow label=t!(hospital_money.suspense)>
                <span class="money">{sum}</span>
            </SummaryRow>
        }
    });
    let overdue = (takings.overdue_minor > 0).then(|| {
        let overdue = of(takings.overdue_minor);
        view! {
            <Notice kind=NoticeKind::Warning title=t!(hospital_money.overdue, price = overdue)>
                <p>{t!(hospital_money.overdue_text)}</p>
            </Notice>
        }
    });
    view! {
        {overdue}
        <section class="stack-small" aria-labelledby="sums">
            <h2 class="card-title" id="sums">{days}</h2>
            <SummaryList>
                {ways}
                <SummaryRow label=t!(hospital_money.together)>
                    <strong class="money">{together}</strong>
                </SummaryRow>
                {strange}
            </SummaryList>
        </section>
    }
    .into_any()
}

#[component]
fn Row(hospital: HospitalId, line: PaymentLine) -> impl IntoView {
    let payment = line.payment;
    let (words, tone, icon) = state_look(&payment);
    let at = payment.at.local();
    let when = date_at_time(at.date(), at.time());
    let visit = Section::Visit(payment.appointment_id).at(hospital);
    let back = (payment.refunded_minor > 0)
        .then(|| t!(payments.gone_back, price = amount(payment.refunded_minor, &payment.amount)));
    view! {
        <li class="payment">
            <span class="split">
                <span>
                    <strong class="money">{amount(payment.amount.amount_minor, &payment.amount)}</strong>
                    ", "
                    {method_text(payment.method)}
                </span>
                <Badge tone icon>{words}</Badge>
            </span>
            <a href=visit>
                <bdi translate="no">{line.patient_name}</bdi>
                ", "
                <span translate="no">{line.reference}</span>
            </a>
            <span class="muted">{when} ", " <bdi translate="no">{line.doctor_name}</bdi></span>
            {back.map(|words| view! { <span class="muted">{words}</span> })}
        </li>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_desk_that_counts_its_drawer_reads_cash_apart_from_cards() {
        let takings = Takings {
            overdue_minor: 0,
            currency: "EUR".into(),
            from: "2026-11-23".parse().unwrap(),
            to: "2026-11-23".parse().unwrap(),
            online_minor: 5_000,
            cash_minor: -1_000,
            card_machine_minor: 4_000,
            desk_minor: 3_000,
            suspense_minor: 0,
        };
        let html = Owner::new().with(|| view! { <Sums takings /> }.to_html());
        for (label, sum) in
            [("In cash", "−€10"), ("By card at the desk", "€40"), ("Online", "€50"), ("Total", "€80")]
        {
            let next = html.split_once(label).and_then(|(_, row)| row.split_once("class=\"money\">"));
            assert!(next.is_some_and(|(_, shown)| shown.starts_with(sum)), "{label}: {html}");
        }
    }
}
