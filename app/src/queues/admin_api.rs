//! What the hospital portal reads of the queue: today's visits, who can take somebody in, the wall, and what the hospital has decided.
//! The forms that change something are in [`super::admin_forms`]; rights are the services' business.

use domain::appointments::PatientCard;
use domain::ids::{DoctorId, HospitalId};
use domain::queues::{QueueBoard, QueueSettings, WalkInDoctor, WallBoard};
#[cfg(feature = "ssr")]
use domain::time::Moment;
use jiff::civil::Date;
#[cfg(feature = "ssr")]
use jiff::tz::TimeZone;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::server::{actor, answer, call, cookie, services};

/// The cookie with the address of a wall that was not shown yet.
#[cfg(feature = "ssr")]
pub(super) const FRESH: &str = "caresync-wall";

/// What the page for walk-ins shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalkInChoices {
    /// Doctors, with the moment at which each is free.
    pub doctors: Vec<WalkInDoctor>,
    /// Patients of that name, once one is asked for.
    pub patients: Vec<PatientCard>,
    /// Whether more have it than are named here.
    pub more: bool,
}

/// The private address of a wall, by the hospital's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WallDays {
    /// When it was made.
    pub made_on: Date,
    /// When it was last open; absent while nobody has opened it.
    pub read_on: Option<Date>,
}

/// What a hospital has decided about its queue, and its wall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueSetup {
    /// What it has decided.
    pub settings: QueueSettings,
    /// The private address of the wall, if there is one.
    pub wall: Option<WallDays>,
    /// The address itself, if it was made minutes ago.
    pub fresh: Option<String>,
}

/// Today's queue, of one doctor or of all.
#[server(prefix = "/_fn", endpoint = "hospital-queue", input = Json)]
pub async fn hospital_queue(hospital: HospitalId, doctor: Option<DoctorId>) -> Result<QueueBoard, AppError> {
    answer(services()?.queues.board(&call(), hospital, doctor).await)
}

/// Who is free for somebody without a time, and whom the hospital knows by a name.
#[server(prefix = "/_fn", endpoint = "hospital-walk-in-choices", input = Json)]
pub async fn read_walk_in_choices(
    hospital: HospitalId,
    search: Option<String>,
) -> Result<WalkInChoices, AppError> {
    let (services, call) = (services()?, call());
    let doctors = answer(services.queues.walk_in_doctors(&call, hospital).await)?;
    let (patients, more) = match search {
        Some(search) => {
            let page = domain::page::PageQuery { cursor: None, limit: Some(8) };
            let found = answer(services.appointments.patients(&call, hospital, Some(search), page).await)?;
            (found.items, found.next_cursor.is_some())
        }
        None => (Vec::new(), false),
    };
    Ok(WalkInChoices { doctors, patients, more })
}

/// What hangs on the wall.
#[server(prefix = "/_fn", endpoint = "hospital-wall", input = Json)]
pub async fn hospital_wall(hospital: HospitalId) -> Result<WallBoard, AppError> {
    answer(services()?.queues.wall(&call(), hospital).await)
}

/// What the hospital has decided, and its wall's address.
#[server(prefix = "/_fn", endpoint = "hospital-queue-setup", input = Json)]
pub async fn read_queue_setup(hospital: HospitalId) -> Result<QueueSetup, AppError> {
    let (services, call) = (services()?, call());
    let queues = services.queues;
    let wall = match queues.wall_address(&call, hospital).await {
        Err(domain::Error::NotFound) => None,
        wall => {
            let (wall, here) = (answer(wall)?, answer(services.hospitals.get(hospital).await)?);
            let zone = TimeZone::get(&here.time_zone).unwrap_or(TimeZone::UTC);
            let day = |at| Moment::in_zone(at, &zone).date();
            Some(WallDays { made_on: day(wall.made_at), read_on: wall.read_at.map(day) })
        }
    };
    let settings = answer(queues.settings(hospital).await)?;
    let fresh = wall.as_ref().and_then(|_| fresh(hospital));
    Ok(QueueSetup { settings, wall, fresh })
}

/// The address that waits in the browser, for the account that has made it, at this hospital's page.
#[cfg(feature = "ssr")]
fn fresh(hospital: HospitalId) -> Option<String> {
    let sealed = cookie(FRESH).filter(|sealed| !sealed.is_empty())?;
    let kept = services().ok()?.sign_ins.unseal(actor().account_id()?, &sealed)?;
    kept.strip_prefix(&format!("{hospital} ")).map(str::to_owned)
}
