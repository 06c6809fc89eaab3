//! Server functions of paying as a patient's side does it: holding a time, paying for it, bills and receipts.
//! What the desk does with money is in `admin_api` and `admin_forms`.

use domain::appointments::Appointment;
use domain::ids::{AppointmentId, DoctorId, PatientId, PaymentId, VisitTypeId};
use domain::payments::{Bill, Checkout, FollowUpWindow, Receipt};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::typed,
    server::{answer, call, call_once, services},
};

/// What the page shows where a held time is paid for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pay {
    /// The visit, for those who may see it; whoever may only pay sees the bill.
    pub visit: Option<Appointment>,
    /// What it costs.
    pub bill: Bill,
    /// The way to the provider's page; none when it cannot be had now.
    pub checkout: Option<Checkout>,
    /// How many minutes to wait for it, after many payments that were begun and not paid.
    pub wait: Option<u32>,
}

/// What is to be paid for a visit, with the way to where it is paid.
#[server(prefix = "/_fn", endpoint = "pay", input = Json)]
pub async fn read_pay(id: AppointmentId) -> Result<Pay, AppError> {
    let (services, call) = (services()?, call());
    let bill = answer(services.payments.bill(&call, id).await)?;
    let visit = services.appointments.get(&call, id).await.ok();
    let waits = bill.status == domain::appointments::Status::PendingPayment;
    let way = if waits { Some(services.payments.checkout(&call, id).await) } else { None };
    let (checkout, wait) = match way {
        Some(Ok(checkout)) => (Some(checkout), None),
        Some(Err(domain::Error::TooMany { retry_after })) => (None, Some(retry_after.div_ceil(60))),
        Some(Err(_)) | None => (None, None),
    };
    Ok(Pay { visit, bill, checkout, wait })
}

/// What a visit costs and what was paid.
#[server(prefix = "/_fn", endpoint = "bill", input = Json)]
pub async fn read_bill(id: AppointmentId) -> Result<Bill, AppError> {
    answer(services()?.payments.bill(&call(), id).await)
}

/// The same for a page that shows the visit: none where its reader may see the visit and not the bill.
pub async fn bill_if_shown(id: AppointmentId) -> Result<Option<Bill>, AppError> {
    match read_bill(id).await {
        Err(error) if error.is_not_found() => Ok(None),
        other => other.map(Some),
    }
}

/// The receipt of a payment.
#[server(prefix = "/_fn", endpoint = "receipt", input = Json)]
pub async fn read_receipt(id: PaymentId) -> Result<Receipt, AppError> {
    answer(services()?.payments.receipt(&call(), id).await)
}

/// What a patient's paid visits with a doctor have opened and is not used up.
#[server(prefix = "/_fn", endpoint = "free-visits", input = Json)]
pub async fn read_free_visits(
    doctor: DoctorId,
    patient: Option<PatientId>,
) -> Result<Vec<FollowUpWindow>, AppError> {
    let query = domain::payments::FollowUpQuery { patient_id: patient };
    answer(services()?.payments.follow_ups(&call(), doctor, query).await)
}

/// Keeps a time until it is paid for, and leads to where that is done.
#[server(prefix = "/_fn", endpoint = "hold")]
pub async fn hold(
    doctor_id: DoctorId,
    visit_type_id: VisitTypeId,
    #[server(default)] start: String,
    #[server(default)] patient_id: String,
    #[server(default)] reason: String,
    #[server(default)] price_minor: Option<i64>,
    #[server(default)] idempotency_key: String,
) -> Result<(), AppError> {
    let form = typed::<Hold>(&[("reason", &reason)]);
    let what = (doctor_id, visit_type_id);
    let command = crate::appointments::api::wish(what, start, &patient_id, reason, price_minor);
    let held = match command {
        Ok(command) => services()?.appointments.hold(&call_once(idempotency_key), command).await,
        Err(refusal) => Err(refusal),
    };
    form.keep(answer(held).map(|visit| format!("/appointments/{}/pay", visit.id)))
}

/// Keeps it a little longer.
#[server(prefix = "/_fn", endpoint = "extend-hold")]
pub async fn extend_hold(id: AppointmentId) -> Result<(), AppError> {
    let held = answer(services()?.appointments.extend_hold(&call(), id).await);
    typed::<ExtendHold>(&[]).keep(held.map(|visit| format!("/appointments/{}/pay?longer=1", visit.id)))
}

/// Books what is held, where nothing is to be paid first.
#[server(prefix = "/_fn", endpoint = "take-hold")]
pub async fn take_hold(id: AppointmentId) -> Result<(), AppError> {
    let booked = answer(services()?.appointments.take_hold(&call(), id).await);
    typed::<TakeHold>(&[]).keep(booked.map(|visit| format!("/appointments/{}?booked=1", visit.id)))
}

/// Lets go of it, and leads to the doctor's times; from what was offered to the waiting list, where the place in line stays.
#[server(prefix = "/_fn", endpoint = "release-hold")]
pub async fn release_hold(id: AppointmentId, #[server(default)] offered: bool) -> Result<(), AppError> {
    let let_go = answer(services()?.appointments.release_hold(&call(), id).await);
    typed::<ReleaseHold>(&[]).keep(let_go.map(|visit| {
        if offered {
            return crate::waitlist::api::declined();
        }
        format!(
            "/book/{}/time?visit_type={}&patient={}",
            visit.doctor_id, visit.visit_type_id, visit.patient_id
        )
    }))
}
