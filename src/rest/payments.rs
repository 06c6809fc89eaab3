//! What visits cost and what was paid, and times that are held until they are.
//! What a provider tells comes in elsewhere, in `web::payments`.

use axum::{extract::State, response::Response};
use domain::{
    appointments::{Appointment, BookAppointment},
    ids::{AppointmentId, DoctorId, HospitalId, PatientId, PaymentId, VisitTypeId},
    page::Page,
    payments::{
        Bill, Checkout, FollowUpQuery, FollowUpRule, FollowUpWindow, PaymentLine, PaymentQuery, Receipt,
        RefundPayment, RefundPolicy, SetFollowUpRule, TakePayment, Takings,
    },
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::query::Reader;
use crate::{
    state::AppState,
    web::{
        extract::{At, Body, Caller, Created, Params, Reply, created, reply},
        problem::Problem,
        receipts,
    },
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(hold_appointment))
        .routes(routes!(release_hold))
        .routes(routes!(extend_hold))
        .routes(routes!(take_hold))
        .routes(routes!(get_bill))
        .routes(routes!(checkout))
        .routes(routes!(take_payment))
        .routes(routes!(refund_payment))
        .routes(routes!(get_receipt))
        .routes(routes!(get_receipt_pdf))
        .routes(routes!(list_payments))
        .routes(routes!(get_takings))
        .routes(routes!(get_refund_policy, set_refund_policy))
        .routes(routes!(get_free_visit_rule, set_free_visit_rule))
        .routes(routes!(list_free_visits))
}

/// Keeps a time for a while: until it is paid for where the visit type asks for that, or until it is booked. The answer says until when.
#[utoipa::path(post, path = "/api/v1/holds", tag = "payments", request_body = BookAppointment,
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible characters")),
    responses((status = 201, body = Appointment)))]
async fn hold_appointment(
    State(state): State<AppState>,
    Caller(call): Caller,
    Body(command): Body<BookAppointment>,
) -> Created<Appointment> {
    created(state.services.appointments.hold(&call, command).await)
}

/// Lets go of a time that is held.
#[utoipa::path(delete, path = "/api/v1/holds/{id}", tag = "payments", params(("id" = AppointmentId, Path)),
    responses((status = 200, body = Appointment)))]
async fn release_hold(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<AppointmentId>,
) -> Reply<Appointment> {
    reply(state.services.appointments.release_hold(&call, id).await)
}

/// Keeps a time that is held a little longer, once.
#[utoipa::path(post, path = "/api/v1/holds/{id}/extend", tag = "payments", params(("id" = AppointmentId, Path)),
    responses((status = 200, body = Appointment)))]
async fn extend_hold(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<AppointmentId>,
) -> Reply<Appointment> {
    reply(state.services.appointments.extend_hold(&call, id).await)
}

/// Books a time that is held, where nothing is to be paid first.
#[utoipa::path(post, path = "/api/v1/holds/{id}/book", tag = "payments", params(("id" = AppointmentId, Path)),
    responses((status = 200, body = Appointment)))]
async fn take_hold(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<AppointmentId>,
) -> Reply<Appointment> {
    reply(state.services.appointments.take_hold(&call, id).await)
}

/// What a visit costs and what has become of that. Its patient's side, the desk and administrators.
#[utoipa::path(get, path = "/api/v1/appointments/{id}/bill", tag = "payments", params(("id" = AppointmentId, Path)),
    responses((status = 200, body = Bill)))]
async fn get_bill(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<AppointmentId>,
) -> Reply<Bill> {
    reply(state.services.payments.bill(&call, id).await)
}

/// The way to the page where a held time is paid: a form for a browser. Asked again, it is the same way.
#[utoipa::path(post, path = "/api/v1/appointments/{id}/checkout", tag = "payments", params(("id" = AppointmentId, Path)),
    responses((status = 200, body = Checkout)))]
async fn checkout(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<AppointmentId>,
) -> Reply<Checkout> {
    reply(state.services.payments.checkout(&call, id).await)
}

/// Notes money that was taken at the desk. Desk and administrators.
#[utoipa::path(post, path = "/api/v1/appointments/{id}/payments", tag = "payments", request_body = TakePayment,
    params(("id" = AppointmentId, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible characters")),
    responses((status = 200, body = Bill)))]
async fn take_payment(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<AppointmentId>,
    Body(command): Body<TakePayment>,
) -> Reply<Bill> {
    reply(state.services.payments.take(&call, id, command).await)
}

/// Gives money back. Administrators, who must have given their password or a code a short while ago.
#[utoipa::path(post, path = "/api/v1/payments/{id}/refunds", tag = "payments", request_body = RefundPayment,
    params(("id" = PaymentId, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible characters")),
    responses((status = 200, body = Bill)))]
async fn refund_payment(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<PaymentId>,
    Body(command): Body<RefundPayment>,
) -> Reply<Bill> {
    reply(state.services.payments.refund(&call, id, command).await)
}

/// The receipt of a payment. As its visit's bill.
#[utoipa::path(get, path = "/api/v1/payments/{id}/receipt", tag = "payments", params(("id" = PaymentId, Path)),
    responses((status = 200, body = Receipt)))]
