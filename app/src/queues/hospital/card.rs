//! One visit in the queue: her number, who she is and with whom, what is worth knowing, and the next step as a large button.
//! A step that takes something away leads to a page that asks why.

use domain::appointments::{Move, Status};
use domain::ids::{AppointmentId, HospitalId};
use domain::queues::{QueueColumn, QueueVisit};
use domain::time::Moment;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::appointments::admin_forms::MoveVisit;
use crate::appointments::hospital::parts::{DeskBadge, PatientLink, hours};
use crate::form::{Form, FormState};
use crate::i18n::day_month;
use crate::portal::hospital::{Section, asks_why};
use crate::portal::use_now;
use crate::queues::words::{marks, now_ms, steps, verb};
use crate::t;
use crate::ui::{Button, ButtonKind, LinkButton};

/// The page's one form for moves, and whose button was pressed last.
#[derive(Clone, Copy)]
pub struct Pressing {
    /// The form.
    pub form: FormState<MoveVisit>,
    /// The press, until it is told what has come of it.
    pub last: RwSignal<Option<Press>>,
}

/// A press of a button.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Press {
    /// Of which visit.
    pub of: AppointmentId,
    /// The version that it had then.
    pub version: i64,
    /// How often the form had been accepted before.
    pub before: usize,
}

impl Pressing {
    fn press(self, visit: &QueueVisit) {
        let (of, version) = (visit.appointment.id, visit.appointment.version);
        self.last.set(Some(Press { of, version, before: self.form.accepted().get_untracked() }));
    }

    /// Whether what was pressed at a visit is on its way.
    fn busy(self, id: AppointmentId) -> Signal<bool> {
        let Self { form, last } = self;
        Signal::derive(move || form.busy().get() && last.get().is_some_and(|press| press.of == id))
    }
}

/// The id of a card, to which the focus goes with its visit.
#[must_use]
pub fn card_id(id: AppointmentId) -> String {
    format!("queue-card-{id}")
}

/// See the module.
#[component]
pub fn QueueCard(
    /// Where.
    hospital: HospitalId,
    /// Whose card it is.
    id: AppointmentId,
    /// The visit as it stands; none for the moment in which it leaves the column.
    visit: Memo<Option<QueueVisit>>,
    /// When the queue was read.
    read_at: Memo<Moment>,
    /// The page's one form for moves.
    pressing: Pressing,
) -> impl IntoView {
    let clock = use_now();
    // Waits grow while nobody does anything, so they are told beside the rest and not within it: the buttons stay where they are.
    let told = move || {
        let now = now_ms(read_at.get(), clock.get());
        visit.with(|visit| visit.as_ref().map(|visit| marks(visit, now)))
    };
    let press = move |_: SubmitEvent| {
        visit.with_untracked(|visit| {
            if let Some(visit) = visit {
                pressing.press(visit);
            }
        });
    };
    view! {
        <li class="queue-card" id=card_id(id) tabindex="-1" on:submit=press>
            {move || visit.get().map(|visit| who(hospital, visit))}
            <div class="queue-marks">{told}</div>
            {move || visit.get().map(|visit| moves(hospital, visit, pressing))}
        </li>
    }
    .into_any()
}

fn who(hospital: HospitalId, visit: QueueVisit) -> impl IntoView {
    // What the column says already needs no badge.
    let more = match visit.column {
        QueueColumn::Arrived => visit.appointment.status == Status::CheckedIn,
        QueueColumn::Done => true,
        QueueColumn::Expected | QueueColumn::InRoom => false,
    };
    let status = more.then(|| view! { <DeskBadge status=visit.appointment.status /> });
    // Who came on another day than her visit's: the hours alone would read as today's.
    let came = visit.arrived_at.map(|at| at.local().date());
    let visit = visit.appointment;
    let day = visit.start.local().date();
    let other_day = came.filter(|came| *came != day).map(|_| format!("{}, ", day_month(day)));
    let number = visit.ticket.map(|number| {
        view! {
            <span class="queue-number">
                <span class="visually-hidden">{t!(queue.number)} " "</span>
                {number}
            </span>
        }
    });
    view! {
        <div class="queue-who">
            {number}
            <div>
                <p class="queue-name">
                    <PatientLink hospital visit=visit.clone() />
                </p>
                <p class="small">
                    {other_day}
                    <a class="time" href=Section::Visit(visit.id).at(hospital)>
                        <span class="visually-hidden">{t!(hospital_visit.open)} " "</span>
                        {hours(visit.start, visit.end)}
                    </a>
                    ", " <bdi translate="no">{visit.doctor_name}</bdi>
                </p>
                <p class="small muted">{visit.visit_type_name}</p>
            </div>
            {status}
        </div>
    }
    .into_any()
}

fn moves(hospital: HospitalId, visit: QueueVisit, pressing: Pressing) -> impl IntoView {
    let column = visit.column;
    let open = steps(column).iter().copied().filter(|step| visit.appointment.moves.contains(step));
    let buttons: Vec<AnyView> = open
        .enumerate()
        .map(|(place, step)| {
            let kind = match (place, column) {
                (0, QueueColumn::Done) => ButtonKind::Quiet,
                (0, QueueColumn::Expected | QueueColumn::Arrived) => ButtonKind::Primary,
                // What completes a visit is final, and on each card of its column: not the loudest thing on the page.
                _ => ButtonKind::Secondary,
            };
            one_move(hospital, &visit, (step, kind), pressing)
        })
        .collect();
    view! { <div class="queue-moves no-print">{buttons}</div> }.into_any()
}

/// The words after the verb say of whom, for those who hear a list of equal buttons.
fn one_move(
    hospital: HospitalId,
    visit: &QueueVisit,
    (step, kind): (Move, ButtonKind),
    pressing: Pressing,
) -> AnyView {
    let (words, visit) = (verb(visit.column, step), &visit.appointment);
    let of_whom = visit.patient_name.clone();
    if asks_why(step).is_some() {
        let href = Section::Moving(visit.id, step).at(hospital);
        return view! {
            <LinkButton href kind=ButtonKind::Quiet>
                {words} <span class="visually-hidden">": " {of_whom}</span>
            </LinkButton>
        }
        .into_any();
    }
    let (id, version, busy) = (visit.id.to_string(), visit.version.to_string(), pressing.busy(visit.id));
    view! {
        <Form state=pressing.form no_summary=true>
            <input type="hidden" name="id" value=id />
            <input type="hidden" name="step" value=step.code() />
            <input type="hidden" name="version" value=version />
            <Button kind wide=true busy>
                {words} <span class="visually-hidden">": " {of_whom}</span>
            </Button>
        </Form>
    }
    .into_any()
}
