//! Lists and objects agree: ten thousand random callers, on both engines, see in lists exactly what the decision lets them
//! read one by one.
//!
//! The model of who treats whom is written anew here, and knows nothing of SQL.

use std::{collections::BTreeSet, sync::Arc};

use crate::world::{World, booking, on_both_engines};
use domain::{
    Actor, Call,
    access::{Acting, Action, Decision, Emergency, Facts, Membership, Principal, Role, decide},
    appointments::{Appointment, AppointmentQuery, Move, MoveAppointment, Period},
    doctors::Doctor,
    family::{
        Arrangement, Given, OWN_AGE, PRIVATE_AGE, Permission, Permissions, Relation, birthday, younger_after,
    },
    ids::{AccountId, DoctorId, HospitalId, MembershipId, PatientId},
    page::PageQuery,
};
use futures::StreamExt;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
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
    /// When the patients were born.
    born: Vec<Date>,
    /// The doctor whose specialty is nobody else's business.
    private: DoctorId,
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
            sensitive: visit.doctor_id == self.private,
        };
        matches!(decide(actor, Action::ReadAppointment, &facts), Decision::Allow(_))
    }

    fn today(&self) -> Date {
        Timestamp::from_millisecond(self.now).unwrap().to_zoned(TimeZone::UTC).date()
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
    let now = services::clock::Clock::now_ms(&*world.clock);
    let today = Timestamp::from_millisecond(now).unwrap().to_zoned(TimeZone::UTC).date();
    // On the very birthdays, the day before them, and far from any.
    let young = |years| younger_after(today, years);
    let born = vec![
        young(5),
        young(PRIVATE_AGE),
        young(PRIVATE_AGE).tomorrow().unwrap(),
        young(OWN_AGE),
        young(OWN_AGE).tomorrow().unwrap(),
        young(70),
    ];
    assert_eq!((birthday(born[1], PRIVATE_AGE), birthday(born[3], OWN_AGE)), (today, today));
    Stage {
        born,
        private: doctors[1].1.card.id,
        hospitals: admins.iter().map(|(id, _)| *id).collect(),
        doctors: doctors.iter().map(|(hospital, doctor, _)| (*hospital, doctor.card.id)).collect(),
        patients: calls.iter().map(|call| call.actor.principal().unwrap().patients[0]).collect(),
        visits,
        now,
    }
}

/// What a caller and a patient have agreed.
struct Agreed {
    patient: PatientId,
    arrangement: Arrangement,
    ended: bool,
}

/// A caller, and what the database knows of her besides.
struct Caller {
    principal: Principal,
    agreed: Vec<Agreed>,
}

/// A random arrangement, whose period begins or ends about today.
fn arrangement(dice: &mut Dice, today: Date) -> Arrangement {
    let day = |dice: &mut Dice| {
        let days = [today.yesterday().unwrap(), today, today.tomorrow().unwrap()];
        (dice.roll(2) == 0).then(|| dice.one(&days))
    };
    Arrangement {
        relation: dice.one(&[Relation::Parent, Relation::Carer]),
        given: dice.one(&[Given::Guardian, Given::Patient]),
        permissions: Permission::ALL.into_iter().filter(|_| dice.roll(2) == 0).collect(),
        from: day(dice),
        until: day(dice),
    }
}

/// For whom a caller acts, as the model computes it.
fn acting(stage: &Stage, agreed: &[Agreed]) -> Vec<Acting> {
    let lasting = agreed.iter().filter(|one| !one.ended);
    let acting = lasting.map(|one| {
        let number = stage.patients.iter().position(|patient| *patient == one.patient).unwrap();
        Acting {
            patient_id: one.patient,
            full_name: String::new(),
            relation: one.arrangement.relation,
            permissions: one.arrangement.on(stage.born[number], stage.today()),
            guards: false,
            hands_over: false,
        }
    });
    acting.filter(|one| one.permissions != Permissions::NONE).collect()
}

/// A caller with random memberships, patients, people for whom she acts, and emergencies.
fn caller(stage: &Stage, dice: &mut Dice) -> Caller {
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
    let helped: BTreeSet<_> = (0..dice.roll(4)).map(|_| dice.one(&stage.patients)).collect();
    let agreed: Vec<_> = helped
        .difference(&patients)
        .map(|patient| Agreed {
            patient: *patient,
            arrangement: arrangement(dice, stage.today()),
            ended: dice.roll(5) == 0,
        })
        .collect();
    let emergencies = match dice.roll(3) {
        0 => {
            vec![Emergency { hospital_id: dice.one(&stage.hospitals), patient_id: dice.one(&stage.patients) }]
        }
        _ => Vec::new(),
    };
    let principal = Principal {
        account_id: AccountId(Uuid::new_v4()),
        full_name: "C".into(),
        email: "c@x.example".into(),
        verified: true,
        patients: patients.into_iter().collect(),
        acting: acting(stage, &agreed),
        memberships,
        held_back: Vec::new(),
        platform_admin: dice.roll(20) == 0,
        platform_held_back: false,
        emergencies,
        session_epoch: 0,
    };
    Caller { principal, agreed }
}

