//! A plan, and what was made of it: what happens to whom, the ten minutes in which one button undoes it, and what undoing has left.

use domain::changes::{ChangeKind, ChangeState, MassChange, MassChangeItem};
use domain::ids::{HospitalId, MassChangeId};
use domain::time::Moment;
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{MakeChange, UndoChange, read_mass_change};
use super::words::{counts, outcome, state, when};
use crate::appointments::hospital::parts::Born;
use crate::form::{Form, FormState, use_form_state};
use crate::i18n::time;
use crate::live::use_live;
use crate::portal::hospital::{Section, href, query};
use crate::portal::{Loaded, use_now};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Badge, Button, ButtonKind, ButtonRow, Cell, Column, Done, FormErrors, LinkButton, Notice, NoticeKind,
    PageHeader, Problem, RowHead, Table, TableRow,
};

/// See the module.
#[component]
pub fn ChangePage(
    /// Where.
    hospital: HospitalId,
    /// Which.
    id: MassChangeId,
) -> impl IntoView {
    let (make, undo) = (use_form_state::<MakeChange>(), use_form_state::<UndoChange>());
    let (done, live) = (query("done"), use_live());
    let change = Reading::new(
        move || (done.get(), live.version(), make.answered().get(), undo.answered().get()),
        move |_| read_mass_change(id),
    );
    view! {
        <Title text=t!(changes.title) />
        <div class="page">
            <Loaded
                resource=change
                view=move |change: MassChange| view! { <Content hospital change make undo /> }
            />
        </div>
    }
    .into_any()
}

#[component]
fn Content(
    hospital: HospitalId,
    change: MassChange,
    make: FormState<MakeChange>,
    undo: FormState<UndoChange>,
) -> impl IntoView {
    let title = match change.state {
        ChangeState::Planned => t!(changes.plan_title),
        ChangeState::Undoable | ChangeState::Told | ChangeState::Undone => t!(changes.change_title),
    };
    let back = match change.state {
        ChangeState::Planned => to_sheet(hospital, &change),
        ChangeState::Undoable | ChangeState::Told | ChangeState::Undone => Section::Changes.at(hospital),
    };
    let (tone, icon, words) = state(&change);
    let reason = change.reason.clone().map(|reason| {
        view! { <p>{t!(changes.reason)} ": " <span dir="auto">{reason}</span></p> }
    });
    let columns = vec![
        Column::new(t!(changes.when)),
        Column::new(t!(changes.patient)),
        Column::new(t!(changes.visit)),
        Column::new(t!(changes.becomes)),
    ];
    let planned = change.state == ChangeState::Planned;
    let rows: Vec<_> = change.items.iter().map(|item| row(hospital, item, planned)).collect();
    let (eyebrow, lead) = (change.doctor_name.clone(), counts(&change));
    let (who, next) = (by(&change), what_next(hospital, &change, make, undo));
    view! {
        <Title text=title />
        <PageHeader title eyebrow lead back />
        <div class="stack">
            <p>
                <Badge tone=tone icon=icon>{words}</Badge>
                " "
                <span class="muted">{who}</span>
            </p>
            {reason}
            {next}
            <Table caption=t!(changes.change_table) columns dense=true>
                {rows}
            </Table>
        </div>
    }
    .into_any()
}

/// Who has planned or made it, and who has undone it.
fn by(change: &MassChange) -> String {
    let made =
        t!(changes.by, name = change.by.clone(), when = when(change.made_at.unwrap_or(change.planned_at)));
    match (&change.undone_by, change.undone_at) {
        (Some(name), Some(at)) => {
            format!("{made} {}", t!(changes.undone_by, name = name.clone(), when = when(at)))
        }
        _ => made,
    }
}

/// Back to the choices, with the days of the plan and what it does.
fn to_sheet(hospital: HospitalId, change: &MassChange) -> String {
    let date =
        |item: Option<&MassChangeItem>| item.map(|item| item.from.date().to_string()).unwrap_or_default();
    let (from, to) = (date(change.items.first()), date(change.items.last()));
    let plan = change.id.to_string();
    href(
        &Section::ChangeVisits(change.doctor_id).at(hospital),
        &[("from", &from), ("to", &to), ("plan", &plan)],
    )
}

