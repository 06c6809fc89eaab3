//! What can be done with a visit, as buttons: the next step in sight, the others one press away.
//! Which moves there are comes with the visit; a move that takes something away leads to a page that asks why.

use domain::appointments::{Appointment, Move};
use domain::ids::HospitalId;
use domain::queues::QueueColumn;
use leptos::prelude::*;

use crate::appointments::admin_forms::MoveVisit;
use crate::form::{Form, FormState};
use crate::portal::hospital::{Section, asks_why};
use crate::queues::words::steps;
use crate::t;
use crate::ui::{Button, ButtonKind, IconName, LinkButton, Menu, MenuItem};

/// A verb for each move.
pub fn verb(step: Move) -> &'static str {
    match step {
        Move::Confirm => t!(hospital_visit.confirm),
        Move::Arrive => t!(hospital_visit.arrive),
        Move::CheckIn => t!(hospital_visit.check_in),
        Move::Start => t!(hospital_visit.start),
        Move::Complete => t!(hospital_visit.complete),
        Move::Cancel => t!(hospital_visit.cancel),
        Move::NoShow => t!(hospital_visit.no_show),
        Move::LeaveUnseen => t!(hospital_visit.left),
    }
}

/// The moves of a visit, the likeliest first: who has come is called in next, here as in the queue.
fn in_order(visit: &Appointment) -> Vec<Move> {
    let mut moves = visit.moves.clone();
    if QueueColumn::of(visit.status) == Some(QueueColumn::Arrived) {
        let order = steps(QueueColumn::Arrived);
        moves.sort_by_key(|step| order.iter().position(|other| other == step).unwrap_or(order.len()));
    }
    moves
}

/// One press of a button. The words after the verb say of whom, for those who hear a list of equal buttons.
#[component]
fn MoveButton(
    form: FormState<MoveVisit>,
    visit: Appointment,
    step: Move,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] small: bool,
) -> impl IntoView {
    view! {
        <Form state=form no_summary=true>
            <input type="hidden" name="id" value=visit.id.to_string() />
            <input type="hidden" name="step" value=step.code() />
            <input type="hidden" name="version" value=visit.version.to_string() />
            <Button kind small>
                {verb(step)} <span class="visually-hidden">": " {visit.patient_name}</span>
            </Button>
        </Form>
    }
    .into_any()
}

/// The moves of a row: the first as a button, the rest in a menu.
#[component]
pub fn RowMoves(
    /// The page's one form for moves.
    form: FormState<MoveVisit>,
    /// Where.
    hospital: HospitalId,
    /// Whose moves.
    visit: Appointment,
) -> impl IntoView {
    let steps = in_order(&visit);
    let first = steps.first().copied().filter(|step| asks_why(*step).is_none());
    let rest: Vec<Move> = steps.into_iter().filter(|step| Some(*step) != first).collect();
    let first = first.map(|step| {
        view! { <MoveButton form visit=visit.clone() step kind=ButtonKind::Secondary small=true /> }
    });
    let menu = (!rest.is_empty()).then(|| {
        let label = t!(hospital_visit.more_for, patient = visit.patient_name);
        let items: Vec<_> = rest.into_iter().map(|step| menu_move(form, hospital, &visit, step)).collect();
        view! {
            <div class="menu-end">
                <Menu label icon=IconName::ChevronDown hide_label=true>
                    {items}
                </Menu>
            </div>
        }
    });
    view! { <div class="row-moves">{first}{menu}</div> }
}

fn menu_move(form: FormState<MoveVisit>, hospital: HospitalId, visit: &Appointment, step: Move) -> AnyView {
    if asks_why(step).is_some() {
        let href = Section::Moving(visit.id, step).at(hospital);
        return view! { <MenuItem href>{verb(step)}</MenuItem> }.into_any();
    }
    view! { <li><MoveButton form visit=visit.clone() step kind=ButtonKind::Quiet /></li> }.into_any()
}

/// All moves of a visit side by side, for its own page.
#[component]
pub fn PageMoves(
    /// The page's one form for moves.
    form: FormState<MoveVisit>,
    /// Where.
    hospital: HospitalId,
    /// Whose moves.
    visit: Appointment,
) -> impl IntoView {
    let elsewhere = visit.reschedulable.then(|| {
        let href = Section::Reschedule(visit.id).at(hospital);
        view! {
            <LinkButton href kind=ButtonKind::Secondary icon=IconName::Calendar>
                {t!(hospital_visit.reschedule)}
            </LinkButton>
        }
    });
    // What goes on comes first, what ends it last.
    let (ends, goes_on): (Vec<Move>, Vec<Move>) =
        in_order(&visit).into_iter().partition(|step| asks_why(*step).is_some());
    let onward: Vec<_> = goes_on
        .into_iter()
        .enumerate()
        .map(|(index, step)| {
            let kind = if index == 0 { ButtonKind::Primary } else { ButtonKind::Secondary };
            view! { <MoveButton form visit=visit.clone() step kind /> }.into_any()
        })
        .collect();
    let endings: Vec<_> = ends
        .into_iter()
        .map(|step| {
            let href = Section::Moving(visit.id, step).at(hospital);
            view! { <LinkButton href kind=ButtonKind::Quiet>{verb(step)}</LinkButton> }.into_any()
        })
        .collect();
    view! { <div class="button-row page-moves">{onward}{elsewhere}{endings}</div> }
}
