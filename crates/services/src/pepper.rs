//! The house's key: peppers passwords and makes the secrets of links. It lives outside the database, so that whoever reads the
//! database alone can guess no password and open no link.
//!
//! It is a file in the data folder, or given by whoever runs several nodes. Hashing itself is in `passwords`.

mod store;

use std::{
    fs,
    io::{ErrorKind, Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{aead, hmac};

use crate::{
    db::{Db, OpenError, Reach},
    outside::random::Random,
};

/// Name of the key's file in the data folder.
const FILE: &str = "pepper.key";
/// A key that is given must be long enough not to be guessed.
const SHORTEST: usize = 32;

/// The keys at hand: the one in use, and an older one whose passwords are still known.
pub(crate) struct Pepper {
    current: Key,
    previous: Option<Key>,
    /// The file that was just made, because there was none.
    fresh: Option<PathBuf>,
}

struct Key {
    fingerprint: String,
    passwords: hmac::Key,
    links: hmac::Key,
    marks: hmac::Key,
    buckets: hmac::Key,
    seals: Option<aead::LessSafeKey>,
}

impl Key {
    fn new(secret: &[u8]) -> Self {
        let root = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let derived = |purpose: &[u8]| hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&root, purpose).as_ref());
        let name = hmac::sign(&root, b"caresync fingerprint");
        let fingerprint = URL_SAFE_NO_PAD.encode(name.as_ref().get(..9).unwrap_or_default());
        Self {
            fingerprint,
            passwords: derived(b"caresync passwords"),
            links: derived(b"caresync links"),
            marks: derived(b"caresync known browsers"),
            buckets: derived(b"caresync tries"),
            seals: sealing_key(hmac::sign(&root, b"caresync seals").as_ref()),
        }
    }
}

/// ChaCha20-Poly1305: quick and even on every processor, and its 96 bits of chance do for the few things that are sealed.
fn sealing_key(secret: &[u8]) -> Option<aead::LessSafeKey> {
    aead::UnboundKey::new(&aead::CHACHA20_POLY1305, secret).ok().map(aead::LessSafeKey::new)
}

impl Pepper {
    /// Takes the given key, or the one of the data folder, which is made when there is none.
    pub(crate) fn open(
        given: Option<&str>,
        previous: Option<&str>,
        folder: &Path,
        random: &dyn Random,
    ) -> Result<Self, OpenError> {
        let said =
            |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let long_enough = |text: String| {
            if text.len() >= SHORTEST { Ok(Key::new(text.as_bytes())) } else { Err(OpenError::ShortPepper) }
        };
        let (current, fresh) = if let Some(text) = said(given) {
            (long_enough(text)?, None)
        } else {
            let (text, fresh) = kept(folder, random)?;
            (Key::new(text.as_bytes()), fresh)
        };
        Ok(Self { current, previous: said(previous).map(long_enough).transpose()?, fresh })
    }

    /// Refuses a database whose passwords were peppered with another key; notes ours otherwise.
    pub(crate) async fn adopt(&self, db: &Db, now: i64) -> Result<(), OpenError> {
        let ours: Vec<String> = self.all().map(|key| key.fingerprint.clone()).collect();
        let known = db
            .write(&Reach::house("keys of the house"), move |conn| {
                let ours = ours.clone();
                Box::pin(async move {
                    let known = store::fingerprints(conn).await?;
                    let fits = known.is_empty() || known.iter().any(|one| ours.contains(one));
                    if let Some(current) = ours.first().filter(|current| fits && !known.contains(current)) {
                        store::insert(conn, current, now).await?;
                    }
                    Ok(fits)
                })
            })
            .await;
        match known {
            Ok(true) => Ok(()),
            Ok(false) => {
                // A key that fits nothing must not lie where the lost one is to be put back.
                if let Some(Err(error)) = self.fresh.as_ref().map(fs::remove_file) {
                    tracing::warn!(%error, "removing the key that was just made");
                }
                Err(OpenError::WrongPepper)
            }
            Err(error) => Err(OpenError::Unreachable(error.to_string())),
        }
    }

    /// The name of the key in use, as it stands before a hash.
    pub(crate) fn current(&self) -> &str {
        &self.current.fingerprint
    }

    /// What of a password is hashed under the key of a name; the password itself where there was no key yet.
    pub(crate) fn season(&self, fingerprint: &str, password: &str) -> Option<Vec<u8>> {
        if fingerprint.is_empty() {
            return Some(password.as_bytes().to_vec());
        }
        let key = self.all().find(|key| key.fingerprint == fingerprint)?;
        Some(hmac::sign(&key.passwords, password.as_bytes()).as_ref().to_vec())
    }

