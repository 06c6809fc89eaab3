//! The day of a hospital, doctor by doctor, as the desk works through it; it changes by itself within a second.
//! On paper it is the day sheet. The same day with doctors beside each other is in `day_grid`.

use domain::appointments::DayBoard;
use domain::ids::HospitalId;
use leptos::prelude::*;
use leptos_meta::Title;

use super::day::{Board, DoctorSection, Shown, counted};
use super::day_steps::DaySteps;
use crate::appointments::admin_api::hospital_day;
use crate::appointments::admin_forms::MoveVisit;
use crate::form::use_form_state;
use crate::i18n::{date_full, relative_day, sentence, time};
use crate::live::use_live;
use crate::portal::PrintButton;
use crate::portal::hospital::{Kept, Section, date_query, href, query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    ButtonKind, EmptyState, FormErrors, IconName, LinkButton, PageHeader, SkeletonShape, TabItem, Tabs,
};

/// See the module.
#[component]
pub fn TodayPage(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let date = date_query("date");
    let show = query("show");
    let shown = Memo::new(move |_| show.with(|show| Shown::parse(show)));
    let form = use_form_state::<MoveVisit>();
    let live = use_live();
    let board = Reading::new(
        move || (date.get(), live.version(), form.answered().get()),
        move |(date, _, _)| hospital_day(hospital, date),
    );
    view! {
        <Title text=t!(hospital_frame.today) />
        <div class="page today">
            <Kept
                resource=board
                shape=SkeletonShape::Rows
                view=move |day| {
                    let settled = StoredValue::new(None);
                    // What was there when a date or a part was opened is no news. Effects run after the page is drawn.
                    Effect::new(move |_| settled.set_value(Some((day.with(|day| day.date), shown.get()))));
                    view! {
                        <Head hospital day />
                        <FormErrors problems=form.problems() />
                        <Parts hospital day shown />
                        <Doctors board=Board { hospital, day, shown, settled, form } />
                        <Printed day />
                    }
                }
            />
        </div>
    }
    .into_any()
}

/// The date, and the ways to other dates.
#[component]
fn Head(hospital: HospitalId, day: Signal<DayBoard>) -> impl IntoView {
    let has_visits = |day: &DayBoard| day.doctors.iter().any(|doctor| !doctor.appointments.is_empty());
    let dates = Memo::new(move |_| day.with(|day| (day.date, day.now.date(), has_visits(day))));
    let path = Section::Today.at(hospital);
    move || {
        let (date, today, sheet) = dates.get();
        let path = path.clone();
        let by_doctors = href(&Section::CalendarDay.at(hospital), &[("date", &date.to_string())]);
        view! {
            <PageHeader
                title=date_full(date)
                lead=sentence(&relative_day(date, today))
                actions=move || {
                    view! {
                        <div class="day-tools no-print">
                            <DaySteps path date />
                            <div class="cluster">
                                <LinkButton href=by_doctors kind=ButtonKind::Quiet small=true icon=IconName::Grid>
                                    {t!(hospital_calendar.by_doctors)}
                                </LinkButton>
                                // A day without visits has no sheet.
                                {sheet
                                    .then(|| {
                                        view! {
                                            <PrintButton
                                                label=t!(hospital_today.print)
                                                hint=t!(hospital_today.print_hint)
                                            />
                                        }
                                    })}
                            </div>
                        </div>
                    }
                }
            />
        }
    }
}

/// How many visits stand where; each number leads to those visits.
#[component]
fn Parts(hospital: HospitalId, day: Signal<DayBoard>, shown: Memo<Shown>) -> impl IntoView {
    let path = Section::Today.at(hospital);
    move || {
        let (date, counts) = day.with(|day| {
            let statuses: Vec<_> =
                day.doctors.iter().flat_map(|d| &d.appointments).map(|visit| visit.status).collect();
            (
                day.date,
                Shown::ALL.map(|part| (part, statuses.iter().filter(|status| part.holds(**status)).count())),
            )
        });
        let items = counts.into_iter().map(|(part, count)| {
            TabItem::new(href(&path, &[("date", &date.to_string()), ("show", part.code())]), words(part))
                .count(u32::try_from(count).unwrap_or(u32::MAX))
                .current(part == shown.get())
        });
        view! { <Tabs label=t!(hospital_today.parts) items=items.collect() /> }
    }
}

fn words(part: Shown) -> &'static str {
    match part {
        Shown::All => t!(hospital_today.all),
        Shown::ToConfirm => t!(hospital_today.to_confirm),
        Shown::Expected => t!(hospital_today.expected),
        Shown::InHouse => t!(hospital_today.in_house),
        Shown::Over => t!(hospital_today.over),
    }
}

/// The doctors who work or have visits; only those with something to show when a part is chosen.
#[component]
fn Doctors(board: Board) -> impl IntoView {
    let doctors = Memo::new(move |_| {
        let shown = board.shown.get();
        board.day.with(|day| {
            let columns = day.doctors.iter();
            let kept = columns.filter(|column| {
                shown == Shown::All || column.appointments.iter().any(|v| shown.holds(v.status))
            });
            let mut kept: Vec<_> = kept.collect();
            // Who has visits comes first; apart from that they stay in their order.
            kept.sort_by_key(|column| column.appointments.is_empty());
            kept.into_iter().map(|column| column.doctor_id).collect::<Vec<_>>()
        })
    });
    let empty = move || {
        doctors.with(Vec::is_empty).then(|| {
            let text = match board.shown.get() {
                Shown::All => t!(hospital_today.nobody_works),
                Shown::ToConfirm => t!(hospital_today.none_to_confirm),
                Shown::Expected | Shown::InHouse | Shown::Over => t!(hospital_today.none_in_part),
            };
            view! {
                <EmptyState icon=IconName::Calendar text>
                    <LinkButton href=Section::Calendar(None).at(board.hospital) kind=ButtonKind::Secondary>
                        {t!(hospital_today.to_calendar)}
                    </LinkButton>
                </EmptyState>
            }
        })
    };
    view! {
        {empty}
        <div class="doctor-days">
            <For each=move || doctors.get() key=|doctor| *doctor let:doctor>
                <DoctorSection board doctor />
            </For>
        </div>
    }
    .into_any()
}

/// When the sheet was made, on paper only.
#[component]
fn Printed(day: Signal<DayBoard>) -> impl IntoView {
    let made = move || {
        day.with(|day| {
            t!(hospital_today.printed_at, time = time(day.now.local().time()), zone = day.time_zone)
        })
    };
    let count = move || day.with(|day| counted(day.doctors.iter().flat_map(|doctor| &doctor.appointments)));
    view! { <p class="print-only">{made} " · " {count}</p> }.into_any()
}
