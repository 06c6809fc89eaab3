//! Looks into the tables behind the services' back: what is stored, and what is not.
//!
//! It changes nothing but what a crash would leave behind.

use std::path::Path;

use domain::ids::AccountId;
use sqlx::{Connection, PgConnection, Row, SqliteConnection};

use crate::world::World;

/// A letter in the outbox.
#[derive(Debug)]
pub(crate) struct OutboxRow {
    pub(crate) payload: String,
    pub(crate) done: bool,
    pub(crate) dead: bool,
    pub(crate) problem: Option<String>,
}

const OUTBOX: &str =
    "SELECT payload, done_at IS NOT NULL AS done, dead_at IS NOT NULL AS dead, problem FROM outbox";
const TEXTS: &str = "SELECT email || ' ' || password_hash AS text FROM accounts
    UNION ALL SELECT payload || recipient || topic FROM outbox
    UNION ALL SELECT purpose || email || next_path FROM mail_links";

impl World {
    /// The outbox, oldest letter first.
    pub(crate) async fn outbox(&self) -> Vec<OutboxRow> {
        macro_rules! rows {
            ($connection:expr) => {
                sqlx::query(OUTBOX)
                    .fetch_all(&mut $connection)
                    .await
                    .unwrap()
                    .into_iter()
                    .map(|row| OutboxRow {
                        payload: row.get("payload"),
                        done: row.get("done"),
                        dead: row.get("dead"),
                        problem: row.get("problem"),
                    })
                    .collect()
            };
        }
        match &self.database_url {
            Some(url) => rows!(PgConnection::connect(url).await.unwrap()),
            None => rows!(self.sqlite().await),
        }
    }

    /// How often the audit says that an account was allowed an action.
    pub(crate) async fn noted(&self, account: Option<AccountId>, action: &str) -> i64 {
        const SQL: &str =
            "SELECT COUNT(*) FROM audit_events WHERE account_id = $1 AND action = $2 AND outcome = 'allowed'";
        let account = account.map(|account| account.0);
        if let Some(url) = &self.database_url {
            let mut connection = PgConnection::connect(url).await.unwrap();
            return sqlx::query_scalar(SQL)
                .bind(account)
                .bind(action)
                .fetch_one(&mut connection)
                .await
                .unwrap();
        }
        let mut connection = self.sqlite().await;
        sqlx::query_scalar(SQL).bind(account).bind(action).fetch_one(&mut connection).await.unwrap()
    }

    /// Every text that has to do with accounts and mail.
    pub(crate) async fn everything_stored(&self) -> String {
        everything_stored(self.database_url.as_deref(), self.folder.path()).await
    }

    /// Lets the one letter about a forgotten password look as if its worker had ended between sending it and noting that, so that
    /// it is sent again.
    pub(crate) async fn forget_that_it_left(&self, payload: &str) {
        const SQL: &str = "UPDATE outbox SET done_at = NULL, due_at = 0, payload = $1 WHERE topic = 'forgot'";
        let done = match &self.database_url {
            Some(url) => {
                let mut connection = PgConnection::connect(url).await.unwrap();
                sqlx::query(SQL).bind(payload).execute(&mut connection).await.unwrap().rows_affected()
            }
            None => sqlx::query(SQL)
                .bind(payload)
                .execute(&mut self.sqlite().await)
                .await
                .unwrap()
                .rows_affected(),
        };
        assert_eq!(done, 1);
    }

    /// Lets a letter look as if a worker had taken it and ended.
    pub(crate) async fn abandon_letter(&self) {
        const SQL: &str = "UPDATE outbox SET due_at = due_at + 120000, attempts = 1";
        match &self.database_url {
            Some(url) => {
                sqlx::query(SQL).execute(&mut PgConnection::connect(url).await.unwrap()).await.unwrap();
            }
            None => {
                sqlx::query(SQL).execute(&mut self.sqlite().await).await.unwrap();
            }
        }
    }

    /// Does something behind the services' back; what the database says against it comes back.
    pub(crate) async fn try_behind(&self, sql: &'static str) -> Result<u64, String> {
        let done = match &self.database_url {
            Some(url) => {
                let mut connection = PgConnection::connect(url).await.unwrap();
                sqlx::query(sql).execute(&mut connection).await.map(|done| done.rows_affected())
            }
            None => sqlx::query(sql).execute(&mut self.sqlite().await).await.map(|done| done.rows_affected()),
        };
        done.map_err(|error| error.to_string())
    }

    async fn sqlite(&self) -> SqliteConnection {
        sqlite(self.folder.path()).await
    }
}

/// Every text that has to do with accounts and mail, of a house that may be another by now.
pub(crate) async fn everything_stored(url: Option<&str>, folder: &Path) -> String {
    let texts: Vec<String> = match url {
        Some(url) => {
            sqlx::query_scalar(TEXTS).fetch_all(&mut PgConnection::connect(url).await.unwrap()).await
        }
        None => sqlx::query_scalar(TEXTS).fetch_all(&mut sqlite(folder).await).await,
    }
    .unwrap();
    texts.join("\n")
}

async fn sqlite(folder: &Path) -> SqliteConnection {
    let file = format!("sqlite://{}", folder.join("caresync.db").display());
    SqliteConnection::connect(&file).await.unwrap()
}
