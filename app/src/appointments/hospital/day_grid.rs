//! The day of a hospital with doctors beside each other: a column for each who works or has visits, time going down.
//! The date stands in the address. The same day to work through is in `today`, the week of one doctor in `calendar`; visits are carried
//! to other times there, not here.

use domain::appointments::DayBoard;
use domain::ids::HospitalId;
use jiff::civil::Date;
use leptos::prelude::*;
use leptos_meta::Title;

use super::day_steps::{DaySteps, days_around};
use super::visit_grid::{Columns, VisitGrid};
use crate::appointments::admin_api::hospital_day;
use crate::i18n::{date_full, relative_day, sentence};
use crate::live::use_live;
use crate::portal::Loaded;
use crate::portal::hospital::{Section, date_query, href};
use crate::reading::Reading;
use crate::t;
use crate::ui::{ButtonKind, EmptyState, IconName, LinkButton, PageHeader, SkeletonShape, TabItem, Tabs};

/// See the module.
#[component]
pub fn DayGridPage(
    /// Which hospital.
    hospital: HospitalId,
) -> impl IntoView {
    let (date, live) = (date_query("date"), use_live());
    let day =
        Reading::new(move || (date.get(), live.version()), move |(date, _)| hospital_day(hospital, date));
    view! {
        <Title text=t!(hospital_calendar.by_doctors) />
        <div class="page calendar-page">
            <Loaded
                resource=day
                shape=SkeletonShape::Rows
                view=move |day: DayBoard| view! { <Day hospital day /> }
            />
        </div>
    }
    .into_any()
}

#[component]
fn Day(hospital: HospitalId, day: DayBoard) -> impl IntoView {
    let (date, today) = (day.date, day.now.date());
    let path = Section::CalendarDay.at(hospital);
    let around = days_around(&path, date);
    let shown = if day.doctors.is_empty() {
        let week = href(&Section::Calendar(None).at(hospital), &[("week", &date.to_string())]);
        view! {
            <EmptyState icon=IconName::Calendar text=t!(hospital_today.nobody_works)>
                <LinkButton href=week kind=ButtonKind::Secondary>
                    {t!(hospital_calendar.to_week)}
                </LinkButton>
            </EmptyState>
        }
        .into_any()
    } else {
        view! {
            <VisitGrid hospital columns=Columns::Doctors days=day.doctors now=day.now around carrying=None />
        }
        .into_any()
    };
    view! {
        <PageHeader
            title=date_full(date)
            lead=sentence(&relative_day(date, today))
            actions=move || {
                view! {
                    <div class="day-tools no-print">
                        <DaySteps path date />
                    </div>
                }
            }
        />
        <div class="no-print">
            <Looks hospital date />
        </div>
        {shown}
    }
    .into_any()
}

