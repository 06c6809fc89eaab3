//! The hospitals of the demo: departments, visit types, doctors with hours, staff.
//!
//! Names and biographies are in `people`.

use domain::{
    Call, Services,
    access::Role,
    availability::{BookingRules, DateException, SetWorkingHours, TimeWindow, WeeklyWindow},
    doctors::SaveDoctor,
    hospitals::{Modality, SaveHospital, SaveVisitType, VisitType},
    ids::{DepartmentId, HospitalId},
    time::{parse_time, plus_days},
};

use super::{
    Place, employ,
    people::{self, DoctorPlan},
};

/// A hospital of the demo.
pub(super) struct Plan {
    name: &'static str,
    address: &'static str,
    city: &'static str,
    phone: &'static str,
    pub(super) zone: &'static str,
    currency: &'static str,
    about: &'static str,
    /// Price of a first visit in minor units.
    price: i64,
    doctors: &'static [DoctorPlan],
    /// The number of the doctor with whom several patients have a visit together, and its name.
    group: Option<(usize, &'static str)>,
    /// Logins of the guide: administrator, desk, doctor.
    staff: [&'static str; 3],
}

/// The three hospitals.
pub(super) const PLANS: &[Plan] = &[
    Plan {
        name: "Lindenhof Clinic",
        address: "Lindenallee 14",
        city: "Berlin",
        phone: "+49 30 5550 140",
        zone: "Europe/Berlin",
        currency: "EUR",
        about: "A clinic in the green north of Berlin. The tram stops in front of the door, and there are no steps anywhere.",
        price: 4_500,
        doctors: people::BERLIN,
        group: None,
        staff: ["admin@demo.example", "desk@demo.example", "doctor@demo.example"],
    },
    Plan {
        name: "Sahyadri Care",
        address: "22 Karve Road",
        city: "Pune",
        phone: "+91 20 5550 2200",
        zone: "Asia/Kolkata",
        currency: "INR",
        about: "A family hospital with a day clinic, a laboratory and a pharmacy in one house.",
        price: 80_000,
        doctors: people::PUNE,
        group: Some((5, "Yoga for the back, group")),
        staff: ["admin2@demo.example", "desk2@demo.example", "doctor2@demo.example"],
    },
    Plan {
        name: "Riverside Medical Group",
        address: "410 Riverside Drive",
        city: "New York",
        phone: "+1 212 555 0141",
        zone: "America/New_York",
        currency: "USD",
        about: "Eight doctors by the river. Early and late hours for people who work.",
        price: 12_000,
        doctors: people::NEW_YORK,
        group: None,
        staff: ["admin3@demo.example", "desk3@demo.example", "doctor3@demo.example"],
    },
];

/// How many patients may come to a group.
const PLACES: i64 = 8;

/// Builds one hospital with everything in it.
pub(super) async fn build(services: &Services, platform: &Call, plan: &Plan) -> anyhow::Result<Place> {
    let command = SaveHospital {
        name: plan.name.into(),
        address: plan.address.into(),
        city: plan.city.into(),
        phone: plan.phone.into(),
        time_zone: plan.zone.into(),
        currency: plan.currency.into(),
        about: plan.about.into(),
        // Its logins stand in the manual, for everybody.
        staff_second_factor: Some(false),
    };
    let hospital = services.hospitals.create(platform, command).await?.id;
    let [admin, desk, doctor] = plan.staff;
    let admin =
        employ(services, platform, hospital, (admin, "Andrea Amsel"), Role::HospitalAdmin, None).await?;
    employ(services, &admin, hospital, (desk, "Daniela Dachs"), Role::Desk, None).await?;
    let (inside, outside) = departments(services, &admin, hospital).await?;
    let types = visit_types(services, &admin, hospital, plan.price).await?;
    let together = match plan.group {
        Some((number, name)) => {
            let command = visit_type(name, Modality::InPerson, (45, 15), plan.price / 4);
            let command = SaveVisitType { capacity: PLACES, ..command };
            Some((number, services.hospitals.create_visit_type(&admin, hospital, command).await?))
        }
        None => None,
    };
    let (mut doctors, mut group) = (Vec::new(), None);
    for (number, plan) in plan.doctors.iter().enumerate() {
        let department = if number % 2 == 0 { inside } else { outside };
        let offered: Vec<VisitType> =
            types.iter().filter(|t| t.modality == Modality::InPerson || number % 3 != 2).cloned().collect();
        let with_her = together.as_ref().filter(|(doctor, _)| *doctor == number).map(|(_, kind)| kind);
        let kinds: Vec<VisitType> = offered.iter().chain(with_her).cloned().collect();
        let created =
            services.doctors.create(&admin, hospital, save_doctor(plan, department, &kinds)).await?;
        let id = created.card.id;
        group = with_her.map(|kind| (id, kind.clone())).or(group);
        services.availability.set_working_hours(&admin, id, week(number)?).await?;
        if number == 1 {
            let today = created.card.next_free.first().map(|m| m.date());
            if let Some(date) = today {
                let closed =
                    DateException { date: plus_days(date, 9), windows: vec![], note: "Training day".into() };
                services.availability.set_exception(&admin, id, closed).await?;
            }
        }
        doctors.push((id, offered));
    }
    if let (Some((id, _)), Some(plan)) = (doctors.first(), plan.doctors.first()) {
        employ(services, &admin, hospital, (doctor, plan.name), Role::Doctor, Some(*id)).await?;
    }
    Ok(Place { admin, zone: plan.zone, doctors, group })
}

async fn departments(
    services: &Services,
    admin: &Call,
    hospital: HospitalId,
) -> anyhow::Result<(DepartmentId, DepartmentId)> {
    let first = services.hospitals.create_department(admin, hospital, "Internal medicine".into()).await?;
    let second = services.hospitals.create_department(admin, hospital, "Outpatient clinic".into()).await?;
    Ok((first.id, second.id))
}

async fn visit_types(
    services: &Services,
    admin: &Call,
    hospital: HospitalId,
    price: i64,
) -> anyhow::Result<Vec<VisitType>> {
    let plans = [
        ("First visit", Modality::InPerson, 30, 5, price),
        ("Follow-up", Modality::InPerson, 15, 0, price / 2),
        ("Video visit", Modality::Video, 20, 5, price * 2 / 3),
    ];
    let mut types = Vec::new();
    for (name, modality, minutes, buffer_after, price_minor) in plans {
        let command = visit_type(name, modality, (minutes, buffer_after), price_minor);
        let command = SaveVisitType { series: name == "Follow-up", ..command };
        types.push(services.hospitals.create_visit_type(admin, hospital, command).await?);
    }
    Ok(types)
}

/// A visit for one patient, so long and with so much free after it.
fn visit_type(
    name: &str,
    modality: Modality,
    (minutes, buffer_after): (i64, i64),
    price_minor: i64,
) -> SaveVisitType {
    SaveVisitType {
        name: name.into(),
        modality,
        minutes,
        buffer_before: 0,
        buffer_after,
        price_minor,
        // Who is not in the house cannot pay at the desk.
        prepaid: modality == Modality::Video,
        most_a_day: None,
        capacity: 1,
        follow_up_only: false,
        series: false,
        active: true,
    }
}

fn save_doctor(plan: &DoctorPlan, department: DepartmentId, types: &[VisitType]) -> SaveDoctor {
    SaveDoctor {
        name: plan.name.into(),
        specialties: vec![plan.specialty.into()],
        languages: plan.languages.iter().map(|&code| code.into()).collect(),
        biography: plan.biography.into(),
        department_id: Some(department),
        visit_type_ids: types.iter().map(|t| t.id).collect(),
        active: true,
    }
}

/// Hours that differ a little from doctor to doctor: mornings always, afternoons on most days.
fn week(number: usize) -> anyhow::Result<SetWorkingHours> {
    let window = |start: &str, end: &str| -> anyhow::Result<TimeWindow> {
        let time = |text: &str| parse_time(text).map_err(anyhow::Error::msg);
        Ok(TimeWindow { start: time(start)?, end: time(end)? })
    };
    let free_afternoon = i8::try_from(1 + number % 5)?;
    let mut weekly = Vec::new();
    for weekday in 1..=5 {
        let begins = if number.is_multiple_of(2) { "08:30" } else { "09:00" };
        weekly.push(WeeklyWindow::new(weekday, window(begins, "12:30")?));
        if weekday != free_afternoon {
            let ends = if number.is_multiple_of(3) { "18:00" } else { "17:00" };
            weekly.push(WeeklyWindow::new(weekday, window("14:00", ends)?));
        }
    }
    if number.is_multiple_of(4) {
        weekly.push(WeeklyWindow::new(6, window("09:00", "12:00")?));
    }
    Ok(SetWorkingHours {
        weekly,
        rules: Some(BookingRules {
            cadence_minutes: 15,
            notice_minutes: 60,
            horizon_days: 60,
            most_a_day: None,
        }),
        version: None,
    })
}
