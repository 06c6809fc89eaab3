//! A small world for the service tests: a fresh house on either engine, a hospital with a doctor, patients, staff.
//!
//! Each test body runs twice, on SQLite and on PostgreSQL (where `CARESYNC_TEST_POSTGRES` names a cluster).

use std::sync::Arc;

use domain::{
    Actor, Call, Services,
    access::{Principal, Role},
    accounts::{AcceptInvitation, Entry, InviteMember, RegisterPatient, Step},
    appointments::BookAppointment,
    availability::{BookingRules, SetWorkingHours, TimeWindow, WeeklyWindow},
    credentials::VerifyEmail,
    doctors::{Doctor, SaveDoctor},
    hospitals::{Hospital, Modality, SaveHospital, SaveVisitType, VisitType},
    ids::{AccountId, DoctorId, HospitalId},
    time::parse_time,
};
use jiff::Timestamp;
use services::{House, MailSettings, Settings, clock::TestClock};

use crate::letters::{self, Letter};

pub(crate) const PASSWORD: &str = "three blue herons";

/// The engines that are at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// A house with what a test needs.
pub(crate) struct World {
    pub(crate) house: House,
    pub(crate) services: Services,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) platform: Call,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) database_url: Option<String>,
}

/// Runs each `async fn name(world: World)` on both engines.
macro_rules! on_both_engines {
    ($(async fn $name:ident($world:ident: World) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn body($world: World) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                body(World::open(crate::world::Engine::Sqlite).await.expect("SQLite is always at hand")).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(world) = World::open(crate::world::Engine::Postgres).await {
                    body(world).await;
                }
            }
        }
    )+};
}

/// Whoever came in with a password alone.
pub(crate) fn entry(step: Step) -> Entry {
    match step {
        Step::In(entry) => *entry,
        Step::Code(passed) => panic!("{passed:?} has to give a code"),
    }
}

/// The instant at which every world begins: a Monday morning in Berlin.
pub(crate) fn beginning() -> Timestamp {
    "2026-11-23T07:00:00+01:00".parse().unwrap()
}

impl World {
    pub(crate) async fn open(engine: Engine) -> Option<Self> {
        Self::open_with(engine, |_| {}).await
    }

    pub(crate) async fn open_with(engine: Engine, change: impl FnOnce(&mut Settings)) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let database_url = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(fresh_database().await?),
        };
        let clock = Arc::new(TestClock::at(beginning()));
        let mut settings = Settings {
            data_dir: folder.path().to_owned(),
            database_url: database_url.clone(),
            max_connections: 8,
            limits: true,
            password_cost: services::PasswordCost::Test,
            passkey_origin: "https://care.example".into(),
            platform_password_alone: true,
            mail: MailSettings { origin: "https://care.example".into(), ..MailSettings::default() },
            ..Settings::default()
        };
        change(&mut settings);
        let house = House::open_with(settings, clock.clone()).await.unwrap();
        house.migrate().await.unwrap();
        let platform = house.create_platform_admin("root@x.example", "Paula", PASSWORD).await.unwrap();
        let services = house.services.clone();
        let platform = act_as(&services, platform).await;
        Some(Self { house, services, clock, platform, folder, database_url })
    }

    pub(crate) async fn hospital(&self, name: &str, zone: &str) -> (Hospital, Call) {
        let command = SaveHospital {
            name: name.into(),
            address: "Main Street 1".into(),
            city: "Town".into(),
            time_zone: zone.into(),
            currency: "EUR".into(),
            staff_second_factor: Some(false),
            ..SaveHospital::default()
        };
        let hospital = self.services.hospitals.create(&self.platform, command).await.unwrap();
        let admin = self
            .member(
                &self.platform,
                hospital.id,
                &format!("admin@{}.example", hospital.id),
                Role::HospitalAdmin,
                None,
            )
            .await;
        (hospital, admin)
    }

    pub(crate) async fn member(
        &self,
        by: &Call,
        hospital: HospitalId,
        email: &str,
        role: Role,
        doctor: Option<DoctorId>,
    ) -> Call {
        let command = InviteMember { hospital_id: hospital, email: email.into(), role, doctor_id: doctor };
        let token = self.services.accounts.invite(by, command).await.unwrap().token.unwrap();
        let command = AcceptInvitation { token, full_name: "Member".into(), password: PASSWORD.into() };
        let principal = self.services.accounts.accept_invitation(&Call::anonymous(), command).await.unwrap();
        proven(principal)
    }

    /// From now on what this doctor does is nobody's business but the patient's.
    pub(crate) async fn becomes_private(&self, admin: &Call, doctor: &Doctor, kind: &VisitType) {
        let save = SaveDoctor {
            name: doctor.card.name.clone(),
            specialties: vec!["psychiatry".into()],
            languages: vec!["en".into()],
            visit_type_ids: vec![kind.id],
            active: true,
            ..SaveDoctor::default()
        };
        self.services.doctors.update(admin, doctor.card.id, save).await.unwrap();
    }

    /// A doctor who works Monday to Friday from nine to five, visits of half an hour without notice.
    pub(crate) async fn doctor(&self, admin: &Call, hospital: HospitalId, name: &str) -> (Doctor, VisitType) {
        let command = kind_of_visit(&format!("Visit with {name}"));
        let visit_type = self.services.hospitals.create_visit_type(admin, hospital, command).await.unwrap();
        let command = SaveDoctor {
            name: name.into(),
            specialties: vec!["cardiology".into()],
            languages: vec!["en".into()],
            visit_type_ids: vec![visit_type.id],
            active: true,
            ..SaveDoctor::default()
        };
        let doctor = self.services.doctors.create(admin, hospital, command).await.unwrap();
        let window = TimeWindow { start: parse_time("09:00").unwrap(), end: parse_time("17:00").unwrap() };
        let hours = SetWorkingHours {
            weekly: (1..=5).map(|weekday| WeeklyWindow::new(weekday, window)).collect(),
            rules: Some(BookingRules {
                cadence_minutes: 30,
                notice_minutes: 0,
                horizon_days: 365,
                most_a_day: None,
            }),
            version: None,
        };
        self.services.availability.set_working_hours(admin, doctor.card.id, hours).await.unwrap();
        (doctor, visit_type)
    }

    /// A patient whose address is confirmed, by the link of the mail.
    pub(crate) async fn patient(&self, email: &str) -> Call {
        let newcomer = self.newcomer(email).await;
        self.confirmed(&newcomer).await
    }

    /// The same person once she has followed the link of the last mail.
    pub(crate) async fn confirmed(&self, who: &Call) -> Call {
        let email = who.actor.principal().unwrap().email.clone();
        let token = self.letters(&email).await.pop().unwrap().token();
        let command = VerifyEmail { token, password: String::new() };
        proven(self.services.credentials.verify_email(who, command).await.unwrap())
    }

    /// Somebody who has just signed up.
    pub(crate) async fn newcomer(&self, email: &str) -> Call {
        let command = registration(email);
        let registered = self.services.accounts.register_patient(&Call::anonymous(), command).await.unwrap();
        act_as(&self.services, registered.account_id).await
    }

    /// The mail of an address since somebody last looked.
    pub(crate) async fn letters(&self, email: &str) -> Vec<Letter> {
        self.house.deliver_mail().await.unwrap();
        letters::take(self.folder.path(), email)
    }

    /// `table.column` of everything in the PostgreSQL database.
    pub(crate) async fn columns(&self) -> Vec<String> {
        let pool = sqlx::PgPool::connect(self.database_url.as_deref().unwrap()).await.unwrap();
        let sql = "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'";
        sqlx::query_scalar(sql).fetch_all(&pool).await.unwrap()
    }

    pub(crate) async fn healthy(&self) {
        let report = self.house.fsck().await.unwrap();
        assert!(report.problems.is_empty(), "{:?}", report.problems);
    }
}

