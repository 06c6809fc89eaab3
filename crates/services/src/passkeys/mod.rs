//! Passkeys of an account: the list, adding, renaming and removing. Signing in with one is in `entering`.
//!
//! What a browser says is understood in `ceremony`.

mod ceremony;
mod entering;
mod store;

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    Call, Error as Refusal,
    accounts::Entry,
    error::Findings,
    ids::{AccountId, ChallengeId, PasskeyId},
    passkeys::{
        AddPasskey, MOST, NAME_MAX, OwnPasskeys, Passkey, PasskeyChallenge, PasskeySignIn, Passkeys,
        RenamePasskey,
    },
    sign_ins::Tokens,
    text,
};

use crate::{
    access::{Authorized, ManageCredentials, ManagePasskeys, OfAccount},
    accounts::AccountService,
    core::{Core, instant},
    credentials,
    db::{Conn, Reach},
    error::Result,
    mail::{self, Letter},
    sign_ins::{self, SignInService},
};
use ceremony::Ceremony;

/// A challenge is good for so long.
const PATIENCE_MS: i64 = 5 * 60 * 1000;
/// Longest answer of a browser, in bytes.
const ANSWER_MAX: usize = 12 << 10;

/// The service.
pub(crate) struct PasskeyService {
    core: Core,
    accounts: Arc<AccountService>,
    sign_ins: Arc<SignInService>,
    ceremony: Option<Ceremony>,
}

/// The caller's own account.
type Own = Authorized<ManageCredentials, OfAccount>;
/// The same, to add passkeys and to take them away: the caller has shown lately who she is.
type Managing = Authorized<ManagePasskeys, OfAccount>;

impl PasskeyService {
    pub(crate) fn new(core: Core, accounts: Arc<AccountService>, sign_ins: Arc<SignInService>) -> Self {
        let ceremony = Ceremony::open(&core.passkey_origin);
        Self { core, accounts, sign_ins, ceremony }
    }

    async fn own(&self, call: &Call) -> Result<Own> {
        self.core.authorize(call, OfAccount::own(call)?).await
    }

    async fn managing(&self, call: &Call) -> Result<Managing> {
        self.core.authorize(call, OfAccount::own(call)?).await
    }

    /// What is needed to speak with a passkey.
    fn ceremony(&self) -> Result<&Ceremony> {
        Ok(self.ceremony.as_ref().ok_or(Refusal::NotFound)?)
    }

    /// Challenges that began at this instant or before are too old.
    fn too_old(&self) -> i64 {
        self.core.now_ms() - PATIENCE_MS
    }

    async fn read(&self, reach: &Reach, account: AccountId) -> Result<OwnPasskeys> {
        let (rows, waiting) = {
            let mut conn = self.core.db.read(reach).await?;
            let waiting = store::waiting(&mut conn, account, self.too_old()).await?;
            (store::of_account(&mut conn, account).await?, waiting)
        };
        let adding = waiting.filter(|_| self.ceremony.is_some()).map(|row| row.options);
        let items: Vec<Passkey> = rows.into_iter().map(view).collect::<Result<_>>()?;
        let room = MOST.saturating_sub(u32::try_from(items.len()).unwrap_or(MOST));
        Ok(OwnPasskeys { offered: self.ceremony.is_some(), items, room, adding })
    }

    async fn begin(&self, call: &Call) -> Result<OwnPasskeys> {
        let own = self.managing(call).await?;
        let account = own.object().id();
        let ceremony = self.ceremony()?;
        let known = {
            let mut conn = self.core.db.read(own.reach()).await?;
            store::of_account(&mut conn, account).await?
        };
        if known.len() >= most() {
            return Err(full());
        }
        let known = known.into_iter().map(|row| row.credential_id).collect();
        let begun = ceremony.begin_adding(account, &call.actor.signed_in()?.email, known)?;
        let (id, now) = (ChallengeId(self.core.new_id()), self.core.now_ms());
        self.core
            .change(&own, move |conn| {
                let begun = begun.clone();
                Box::pin(async move { store::begin(conn, id, Some(account), &begun, now).await })
            })
            .await?;
        self.read(own.reach(), account).await
    }

    /// Takes the challenge that waits for the account: it is used up, whatever comes of the answer.
    async fn challenge(&self, own: &Managing) -> Result<store::ChallengeRow> {
        let (account, since) = (own.object().id(), self.too_old());
        let taken =
            self.core.db.write(own.reach(), move |conn| Box::pin(store::take_of(conn, account, since)));
        Ok(taken.await?.ok_or_else(|| Refusal::invalid("credential", "passkey_late"))?)
    }

    async fn finish(&self, call: &Call, command: AddPasskey) -> Result<Passkey> {
        let own = self.managing(call).await?;
        let account = own.object().id();
        // A name can be mended while the challenge still waits.
        let name = named(&command.name)?;
        let ceremony = self.ceremony()?;
        if command.credential.trim().is_empty() {
            return Err(Refusal::invalid("credential", "passkey_needs_script").into());
        }
        let waiting = self.challenge(&own).await?;
        let key = match command.credential.len() {
            0..=ANSWER_MAX => ceremony.add(&waiting.state, &command.credential)?,
            _ => None,
        };
        let key = key.ok_or_else(failed)?;
        let (id, now) = (PasskeyId(self.core.new_id()), self.core.now_ms());
        let letter = self.letter(call, account, true)?;
        self.core
            .change(&own, move |conn| {
                let (name, key, letter) = (name.clone(), key.clone(), letter.clone());
                Box::pin(async move {
                    // One after the other of the same account, because the proof is held: so the count holds.
                    if store::of_account(conn, account).await?.len() >= most() {
                        return Err(full());
                    }
                    if !store::insert(conn, id, account, &name, &key, now).await? {
                        return Err(failed());
                    }
                    mail::post(conn, &letter).await
                })
            })
            .await?;
        self.core.mail.wake();
        self.one(own.reach(), account, id).await
    }

