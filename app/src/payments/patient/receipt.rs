//! `/receipts/{payment}`: a receipt, made for paper as much as for the screen.
//! It says what was paid and what went back, and nothing of what the visit was about beyond its name.

use domain::ids::PaymentId;
use domain::payments::Receipt;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::i18n::{date_full, date_medium};
use crate::payments::api::read_receipt;
use crate::payments::parts::{amount, method_text, opened};
use crate::portal::{Loaded, PrintButton};
use crate::reading::Reading;
use crate::t;
use crate::ui::{ButtonKind, ButtonRow, IconName, LinkButton, PageHeader, SummaryList, SummaryRow};

/// See the module.
#[component]
pub fn ReceiptPage(
    /// Of which payment.
    id: PaymentId,
) -> impl IntoView {
    let found = Reading::new(move || id, read_receipt);
    view! {
        <Title text=t!(payments.receipt) />
        <div class="page page-narrow stack">
            <Loaded resource=found view=page />
        </div>
    }
}

fn page(receipt: Receipt) -> impl IntoView {
    let payment = receipt.payment;
    let paid = amount(payment.captured_minor, &payment.amount);
    let day = date_full(payment.paid_at.unwrap_or(payment.at).date());
    let refunds: Vec<_> = receipt
        .refunds
        .into_iter()
        .map(|refund| {
            let words = if refund.done { t!(payments.went_back) } else { t!(payments.goes_back) };
            let line = format!(
                "{}, {}",
                amount(refund.amount_minor, &payment.amount),
                date_medium(refund.at.date())
            );
            let reason =
                refund.reason.map(|reason| view! { <br /> <span dir="auto" class="muted">{reason}</span> });
            view! {
                <SummaryRow label=words>
                    <span class="money">{line}</span>
                    {reason}
                </SummaryRow>
            }
        })
        .collect();
    let opens = receipt.opens.as_ref().map(|window| view! { <p>{opened(window, &receipt.doctor_name)}</p> });
    view! {
        <PageHeader title=t!(payments.receipt_number, number = receipt.number) back=format!("/appointments/{}", payment.appointment_id) />
        <p>
            <strong translate="no">{receipt.hospital_name}</strong>
            <br />
            <span translate="no">{receipt.hospital_address}</span>
        </p>
        <SummaryList>
            <SummaryRow label=t!(payments.paid)>
                <strong class="money">{paid}</strong>
            </SummaryRow>
            <SummaryRow label=t!(payments.paid_on)>{day}</SummaryRow>
            <SummaryRow label=t!(payments.how)>{method_text(payment.method)}</SummaryRow>
            <SummaryRow label=t!(booking.patient)>
                <bdi translate="no">{receipt.patient_name}</bdi>
            </SummaryRow>
            <SummaryRow label=t!(booking.visit)>{receipt.visit_type_name}</SummaryRow>
            <SummaryRow label=t!(booking.doctor)>
                <bdi translate="no">{receipt.doctor_name.clone()}</bdi>
            </SummaryRow>
            <SummaryRow label=t!(payments.visit_on)>{date_full(receipt.visit_start.date())}</SummaryRow>
            <SummaryRow label=t!(ui.reference)>
                <span translate="no">{receipt.reference}</span>
            </SummaryRow>
            {refunds}
        </SummaryList>
        {opens}
        <p class="muted">{t!(payments.no_invoice)}</p>
        <div class="no-print">
            <ButtonRow>
                <LinkButton
                    href=format!("/receipts/{}/receipt.pdf", payment.id)
                    kind=ButtonKind::Secondary
                    icon=IconName::Download
                    attr:rel="external"
                >
                    {t!(payments.pdf)}
                </LinkButton>
            </ButtonRow>
        </div>
        <PrintButton label=t!(payments.print) hint=t!(patient.print_hint) />
    }
}
