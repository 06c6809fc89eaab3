//! The keys of access tokens. Each node makes its own, keeps the private half in memory alone, and shares the public half through
//! the database: nobody who reads the database can sign, and a node that stops or changes its key signs nobody out.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{Ed25519KeyPair, KeyPair as _};

use super::store;
use crate::{
    core::Core,
    db::Reach,
    error::{Error, Result},
};

/// How long a node signs with one key.
const SIGNS_MS: i64 = 24 * 60 * 60 * 1000;
/// How long its public half is kept after that: longer than a token lives.
const OUTLIVES_MS: i64 = 15 * 60 * 1000;
/// Bytes of a key's name.
const NAME: usize = 12;

/// A key to sign with.
pub(super) struct Signer {
    pub(super) kid: String,
    pub(super) pair: Ed25519KeyPair,
    until: i64,
}

/// The keys that this node knows.
#[derive(Default)]
pub(super) struct Keyring {
    own: tokio::sync::Mutex<Option<Arc<Signer>>>,
    public: RwLock<HashMap<String, Vec<u8>>>,
}

impl Keyring {
    /// The key to sign with now; a new one when there is none or it has served its time.
    pub(super) async fn signer(&self, core: &Core) -> Result<Arc<Signer>> {
        let now = core.now_ms();
        let mut own = self.own.lock().await;
        if let Some(signer) = own.as_ref().filter(|signer| now < signer.until) {
            return Ok(signer.clone());
        }
        let signer = Arc::new(make(core, now)?);
        let (kid, public) = (signer.kid.clone(), signer.pair.public_key().as_ref().to_vec());
        let expires_at = signer.until + OUTLIVES_MS;
        self.learn(&kid, &public);
        core.db
            .write(&Reach::house("keys of the nodes"), move |conn| {
                let (kid, public) = (kid.clone(), public.clone());
                Box::pin(async move { store::insert_key(conn, &kid, &public, now, expires_at).await })
            })
            .await?;
        *own = Some(signer.clone());
        Ok(signer)
    }

    /// The public half of a key, of whichever node.
    pub(super) async fn public(&self, core: &Core, kid: &str) -> Result<Option<Vec<u8>>> {
        if !is_name(kid) {
            return Ok(None);
        }
        if let Some(key) = self.public.read().unwrap_or_else(PoisonError::into_inner).get(kid) {
            return Ok(Some(key.clone()));
        }
        let mut conn = core.db.read(&Reach::house("keys of the nodes")).await?;
        let found = store::key(&mut conn, kid, core.now_ms()).await?;
        if let Some(key) = &found {
            self.learn(kid, key);
        }
        Ok(found)
    }

    fn learn(&self, kid: &str, public: &[u8]) {
        let mut known = self.public.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(kid.to_owned(), public.to_vec());
    }
}

fn make(core: &Core, now: i64) -> Result<Signer> {
    let (mut seed, mut name) = ([0; 32], [0; NAME]);
    core.random.fill(&mut seed);
    core.random.fill(&mut name);
    let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|e| Error::Library(e.to_string()))?;
    Ok(Signer { kid: URL_SAFE_NO_PAD.encode(name), pair, until: now + SIGNS_MS })
}

/// Whether a text could be the name of a key; the database is not asked for others.
fn is_name(kid: &str) -> bool {
    kid.len() == NAME / 3 * 4 && URL_SAFE_NO_PAD.decode(kid).is_ok()
}
