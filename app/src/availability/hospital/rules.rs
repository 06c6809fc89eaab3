//! Hours with a rule of their own: from a date to a date, every few weeks, for some visits. A list from which one can be removed, and
//! the form that adds one.

use domain::availability::{MOST_WEEKS, WeeklyWindow, WorkingHours};
use domain::doctors::Doctor;
use domain::hospitals::Modality;
use domain::ids::{DoctorId, HospitalId};
use jiff::civil::Weekday;
use leptos::prelude::*;

use super::removal::Removal;
use super::window::Window;
use crate::availability::dated_forms::{AddRule, RemoveRule};
use crate::availability::week_form::{names, others};
use crate::doctors::parts::modality_text;
use crate::form::{Form, FormState};
use crate::i18n::{date_medium, time_range, weekday_name};
use crate::t;
use crate::ui::{
    Button, ButtonKind, Cell, Choice, Column, DateField, Details, FormErrors, IconName, RowHead, Select,
    Table, TableRow,
};

/// See the module.
#[component]
pub fn Rules(
    /// Where.
    hospital: HospitalId,
    /// Whose.
    doctor: Doctor,
    /// What holds now.
    hours: WorkingHours,
    /// The form that adds hours.
    add: FormState<AddRule>,
    /// The forms that take some away.
    remove: FormState<RemoveRule>,
) -> impl IntoView {
    let id = doctor.card.id;
    let version = hours.version;
    let found = others(&hours.weekly);
    let list = (!found.is_empty()).then(|| {
        let columns = vec![
            Column::new(t!(hospital_hours.day)),
            Column::new(t!(hospital_hours.hours)),
            Column::new(t!(hospital_hours.rule_when)),
            Column::new(t!(hospital_hours.rule_what)),
            Column::hidden(t!(common.actions)),
        ];
        let rows: Vec<_> = found
            .into_iter()
            .map(|(place, rule)| row((hospital, id, version), place, &rule, &doctor, remove))
            .collect();
        view! {
            <Table caption=t!(hospital_hours.special) columns hide_caption=true dense=true>
                {rows}
            </Table>
        }
    });
    let open = add.error().get_untracked().is_some();
    view! {
        <section class="stack" aria-labelledby="special">
            <div>
                <h2 class="section-title" id="special">
                    {t!(hospital_hours.special)}
                </h2>
                <p class="muted measure">{t!(hospital_hours.special_hint)}</p>
            </div>
            <FormErrors problems=remove.problems() />
            {list}
            <Details summary=t!(hospital_hours.rule_add_title) open>
                <AddForm hospital doctor form=add />
            </Details>
        </section>
    }
    .into_any()
}

fn row(
    (hospital, doctor, version): (HospitalId, DoctorId, i64),
    place: usize,
    rule: &WeeklyWindow,
    whose: &Doctor,
    form: FormState<RemoveRule>,
) -> impl IntoView + use<> {
    let day = Weekday::from_monday_one_offset(rule.weekday).map(weekday_name).unwrap_or_default();
    let hours = time_range(rule.window.start, rule.window.end);
    let spoken = format!("{day}, {hours}");
    let (when, what) = (when(rule), what(rule, whose));
    let hidden = vec![
        ("hospital", hospital.to_string()),
        ("doctor", doctor.to_string()),
        ("place", place.to_string()),
        ("version", version.to_string()),
    ];
    view! {
        <TableRow>
            <RowHead label=t!(hospital_hours.day)>{day}</RowHead>
            <Cell label=t!(hospital_hours.hours)>
                <span class="time">{hours}</span>
            </Cell>
            <Cell label=t!(hospital_hours.rule_when)>{when}</Cell>
            <Cell label=t!(hospital_hours.rule_what)>{what}</Cell>
            <Cell>
                <Removal state=form hidden what=spoken />
            </Cell>
        </TableRow>
    }
    .into_any()
}