/// The call of somebody who has just given her password, whenever the test comes to ask.
pub(crate) fn proven(principal: Principal) -> Call {
    Call::by(Actor::Account(Box::new(principal))).proven(Timestamp::MAX)
}

pub(crate) async fn act_as(services: &Services, account: AccountId) -> Call {
    proven(services.accounts.principal(account).await.unwrap().unwrap())
}

/// What signs somebody up.
pub(crate) fn registration(email: &str) -> RegisterPatient {
    RegisterPatient {
        email: email.into(),
        password: PASSWORD.into(),
        full_name: format!("Patient {email}"),
        birth_date: "1950-05-05".into(),
        next: String::new(),
    }
}

pub(crate) fn booking(doctor: &Doctor, visit_type: &VisitType, start: &str) -> BookAppointment {
    BookAppointment {
        doctor_id: doctor.card.id,
        visit_type_id: visit_type.id,
        start: start.into(),
        patient_id: None,
        reason: None,
        price_minor: None,
    }
}

/// A kind of visit of half an hour, paid for at the desk. Tests say in which way theirs is another one.
pub(crate) fn kind_of_visit(name: &str) -> SaveVisitType {
    SaveVisitType {
        name: name.into(),
        modality: Modality::InPerson,
        minutes: 30,
        buffer_before: 0,
        buffer_after: 0,
        price_minor: 5_000,
        prepaid: false,
        most_a_day: None,
        series: false,
        capacity: 1,
        follow_up_only: false,
        active: true,
    }
}

/// A database of its own in the test cluster; `None` when there is no cluster.
#[expect(clippy::disallowed_methods, reason = "the test's own name and the cluster's address")]
pub(crate) async fn fresh_database() -> Option<String> {
    let cluster = std::env::var("CARESYNC_TEST_POSTGRES").ok()?;
    let name = format!("t{}", uuid::Uuid::new_v4().simple());
    let pool = sqlx::PgPool::connect(&cluster).await.expect("the test cluster answers");
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&pool)
        .await
        .expect("a fresh database");
    pool.close().await;
    let (server, _) = cluster.rsplit_once('/').expect("the cluster's address names a database");
    Some(format!("{server}/{name}"))
}

pub(crate) use on_both_engines;
