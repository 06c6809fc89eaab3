//! A doctor's hours as her hospital, or she herself, sets them: the week, the rules of booking, dates that differ.
//! Nothing here touches visits that are booked; what would hit some is looked at first.

pub mod absences;
pub mod closures;
pub mod dated_end;
pub mod exceptions;
pub mod preview;
pub mod removal;
pub mod rules;
pub mod week;
pub mod window;

use domain::availability::{HoursChange, WorkingHours};
use domain::doctors::Doctor;
use domain::ids::{DoctorId, HospitalId};
use leptos::prelude::*;
use leptos_meta::Title;

use super::admin_api::hospital_hours;
use super::admin_forms::{AddException, KeepHours, RemoveException, RemoveExtra};
use super::dated_forms::{AddAbsence, AddRule, RemoveAbsence, RemoveRule};
use super::preview_api::read_change;
use crate::form::{FormState, Sending, use_form_state};
use crate::portal::hospital::{Saved, Section, query};
use crate::portal::{Loaded, use_viewer};
use crate::reading::Reading;
use crate::t;
use crate::ui::{PageHeader, Problem};
use absences::Absences;
use exceptions::Exceptions;
use rules::Rules;
use week::WeekForm;

/// The page's forms.
#[derive(Clone, Copy)]
struct Forms {
    week: FormState<KeepHours>,
    add: FormState<AddException>,
    remove: FormState<RemoveException>,
    extra: FormState<RemoveExtra>,
    rule: FormState<AddRule>,
    no_rule: FormState<RemoveRule>,
    away: FormState<AddAbsence>,
    back: FormState<RemoveAbsence>,
}

impl Forms {
    fn all(self) -> [Sending; 8] {
        [*self.week, *self.add, *self.remove, *self.extra, *self.rule, *self.no_rule, *self.away, *self.back]
    }

    /// All that is wrong with any of them.
    fn problems(self) -> Signal<Vec<Problem>> {
        let problems = self.all().map(|form| form.problems());
        Signal::derive(move || problems.iter().flat_map(Signal::get).collect())
    }

    /// Grows when any of them was refused because somebody else was faster: then the page shows how it stands.
    fn stale(self) -> usize {
        let stale = |form: &Sending| form.error().get().is_some_and(|error| error.is_stale());
        self.all().iter().filter(|form| stale(form)).map(|form| form.answered().get()).sum()
    }

    /// Grows when any of them was accepted.
    fn accepted(self) -> usize {
        self.all().iter().map(|form| form.accepted().get()).sum()
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
    let forms = Forms {
        week: use_form_state(),
        add: use_form_state(),
        remove: use_form_state(),
        extra: use_form_state(),
        rule: use_form_state(),
        no_rule: use_form_state(),
        away: use_form_state(),
        back: use_form_state(),
    };
    let saved = query("saved");
    let hours =
        Reading::new(move || (saved.get(), forms.accepted(), forms.stale()), move |_| hospital_hours(id));
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
    let (zone, whose) = (hours.time_zone.clone(), doctor.clone());
    // Whoever looked at a change and came back finds what she has typed.
    let draft = query("draft").with_untracked(|text| read_change(text));
    let (week, away, date) = match draft {
        Some(HoursChange::Week(week)) => (Some(week), None, None),
        Some(HoursChange::Absence(away)) => (None, Some(away), None),
        Some(HoursChange::Date(date)) => (None, None, Some(date)),
        Some(HoursChange::UsualDate { .. } | HoursChange::RemoveExtra { .. }) | None => (None, None, None),
    };
    view! {
        <PageHeader
            title=t!(hospital_hours.title)
            eyebrow=doctor.card.name
            lead=t!(hospital_hours.lead, zone = zone)
            back=back.at(hospital)
        />
        <Saved unless=forms.problems() />
        <div class="stack-large">
            <WeekForm hospital doctor=id hours=hours.clone() draft=week form=forms.week />
            <Rules hospital doctor=whose hours=hours.clone() add=forms.rule remove=forms.no_rule />
            <Absences hospital doctor=id absences=hours.absences draft=away add=forms.away remove=forms.back />
            <Exceptions
                hospital
                doctor=id
                exceptions=hours.exceptions
                extra=hours.extra
                draft=date
                add=forms.add
                remove=(forms.remove, forms.extra)
            />
        </div>
    }
    .into_any()
}
