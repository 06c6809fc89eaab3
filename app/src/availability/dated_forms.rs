//! The forms for hours with a rule of their own, a doctor's absence and a hospital's closing.
//! Booked visits stay as they are whatever is set here.

use domain::availability::Closure;
#[cfg(feature = "ssr")]
use domain::availability::{AbsenceKind, CloseHospital, HoursChange};
#[cfg(feature = "ssr")]
use domain::error::FieldError;
use domain::ids::{AbsenceId, ClosureId, DoctorId, HospitalId};
#[cfg(feature = "ssr")]
use domain::time::{parse_date, parse_time, plus_days};
#[cfg(feature = "ssr")]
use jiff::civil::{DateTime, Time};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use super::week_form::Fields;
use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    availability::admin_forms::{back, replace, wants_look},
    availability::preview_api::{hits_visits, next, save_or_look},
    availability::week_form::{read_rule, rule_field},
    form::typed,
    portal::hospital::{Section, href},
    server::{answer, call, services},
};

/// Adds hours with a rule of their own; leads back to them.
#[server(prefix = "/_fn", endpoint = "hospital-add-rule")]
pub async fn add_rule(
    hospital: HospitalId,
    doctor: DoctorId,
    #[server(flatten)] fields: Fields,
) -> Result<(), AppError> {
    let names = [
        "weekday",
        "rule1_start",
        "rule1_end",
        "valid_from",
        "valid_to",
        "every_weeks",
        "modality",
        "visit_type",
    ];
    let kept = typed::<AddRule>(&names.map(|name| (name, fields.get(name).map_or("", String::as_str))));
    let saved = match read_rule(&fields) {
        Ok(rule) => {
            let added = |mut weekly: Vec<_>| {
                weekly.push(rule);
                Ok(weekly)
            };
            // It takes nothing away, so whichever week stands there is the right one.
            let saved = replace(doctor, None, None, false, added).await;
            saved.map_err(|error| named(error, |_, rule| rule_field(rule)))
        }
        Err(fields) => Err(domain::Error::Invalid { fields }),
    };
    kept.keep(answer(saved).map(|look| next(hospital, doctor, "rule", look.as_ref())))
}

/// Takes hours with a rule of their own away; leads back to the rest.
#[server(prefix = "/_fn", endpoint = "hospital-remove-rule")]
pub async fn remove_rule(
    hospital: HospitalId,
    doctor: DoctorId,
    place: usize,
    version: i64,
) -> Result<(), AppError> {
    let removed = replace(doctor, Some(version), None, false, |mut weekly| {
        if place >= weekly.len() {
            return Err(domain::Error::NotFound);
        }
        weekly.remove(place);
        Ok(weekly)
    });
    let removed = answer(removed.await);
    typed::<RemoveRule>(&[]).keep(removed.map(|look| next(hospital, doctor, "rule", look.as_ref())))
}

/// Says that a doctor is away; leads back to the list. Without times whole days are meant.
#[server(prefix = "/_fn", endpoint = "hospital-add-absence")]
pub async fn add_absence(
    hospital: HospitalId,
    doctor: DoctorId,
    #[server(flatten)] fields: Fields,
) -> Result<(), AppError> {
    let names = ["kind", "from_date", "from_time", "to_date", "to_time", "absence_note"];
    let kept = typed::<AddAbsence>(&names.map(|name| (name, fields.get(name).map_or("", String::as_str))));
    let saved = match absence(&fields) {
        Ok(command) => {
            let saved = save_or_look(doctor, HoursChange::Absence(command), wants_look(&fields)).await;
            saved.map_err(|error| {
                named(error, |field, _| match field {
                    "from" => "from_date",
                    "note" => "absence_note",
                    _ => "to_date",
                })
            })
        }
        Err(fields) => Err(domain::Error::Invalid { fields }),
    };
    kept.keep(answer(saved).map(|look| next(hospital, doctor, "absence", look.as_ref())))
}

