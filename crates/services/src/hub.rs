//! Spreads what was committed to whoever listens in this process: open dashboards and the directory.
//!
//! It keeps nothing: a listener that missed something reads again.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    access::Actor,
    live::{Live, LiveEvent, LiveFeed, Missed},
};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio_util::sync::CancellationToken;

use crate::{db::News, directory::Directory};

/// How many changes a slow listener may lag behind.
const BACKLOG: usize = 1024;

/// The hub.
#[derive(Clone)]
pub(crate) struct Hub {
    changes: broadcast::Sender<Told>,
    directory: Arc<Directory>,
    stopped: CancellationToken,
}

#[derive(Clone, Copy)]
enum Told {
    Event(LiveEvent),
    Resync,
}

impl Hub {
    pub(crate) fn new(directory: Arc<Directory>) -> Self {
        Self { changes: broadcast::channel(BACKLOG).0, directory, stopped: CancellationToken::new() }
    }

    /// Tells what was committed.
    pub(crate) fn publish_all(&self, news: Vec<News>) {
        self.forget(&news);
        for item in news {
            if let News::Visit(event) = item {
                // Nobody may be listening.
                let _ = self.changes.send(Told::Event(event));
            }
        }
    }

    /// What was committed is no longer true of the directory.
    pub(crate) fn forget(&self, news: &[News]) {
        for item in news {
            match item {
                News::Visit(event) => self.directory.forget_times(event.doctor_id),
                News::Directory => self.directory.forget(),
            }
        }
    }

    /// Something may have been missed: everything is read again.
    pub(crate) fn resync(&self) {
        self.directory.forget();
        let _ = self.changes.send(Told::Resync);
    }

    pub(crate) fn stop(&self) {
        self.stopped.cancel();
    }

    pub(crate) async fn stopped(&self) {
        self.stopped.cancelled().await;
    }
}

impl Live for Hub {
    fn subscribe(&self, actor: Actor) -> Box<dyn LiveFeed> {
        Box::new(Feed { actor, changes: self.changes.subscribe() })
    }
}

struct Feed {
    actor: Actor,
    changes: broadcast::Receiver<Told>,
}

#[async_trait]
impl LiveFeed for Feed {
    async fn next(&mut self) -> Option<Result<LiveEvent, Missed>> {
        loop {
            match self.changes.recv().await {
                Ok(Told::Event(event)) if event.visible_to(&self.actor) => return Some(Ok(event)),
                Ok(Told::Event(_)) => {}
                Ok(Told::Resync) | Err(RecvError::Lagged(_)) => return Some(Err(Missed)),
                Err(RecvError::Closed) => return None,
            }
        }
    }
}
