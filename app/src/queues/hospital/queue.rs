//! Today's queue in four columns, lists beneath each other on a phone; it changes by itself within a second.
//! On paper it is a list of who is where.

use std::collections::HashMap;

use domain::ids::{AppointmentId, DoctorId, HospitalId};
use domain::queues::{QueueBoard, QueueColumn, QueueVisit};
use leptos::prelude::*;
use leptos_meta::Title;

use super::card::{Pressing, QueueCard, card_id};
use crate::appointments::admin_forms::MoveVisit;
use crate::browser;
use crate::form::use_form_state;
use crate::i18n::{date_full, time};
use crate::live::use_live;
use crate::portal::PrintButton;
use crate::portal::hospital::{Kept, Section, query};
use crate::queues::admin_api::hospital_queue;
use crate::queues::words::{heading, nobody, told};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Button, ButtonKind, Choice, Done, FormErrors, IconName, LinkButton, PageHeader, Select, SkeletonShape,
    use_announcer,
};

/// See the module.
#[component]
pub fn QueuePage(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let asked = query("doctor");
    let doctor = Memo::new(move |_| asked.with(|text| text.parse::<DoctorId>().ok()));
    let taken = query("taken");
    let form = use_form_state::<MoveVisit>();
    let pressing = Pressing { form, last: RwSignal::new(None) };
    let live = use_live();
    let board = Reading::new(
        move || (doctor.get(), live.version(), form.answered().get()),
        move |(doctor, _, _)| hospital_queue(hospital, doctor),
    );
    view! {
        <Title text=t!(queue.title) />
        <div class="page queue">
            <Kept
                resource=board
                shape=SkeletonShape::Rows
                view=move |board| {
                    let columns = QueueColumn::ALL.map(|column| view! { <Column hospital board column pressing /> });
                    tell(board, pressing);
                    view! {
                        <Head hospital board />
                        <Filter hospital board doctor />
                        <FormErrors problems=form.problems() />
                        {move || taken_in(board, &taken.get())}
                        <div class="queue-columns">{columns.into_iter().collect::<Vec<_>>()}</div>
                        <Printed board />
                    }
                }
            />
        </div>
    }
    .into_any()
}

/// Says where the visit stands now whose button was pressed, and takes the focus along to its card: the old one is gone.
fn tell(board: Signal<QueueBoard>, Pressing { form, last }: Pressing) {
    let announcer = use_announcer();
    Effect::new(move |_| {
        let accepted = form.accepted().get();
        let Some(press) = last.get().filter(|press| accepted > press.before) else { return };
        let words = board.with(|board| {
            let moved = |visit: &&QueueVisit| {
                visit.appointment.id == press.of && visit.appointment.version != press.version
            };
            board.visits.iter().find(moved).map(told)
        });
        if let Some(words) = words {
            last.set(None);
            announcer.polite(words);
            browser::focus_on(&card_id(press.of));
        }
    });
}

/// The day, and the ways to walk-ins and the wall.
#[component]
fn Head(hospital: HospitalId, board: Signal<QueueBoard>) -> impl IntoView {
    let date = Memo::new(move |_| board.with(|board| board.date));
    move || {
        view! {
            <PageHeader
                title=t!(queue.title)
                lead=date_full(date.get())
                actions=move || {
                    view! {
                        <div class="cluster no-print">
                            <LinkButton href=Section::WalkIn.at(hospital) icon=IconName::Plus>
                                {t!(queue.walk_in)}
                            </LinkButton>
                            <LinkButton href=Section::Wall.at(hospital) kind=ButtonKind::Secondary icon=IconName::Grid>
                                {t!(queue.to_wall)}
                            </LinkButton>
                            <PrintButton label=t!(queue.print) hint=t!(queue.print_hint) />
                        </div>
                    }
                }
            />
        }
    }
}

/// Whose queue is shown: a choice that stands in the address.
#[component]
fn Filter(hospital: HospitalId, board: Signal<QueueBoard>, doctor: Memo<Option<DoctorId>>) -> impl IntoView {
    let doctors = Memo::new(move |_| board.with(|board| board.doctors.clone()));
    move || {
        let chosen = doctor.get();
        let doctors = doctors.get();
        // With one doctor there is nothing to choose, unless somebody has come here by another one's address.
        (doctors.len() > 1 || chosen.is_some()).then(|| {
            let options =
                doctors.into_iter().map(|doctor| Choice::new(doctor.id.to_string(), doctor.name)).collect();
            view! {
                <form class="inline-form no-print" method="get" action=Section::Queue.at(hospital)>
                    <Select
                        label=t!(hospital_visit.doctor)
                        name="doctor"
                        options=options
                        value=chosen.map(|id| id.to_string()).unwrap_or_default()
                        placeholder=t!(queue.all_doctors)
                    />
                    <Button kind=ButtonKind::Secondary>{t!(common.show)}</Button>
                </form>
            }
        })
    }
}

/// What has become of whom the desk has just taken in.
fn taken_in(board: Signal<QueueBoard>, id: &str) -> Option<impl IntoView + use<>> {
    let id: AppointmentId = id.parse().ok()?;
    let told = board.with(|board| {
        let visit = board.visits.iter().find(|visit| visit.appointment.id == id)?;
        let visit = &visit.appointment;
        Some(t!(
            queue.taken_in,
            number = visit.ticket?,
            patient = visit.patient_name,
            doctor = visit.doctor_name,
            time = time(visit.start.local().time())
        ))
    })?;
    Some(view! { <Done words=told /> })
}

/// A column; its cards stay the same elements while their visits change.
#[component]
fn Column(
    hospital: HospitalId,
    board: Signal<QueueBoard>,
    column: QueueColumn,
    pressing: Pressing,
) -> impl IntoView {
    let visits = Memo::new(move |_| {
        board.with(|board| {
            let here = board.visits.iter().filter(|visit| visit.column == column);
            let order: Vec<AppointmentId> = here.clone().map(|visit| visit.appointment.id).collect();
            let visits: HashMap<AppointmentId, QueueVisit> =
                here.map(|visit| (visit.appointment.id, visit.clone())).collect();
            (order, visits)
        })
    });
    let read_at = Memo::new(move |_| board.with(|board| board.now));
    let ids = move || visits.with(|(order, _)| order.clone());
    let count = move || visits.with(|(order, _)| order.len());
    let empty = move || (count() == 0).then(|| view! { <p class="muted">{nobody(column)}</p> });
    let id = match column {
        QueueColumn::Expected => "queue-expected",
        QueueColumn::Arrived => "queue-arrived",
        QueueColumn::InRoom => "queue-in-room",
        QueueColumn::Done => "queue-done",
    };
    view! {
        <section class="queue-column" aria-labelledby=id>
            <h2 class="queue-heading" id=id>
                {heading(column)} " " <span class="count">{count}</span>
            </h2>
            {empty}
            <ol class="queue-cards">
                <For each=ids key=|id| *id let:id>
                    <QueueCard
                        hospital
                        id
                        visit=Memo::new(move |_| visits.with(|(_, visits)| visits.get(&id).cloned()))
                        read_at
                        pressing
                    />
                </For>
            </ol>
        </section>
    }
    .into_any()
}

/// When the list was made, on paper only.
#[component]
fn Printed(board: Signal<QueueBoard>) -> impl IntoView {
    let made = move || {
        board.with(|board| {
            t!(hospital_today.printed_at, time = time(board.now.local().time()), zone = board.time_zone)
        })
    };
    view! { <p class="print-only">{made}</p> }.into_any()
}
