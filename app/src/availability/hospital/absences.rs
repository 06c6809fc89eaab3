//! When a doctor is away: a list from which one can be taken back, and the form that adds one.

use std::collections::BTreeMap;

use domain::availability::{Absence, AbsenceKind, AddAbsence as Draft};
use domain::ids::{DoctorId, HospitalId};
use jiff::civil::{DateTime, Time};
use leptos::prelude::*;

use super::dated_end::DatedEnd;
use super::removal::Removal;
use crate::availability::dated_forms::{AddAbsence, RemoveAbsence};
use crate::form::{Form, FormState};
use crate::i18n::{date_medium, dates, time};
use crate::t;
use crate::ui::{
    Cell, Choice, Column, DateField, Details, Field, FormErrors, RowHead, Select, Table, TableRow,
};

/// See the module.
#[component]
pub fn Absences(
    /// Where.
    hospital: HospitalId,
    /// Whose.
    doctor: DoctorId,
    /// What is not over.
    absences: Vec<Absence>,
    /// What was typed before it was looked at.
    draft: Option<Draft>,
    /// The form that adds one.
    add: FormState<AddAbsence>,
    /// The forms that take one back.
    remove: FormState<RemoveAbsence>,
) -> impl IntoView {
    let list = (!absences.is_empty()).then(|| {
        let columns = vec![
            Column::new(t!(hospital_hours.away_when)),
            Column::new(t!(hospital_hours.away_why)),
            Column::new(t!(hospital_hours.note)),
            Column::hidden(t!(common.actions)),
        ];
        let rows: Vec<_> =
            absences.into_iter().map(|absence| row(hospital, doctor, absence, remove)).collect();
        view! {
            <Table caption=t!(hospital_hours.away) columns hide_caption=true dense=true>
                {rows}
            </Table>
        }
    });
    let open = draft.is_some() || add.error().get_untracked().is_some();
    view! {
        <section class="stack" aria-labelledby="away">
            <div>
                <h2 class="section-title" id="away">
                    {t!(hospital_hours.away)}
                </h2>
                <p class="muted measure">{t!(hospital_hours.away_hint)}</p>
            </div>
            <FormErrors problems=remove.problems() />
            {list}
            <Details summary=t!(hospital_hours.away_add_title) open>
                <AddForm hospital doctor draft form=add />
            </Details>
        </section>
    }
    .into_any()
}

/// Why, in words.
fn kind_name(kind: AbsenceKind) -> &'static str {
    match kind {
        AbsenceKind::Leave => t!(hospital_hours.away_leave),
        AbsenceKind::Training => t!(hospital_hours.away_training),
        AbsenceKind::Meeting => t!(hospital_hours.away_meeting),
        AbsenceKind::Other => t!(hospital_hours.away_other),
    }
}

/// The fields that say an absence: whole days without times.
fn fields(draft: &Draft) -> BTreeMap<&'static str, String> {
    let midnight = Time::midnight();
    let whole = draft.to.time() == midnight;
    let last = if whole { domain::time::plus_days(draft.to.date(), -1) } else { draft.to.date() };
    let at = |wall: Time, whole: bool| if whole { String::new() } else { time(wall) };
    BTreeMap::from([
        ("from_date", draft.from.date().to_string()),
        ("from_time", at(draft.from.time(), draft.from.time() == midnight)),
        ("to_date", last.to_string()),
        ("to_time", at(draft.to.time(), whole)),
        ("kind", draft.kind.code().to_owned()),
        ("absence_note", draft.note.clone()),
    ])
}

/// Whole days as dates, and everything else with its times.
pub(super) fn span(from: DateTime, to: DateTime) -> String {
    let midnight = Time::midnight();
    if from.time() == midnight && to.time() == midnight {
        return dates(from.date(), domain::time::plus_days(to.date(), -1), date_medium);
    }
    let at = |wall: DateTime| format!("{}, {}", date_medium(wall.date()), time(wall.time()));
    let to = if from.date() == to.date() { time(to.time()) } else { at(to) };
    t!(calendar.dates, from = at(from), to = to)
}

