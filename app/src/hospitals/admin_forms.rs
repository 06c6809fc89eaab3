//! The forms that create and change hospitals, departments and visit types.
//! Here texts become numbers; what is allowed is decided behind the services.

use domain::hospitals::SaveHospital;
use domain::ids::{HospitalId, VisitTypeId};
#[cfg(feature = "ssr")]
use domain::{
    error::Findings,
    hospitals::{Modality, SaveVisitType},
    money::minor_digits,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::{Typed, typed},
    portal::hospital::{HospitalPage, Section, href},
    server::{answer, call, services},
};

/// A visit type as typed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct VisitTypeInput {
    /// Name.
    pub name: String,
    /// Code of the modality; empty when none is chosen.
    #[serde(default)]
    pub modality: String,
    /// Length.
    #[serde(default)]
    pub minutes: String,
    /// Minutes free before.
    #[serde(default)]
    pub buffer_before: String,
    /// Minutes free after.
    #[serde(default)]
    pub buffer_after: String,
    /// Price in the hospital's currency: "500", "49.50".
    #[serde(default)]
    pub price: String,
    /// Whether it can be booked.
    #[serde(default)]
    pub active: String,
    /// How many of them a doctor's day takes; empty for no limit.
    #[serde(default)]
    pub most_a_day: String,
    /// How many patients may come to one time; empty for one.
    #[serde(default)]
    pub capacity: String,
    /// `true` when patients pay for it when they book.
    #[serde(default)]
    pub prepaid: String,
    /// `true` when several can be booked as one row of dates.
    #[serde(default)]
    pub series: String,
    /// `true` when patients have to be asked back for it.
    #[serde(default)]
    pub follow_up_only: String,
}

/// Saves a visit type; leads to the list.
#[server(prefix = "/_fn", endpoint = "hospital-save-visit-type")]
pub async fn keep_visit_type(
    hospital: HospitalId,
    #[server(default)] visit_type: Option<VisitTypeId>,
    #[server(flatten)] input: VisitTypeInput,
) -> Result<(), AppError> {
    let (hospitals, call, kept) = (services()?.hospitals, call(), input.typed());
    let currency = answer(hospitals.get(hospital).await)?.currency;
    let saved = match (visit_type, input.command(&currency)) {
        (_, Err(refusal)) => Err(refusal),
        (Some(id), Ok(command)) => hospitals.update_visit_type(&call, hospital, id, command).await,
        (None, Ok(command)) => hospitals.create_visit_type(&call, hospital, command).await,
    };
    kept.keep(
        answer(saved).map(|visit_type| {
            href(&Section::VisitTypes.at(hospital), &[("saved", &visit_type.id.to_string())])
        }),
    )
}

/// Creates a department; leads to the list.
#[server(prefix = "/_fn", endpoint = "hospital-add-department")]
pub async fn add_department(hospital: HospitalId, name: String) -> Result<(), AppError> {
    let kept = typed::<AddDepartment>(&[("name", &name)]);
    let saved = answer(services()?.hospitals.create_department(&call(), hospital, name).await);
    kept.keep(
        saved.map(|department| {
            href(&Section::Departments.at(hospital), &[("saved", &department.id.to_string())])
        }),
    )
}

/// Changes a hospital; leads back to it.
#[server(prefix = "/_fn", endpoint = "hospital-save")]
pub async fn keep_hospital(
    hospital: HospitalId,
    #[server(flatten)] input: SaveHospital,
) -> Result<(), AppError> {
    let kept = typed::<KeepHospital>(&texts(&input));
    let saved = answer(services()?.hospitals.update(&call(), hospital, input).await);
    kept.keep(saved.map(|_| href(&Section::Settings.at(hospital), &[("saved", "1")])))
}

/// Creates a hospital; leads to where its first administrator is invited.
#[server(prefix = "/_fn", endpoint = "platform-add-hospital")]
pub async fn add_hospital(#[server(flatten)] input: SaveHospital) -> Result<(), AppError> {
    let kept = typed::<AddHospital>(&texts(&input));
    let saved = answer(services()?.hospitals.create(&call(), input).await);
    kept.keep(
        saved.map(|hospital| href(&HospitalPage::PlatformHospital(hospital.id).path(), &[("saved", "1")])),
    )
}

#[cfg(feature = "ssr")]
fn texts(input: &SaveHospital) -> [(&str, &str); 7] {
    [
        ("name", &input.name),
        ("address", &input.address),
        ("city", &input.city),
        ("phone", &input.phone),
        ("time_zone", &input.time_zone),
        ("currency", &input.currency),
        ("about", &input.about),
    ]
}

#[cfg(feature = "ssr")]
impl VisitTypeInput {
    fn typed(&self) -> Typed {
        typed::<KeepVisitType>(&[
            ("name", &self.name),
            ("modality", &self.modality),
            ("minutes", &self.minutes),
            ("buffer_before", &self.buffer_before),
            ("buffer_after", &self.buffer_after),
            ("price", &self.price),
            ("most_a_day", &self.most_a_day),
            ("capacity", &self.capacity),
            ("prepaid", &self.prepaid),
            ("series", &self.series),
            ("follow_up_only", &self.follow_up_only),
            ("active", &self.active),
        ])
    }

    /// The command, or every field that is no number.
    fn command(self, currency: &str) -> domain::Result<SaveVisitType> {
        let mut findings = Findings::new();
        findings.require(!self.name.trim().is_empty(), "name", "required");
        let modality = findings.take("modality", Modality::parse(&self.modality).map_err(|_| "choose"));
        let minutes = findings.take("minutes", whole(&self.minutes));
        let buffer_before = findings.take("buffer_before", whole_or_zero(&self.buffer_before));
        let buffer_after = findings.take("buffer_after", whole_or_zero(&self.buffer_after));
        let most_a_day = findings.take("most_a_day", whole_or_none(&self.most_a_day)).flatten();
        let capacity = findings.take("capacity", whole_or_none(&self.capacity)).flatten().unwrap_or(1);
        let price = findings.take(
            "price_minor",
            super::hospital::price::parse(&self.price, minor_digits(currency).unwrap_or(2)),
        );
        let numbers = (modality, minutes, buffer_before, buffer_after, price);
        findings.finish()?;
        let (Some(modality), Some(minutes), Some(buffer_before), Some(buffer_after), Some(price_minor)) =
            numbers
        else {
            return Err(domain::Error::invalid("name", "invalid"));
        };
        let active = self.active == "true";
        Ok(SaveVisitType {
            name: self.name,
            modality,
            minutes,
            buffer_before,
            buffer_after,
            price_minor,
            prepaid: self.prepaid == "true",
            most_a_day,
            series: self.series == "true",
            capacity,
            follow_up_only: self.follow_up_only == "true",
            active,
        })
    }
}

#[cfg(feature = "ssr")]
fn whole(text: &str) -> Result<i64, &'static str> {
    text.trim().parse().map_err(|_| "number_invalid")
}

#[cfg(feature = "ssr")]
fn whole_or_none(text: &str) -> Result<Option<i64>, &'static str> {
    if text.trim().is_empty() { Ok(None) } else { whole(text).map(Some) }
}

#[cfg(feature = "ssr")]
fn whole_or_zero(text: &str) -> Result<i64, &'static str> {
    if text.trim().is_empty() { Ok(0) } else { whole(text) }
}