    async fn one(&self, reach: &Reach, account: AccountId, id: PasskeyId) -> Result<Passkey> {
        let items = self.read(reach, account).await?.items;
        Ok(items.into_iter().find(|item| item.id == id).ok_or(Refusal::NotFound)?)
    }

    async fn call_it(&self, call: &Call, id: PasskeyId, command: RenamePasskey) -> Result<Passkey> {
        let own = self.own(call).await?;
        let (account, name) = (own.object().id(), named(&command.name)?);
        self.core
            .change(&own, move |conn| {
                let name = name.clone();
                Box::pin(async move {
                    let is_theirs = store::rename(conn, account, id, &name).await?;
                    if is_theirs { Ok(()) } else { Err(Refusal::NotFound.into()) }
                })
            })
            .await?;
        self.one(own.reach(), account, id).await
    }

    /// Whoever takes a key away may have lost it: what was signed in with it must end, too.
    async fn take_away(&self, call: &Call, id: PasskeyId) -> Result<()> {
        let own = self.managing(call).await?;
        let account = own.object().id();
        let letter = self.letter(call, account, false)?;
        let (keep, now) = (call.sign_in, self.core.now_ms());
        self.core
            .change(&own, move |conn| {
                let letter = letter.clone();
                Box::pin(async move {
                    if !store::remove(conn, account, id).await? {
                        return Err(Refusal::NotFound.into());
                    }
                    credentials::begin_epoch(conn, account).await?;
                    sign_ins::end_everywhere(conn, account, keep, now).await?;
                    mail::post(conn, &letter).await
                })
            })
            .await?;
        self.core.mail.wake();
        Ok(())
    }

    fn letter(&self, call: &Call, account: AccountId, added: bool) -> Result<mail::Draft> {
        let letter = Letter::Passkey { account: account.0, added };
        Ok(mail::draft(&self.core, &call.actor.signed_in()?.email, letter))
    }
}

fn most() -> usize {
    usize::try_from(MOST).unwrap_or(usize::MAX)
}

fn full() -> crate::error::Error {
    Refusal::invalid("passkey", "passkeys_full").into()
}

/// One answer to all that is wrong: whoever tries keys of others learns nothing from it.
fn failed() -> crate::error::Error {
    Refusal::invalid("credential", "passkey_failed").into()
}

fn named(name: &str) -> Result<String> {
    let mut findings = Findings::new();
    let name = findings.take("name", text::required(name, NAME_MAX)).unwrap_or_default();
    findings.finish()?;
    Ok(name)
}

fn view(row: store::PasskeyRow) -> Result<Passkey> {
    Ok(Passkey {
        id: PasskeyId(row.id),
        name: row.name,
        added_at: instant(row.added_at)?,
        used_at: row.used_at.map(instant).transpose()?,
        backed_up: row.backed_up,
    })
}

/// Whether an account has a passkey.
pub(crate) async fn is_of(conn: &mut Conn, account: AccountId, id: PasskeyId) -> Result<bool> {
    store::is_of(conn, account, id).await
}

/// Removes challenges that nobody answered.
pub(crate) async fn sweep(conn: &mut Conn, now: i64) -> Result<u64> {
    store::sweep(conn, now - PATIENCE_MS).await
}

#[async_trait]
impl Passkeys for PasskeyService {
    fn offered(&self) -> bool {
        self.ceremony.is_some()
    }

    async fn list(&self, call: &Call) -> domain::Result<OwnPasskeys> {
        let own = self.own(call).await?;
        Ok(self.read(own.reach(), own.object().id()).await?)
    }

    async fn begin_adding(&self, call: &Call) -> domain::Result<OwnPasskeys> {
        Ok(self.begin(call).await?)
    }

    async fn add(&self, call: &Call, command: AddPasskey) -> domain::Result<Passkey> {
        Ok(self.finish(call, command).await?)
    }

    async fn rename(&self, call: &Call, id: PasskeyId, command: RenamePasskey) -> domain::Result<Passkey> {
        Ok(self.call_it(call, id, command).await?)
    }

    async fn remove(&self, call: &Call, id: PasskeyId) -> domain::Result<()> {
        Ok(self.take_away(call, id).await?)
    }

    async fn begin_sign_in(&self) -> domain::Result<PasskeyChallenge> {
        Ok(self.ask().await?)
    }

    async fn sign_in(&self, command: PasskeySignIn, marks: &str) -> domain::Result<Entry> {
        let (principal, passkey) = self.recognise(command).await?;
        Ok(Entry { passkey: Some(passkey), ..self.accounts.entry(principal, marks) })
    }

    async fn issue(&self, command: PasskeySignIn, device: &str) -> domain::Result<Tokens> {
        let (principal, passkey) = self.recognise(command).await?;
        Ok(self.sign_ins.begin(&principal, Some(passkey), device).await?)
    }
}
