//! Lists and objects agree: ten thousand random callers, on both engines, see in lists exactly what the decision lets them
//! read one by one.
//!
//! The model of who treats whom is written anew here, and knows nothing of SQL.

use std::{collections::BTreeSet, sync::Arc};

use crate::world::{World, booking, on_both_engines};
use domain::{
    Actor, Call,
    access::{Action, Decision, Emergency, Facts, Membership, Principal, Role, decide},
    appointments::{Appointment, AppointmentQuery, Move, MoveAppointment},
    doctors::Doctor,
    ids::{AccountId, DoctorId, HospitalId, MembershipId, PatientId},
    page::PageQuery,
};
use futures::StreamExt;
use sqlx::{Connection, PgConnection, SqliteConnection};
use uuid::Uuid;

const WORLDS: u64 = 10_000;
const YEAR_MINUTES: i64 = 366 * 24 * 60;

/// A small generator whose numbers are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % sides).unwrap()
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len() as u64)]
    }
}

/// What all callers look at.
struct Stage {
    hospitals: Vec<HospitalId>,
    doctors: Vec<(HospitalId, DoctorId)>,
    patients: Vec<PatientId>,
    visits: Vec<Seen>,
    now: i64,
}

/// A visit as the model knows it.
struct Seen {
    visit: Appointment,
    called_off: bool,
}

impl Stage {
    fn treats(&self, doctor: DoctorId, patient: PatientId) -> bool {
        let recent =
            |seen: &&Seen| seen.visit.start.at().as_millisecond() >= self.now - YEAR_MINUTES * 60_000;
        self.visits.iter().filter(recent).any(|seen| {
            !seen.called_off && seen.visit.doctor_id == doctor && seen.visit.patient_id == patient
        })
    }

    fn may_read(&self, actor: &Actor, visit: &Appointment) -> bool {
        let doctor = actor.principal().unwrap().membership(visit.hospital_id).and_then(|m| m.doctor_id);
        let facts = Facts::Appointment {
            hospital: visit.hospital_id,
            doctor: visit.doctor_id,
            patient: visit.patient_id,
            in_care: doctor.is_some_and(|doctor| self.treats(doctor, visit.patient_id)),
        };
        matches!(decide(actor, Action::ReadAppointment, &facts), Decision::Allow(_))
    }

    fn may_read_patient(&self, actor: &Actor, hospital: HospitalId, patient: PatientId) -> bool {
        let doctor = actor.principal().unwrap().membership(hospital).and_then(|m| m.doctor_id);
        let in_care = doctor.is_some_and(|doctor| self.treats(doctor, patient));
        let facts = Facts::Patient { patient, hospital: Some(hospital), in_care };
        matches!(decide(actor, Action::ReadPatient, &facts), Decision::Allow(_))
    }
}

/// Two hospitals, two doctors each, six patients, and visits of now and of more than a year ago.
async fn stage(world: &World) -> Stage {
    let mut doctors: Vec<(HospitalId, Doctor, _)> = Vec::new();
    let mut admins = Vec::new();
    for name in ["Lindenhof", "Seeblick"] {
        let (hospital, admin) = world.hospital(name, "Europe/Berlin").await;
        for number in 1..=2 {
            let (doctor, visit_type) =
                world.doctor(&admin, hospital.id, &format!("Dr. {name} {number}")).await;
            doctors.push((hospital.id, doctor, visit_type));
        }
        admins.push((hospital.id, admin));
    }
    let mut calls = Vec::new();
    for number in 0..6 {
        calls.push(world.patient(&format!("p{number}@x.example")).await);
    }
    let mut dice = Dice(7);
    let mut visits = Vec::new();
    for year in ["2026-11-24", "2027-12-14"] {
        for slot in 0..9 {
            let (hospital, doctor, visit_type) = &doctors[dice.roll(4)];
            let patient = &calls[slot % 6];
            let start = format!("{year}T{:02}:{:02}", 9 + slot / 2, slot % 2 * 30);
            let visit =
                world.services.appointments.book(patient, booking(doctor, visit_type, &start)).await.unwrap();
            let called_off = dice.roll(4) == 0;
            if called_off {
                let admin = &admins.iter().find(|(id, _)| id == hospital).unwrap().1;
                let appointments = &world.services.appointments;
                appointments
                    .advance(admin, visit.id, Move::Cancel, MoveAppointment::default())
                    .await
                    .unwrap();
            }
            visits.push(Seen { visit, called_off });
        }
        if year.starts_with("2026") {
            world.clock.advance_minutes(YEAR_MINUTES + 20 * 24 * 60);
        }
    }
    Stage {
        hospitals: admins.iter().map(|(id, _)| *id).collect(),
        doctors: doctors.iter().map(|(hospital, doctor, _)| (*hospital, doctor.card.id)).collect(),
        patients: calls.iter().map(|call| call.actor.principal().unwrap().patients[0]).collect(),
        visits,
        now: services::clock::Clock::now_ms(&*world.clock),
    }
}

