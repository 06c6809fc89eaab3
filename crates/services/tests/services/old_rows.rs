//! Rows that stood in the database before the latest steps of the schema, on both engines: what the steps make of them, and that every law
//! holds of them afterwards.
//!
//! Whether the engines build the same tables is tested in `house`.

use std::{path::Path, sync::Arc};

use services::{House, PasswordCost, Settings, clock::TestClock};
use sqlx::{Connection, PgConnection, SqliteConnection, migrate::Migrator};
use uuid::Uuid;

use crate::world::{Engine, beginning, fresh_database};

/// The last step that the rows know.
const BEFORE: i64 = 44;
const ROWS: &str = include_str!("rows_of_0044.sql");

/// A database with rows of before.
struct Old {
    engine: Engine,
    folder: tempfile::TempDir,
    url: Option<String>,
}

/// Does something with a connection of either engine.
macro_rules! with_connection {
    ($old:expr, $connection:ident, $done:expr) => {
        match &$old.url {
            Some(url) => {
                let mut $connection = PgConnection::connect(url).await.unwrap();
                // Of an account's own, as whom the views are read.
                let ann = $old.in_words("SELECT set_config('caresync.account', '{' || #1# || '}', false)");
                sqlx::raw_sql(sqlx::AssertSqlSafe(ann)).execute(&mut $connection).await.unwrap();
                let done = $done;
                $connection.close().await.unwrap();
                done
            }
            None => {
                let file = format!("sqlite://{}?mode=rwc", $old.folder.path().join("caresync.db").display());
                let mut $connection = SqliteConnection::connect(&file).await.unwrap();
                let done = $done;
                $connection.close().await.unwrap();
                done
            }
        }
    };
}

impl Old {
    async fn open(engine: Engine) -> Option<Self> {
        let (name, url) = match engine {
            Engine::Sqlite => ("sqlite", None),
            Engine::Postgres => ("postgres", Some(fresh_database().await?)),
        };
        let old = Self { engine, folder: tempfile::tempdir().unwrap(), url };
        let steps = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(name);
        let steps = Migrator::new(steps.as_path()).await.unwrap();
        let rows = old.in_words(ROWS);
        let done: Result<(), sqlx::Error> = with_connection!(old, connection, {
            steps.run_to(BEFORE, &mut connection).await.unwrap();
            sqlx::raw_sql(sqlx::AssertSqlSafe(rows)).execute(&mut connection).await.map(drop)
        });
        done.unwrap();
        Some(old)
    }

    /// A statement whose ids, which stand between two marks, are written as the engine reads them.
    fn in_words(&self, sql: &str) -> String {
        let parts = sql.split('#').enumerate();
        let words = parts.map(|(number, part)| {
            if number % 2 == 0 {
                return part.to_owned();
            }
            let id = Uuid::from_u128(part.parse().unwrap());
            match self.engine {
                Engine::Sqlite => format!("x'{}'", id.simple()),
                Engine::Postgres => format!("'{id}'"),
            }
        });
        words.collect()
    }

    /// The rows of one column of texts.
    async fn texts(&self, sql: &str) -> Vec<String> {
        let sql = self.in_words(sql);
        let texts: Result<Vec<String>, sqlx::Error> = with_connection!(self, connection, {
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&mut connection).await
        });
        texts.unwrap()
    }

    /// What the database says against a statement, in small letters.
    async fn refused(&self, sql: &str) -> String {
        let sql = self.in_words(sql);
        let done: Result<(), sqlx::Error> = with_connection!(self, connection, {
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.map(drop)
        });
        done.unwrap_err().to_string().to_lowercase()
    }

    /// The house takes the steps that are missing.
    async fn brought_up_to_date(&self) -> House {
        let settings = Settings {
            data_dir: self.folder.path().to_owned(),
            database_url: self.url.clone(),
            max_connections: 4,
            password_cost: PasswordCost::Test,
            ..Settings::default()
        };
        let house = House::open_with(settings, Arc::new(TestClock::at(beginning()))).await.unwrap();
        let steps = house.migrate().await.unwrap();
        assert!(steps[0].starts_with("0045 "), "{steps:?}");
        house
    }
}

