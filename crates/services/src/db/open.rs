//! Opening the database: the folder and its lock, SQLite's readers and its writer, PostgreSQL's pool and its notices.
//!
//! Whatever stands in the way is said in one plain sentence to whoever runs the server.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sqlx::{
    postgres::{PgConnectOptions, PgListener, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tokio_util::task::TaskTracker;

use super::{
    Db, Engine, News,
    readers::{Lent, Readers},
    writer::Writer,
};
use crate::hub::Hub;

/// Name of the database's file in the data folder.
pub(super) const FILE: &str = "caresync.db";
/// Name of the lock's file in the data folder.
const LOCK: &str = "caresync.lock";

/// How many read SQLite's file at once.
const READERS: u32 = 4;

/// Why the house could not be opened. The sentences are for whoever runs the server.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has the folder.
    #[error(
        "another CareSync process is using the data folder {0}. Stop it first, or name another folder with --data-dir."
    )]
    Locked(PathBuf),
    /// The folder cannot be made or written.
    #[error(
        "the data folder {folder} cannot be written: {why}. Check that it exists and belongs to the user who runs CareSync."
    )]
    Unwritable {
        /// Which folder.
        folder: PathBuf,
        /// What the system said.
        why: std::io::Error,
    },
    /// The address is not one of a PostgreSQL database.
    #[error(
        "DATABASE_URL is not understood. It must look like postgres://user:password@host:5432/database; leave it out to use SQLite."
    )]
    Address,
    /// The database does not answer.
    #[error("the database cannot be reached or refuses to work: {0}")]
    Unreachable(String),
    /// A newer program changed the database.
    #[error(
        "this database was changed by a newer CareSync (schema {found}, this program knows {known}). Start the newer program instead; nothing was changed."
    )]
    NewerSchema {
        /// Newest step in the database.
        found: i64,
        /// Newest step that this program knows.
        known: i64,
    },
    /// The settings of mail do not go together.
    #[error("mail cannot be sent like this: {0}.")]
    Mail(&'static str),
    /// The key that passwords are peppered with is too short.
    #[error(
        "the key for passwords is too short: CARESYNC_PASSWORD_PEPPER, or pepper.key in the data folder, needs 32 characters at least."
    )]
    ShortPepper,
    /// The passwords of this database belong to another key.
    #[error(
        "the passwords in this database were hashed with another key. Give its nodes the same CARESYNC_PASSWORD_PEPPER, or put the right pepper.key back into the data folder; nothing was changed."
    )]
    WrongPepper,
    /// The database does not keep the rows of hospitals apart.
    #[error(
        "this database does not keep the rows of hospitals and patients apart as it must: {first} (and {more} more). Restore what was changed in its roles, policies and views. Nothing is served until then."
    )]
    Walls {
        /// What is wrong.
        first: String,
        /// How much more is.
        more: usize,
    },
    /// A step of the schema failed; it was rolled back.
    #[error("the database could not be brought up to date: {0}. The step was rolled back.")]
    Migration(String),
}

impl OpenError {
    /// Exit code after `sysexits.h`: unavailable, no permission, configuration, data.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Locked(_) => 75,
            Self::Unwritable { .. } => 73,
            Self::Address | Self::Mail(_) | Self::ShortPepper | Self::WrongPepper | Self::Walls { .. } => 78,
            Self::Unreachable(_) => 69,
            Self::NewerSchema { .. } => 65,
            Self::Migration(_) => 70,
        }
    }

    pub(super) fn database(error: sqlx::Error) -> Self {
        Self::Unreachable(error.to_string())
    }

    pub(super) fn migration(error: sqlx::migrate::MigrateError) -> Self {
        Self::Migration(error.to_string())
    }
}

/// Opens SQLite in the folder, or PostgreSQL where an address is given.
pub(crate) async fn open(
    folder: &Path,
    address: Option<&str>,
    connections: u32,
    hub: Hub,
) -> Result<Db, OpenError> {
    let tasks = TaskTracker::new();
    let engine = match address {
        None => sqlite(folder, &hub, &tasks).await?,
        Some(address) => postgres(address, connections, &hub, &tasks).await?,
    };
    let db = Db { engine, hub, tasks };
    db.refuse_newer().await?;
    Ok(db)
}

async fn sqlite(folder: &Path, hub: &Hub, tasks: &TaskTracker) -> Result<Engine, OpenError> {
    let lock = Arc::new(lock(folder)?);
    let options = SqliteConnectOptions::new()
        .filename(folder.join(FILE))
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        // NORMAL loses acknowledged bookings at a power cut.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        // Whoever reads after a commit would read every page anew; what is mapped is there. (64 MB; a larger file is read beyond that.)
        .pragma("mmap_size", "67108864")
        .statement_cache_capacity(512);
    // The writer alone knows that nobody has changed its pages: 32 MB of them stay. What it may have to take back it keeps in memory. It
    // copies pages from the log to the file seldom, since hot ones are copied once then, and others wait meanwhile.
    let writing = options
        .clone()
        .pragma("cache_size", "-32768")
        .pragma("temp_store", "MEMORY")
        .pragma("wal_autocheckpoint", "4000");
    let connection = Lent::own(&writing).await.map_err(OpenError::database)?;
    let reading = options.clone().create_if_missing(false).read_only(true);
    let readers = Readers::open(&reading, READERS).await.map_err(OpenError::database)?;
    Ok(Engine::Sqlite {
        readers,
        writer: Writer::start(connection, hub.clone(), tasks),
        lock,
        options: Box::new(options),
    })
}

/// Takes the folder for this process. The lock ends with the process, however it ends.
fn lock(folder: &Path) -> Result<File, OpenError> {
    let unwritable = |why| OpenError::Unwritable { folder: folder.to_owned(), why };
    std::fs::create_dir_all(folder).map_err(unwritable)?;
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(LOCK))
        .map_err(unwritable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked(folder.to_owned())),
        Err(TryLockError::Error(why)) => Err(unwritable(why)),
    }
}

async fn postgres(
    address: &str,
    connections: u32,
    hub: &Hub,
    tasks: &TaskTracker,
) -> Result<Engine, OpenError> {
    if !address.starts_with("postgres://") && !address.starts_with("postgresql://") {
        return Err(OpenError::Address);
    }
    let options: PgConnectOptions = address.parse().map_err(|_| OpenError::Address)?;
    let pool = PgPoolOptions::new()
        .max_connections(if connections == 0 { 16 } else { connections })
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire(false)
        .connect_with(options.statement_cache_capacity(256))
        .await
        .map_err(OpenError::database)?;
    let mut listener = PgListener::connect_with(&pool).await.map_err(OpenError::database)?;
    listener.listen("caresync").await.map_err(OpenError::database)?;
    tasks.spawn(listen(listener, hub.clone()));
    Ok(Engine::Postgres { pool })
}

/// Passes on what other nodes (and this one) announced. After a lost connection everything may be stale.
async fn listen(mut listener: PgListener, hub: Hub) {
    loop {
        let notice = tokio::select! {
            notice = listener.try_recv() => notice,
            () = hub.stopped() => return,
        };
        match notice {
            Ok(Some(notice)) => match serde_json::from_str::<News>(notice.payload()) {
                Ok(news) => hub.publish_all(vec![news]),
                Err(error) => tracing::warn!(%error, "a notice was not understood"),
            },
            Ok(None) => hub.resync(),
            Err(error) => {
                tracing::warn!(%error, "listening for notices failed; trying again");
                tokio::time::sleep(Duration::from_secs(1)).await;
                hub.resync();
            }
        }
    }
}
