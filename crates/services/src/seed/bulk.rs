//! Data in bulk for measurements: hospitals through the services; doctors, patients and visits straight into the tables, since ten
//! years of five million visits would take days otherwise. Every row keeps every rule; `fsck` agrees. Doctors are in
//! `doctors_in_bulk`.
//!
//! It is not for production: all patients share one password, which is public. It refuses a house that is in use.

use domain::{
    Call, Services,
    access::Role,
    hospitals::{Modality, SaveHospital, SaveVisitType, VisitType},
    ids::HospitalId,
    page::PageQuery,
    text,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    SeedReport, act_as,
    doctors_in_bulk::insert_doctors,
    employ, people,
    store::{self, Common},
    visits_in_bulk::{self, Booked},
};
use crate::{accounts::AccountService, core::Core, db::Reach};

/// The password of every patient in bulk.
pub const BULK_PASSWORD: &str = "caresync-bench-2026";
/// So many patients have no visit: `patient0@bench.example` and on. A load can book for them without their own past.
pub const BULK_FREE_PATIENTS: usize = 128;
/// Patients per statement, and visits per transaction (with their steps about 10,000 rows).
const PATIENTS_AT_ONCE: usize = 1_000;
const VISITS_AT_ONCE: usize = 2_500;
/// More visits than any doctor has: by so much the numbers of theirs are apart.
const VISITS_OF_ONE: usize = 300_000;
const ZONES: &[(&str, &str, &str)] = &[
    ("Europe/Berlin", "EUR", "Berlin"),
    ("Asia/Kolkata", "INR", "Pune"),
    ("America/New_York", "USD", "New York"),
    ("Europe/London", "GBP", "Leeds"),
    ("Australia/Sydney", "AUD", "Sydney"),
];

/// How much data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkSize {
    /// 5 hospitals, 20 doctors, 2,000 patients, 50,000 visits.
    X1,
    /// 15 hospitals, 200 doctors, 20,000 patients, 500,000 visits.
    X10,
    /// 50 hospitals, 2,000 doctors, 200,000 patients, 5,000,000 visits.
    X100,
    /// Four doctors with 0, 2,500, 25,000 and 250,000 past visits.
    History,
    /// As little as a test needs.
    Tiny,
}

/// What a size means.
struct Plan {
    hospitals: usize,
    patients: usize,
    /// Past visits of each doctor.
    past: Vec<usize>,
    /// Whether the next twenty working days are 60 % full.
    future: bool,
}

impl BulkSize {
    fn plan(self) -> Plan {
        // Of the 2,500 visits of a doctor, 380 are in the next twenty working days.
        let past = 2_500 - visits_in_bulk::FUTURE;
        match self {
            Self::X1 => Plan { hospitals: 5, patients: 2_000, past: vec![past; 20], future: true },
            Self::X10 => Plan { hospitals: 15, patients: 20_000, past: vec![past; 200], future: true },
            Self::X100 => Plan { hospitals: 50, patients: 200_000, past: vec![past; 2_000], future: true },
            Self::History => {
                Plan { hospitals: 1, patients: 2_000, past: vec![0, 2_500, 25_000, 250_000], future: false }
            }
            Self::Tiny => Plan { hospitals: 2, patients: 140, past: vec![0, 40, 90], future: true },
        }
    }
}

/// Fills an empty house.
pub(crate) async fn fill(core: &Core, size: BulkSize) -> anyhow::Result<SeedReport> {
    let services = crate::house::services(core);
    if !services.hospitals.list(PageQuery::default()).await?.items.is_empty() {
        anyhow::bail!("there are hospitals here already; bulk data are only for an empty house");
    }
    let plan = size.plan();
    let accounts = AccountService::new(core.clone());
    let platform =
        accounts.create_platform_admin("platform@bench.example", "Petra Platform", BULK_PASSWORD).await?;
    let platform = act_as(&services, platform).await?;
    core.db.write(&Reach::house("an empty house is filled"), |conn| Box::pin(store::prepare(conn))).await?;
    let patients = insert_patients(core, plan.patients).await?;
    let mut houses = Vec::new();
    for number in 0..plan.hospitals {
        houses.push(hospital(&services, &platform, number).await?);
    }
    let doctors = insert_doctors(core, &houses, plan.past.len()).await?;
    let mut made = 0;
    let free = patients.get(BULK_FREE_PATIENTS..).unwrap_or_default();
    // Each doctor has patients of her own, so no patient is in two places at a time.
    let share = (free.len() / plan.past.len()).max(1);
    let filled = doctors.into_iter().zip(&plan.past).zip(free.chunks(share));
    for (number, (((house, doctor), past), patients)) in filled.enumerate() {
        let visits = visits_in_bulk::of_doctor(core.clock.now(), house.zone, number, *past, plan.future)?;
        made += visits.len();
        let visit_type = house.visit_type()?;
        let common = Common {
            hospital: house.id,
            doctor,
            visit_type: visit_type.id.0,
            visit_type_name: visit_type.name.clone(),
            minutes: i64::from(visit_type.minutes),
            price_minor: visit_type.price.amount_minor,
            currency: visit_type.price.currency.clone(),
            time_zone: house.zone.to_owned(),
            by: house.admin.actor.signed_in()?.account_id,
        };
        insert_visits(core, &common, number, &visits, patients).await?;
    }
    core.directory.forget();
    Ok(SeedReport {
        hospitals: plan.hospitals,
        doctors: plan.past.len(),
        patients: plan.patients,
        appointments: made,
    })
}

