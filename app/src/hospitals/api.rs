//! Server functions of hospitals that anybody may call.
//! What its administrators do is in `admin_api`.

use domain::hospitals::Hospital;
use domain::ids::HospitalId;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::server::{answer, services};

/// A hospital.
#[server(prefix = "/_fn", endpoint = "hospital", input = Json)]
pub async fn read_hospital(id: HospitalId) -> Result<Hospital, AppError> {
    answer(services()?.hospitals.get(id).await)
}