/// Writes what lists read of a caller: the account, its patients, for whom it acts, its emergencies. Here a patient has many owners.
macro_rules! enter {
    ($database:expr, $stage:expr, $callers:expr, $now:expr) => {{
        let mut database = $database;
        let mut transaction = database.begin().await.unwrap();
        sqlx::query("DROP INDEX patient_accounts_owner").execute(&mut *transaction).await.unwrap();
        sqlx::query("UPDATE doctors SET specialties = '[\"cardiology\",\"psychiatry\"]' WHERE id = $1")
            .bind($stage.private.0).execute(&mut *transaction).await.unwrap();
        for (patient, born) in $stage.patients.iter().zip(&$stage.born) {
            sqlx::query("UPDATE patients SET birth_date = $2 WHERE id = $1")
                .bind(patient.0).bind(born.to_string()).execute(&mut *transaction).await.unwrap();
        }
        for Caller { principal: caller, agreed } in $callers {
            sqlx::query("INSERT INTO accounts (id, email, password_hash, full_name, platform_admin, created_at) VALUES ($1, $2, '', 'C', FALSE, 0)")
                .bind(caller.account_id.0).bind(caller.account_id.0.to_string()).execute(&mut *transaction).await.unwrap();
            for patient in &caller.patients {
                sqlx::query("INSERT INTO patient_accounts (account_id, patient_id, relation, created_at) VALUES ($1, $2, 'self', 0)")
                    .bind(caller.account_id.0).bind(patient.0).execute(&mut *transaction).await.unwrap();
            }
            for Agreed { patient, arrangement, ended } in agreed {
                let may = |one| arrangement.permissions.has(one);
                sqlx::query("INSERT INTO patient_accounts (account_id, patient_id, relation, created_at, given, may_book, may_pay, may_messages, may_records, may_prescriptions, may_sensitive, from_date, until_date, ended_at) VALUES ($1, $2, $3, 0, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
                    .bind(caller.account_id.0).bind(patient.0).bind(arrangement.relation.code()).bind(arrangement.given.code())
                    .bind(may(Permission::Book)).bind(may(Permission::Pay)).bind(may(Permission::Messages)).bind(may(Permission::Records))
                    .bind(may(Permission::Prescriptions)).bind(may(Permission::Sensitive))
                    .bind(arrangement.from.map(|day| day.to_string())).bind(arrangement.until.map(|day| day.to_string()))
                    .bind(ended.then_some($now - 1)).execute(&mut *transaction).await.unwrap();
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

async fn enter(world: &World, stage: &Stage, callers: &[Caller]) {
    let now = stage.now;
    if let Some(url) = &world.database_url {
        enter!(PgConnection::connect(url).await.unwrap(), stage, callers, now);
        return;
    }
    let file = format!("sqlite://{}", world.folder.path().join("caresync.db").display());
    enter!(SqliteConnection::connect(&file).await.unwrap(), stage, callers, now);
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
            let staff = Principal { patients: Vec::new(), acting: Vec::new(), ..principal.clone() };
            stage.may_read(&Actor::Account(Box::new(staff)), visit)
        };
        let readable: BTreeSet<_> =
            here.filter(|seen| as_staff(&seen.visit)).map(|seen| seen.visit.id).collect();
        assert_eq!(listed, readable, "{principal:?}");
        let patients = services.appointments.patients(&call, hospital, None, all.clone()).await.unwrap();
        let listed: BTreeSet<_> = patients.items.iter().map(|card| card.id).collect();
        let known = stage.visits.iter().filter(|seen| seen.visit.hospital_id == hospital);
        let staff = Principal { patients: Vec::new(), acting: Vec::new(), ..principal.clone() };
        let staff = Actor::Account(Box::new(staff));
        let readable: BTreeSet<_> = known
            .map(|seen| seen.visit.patient_id)
            .filter(|patient| stage.may_read_patient(&staff, hospital, *patient))
            .collect();
        assert_eq!(listed, readable, "{principal:?}");
    }
    // The own list: exactly the visits that she may read as a patient, or for one; in its two parts as well.
    let listed = async |period| -> BTreeSet<_> {
        let query = AppointmentQuery { period, page: all.clone(), ..AppointmentQuery::default() };
        services.appointments.list(&call, query).await.unwrap().items.iter().map(|visit| visit.id).collect()
    };
    let own = listed(Period::All).await;
    let principal = actor.principal().unwrap();
    let at_home = Principal { memberships: Vec::new(), emergencies: Vec::new(), ..principal.clone() };
    let at_home = Actor::Account(Box::new(at_home));
    let mine = stage.visits.iter().filter(|seen| stage.may_read(&at_home, &seen.visit));
    assert_eq!(own, mine.map(|seen| seen.visit.id).collect::<BTreeSet<_>>(), "{principal:?}");
    let parts: BTreeSet<_> =
        listed(Period::Upcoming).await.union(&listed(Period::Past).await).copied().collect();
    assert_eq!(own, parts, "{principal:?}");
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
        enter(&world, &stage, &callers).await;
        let checks = callers.into_iter().enumerate().map(|(number, caller)| {
            let (services, stage) = (world.services.clone(), stage.clone());
            let dice = Dice(number as u64);
            tokio::spawn(async move { agrees(&services, &stage, caller.principal, dice).await })
        });
        let mut checks = futures::stream::iter(checks).buffer_unordered(48);
        while let Some(check) = checks.next().await {
            check.unwrap();
        }
    }
}
