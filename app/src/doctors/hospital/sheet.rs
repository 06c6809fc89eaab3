//! A doctor's sheet: who she is, what can be booked with her, whether she can be booked.
//! A new doctor has the same sheet, empty.

use domain::coding;
use domain::doctors::Doctor;
use domain::ids::{DoctorId, HospitalId};
use leptos::prelude::*;
use leptos_meta::Title;

use super::photo::PhotoForm;
use crate::doctors::admin_api::{DoctorSheet, hospital_doctor};
use crate::doctors::admin_forms::KeepDoctor;
use crate::form::{Form, FormState, use_form_state};
use crate::i18n::{duration, language_name, specialty_short};
use crate::portal::Loaded;
use crate::portal::hospital::{Saved, Section, query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Button, ButtonKind, ButtonRow, Checkbox, CheckboxGroup, Choice, Field, FormErrors, IconName, LinkButton,
    PageHeader, Select, TextArea,
};

/// See the module.
#[component]
pub fn DoctorPage(
    /// Which hospital.
    hospital: HospitalId,
    /// Who; none for a new doctor.
    id: Option<DoctorId>,
) -> impl IntoView {
    let form = use_form_state::<KeepDoctor>();
    let saved = query("saved");
    let sheet =
        Reading::new(move || (saved.get(), form.accepted().get()), move |_| hospital_doctor(hospital, id));
    view! {
        <div class="page">
            <Loaded resource=sheet view=move |sheet: DoctorSheet| view! { <Content hospital sheet form /> } />
        </div>
    }
    .into_any()
}

#[component]
fn Content(hospital: HospitalId, sheet: DoctorSheet, form: FormState<KeepDoctor>) -> impl IntoView {
    let title = sheet
        .doctor
        .as_ref()
        .map_or_else(|| t!(hospital_doctors.new_title).to_owned(), |d| d.card.name.clone());
    let card = sheet.doctor.as_ref().map(|doctor| doctor.card.clone());
    let hours = card.as_ref().map(|card| Section::Hours(card.id).at(hospital));
    let public = card.as_ref().map(|card| format!("/doctors/{}", card.id));
    view! {
        <Title text=title.clone() />
        <PageHeader
            title
            back=Section::Doctors.at(hospital)
            actions=move || {
                let hours = hours.map(|href| {
                    view! {
                        <LinkButton href kind=ButtonKind::Secondary icon=IconName::Clock>
                            {t!(hospital_doctors.hours)}
                        </LinkButton>
                    }
                });
                let public = public.map(|href| {
                    view! {
                        <LinkButton href kind=ButtonKind::Secondary icon=IconName::Globe>
                            {t!(hospital_doctors.public_page)}
                        </LinkButton>
                    }
                });
                view! {
                    {hours}
                    {public}
                }
            }
        />
        <Saved unless=form.problems() />
        <div class="with-aside">
            <SheetForm hospital sheet form />
            {card.map(|doctor| view! { <PhotoForm doctor /> })}
        </div>
    }
    .into_any()
}