async fn get_receipt(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<PaymentId>,
) -> Reply<Receipt> {
    reply(state.services.payments.receipt(&call, id).await)
}

/// The same as a file for paper.
#[utoipa::path(get, path = "/api/v1/payments/{id}/receipt.pdf", tag = "payments", params(("id" = PaymentId, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
async fn get_receipt_pdf(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<PaymentId>,
) -> Result<Response, Problem> {
    receipts::paper(&state, &call, id).await
}

/// Which payments are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PaymentParams {
    /// From this local date on.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<String>,
    /// To this local date, included.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<String>,
    /// Where the previous page ended.
    cursor: Option<String>,
    /// How many items at most; 100 is the most.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
}

impl PaymentParams {
    fn read(self) -> domain::Result<PaymentQuery> {
        let mut reader = Reader::default();
        let query = PaymentQuery {
            from: reader.date("from", self.from),
            to: reader.date("to", self.to),
            page: reader.page(self.cursor, self.limit),
        };
        reader.finish().map(|()| query)
    }
}

/// A hospital's payments, the latest first. Desk and administrators.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/payments", tag = "payments",
    params(("id" = HospitalId, Path), PaymentParams), responses((status = 200, body = Page<PaymentLine>)))]
async fn list_payments(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Params(params): Params<PaymentParams>,
) -> Reply<Page<PaymentLine>> {
    reply(state.services.payments.list(&call, id, params.read()?).await)
}

/// What a hospital took between two dates, from its ledger; today's without dates. Desk and administrators.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/takings", tag = "payments",
    params(("id" = HospitalId, Path), PaymentParams), responses((status = 200, body = Takings)))]
async fn get_takings(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Params(params): Params<PaymentParams>,
) -> Reply<Takings> {
    reply(state.services.payments.takings(&call, id, params.read()?).await)
}

/// What a hospital gives back when the patient's side cancels. Anybody.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/refund-policy", tag = "payments", params(("id" = HospitalId, Path)),
    responses((status = 200, body = RefundPolicy)))]
async fn get_refund_policy(State(state): State<AppState>, At(id): At<HospitalId>) -> Reply<RefundPolicy> {
    reply(state.services.payments.policy(id).await)
}

/// Changes it, for cancellations from now on. Administrators of the hospital.
#[utoipa::path(put, path = "/api/v1/hospitals/{id}/refund-policy", tag = "payments", request_body = RefundPolicy,
    params(("id" = HospitalId, Path)), responses((status = 200, body = RefundPolicy)))]
async fn set_refund_policy(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Body(policy): Body<RefundPolicy>,
) -> Reply<RefundPolicy> {
    reply(state.services.payments.set_policy(&call, id, policy).await)
}

/// What a paid visit of a type opens: free follow-up visits. Administrators of the hospital.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/visit-types/{visit_type_id}/free-visits", tag = "payments",
    params(("id" = HospitalId, Path), ("visit_type_id" = VisitTypeId, Path)), responses((status = 200, body = FollowUpRule)))]
async fn get_free_visit_rule(
    State(state): State<AppState>,
    Caller(call): Caller,
    At((id, visit_type)): At<(HospitalId, VisitTypeId)>,
) -> Reply<FollowUpRule> {
    reply(state.services.payments.follow_up_rule(&call, id, visit_type).await)
}

/// Changes it, for visits that are booked from now on; without visit types it opens nothing. Administrators of the hospital.
#[utoipa::path(put, path = "/api/v1/hospitals/{id}/visit-types/{visit_type_id}/free-visits", tag = "payments",
    params(("id" = HospitalId, Path), ("visit_type_id" = VisitTypeId, Path)),
    request_body = SetFollowUpRule, responses((status = 200, body = FollowUpRule)))]
async fn set_free_visit_rule(
    State(state): State<AppState>,
    Caller(call): Caller,
    At((id, visit_type)): At<(HospitalId, VisitTypeId)>,
    Body(rule): Body<SetFollowUpRule>,
) -> Reply<FollowUpRule> {
    reply(state.services.payments.set_follow_up_rule(&call, id, visit_type, rule).await)
}

/// Whose free follow-up visits are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FreeVisitParams {
    /// Of this patient; the caller's own without one.
    #[param(value_type = Option<PatientId>)]
    patient_id: Option<String>,
}

/// What a patient's paid visits with a doctor have opened and is not used up. Who may book for the patient.
#[utoipa::path(get, path = "/api/v1/doctors/{id}/free-visits", tag = "payments", params(("id" = DoctorId, Path), FreeVisitParams),
    responses((status = 200, body = Vec<FollowUpWindow>)))]
async fn list_free_visits(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<DoctorId>,
    Params(params): Params<FreeVisitParams>,
) -> Reply<Vec<FollowUpWindow>> {
    let mut reader = Reader::default();
    let patient_id: Option<PatientId> = reader.id("patient_id", params.patient_id);
    reader.finish()?;
    reply(state.services.payments.follow_ups(&call, id, FollowUpQuery { patient_id }).await)
}
