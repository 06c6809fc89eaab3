//! The second wall, on PostgreSQL: what a transaction reaches whatever its statements say, and that the server looks whether
//! the wall stands. What the guard decides is tested in `access`.

use domain::ids::HospitalId;
use services::OpenError;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::world::{Engine, World, booking};

/// Two hospitals, each with a doctor and a visit; one patient at each.
struct Twins {
    world: World,
    pool: PgPool,
    hospitals: [HospitalId; 2],
    patients: [Uuid; 2],
    accounts: [Uuid; 2],
}

/// Tables that have no wall for reading.
const PUBLIC: &[&str] = &[
    "hospitals",
    "departments",
    "visit_types",
    "doctors",
    "doctor_visit_types",
    "weekly_hours",
    "hours_exceptions",
    "hours_openings",
    "absences",
    "closures",
    "resources",
    "visit_type_needs",
    "need_resources",
    "photos",
    // To whom letters of which kind went, not what they said: whoever posts one minds how many there were.
    "outbox",
];

async fn twins() -> Option<Twins> {
    let world = World::open(Engine::Postgres).await?;
    let mut found = Vec::new();
    for (name, start) in [("North", "2026-11-23T10:00"), ("South", "2026-11-23T11:00")] {
        let (hospital, admin) = world.hospital(name, "Europe/Berlin").await;
        let (doctor, visit_type) = world.doctor(&admin, hospital.id, &format!("Dr {name}")).await;
        let patient = world.patient(&format!("{name}@x.example").to_lowercase()).await;
        let command = booking(&doctor, &visit_type, start);
        world.services.appointments.book(&patient, command).await.unwrap();
        let principal = patient.actor.principal().unwrap();
        found.push((hospital.id, principal.patients[0].0, principal.account_id.0));
    }
    let pool = PgPool::connect(world.database_url.as_deref().unwrap()).await.unwrap();
    Some(Twins {
        world,
        pool,
        hospitals: [found[0].0, found[1].0],
        patients: [found[0].1, found[1].1],
        accounts: [found[0].2, found[1].2],
    })
}

/// The beginning of a transaction that reaches this much.
fn reaching(setting: &str, id: Uuid) -> String {
    format!("BEGIN; SET LOCAL ROLE caresync_app; SET LOCAL caresync.{setting} = '{{{id}}}'")
}

async fn count(pool: &PgPool, begin: &str, sql: &str) -> Result<i64, String> {
    let mut transaction = pool.begin_with(sqlx::AssertSqlSafe(begin.to_owned())).await.unwrap();
    let row = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).fetch_one(&mut *transaction).await;
    row.map(|row| row.get::<i64, _>(0)).map_err(|error| error.to_string())
}

async fn change(pool: &PgPool, begin: &str, sql: &str) -> Result<u64, String> {
    let mut transaction = pool.begin_with(sqlx::AssertSqlSafe(begin.to_owned())).await.unwrap();
    let done = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut *transaction).await;
    done.map(|done| done.rows_affected()).map_err(|error| error.to_string())
}

