//! Hashing passwords with Argon2id, in few threads at a time and with a short queue.
//!
//! A flood of sign-ins costs at most that many threads and their memory; everybody else goes on.

use std::{sync::Arc, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash,
};
use tokio::sync::Semaphore;

use crate::{
    error::{Error, Result},
    outside::random::Random,
};

/// Passwords being hashed at the same time.
const AT_ONCE: usize = 2;
/// How many may wait for that.
const WAITING: usize = 32;
/// How long they wait.
const PATIENCE: Duration = Duration::from_secs(2);

/// The hasher.
pub(crate) struct Passwords {
    hasher: Argon2<'static>,
    working: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    /// A hash of nothing, checked when there is no account, so that time does not tell.
    decoy: String,
}

impl Passwords {
    /// Parameters after OWASP's minimum: 19 MiB, two passes, one lane.
    pub(crate) fn new(random: &dyn Random) -> Result<Self> {
        let params = Params::new(19 * 1024, 2, 1, None).map_err(|e| Error::Library(e.to_string()))?;
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash(&hasher, "nobody's password", random)?;
        Ok(Self {
            hasher,
            working: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Arc::new(Semaphore::new(AT_ONCE + WAITING)),
            decoy,
        })
    }

    /// The hash to store.
    pub(crate) async fn hash(&self, password: String, random: Arc<dyn Random>) -> Result<String> {
        let hasher = self.hasher.clone();
        self.work(move || hash(&hasher, &password, &*random)).await
    }

    /// Whether the password is the one; without a stored hash it takes as long and is not.
    pub(crate) async fn verify(&self, password: String, stored: Option<String>) -> Result<bool> {
        let hasher = self.hasher.clone();
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.decoy.clone());
        self.work(move || {
            let parsed = PasswordHash::new(&stored).map_err(|_| Error::Stored("password hash"))?;
            Ok(known & hasher.verify_password(password.as_bytes(), &parsed).is_ok())
        })
        .await
    }

    async fn work<T: Send + 'static>(&self, task: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let _place = self.waiting.clone().try_acquire_owned().map_err(|_| Error::Busy)?;
        let turn = tokio::time::timeout(PATIENCE, self.working.clone().acquire_owned());
        let permit = turn.await.map_err(|_| Error::Busy)?.map_err(|_| Error::Busy)?;
        let done = tokio::task::spawn_blocking(move || {
            let result = task();
            // The permit moves into the thread: a caller who leaves does not free it early.
            drop(permit);
            result
        });
        done.await.unwrap_or(Err(Error::Panicked))
    }
}

fn hash(hasher: &Argon2<'_>, password: &str, random: &dyn Random) -> Result<String> {
    let mut salt = [0; 16];
    random.fill(&mut salt);
    hasher
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|e| Error::Library(e.to_string()))
}
