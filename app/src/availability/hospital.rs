//! A doctor's hours as her hospital, or she herself, sets them: the week, the rules of booking, dates that differ.
//! Nothing here touches visits that are booked.

pub mod exceptions;
pub mod week;
pub mod window;

use domain::availability::WorkingHours;
use domain::doctors::Doctor;
use domain::ids::{DoctorId, HospitalId};
use leptos::prelude::*;
use leptos_meta::Title;

use super::admin_api::hospital_hours;
use super::admin_forms::{AddException, KeepHours, RemoveException};
use crate::form::{FormState, use_form_state};
use crate::portal::hospital::{Saved, Section, query};
use crate::portal::{Loaded, use_viewer};
use crate::t;
use crate::ui::{PageHeader, Problem};
use exceptions::Exceptions;
use week::WeekForm;

/// The page's forms.
#[derive(Clone, Copy)]
struct Forms {
    week: FormState<KeepHours>,
    add: FormState<AddException>,
    remove: FormState<RemoveException>,
}

impl Forms {
    /// All that is wrong with any of them.
    fn problems(self) -> Signal<Vec<Problem>> {
        let (week, add, remove) = (self.week.problems(), self.add.problems(), self.remove.problems());
        Signal::derive(move || [week.get(), add.get(), remove.get()].concat())
    }
}

/// See the module.
#[component]
pub fn HoursPage(
    /// Which hospital.
    hospital: HospitalId,
    /// Whose hours.
    id: DoctorId,
) -> impl IntoView {
    let forms = Forms { week: use_form_state(), add: use_form_state(), remove: use_form_state() };
    let saved = query("saved");
    let hours = Resource::new(
        move || {
            (
                saved.get(),
                forms.week.accepted().get(),
                forms.add.accepted().get(),
                forms.remove.accepted().get(),
            )
        },
        move |_| hospital_hours(id),
    );
    view! {
        <Title text=t!(hospital_hours.title) />
        <div class="page">
            <Loaded
                resource=hours
                view=move |(doctor, hours): (Doctor, WorkingHours)| view! { <Content hospital doctor hours forms /> }
            />
        </div>
    }
    .into_any()
}

#[component]
fn Content(hospital: HospitalId, doctor: Doctor, hours: WorkingHours, forms: Forms) -> impl IntoView {
    let id = doctor.card.id;
    // A doctor comes from the day, an administrator from the doctor's sheet.
    let own = use_viewer()
        .principal()
        .and_then(|p| p.membership(hospital))
        .is_some_and(|m| m.doctor_id == Some(id));
    let back = if own { Section::Today } else { Section::Doctor(id) };
    let zone = hours.time_zone.clone();
    view! {
        <PageHeader
            title=t!(hospital_hours.title)
            eyebrow=doctor.card.name
            lead=t!(hospital_hours.lead, zone = zone)
            back=back.at(hospital)
        />
        <Saved unless=forms.problems() />
        <div class="stack-large">
            <WeekForm hospital doctor=id hours=hours.clone() form=forms.week />
            <Exceptions hospital doctor=id exceptions=hours.exceptions add=forms.add remove=forms.remove />
        </div>
    }
    .into_any()
}
