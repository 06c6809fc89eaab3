//! A doctor's visits of some days, each with a choice: it stays, is put on a free time, or is called off. Nothing happens yet.
//! Whoever comes back from a plan finds its choices.

use domain::changes::{ChangeKind, ChangeSheet, ChangeableVisit, MassChange, SHEET_DAYS};
use domain::ids::{AppointmentId, DoctorId, HospitalId};
use domain::time::{Moment, plus_days};
use jiff::civil::Date;
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{APART, CANCEL, DO, KEEP, PlanVisits, VERSION, read_sheet};
use super::words::when;
use crate::appointments::hospital::parts::Born;
use crate::form::{Form, FormState, use_form_state};
use crate::i18n::error_text;
use crate::portal::Loaded;
use crate::portal::hospital::{Section, date_query, href, query};
use crate::reading::Reading;
use crate::server::AppError;
use crate::t;
use crate::ui::{
    Button, ButtonKind, ButtonRow, Cell, Choice, Column, DateField, EmptyState, Field, IconName, LinkButton,
    Notice, NoticeKind, PageHeader, RowHead, Select, Table, TableRow, problem_of,
};

/// See the module.
#[component]
pub fn ChangeVisitsPage(
    /// Where.
    hospital: HospitalId,
    /// Whose visits.
    id: DoctorId,
) -> impl IntoView {
    let form = use_form_state::<PlanVisits>();
    let (from, to, all, plan) = (date_query("from"), date_query("to"), query("all"), query("plan"));
    let sheet = Reading::new(
        move || (from.get(), to.get(), all.get(), plan.get()),
        move |(from, to, _, plan)| asked(id, (from, to), plan),
    );
    let wrong =
        Signal::derive(move || wrong_days(from.get(), to.get()).map(|rule| error_text(rule).to_owned()));
    let shown = move |sheet: Asked| match sheet {
        Some((sheet, plan)) => {
            view! { <Visits hospital sheet plan all=all.get_untracked() form /> }.into_any()
        }
        None => view! { <EmptyState icon=IconName::Calendar text=t!(changes.choose_days) /> }.into_any(),
    };
    let days = move || {
        let text = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        let here = Section::ChangeVisits(id).at(hospital);
        view! {
            <form class="inline-form" method="get" action=here>
                <DateField label=t!(changes.from) name="from" value=text(from.get()) />
                <DateField label=t!(changes.to) name="to" value=text(to.get()) error=wrong optional=true />
                <Button kind=ButtonKind::Secondary>{t!(changes.show)}</Button>
            </form>
        }
    };
    view! {
        <Title text=t!(changes.sheet_title) />
        <div class="page stack">
            <PageHeader
                title=t!(changes.sheet_title)
                lead=t!(changes.sheet_lead)
                back=Section::Changes.at(hospital)
            />
            {days}
            <Loaded resource=sheet part=true view=shown />
        </div>
    }
    .into_any()
}

/// The visits, once there are days; and the plan from which somebody has come back.
type Asked = Option<(ChangeSheet, Option<MassChange>)>;

async fn asked(
    id: DoctorId,
    (from, to): (Option<Date>, Option<Date>),
    plan: String,
) -> Result<Asked, AppError> {
    let Some(from) = from.filter(|from| wrong_days(Some(*from), to).is_none()) else {
        return Ok(None);
    };
    read_sheet(id, from, to.unwrap_or(from), plan.parse().ok()).await.map(Some)
}

/// What is wrong with the days that were asked for, said at the last one.
fn wrong_days(from: Option<Date>, to: Option<Date>) -> Option<&'static str> {
    let (from, to) = from.zip(to)?;
    match to {
        to if to < from => Some("range_order"),
        to if to > plus_days(from, SHEET_DAYS) => Some("range_too_long"),
        _ => None,
    }
}

#[component]
fn Visits(
    hospital: HospitalId,
    sheet: ChangeSheet,
    /// The plan from which somebody has come back.
    plan: Option<MassChange>,
    all: String,
    form: FormState<PlanVisits>,
) -> impl IntoView {
    if sheet.visits.is_empty() {
        return view! { <EmptyState icon=IconName::Calendar text=t!(changes.no_visits) /> }.into_any();
    }
    let here = Section::ChangeVisits(sheet.doctor_id).at(hospital);
    let (from, to) = (sheet.from.to_string(), sheet.to.to_string());
    let back_from = plan.as_ref().map(|plan| plan.id.to_string()).unwrap_or_default();
    let with = |all: &str| href(&here, &[("from", &from), ("to", &to), ("plan", &back_from), ("all", all)]);
    let more = sheet.more.then(|| {
        view! { <Notice kind=NoticeKind::Warning><p>{t!(changes.more)}</p></Notice> }
    });
    let columns = vec![
        Column::new(t!(changes.when)),
        Column::new(t!(changes.patient)),
        Column::new(t!(changes.visit)),
        Column::new(t!(changes.what)),
    ];
    let rows: Vec<_> =
        sheet.visits.iter().map(|visit| row(&sheet, visit, (all.as_str(), plan.as_ref()), form)).collect();
    let reason = plan.and_then(|plan| plan.reason).unwrap_or_default();
    view! {
        <div class="cluster">
            <LinkButton href=with("move") kind=ButtonKind::Secondary small=true>
                {t!(changes.all_move)}
            </LinkButton>
            <LinkButton href=with(KEEP) kind=ButtonKind::Secondary small=true>
                {t!(changes.all_keep)}
            </LinkButton>
            <LinkButton href=with(CANCEL) kind=ButtonKind::Secondary small=true>
                {t!(changes.all_cancel)}
            </LinkButton>
        </div>
        {more}
        <Form state=form>
            <input type="hidden" name="hospital" value=hospital.to_string() />
            <input type="hidden" name="doctor" value=sheet.doctor_id.to_string() />
            <Table caption=t!(changes.table, doctor = sheet.doctor_name.clone()) columns dense=true>
                {rows}
            </Table>
            <div class="stack form">
                <Field
                    label=t!(changes.reason)
                    name="reason"
                    value=form.value_or("reason", &reason)
                    hint=t!(changes.reason_hint)
                    error=form.problem("reason")
                />
                <ButtonRow>
                    <Button busy=form.busy()>{t!(changes.look)}</Button>
                </ButtonRow>
            </div>
        </Form>
    }
    .into_any()
}

