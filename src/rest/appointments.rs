//! `/appointments`: booking a visit and moving it on.
//! Which moves there are, and who may make them, is decided in the domain.

use axum::extract::State;
use domain::{
    Error,
    appointments::{
        Appointment, AppointmentQuery, BookAppointment, HistoryEntry, Move, MoveAppointment, Period,
        RescheduleAppointment, TimesQuery,
    },
    availability::Slots,
    ids::{AppointmentId, DoctorId, HospitalId, PatientId},
    page::Page,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::query::Reader;
use crate::{
    state::AppState,
    web::extract::{At, Body, Caller, Created, OptionalBody, Params, Reply, created, reply},
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_appointments, book_appointment))
        .routes(routes!(get_appointment))
        .routes(routes!(appointment_history))
        .routes(routes!(appointment_times))
        .routes(routes!(reschedule_appointment))
        .routes(routes!(advance_appointment))
}

/// Which visits are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AppointmentParams {
    /// Of this hospital, for its members; without it, the caller's own.
    #[param(value_type = Option<HospitalId>)]
    hospital_id: Option<String>,
    /// Of this doctor.
    #[param(value_type = Option<DoctorId>)]
    doctor_id: Option<String>,
    /// Of this patient.
    #[param(value_type = Option<PatientId>)]
    patient_id: Option<String>,
    /// From this local date on.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<String>,
    /// To this local date, included.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<String>,
    /// `all`, `upcoming` or `past`.
    #[param(value_type = Option<Period>)]
    period: Option<String>,
    /// Where the previous page ended.
    cursor: Option<String>,
    /// How many items at most; 100 is the most.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
}

impl AppointmentParams {
    fn read(self) -> domain::Result<AppointmentQuery> {
        let mut reader = Reader::default();
        let query = AppointmentQuery {
            hospital_id: reader.id("hospital_id", self.hospital_id),
            doctor_id: reader.id("doctor_id", self.doctor_id),
            patient_id: reader.id("patient_id", self.patient_id),
            from: reader.date("from", self.from),
            to: reader.date("to", self.to),
            period: reader.read("period", self.period, period).unwrap_or_default(),
            page: reader.page(self.cursor, self.limit),
        };
        reader.finish().map(|()| query)
    }
}

fn period(word: &str) -> Result<Period, &'static str> {
    match word {
        "all" => Ok(Period::All),
        "upcoming" => Ok(Period::Upcoming),
        "past" => Ok(Period::Past),
        _ => Err("unknown_value"),
    }
}

/// The visits of the caller's patients and of those for whom she acts, or a hospital's for its members; in both, those that she may read.
#[utoipa::path(get, path = "/api/v1/appointments", tag = "appointments", params(AppointmentParams),
    responses((status = 200, body = Page<Appointment>)))]
async fn list_appointments(
    State(state): State<AppState>,
    Caller(call): Caller,
    Params(params): Params<AppointmentParams>,
) -> Reply<Page<Appointment>> {
    reply(state.services.appointments.list(&call, params.read()?).await)
}

/// Books a visit. When the time, or a room that it needs, is taken: 409 with `code` `slot_taken` and free times near it as `alternatives`;
/// when the day takes no more: `day_full` or `kind_full`.
#[utoipa::path(post, path = "/api/v1/appointments", tag = "appointments", request_body = BookAppointment,
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible characters")),
    responses((status = 201, body = Appointment)))]
async fn book_appointment(
    State(state): State<AppState>,
    Caller(call): Caller,
    Body(command): Body<BookAppointment>,
) -> Created<Appointment> {
    created(state.services.appointments.book(&call, command).await)
}

/// A visit. Whoever may read it: the patient's side; the desk, administrators, its doctor, and others who treat the patient or have declared
/// an emergency.
#[utoipa::path(get, path = "/api/v1/appointments/{id}", tag = "appointments", params(("id" = AppointmentId, Path)),
    responses((status = 200, body = Appointment)))]
async fn get_appointment(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<AppointmentId>,
) -> Reply<Appointment> {
    reply(state.services.appointments.get(&call, id).await)
}

/// What happened to a visit. Whoever may read it: the patient's side; the desk, administrators, its doctor, and others who treat the patient
/// or have declared an emergency.
#[utoipa::path(get, path = "/api/v1/appointments/{id}/history", tag = "appointments", params(("id" = AppointmentId, Path)),
    responses((status = 200, body = [HistoryEntry])))]
async fn appointment_history(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<AppointmentId>,
) -> Reply<Vec<HistoryEntry>> {
    reply(state.services.appointments.history(&call, id).await)
}

/// Which times are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TimesParams {
    /// With another doctor of the hospital who offers the visit type; for its members.
    #[param(value_type = Option<DoctorId>)]
    doctor_id: Option<String>,
    /// First local date on which hours begin; the visit's own when absent, or today if that is over.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<String>,
    /// Last such date; six days after `from` when absent, at most 62 after it. Its hours may reach into the next date.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<String>,
}

/// Free times on which a visit can be put, as if it did not stand where it stands. The patient's side until it begins; the desk,
/// administrators, its doctor, and others who treat the patient.
#[utoipa::path(get, path = "/api/v1/appointments/{id}/slots", tag = "appointments",
    params(("id" = AppointmentId, Path), TimesParams), responses((status = 200, body = Slots)))]
async fn appointment_times(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<AppointmentId>,
    Params(params): Params<TimesParams>,
) -> Reply<Slots> {
    let mut reader = Reader::default();
    let query = TimesQuery {
        doctor_id: reader.id("doctor_id", params.doctor_id),
        from: reader.date("from", params.from),
        to: reader.date("to", params.to),
    };
    reader.finish()?;
    reply(state.services.appointments.times(&call, id, query).await)
}

/// Puts a visit on another time, in one step: the old time is free when the new one is taken. The patient's side until it begins
/// (a confirmed visit is to be confirmed again); the desk, administrators, its doctor, and others who treat the patient, who may choose
/// another doctor, too.
#[utoipa::path(post, path = "/api/v1/appointments/{id}/reschedule", tag = "appointments", request_body = RescheduleAppointment,
    params(("id" = AppointmentId, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible characters")),
    responses((status = 200, body = Appointment)))]
async fn reschedule_appointment(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<AppointmentId>,
    Body(command): Body<RescheduleAppointment>,
) -> Reply<Appointment> {
    reply(state.services.appointments.reschedule(&call, id, command).await)
}

/// Moves a visit on. All moves: the desk, administrators, its doctor, and others who treat the patient; cancelling until it begins: the
/// patient's side, too.
#[utoipa::path(post, path = "/api/v1/appointments/{id}/{move}", tag = "appointments",
    params(("id" = AppointmentId, Path), ("move" = Move, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible characters")),
    request_body = Option<MoveAppointment>, responses((status = 200, body = Appointment)))]
async fn advance_appointment(
    State(state): State<AppState>,
    Caller(call): Caller,
    At((id, step)): At<(AppointmentId, String)>,
    OptionalBody(command): OptionalBody<MoveAppointment>,
) -> Reply<Appointment> {
    let step = Move::parse(&step).ok_or(Error::NotFound)?;
    reply(state.services.appointments.advance(&call, id, step, command).await)
}