/// Takes an absence back; leads back to the list.
#[server(prefix = "/_fn", endpoint = "hospital-remove-absence")]
pub async fn remove_absence(
    hospital: HospitalId,
    doctor: DoctorId,
    absence: AbsenceId,
) -> Result<(), AppError> {
    let removed = answer(services()?.availability.remove_absence(&call(), doctor, absence).await);
    typed::<RemoveAbsence>(&[]).keep(removed.map(|_| back(hospital, doctor, "absence")))
}

/// Dates on which a hospital is closed.
#[server(prefix = "/_fn", endpoint = "hospital-closures", input = Json)]
pub async fn hospital_closures(hospital: HospitalId) -> Result<Vec<Closure>, AppError> {
    answer(services()?.availability.closures(&call(), hospital).await)
}

/// Closes a hospital; leads back to the list.
#[server(prefix = "/_fn", endpoint = "hospital-add-closure")]
pub async fn add_closure(hospital: HospitalId, #[server(flatten)] fields: Fields) -> Result<(), AppError> {
    let names = ["closed_from", "closed_to", "closed_note"];
    let kept = typed::<AddClosure>(&names.map(|name| (name, fields.get(name).map_or("", String::as_str))));
    let saved = match closure(&fields) {
        Ok(command) => {
            let saved = close_or_look(hospital, command, wants_look(&fields)).await;
            saved.map_err(|error| {
                named(error, |field, _| match field {
                    "from" => "closed_from",
                    "note" => "closed_note",
                    _ => "closed_to",
                })
            })
        }
        Err(fields) => Err(domain::Error::Invalid { fields }),
    };
    kept.keep(answer(saved).map(|done| if done { settings(hospital) } else { closing(hospital, &fields) }))
}

/// Opens a hospital again; leads back to the list.
#[server(prefix = "/_fn", endpoint = "hospital-remove-closure")]
pub async fn remove_closure(hospital: HospitalId, closure: ClosureId) -> Result<(), AppError> {
    let removed = answer(services()?.availability.remove_closure(&call(), hospital, closure).await);
    typed::<RemoveClosure>(&[]).keep(removed.map(|_| settings(hospital)))
}

