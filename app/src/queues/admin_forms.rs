//! The forms of the hospital portal about the queue: taking somebody in, what the hospital decides, the address of the wall.
//! A visit is moved on by the form of the day's board.

use domain::ids::HospitalId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::server::AppError;
#[cfg(feature = "ssr")]
use crate::{
    form::typed,
    portal::hospital::{Section, href},
    server::{answer, call, call_once, services, set_cookie},
};

/// What the desk fills in for somebody without a time.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct WalkInSheet {
    /// A patient's id, or [`NEW`].
    #[serde(default)]
    pub patient_id: String,
    /// Name of a new one.
    #[serde(default)]
    pub full_name: String,
    /// Her date of birth.
    #[serde(default)]
    pub birth_date: String,
    /// `doctor:` or `kind:` with an id.
    #[serde(default)]
    pub doctor_id: String,
    /// What it is about.
    #[serde(default)]
    pub reason: String,
    /// Pressed twice, it takes in once.
    #[serde(default)]
    pub idempotency_key: String,
}

/// Instead of a patient's id: somebody whom the hospital does not know.
pub const NEW: &str = "new";

/// Takes in somebody who has come without a time; leads to the queue.
#[server(prefix = "/_fn", endpoint = "hospital-take-in")]
pub async fn take_in(hospital: HospitalId, #[server(flatten)] sheet: WalkInSheet) -> Result<(), AppError> {
    let typed = typed::<TakeIn>(&[
        ("patient_id", &sheet.patient_id),
        ("birth_date", &sheet.birth_date),
        ("doctor_id", &sheet.doctor_id),
        ("reason", &sheet.reason),
    ]);
    let call = call_once(sheet.idempotency_key.clone());
    let taken = match sheet.checked() {
        Ok(command) => services()?.queues.walk_in(&call, hospital, command).await,
        Err(refusal) => Err(refusal),
    };
    typed.keep(
        answer(taken).map(|visit| href(&Section::Queue.at(hospital), &[("taken", &visit.id.to_string())])),
    )
}

/// Changes what the hospital has decided; leads to the settings.
#[server(prefix = "/_fn", endpoint = "hospital-set-queue")]
pub async fn set_queue(hospital: HospitalId, #[server(default)] self_check_in: bool) -> Result<(), AppError> {
    let settings = domain::queues::QueueSettings { self_check_in };
    let kept = answer(services()?.queues.set_settings(&call(), hospital, settings).await);
    typed::<SetQueue>(&[]).keep(kept.map(|_| saved(hospital, "queue")))
}

/// Makes an address for the wall, in the place of one that was made before; leads to the settings, which show it for some minutes.
#[server(prefix = "/_fn", endpoint = "hospital-make-wall")]
pub async fn make_wall(hospital: HospitalId) -> Result<(), AppError> {
    let made = make(hospital).await;
    typed::<MakeWall>(&[]).keep(made.map(|()| saved(hospital, "made")))
}

/// Ends the address; leads to the settings.
#[server(prefix = "/_fn", endpoint = "hospital-end-wall")]
pub async fn end_wall(hospital: HospitalId) -> Result<(), AppError> {
    let ended = answer(services()?.queues.end_wall_address(&call(), hospital).await);
    if ended.is_ok() {
        set_cookie(super::admin_api::FRESH, "", 0);
    }
    typed::<EndWall>(&[]).keep(ended.map(|()| saved(hospital, "ended")))
}

#[cfg(feature = "ssr")]
fn saved(hospital: HospitalId, what: &str) -> String {
    format!("{}?queue={what}", Section::Settings.at(hospital))
}

/// How long the address is shown, in seconds: an answer may break off on its way.
#[cfg(feature = "ssr")]
const SHOWN_SECONDS: u32 = 300;

#[cfg(feature = "ssr")]
async fn make(hospital: HospitalId) -> Result<(), AppError> {
    let (services, call) = (services()?, call());
    let account = answer(call.actor.signed_in().map(|who| who.account_id))?;
    let made = answer(services.queues.make_wall_address(&call, hospital).await)?;
    let sealed = answer(services.sign_ins.seal(account, &format!("{hospital} {}", made.address)))?;
    set_cookie(super::admin_api::FRESH, &sealed, SHOWN_SECONDS);
    Ok(())
}

impl WalkInSheet {
    /// The command, once it is known for whom and with whom.
    #[cfg(feature = "ssr")]
    fn checked(self) -> domain::Result<domain::queues::WalkIn> {
        use domain::error::Findings;
        let mut findings = Findings::new();
        let newcomer = self.patient_id == NEW;
        let patient = if newcomer {
            None
        } else {
            findings.take("patient_id", domain::ids::optional(&self.patient_id)).flatten()
        };
        findings.require(newcomer || patient.is_some(), "patient_id", "choose");
        let (kind, id) = self.doctor_id.split_once(':').unwrap_or_default();
        let (doctor, visit_type) = match kind {
            "doctor" => (findings.take("doctor_id", domain::ids::optional(id)).flatten(), None),
            "kind" => (None, findings.take("doctor_id", domain::ids::optional(id)).flatten()),
            _ => (None, None),
        };
        findings.require(doctor.is_some() || visit_type.is_some(), "doctor_id", "choose");
        findings.finish()?;
        Ok(domain::queues::WalkIn {
            patient_id: patient,
            newcomer: newcomer.then_some(domain::queues::NewPatient {
                full_name: self.full_name,
                birth_date: self.birth_date,
            }),
            doctor_id: doctor,
            visit_type_id: visit_type,
            reason: Some(self.reason).filter(|reason| !reason.trim().is_empty()),
        })
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    const ID: &str = "00000000-0000-7000-8000-000000000001";

    #[test]
    fn two_fields_say_who_and_with_whom() {
        let sheet = |patient_id: &str, doctor_id: &str| {
            WalkInSheet {
                patient_id: patient_id.into(),
                doctor_id: doctor_id.into(),
                ..WalkInSheet::default()
            }
            .checked()
        };
        let known = sheet(ID, &format!("doctor:{ID}")).unwrap();
        assert!(known.patient_id.is_some() && known.doctor_id.is_some() && known.newcomer.is_none());
        let new = sheet(NEW, &format!("kind:{ID}")).unwrap();
        assert!(new.patient_id.is_none() && new.visit_type_id.is_some() && new.newcomer.is_some());
        for (patient, with) in [("", ""), (ID, ""), (ID, "doctor:"), (ID, ID), (ID, "kind:x")] {
            assert!(sheet(patient, with).is_err(), "{patient} {with}");
        }
    }
}
