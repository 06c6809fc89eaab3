//! The forms of the hospital portal about money: taking it, giving it back, and what goes back by itself.
//! What they may do is decided behind the services.

use domain::ids::{AppointmentId, HospitalId, PaymentId, VisitTypeId};
#[cfg(feature = "ssr")]
use domain::payments::PaymentMethod;
use leptos::prelude::*;

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::typed,
    portal::hospital::Section,
    server::{answer, call, call_once, services},
};

/// Notes money that was taken at the desk; leads to the visit.
#[server(prefix = "/_fn", endpoint = "hospital-take-payment")]
pub async fn take_payment(
    hospital: HospitalId,
    id: AppointmentId,
    #[server(default)] method: String,
    #[server(default)] amount: String,
    #[server(default)] currency: String,
    #[server(default)] idempotency_key: String,
) -> Result<(), AppError> {
    let form = typed::<TakePayment>(&[("method", &method), ("amount", &amount)]);
    let taken = match reading::take(&method, &amount, &currency) {
        Ok(command) => services()?.payments.take(&call_once(idempotency_key), id, command).await,
        Err(refusal) => Err(refusal),
    };
    form.keep(
        answer(taken).map(|bill| format!("{}?paid=1", Section::Visit(bill.appointment_id).at(hospital))),
    )
}

/// Gives money back; leads to the visit.
#[server(prefix = "/_fn", endpoint = "hospital-refund")]
pub async fn refund(
    hospital: HospitalId,
    payment: PaymentId,
    #[server(default)] back: String,
    #[server(default)] currency: String,
    #[server(default)] reason: String,
    #[server(default)] idempotency_key: String,
) -> Result<(), AppError> {
    let form = typed::<Refund>(&[("back", &back), ("reason", &reason)]);
    let given = match reading::money("amount_minor", &back, &currency) {
        Ok(amount_minor) => {
            let command = domain::payments::RefundPayment { amount_minor, reason };
            services()?.payments.refund(&call_once(idempotency_key), payment, command).await
        }
        Err(refusal) => Err(refusal),
    };
    form.keep(answer(given).map(|bill| {
        let mut payments = bill.payments.iter();
        let online = payments.any(|one| one.id == payment && one.method == PaymentMethod::Online);
        let how = if online { "online" } else { "desk" };
        format!("{}?given={how}", Section::Visit(bill.appointment_id).at(hospital))
    }))
}

/// Changes what goes back when the patient's side cancels; leads to the settings.
#[server(prefix = "/_fn", endpoint = "hospital-set-refund-policy")]
pub async fn set_refund_policy(
    hospital: HospitalId,
    #[server(default)] full_until_hours: String,
    #[server(default)] late_percent: String,
) -> Result<(), AppError> {
    let form =
        typed::<SetRefundPolicy>(&[("full_until_hours", &full_until_hours), ("late_percent", &late_percent)]);
    let kept = match reading::policy(&full_until_hours, &late_percent) {
        Ok(policy) => services()?.payments.set_policy(&call(), hospital, policy).await,
        Err(refusal) => Err(refusal),
    };
    form.keep(answer(kept).map(|_| format!("{}?refunds=1", Section::Settings.at(hospital))))
}

/// The field of the boxes for visit types that are free.
pub const FREE_TYPES: &str = "types[]";

/// Changes what a paid visit of a type opens; leads to the type's page. A box that is not ticked posts nothing.
#[server(prefix = "/_fn", endpoint = "hospital-set-free-visits")]
pub async fn set_follow_up(
    hospital: HospitalId,
    visit_type: VisitTypeId,
    #[server(default)] visits: String,
    #[server(default)] days: String,
    #[server(default)] types: Vec<String>,
    #[server(default)] version: i64,
) -> Result<(), AppError> {
    let mut fields = vec![("visits", visits.as_str()), ("days", days.as_str())];
    fields.extend(types.iter().map(|id| (FREE_TYPES, id.as_str())));
    let form = typed::<SetFollowUp>(&fields);
    let kept = match reading::follow_up(&visits, &days, &types, version) {
        Ok(rule) => services()?.payments.set_follow_up_rule(&call(), hospital, visit_type, rule).await,
        Err(refusal) => Err(refusal),
    };
    let to = Section::VisitType(visit_type).at(hospital);
    form.keep(answer(kept).map(|_| format!("{to}?follow_up=1")))
}

/// Numbers out of what was typed.
#[cfg(feature = "ssr")]
mod reading {
    use domain::error::Findings;
    use domain::ids::VisitTypeId;
    use domain::money::minor_digits;
    use domain::payments::{PaymentMethod, RefundPolicy, SetFollowUpRule, TakePayment};
    use domain::{Error, Result};

    use crate::hospitals::hospital::price;

    fn minor(text: &str, currency: &str) -> std::result::Result<i64, &'static str> {
        price::parse(text, minor_digits(currency).unwrap_or(2))
    }

    pub(super) fn money(field: &str, text: &str, currency: &str) -> Result<i64> {
        minor(text, currency).map_err(|rule| Error::invalid(field, rule))
    }

    pub(super) fn take(method: &str, amount: &str, currency: &str) -> Result<TakePayment> {
        let mut findings = Findings::new();
        let method = findings.take("method", PaymentMethod::parse(method).map_err(|_| "method_needed"));
        let amount = findings.take("amount_minor", minor(amount, currency));
        findings.finish()?;
        let method = method.ok_or_else(|| Error::invalid("method", "method_needed"))?;
        Ok(TakePayment { method, amount_minor: amount.unwrap_or_default() })
    }

    pub(super) fn follow_up(
        visits: &str,
        days: &str,
        types: &[String],
        version: i64,
    ) -> Result<SetFollowUpRule> {
        let mut findings = Findings::new();
        // Without visit types nothing is free, whatever stands in the other fields.
        let number = |text: &str| {
            if types.is_empty() { Ok(0) } else { text.trim().parse::<i64>().map_err(|_| "number_invalid") }
        };
        let visits = findings.take("visits", number(visits));
        let days = findings.take("days", number(days));
        let ids = types.iter().map(|id| id.parse::<VisitTypeId>().map_err(|_| "unknown_value"));
        let ids = findings.take("visit_type_ids", ids.collect::<std::result::Result<Vec<_>, _>>());
        findings.finish()?;
        Ok(SetFollowUpRule {
            visits: visits.unwrap_or_default(),
            days: days.unwrap_or_default(),
            visit_type_ids: ids.unwrap_or_default(),
            version: Some(version),
        })
    }

    pub(super) fn policy(hours: &str, percent: &str) -> Result<RefundPolicy> {
        let mut findings = Findings::new();
        let number = |text: &str| text.trim().parse::<i64>().map_err(|_| "number_invalid");
        let hours = findings.take("full_until_hours", number(hours));
        let percent = findings.take("late_percent", number(percent));
        findings.finish()?;
        let (full_until_hours, late_percent) = (hours.unwrap_or(0), percent.unwrap_or(0));
        Ok(RefundPolicy { full_until_hours, late_percent })
    }
}
