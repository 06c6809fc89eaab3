//! The forms that set a doctor's week, the rules of booking with her, and dates on which the week does not hold.
//! Booked visits stay as they are whatever is set here.

#[cfg(feature = "ssr")]
use domain::availability::{
    AddExtraHours, BookingRules, DateException, HoursChange, SetWorkingHours, WeeklyWindow,
};
use domain::ids::{DoctorId, HospitalId, OpeningId};
use jiff::civil::Date;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::dated_forms::named;
#[cfg(feature = "ssr")]
use super::preview_api::{next, save_or_look};
use super::week_form::Fields;
#[cfg(feature = "ssr")]
use super::week_form::{others, read_date, read_rules, read_week, week_names};
use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::{Typed, typed},
    portal::hospital::{Section, href},
    server::{answer, call, services},
};

/// A date on which the week does not hold, as typed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExceptionInput {
    /// ISO date.
    #[serde(default)]
    pub date: String,
    /// Why.
    #[serde(default)]
    pub note: String,
    /// First window.
    #[serde(default)]
    pub day1_start: String,
    /// Its end.
    #[serde(default)]
    pub day1_end: String,
    /// Second window.
    #[serde(default)]
    pub day2_start: String,
    /// Its end.
    #[serde(default)]
    pub day2_end: String,
    /// `true` when the hours are there besides the usual ones.
    #[serde(default)]
    pub besides: String,
    /// Not empty when it is only looked at.
    #[serde(default)]
    pub look: String,
}

/// Replaces the week and the rules, and leaves hours with a rule of their own as they are; leads back to them.
#[server(prefix = "/_fn", endpoint = "hospital-save-hours")]
pub async fn keep_hours(
    hospital: HospitalId,
    doctor: DoctorId,
    #[server(flatten)] fields: Fields,
) -> Result<(), AppError> {
    let kept = typed_week(&fields);
    let saved = match week(&fields) {
        Ok((typed, rules)) => {
            replace(doctor, version(&fields), rules, wants_look(&fields), |weekly| {
                let rest = others(&weekly).into_iter().map(|(_, window)| window);
                Ok(typed.into_iter().chain(rest).collect())
            })
            .await
        }
        Err(refusal) => Err(refusal),
    };
    let saved = answer(saved.map_err(in_week));
    // What somebody else has set meanwhile is shown, and not what was typed over it: a second press must not overwrite it unseen.
    let stale = saved.as_ref().err().is_some_and(AppError::is_stale);
    let kept = if stale { typed::<KeepHours>(&[]) } else { kept };
    kept.keep(saved.map(|look| next(hospital, doctor, "week", look.as_ref())))
}

/// A window that meets hours with a rule has no field of its own.
#[cfg(feature = "ssr")]
fn in_week(error: domain::Error) -> domain::Error {
    let domain::Error::Invalid { fields } = error else { return error };
    let named = |found: domain::error::FieldError| match found.rule.as_str() {
        "hours_overlap" if found.field.starts_with("weekly.") => {
            domain::error::FieldError::new("weekly", "hours_overlap_rule")
        }
        _ => found,
    };
    domain::Error::Invalid { fields: fields.into_iter().map(named).collect() }
}

/// Sets what holds on one date; leads back to the list.
#[server(prefix = "/_fn", endpoint = "hospital-add-exception")]
pub async fn add_exception(
    hospital: HospitalId,
    doctor: DoctorId,
    #[server(flatten)] input: ExceptionInput,
) -> Result<(), AppError> {
    let kept = input.typed();
    let saved = match input.exception() {
        // Hours that are there besides take nothing away, so there is nothing to look at.
        Ok(_) if input.besides == "true" && !input.look.is_empty() => {
            Err(domain::Error::invalid("besides", "takes_nothing_away"))
        }
        Ok(exception) if input.besides == "true" => add_extra(doctor, exception).await.map(|()| None),
        Ok(exception) => save_or_look(doctor, HoursChange::Date(exception), !input.look.is_empty()).await,
        Err(refusal) => Err(refusal),
    };
    kept.keep(answer(saved).map(|look| next(hospital, doctor, "date", look.as_ref())))
}

/// The hours of one date, besides the usual ones.
#[cfg(feature = "ssr")]
async fn add_extra(doctor: DoctorId, on: DateException) -> domain::Result<()> {
    let DateException { date, windows, note } = on;
    let command = AddExtraHours { date, windows, visit_types: Vec::new(), note };
    let services = services().map_err(|_| domain::Error::Unavailable)?;
    let added = services.availability.add_extra(&call(), doctor, command).await;
    added.map(drop).map_err(|error| {
        named(error, |field, _| match field {
            "date" => "date",
            "note" => "note",
            _ => "day1_start",
        })
    })
}

