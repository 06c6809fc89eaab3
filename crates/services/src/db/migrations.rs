//! The schema's steps, built into the program, and whether a database is newer than the program.
//!
//! The files have the same names for both engines; a test compares what they build.

use sqlx::migrate::Migrator;

use super::{Db, Engine, OpenError};

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

#[derive(sqlx::FromRow)]
struct Applied {
    version: i64,
}

impl Db {
    /// Applies what is missing; returns the names of the steps it took.
    pub(crate) async fn migrate(&self) -> Result<Vec<String>, OpenError> {
        let before = self.applied().await?;
        match &self.engine {
            Engine::Sqlite { options, .. } => {
                // A connection of its own: the writer keeps its own. The folder's lock keeps others out.
                use sqlx::ConnectOptions;
                let mut connection = options.connect().await.map_err(OpenError::database)?;
                SQLITE.run(&mut connection).await.map_err(OpenError::migration)?;
            }
            Engine::Postgres { pool } => POSTGRES.run(pool).await.map_err(OpenError::migration)?,
        }
        Ok(self
            .steps()
            .filter(|(version, _)| !before.contains(version))
            .map(|(version, name)| format!("{version:04} {name}"))
            .collect())
    }

    /// Whether every step has been taken.
    pub(crate) async fn is_current(&self) -> bool {
        self.applied().await.is_ok_and(|applied| self.steps().all(|(version, _)| applied.contains(&version)))
    }

    /// Refuses a database that a newer program has changed.
    pub(crate) async fn refuse_newer(&self) -> Result<(), OpenError> {
        let newest = self.steps().map(|(version, _)| version).max().unwrap_or(0);
        match self.applied().await?.into_iter().max() {
            Some(found) if found > newest => Err(OpenError::NewerSchema { found, known: newest }),
            _ => Ok(()),
        }
    }

    fn steps(&self) -> impl Iterator<Item = (i64, String)> {
        let migrator = match self.engine {
            Engine::Sqlite { .. } => &SQLITE,
            Engine::Postgres { .. } => &POSTGRES,
        };
        migrator.iter().map(|m| (m.version, m.description.to_string()))
    }

    async fn applied(&self) -> Result<Vec<i64>, OpenError> {
        const SQL: &str = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";
        let rows = match &self.engine {
            Engine::Sqlite { readers, .. } => {
                let mut lent =
                    readers.lend().await.map_err(|error| OpenError::Unreachable(error.to_string()))?;
                let connection = lent.get().map_err(OpenError::database)?;
                sqlx::query_as::<_, Applied>(SQL).fetch_all(connection).await
            }
            Engine::Postgres { pool } => sqlx::query_as::<_, Applied>(SQL).fetch_all(pool).await,
        };
        match rows {
            Ok(rows) => Ok(rows.into_iter().map(|row| row.version).collect()),
            // No such table: nothing has been applied yet.
            Err(sqlx::Error::Database(_)) => Ok(Vec::new()),
            Err(error) => Err(OpenError::database(error)),
        }
    }
}
