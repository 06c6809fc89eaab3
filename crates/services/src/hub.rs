//! Spreads what was committed to whoever listens in this process: open dashboards and the directory.
//!
//! It keeps nothing: a listener that missed something reads again.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    access::Actor,
    ids::{AccountId, DoctorId, HospitalId},
    live::{Live, LiveChange, LiveEvent, LiveFeed, Missed},
    queues::WallFeed,
};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio_util::sync::CancellationToken;

use crate::{db::News, directory::Directory, edition::Edition, sign_ins::Ended};

/// How many changes a slow listener may lag behind.
const BACKLOG: usize = 1024;

/// The hub.
#[derive(Clone)]
pub(crate) struct Hub {
    changes: broadcast::Sender<Told>,
    directory: Arc<Directory>,
    ended: Arc<Ended>,
    edition: Edition,
    stopped: CancellationToken,
}

#[derive(Clone, Copy)]
enum Told {
    Event(LiveEvent),
    /// Hours, visit types or closures are others now, somewhere.
    Directory,
    /// One of the account's sign-ins ended: its listeners ask again whether they may.
    SignInEnded(AccountId),
    Resync,
}

impl Hub {
    pub(crate) fn new(directory: Arc<Directory>, ended: Arc<Ended>) -> Self {
        let (changes, edition) = (broadcast::channel(BACKLOG).0, Edition::default());
        Self { changes, directory, ended, edition, stopped: CancellationToken::new() }
    }

    /// Tells what was committed.
    pub(crate) fn publish_all(&self, news: Vec<News>) {
        self.forget(&news);
        for item in news {
            let told = match item {
                News::Visit(event) => Told::Event(event),
                News::Ended { account: Some(account), .. } => Told::SignInEnded(account),
                News::Directory => Told::Directory,
                News::Ended { account: None, .. } => continue,
            };
            // Nobody may be listening.
            let _ = self.changes.send(told);
        }
    }

    /// What was committed is no longer true of the directory.
    pub(crate) fn forget(&self, news: &[News]) {
        for item in news {
            match item {
                News::Visit(event) => self.directory.forget_times(event.doctor_id),
                News::Directory => self.directory.forget(),
                News::Ended { id, at, .. } => self.ended.note(*id, *at),
            }
        }
        // Last: whoever knows of the new edition must not read the directory of the old one.
        if news.iter().any(|item| !matches!(item, News::Ended { .. })) {
            self.edition.advance();
        }
    }

    /// Grows with all that may change what anybody sees.
    pub(crate) fn edition(&self) -> &Edition {
        &self.edition
    }

    /// Something may have been missed: everything is read again.
    pub(crate) fn resync(&self) {
        self.directory.forget();
        self.ended.doubt();
        self.edition.advance();
        let _ = self.changes.send(Told::Resync);
    }

    /// That something changed at a hospital, for its wall.
    pub(crate) fn changes_of(&self, hospital: HospitalId) -> HospitalFeed {
        HospitalFeed { hospital, changes: self.changes.subscribe() }
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
        let directory = self.directory.clone();
        Box::new(Feed { actor, watched: None, changes: self.changes.subscribe(), directory })
    }
}

/// Changes at a hospital: that there was one, and nothing of what.
pub(crate) struct HospitalFeed {
    hospital: HospitalId,
    changes: broadcast::Receiver<Told>,
}

#[async_trait]
impl WallFeed for HospitalFeed {
    async fn next(&mut self) -> bool {
        loop {
            match self.changes.recv().await {
                Ok(Told::Event(event)) if event.hospital_id == self.hospital => return true,
                // Names of doctors and the hospital stand on the wall, too.
                Ok(Told::Directory | Told::Resync) | Err(RecvError::Lagged(_)) => return true,
                Ok(Told::Event(_) | Told::SignInEnded(_)) => {}
                Err(RecvError::Closed) => return false,
            }
        }
    }
}

struct Feed {
    actor: Actor,
    watched: Option<DoctorId>,
    changes: broadcast::Receiver<Told>,
    directory: Arc<Directory>,
}

#[async_trait]
impl LiveFeed for Feed {
    async fn next(&mut self) -> Option<Result<LiveChange, Missed>> {
        loop {
            match self.changes.recv().await {
                Ok(Told::Event(event)) if event.visible_to(&self.actor) => {
                    return Some(Ok(LiveChange::Visit(event)));
                }
                Ok(Told::Event(LiveEvent { doctor_id, .. })) => {
                    // A room that another doctor's visit takes may take a time of this one.
                    let moved = |watched: &DoctorId| {
                        *watched == doctor_id || self.directory.shares(*watched, doctor_id)
                    };
                    if let Some(watched) = self.watched.filter(moved) {
                        return Some(Ok(LiveChange::Times(watched)));
                    }
                }
                Ok(Told::Directory) => {
                    if let Some(doctor) = self.watched {
                        return Some(Ok(LiveChange::Times(doctor)));
                    }
                }
                Ok(Told::SignInEnded(account)) if self.actor.account_id() == Some(account) => return None,
                Ok(Told::SignInEnded(_)) => {}
                Ok(Told::Resync) | Err(RecvError::Lagged(_)) => return Some(Err(Missed)),
                Err(RecvError::Closed) => return None,
            }
        }
    }

    fn watch(&mut self, doctor: Option<DoctorId>) {
        self.watched = doctor;
    }
}

#[cfg(test)]
mod tests {
    use domain::ids::{AppointmentId, PatientId};
    use futures::FutureExt;
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn a_wall_hears_of_its_own_hospital_only() {
        let hub = Hub::new(Arc::default(), Arc::default());
        let (here, there) = (HospitalId(Uuid::from_u128(1)), HospitalId(Uuid::from_u128(2)));
        let visit = |hospital_id| {
            News::Visit(LiveEvent {
                appointment_id: AppointmentId(Uuid::from_u128(3)),
                hospital_id,
                doctor_id: DoctorId(Uuid::from_u128(4)),
                patient_id: PatientId(Uuid::from_u128(5)),
                sensitive: true,
                version: 1,
            })
        };
        let mut feed = hub.changes_of(here);
        hub.publish_all(vec![visit(there)]);
        assert_eq!(feed.next().now_or_never(), None);
        hub.publish_all(vec![visit(here)]);
        assert_eq!(feed.next().now_or_never(), Some(true));
        assert_eq!(feed.next().now_or_never(), None);
    }

    #[test]
    fn whatever_may_change_a_public_page_begins_an_edition() {
        let hub = Hub::new(Arc::default(), Arc::default());
        let visit = News::Visit(LiveEvent {
            appointment_id: AppointmentId(Uuid::from_u128(1)),
            hospital_id: HospitalId(Uuid::from_u128(2)),
            doctor_id: DoctorId(Uuid::from_u128(3)),
            patient_id: PatientId(Uuid::from_u128(4)),
            sensitive: false,
            version: 1,
        });
        let ended = News::Ended { id: Uuid::from_u128(5), at: 6, account: None };
        let after = |news: Vec<News>| {
            hub.publish_all(news);
            hub.edition().number()
        };
        assert_eq!(after(vec![visit.clone()]), 1);
        assert_eq!(after(vec![News::Directory]), 2);
        // Who is signed in where stands on no page that anybody sees.
        assert_eq!(after(vec![ended.clone()]), 2);
        assert_eq!(after(vec![ended, visit]), 3);
        hub.resync();
        assert_eq!(hub.edition().number(), 4);
    }
}