/// From when to when, and in which weeks.
fn when(rule: &WeeklyWindow) -> String {
    let weeks = (rule.every_weeks > 1).then(|| t!(hospital_hours.every_weeks, number = rule.every_weeks));
    let span = match (rule.valid_from.map(date_medium), rule.valid_to.map(date_medium)) {
        (Some(from), Some(to)) => Some(t!(calendar.dates, from = from, to = to)),
        (Some(from), None) => Some(t!(hospital_hours.from_on, from = from)),
        (None, Some(to)) => Some(t!(hospital_hours.up_to, to = to)),
        (None, None) => None,
    };
    let parts: Vec<String> = weeks.into_iter().chain(span).collect();
    if parts.is_empty() { t!(hospital_hours.every_week).to_owned() } else { parts.join(". ") }
}

/// For which visits.
fn what(rule: &WeeklyWindow, whose: &Doctor) -> String {
    let name = |id| {
        let known = whose.card.visit_types.iter().find(|known| known.id == id);
        known.map_or_else(|| t!(hospital_hours.gone_type).to_owned(), |known| known.name.clone())
    };
    let modality = rule.modality.map(|modality| modality_text(modality).to_owned());
    let parts: Vec<String> = modality.into_iter().chain(rule.visit_types.iter().copied().map(name)).collect();
    if parts.is_empty() { t!(hospital_hours.all_visits).to_owned() } else { parts.join(", ") }
}

#[component]
fn AddForm(hospital: HospitalId, doctor: Doctor, form: FormState<AddRule>) -> impl IntoView {
    let days: Vec<_> = (1_i8..=7)
        .filter_map(|number| {
            let day = Weekday::from_monday_one_offset(number).ok()?;
            Some(Choice::new(number.to_string(), weekday_name(day)))
        })
        .collect();
    let weeks: Vec<_> = (1..=MOST_WEEKS)
        .map(|number| {
            let words = if number == 1 {
                t!(hospital_hours.every_week).to_owned()
            } else {
                t!(hospital_hours.every_weeks, number = number)
            };
            Choice::new(number.to_string(), words)
        })
        .collect();
    let modalities = [Modality::InPerson, Modality::Video]
        .map(|modality| Choice::new(modality.code(), modality_text(modality)));
    let id = doctor.card.id;
    let types: Vec<_> =
        doctor.card.visit_types.into_iter().map(|kind| Choice::new(kind.id.to_string(), kind.name)).collect();
    let (start, end) = names("rule", 1);
    let values = (form.value(&start), form.value(&end));
    view! {
        <Form state=form>
            <div class="stack form">
                <input type="hidden" name="hospital" value=hospital.to_string() />
                <input type="hidden" name="doctor" value=id.to_string() />
                <div class="inline-form">
                    <Select
                        label=t!(hospital_hours.day)
                        name="weekday"
                        options=days
                        value=form.value_or("weekday", "1")
                        error=form.problem("weekday")
                    />
                    <div class="labelled-window">
                        <span class="field-label" aria-hidden="true">
                            {t!(hospital_hours.hours)}
                        </span>
                        <Window label=t!(hospital_hours.hours).to_owned() names=(start, end) values problems=form.problems() />
                    </div>
                    <Select
                        label=t!(hospital_hours.rule_weeks)
                        name="every_weeks"
                        options=weeks
                        value=form.value_or("every_weeks", "1")
                        error=form.problem("every_weeks")
                    />
                </div>
                <div class="inline-form">
                    <DateField
                        label=t!(hospital_hours.rule_from)
                        name="valid_from"
                        value=form.value("valid_from")
                        error=form.problem("valid_from")
                        optional=true
                    />
                    <DateField
                        label=t!(hospital_hours.rule_to)
                        name="valid_to"
                        value=form.value("valid_to")
                        error=form.problem("valid_to")
                        optional=true
                    />
                </div>
                <div class="inline-form">
                    <Select
                        label=t!(hospital_hours.rule_modality)
                        name="modality"
                        options=modalities.into()
                        value=form.value("modality")
                        error=form.problem("modality")
                        placeholder=t!(hospital_hours.either)
                    />
                    <Select
                        label=t!(hospital_hours.rule_type)
                        name="visit_type"
                        options=types
                        value=form.value("visit_type")
                        error=form.problem("visit_type")
                        placeholder=t!(hospital_hours.all_visits)
                    />
                </div>
                <Button kind=ButtonKind::Secondary busy=form.busy() icon=IconName::Plus>
                    {t!(hospital_hours.rule_add)}
                </Button>
            </div>
        </Form>
    }
    .into_any()
}