/// A caller with random memberships, patients and emergencies.
fn caller(stage: &Stage, dice: &mut Dice) -> Principal {
    let mut memberships: Vec<Membership> = Vec::new();
    for hospital in &stage.hospitals {
        let role = match dice.roll(6) {
            0 => Role::Desk,
            1 => Role::HospitalAdmin,
            2..4 => Role::Doctor,
            _ => continue,
        };
        let here: Vec<_> =
            stage.doctors.iter().filter(|(id, _)| id == hospital).map(|(_, doctor)| *doctor).collect();
        let doctor_id = (role == Role::Doctor).then(|| dice.one(&here));
        memberships.push(Membership {
            id: MembershipId(Uuid::new_v4()),
            hospital_id: *hospital,
            hospital_name: String::new(),
            role,
            doctor_id,
        });
    }
    let patients: BTreeSet<_> = (0..dice.roll(3)).map(|_| dice.one(&stage.patients)).collect();
    let emergencies = match dice.roll(3) {
        0 => {
            vec![Emergency { hospital_id: dice.one(&stage.hospitals), patient_id: dice.one(&stage.patients) }]
        }
        _ => Vec::new(),
    };
    Principal {
        account_id: AccountId(Uuid::new_v4()),
        full_name: "C".into(),
        email: "c@x.example".into(),
        verified: true,
        patients: patients.into_iter().collect(),
        memberships,
        held_back: Vec::new(),
        platform_admin: dice.roll(20) == 0,
        emergencies,
        session_epoch: 0,
    }
}

/// Writes what lists read of a caller: the account, its patients, its emergencies.
macro_rules! enter {
    ($database:expr, $callers:expr, $now:expr) => {{
        let mut database = $database;
        let mut transaction = database.begin().await.unwrap();
        for caller in $callers {
            sqlx::query("INSERT INTO accounts (id, email, password_hash, full_name, platform_admin, created_at) VALUES ($1, $2, '', 'C', FALSE, 0)")
                .bind(caller.account_id.0).bind(caller.account_id.0.to_string()).execute(&mut *transaction).await.unwrap();
            for patient in &caller.patients {
                sqlx::query("INSERT INTO patient_accounts (account_id, patient_id, relation, created_at) VALUES ($1, $2, 'parent', 0)")
                    .bind(caller.account_id.0).bind(patient.0).execute(&mut *transaction).await.unwrap();
            }
            for declared in &caller.emergencies {
                sqlx::query("INSERT INTO emergencies (id, hospital_id, patient_id, account_id, reason, declared_at, ends_at) VALUES ($1, $2, $3, $4, 'because', $5, $6)")
                    .bind(Uuid::new_v4()).bind(declared.hospital_id.0).bind(declared.patient_id.0)
                    .bind(caller.account_id.0).bind($now - 1).bind($now + 3_600_000).execute(&mut *transaction).await.unwrap();
            }
        }
        transaction.commit().await.unwrap();
    }};
}

