//! What a patient says about her visit on the day itself.
//! Whether she may is decided behind the services.

use domain::ids::AppointmentId;
use leptos::prelude::*;

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::typed,
    server::{answer, call, services},
};

/// "I am here"; leads to the visit, which shows the number.
#[server(prefix = "/_fn", endpoint = "i-am-here")]
pub async fn i_am_here(id: AppointmentId, version: i64) -> Result<(), AppError> {
    let command = domain::queues::SayHere { version: Some(version) };
    let said = answer(services()?.queues.say_here(&call(), id, command).await);
    typed::<IAmHere>(&[]).keep(said.map(|visit| format!("/appointments/{}?here=1", visit.id)))
}
