//! `/doctors`, `/hospitals/{id}/doctors`: finding doctors, and keeping them.
//! When they work is in `availability`.

use axum::extract::{Request, State};
use domain::{
    doctors::{Doctor, DoctorCard, DoctorQuery, DoctorSort, SaveDoctor},
    hospitals::Modality,
    ids::{DoctorId, HospitalId},
    page::Page,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::query::{Reader, text};
use crate::{
    state::AppState,
    web::extract::{At, Body, Caller, Created, Params, Reply, bytes, created, reply},
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(search_doctors))
        .routes(routes!(get_doctor, update_doctor))
        .routes(routes!(doctors_of_hospital, create_doctor))
}

pub(super) fn photo_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(set_photo))
}

/// What a patient looks for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DoctorParams {
    /// Part of a name.
    name: Option<String>,
    /// Specialty code, such as `cardiology`.
    specialty: Option<String>,
    /// Language code, such as `en`.
    language: Option<String>,
    /// Only at this hospital.
    #[param(value_type = Option<HospitalId>)]
    hospital_id: Option<String>,
    /// In person or by video.
    #[param(value_type = Option<Modality>)]
    modality: Option<String>,
    /// `soonest` (by the next free time) or `name`.
    #[param(value_type = Option<DoctorSort>)]
    sort: Option<String>,
    /// Where the previous page ended.
    cursor: Option<String>,
    /// How many items at most; 100 is the most.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
}

impl DoctorParams {
    fn read(self) -> domain::Result<DoctorQuery> {
        let mut reader = Reader::default();
        let query = DoctorQuery {
            name: text(self.name),
            specialty: text(self.specialty),
            language: text(self.language),
            hospital_id: reader.id("hospital_id", self.hospital_id),
            modality: reader.read("modality", self.modality, Modality::parse),
            sort: reader.read("sort", self.sort, sort).unwrap_or_default(),
            page: reader.page(self.cursor, self.limit),
        };
        reader.finish().map(|()| query)
    }
}

fn sort(word: &str) -> Result<DoctorSort, &'static str> {
    match word {
        "soonest" => Ok(DoctorSort::Soonest),
        "name" => Ok(DoctorSort::Name),
        _ => Err("unknown_value"),
    }
}

/// Doctors who can be booked.
#[utoipa::path(get, path = "/api/v1/doctors", tag = "doctors", params(DoctorParams),
    responses((status = 200, body = Page<DoctorCard>)))]
async fn search_doctors(
    State(state): State<AppState>,
    Params(params): Params<DoctorParams>,
) -> Reply<Page<DoctorCard>> {
    reply(state.services.doctors.search(params.read()?).await)
}

/// A doctor.
#[utoipa::path(get, path = "/api/v1/doctors/{id}", tag = "doctors", params(("id" = DoctorId, Path)),
    responses((status = 200, body = Doctor)))]
async fn get_doctor(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<DoctorId>,
) -> Reply<Doctor> {
    reply(state.services.doctors.get(&call, id).await)
}

/// Changes a doctor. Administrators of the hospital.
#[utoipa::path(put, path = "/api/v1/doctors/{id}", tag = "doctors", params(("id" = DoctorId, Path)),
    request_body = SaveDoctor, responses((status = 200, body = Doctor)))]
async fn update_doctor(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<DoctorId>,
    Body(command): Body<SaveDoctor>,
) -> Reply<Doctor> {
    reply(state.services.doctors.update(&call, id, command).await)
}

/// All doctors of a hospital, inactive ones too. Its members.
#[utoipa::path(get, path = "/api/v1/hospitals/{id}/doctors", tag = "doctors", params(("id" = HospitalId, Path)),
    responses((status = 200, body = [Doctor])))]
async fn doctors_of_hospital(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
) -> Reply<Vec<Doctor>> {
    reply(state.services.doctors.of_hospital(&call, id).await)
}

/// Creates a doctor. Administrators of the hospital.
#[utoipa::path(post, path = "/api/v1/hospitals/{id}/doctors", tag = "doctors",
    params(("id" = HospitalId, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible characters")),
    request_body = SaveDoctor, responses((status = 201, body = Doctor)))]
async fn create_doctor(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<HospitalId>,
    Body(command): Body<SaveDoctor>,
) -> Created<Doctor> {
    created(state.services.doctors.create(&call, id, command).await)
}

/// Sets the photo: a JPEG, PNG or WebP of at most 5 MB as the body. Administrators of the hospital, and the doctor.
#[utoipa::path(put, path = "/api/v1/doctors/{id}/photo", tag = "doctors", params(("id" = DoctorId, Path)),
    request_body(content = Vec<u8>, content_type = "image/*"), responses((status = 200, body = Doctor)))]
async fn set_photo(
    State(state): State<AppState>,
    Caller(call): Caller,
    At(id): At<DoctorId>,
    request: Request,
) -> Reply<Doctor> {
    let upload = bytes(request, &state).await?;
    reply(state.services.doctors.set_photo(&call, id, upload.into()).await)
}
