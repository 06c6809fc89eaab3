//! Dates on which the week does not hold: a list from which one can be removed, and the form that adds one.
//! A date without hours is a day off.

use domain::availability::{DateException, ExtraHours, TimeWindow};
use domain::ids::{DoctorId, HospitalId};
use leptos::prelude::*;

use super::dated_end::DatedEnd;
use super::removal::Removal;
use super::window::Window;
use crate::availability::admin_forms::{AddException, RemoveException, RemoveExtra};
use crate::availability::week_form::names;
use crate::form::{Form, FormState};
use crate::i18n::{date_medium, time, time_range};
use crate::t;
use crate::ui::{
    Cell, Checkbox, Column, DateField, EmptyState, FormErrors, IconName, RowHead, Table, TableRow,
};

/// See the module.
#[component]
pub fn Exceptions(
    /// Where.
    hospital: HospitalId,
    /// Whose.
    doctor: DoctorId,
    /// What is set, from today on.
    exceptions: Vec<DateException>,
    /// Hours that are there once.
    extra: Vec<ExtraHours>,
    /// What was typed before it was looked at.
    draft: Option<DateException>,
    /// The form that adds one.
    add: FormState<AddException>,
    /// The forms that remove one.
    remove: (FormState<RemoveException>, FormState<RemoveExtra>),
) -> impl IntoView {
    let list = if exceptions.is_empty() && extra.is_empty() {
        view! { <EmptyState icon=IconName::Calendar text=t!(hospital_hours.no_exceptions) /> }.into_any()
    } else {
        let columns = vec![
            Column::new(t!(hospital_hours.date)),
            Column::new(t!(hospital_hours.hours)),
            Column::new(t!(hospital_hours.note)),
            Column::hidden(t!(common.actions)),
        ];
        let rows: Vec<_> =
            exceptions.into_iter().map(|exception| row(hospital, doctor, exception, remove.0)).collect();
        let more: Vec<_> =
            extra.into_iter().map(|extra| extra_row(hospital, doctor, extra, remove.1)).collect();
        view! {
            <Table caption=t!(hospital_hours.exceptions) columns hide_caption=true dense=true>
                {rows}
                {more}
            </Table>
        }
        .into_any()
    };
    view! {
        <section class="stack" aria-labelledby="exceptions">
            <div>
                <h2 class="section-title" id="exceptions">
                    {t!(hospital_hours.exceptions)}
                </h2>
                <p class="muted measure">{t!(hospital_hours.exceptions_hint)}</p>
            </div>
            <FormErrors problems=remove.0.problems() />
            <FormErrors problems=remove.1.problems() />
            {list}
            <AddForm hospital doctor draft form=add />
        </section>
    }
    .into_any()
}

/// The hours of a date; without any it is a day off.
pub(super) fn hours(windows: &[TimeWindow]) -> String {
    if windows.is_empty() {
        return t!(hospital_hours.off).to_owned();
    }
    let spans: Vec<_> = windows.iter().map(|window| time_range(window.start, window.end)).collect();
    spans.join(", ")
}

fn row(
    hospital: HospitalId,
    doctor: DoctorId,
    exception: DateException,
    form: FormState<RemoveException>,
) -> impl IntoView {
    let date = date_medium(exception.date);
    let spoken = date.clone();
    let hours = hours(&exception.windows);
    let hidden = vec![
        ("hospital", hospital.to_string()),
        ("doctor", doctor.to_string()),
        ("date", exception.date.to_string()),
    ];
    view! {
        <TableRow>
            <RowHead label=t!(hospital_hours.date)>{date.clone()}</RowHead>
            <Cell label=t!(hospital_hours.hours)>
                <span class="time">{hours}</span>
            </Cell>
            <Cell label=t!(hospital_hours.note)>
                <span dir="auto">{exception.note}</span>
            </Cell>
            <Cell>
                <Removal state=form hidden what=spoken />
            </Cell>
        </TableRow>
    }
    .into_any()
}

fn extra_row(
    hospital: HospitalId,
    doctor: DoctorId,
    extra: ExtraHours,
    form: FormState<RemoveExtra>,
) -> impl IntoView {
    let date = date_medium(extra.date);
    let hours = time_range(extra.window.start, extra.window.end);
    let spoken = format!("{date}, {hours}");
    let hidden = vec![
        ("hospital", hospital.to_string()),
        ("doctor", doctor.to_string()),
        ("extra", extra.id.to_string()),
    ];
    view! {
        <TableRow>
            <RowHead label=t!(hospital_hours.date)>{date}</RowHead>
            <Cell label=t!(hospital_hours.hours)>
                <span class="time">{hours}</span>
                " "
                {t!(hospital_hours.besides_short)}
            </Cell>
            <Cell label=t!(hospital_hours.note)>
                <span dir="auto">{extra.note}</span>
            </Cell>
            <Cell>
                <Removal state=form hidden what=spoken />
            </Cell>
        </TableRow>
    }
    .into_any()
}

#[component]
fn AddForm(
    hospital: HospitalId,
    doctor: DoctorId,
    draft: Option<DateException>,
    form: FormState<AddException>,
) -> impl IntoView {
    let (date, note) =
        draft.as_ref().map(|draft| (draft.date.to_string(), draft.note.clone())).unwrap_or_default();
    let typed = draft.map(|draft| draft.windows).unwrap_or_default();
    let windows: Vec<_> = (1..=2)
        .map(|number| {
            let (start, end) = names("day", number);
            let window = typed.get(number - 1);
            let first = window.map(|window| (time(window.start), time(window.end))).unwrap_or_default();
            let values = (form.value_or(&start, &first.0), form.value_or(&end, &first.1));
            let label = t!(hospital_hours.window, number = number);
            view! {
                <div class="labelled-window">
                    <span class="field-label" aria-hidden="true">
                        {label.clone()}
                    </span>
                    <Window label names=(start, end) values problems=form.problems() />
                </div>
            }
        })
        .collect();
    view! {
        <div class="add-exception">
            <h3>{t!(hospital_hours.add_title)}</h3>
            <Form state=form>
                <div class="stack form">
                    <input type="hidden" name="hospital" value=hospital.to_string() />
                    <input type="hidden" name="doctor" value=doctor.to_string() />
                    <div class="inline-form">
                        <DateField label=t!(hospital_hours.date) name="date" value=form.value_or("date", &date) error=form.problem("date") />
                        <div class="exception-hours">
                            <div class="inline-form">{windows}</div>
                            <p class="muted small">{t!(hospital_hours.off_hint)}</p>
                        </div>
                    </div>
                    <Checkbox
                        label=t!(hospital_hours.besides)
                        name="besides"
                        checked=form.value("besides") == "true"
                        hint=t!(hospital_hours.besides_hint)
                        error=form.problem("besides")
                    />
                    <DatedEnd note="note" value=form.value_or("note", &note) add=t!(hospital_hours.add) form=*form />
                </div>
            </Form>
        </div>
    }
    .into_any()
}
