//! The week as a table of times, and the rules by which times are offered.
//! Both are one form: who changes the cadence wants to see the hours that it cuts.

use domain::availability::{BookingRules, SetWorkingHours, WorkingHours};
use domain::ids::{DoctorId, HospitalId};
use jiff::civil::Weekday;
use leptos::prelude::*;

use super::window::Window;
use crate::availability::admin_forms::KeepHours;
use crate::availability::week_form::{DAYS, WINDOWS, fields_of, names};
use crate::form::{Form, FormState};
use crate::i18n::weekday_name;
use crate::t;
use crate::ui::{Button, ButtonKind, ButtonRow, Cell, Column, Field, FieldWidth, RowHead, Table, TableRow};

/// The field of the most visits a day.
const MOST: &str = "rules.most_a_day";

/// See the module.
#[component]
pub fn WeekForm(
    /// Where.
    hospital: HospitalId,
    /// Whose.
    doctor: DoctorId,
    /// What holds now.
    hours: WorkingHours,
    /// What was typed before it was looked at.
    draft: Option<SetWorkingHours>,
    /// The form.
    form: FormState<KeepHours>,
) -> impl IntoView {
    let fields = fields_of(draft.as_ref().map_or(&hours.weekly, |draft| &draft.weekly));
    let rules = draft.and_then(|draft| draft.rules).unwrap_or(hours.rules);
    let version = hours.version.to_string();
    let value = move |name: &str| form.value_or(name, fields.get(name).map_or("", String::as_str));
    let columns = std::iter::once(Column::new(t!(hospital_hours.day)))
        .chain((1..=WINDOWS).map(|number| Column::new(t!(hospital_hours.window, number = number))))
        .collect();
    let weekdays = Weekday::Monday.cycle_forward().take(7);
    let rows: Vec<_> = DAYS
        .iter()
        .zip(weekdays)
        .map(|(day, weekday)| row(day, weekday_name(weekday), &value, form))
        .collect();
    view! {
        <section aria-labelledby="week">
            <h2 class="section-title" id="week">
                {t!(hospital_hours.week)}
            </h2>
            <p class="muted measure">{t!(hospital_hours.week_hint)}</p>
            <Form state=form>
                <input type="hidden" name="hospital" value=hospital.to_string() />
                <input type="hidden" name="doctor" value=doctor.to_string() />
                <input type="hidden" name="version" value=version />
                <div class="hours-table">
                    <Table caption=t!(hospital_hours.week) columns hide_caption=true dense=true>
                        {rows}
                    </Table>
                </div>
                <Rules rules form />
                <ButtonRow>
                    <Button busy=form.busy()>{t!(hospital_hours.save)}</Button>
                    <Button kind=ButtonKind::Secondary name="look" value="1">{t!(hours_preview.look)}</Button>
                </ButtonRow>
            </Form>
        </section>
    }
    .into_any()
}

fn row(
    day: &str,
    name: &'static str,
    value: &dyn Fn(&str) -> String,
    form: FormState<KeepHours>,
) -> impl IntoView + use<> {
    let cells: Vec<_> = (1..=WINDOWS)
        .map(|number| {
            let (start, end) = names(day, number);
            let values = (value(&start), value(&end));
            let head = t!(hospital_hours.window, number = number);
            let label = format!("{name}, {head}");
            view! {
                <Cell label=head>
                    <Window label names=(start, end) values problems=form.problems() />
                </Cell>
            }
        })
        .collect();
    view! {
        <TableRow>
            <RowHead>{name}</RowHead>
            {cells}
        </TableRow>
    }
    .into_any()
}

#[component]
fn Rules(rules: BookingRules, form: FormState<KeepHours>) -> impl IntoView {
    let most = rules.most_a_day.map_or_else(String::new, |most| most.to_string());
    let number =
        |name: &'static str, first: i64, label: &'static str, hint: &'static str, unit: &'static str| {
            view! {
                <Field
                    label=label
                    name=name
                    value=form.value_or(name, &first.to_string())
                    hint=hint
                    error=form.problem(name)
                    inputmode="numeric"
                    width=FieldWidth::Tiny
                    unit=unit
                />
            }
        };
    view! {
        <fieldset class="fieldset rules">
            <legend class="rules-title">{t!(hospital_hours.rules)}</legend>
            <div class="rules-fields">
                {number(
                    "rules.cadence_minutes",
                    rules.cadence_minutes,
                    t!(hospital_hours.cadence),
                    t!(hospital_hours.cadence_hint),
                    t!(hospital_setup.minutes_unit),
                )}
                {number(
                    "rules.notice_minutes",
                    rules.notice_minutes,
                    t!(hospital_hours.notice),
                    t!(hospital_hours.notice_hint),
                    t!(hospital_setup.minutes_unit),
                )}
                {number(
                    "rules.horizon_days",
                    rules.horizon_days,
                    t!(hospital_hours.horizon),
                    t!(hospital_hours.horizon_hint),
                    t!(hospital_hours.days_unit),
                )}
                <Field
                    label=t!(hospital_hours.most_a_day)
                    name=MOST
                    value=form.value_or(MOST, &most)
                    hint=t!(hospital_hours.most_a_day_hint)
                    error=form.problem(MOST)
                    inputmode="numeric"
                    width=FieldWidth::Tiny
                    unit=t!(hospital_hours.visits_unit)
                    optional=true
                />
            </div>
        </fieldset>
    }
    .into_any()
}