async fn enter(world: &World, callers: &[Principal], now: i64) {
    if let Some(url) = &world.database_url {
        enter!(PgConnection::connect(url).await.unwrap(), callers, now);
        return;
    }
    let file = format!("sqlite://{}", world.folder.path().join("caresync.db").display());
    enter!(SqliteConnection::connect(&file).await.unwrap(), callers, now);
}

async fn agrees(services: &domain::Services, stage: &Stage, caller: Principal, mut dice: Dice) {
    let actor = Actor::Account(Box::new(caller));
    let call = Call::by(actor.clone());
    let all = PageQuery { cursor: None, limit: Some(100) };
    let hospital = dice.one(&stage.hospitals);
    // The hospital's list: nothing for those who are no members, and exactly the readable visits for members.
    let query =
        AppointmentQuery { hospital_id: Some(hospital), page: all.clone(), ..AppointmentQuery::default() };
    let listed = services.appointments.list(&call, query).await;
    let member = actor.principal().unwrap().membership(hospital).is_some();
    assert_eq!(listed.is_ok(), member);
    if let Ok(listed) = listed {
        let listed: BTreeSet<_> = listed.items.iter().map(|visit| visit.id).collect();
        let here = stage.visits.iter().filter(|seen| seen.visit.hospital_id == hospital);
        // A member who is the patient, too, reads that visit as the patient, in her own list.
        let principal = actor.principal().unwrap();
        let as_staff = |visit: &Appointment| {
            let staff = Principal { patients: Vec::new(), ..principal.clone() };
            stage.may_read(&Actor::Account(Box::new(staff)), visit)
        };
        let readable: BTreeSet<_> =
            here.filter(|seen| as_staff(&seen.visit)).map(|seen| seen.visit.id).collect();
        assert_eq!(listed, readable, "{principal:?}");
        let patients = services.appointments.patients(&call, hospital, None, all.clone()).await.unwrap();
        let listed: BTreeSet<_> = patients.items.iter().map(|card| card.id).collect();
        let known = stage.visits.iter().filter(|seen| seen.visit.hospital_id == hospital);
        let staff = Actor::Account(Box::new(Principal { patients: Vec::new(), ..principal.clone() }));
        let readable: BTreeSet<_> = known
            .map(|seen| seen.visit.patient_id)
            .filter(|patient| stage.may_read_patient(&staff, hospital, *patient))
            .collect();
        assert_eq!(listed, readable, "{principal:?}");
    }
    // The own list: exactly the visits of own patients.
    let query = AppointmentQuery { page: all, ..AppointmentQuery::default() };
    let own: BTreeSet<_> =
        services.appointments.list(&call, query).await.unwrap().items.iter().map(|visit| visit.id).collect();
    let patients = &actor.principal().unwrap().patients;
    let mine = stage.visits.iter().filter(|seen| patients.contains(&seen.visit.patient_id));
    assert_eq!(own, mine.map(|seen| seen.visit.id).collect::<BTreeSet<_>>());
    // One by one.
    let visit = &stage.visits[dice.roll(stage.visits.len() as u64)].visit;
    let read = services.appointments.get(&call, visit.id).await;
    assert_eq!(read.is_ok(), stage.may_read(&actor, visit), "{actor:?} {visit:?}");
}

on_both_engines! {
    async fn lists_and_objects_agree(world: World) {
        let stage = Arc::new(stage(&world).await);
        let mut dice = Dice(42);
        let callers: Vec<_> = (0..WORLDS).map(|_| caller(&stage, &mut dice)).collect();
        enter(&world, &callers, stage.now).await;
        let checks = callers.into_iter().enumerate().map(|(number, caller)| {
            let (services, stage) = (world.services.clone(), stage.clone());
            let dice = Dice(number as u64);
            tokio::spawn(async move { agrees(&services, &stage, caller, dice).await })
        });
        let mut checks = futures::stream::iter(checks).buffer_unordered(48);
        while let Some(check) = checks.next().await {
            check.unwrap();
        }
    }
}