/// The same day as a list, and the week around it.
#[component]
fn Looks(hospital: HospitalId, date: Date) -> impl IntoView {
    let date = date.to_string();
    let to = |section: Section, name: &str| href(&section.at(hospital), &[(name, &date)]);
    let items = vec![
        TabItem::new(to(Section::Today, "date"), t!(hospital_calendar.list)),
        TabItem::new(to(Section::Calendar(None), "week"), t!(hospital_calendar.week)),
        TabItem::new(to(Section::CalendarDay, "date"), t!(hospital_calendar.by_doctors)).current(true),
    ];
    view! { <Tabs label=t!(hospital_calendar.day_looks) items /> }
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;
    use domain::appointments::{Appointment, DoctorDay, GroupKind, Status};
    use domain::hospitals::Modality;
    use domain::ids::{AppointmentId, DoctorId, PatientId, VisitTypeId};
    use domain::money::Money;
    use domain::time::Moment;
    use jiff::civil::date;
    use uuid::Uuid;

    const HERE: HospitalId = HospitalId(Uuid::from_u128(1));

    fn at(time: &str) -> Moment {
        format!("2026-11-24T{time}:00+01:00").parse().unwrap()
    }

    fn visit(doctor: u128, (start, end): (&str, &str), patient: &str, status: Status) -> Appointment {
        Appointment {
            id: AppointmentId(Uuid::from_u128(doctor * 100 + u128::from(status.occupies()))),
            reference: String::new(),
            status,
            start: at(start),
            end: at(end),
            time_zone: "Europe/Berlin".into(),
            doctor_id: DoctorId(Uuid::from_u128(doctor)),
            doctor_name: format!("Dr. {doctor}"),
            hospital_id: HERE,
            hospital_name: String::new(),
            hospital_address: String::new(),
            hospital_phone: String::new(),
            patient_id: PatientId(Uuid::from_u128(9)),
            patient_name: patient.into(),
            birth_date: None,
            visit_type_id: VisitTypeId(Uuid::from_u128(8)),
            visit_type_name: "First visit".into(),
            modality: Modality::InPerson,
            minutes: 20,
            price: Money { amount_minor: 0, currency: "EUR".into() },
            reason: None,
            cancelled_by: None,
            cancelled_late: false,
            held_until: None,
            extendable: false,
            ticket: None,
            arrival: None,
            can_say_here: false,
            version: 1,
            moves: Vec::new(),
            reschedulable: true,
        }
    }

    fn doctor(id: u128, hours: &[(i16, i16)], appointments: Vec<Appointment>) -> DoctorDay {
        DoctorDay {
            date: date(2026, 11, 24),
            doctor_id: DoctorId(Uuid::from_u128(id)),
            doctor_name: format!("Dr. {id}"),
            hours: hours.into(),
            appointments,
            groups: Vec::new(),
        }
    }

    fn page(now: &str, doctors: Vec<DoctorDay>) -> String {
        let now = now.parse().unwrap();
        let day = DayBoard { date: date(2026, 11, 24), now, time_zone: "Europe/Berlin".into(), doctors };
        Owner::new().with(|| view! { <Day hospital=HERE day /> }.to_html())
    }

    #[test]
    fn each_doctor_has_a_column_with_her_hours_and_visits() {
        let html = page(
            "2026-11-24T10:00:00+01:00",
            vec![
                doctor(2, &[(540, 720)], vec![visit(2, ("09:00", "09:20"), "Ada Stern", Status::Confirmed)]),
                doctor(3, &[], vec![visit(3, ("10:00", "10:20"), "Bo Lind", Status::Booked)]),
            ],
        );
        let (ada, bo) = (html.find("Ada Stern").unwrap(), html.rfind("calendar-column-1").unwrap());
        assert!(ada < bo && html.rfind("Bo Lind").unwrap() > bo, "{html}");
        assert_eq!(html.matches("calendar-open").count(), 1, "only what is worked is shaded");
        assert_eq!(html.matches("calendar-now").count(), 2, "now goes through all columns");
        assert!(html.contains(", Dr. 3, "), "a visit says with whom it is");
        let visit = Section::Visit(AppointmentId(Uuid::from_u128(201))).at(HERE);
        assert!(html.contains(&format!("href=\"{visit}\"")), "{html}");
        assert!(!html.contains("calendar-trouble"));
    }

    #[test]
    fn each_state_in_view_stands_in_the_legend_once() {
        let html = page(
            "2026-11-24T10:00:00+01:00",
            vec![
                doctor(2, &[], vec![visit(2, ("09:00", "09:20"), "Ada Stern", Status::Confirmed)]),
                doctor(
                    3,
                    &[],
                    vec![
                        visit(3, ("09:00", "09:20"), "Bo Lind", Status::Confirmed),
                        visit(3, ("10:00", "10:20"), "Cy Ahl", Status::Cancelled),
                    ],
                ),
                doctor(4, &[], vec![visit(4, ("09:00", "09:20"), "Di Berg", Status::Booked)]),
            ],
        );
        let (_, legend) = html.split_once("calendar-legend\"").unwrap();
        for (words, count) in [
            (t!(status_staff.confirmed), 1),
            (t!(hospital_today.to_confirm), 1),
            (t!(status_staff.cancelled), 0),
            (t!(status_staff.arrived), 0),
        ] {
            assert_eq!(legend.matches(&format!(">{words}<")).count(), count, "{words}: {legend}");
        }
        let none = page("2026-11-24T10:00:00+01:00", vec![doctor(2, &[(540, 720)], Vec::new())]);
        assert!(!none.contains("calendar-legend"), "{none}");
    }

    #[test]
    fn a_name_has_a_second_line_wherever_a_visit_has_the_height() {
        let html = |end| {
            let visits = vec![visit(2, ("09:00", end), "Ada Stern", Status::Confirmed)];
            page("2026-11-24T10:00:00+01:00", vec![doctor(2, &[], visits)])
        };
        assert!(html("09:15").contains("calendar-visit-short"));
        assert!(html("09:20").contains("calendar-visit-tight"));
        for end in ["09:25", "09:30"] {
            let html = html(end);
            assert!(!html.contains("visit-short") && !html.contains("visit-tight"), "{html}");
        }
    }

    #[test]
    fn a_group_says_how_many_of_its_places_are_taken() {
        let together = ["Ada Stern", "Bo Lind"]
            .map(|patient| visit(2, ("09:00", "09:20"), patient, Status::Confirmed))
            .to_vec();
        let of = |capacity| DoctorDay {
            groups: vec![GroupKind { visit_type_id: VisitTypeId(Uuid::from_u128(8)), capacity }],
            ..doctor(2, &[(540, 720)], together.clone())
        };
        let html = |column| page("2026-11-24T10:00:00+01:00", vec![column]);
        let eight = html(of(8));
        assert!(eight.contains(&t!(hospital_calendar.together_of, taken = 2, places = 8)), "{eight}");
        let spoken = t!(hospital_calendar.together_of_spoken, time = "09:00", taken = 2, places = 8);
        assert!(eight.contains(&format!("aria-label=\"{spoken}\"")), "{eight}");
        assert!(eight.contains("2 of 8 places<"), "{eight}");
        let patients = t!(hospital_calendar.together, count = 2);
        assert!(!eight.contains(&patients), "{eight}");
        // A colleague's column says nothing of places, and a kind whose places have become fewer does not say that there are too many.
        for column in [doctor(2, &[(540, 720)], together.clone()), of(1)] {
            let html = html(column);
            assert!(html.contains(&patients) && !html.contains("2 of "), "{html}");
        }
    }

    #[test]
    fn one_patient_of_a_group_is_a_group() {
        let column = |capacity| DoctorDay {
            groups: vec![GroupKind { visit_type_id: VisitTypeId(Uuid::from_u128(8)), capacity }],
            ..doctor(2, &[], vec![visit(2, ("09:00", "09:20"), "Ada Stern", Status::Confirmed)])
        };
        let html = |column| page("2026-11-24T10:00:00+01:00", vec![column]);
        let (eight, alone) = (html(column(8)), html(column(1)));
        let taken = t!(hospital_calendar.together_of, taken = 1, places = 8);
        assert!(eight.contains(&format!("{taken}<")) && eight.contains("calendar-group "), "{eight}");
        assert!(eight.contains("Ada Stern"), "{eight}");
        assert!(!alone.contains("calendar-group "), "{alone}");
    }

    #[test]
    fn another_day_has_no_mark_of_now_and_a_cancelled_visit_no_place() {
        let cancelled = visit(2, ("09:00", "09:20"), "Ada Stern", Status::Cancelled);
        let html = page("2026-11-23T10:00:00+01:00", vec![doctor(2, &[(540, 720)], vec![cancelled])]);
        assert!(!html.contains("calendar-now") && !html.contains("Ada Stern"), "{html}");
        assert!(html.contains("date=2026-11-23") && html.contains("date=2026-11-25"), "the days around");
    }

    #[test]
    fn a_day_on_which_nobody_works_leads_on() {
        let html = page("2026-11-24T10:00:00+01:00", Vec::new());
        assert!(html.contains(t!(hospital_today.nobody_works)) && !html.contains("calendar-hours"));
        assert!(html.contains(t!(hospital_calendar.to_week)));
    }
}
