//! The week of a doctor: a list, which is what a phone and a screen reader get, or a grid for those who see the week at once.
//! Which doctor, which week and which of the two stand in the address. A day of all doctors is in `day_grid`.

use domain::ids::{AppointmentId, DoctorId, HospitalId};
use domain::time::{Moment, plus_days};
use jiff::civil::Date;
use leptos::prelude::*;
use leptos_meta::Title;

use super::carry::{Carry, Where, use_carry};
use super::carry_bar::{CarryBar, Moved};
use super::day_steps::{AroundSteps, StepWords};
use super::hands::{Around, event_id};
use super::visit_grid::{Columns, VisitGrid};
use super::week_list::WeekList;
use crate::appointments::admin_api::{Calendar, hospital_week};
use crate::appointments::admin_forms::CarryVisit;
use crate::browser;
use crate::form::use_form_state;
use crate::i18n::{date_medium, month_short, weekday_short};
use crate::live::use_live;
use crate::portal::Loaded;
use crate::portal::hospital::{Section, date_query, href, query};
use crate::reading::Reading;
use crate::t;
use crate::ui::{
    Button, ButtonKind, Choice, EmptyState, IconName, PageHeader, Select, SkeletonShape, TabItem, TabWidth,
    Tabs,
};

/// How the week is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// As the width of the window suggests: a list on a phone, a grid beside the navigation.
    Fitting,
    /// Day by day beneath each other.
    List,
    /// Days side by side.
    Grid,
}

impl Look {
    fn parse(code: &str) -> Self {
        match code {
            "list" => Self::List,
            "grid" => Self::Grid,
            _ => Self::Fitting,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Fitting => "",
            Self::List => "list",
            Self::Grid => "grid",
        }
    }
}

/// See the module.
#[component]
pub fn CalendarPage(
    /// Which hospital.
    hospital: HospitalId,
    /// Whose week; that of the first doctor when nobody is named.
    doctor: Option<DoctorId>,
) -> impl IntoView {
    let (date, picked, view) = (date_query("week"), query("doctor"), query("view"));
    let look = Memo::new(move |_| view.with(|view| Look::parse(view)));
    let (moved, was) = (query("moved"), query("was"));
    let (carry, form, live) = (use_carry(), use_form_state::<CarryVisit>(), use_live());
    // Once it was moved, or another week is looked at, nothing is carried any more.
    Effect::new(move |_| {
        let _ = (moved.get(), date.get(), picked.get());
        carry.clear();
    });
    let put_back = Callback::new(move |()| {
        let stood = carry.visit.with_untracked(|visit| visit.as_ref().map(|visit| visit.id));
        carry.put_back();
        if let Some(id) = stood {
            browser::focus_on(&event_id(id));
        }
    });
    let week = Reading::new(
        move || (picked.with(|picked| picked.parse().ok()).or(doctor), date.get(), live.version()),
        move |(doctor, date, _)| hospital_week(hospital, doctor, date),
    );
    view! {
        <Title text=t!(hospital_frame.calendar) />
        <div class="page calendar-page">
            <CarryBar hospital carry form put_back />
            <Loaded
                resource=week
                shape=SkeletonShape::Rows
                view=move |calendar: Calendar| {
                    let moved = moved.with(|id| id.parse().ok());
                    let moved = moved.map(|id| (id, was.with(|was| was.parse().ok())));
                    view! { <Week hospital calendar look=look.get() carry moved /> }
                }
            />
        </div>
    }
    .into_any()
}

