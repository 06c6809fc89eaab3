//! What the pages ask and send: the sheet, a plan, a change, and the changes of a hospital.
//! A change calls the services once; the sheet is read together with its plan.

use std::collections::BTreeMap;

use domain::changes::{ChangeSheet, MassChange};
#[cfg(feature = "ssr")]
use domain::changes::{ChangeState, PlanChanges, PlanItem, PlannedChange};
#[cfg(feature = "ssr")]
use domain::error::{Error, FieldError};
#[cfg(feature = "ssr")]
use domain::ids::AppointmentId;
use domain::ids::{DoctorId, HospitalId, MassChangeId};
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::typed,
    portal::hospital::Section,
    server::{answer, call, services},
};

/// The fields of the sheet: `do.ID` and `version.ID` for each visit, and the reason.
pub type Fields = BTreeMap<String, String>;

/// What `do.ID` begins with, and what stands there.
pub(super) const DO: &str = "do.";
/// What `version.ID` begins with.
pub(super) const VERSION: &str = "version.";
/// The visit stays.
pub(super) const KEEP: &str = "keep";
/// The visit is called off.
pub(super) const CANCEL: &str = "cancel";
/// Between the parts of a choice that moves: `move~DOCTOR~START`.
pub(super) const APART: char = '~';

/// Visits of a doctor that can be changed together, and the plan from which somebody has come back. A plan that is gone or made has
/// nothing to say here, and does not make the page one that does not exist.
#[server(prefix = "/_fn", endpoint = "hospital-changeable", input = Json)]
pub async fn read_sheet(
    doctor: DoctorId,
    from: Date,
    to: Date,
    plan: Option<MassChangeId>,
) -> Result<(ChangeSheet, Option<MassChange>), AppError> {
    let (changes, call) = (services()?.changes, call());
    let sheet = answer(changes.sheet(&call, doctor, from, to).await)?;
    let plan = match plan {
        Some(plan) => changes.get(&call, plan).await.map(Some),
        None => Ok(None),
    };
    let plan = match plan {
        Err(Error::NotFound) => None,
        plan => answer(plan)?,
    };
    Ok((sheet, plan.filter(|plan| plan.state == ChangeState::Planned)))
}

/// A plan, or a change that was made.
#[server(prefix = "/_fn", endpoint = "hospital-change", input = Json)]
pub async fn read_mass_change(id: MassChangeId) -> Result<MassChange, AppError> {
    answer(services()?.changes.get(&call(), id).await)
}

/// What was changed lately.
#[server(prefix = "/_fn", endpoint = "hospital-changes", input = Json)]
pub async fn read_recent_changes(hospital: HospitalId) -> Result<Vec<MassChange>, AppError> {
    answer(services()?.changes.recent(&call(), hospital).await)
}

/// Writes the plan down; leads to it.
#[server(prefix = "/_fn", endpoint = "hospital-plan-changes")]
pub async fn plan_visits(
    hospital: HospitalId,
    doctor: DoctorId,
    #[server(flatten)] fields: Fields,
) -> Result<(), AppError> {
    let kept: Vec<_> = fields
        .iter()
        .filter(|(name, value)| *name == "reason" || (name.starts_with(DO) && value.as_str() != KEEP))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let kept = typed::<PlanVisits>(&kept);
    let planned = match read_items(&fields) {
        Ok(items) => {
            let names: Vec<_> = items.iter().map(|item| item.appointment_id).collect();
            let command = PlanChanges { reason: fields.get("reason").cloned(), items };
            let planned = services()?.changes.plan(&call(), doctor, command).await;
            planned.map_err(|error| at_rows(error, &names))
        }
        Err(refusal) => Err(refusal),
    };
    kept.keep(answer(planned).map(|change| Section::Change(change.id).at(hospital)))
}

/// Does what is planned; leads to the change.
#[server(prefix = "/_fn", endpoint = "hospital-make-change")]
pub async fn make_change(hospital: HospitalId, id: MassChangeId) -> Result<(), AppError> {
    let made = answer(services()?.changes.confirm(&call(), id).await);
    typed::<MakeChange>(&[]).keep(made.map(|_| format!("{}?done=made", Section::Change(id).at(hospital))))
}

