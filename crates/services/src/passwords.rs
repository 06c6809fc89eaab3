//! Hashing passwords with Argon2id, peppered, in few threads at a time and with a short queue.
//!
//! A flood of sign-ins costs at most that many threads and their memory; everybody else goes on. Which passwords are too easy to
//! guess is in `rules`.

pub(crate) mod rules;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash,
};
use tokio::sync::Semaphore;

use crate::{
    error::{Error, Result},
    outside::random::Random,
    pepper::Pepper,
};

/// Passwords being hashed at the same time.
const AT_ONCE: usize = 2;
/// How many may wait for that.
const WAITING: usize = 32;
/// How long they wait.
const PATIENCE: Duration = Duration::from_secs(2);

/// How much a hash costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PasswordCost {
    /// After OWASP's minimum: 19 MiB, two passes, one lane.
    #[default]
    Full,
    /// Next to nothing, for tests: no setting chooses it.
    Test,
}

/// The hasher.
#[derive(Clone)]
pub(crate) struct Passwords {
    hasher: Argon2<'static>,
    pepper: Arc<Pepper>,
    working: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    /// A hash of nothing, checked when there is no account, so that time does not tell.
    decoy: String,
    /// How many hashes were computed to check a password: it must not depend on what is checked.
    checks: Arc<AtomicU64>,
}

impl Passwords {
    pub(crate) fn new(cost: PasswordCost, pepper: Arc<Pepper>, random: &dyn Random) -> Result<Self> {
        let (memory, passes) = match cost {
            PasswordCost::Full => (19 * 1024, 2),
            PasswordCost::Test => (64, 1),
        };
        let params = Params::new(memory, passes, 1, None).map_err(|e| Error::Library(e.to_string()))?;
        let mut passwords = Self {
            hasher: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            pepper,
            working: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Arc::new(Semaphore::new(AT_ONCE + WAITING)),
            decoy: String::new(),
            checks: Arc::default(),
        };
        passwords.decoy = passwords.hash_now("nobody's password", random)?;
        Ok(passwords)
    }

    /// The hash to store: the name of the pepper's key, then the hash in its usual form.
    pub(crate) async fn hash(&self, password: String, random: Arc<dyn Random>) -> Result<String> {
        let this = self.clone();
        self.work(move || this.hash_now(&password, &*random)).await
    }

    /// Which of the stored hashes belong to the password. Each place costs the same, whether a hash stands in it or not.
    pub(crate) async fn verify<const N: usize>(
        &self,
        password: String,
        stored: [Option<String>; N],
    ) -> Result<[bool; N]> {
        let this = self.clone();
        self.work(move || Ok(stored.map(|stored| this.verify_now(&password, stored.as_deref())))).await
    }

    /// Whether a stored hash was made with another key or other parameters than today's.
    pub(crate) fn is_outdated(&self, stored: &str) -> bool {
        let (fingerprint, phc) = split(stored);
        let ours = self.hasher.params();
        let same =
            PasswordHash::new(phc).ok().and_then(|hash| Params::try_from(&hash).ok()).is_some_and(|theirs| {
                theirs.m_cost() == ours.m_cost()
                    && theirs.t_cost() == ours.t_cost()
                    && theirs.p_cost() == ours.p_cost()
            });
        !same || fingerprint != self.pepper.current()
    }

    /// How many hashes were computed to check passwords, ever.
    pub(crate) fn checks(&self) -> u64 {
        self.checks.load(Ordering::SeqCst)
    }

    fn hash_now(&self, password: &str, random: &dyn Random) -> Result<String> {
        let mut salt = [0; 16];
        random.fill(&mut salt);
        let name = self.pepper.current();
        let seasoned = self.pepper.season(name, password).ok_or(Error::Stored("the pepper's key"))?;
        let hash = self.hasher.hash_password_with_salt(&seasoned, &salt);
        hash.map(|hash| format!("{name}{hash}")).map_err(|e| Error::Library(e.to_string()))
    }

    fn verify_now(&self, password: &str, stored: Option<&str>) -> bool {
        let (fingerprint, phc) = split(stored.unwrap_or(&self.decoy));
        let (Some(seasoned), Ok(hash)) = (self.pepper.season(fingerprint, password), PasswordHash::new(phc))
        else {
            tracing::error!("a stored password was hashed with a key that is not at hand");
            return false;
        };
        self.checks.fetch_add(1, Ordering::SeqCst);
        self.hasher.verify_password(&seasoned, &hash).is_ok() & stored.is_some()
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

/// The name of the pepper's key, and the hash. Before there was a key there was no name.
fn split(stored: &str) -> (&str, &str) {
    stored.split_at(stored.find('$').unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outside::random::SystemRandom;

    fn passwords(key: &str, previous: Option<&str>, cost: PasswordCost) -> Passwords {
        let folder = tempfile::tempdir().unwrap();
        let pepper = Pepper::open(Some(key), previous, folder.path(), &SystemRandom).unwrap();
        Passwords::new(cost, Arc::new(pepper), &SystemRandom).unwrap()
    }

    const KEY: &str = "a key of thirty-two letters, yes";
    const NEXT: &str = "another key of thirty-two letter";

    #[tokio::test]
    async fn a_changed_key_or_cost_is_noticed_and_old_hashes_still_hold() {
        let old = passwords(KEY, None, PasswordCost::Test);
        let stored = old.hash("three blue herons".into(), Arc::new(SystemRandom)).await.unwrap();
        assert!(!old.is_outdated(&stored));
        for new in [passwords(NEXT, Some(KEY), PasswordCost::Test), passwords(KEY, None, PasswordCost::Full)]
        {
            assert!(new.is_outdated(&stored));
            let right = new.verify("three blue herons".into(), [Some(stored.clone())]).await.unwrap();
            assert_eq!(right, [true]);
        }
        let stranger = passwords(NEXT, None, PasswordCost::Test);
        assert_eq!(stranger.verify("three blue herons".into(), [Some(stored)]).await.unwrap(), [false]);
    }

    #[tokio::test]
    async fn a_hash_from_before_the_key_holds_and_is_outdated() {
        let passwords = passwords(KEY, None, PasswordCost::Test);
        let plain =
            passwords.hasher.hash_password_with_salt(b"three blue herons", &[7; 16]).unwrap().to_string();
        assert!(passwords.is_outdated(&plain));
        assert_eq!(passwords.verify("three blue herons".into(), [Some(plain)]).await.unwrap(), [true]);
    }

    #[tokio::test]
    async fn a_check_costs_the_same_whoever_is_asked_for() {
        let passwords = passwords(KEY, None, PasswordCost::Test);
        let stored = passwords.hash("three blue herons".into(), Arc::new(SystemRandom)).await.unwrap();
        for (asked, right) in [([None, None], [false, false]), ([Some(stored.clone()), None], [true, false])]
        {
            let before = passwords.checks();
            assert_eq!(passwords.verify("three blue herons".into(), asked).await.unwrap(), right);
            assert_eq!(passwords.checks() - before, 2);
        }
        assert_eq!(passwords.verify("nobody's password".into(), [None]).await.unwrap(), [false]);
    }
}
