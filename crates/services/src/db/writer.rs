//! SQLite's one writer: takes waiting work from a bounded queue, runs each piece in a savepoint, commits once for all of
//! them, and only then answers. That gives durability, fairness and speed together.
//!
//! It does not know what the work is.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use futures::{FutureExt, future::BoxFuture};
use tokio::sync::{mpsc, oneshot};
use tokio_util::task::TaskTracker;

use super::{Conn, On, memory::Memory, readers::Lent};
use crate::{
    error::{Error, Result},
    hub::Hub,
};

/// How many pieces of work may wait; beyond that callers are told to try again.
const QUEUE: usize = 1024;
/// How many pieces one commit takes with it.
const BATCH: usize = 64;

type Work = Box<dyn for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Finished> + Send>;
type Answer = Box<dyn FnOnce(std::result::Result<(), String>) + Send>;

/// What a piece of work leaves until the commit is known.
struct Finished {
    keep: bool,
    answer: Answer,
}

/// The queue's near end.
#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Work>,
    stopped: tokio_util::sync::CancellationToken,
    /// Whether the last transaction could not even begin.
    broken: Arc<AtomicBool>,
    /// Whether somebody tries to find out if it still is.
    probed: Arc<AtomicBool>,
}

impl Writer {
    /// Starts the writer on its connection.
    pub(super) fn start(connection: Lent, hub: Hub, tasks: &TaskTracker) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let stopped = tokio_util::sync::CancellationToken::new();
        let conn = Conn::new(On::Sqlite(connection), Some(Memory::default()));
        let broken = Arc::new(AtomicBool::new(false));
        let far = Far { waiting, hub, stopped: stopped.clone(), broken: broken.clone() };
        tasks.spawn(run(conn, far));
        Self { queue, stopped, broken, probed: Arc::default() }
    }

    /// Hands work over and waits for its answer.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Conn) -> BoxFuture<'c, Result<T>> + Send + Sync + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let boxed: Work = Box::new(move |conn| {
            Box::pin(async move {
                let result =
                    AssertUnwindSafe(work(conn)).catch_unwind().await.unwrap_or(Err(Error::Panicked));
                let result = match result {
                    Ok(value) => end_piece(conn).await.map(|()| value),
                    refused => refused,
                };
                let keep = result.is_ok();
                let answer: Answer = Box::new(move |committed| {
                    // Nobody may be waiting any more; the work is done all the same.
                    let _ = answer.send(match committed {
                        Err(text) if keep => Err(Error::Commit(text)),
                        Ok(()) | Err(_) => result,
                    });
                });
                Finished { keep, answer }
            })
        });
        self.queue.try_send(boxed).map_err(|_| Error::Busy)?;
        answered.await.unwrap_or(Err(Error::Busy))
    }

    /// Whether somebody waits for it.
    pub(super) fn is_busy(&self) -> bool {
        self.queue.capacity() < self.queue.max_capacity()
    }

    /// Whether something can be written. What failed last is tried again with a transaction that changes nothing: a house that is
    /// kept away from everybody because it was not ready would otherwise wait for somebody to write. One tries at a time, whoever asks
    /// meanwhile hears that it cannot: a writer that is held by somebody else has enough to wait for.
    pub(super) async fn is_ready(&self) -> bool {
        if !self.broken.load(Ordering::Relaxed) {
            return true;
        }
        if self.probed.swap(true, Ordering::SeqCst) {
            return false;
        }
        let probe = Probe(self.probed.clone());
        let tried = self.run(move |_| {
            let _until_it_is_done = &probe;
            Box::pin(async { Ok(()) })
        });
        tried.await.is_ok()
    }

    /// Ends the writer once the queue is empty.
    pub(super) fn close(&self) {
        self.stopped.cancel();
    }
}

/// A piece of work that only finds out whether there can be any; another may follow once it is gone, done or not.
struct Probe(Arc<AtomicBool>);

impl Drop for Probe {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

/// The queue's far end.
struct Far {
    waiting: mpsc::Receiver<Work>,
    hub: Hub,
    stopped: tokio_util::sync::CancellationToken,
    broken: Arc<AtomicBool>,
}

async fn run(mut conn: Conn, mut far: Far) {
    loop {
        let first = tokio::select! {
            biased;
            work = far.waiting.recv() => work,
            () = far.stopped.cancelled() => { far.waiting.close(); far.waiting.recv().await }
        };
        let Some(first) = first else { break };
        commit_batch(&mut conn, first, &mut far).await;
    }
    if let On::Sqlite(connection) = conn.on {
        connection.close().await;
    }
}

async fn commit_batch(conn: &mut Conn, first: Work, far: &mut Far) {
    let mut answers = Vec::new();
    let mut outcome = control(conn, "BEGIN IMMEDIATE; SAVEPOINT piece").await;
    far.broken.store(outcome.is_err(), Ordering::Relaxed);
    if outcome.is_ok() {
        let mut next = Some(first);
        while let Some(work) = next.take() {
            let (answer, undone) = one(conn, work).await;
            answers.push(answer);
            outcome = undone;
            if outcome.is_ok() && answers.len() < BATCH {
                next = far.waiting.try_recv().ok();
            }
        }
        if outcome.is_ok() {
            // It releases the piece that was opened for nobody, too.
            outcome = control(conn, "COMMIT").await;
        }
        if outcome.is_err() {
            forget(conn);
            let _ = control(conn, "ROLLBACK").await;
        }
    }
    let news = std::mem::take(&mut conn.announced);
    if let Err(error) = &outcome {
        tracing::error!(%error, "a batch was not committed");
    } else {
        far.hub.publish_all(news);
    }
    for answer in answers {
        answer(outcome.clone());
    }
}

/// Runs one piece in the savepoint that was opened for it, and undoes it when it fails. An error here is one of the transaction
/// itself, not of the work.
async fn one(conn: &mut Conn, work: Work) -> (Answer, std::result::Result<(), String>) {
    let before = conn.announced.len();
    let finished = work(conn).await;
    if finished.keep {
        if let Some(memory) = &mut conn.memory {
            memory.settle();
        }
        return (finished.answer, Ok(()));
    }
    conn.announced.truncate(before);
    conn.later.drop_all();
    conn.in_part = false;
    if let Some(memory) = &mut conn.memory {
        memory.undo();
    }
    let undone = control(conn, "ROLLBACK TO piece").await;
    (finished.answer, undone)
}

/// Runs what the piece has left waiting, closes it and opens the next: one change of threads for all of it.
async fn end_piece(conn: &mut Conn) -> Result<()> {
    if conn.later.has_lost() {
        // It was told of an error and went on; what had waited behind the statement that failed was never written.
        return Err(Error::Stored("a piece of work that went on after a statement that waited had failed"));
    }
    conn.later.add("RELEASE piece; SAVEPOINT piece");
    Ok(conn.settle().await?)
}

/// What was read or written in a batch that is undone may never have been.
fn forget(conn: &mut Conn) {
    if let Some(memory) = &mut conn.memory {
        memory.forget();
    }
}

async fn control(conn: &mut Conn, statement: &'static str) -> std::result::Result<(), String> {
    crate::db::sql!(conn, execute, statement).map(drop).map_err(|e| e.to_string())
}
