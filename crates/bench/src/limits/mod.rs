//! The limits: the same work without us. A second process answers from the same file with plain axum and one indexed SELECT for each
//! answer, without access, audit and rules; and the bench itself books with the same statements and nothing around them.
//!
//! What is compared with what is the rows' business.

mod cards;
mod page;
pub(crate) mod peer;
pub(crate) mod raw;
mod taken;

use std::{
    fmt::Display,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, bail};
use axum::{Router, http::StatusCode, routing::get, serve::ListenerExt};
use serde_json::Value;
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

use page::Frame;

/// What the bench program is told to be this process.
pub(crate) const WORD: &str = "limits";
/// In the folder of this process: what the server under measurement says of its doctors.
const DOCTORS: &str = "doctors.json";
/// As many as the server has.
const READERS: u32 = 4;

/// Where answers come from.
#[derive(Clone)]
struct Sources {
    /// The file that the server under measurement works on.
    house: SqlitePool,
    /// What cards show of its doctors, kept for this one question.
    cards: SqlitePool,
    /// What stands around the cards of its page.
    frame: Arc<Frame>,
}

/// Why there is no answer.
type Refused = (StatusCode, String);

fn refused(error: impl Display) -> Refused {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
}

/// Answers until the process is ended.
pub(crate) fn run(words: impl IntoIterator<Item = String>) -> anyhow::Result<()> {
    let (mut folder, mut own, mut host) = (PathBuf::new(), PathBuf::new(), None);
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let value = words.next().with_context(|| format!("{word} needs a value"))?;
        match word.as_str() {
            "--folder" => folder = value.into(),
            "--own" => own = value.into(),
            "--addr" => host = Some(value.parse()?),
            _ => bail!("`{word}` is not an option of the limits"),
        }
    }
    let host = host.context("where to listen is not said")?;
    // The runtime that the server has, too.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(&folder, &own, host))
}

async fn serve(folder: &Path, own: &Path, host: SocketAddr) -> anyhow::Result<()> {
    let doctors: Vec<Value> = serde_json::from_slice(&std::fs::read(own.join(DOCTORS))?)?;
    let file = own.join("cards.db");
    cards::keep(&file, &doctors).await?;
    let sources = Sources {
        house: readers(&folder.join("caresync.db"), false).await?,
        cards: readers(&file, true).await?,
        frame: Arc::new(Frame::read(own)?),
    };
    let router = Router::new()
        .route("/ready", get(async || "ready"))
        .route("/availability", get(taken::taken))
        .route("/search", get(cards::search))
        .route("/page", get(page::page))
        .with_state(sources);
    let listener = tokio::net::TcpListener::bind(host).await?.tap_io(|stream| {
        // Slower without it, and right all the same.
        let _ = stream.set_nodelay(true);
    });
    Ok(axum::serve(listener, router).await?)
}

/// As the server opens its own. What never changes needs no locks.
async fn readers(file: &Path, unchanging: bool) -> anyhow::Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .immutable(unchanging)
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(256);
    let pool = SqlitePoolOptions::new()
        .min_connections(READERS)
        .max_connections(READERS)
        .test_before_acquire(false)
        .max_lifetime(None)
        .idle_timeout(None);
    pool.connect_with(options).await.with_context(|| file.display().to_string())
}
