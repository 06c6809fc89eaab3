//! Marks of known browsers: signed notes that an account has signed in with this browser (OWASP's "device cookies").
//!
//! A mark opens nothing. It only lets whoever shows it be counted apart from strangers who try the same address.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::ids::AccountId;
use uuid::Uuid;

use crate::core::Core;

/// Between the marks of one browser.
const BETWEEN: char = '.';
/// So many accounts of one family are remembered in one browser.
const MOST: usize = 4;
/// How long a mark holds: as long as its cookie, and a little.
const LIFE_MS: i64 = 370 * 24 * 60 * 60 * 1000;
/// Account, chance, instant.
const CONTENT: usize = 16 + 16 + 8;

/// That an account has signed in with a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) account: AccountId,
    nonce: [u8; 16],
    made_at: i64,
}

impl Mark {
    /// What is signed.
    pub(super) fn content(&self) -> Vec<u8> {
        let mut bytes = self.account.0.as_bytes().to_vec();
        bytes.extend(self.nonce);
        bytes.extend(self.made_at.to_be_bytes());
        bytes
    }

    fn read(core: &Core, text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (content, tag) = bytes.split_at_checked(CONTENT)?;
        if !core.pepper.is_mark(content, tag) {
            return None;
        }
        let (account, rest) = content.split_at_checked(16)?;
        let (nonce, made_at) = rest.split_at_checked(16)?;
        let mark = Self {
            account: AccountId(Uuid::from_slice(account).ok()?),
            nonce: nonce.try_into().ok()?,
            made_at: i64::from_be_bytes(made_at.try_into().ok()?),
        };
        (core.now_ms() - mark.made_at < LIFE_MS).then_some(mark)
    }

    fn written(&self, core: &Core) -> String {
        let mut bytes = self.content();
        bytes.extend(core.pepper.mark(&bytes));
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

/// The marks that a browser shows; what we have not signed is left out.
fn all(core: &Core, shown: &str) -> Vec<Mark> {
    shown.split(BETWEEN).take(MOST).filter_map(|text| Mark::read(core, text)).collect()
}

/// The mark of one of these accounts, the first of them first.
pub(crate) fn of(core: &Core, shown: &str, accounts: [Option<Uuid>; 2]) -> Option<Mark> {
    let marks = all(core, shown);
    accounts.into_iter().flatten().find_map(|id| marks.iter().find(|mark| mark.account.0 == id).cloned())
}

/// What the browser keeps once an account has signed in with it: a new mark, before those of others.
pub(crate) fn renewed(core: &Core, shown: &str, account: AccountId) -> String {
    let mut nonce = [0; 16];
    core.random.fill(&mut nonce);
    let new = Mark { account, nonce, made_at: core.now_ms() };
    let others = all(core, shown).into_iter().filter(|mark| mark.account != account);
    let marks: Vec<String> =
        std::iter::once(new).chain(others).take(MOST).map(|mark| mark.written(core)).collect();
    marks.join(&BETWEEN.to_string())
}