/// Puts everything back; leads to the change.
#[server(prefix = "/_fn", endpoint = "hospital-undo-change")]
pub async fn undo_change(hospital: HospitalId, id: MassChangeId) -> Result<(), AppError> {
    let undone = answer(services()?.changes.undo(&call(), id).await);
    typed::<UndoChange>(&[]).keep(undone.map(|_| format!("{}?done=undone", Section::Change(id).at(hospital))))
}

/// What was chosen for each visit.
#[cfg(feature = "ssr")]
fn read_items(fields: &Fields) -> domain::Result<Vec<PlanItem>> {
    let chosen = fields.iter().filter_map(|(name, value)| Some((name.strip_prefix(DO)?, value.as_str())));
    let (mut items, mut wrong) = (Vec::new(), Vec::new());
    for (id, chosen) in chosen {
        let version = fields.get(&format!("{VERSION}{id}")).and_then(|text| text.parse().ok());
        let item = id.parse::<AppointmentId>().ok().zip(version).zip(read_choice(chosen));
        match item {
            Some(((appointment_id, version), change)) => {
                items.push(PlanItem { appointment_id, version, change });
            }
            None => wrong.push(FieldError::new(format!("{DO}{id}"), "unknown_value")),
        }
    }
    if wrong.is_empty() { Ok(items) } else { Err(domain::Error::Invalid { fields: wrong }) }
}

#[cfg(feature = "ssr")]
fn read_choice(text: &str) -> Option<PlannedChange> {
    match text {
        KEEP | "" => Some(PlannedChange::Keep),
        CANCEL => Some(PlannedChange::Cancel),
        text => {
            let (doctor, start) = text.strip_prefix("move")?.strip_prefix(APART)?.split_once(APART)?;
            Some(PlannedChange::Move { doctor_id: doctor.parse().ok()?, start: start.to_owned() })
        }
    }
}

/// A refusal of a line of the plan with the name that its field has on the sheet; what is wrong with all of them has no field there.
#[cfg(feature = "ssr")]
fn at_rows(error: domain::Error, visits: &[AppointmentId]) -> domain::Error {
    let domain::Error::Invalid { fields } = error else { return error };
    let named = |found: FieldError| {
        let line =
            found.field.strip_prefix("items.").and_then(|rest| rest.split('.').next()?.parse::<usize>().ok());
        match line.and_then(|line| visits.get(line)) {
            Some(visit) => FieldError::new(format!("{DO}{visit}"), found.rule),
            None if found.field == "items" => FieldError::new("", found.rule),
            None => found,
        }
    };
    domain::Error::Invalid { fields: fields.into_iter().map(named).collect() }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    const ID: &str = "0198a6b0-0000-7000-8000-000000000001";

    #[test]
    fn a_choice_says_what_becomes_of_a_visit() {
        assert_eq!(read_choice("keep"), Some(PlannedChange::Keep));
        assert_eq!(read_choice("cancel"), Some(PlannedChange::Cancel));
        let moved = read_choice(&format!("move~{ID}~2026-12-01T10:00:00+01:00"));
        let expected =
            PlannedChange::Move { doctor_id: ID.parse().unwrap(), start: "2026-12-01T10:00:00+01:00".into() };
        assert_eq!(moved, Some(expected));
        for broken in ["move", "move~", "move~x~y", "burn"] {
            assert_eq!(read_choice(broken), None, "{broken}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_line_is_said_at_its_visit() {
        let fields: Fields =
            [(format!("do.{ID}"), "cancel".to_owned()), (format!("version.{ID}"), "3".to_owned())].into();
        let items = read_items(&fields).unwrap();
        assert_eq!((items.len(), items[0].version), (1, 3));
        let refused =
            at_rows(domain::Error::invalid("items.0.start", "time_invalid"), &[items[0].appointment_id]);
        assert_eq!(refused, domain::Error::invalid(format!("do.{ID}"), "time_invalid"));
        let none = at_rows(domain::Error::invalid("items", "nothing_chosen"), &[items[0].appointment_id]);
        assert_eq!(none, domain::Error::invalid("", "nothing_chosen"));
        let whole = domain::Error::invalid("reason", "required");
        assert_eq!(at_rows(whole.clone(), &[]), whole);
        let without: Fields = [(format!("do.{ID}"), "cancel".to_owned())].into();
        assert_eq!(
            read_items(&without).err(),
            Some(domain::Error::invalid(format!("do.{ID}"), "unknown_value"))
        );
    }
}
