//! On every page that a doctor does not find: the way to open a record in an emergency.
//! It says nothing about whether there is anything behind the address.

use domain::ids::{HospitalId, PatientId};
use leptos::prelude::*;

use super::declare::is_doctor;
use crate::portal::hospital::Section;
use crate::portal::use_viewer;
use crate::t;
use crate::ui::{Notice, NoticeKind};

/// See the module.
#[component]
pub fn NotInCare(
    /// The hospital whose page was asked for.
    hospital: HospitalId,
) -> impl IntoView {
    is_doctor(hospital).then(|| {
        view! {
            <Notice title=t!(emergency.not_in_care)>
                <p>
                    {t!(emergency.not_in_care_text)} " "
                    <a href=Section::DeclareEmergency.at(hospital)>{t!(emergency.not_in_care_link)}</a>
                </p>
            </Notice>
        }
    })
}

/// Whether an emergency of the viewer keeps a patient's page open.
#[must_use]
pub fn opened_in_emergency(hospital: HospitalId, patient: PatientId) -> bool {
    let viewer = use_viewer();
    viewer.principal().is_some_and(|principal| {
        principal.emergencies.iter().any(|e| e.hospital_id == hospital && e.patient_id == patient)
    })
}

/// On a patient's page, while an emergency of the viewer keeps it open.
#[component]
pub fn OpenedInEmergency(
    /// Where.
    hospital: HospitalId,
    /// Whose page.
    patient: PatientId,
) -> impl IntoView {
    opened_in_emergency(hospital, patient).then(|| {
        view! {
            <Notice kind=NoticeKind::Warning>
                <p>{t!(emergency.opened)}</p>
            </Notice>
        }
    })
}