fn row(
    hospital: HospitalId,
    doctor: DoctorId,
    absence: Absence,
    form: FormState<RemoveAbsence>,
) -> impl IntoView {
    let when = span(absence.from, absence.to);
    let spoken = when.clone();
    let hidden = vec![
        ("hospital", hospital.to_string()),
        ("doctor", doctor.to_string()),
        ("absence", absence.id.to_string()),
    ];
    view! {
        <TableRow>
            <RowHead label=t!(hospital_hours.away_when)>{when}</RowHead>
            <Cell label=t!(hospital_hours.away_why)>{kind_name(absence.kind)}</Cell>
            <Cell label=t!(hospital_hours.note)>
                <span dir="auto">{absence.note}</span>
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
    draft: Option<Draft>,
    form: FormState<AddAbsence>,
) -> impl IntoView {
    let typed = StoredValue::new(draft.as_ref().map(fields).unwrap_or_default());
    let value = move |name: &str| {
        let first = typed.with_value(|typed| typed.get(name).cloned().unwrap_or_default());
        form.value_or(name, &first)
    };
    let kinds = AbsenceKind::ALL.map(|kind| Choice::new(kind.code(), kind_name(kind)));
    let ends = move |label: &'static str, date: &'static str, at: &'static str, hint: &'static str| {
        view! {
            <div class="inline-form">
                <DateField label=label name=date value=value(date) error=form.problem(date) />
                <Field
                    label=t!(hospital_hours.away_time)
                    name=at
                    kind="time"
                    value=value(at)
                    hint=hint
                    error=form.problem(at)
                    optional=true
                />
            </div>
        }
    };
    view! {
        <Form state=form>
            <div class="stack form">
                <input type="hidden" name="hospital" value=hospital.to_string() />
                <input type="hidden" name="doctor" value=doctor.to_string() />
                {ends(t!(hospital_hours.away_from), "from_date", "from_time", t!(hospital_hours.away_from_hint))}
                {ends(t!(hospital_hours.away_to), "to_date", "to_time", t!(hospital_hours.away_to_hint))}
                <Select
                    label=t!(hospital_hours.away_why)
                    name="kind"
                    options=kinds.into()
                    value=Some(value("kind")).filter(|kind| !kind.is_empty()).unwrap_or_else(|| "leave".to_owned())
                    error=form.problem("kind")
                    hint=t!(hospital_hours.away_why_hint)
                />
                <DatedEnd note="absence_note" value=value("absence_note") add=t!(hospital_hours.away_add) form=*form />
            </div>
        </Form>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use jiff::civil::date;

    use super::{Draft, fields, span};

    #[test]
    fn what_was_typed_stands_in_the_fields_again() {
        let day = date(2026, 12, 21);
        let draft =
            |to| Draft { from: day.at(0, 0, 0, 0), to, kind: super::AbsenceKind::Leave, note: "Ski".into() };
        let whole = fields(&draft(date(2027, 1, 4).at(0, 0, 0, 0)));
        assert_eq!((whole["from_date"].as_str(), whole["from_time"].as_str()), ("2026-12-21", ""));
        assert_eq!((whole["to_date"].as_str(), whole["to_time"].as_str()), ("2027-01-03", ""));
        let hours = fields(&draft(day.at(11, 30, 0, 0)));
        assert_eq!((hours["to_date"].as_str(), hours["to_time"].as_str()), ("2026-12-21", "11:30"));
    }

    #[test]
    fn whole_days_are_dates_and_everything_else_has_times() {
        let day = date(2026, 12, 21);
        let days = span(day.at(0, 0, 0, 0), date(2027, 1, 4).at(0, 0, 0, 0));
        assert!(!days.contains(':') && days.contains("3 Jan"), "{days}");
        assert!(!span(day.at(0, 0, 0, 0), date(2026, 12, 22).at(0, 0, 0, 0)).contains("22"));
        let hours = span(day.at(10, 0, 0, 0), day.at(11, 30, 0, 0));
        assert!(hours.contains("10:00") && hours.ends_with("11:30"), "{hours}");
    }
}