/// Accounts and patients, all with one password; hashing 200,000 would measure the hash.
async fn insert_patients(core: &Core, count: usize) -> anyhow::Result<Vec<Uuid>> {
    let password_hash = core.passwords.hash(BULK_PASSWORD.to_owned(), core.random.clone()).await?;
    let now = core.now_ms();
    let numbers: Vec<usize> = (0..count).collect();
    let mut patients = Vec::with_capacity(count);
    for numbers in numbers.chunks(PATIENTS_AT_ONCE) {
        let mut rows = Vec::with_capacity(numbers.len());
        for &number in numbers {
            let person = people::patient(number + 1);
            let id = id_of(now, 2, number);
            let search_name = text::search_form(&person.full_name);
            let (account, patient) = (id_of(now, 1, number).simple().to_string(), id.simple().to_string());
            let email = format!("patient{number}@bench.example");
            rows.push(json!([account, patient, email, person.full_name, search_name, person.birth_date]));
            patients.push(id);
        }
        let (rows, password_hash) = (serde_json::to_string(&rows)?, password_hash.clone());
        core.db
            .write(&Reach::house("an empty house is filled"), move |conn| {
                let (rows, password_hash) = (rows.clone(), password_hash.clone());
                Box::pin(async move { store::insert_patients(conn, &rows, &password_hash, now).await })
            })
            .await?;
    }
    Ok(patients)
}

async fn insert_visits(
    core: &Core,
    common: &Common,
    doctor: usize,
    visits: &[Booked],
    patients: &[Uuid],
) -> anyhow::Result<()> {
    // Ids in the order of writing: ten years of ids in the order of time would touch every page of an index at once.
    let now = core.now_ms();
    let numbered: Vec<(usize, &Booked)> = visits.iter().enumerate().collect();
    for chunk in numbered.chunks(VISITS_AT_ONCE) {
        let mut rows = Vec::with_capacity(chunk.len());
        for &(number, visit) in chunk {
            let unique = doctor * VISITS_OF_ONE + number;
            let id = id_of(now, 3, unique).simple().to_string();
            let Some(patient) = patients.get(number % patients.len().max(1)) else { continue };
            let (patient, reference) = (patient.simple().to_string(), format!("B{unique:09}"));
            let Booked { starts_at, created_at, status, version, .. } = visit;
            rows.push(json!([
                id,
                patient,
                reference,
                starts_at,
                created_at,
                status,
                version,
                visit.local_start
            ]));
        }
        let first = chunk.first().map_or(0, |(_, visit)| visit.starts_at);
        let last = chunk.last().map_or(0, |(_, visit)| visit.starts_at);
        let (rows, common, doctor) = (serde_json::to_string(&rows)?, common.clone(), common.doctor);
        core.db
            .write(&Reach::house("an empty house is filled"), move |conn| {
                let (rows, common) = (rows.clone(), common.clone());
                Box::pin(async move {
                    store::insert_known(conn, &rows, common.hospital).await?;
                    store::insert_visits(conn, &rows, &common).await?;
                    store::insert_steps(conn, doctor, first, last).await
                })
            })
            .await?;
    }
    Ok(())
}

/// The same id for the same row in every run of a day: a UUID version 7 with a counter in place of randomness.
pub(super) fn id_of(millis: i64, kind: u8, number: usize) -> Uuid {
    let mut bytes = [kind; 10];
    let number = u64::try_from(number).unwrap_or(u64::MAX).to_be_bytes();
    bytes.iter_mut().skip(2).zip(number).for_each(|(byte, counted)| *byte = counted);
    uuid::Builder::from_unix_timestamp_millis(u64::try_from(millis).unwrap_or(0), &bytes).into_uuid()
}

/// A hospital that can take doctors.
pub(super) struct House {
    pub(super) id: HospitalId,
    zone: &'static str,
    admin: Call,
    visit_types: Vec<VisitType>,
}

impl House {
    /// What all visits in bulk are.
    fn visit_type(&self) -> anyhow::Result<&VisitType> {
        self.visit_types.first().ok_or_else(|| anyhow::anyhow!("a hospital without visit types"))
    }
}

async fn hospital(services: &Services, platform: &Call, number: usize) -> anyhow::Result<House> {
    let (zone, currency, city) = ZONES.get(number % ZONES.len()).copied().unwrap_or(("UTC", "EUR", "Berlin"));
    let command = SaveHospital {
        name: format!("Bench Hospital {:02}", number + 1),
        address: format!("{} Long Street", number + 1),
        city: city.to_owned(),
        phone: "+49 30 5550 100".to_owned(),
        time_zone: zone.to_owned(),
        currency: currency.to_owned(),
        about: "A hospital that exists to be measured.".to_owned(),
        staff_second_factor: Some(false),
    };
    let id = services.hospitals.create(platform, command).await?.id;
    let email = format!("admin{number}@bench.example");
    let admin = employ(services, platform, id, (&email, "Anna Admin"), Role::HospitalAdmin, None).await?;
    let mut visit_types = Vec::new();
    for (name, minutes, price_minor) in [("Visit", 15, 4_000), ("Long visit", 30, 7_500)] {
        let command = SaveVisitType {
            name: name.to_owned(),
            modality: Modality::InPerson,
            minutes,
            buffer_before: 0,
            buffer_after: 0,
            price_minor,
            prepaid: false,
            most_a_day: None,
            capacity: 1,
            follow_up_only: false,
            series: false,
            active: true,
        };
        visit_types.push(services.hospitals.create_visit_type(&admin, id, command).await?);
    }
    Ok(House { id, zone, admin, visit_types })
}