#[component]
fn Week(
    hospital: HospitalId,
    calendar: Calendar,
    look: Look,
    carry: Carry,
    /// The visit that has just been put elsewhere, and when it was to begin before.
    moved: Option<(AppointmentId, Option<Moment>)>,
) -> impl IntoView {
    let Some((doctor, week)) = calendar.week else {
        return view! {
            <PageHeader title=t!(hospital_frame.calendar) />
            <EmptyState icon=IconName::Stethoscope text=t!(hospital_calendar.no_doctors) />
        }
        .into_any();
    };
    let name = calendar
        .doctors
        .iter()
        .find(|(id, _)| *id == doctor)
        .map_or_else(String::new, |(_, name)| name.clone());
    let links = Links { path: Section::Calendar(Some(doctor)).at(hospital), monday: week.monday, look };
    let sunday = plus_days(week.monday, 6);
    let lead = t!(hospital_calendar.lead, from = first_day(week.monday, sunday), to = date_medium(sunday));
    let (list_class, grid_class) = match look {
        Look::Fitting => ("fitting-list", "fitting-grid"),
        Look::List => ("", "hidden-view"),
        Look::Grid => ("hidden-view", ""),
    };
    let list = (look != Look::Grid).then(|| view! { <WeekList hospital week=week.clone() /> });
    let grid = (look != Look::List).then(|| {
        let carrying = Some((Where { hospital, doctor, monday: week.monday }, carry));
        view! {
            <VisitGrid
                hospital
                columns=Columns::Days
                days=week.days.clone()
                now=week.now
                around=links.around()
                carrying
            />
        }
    });
    let moved = moved.and_then(|(id, was)| {
        let visit = week.days.iter().flat_map(|day| &day.appointments).find(|visit| visit.id == id)?.clone();
        Some(view! { <Moved hospital visit was /> })
    });
    view! {
        <PageHeader
            title=name
            lead
            actions=move || view! { <AroundSteps around=links.around() words=step_words() /> }
        />
        {moved}
        <div class="split no-print">
            <DoctorPicker hospital doctors=calendar.doctors doctor monday=week.monday look />
            <Looks hospital doctor monday=week.monday today=week.now.date() look />
        </div>
        <div class=list_class>{list}</div>
        <div class=grid_class>{grid}</div>
    }
    .into_any()
}

/// "Mon 16", or "Mon 30 Nov" in a week of two months.
fn first_day(monday: Date, sunday: Date) -> String {
    let (weekday, day) = (weekday_short(monday.weekday()), monday.day());
    if monday.month() == sunday.month() {
        t!(hospital_calendar.first_day, weekday = weekday, day = day)
    } else {
        let month = month_short(monday.month());
        t!(hospital_calendar.first_day_month, weekday = weekday, day = day, month = month)
    }
}

/// What the links to other weeks keep.
struct Links {
    path: String,
    monday: Date,
    look: Look,
}

impl Links {
    fn around(&self) -> Around {
        let Self { path, monday, look } = self;
        let to = |date: Date| href(path, &[("week", &date.to_string()), ("view", look.code())]);
        Around {
            before: to(plus_days(*monday, -7)),
            now: href(path, &[("view", look.code())]),
            after: to(plus_days(*monday, 7)),
        }
    }
}

/// The words of the links to the week before, this week, and the week after.
fn step_words() -> StepWords {
    StepWords {
        label: t!(hospital_calendar.other_weeks),
        before: t!(hospital_calendar.week_before),
        now: t!(hospital_calendar.this_week),
        after: t!(hospital_calendar.week_after),
    }
}

/// Another doctor's week; a GET form, so that it works without a script.
#[component]
fn DoctorPicker(
    hospital: HospitalId,
    doctors: Vec<(DoctorId, String)>,
    doctor: DoctorId,
    monday: Date,
    look: Look,
) -> impl IntoView {
    let options = doctors.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
    view! {
        <form class="inline-form" method="get" action=Section::Calendar(None).at(hospital)>
            <input type="hidden" name="week" value=monday.to_string() />
            <input type="hidden" name="view" value=look.code() />
            <Select label=t!(hospital_calendar.doctor) name="doctor" options value=doctor.to_string() />
            <Button kind=ButtonKind::Secondary>{t!(common.show)}</Button>
        </form>
    }
    .into_any()
}

#[component]
fn Looks(hospital: HospitalId, doctor: DoctorId, monday: Date, today: Date, look: Look) -> impl IntoView {
    let path = Section::Calendar(Some(doctor)).at(hospital);
    let to = |other: Look| href(&path, &[("week", &monday.to_string()), ("view", other.code())]);
    let list = TabItem::new(to(Look::List), t!(hospital_calendar.list));
    let grid = TabItem::new(to(Look::Grid), t!(hospital_calendar.grid));
    // From this week to today, from another one to its first day.
    let day =
        if (monday..=plus_days(monday, 6)).contains(&today) { String::new() } else { monday.to_string() };
    let day = href(&Section::CalendarDay.at(hospital), &[("date", &day)]);
    let day = TabItem::new(day, t!(hospital_calendar.by_doctors));
    let items = match look {
        Look::Fitting => vec![list.current_if(TabWidth::Narrow), grid.current_if(TabWidth::Wide), day],
        Look::List => vec![list.current(true), grid, day],
        Look::Grid => vec![list, grid.current(true), day],
    };
    view! { <Tabs label=t!(hospital_calendar.looks) items /> }
}
