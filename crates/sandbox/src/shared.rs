//! What all requests share: the world behind its lock, the file behind the world, and what is done later.
//! What a change means is in `world`.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::mpsc::UnboundedSender;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    courier::Errand,
    faults::{Fault, Place},
    file,
    options::{Options, Settling},
    refusal::Refusal,
    stripe,
    world::{Desk, Later, World},
};

/// What all requests share.
pub(crate) struct Shared {
    pub(crate) options: Options,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    pub(crate) stopping: CancellationToken,
    /// Whatever still has to end when the sandbox stops.
    pub(crate) tasks: TaskTracker,
    kept: Mutex<Kept>,
    /// The newest version in the file. One task writes at a time, and takes with it what others have changed meanwhile.
    written: tokio::sync::Mutex<u64>,
    errands: UnboundedSender<Errand>,
}

struct Kept {
    world: World,
    /// Grows with each change.
    version: u64,
}

impl Shared {
    pub(crate) fn new(
        options: Options,
        address: SocketAddr,
        world: World,
        errands: UnboundedSender<Errand>,
    ) -> Arc<Self> {
        Arc::new(Self {
            options,
            address,
            stopping: CancellationToken::new(),
            tasks: TaskTracker::new(),
            kept: Mutex::new(Kept { world, version: 0 }),
            written: tokio::sync::Mutex::new(0),
            errands,
        })
    }

    /// Goes on with what a restart has interrupted.
    pub(crate) fn resume(self: &Arc<Self>) {
        let now = (self.options.clock)().div_euclid(1000);
        let (events, later) = self.look(|world| world.unfinished(now));
        self.send(events);
        self.wait_for(later);
    }

    /// Looks without changing.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.lock().world)
    }

    /// Changes something, and refuses in Razorpay's words.
    pub(crate) async fn change<T>(
        self: &Arc<Self>,
        place: Place,
        change: impl FnOnce(&mut Desk<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.alter(place, change).await
    }

    /// Changes something. Nothing is answered before it is in the file.
    pub(crate) async fn alter<T, E: From<Refusal>>(
        self: &Arc<Self>,
        place: Place,
        change: impl FnOnce(&mut Desk<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let (done, version) = self.act(place, change);
        let done = done?;
        self.save(version).await?;
        Ok(done)
    }

    /// Not async: what is done later makes changes as well, and a future that holds itself has no size.
    fn act<T, E>(
        self: &Arc<Self>,
        place: Place,
        change: impl FnOnce(&mut Desk<'_>) -> Result<T, E>,
    ) -> (Result<T, E>, u64) {
        let now = (self.options.clock)().div_euclid(1000);
        let mut kept = self.lock();
        let world = &mut kept.world;
        let (to_send, later) = (Vec::new(), Vec::new());
        let mut desk = Desk { world, options: &self.options, now, place, to_send, later };
        let done = change(&mut desk);
        let Desk { to_send, later, .. } = desk;
        kept.version += 1;
        // Under the lock, so that events leave in the order in which they came about.
        self.send(to_send);
        self.wait_for(later);
        (done, kept.version)
    }

    /// Does what the clock alone does to sessions of Stripe's half.
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method lives for one desk, the closure for any"
    )]
    pub(crate) async fn elapsed(self: &Arc<Self>) -> Result<(), stripe::Refusal> {
        self.alter(Place::Elsewhere, |desk| desk.elapse()).await
    }

    /// Whether a fault strikes, which uses it up. That alone is not worth writing a file.
    pub(crate) fn strikes(&self, of: &[Fault], place: Place) -> Option<Fault> {
        self.lock().world.faults.take(of, place)
    }

    /// Comes back when everything that was changed until now is in the file.
    pub(crate) async fn settled(self: &Arc<Self>) -> Result<(), Refusal> {
        let version = self.lock().version;
        self.save(version).await
    }

    async fn save(self: &Arc<Self>, version: u64) -> Result<(), Refusal> {
        let Some(path) = self.options.file.clone() else { return Ok(()) };
        let shared = self.clone();
        // A task of its own: a client that leaves does not end it half-way.
        let saving = self.tasks.spawn(async move {
            let mut written = shared.written.lock().await;
            if *written >= version {
                return Ok(());
            }
            let (bytes, current) = {
                let kept = shared.lock();
                (serde_json::to_vec_pretty(&kept.world)?, kept.version)
            };
            tokio::task::spawn_blocking(move || file::write(&path, &bytes)).await??;
            *written = current;
            Ok::<_, std::io::Error>(())
        });
        match saving.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                tracing::error!(%error, "the sandbox cannot write its file");
                Err(Refusal::broken())
            }
            Err(error) => {
                tracing::error!(%error, "writing the file of the sandbox was broken off");
                Err(Refusal::broken())
            }
        }
    }

    /// Puts events into the courier's hands. Without a courier the sandbox is stopping, and a restart sends them.
    fn send(&self, events: Vec<String>) {
        for event in events {
            let _ = self.errands.send(Errand { event, tries: 0 });
        }
    }

    /// Sends an event once more after a while.
    pub(crate) fn send_again(&self, errand: Errand, after: Duration) {
        let (errands, stopping) = (self.errands.clone(), self.stopping.clone());
        self.tasks.spawn(async move {
            if stopping.run_until_cancelled(tokio::time::sleep(after)).await.is_some() {
                let _ = errands.send(errand);
            }
        });
    }

    fn wait_for(self: &Arc<Self>, later: Vec<Later>) {
        for later in later {
            let after = match (&later, self.options.refunds) {
                (Later::Authorize(_) | Later::Clear(_), _) => self.options.late,
                (Later::Elapse(seconds), _) => Duration::from_secs(seconds.max(&0).unsigned_abs()),
                (Later::Process(_) | Later::Succeed(_), Settling::AtOnce) => Duration::ZERO,
                (Later::Process(_) | Later::Succeed(_), Settling::After(wait)) => wait,
                (Later::Process(_) | Later::Succeed(_), Settling::WhenTold) => continue,
            };
            self.tasks.spawn(happen(self.clone(), later, after));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn happen(shared: Arc<Shared>, later: Later, after: Duration) {
    if shared.stopping.run_until_cancelled(tokio::time::sleep(after)).await.is_none() {
        return;
    }
    let happened = match &later {
        Later::Authorize(id) => shared.change(Place::Pay, |desk| desk.authorize_late(id)).await,
        Later::Process(id) => shared.change(Place::Refund, |desk| desk.process(id)).await,
        Later::Clear(_) | Later::Succeed(_) | Later::Elapse(_) => {
            return happen_at_stripe(shared, later).await;
        }
    };
    if let Err(refusal) = happened {
        tracing::warn!(?later, ?refusal, "what should have happened later did not");
    }
}

async fn happen_at_stripe(shared: Arc<Shared>, later: Later) {
    let happened: Result<(), stripe::Refusal> = match &later {
        Later::Clear(id) => shared.alter(Place::Pay, |desk| desk.clear(id)).await,
        Later::Succeed(id) => shared.alter(Place::Refund, |desk| desk.succeed(id)).await,
        Later::Elapse(_) | Later::Authorize(_) | Later::Process(_) => shared.elapsed().await,
    };
    if let Err(refusal) = happened {
        tracing::warn!(?later, ?refusal, "what should have happened later did not");
    }
}