/// Closes a hospital if that hits no visit; `false` when it has to be looked at first.
#[cfg(feature = "ssr")]
async fn close_or_look(
    hospital: HospitalId,
    closure: domain::availability::AddClosure,
    look: bool,
) -> domain::Result<bool> {
    let (services, call) = (services().map_err(|_| domain::Error::Unavailable)?, call());
    if look {
        return services.availability.preview_closure(&call, hospital, closure).await.map(|_| false);
    }
    let command = CloseHospital { closure, seen: None };
    match services.availability.close_hospital(&call, hospital, command).await {
        Ok(_) => Ok(true),
        Err(error) if hits_visits(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Where a closing is looked at.
#[cfg(feature = "ssr")]
fn closing(hospital: HospitalId, fields: &Fields) -> String {
    let typed = |name| field(fields, name).unwrap_or_default();
    let names = ["closed_from", "closed_to", "closed_note"];
    href(&Section::ClosingPreview.at(hospital), &names.map(|name| (name, typed(name))))
}

#[cfg(feature = "ssr")]
fn settings(hospital: HospitalId) -> String {
    href(&Section::Settings.at(hospital), &[("closed", "saved")])
}

/// A refusal of the service with the names that the fields of the form have.
#[cfg(feature = "ssr")]
pub(super) fn named(error: domain::Error, name: impl Fn(&str, &str) -> &'static str) -> domain::Error {
    let domain::Error::Invalid { fields } = error else { return error };
    let fields = fields.into_iter().map(|found| FieldError::new(name(&found.field, &found.rule), found.rule));
    domain::Error::Invalid { fields: fields.collect() }
}

/// What is typed into a field, if anything is.
#[cfg(feature = "ssr")]
fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.get(name).map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// An absence as it is typed: from the beginning of a day, or a time of it, to the end of a day, or a time of it.
#[cfg(feature = "ssr")]
fn absence(fields: &Fields) -> Result<domain::availability::AddAbsence, Vec<FieldError>> {
    let mut findings = Vec::new();
    let from = wall(fields, ("from_date", "from_time"), &mut findings);
    let to = wall(fields, ("to_date", "to_time"), &mut findings);
    let whole_day = field(fields, "to_time").is_none();
    let kind = AbsenceKind::parse(field(fields, "kind").unwrap_or_default());
    if let Err(rule) = kind {
        findings.push(FieldError::new("kind", rule));
    }
    let (Some(from), Some(to), Ok(kind), true) = (from, to, kind, findings.is_empty()) else {
        return Err(findings);
    };
    if !whole_day && from.date() == to.date() && to <= from {
        return Err(vec![FieldError::new("to_time", "time_order")]);
    }
    let to = if whole_day { plus_days(to.date(), 1).to_datetime(to.time()) } else { to };
    let note = field(fields, "absence_note").unwrap_or_default().to_owned();
    Ok(domain::availability::AddAbsence { from, to, kind, note })
}

#[cfg(feature = "ssr")]
pub(super) fn closure(fields: &Fields) -> Result<domain::availability::AddClosure, Vec<FieldError>> {
    let mut findings = Vec::new();
    let from = wall(fields, ("closed_from", ""), &mut findings);
    // One day, where no last one is named.
    let last = if field(fields, "closed_to").is_some() { "closed_to" } else { "closed_from" };
    let to = wall(fields, (last, ""), &mut findings);
    let (Some(from), Some(to), true) = (from, to, findings.is_empty()) else {
        findings.dedup();
        return Err(findings);
    };
    let note = field(fields, "closed_note").unwrap_or_default().to_owned();
    Ok(domain::availability::AddClosure { from: from.date(), to: to.date(), note })
}

/// A date and a time of it, or its beginning.
#[cfg(feature = "ssr")]
fn wall(fields: &Fields, names: (&str, &str), findings: &mut Vec<FieldError>) -> Option<DateTime> {
    let date = field(fields, names.0).ok_or("date_required").and_then(parse_date);
    let time = field(fields, names.1).map_or(Ok(Time::midnight()), parse_time);
    match (date, time) {
        (Ok(date), Ok(time)) => Some(date.to_datetime(time)),
        (date, time) => {
            findings.extend(date.err().map(|rule| FieldError::new(names.0, rule)));
            findings.extend(time.err().map(|rule| FieldError::new(names.1, rule)));
            None
        }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn without_times_whole_days_are_meant() {
        let typed = fields(&[("kind", "leave"), ("from_date", "2026-12-21"), ("to_date", "2026-12-31")]);
        let found = absence(&typed).unwrap();
        assert_eq!(
            (found.from.to_string(), found.to.to_string()),
            ("2026-12-21T00:00:00".into(), "2027-01-01T00:00:00".into())
        );
        let typed = fields(&[
            ("kind", "meeting"),
            ("from_date", "2026-12-21"),
            ("from_time", "10:00"),
            ("to_date", "2026-12-21"),
            ("to_time", "11:30"),
        ]);
        assert_eq!(absence(&typed).unwrap().to.to_string(), "2026-12-21T11:30:00");
        let found = closure(&fields(&[("closed_from", "2026-12-24")])).unwrap();
        assert_eq!(found.from, found.to);
    }

    #[test]
    fn each_broken_field_is_named() {
        let found = absence(&fields(&[("from_date", "soon"), ("to_time", "late")])).unwrap_err();
        let found: Vec<_> = found.iter().map(|one| (one.field.as_str(), one.rule.as_str())).collect();
        let expected = [
            ("from_date", "date_invalid"),
            ("to_date", "date_required"),
            ("to_time", "time_invalid"),
            ("kind", "unknown_value"),
        ];
        assert_eq!(found, expected);
        let backwards = [
            ("kind", "other"),
            ("from_date", "2026-12-21"),
            ("from_time", "15:00"),
            ("to_date", "2026-12-21"),
            ("to_time", "10:00"),
        ];
        assert_eq!(absence(&fields(&backwards)).unwrap_err(), [FieldError::new("to_time", "time_order")]);
        assert_eq!(closure(&fields(&[])).unwrap_err().len(), 1);
    }
}
