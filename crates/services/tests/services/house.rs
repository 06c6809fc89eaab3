//! The house itself: schema on both engines, locks, accounts, hours, the demo.
//!
//! Booking has a file of its own.

use std::collections::BTreeSet;

use crate::world::{PASSWORD, World, entry, kind_of_visit, on_both_engines};
use domain::{
    Call, Error,
    access::Role,
    accounts::{AcceptInvitation, InviteMember, MemberState, RegisterPatient, SignIn},
    audit::AuditQuery,
    availability::{DateException, SetWorkingHours, SlotQuery, TimeWindow, WeeklyWindow},
    doctors::SaveDoctor,
    error::Conflict,
    hospitals::{SaveHospital, SaveVisitType},
    time::parse_time,
};
use services::{House, OpenError, Settings};
use sqlx::Row;

on_both_engines! {
    async fn accounts_sign_up_and_in(world: World) {
        world.patient("ada@x.example").await;
        let accounts = &world.services.accounts;
        let sign_in = |email: &str, password: &str| accounts.sign_in(SignIn { email: email.into(), password: password.into() }, "");
        assert_eq!(sign_in(" ADA@x.example ", PASSWORD).await.map(entry).unwrap().principal.patients.len(), 1);
        assert_eq!(sign_in("ada@x.example", "three blue herrings").await, Err(Error::SignInFailed));
        assert_eq!(sign_in("nobody@x.example", PASSWORD).await, Err(Error::SignInFailed));
        let bad = RegisterPatient { email: "ada".into(), password: "short".into(), full_name: " ".into(), birth_date: "2050-01-01".into(), next: String::new() };
        let Err(Error::Invalid { fields }) = accounts.register_patient(&Call::anonymous(), bad).await else { panic!("refused") };
        let rules: Vec<_> = fields.iter().map(|f| (f.field.as_str(), f.rule.as_str())).collect();
        assert_eq!(rules, [("full_name", "required"), ("birth_date", "birth_date_future"), ("email", "email_invalid"), ("password", "password_too_short")]);
    }

    async fn an_invitation_works_once_and_takes_nothing_over(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let patient = world.patient("ada@x.example").await;
        let command = InviteMember { hospital_id: hospital.id, email: "ada@x.example".into(), role: Role::Desk, doctor_id: None };
        let accounts = &world.services.accounts;
        assert_eq!(accounts.invite(&patient, command.clone()).await, Err(Error::NotFound));
        let token = accounts.invite(&admin, command).await.unwrap().token.unwrap();
        let accept = AcceptInvitation { token, full_name: "Eve".into(), password: "another password".into() };
        assert!(accounts.invitation(&accept.token).await.unwrap().has_account);
        assert!(matches!(accounts.accept_invitation(&Call::anonymous(), accept.clone()).await, Err(Error::Unauthenticated)));
        assert!(matches!(accounts.accept_invitation(&admin, accept.clone()).await, Err(Error::Forbidden)));
        let principal = accounts.accept_invitation(&patient, accept.clone()).await.unwrap();
        assert_eq!(principal.memberships[0].role, Role::Desk);
        assert!(matches!(accounts.accept_invitation(&patient, accept).await, Err(Error::NotFound)));
        let joined = AuditQuery { account_id: Some(principal.account_id), ..AuditQuery::default() };
        let joined = world.services.audit.search(&admin, hospital.id, joined).await.unwrap();
        let told: Vec<_> = joined.items.iter().map(|event| (event.action.as_str(), event.outcome.as_str())).collect();
        assert!(told.contains(&("invite_member", "allowed")), "{told:?}");
        // The platform gives a hospital its first administrator; it does not let itself in later.
        let command = InviteMember { hospital_id: hospital.id, email: "root@x.example".into(), role: Role::HospitalAdmin, doctor_id: None };
        assert_eq!(accounts.invite(&world.platform, command).await, Err(Error::Forbidden));
        let member = principal.memberships[0].id;
        // Nor does a link that was never followed bring back who is suspended since.
        let unused = InviteMember { hospital_id: hospital.id, email: "ada@x.example".into(), role: Role::HospitalAdmin, doctor_id: None };
        let unused = accounts.invite(&admin, unused).await.unwrap().token.unwrap();
        let members = accounts.set_member_state(&admin, hospital.id, member, MemberState::Suspended).await.unwrap();
        assert_eq!((members.members.len(), members.invitations.len()), (2, 0));
        let back = AcceptInvitation { token: unused, full_name: String::new(), password: String::new() };
        assert!(matches!(accounts.accept_invitation(&patient, back).await, Err(Error::NotFound)));
        assert!(accounts.principal(principal.account_id).await.unwrap().unwrap().memberships.is_empty());
    }

    async fn what_is_made_under_a_key_is_made_once(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (second, _) = world.hospital("Riverside", "Europe/Berlin").await;
        let keyed = Call { idempotency_key: Some("k1".into()), ..admin.clone() };
        let hospitals = &world.services.hospitals;
        let made = hospitals.create_department(&keyed, hospital.id, "Eyes".into()).await.unwrap();
        assert_eq!(hospitals.create_department(&keyed, hospital.id, "Eyes".into()).await, Ok(made));
        let other = hospitals.create_department(&keyed, hospital.id, "Ears".into()).await;
        assert_eq!(other, Err(Error::conflict(Conflict::KeyReused)));
        assert_eq!(hospitals.create_department(&keyed, second.id, "Eyes".into()).await, Err(Error::NotFound));

        let accounts = &world.services.accounts;
        let command = InviteMember { hospital_id: hospital.id, email: "d@x.example".into(), role: Role::Desk, doctor_id: None };
        let first = accounts.invite(&keyed, command.clone()).await.unwrap();
        let again = accounts.invite(&keyed, command).await.unwrap();
        assert_eq!(first.id, again.id);
        // The answer that was lost is given again, and one letter is written.
        assert_eq!(first.token, again.token);
        assert_eq!(accounts.invitation(&again.token.unwrap()).await.unwrap().id, first.id);
        assert_eq!(world.letters("d@x.example").await.len(), 1);
    }

    async fn hours_decide_what_is_offered(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let query = SlotQuery { doctor_id: doctor.card.id, visit_type_id: visit_type.id, from: "2026-11-24".parse().ok(), to: "2026-11-24".parse().ok() };
        let availability = &world.services.availability;
        assert_eq!(availability.slots(query).await.unwrap().items.len(), 16);
        let window = TimeWindow { start: parse_time("18:00").unwrap(), end: parse_time("19:00").unwrap() };
        let date = "2026-11-24".parse().unwrap();
        availability.set_exception(&admin, doctor.card.id, DateException { date, windows: vec![window], note: "Evening".into() }).await.unwrap();
        assert_eq!(availability.slots(query).await.unwrap().items.len(), 2);
        availability.remove_exception(&admin, doctor.card.id, date).await.unwrap();
        assert_eq!(availability.slots(query).await.unwrap().items.len(), 16);
        let twice = WeeklyWindow::new(1, window);
        let refused = availability.set_working_hours(&admin, doctor.card.id, SetWorkingHours { weekly: vec![twice.clone(), twice], rules: None, version: None }).await;
        assert_eq!(refused, Err(Error::invalid("weekly.1", "hours_overlap")));
        let patient = world.patient("p@x.example").await;
        assert_eq!(availability.working_hours(&patient, doctor.card.id).await, Err(Error::NotFound));
        let long = SlotQuery { to: "2027-11-24".parse().ok(), ..query };
        assert_eq!(availability.slots(long).await, Err(Error::invalid("to", "range_too_long")));
    }

    async fn hospitals_keep_their_rules(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let hospitals = &world.services.hospitals;
        let save = |zone: &str| SaveHospital { name: "Lindenhof".into(), address: "A".into(), city: "B".into(), time_zone: zone.into(), currency: "EUR".into(), ..Default::default() };
        for zone in ["Mars/Olympus", "CET", "+01:00", ""] {
            let refused = hospitals.update(&admin, hospital.id, save(zone)).await;
            assert_eq!(refused, Err(Error::invalid("time_zone", "zone_unknown")), "{zone}");
        }
        assert_eq!(hospitals.update(&admin, hospital.id, save("Europe/Paris")).await, Err(Error::invalid("time_zone", "zone_in_use")));
        assert_eq!(hospitals.create(&world.platform, save("Europe/Berlin")).await, Err(Error::conflict(Conflict::NameTaken)));
        assert_eq!(hospitals.create(&admin, save("Europe/Berlin")).await, Err(Error::NotFound));
        for minutes in [-5, 0, 4, 481, i64::MAX] {
            let command = SaveVisitType { minutes, ..kind_of_visit("X") };
            let refused = hospitals.create_visit_type(&admin, hospital.id, command).await;
            assert_eq!(refused, Err(Error::invalid("minutes", "minutes_out_of_range")));
        }
        for (price_minor, rule) in [(-1, "price_below_zero"), (i64::MIN, "price_below_zero"), (i64::MAX, "price_out_of_range")] {
            let command = SaveVisitType { price_minor, ..kind_of_visit("X") };
            let refused = hospitals.create_visit_type(&admin, hospital.id, command).await;
            assert_eq!(refused, Err(Error::invalid("price_minor", rule)), "{price_minor}");
        }
    }

    async fn what_is_not_offered_any_more_is_there_for_members_alone(world: World) {
        let (hospital, admin) = world.hospital("Lindenhof", "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, "Dr. Ada Vogt").await;
        let stranger = world.patient("p@x.example").await;
        let (_, elsewhere) = world.hospital("Northwood", "Europe/Berlin").await;
        let (doctors, hospitals) = (&world.services.doctors, &world.services.hospitals);
        let leaves = SaveDoctor { name: "Dr. Ada Vogt".into(), specialties: vec!["cardiology".into()], languages: vec!["en".into()], visit_type_ids: vec![visit_type.id], active: false, ..SaveDoctor::default() };
        doctors.update(&admin, doctor.card.id, leaves).await.unwrap();
        let ended = SaveVisitType { active: false, ..kind_of_visit("Visit") };
        hospitals.update_visit_type(&admin, hospital.id, visit_type.id, ended).await.unwrap();
        for (caller, sees) in [(&admin, true), (&elsewhere, false), (&stranger, false), (&Call::anonymous(), false)] {
            assert_eq!(doctors.get(caller, doctor.card.id).await.is_ok(), sees);
            assert_eq!(hospitals.visit_types(caller, hospital.id).await.unwrap().len(), usize::from(sees));
        }
    }

    async fn a_deleted_session_stays_deleted(world: World) {
        let sessions = &world.house.sessions;
        let id = [7; 32];
        assert!(sessions.create(id, None, "{}".into(), None).await.unwrap());
        assert!(!sessions.create(id, None, "{}".into(), None).await.unwrap());
        assert!(sessions.save(id, None, "{\"a\":1}".into()).await.unwrap());
        assert_eq!(sessions.load(id).await.unwrap().unwrap().data, "{\"a\":1}");
        sessions.delete(id).await.unwrap();
        assert!(!sessions.save(id, None, "{}".into()).await.unwrap());
        assert!(sessions.load(id).await.unwrap().is_none());
    }

    async fn the_demo_keeps_every_law(world: World) {
        drop(world.platform);
        let report = world.house.seed_demo().await.unwrap();
        assert_eq!((report.hospitals, report.doctors, report.patients), (3, 24, 61));
        assert!(report.appointments > 500, "{report:?}");
        // One doctor has a group, and some have met in it or will.
        let query = domain::doctors::DoctorQuery { name: Some("nair".into()), ..Default::default() };
        let doctor = world.services.doctors.search(query).await.unwrap().items.remove(0);
        let kind = doctor.visit_types.last().unwrap();
        assert_eq!((kind.name.as_str(), kind.capacity), ("Yoga for the back, group", 8));
        let (from, to) = ("2026-11-25".parse().ok(), "2026-12-02".parse().ok());
        let query = SlotQuery { doctor_id: doctor.id, visit_type_id: kind.id, from, to };
        let slots = world.services.availability.slots(query).await.unwrap().items;
        assert!(slots.iter().any(|slot| slot.places_left.is_some_and(|left| left < 7)), "{slots:?}");
        assert!(world.house.demo_logins_exist().await);
        let principal = world.services.accounts.sign_in(SignIn { email: "doctor@demo.example".into(), password: services::DEMO_PASSWORD.into() }, "").await.map(entry).unwrap().principal;
        assert_eq!(principal.memberships[0].role, Role::Doctor);
        assert!(world.house.seed_demo().await.is_err());
        let report = world.house.fsck().await.unwrap();
        assert!(report.problems.is_empty(), "{:?}", report.problems);
    }
}

/// The tables and columns of one engine, in one form.
async fn schema(world: &World, engine: crate::world::Engine) -> BTreeSet<String> {
    let rows = match engine {
        crate::world::Engine::Sqlite => {
            let file = format!("sqlite://{}", world.folder.path().join("caresync.db").display());
            let pool = sqlx::SqlitePool::connect(&file).await.unwrap();
            let sql = "SELECT m.name || '.' || c.name AS line FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite%'";
            let rows = sqlx::query(sql).fetch_all(&pool).await.unwrap();
            rows.iter().map(|row| row.get::<String, _>("line")).collect::<Vec<_>>()
        }
        crate::world::Engine::Postgres => world.columns().await,
    };
    rows.into_iter().filter(|line| !line.starts_with("_sqlx")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_have_the_same_schema() {
    let sqlite = World::open(crate::world::Engine::Sqlite).await.unwrap();
    let lite = schema(&sqlite, crate::world::Engine::Sqlite).await;
    assert!(lite.contains("appointments.block_starts_at"));
    if let Some(postgres) = World::open(crate::world::Engine::Postgres).await {
        assert_eq!(lite, schema(&postgres, crate::world::Engine::Postgres).await);
    }
}

#[tokio::test]
async fn sqlite_has_the_fix_of_the_wal_reset_bug() {
    let pool = sqlx::SqlitePool::connect("sqlite::memory:").await.unwrap();
    let version: String =
        sqlx::query("SELECT sqlite_version() AS v").fetch_one(&pool).await.unwrap().get("v");
    let parts: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
    assert!(parts >= vec![3, 51, 3], "{version}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_a_newer_schema_and_a_wrong_address_are_refused() {
    let world = World::open(crate::world::Engine::Sqlite).await.unwrap();
    let settings = |url: Option<&str>| Settings {
        data_dir: world.folder.path().to_owned(),
        database_url: url.map(Into::into),
        max_connections: 0,
        limits: true,
        password_cost: services::PasswordCost::Test,
        ..Settings::default()
    };
    assert!(matches!(House::open(settings(None)).await, Err(OpenError::Locked(_))));
    assert!(matches!(House::open(settings(Some("mysql://x"))).await, Err(OpenError::Address)));
    assert!(matches!(
        House::open(settings(Some("postgres://nobody@127.0.0.1:1/none"))).await,
        Err(OpenError::Unreachable(_))
    ));
    let folder = world.folder;
    world.house.close().await;
    let file = format!("sqlite://{}", folder.path().join("caresync.db").display());
    let pool = sqlx::SqlitePool::connect(&file).await.unwrap();
    sqlx::query("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 4").execute(&pool).await.unwrap();
    pool.close().await;
    let settings = Settings {
        data_dir: folder.path().to_owned(),
        database_url: None,
        max_connections: 0,
        limits: true,
        password_cost: services::PasswordCost::Test,
        ..Settings::default()
    };
    assert!(matches!(House::open(settings).await, Err(OpenError::NewerSchema { found: 9999, .. })));
}
