//! The forms that add and change rooms and devices, and say what visits need of them.
//! Booked visits keep what they have whatever is set here.

use domain::ids::{HospitalId, NeedId, ResourceId, VisitTypeId};
#[cfg(feature = "ssr")]
use domain::{
    error::{FieldError, Findings},
    resources::{AddNeed as Need, ResourceKind, SaveResource},
};
use leptos::prelude::*;

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::typed,
    portal::hospital::{Section, href},
    server::{answer, call, services},
};

/// Adds a room or a device; leads back to the list.
#[server(prefix = "/_fn", endpoint = "hospital-add-resource")]
pub async fn add_resource(
    hospital: HospitalId,
    #[server(default)] kind: String,
    #[server(default)] name: String,
) -> Result<(), AppError> {
    let kept = typed::<AddResource>(&[("kind", &kind), ("name", &name)]);
    let saved = match command(&kind, name, true, None) {
        Ok(command) => services()?.resources.add(&call(), hospital, command).await,
        Err(refusal) => Err(refusal),
    };
    kept.keep(answer(saved).map(|_| href(&Section::Resources.at(hospital), &[("saved", "1")])))
}

/// Changes a room or a device, or takes it out of use; leads to the list.
#[server(prefix = "/_fn", endpoint = "hospital-save-resource")]
pub async fn keep_resource(
    hospital: HospitalId,
    resource: ResourceId,
    #[server(default)] kind: String,
    #[server(default)] name: String,
    #[server(default)] active: String,
    version: i64,
) -> Result<(), AppError> {
    let kept = typed::<KeepResource>(&[("kind", &kind), ("name", &name), ("active", &active)]);
    let saved = match command(&kind, name, active == "true", Some(version)) {
        Ok(command) => services()?.resources.change(&call(), hospital, resource, command).await,
        Err(refusal) => Err(refusal),
    };
    let saved = answer(saved);
    // What somebody else has set meanwhile is shown, and not what was typed over it.
    let stale = saved.as_ref().err().is_some_and(AppError::is_stale);
    let kept = if stale { typed::<KeepResource>(&[]) } else { kept };
    kept.keep(saved.map(|_| href(&Section::Resources.at(hospital), &[("saved", "1")])))
}

/// Says that a visit type needs one of some rooms or devices; leads back to it. Lists post under names with brackets.
#[server(prefix = "/_fn", endpoint = "hospital-add-need")]
pub async fn add_need(
    hospital: HospitalId,
    visit_type: VisitTypeId,
    #[server(default)] need_name: String,
    #[server(default)] resources: Vec<String>,
) -> Result<(), AppError> {
    let kept = typed::<AddNeed>(&[("need_name", &need_name), ("resources", &resources.join(","))]);
    let ids: Result<Vec<ResourceId>, _> = resources.iter().map(|id| id.parse()).collect();
    let saved = match ids {
        Ok(resource_ids) => {
            let command = Need { name: need_name, resource_ids };
            services()?.resources.add_need(&call(), hospital, visit_type, command).await.map_err(named)
        }
        Err(_) => Err(domain::Error::invalid("resources", "resource_unknown")),
    };
    kept.keep(answer(saved).map(|_| back(hospital, visit_type)))
}

/// Takes a need away; leads back to the visit type.
#[server(prefix = "/_fn", endpoint = "hospital-remove-need")]
pub async fn remove_need(
    hospital: HospitalId,
    visit_type: VisitTypeId,
    need: NeedId,
) -> Result<(), AppError> {
    let removed = answer(services()?.resources.remove_need(&call(), hospital, visit_type, need).await);
    typed::<RemoveNeed>(&[]).keep(removed.map(|_| back(hospital, visit_type)))
}

#[cfg(feature = "ssr")]
fn back(hospital: HospitalId, visit_type: VisitTypeId) -> String {
    href(&Section::VisitType(visit_type).at(hospital), &[("needs", "1")])
}

#[cfg(feature = "ssr")]
fn command(kind: &str, name: String, active: bool, version: Option<i64>) -> domain::Result<SaveResource> {
    let mut findings = Findings::new();
    let kind = findings.take("kind", ResourceKind::parse(kind).map_err(|_| "choose"));
    findings.finish()?;
    let kind = kind.ok_or(domain::Error::Unavailable)?;
    Ok(SaveResource { kind, name, active, version })
}

/// The fields of a need by the names under which they post.
#[cfg(feature = "ssr")]
fn named(error: domain::Error) -> domain::Error {
    let domain::Error::Invalid { fields } = error else { return error };
    let posted = |found: FieldError| match found.field.as_str() {
        "resource_ids" => FieldError::new("resources", found.rule),
        _ => FieldError::new("need_name", found.rule),
    };
    domain::Error::Invalid { fields: fields.into_iter().map(posted).collect() }
}