/// Takes extra hours away; leads back to the list.
#[server(prefix = "/_fn", endpoint = "hospital-remove-extra")]
pub async fn remove_extra(hospital: HospitalId, doctor: DoctorId, extra: OpeningId) -> Result<(), AppError> {
    let removed = answer(save_or_look(doctor, HoursChange::RemoveExtra { id: extra }, false).await);
    typed::<RemoveExtra>(&[]).keep(removed.map(|look| next(hospital, doctor, "date", look.as_ref())))
}

/// Lets the week hold again on a date; leads back to the list.
#[server(prefix = "/_fn", endpoint = "hospital-remove-exception")]
pub async fn remove_exception(hospital: HospitalId, doctor: DoctorId, date: Date) -> Result<(), AppError> {
    let removed = answer(save_or_look(doctor, HoursChange::UsualDate { date }, false).await);
    typed::<RemoveException>(&[]).keep(removed.map(|look| next(hospital, doctor, "date", look.as_ref())))
}

#[cfg(feature = "ssr")]
pub(super) fn back(hospital: HospitalId, doctor: DoctorId, what: &str) -> String {
    href(&Section::Hours(doctor).at(hospital), &[("saved", what)])
}

#[cfg(feature = "ssr")]
fn typed_week(fields: &Fields) -> Typed {
    let names = week_names();
    let values: Vec<_> =
        names.iter().map(|name| (name.as_str(), fields.get(name).map_or("", String::as_str))).collect();
    typed::<KeepHours>(&values)
}

/// The version of the hours that the page has shown.
#[cfg(feature = "ssr")]
fn version(fields: &Fields) -> Option<i64> {
    fields.get("version").and_then(|text| text.parse().ok())
}

/// Whether somebody has pressed the button that saves nothing.
#[cfg(feature = "ssr")]
pub(super) fn wants_look(fields: &Fields) -> bool {
    fields.get("look").is_some_and(|look| !look.is_empty())
}

/// Replaces a doctor's week by what comes of it, if it is still the one that was seen; or gives it back to be looked at first.
#[cfg(feature = "ssr")]
pub(super) async fn replace(
    doctor: DoctorId,
    seen: Option<i64>,
    rules: Option<BookingRules>,
    look: bool,
    change: impl FnOnce(Vec<WeeklyWindow>) -> domain::Result<Vec<WeeklyWindow>>,
) -> domain::Result<Option<HoursChange>> {
    let (services, call) = (services().map_err(|_| domain::Error::Unavailable)?, call());
    let now = services.availability.working_hours(&call, doctor).await?;
    // What was read a moment ago must not be replaced unseen, even where the page names no version.
    let version = Some(seen.unwrap_or(now.version));
    let command = SetWorkingHours { weekly: change(now.weekly)?, rules, version };
    save_or_look(doctor, HoursChange::Week(command), look).await
}

/// The week and the rules, or all that is wrong with them.
#[cfg(feature = "ssr")]
fn week(fields: &Fields) -> domain::Result<(Vec<WeeklyWindow>, Option<BookingRules>)> {
    match (read_week(fields), read_rules(fields)) {
        (Ok(weekly), Ok(rules)) => Ok((weekly, Some(rules))),
        (weekly, rules) => {
            let fields = weekly.err().into_iter().chain(rules.err()).flatten().collect();
            Err(domain::Error::Invalid { fields })
        }
    }
}

#[cfg(feature = "ssr")]
impl ExceptionInput {
    fn pairs(&self) -> [(&'static str, &str); 7] {
        [
            ("date", &self.date),
            ("note", &self.note),
            ("day1_start", &self.day1_start),
            ("day1_end", &self.day1_end),
            ("day2_start", &self.day2_start),
            ("day2_end", &self.day2_end),
            ("besides", &self.besides),
        ]
    }

    fn typed(&self) -> Typed {
        typed::<AddException>(&self.pairs())
    }

    /// The command; no windows mean that the doctor does not work on that date.
    fn exception(&self) -> domain::Result<DateException> {
        let fields: Fields =
            self.pairs().into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let date =
            domain::time::parse_date(&self.date).map_err(|rule| domain::error::FieldError::new("date", rule));
        match (date, read_date(&fields)) {
            (Ok(date), Ok(windows)) => Ok(DateException { date, windows, note: self.note.trim().to_owned() }),
            (date, windows) => {
                let fields = date.err().into_iter().chain(windows.err().into_iter().flatten()).collect();
                Err(domain::Error::Invalid { fields })
            }
        }
    }
}