/// What stands in the form at first.
fn first_values(doctor: Option<&Doctor>) -> [(&'static str, String); 7] {
    let joined = |codes: &[String]| codes.join(",");
    let types = |doctor: &Doctor| {
        doctor.card.visit_types.iter().map(|t| t.id.to_string()).collect::<Vec<_>>().join(",")
    };
    [
        ("name", doctor.map_or_else(String::new, |d| d.card.name.clone())),
        ("specialties", doctor.map_or_else(String::new, |d| joined(&d.card.specialties))),
        ("languages", doctor.map_or_else(String::new, |d| joined(&d.card.languages))),
        ("biography", doctor.map_or_else(String::new, |d| d.biography.clone())),
        ("department", doctor.and_then(|d| d.department_id).map_or_else(String::new, |id| id.to_string())),
        ("visit_types", doctor.map_or_else(String::new, types)),
        ("active", if doctor.is_none_or(|d| d.active) { "true".to_owned() } else { String::new() }),
    ]
}

/// The names of the command that post under others.
const POSTED: &[(&str, &str)] = &[
    ("specialties", "specialties[]"),
    ("languages", "languages[]"),
    ("department_id", "department"),
    ("visit_type_ids", "visit_types[]"),
];

/// Codes as choices, in the order of the names that are read.
fn by_name(codes: &[&'static str], name: fn(&str) -> &str) -> Vec<Choice> {
    let mut choices: Vec<_> = codes.iter().map(|code| Choice::new(*code, name(code))).collect();
    choices.sort_by(|a, b| a.label.cmp(&b.label));
    choices
}

#[component]
fn SheetForm(hospital: HospitalId, sheet: DoctorSheet, form: FormState<KeepDoctor>) -> impl IntoView {
    let firsts = first_values(sheet.doctor.as_ref());
    let value = move |name: &str| {
        let first = firsts.iter().find(|(known, _)| *known == name).map_or("", |(_, first)| first.as_str());
        form.value_or(name, first)
    };
    let list =
        |text: String| text.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let id = sheet.doctor.as_ref().map(|doctor| {
        view! { <input type="hidden" name="doctor" value=doctor.card.id.to_string() /> }
    });
    let departments: Vec<_> =
        sheet.departments.into_iter().map(|d| Choice::new(d.id.to_string(), d.name)).collect();
    let visit_types: Vec<_> = sheet
        .visit_types
        .into_iter()
        .map(|t| Choice::new(t.id.to_string(), t.name).hint(duration(u32::from(t.minutes))))
        .collect();
    let specialties = by_name(coding::SPECIALTIES, specialty_short);
    let languages = by_name(coding::LANGUAGES, language_name);
    let active = value("active") == "true";
    view! {
        <div>
            <FormErrors problems=form.problems_posted_as(POSTED) />
            <Form state=form no_summary=true>
                <input type="hidden" name="hospital" value=hospital.to_string() />
                {id}
                <div class="stack form">
                    <Field
                        label=t!(common.name)
                        name="name"
                        value=value("name")
                        hint=t!(hospital_doctors.name_hint)
                        error=form.problem("name")
                    />
                    <div class="checkbox-columns">
                        <CheckboxGroup
                            legend=t!(hospital_doctors.specialties)
                            name="specialties[]"
                            options=specialties
                            values=list(value("specialties"))
                            error=form.problem("specialties")
                        />
                    </div>
                    <div class="checkbox-columns">
                        <CheckboxGroup
                            legend=t!(hospital_doctors.languages)
                            name="languages[]"
                            options=languages
                            values=list(value("languages"))
                            error=form.problem("languages")
                        />
                    </div>
                    <TextArea
                        label=t!(hospital_doctors.biography)
                        name="biography"
                        value=value("biography")
                        hint=t!(hospital_doctors.biography_hint)
                        error=form.problem("biography")
                        rows=5
                        optional=true
                    />
                    <Select
                        label=t!(hospital_doctors.department)
                        name="department"
                        options=departments
                        value=value("department")
                        error=form.problem("department_id")
                        placeholder=t!(common.none)
                        optional=true
                    />
                    <div class="checkbox-columns">
                        <CheckboxGroup
                            legend=t!(hospital_doctors.visit_types)
                            name="visit_types[]"
                            options=visit_types
                            values=list(value("visit_types"))
                            hint=t!(hospital_doctors.visit_types_hint)
                            error=form.problem("visit_type_ids")
                        />
                    </div>
                    <Checkbox
                        label=t!(hospital_doctors.can_be_booked)
                        name="active"
                        checked=active
                        hint=t!(hospital_doctors.can_be_booked_hint)
                    />
                    <ButtonRow>
                        <Button busy=form.busy()>{t!(common.save)}</Button>
                    </ButtonRow>
                </div>
            </Form>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::POSTED;
    use crate::form::posted_as;
    use crate::ui::{Problem, field_id};

    #[test]
    fn a_problem_leads_to_the_field_that_posts() {
        let led = |field: &str| field_id(&posted_as(Problem::new(field, "x"), POSTED).field);
        assert_eq!(led("specialties"), field_id("specialties[]"));
        assert_eq!(led("department_id"), field_id("department"));
        assert_eq!(led("name"), field_id("name"));
    }
}