fn what_next(
    hospital: HospitalId,
    change: &MassChange,
    make: FormState<MakeChange>,
    undo: FormState<UndoChange>,
) -> AnyView {
    let id = change.id;
    let hidden = move || {
        view! {
            <input type="hidden" name="hospital" value=hospital.to_string() />
            <input type="hidden" name="id" value=id.to_string() />
        }
    };
    match change.state {
        ChangeState::Planned => {
            let soon = change.items.iter().any(|item| item.told_at_once).then(|| {
                view! { <Notice kind=NoticeKind::Warning><p>{t!(changes.some_at_once)}</p></Notice> }
            });
            let back = to_sheet(hospital, change);
            view! {
                {soon}
                <FormErrors problems=of_visits(make.problems(), change.items.clone()) />
                <Form state=make no_summary=true>
                    {hidden()}
                    <div class="stack">
                        <p class="measure">{t!(changes.plan_text)}</p>
                        <ButtonRow>
                            <Button busy=make.busy()>{t!(changes.make)}</Button>
                            <LinkButton href=back kind=ButtonKind::Secondary>
                                {t!(changes.back)}
                            </LinkButton>
                        </ButtonRow>
                    </div>
                </Form>
            }
            .into_any()
        }
        ChangeState::Undoable => {
            let clock = change.undo_until.map(|until| view! { <Countdown until /> });
            view! {
                <Notice kind=NoticeKind::Warning title=t!(changes.not_told_title)>
                    <p>{t!(changes.not_told)}</p>
                    {clock}
                </Notice>
                <Form state=undo>
                    {hidden()}
                    <Button kind=ButtonKind::Secondary busy=undo.busy()>{t!(changes.undo)}</Button>
                </Form>
            }
            .into_any()
        }
        ChangeState::Told => view! { <Notice><p>{t!(changes.told)}</p></Notice> }.into_any(),
        ChangeState::Undone if change.left > 0 => {
            let title = t!(changes.left_title, count = change.left);
            view! { <Notice kind=NoticeKind::Warning title=title><p>{t!(changes.left)}</p></Notice> }
                .into_any()
        }
        ChangeState::Undone => view! { <Done words=t!(changes.undone) /> }.into_any(),
    }
}

/// What is wrong with a visit of the plan, with whose it is and when; there is no field to go to.
fn of_visits(problems: Signal<Vec<Problem>>, items: Vec<MassChangeItem>) -> Signal<Vec<Problem>> {
    let said = move |problem: Problem| {
        let number = problem.field.strip_prefix("items.").and_then(|number| number.parse::<i64>().ok());
        match number.and_then(|number| items.iter().find(|item| item.position == number)) {
            Some(MassChangeItem { patient_name, from, .. }) => Problem::whole(t!(
                changes.problem_of,
                patient = patient_name,
                when = when(*from),
                problem = problem.message
            )),
            None => problem,
        }
    };
    Signal::derive(move || problems.get().into_iter().map(&said).collect())
}

/// How long it can still be undone, and until when on the hospital's clock.
#[component]
fn Countdown(until: Moment) -> impl IntoView {
    let now = use_now();
    let left = move || {
        let seconds = until.at().duration_since(now.get()?).as_secs();
        Some(match seconds {
            ..=0 => t!(changes.no_time_left).to_owned(),
            1.. => t!(changes.minutes_left, count = u64::try_from((seconds + 59) / 60).unwrap_or(0)),
        })
    };
    let clock = time(until.local().time());
    view! {
        <p class="hold-clock" role="timer" aria-live="off">
            <strong>{move || left()}</strong>
            " "
            <span class="muted">{t!(changes.until_there, time = clock)}</span>
        </p>
    }
}

/// What was done with a visit; or will be, as long as it is a plan.
fn becomes(item: &MassChangeItem, planned: bool) -> String {
    match (item.kind, item.to, &item.to_doctor_name) {
        (ChangeKind::Move, Some(to), Some(doctor)) if planned => {
            t!(changes.will_be_with, when = when(to), doctor = doctor.clone())
        }
        (ChangeKind::Move, Some(to), None) if planned => t!(changes.will_be_at, when = when(to)),
        (ChangeKind::Move, Some(to), Some(doctor)) => {
            t!(changes.becomes_with, when = when(to), doctor = doctor.clone())
        }
        (ChangeKind::Move, Some(to), None) => t!(changes.becomes_at, when = when(to)),
        (ChangeKind::Cancel | ChangeKind::Move, ..) if planned => t!(changes.will_be_nothing).to_owned(),
        (ChangeKind::Cancel | ChangeKind::Move, ..) => t!(changes.becomes_nothing).to_owned(),
    }
}

fn row(hospital: HospitalId, item: &MassChangeItem, planned: bool) -> AnyView {
    let becomes = becomes(item, planned);
    let at_once = (item.told_at_once && item.outcome.is_none())
        .then(|| view! { <p class="muted small">{t!(changes.at_once)}</p> });
    let left = item.outcome.map(|found| view! { <p class="small">{outcome(found)}</p> });
    let (visit, starts) = (Section::Visit(item.appointment_id).at(hospital), when(item.from));
    let (patient, kind) = (item.patient_name.clone(), item.visit_type_name.clone());
    let born = Some(item.birth_date);
    view! {
        <TableRow>
            <RowHead label=t!(changes.when)>
                <a href=visit>{starts}</a>
            </RowHead>
            <Cell label=t!(changes.patient)>
                <bdi translate="no">{patient}</bdi>
                <Born date=born />
            </Cell>
            <Cell label=t!(changes.visit)>{kind}</Cell>
            <Cell label=t!(changes.becomes)>{becomes} {at_once} {left}</Cell>
        </TableRow>
    }
    .into_any()
}