async fn tables(pool: &PgPool) -> Vec<String> {
    let sql = "SELECT table_name::TEXT FROM information_schema.tables
               WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1";
    sqlx::query_scalar(sql).fetch_all(pool).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_names_nobody_sees_nothing_private() {
    let Some(twins) = twins().await else { return };
    let begin = "BEGIN; SET LOCAL ROLE caresync_app";
    for table in tables(&twins.pool).await {
        let seen = count(&twins.pool, begin, &format!("SELECT COUNT(*) FROM {table}")).await;
        match seen {
            Ok(0) => {}
            Ok(_) => assert!(PUBLIC.contains(&table.as_str()), "{table} is open"),
            Err(why) => assert!(why.contains("permission denied"), "{table}: {why}"),
        }
    }
    let all = count(&twins.pool, "BEGIN", "SELECT COUNT(*) FROM appointments").await;
    assert_eq!(all, Ok(2), "there was something to see");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hospital_reaches_its_own_rows_and_a_patient_hers() {
    let Some(twins) = twins().await else { return };
    let [north, south] = twins.hospitals.map(|hospital| hospital.0);
    let here = reaching("hospitals", north);
    for table in ["appointments", "hospital_patients", "memberships", "audit_events"] {
        let own = format!("SELECT COUNT(*) FROM {table} WHERE hospital_id = '{north}'");
        let own = count(&twins.pool, &here, &own).await;
        assert!(own.unwrap() > 0, "{table}: its own");
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE hospital_id = '{south}'");
        assert_eq!(count(&twins.pool, &here, &sql).await, Ok(0), "{table}: another's");
        assert_ne!(count(&twins.pool, "BEGIN", &sql).await, Ok(0), "{table}: there is something to see");
    }
    assert_eq!(count(&twins.pool, &here, "SELECT COUNT(*) FROM patients").await, Ok(1));
    assert_eq!(count(&twins.pool, &here, "SELECT COUNT(*) FROM appointment_history").await, Ok(1));

    let she = reaching("patients", twins.patients[0]);
    assert_eq!(count(&twins.pool, &she, "SELECT COUNT(*) FROM appointments").await, Ok(1));
    assert_eq!(count(&twins.pool, &she, "SELECT COUNT(*) FROM patients").await, Ok(1));
    let looks = count(&twins.pool, &she, "SELECT COUNT(*) FROM audit_events").await.unwrap();
    let about = format!(
        "SELECT COUNT(*) FROM audit_events e WHERE EXISTS (SELECT 1 FROM audit_subjects s
            WHERE s.chain = e.chain AND s.seq = e.seq AND s.patient_id = '{}')",
        twins.patients[0]
    );
    assert_eq!(Ok(looks), count(&twins.pool, "BEGIN", &about).await);
    assert!(looks > 0);

    let account = reaching("account", twins.accounts[0]);
    assert_eq!(count(&twins.pool, &account, "SELECT COUNT(*) FROM patient_accounts").await, Ok(1));
    assert_eq!(count(&twins.pool, &account, "SELECT COUNT(email) FROM accounts").await, Ok(1));
    let hash = count(&twins.pool, &account, "SELECT COUNT(password_hash) FROM accounts").await;
    assert!(hash.unwrap_err().contains("permission denied"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_into_another_hospital() {
    let Some(twins) = twins().await else { return };
    let [north, south] = twins.hospitals.map(|hospital| hospital.0);
    let here = reaching("hospitals", north);
    let pool = &twins.pool;
    let refused = |done: Result<u64, String>| {
        done.is_err_and(|why| why.contains("row-level security") || why.contains("permission denied"))
    };
    let moved = format!("UPDATE appointments SET hospital_id = '{south}' WHERE hospital_id = '{north}'");
    assert!(refused(change(pool, &here, &moved).await), "moves one of its own there");
    let cancelled = format!("UPDATE appointments SET version = 9 WHERE hospital_id = '{south}'");
    assert_eq!(change(pool, &here, &cancelled).await, Ok(0), "changes one there");
    let known = format!(
        "INSERT INTO hospital_patients (hospital_id, patient_id, created_at) VALUES ('{south}', '{}', 1)",
        twins.patients[0]
    );
    assert!(refused(change(pool, &here, &known).await), "writes one there");
    let fees = format!("UPDATE visit_types SET price_minor = 0 WHERE hospital_id = '{south}'");
    assert!(refused(change(pool, &here, &fees).await), "changes its directory");
    let own_fees = format!("UPDATE visit_types SET price_minor = 0 WHERE hospital_id = '{north}'");
    assert_eq!(change(pool, &here, &own_fees).await, Ok(1), "its own it may");
    let hours = format!(
        "DELETE FROM weekly_hours w USING doctors d WHERE d.id = w.doctor_id AND d.hospital_id = '{south}'"
    );
    assert_eq!(change(pool, &here, &hours).await, Ok(0), "deletes its hours");
    for table in ["audit_events", "audit_subjects", "appointment_history"] {
        assert!(refused(change(pool, &here, &format!("DELETE FROM {table}")).await), "{table} only grows");
    }
    let suspended = format!("UPDATE memberships SET role = 'hospital_admin' WHERE hospital_id = '{south}'");
    assert_eq!(change(pool, &here, &suspended).await, Ok(0));
    let she = reaching("account", twins.accounts[0]);
    let joins = format!(
        "INSERT INTO memberships (id, account_id, hospital_id, role, state, created_at)
         VALUES (gen_random_uuid(), '{}', '{north}', 'hospital_admin', 'active', 1)",
        twins.accounts[0]
    );
    assert!(refused(change(pool, &she, &joins).await), "an account makes itself a member");
    twins.world.healthy().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_needs_a_patient_whom_the_hospital_knows() {
    let Some(twins) = twins().await else { return };
    let [north, south] = twins.hospitals.map(|hospital| hospital.0);
    let moved = format!("UPDATE appointments SET patient_id = (SELECT patient_id FROM hospital_patients WHERE hospital_id = '{south}')
         WHERE hospital_id = '{north}'");
    assert!(change(&twins.pool, "BEGIN", &moved).await.unwrap_err().contains("appointments_patient_known"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_does_not_serve_without_its_walls() {
    let Some(twins) = twins().await else { return };
    let holes = [
        (
            "ALTER TABLE patients DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE patients ENABLE ROW LEVEL SECURITY",
            "patients",
        ),
        (
            "ALTER TABLE doctors NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE doctors FORCE ROW LEVEL SECURITY",
            "doctors",
        ),
        ("CREATE TABLE strange (id INT)", "DROP TABLE strange", "strange"),
        (
            "CREATE POLICY open ON appointments USING (true)",
            "DROP POLICY open ON appointments",
            "a policy that nobody knows",
        ),
        ("CREATE VIEW peep AS SELECT * FROM patients", "DROP VIEW peep", "peep"),
        ("CREATE MATERIALIZED VIEW peep AS SELECT * FROM patients", "DROP MATERIALIZED VIEW peep", "peep"),
        ("ALTER POLICY wall ON sessions RENAME TO wool", "ALTER POLICY wool ON sessions RENAME TO wall", ""),
    ];
    for (hole, mend, named) in holes {
        sqlx::query(hole).execute(&twins.pool).await.unwrap();
        match (twins.world.house.migrate().await, named) {
            (Err(OpenError::Walls { first, .. }), named) => {
                assert!(!named.is_empty() && first.contains(named), "{hole}: {first}");
            }
            (Ok(_), "") => {}
            (other, _) => panic!("{hole}: {other:?}"),
        }
        sqlx::query(mend).execute(&twins.pool).await.unwrap();
        twins.world.house.migrate().await.unwrap();
    }
}

async fn run(pool: &PgPool, sql: String) {
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(pool).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_only_owns_the_database_is_enough() {
    let Some(outer) = World::open(Engine::Postgres).await else { return };
    let url = outer.database_url.as_deref().unwrap();
    let pool = PgPool::connect(url).await.unwrap();
    let name = format!("owner_{}", Uuid::new_v4().simple());
    run(&pool, format!("CREATE ROLE {name} LOGIN CREATEROLE PASSWORD 'three'")).await;
    // From version 16 on, whoever did not make a role cannot give it to herself.
    run(&pool, format!("GRANT caresync_switch TO {name}")).await;
    run(&pool, format!("CREATE DATABASE {name} OWNER {name}")).await;
    let (_, place) = url.rsplit_once('@').unwrap();
    let (server, _) = place.rsplit_once('/').unwrap();
    let own = format!("postgres://{name}:three@{server}/{name}");
    let inner =
        World::open_with(Engine::Postgres, |settings| settings.database_url = Some(own)).await.unwrap();
    let (hospital, admin) = inner.hospital("Owned", "Europe/Berlin").await;
    let (doctor, visit_type) = inner.doctor(&admin, hospital.id, "Dr Owned").await;
    let patient = inner.patient("own@x.example").await;
    inner
        .services
        .appointments
        .book(&patient, booking(&doctor, &visit_type, "2026-11-23T10:00"))
        .await
        .unwrap();
    inner.healthy().await;
    inner.house.close().await;
}