/// What the steps after [`BEFORE`] make of each of the rows.
async fn body(old: Old) {
    let house = old.brought_up_to_date().await;
    // Whoever acts for the patient, or did once, is her side; what has ended by itself or was only confirmed was put nowhere.
    let hands =
        "SELECT a.reference || ' ' || s.seq || ' ' || COALESCE(s.put_by, '-') FROM appointment_history s
        JOIN appointments a ON a.id = s.appointment_id ORDER BY a.reference, s.seq";
    let right = [
        "R-20 1 patient",
        "R-20 2 hospital",
        "R-20 3 patient",
        "R-20 4 patient",
        "R-20 5 -",
        "R-21 1 patient",
        "R-21 2 hospital",
        "R-21 3 undo",
        "R-22 1 patient",
        "R-22 2 -",
        "R-22 3 undo",
        "R-23 1 patient",
        "R-23 2 -",
        "R-24 1 patient",
        "R-24 2 -",
        "R-25 1 hospital",
        "R-26 1 hospital",
        "R-26 2 -",
        "R-26 3 -",
        "R-27 1 patient",
        "R-27 2 -",
    ];
    assert_eq!(old.texts(hands).await, right);
    // The history is as closed as it was.
    assert!(old.refused("UPDATE appointment_history SET put_by = 'hospital'").await.contains("append_only"));
    assert!(old.refused("DELETE FROM appointment_history").await.contains("append_only"));
    let stranger = "INSERT INTO appointment_history (appointment_id, seq, to_status, at, by_account, starts_at, doctor_id, put_by)
        VALUES (#20#, 6, 'booked', 0, #4#, 0, #11#, 'nobody')";
    assert!(old.refused(stranger).await.contains("check constraint"));

    let urgent = old.texts("SELECT state || ' ' || urgency FROM payments ORDER BY state").await;
    let right = ["captured 1", "capturing 1", "closed 2", "lost 2", "open 1", "undoing 1", "voided 2"];
    assert_eq!(urgent, right);
    assert!(old.refused("UPDATE payments SET urgency = 3").await.contains("check constraint"));

    let own = "SELECT starts_at || CASE WHEN offered THEN ' offered' ELSE '' END || CASE WHEN occupies THEN '' ELSE ' gone' END
            || ' ' || created_at || COALESCE(' ' || expired_at, '')
        FROM own_bookings WHERE account_id = #1# ORDER BY starts_at";
    let right = [
        "1795600000000 1795100000000",
        "1795610000000 1795100000000",
        "1795620000000 1795100000000",
        "1795630000000 offered gone 1795200000000 1795200900000",
        "1795640000000 gone 1795300000000 1795300900000",
    ];
    assert_eq!(old.texts(own).await, right);
    assert_eq!(old.texts("SELECT ticket_day || ' ' || ticket FROM open_numbers").await, ["2026-11-23 7"]);

    assert_eq!(house.fsck().await.unwrap().problems, Vec::<String>::new());
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_written_before_is_right_after_the_latest_steps() {
    body(Old::open(Engine::Sqlite).await.expect("SQLite is always at hand")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_written_before_is_right_after_the_latest_steps_on_postgres() {
    if let Some(old) = Old::open(Engine::Postgres).await {
        body(old).await;
    }
}

/// On SQLite there is no node beside the one that takes the steps.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_node_of_before_writes_after_the_steps_has_a_hand_as_well() {
    let Some(old) = Old::open(Engine::Postgres).await else { return };
    let house = old.brought_up_to_date().await;
    for (seq, (by, hand)) in (6..).zip([("#4#", "hospital"), ("#3#", "patient"), ("NULL", "patient")]) {
        let step = format!(
            "INSERT INTO appointment_history (appointment_id, seq, to_status, at, by_account, starts_at, doctor_id)
             VALUES (#20#, {seq}, 'booked', 0, {by}, 1795600000000, #11#) RETURNING put_by"
        );
        assert_eq!(old.texts(&step).await, [hand], "{by}");
    }
    let confirms = "INSERT INTO appointment_history (appointment_id, seq, to_status, at, by_account)
        VALUES (#20#, 9, 'confirmed', 0, #4#) RETURNING COALESCE(put_by, '-')";
    assert_eq!(old.texts(confirms).await, ["-"]);
    house.close().await;
}