    /// A secret of 256 bits that belongs to a name; the same each time.
    pub(crate) fn link_secret(&self, name: &str) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.current.links, name.as_bytes()))
    }

    /// Signs the mark of a known browser.
    pub(crate) fn mark(&self, content: &[u8]) -> Vec<u8> {
        hmac::sign(&self.current.marks, content).as_ref().to_vec()
    }

    /// Whether we have signed a mark. The former key's hold on, so that its replacement makes no owner a stranger.
    pub(crate) fn is_mark(&self, content: &[u8], tag: &[u8]) -> bool {
        self.all().any(|key| hmac::verify(&key.marks, content, tag).is_ok())
    }

    /// The name under which tries of one kind are counted.
    pub(crate) fn bucket(&self, kind: &str, content: &[u8]) -> Vec<u8> {
        let mut named = kind.as_bytes().to_vec();
        named.push(0);
        named.extend(content);
        hmac::sign(&self.current.buckets, &named).as_ref().to_vec()
    }

    /// Seals a secret for its owner: the name of the key, chance, and what only that key opens for that owner.
    pub(crate) fn seal(
        &self,
        random: &dyn Random,
        owner: &[u8],
        secret: &[u8],
    ) -> crate::error::Result<Vec<u8>> {
        let failed = || crate::error::Error::Library("sealing a secret".to_owned());
        let mut nonce = [0; aead::NONCE_LEN];
        random.fill(&mut nonce);
        let mut sealed = secret.to_vec();
        let key = self.current.seals.as_ref().ok_or_else(failed)?;
        let nonce_of = aead::Nonce::assume_unique_for_key(nonce);
        key.seal_in_place_append_tag(nonce_of, aead::Aad::from(owner), &mut sealed).map_err(|_| failed())?;
        Ok([self.current.fingerprint.as_bytes(), &nonce, &sealed].concat())
    }

    /// What was sealed for its owner, with this key or the former one; none when it was tampered with, or is another's.
    pub(crate) fn open_sealed(&self, owner: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let key = self.all().find(|key| sealed.starts_with(key.fingerprint.as_bytes()))?;
        let (nonce, sealed) = sealed.get(key.fingerprint.len()..)?.split_at_checked(aead::NONCE_LEN)?;
        let nonce = aead::Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut bytes = sealed.to_vec();
        Some(key.seals.as_ref()?.open_in_place(nonce, aead::Aad::from(owner), &mut bytes).ok()?.to_vec())
    }

    fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.current).chain(&self.previous)
    }
}

/// The key of the folder, and its file if it was made just now.
fn kept(folder: &Path, random: &dyn Random) -> Result<(String, Option<PathBuf>), OpenError> {
    let path = folder.join(FILE);
    let unwritable = |why| OpenError::Unwritable { folder: folder.to_owned(), why };
    fs::create_dir_all(folder).map_err(unwritable)?;
    match read(&path) {
        Ok(text) if text.len() >= SHORTEST => return Ok((text, None)),
        Ok(_) => return Err(OpenError::ShortPepper),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(unwritable(error)),
    }
    let fresh = crate::secrets::token(random);
    // Whole or not at all, and the first of two processes wins.
    let half = folder.join(format!("{FILE}.{}", crate::secrets::reference(random)));
    let mut file =
        fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&half).map_err(unwritable)?;
    file.write_all(fresh.as_bytes()).and_then(|()| file.sync_all()).map_err(unwritable)?;
    let linked = fs::hard_link(&half, &path);
    fs::remove_file(&half).map_err(unwritable)?;
    match linked {
        Ok(()) => fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(unwritable)?,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(unwritable(error)),
    }
    let text = read(&path).map_err(unwritable)?;
    let fresh = (text == fresh).then_some(path);
    Ok((text, fresh))
}

fn read(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    fs::File::open(path)?.read_to_string(&mut text)?;
    Ok(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::outside::random::SystemRandom;

    #[test]
    fn a_folder_keeps_one_key_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Pepper::open(None, None, folder.path(), &SystemRandom).unwrap();
        let (one, again) = (open(), open());
        assert_eq!(one.current(), again.current());
        assert_eq!(one.link_secret("a"), again.link_secret("a"));
        assert_ne!(one.link_secret("a"), one.link_secret("b"));
        let mode = fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_sealed_is_opened_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let pepper = Pepper::open(None, None, folder.path(), &SystemRandom).unwrap();
        let sealed = pepper.seal(&SystemRandom, b"ada", b"secret").unwrap();
        assert_ne!(sealed, pepper.seal(&SystemRandom, b"ada", b"secret").unwrap());
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        assert_eq!(pepper.open_sealed(b"ada", &sealed), Some(b"secret".to_vec()));
        assert_eq!(pepper.open_sealed(b"bob", &sealed), None);
        for at in 0..sealed.len() {
            let mut other = sealed.clone();
            other[at] ^= 1;
            assert_eq!(pepper.open_sealed(b"ada", &other), None, "{at}");
        }
        assert_eq!(pepper.open_sealed(b"ada", &sealed[..20]), None);
        let second = "another key of thirty-two letter";
        let first = fs::read_to_string(folder.path().join(FILE)).unwrap();
        let next = Pepper::open(Some(second), Some(&first), folder.path(), &SystemRandom).unwrap();
        assert_eq!(next.open_sealed(b"ada", &sealed), Some(b"secret".to_vec()));
    }

    #[test]
    fn a_given_key_is_long_and_the_former_one_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let open = |given: &str, previous: Option<&str>| {
            Pepper::open(Some(given), previous, folder.path(), &SystemRandom)
        };
        assert!(matches!(open("short", None), Err(OpenError::ShortPepper)));
        let (first, second) = ("first first first first first 12", "other other other other other 12");
        let old = open(first, None).unwrap();
        let new = open(second, Some(first)).unwrap();
        assert_ne!(old.current(), new.current());
        assert_eq!(old.season(old.current(), "pass"), new.season(old.current(), "pass"));
        assert_eq!(open(second, None).unwrap().season(old.current(), "pass"), None);
        assert_eq!(new.season("", "pass"), Some(b"pass".to_vec()));
    }
}