/// What a plan does with a visit: the choice that was made for it.
fn planned(plan: &MassChange, visit: AppointmentId) -> Option<Choice> {
    let item = plan.items.iter().find(|item| item.appointment_id == visit)?;
    match (item.kind, item.to_doctor_id, item.to) {
        (ChangeKind::Cancel, ..) => Some(Choice::new(CANCEL, t!(changes.cancel))),
        (ChangeKind::Move, Some(doctor), Some(to)) => {
            let words = match &item.to_doctor_name {
                Some(name) => t!(changes.move_with, when = when(to), doctor = name),
                None => t!(changes.move_to, when = when(to)),
            };
            Some(Choice::new(moving(doctor, to), words))
        }
        (ChangeKind::Move, ..) => None,
    }
}

fn row(
    sheet: &ChangeSheet,
    visit: &ChangeableVisit,
    (all, plan): (&str, Option<&MassChange>),
    form: FormState<PlanVisits>,
) -> AnyView {
    let name = format!("{DO}{}", visit.id);
    let mut choices = choices(sheet, visit);
    let planned = plan.and_then(|plan| planned(plan, visit.id));
    let first = match all {
        "move" => choices.get(1).filter(|_| !visit.proposals.is_empty()).map(|choice| choice.value.clone()),
        CANCEL | KEEP => Some(all.to_owned()),
        _ => planned.as_ref().map(|choice| choice.value.clone()),
    };
    // Its time need not be among those that are proposed now.
    if let Some(planned) = planned.filter(|planned| choices.iter().all(|it| it.value != planned.value)) {
        choices.insert(1, planned);
    }
    // Of a form that was refused only the choices that change something were kept.
    let first = first.unwrap_or_else(|| KEEP.to_owned());
    let chosen = form.values_or(&name, &[first]).pop().unwrap_or_else(|| KEEP.to_owned());
    let (problems, field) = (form.problems(), name.clone());
    let error = Signal::derive(move || problems.with(|problems| problem_of(problems, &field)));
    let at_once = visit.told_at_once.then(|| view! { <p class="muted small">{t!(changes.at_once)}</p> });
    let stands = (!visit.stands).then(|| view! { <p class="muted small">{t!(changes.outside)}</p> });
    let starts = when(visit.start);
    let (patient, kind) = (visit.patient_name.clone(), visit.visit_type_name.clone());
    let born = Some(visit.birth_date);
    let (version_name, version) = (format!("{VERSION}{}", visit.id), visit.version.to_string());
    let label = t!(changes.what_for, patient = visit.patient_name.clone(), when = starts.clone());
    view! {
        <TableRow>
            <RowHead label=t!(changes.when)>{starts} {stands} {at_once}</RowHead>
            <Cell label=t!(changes.patient)>
                <bdi translate="no">{patient}</bdi>
                <Born date=born />
            </Cell>
            <Cell label=t!(changes.visit)>{kind}</Cell>
            <Cell label=t!(changes.what)>
                <input type="hidden" name=version_name value=version />
                <Select label name options=choices value=chosen error=error hide_label=true />
            </Cell>
        </TableRow>
    }
    .into_any()
}

fn moving(doctor: DoctorId, to: Moment) -> String {
    format!("move{APART}{doctor}{APART}{to}")
}

/// It stays, is put on one of the free times, or is called off.
fn choices(sheet: &ChangeSheet, visit: &ChangeableVisit) -> Vec<Choice> {
    let times = visit.proposals.iter().map(|proposal| {
        let value = moving(proposal.doctor_id, proposal.start);
        let words = if proposal.doctor_id == sheet.doctor_id {
            t!(changes.move_to, when = when(proposal.start))
        } else {
            t!(changes.move_with, when = when(proposal.start), doctor = proposal.doctor_name.clone())
        };
        Choice::new(value, words)
    });
    let keep = Choice::new(KEEP, t!(changes.keep));
    let cancel = Choice::new(CANCEL, t!(changes.cancel));
    std::iter::once(keep).chain(times).chain([cancel]).collect()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_in_the_wrong_order_and_too_many_of_them_are_not_asked_for() {
        let from = Some(date(2026, 12, 1));
        for (to, wrong) in [
            (None, None),
            (Some(date(2026, 12, 1)), None),
            (Some(date(2026, 11, 30)), Some("range_order")),
            (Some(date(2027, 3, 1)), Some("range_too_long")),
        ] {
            assert_eq!(wrong_days(from, to), wrong, "{to:?}");
        }
        assert_eq!(wrong_days(None, from), None);
    }
}
