//! Looking at a change of hours before it is saved, and saving it as it was seen. A change travels in the address as text, so that
//! whoever goes back finds what she has typed.

use domain::availability::HoursChange;
use domain::availability::HoursImpact;
#[cfg(feature = "ssr")]
use domain::availability::{ChangeHours, CloseHospital};
#[cfg(feature = "ssr")]
use domain::error::Conflict;
use domain::ids::{DoctorId, HospitalId};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::dated_forms::closure;
use super::week_form::Fields;
use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    availability::admin_forms::back,
    form::typed,
    portal::hospital::{Section, href},
    server::{answer, call, services},
};

/// Reads a change that stands in an address.
pub fn read_change(text: &str) -> Option<HoursChange> {
    serde_json::from_str(text).ok()
}

/// What a change of a doctor's hours would do; with her name.
#[server(prefix = "/_fn", endpoint = "hospital-hours-preview", input = Json)]
pub async fn preview_hours(doctor: DoctorId, change: String) -> Result<(String, HoursImpact), AppError> {
    let (services, call) = (services()?, call());
    let change = answer(read_change(&change).ok_or(domain::Error::NotFound))?;
    let impact = answer(services.availability.preview_hours(&call, doctor, change).await)?;
    let doctor = answer(services.doctors.get(&call, doctor).await)?;
    Ok((doctor.card.name, impact))
}

/// What closing a hospital would do; without a last day one day is meant.
#[server(prefix = "/_fn", endpoint = "hospital-closing-preview", input = Json)]
pub async fn preview_closing(
    hospital: HospitalId,
    from: String,
    to: String,
    note: String,
) -> Result<HoursImpact, AppError> {
    let fields = [("closed_from", from), ("closed_to", to), ("closed_note", note)];
    let fields = fields.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
    let command = answer(closure(&fields).map_err(|fields| domain::Error::Invalid { fields }))?;
    answer(services()?.availability.preview_closure(&call(), hospital, command).await)
}

/// Saves a change as it was seen. Where it is no longer what was seen, it is looked at once more.
#[server(prefix = "/_fn", endpoint = "hospital-save-seen-hours")]
pub async fn save_seen_hours(
    hospital: HospitalId,
    doctor: DoctorId,
    change: String,
    seen: String,
) -> Result<(), AppError> {
    let saved = match read_change(&change) {
        Some(change) => {
            let command = ChangeHours { change, seen: Some(seen) };
            services()?.availability.change_hours(&call(), doctor, command).await.map(drop)
        }
        None => Err(domain::Error::NotFound),
    };
    typed::<SaveSeenHours>(&[]).keep(answer(saved).map(|()| back(hospital, doctor, "seen")))
}

/// Closes a hospital as it was seen.
#[server(prefix = "/_fn", endpoint = "hospital-save-seen-closing")]
pub async fn save_seen_closing(
    hospital: HospitalId,
    #[server(flatten)] fields: Fields,
) -> Result<(), AppError> {
    let seen = fields.get("seen").cloned();
    let saved = match closure(&fields) {
        Ok(closure) => {
            let command = CloseHospital { closure, seen };
            services()?.availability.close_hospital(&call(), hospital, command).await.map(drop)
        }
        Err(fields) => Err(domain::Error::Invalid { fields }),
    };
    let next = href(&Section::Settings.at(hospital), &[("closed", "saved")]);
    typed::<SaveSeenClosing>(&[]).keep(answer(saved).map(|()| next))
}

/// Saves a change that hits no visit; any other, and whatever somebody wants to look at, is given back to be looked at first.
#[cfg(feature = "ssr")]
pub(super) async fn save_or_look(
    doctor: DoctorId,
    change: HoursChange,
    look: bool,
) -> domain::Result<Option<HoursChange>> {
    let (services, call) = (services().map_err(|_| domain::Error::Unavailable)?, call());
    if look {
        // What is wrong with it is said where it was typed.
        services.availability.preview_hours(&call, doctor, change.clone()).await?;
        return Ok(Some(change));
    }
    let command = ChangeHours { change: change.clone(), seen: None };
    match services.availability.change_hours(&call, doctor, command).await {
        Ok(_) => Ok(None),
        Err(error) if hits_visits(&error) => Ok(Some(change)),
        Err(error) => Err(error),
    }
}

/// Whether visits would no longer stand, and nobody has looked.
#[cfg(feature = "ssr")]
pub(super) fn hits_visits(error: &domain::Error) -> bool {
    matches!(error, domain::Error::Conflict { reason: Conflict::VisitsHit, .. })
}

/// Where a form leads: to the page where a change is looked at, or back to the hours.
#[cfg(feature = "ssr")]
pub(super) fn next(hospital: HospitalId, doctor: DoctorId, what: &str, look: Option<&HoursChange>) -> String {
    match look.and_then(|change| serde_json::to_string(change).ok()) {
        Some(change) => href(&Section::HoursPreview(doctor).at(hospital), &[("change", &change)]),
        None => back(hospital, doctor, what),
    }
}
