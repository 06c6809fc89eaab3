//! Credentials: confirming an address, and changing or replacing password and address.
//!
//! Checking a password is in `accounts`, what letters say in `mail`. None of this tells whether an address has an account.

mod change;
pub(crate) mod links;
mod store;

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    Call, Error as Refusal,
    access::{Action, Principal},
    credentials::{
        ChangeEmail, ChangePassword, Credentials, ForgotPassword, Link, LinkPurpose, ResendVerification,
        ResetPassword, UndoEmail, VerifyEmail,
    },
    ids::AccountId,
    text,
};

use crate::{
    accounts::{self, AccountService, Brief},
    audit::{self, Entry},
    core::Core,
    db::{Conn, Reach},
    error::{Error, Result},
    mail::{self, Draft, Letter},
    passkeys, second_factors, secrets, throttle,
};
use links::Purpose;

/// How long an account waits to be confirmed.
const UNCONFIRMED_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// The service.
pub(crate) struct CredentialService {
    core: Core,
    accounts: Arc<AccountService>,
}

/// A link that was read, with the hash by which it is used up.
#[derive(Clone)]
struct Opened {
    hash: Vec<u8>,
    purpose: Purpose,
    account: AccountId,
    email: String,
    next: String,
    caused_at: i64,
}

impl CredentialService {
    pub(crate) fn new(core: Core, accounts: Arc<AccountService>) -> Self {
        Self { core, accounts }
    }

    /// Reads a link that is good for one of these purposes. A link whose address somebody else has confirmed has ended.
    async fn open(&self, token: &str, purposes: &[Purpose]) -> Result<Opened> {
        let hash = secrets::hash(token);
        let mut conn = self.core.db.read(&Reach::house("the secret of the link is the proof")).await?;
        let row = store::link(&mut conn, &hash, self.core.now_ms()).await?.ok_or(Refusal::NotFound)?;
        let purpose = Purpose::parse(&row.purpose).ok_or(Error::Stored("purpose of a link"))?;
        let account = AccountId(row.account_id);
        if !purposes.contains(&purpose) || store::is_taken(&mut conn, &row.email, account).await? {
            return Err(Refusal::NotFound.into());
        }
        Ok(Opened { hash, purpose, account, email: row.email, next: row.next_path, caused_at: row.caused_at })
    }

    async fn read(&self, call: &Call, purpose: LinkPurpose, token: &str) -> Result<Link> {
        let purposes: &[Purpose] = match purpose {
            LinkPurpose::Confirm => &[Purpose::Confirm, Purpose::Change],
            LinkPurpose::Reset => &[Purpose::Reset],
            LinkPurpose::Undo => &[Purpose::Undo],
        };
        let opened = self.open(token, purposes).await?;
        let own = call.actor.account_id() == Some(opened.account);
        Ok(Link { email: opened.email, own, next: opened.next })
    }

    async fn verify(&self, call: &Call, command: VerifyEmail) -> Result<Principal> {
        let opened = self.open(&command.token, &[Purpose::Confirm, Purpose::Change]).await?;
        let account = opened.account;
        let session_epoch = self.accounts.load(account).await?.ok_or(Refusal::NotFound)?.session_epoch;
        // Whoever made the account with another's address does not get it confirmed by her: she does not know its password.
        let own = call.actor.account_id() == Some(account);
        if !own && !self.accounts.knows(account, &command.password).await? {
            return Err(Refusal::invalid("password", "password_not_this").into());
        }
        let (core, now) = (self.core.clone(), self.core.now_ms());
        self.core
            .db
            .write(&Reach::house("the secret of the link is the proof"), move |conn| {
                let (core, opened) = (core.clone(), opened.clone());
                Box::pin(async move {
                    let good = store::use_link(conn, &opened.hash, now).await?;
                    if !good || store::is_taken(conn, &opened.email, account).await? {
                        return Err(Refusal::NotFound.into());
                    }
                    let before = held(conn, account).await?;
                    store::confirm(conn, account, &opened.email, now).await?;
                    for purpose in [Purpose::Confirm, Purpose::Change, Purpose::Reset] {
                        store::end_links(conn, account, purpose.code(), now).await?;
                    }
                    if opened.purpose == Purpose::Change {
                        if before.verified_at.is_some() {
                            let letter =
                                Letter::AddressChanged { account: account.0, before: before.email.clone() };
                            mail::post(conn, &mail::draft(&core, &before.email, letter)).await?;
                        }
                        // Nobody can accept them with this account any more, and with a new one she could after she is suspended.
                        accounts::end_invitations_to(conn, account, &before).await?;
                        audit::append(conn, Entry::by_link(account, Action::ManageCredentials, now)).await?;
                    }
                    Ok(())
                })
            })
            .await
            // Two who confirm one address at once: the database lets one.
            .map_err(|error| if error.broken().is_some() { Refusal::NotFound.into() } else { error })?;
        self.core.mail.wake();
        let principal = self.accounts.load(account).await?.ok_or(Refusal::NotFound)?;
        Ok(Principal { session_epoch, ..principal })
    }

    async fn resend(&self, call: &Call, command: ResendVerification) -> Result<()> {
        let principal = call.actor.signed_in()?;
        let next =
            if command.next.len() <= crate::accounts::LONGEST_PATH { command.next } else { String::new() };
        if principal.verified {
            return Ok(());
        }
        let letter = Letter::Confirm { account: principal.account_id.0, next };
        self.post(mail::draft(&self.core, &principal.email, letter)).await
    }

    /// The same work for every address: whether it has an account is looked up when the letter is written.
    async fn forgot(&self, command: ForgotPassword) -> Result<()> {
        let email = text::email(&command.email).map_err(|rule| Refusal::invalid("email", rule))?;
        self.post(mail::draft(&self.core, &email.clone(), Letter::Forgot { email })).await
    }

    /// Posts a letter that is a cause of its own.
    async fn post(&self, letter: Draft) -> Result<()> {
        self.core
            .db
            .write(&Reach::house("a letter to an address of which nothing is known yet"), move |conn| {
                let letter = letter.clone();
                Box::pin(async move { mail::post(conn, &letter).await })
            })
            .await?;
        self.core.mail.wake();
        Ok(())
    }
}

/// An account as it is; its address stays so until the transaction ends.
async fn held(conn: &mut Conn, account: AccountId) -> Result<Brief> {
    if !store::hold(conn, account).await? {
        return Err(Refusal::NotFound.into());
    }
    Ok(accounts::brief_within(conn, account.0).await?.ok_or(Refusal::NotFound)?)
}

/// Begins a new epoch of an account, in the transaction of the cause: sign-ins that were checked before it begin no session.
pub(crate) async fn begin_epoch(conn: &mut Conn, account: AccountId) -> Result<()> {
    store::next_epoch(conn, account).await
}

/// Removes accounts that nobody confirmed in time, ended links and old letters.
pub(crate) async fn sweep(core: &Core) -> Result<u64> {
    let (now, reach) = (core.now_ms(), Reach::house("the sweep"));
    let mut gone = core.db.write(&reach, move |conn| Box::pin(sweep_mail(conn, now))).await?;
    // In small pieces, so that nobody waits for long; until nothing is left, so that nobody fills the house faster than this.
    loop {
        match core.db.write(&reach, move |conn| Box::pin(remove_forgotten(conn, now))).await? {
            0 => return Ok(gone),
            piece => gone += piece,
        }
    }
}

async fn sweep_mail(conn: &mut Conn, now: i64) -> Result<u64> {
    let gone = store::sweep_links(conn, now).await? + passkeys::sweep(conn, now).await?;
    Ok(gone + mail::store::sweep(conn, now).await?)
}

async fn remove_forgotten(conn: &mut Conn, now: i64) -> Result<u64> {
    let mut gone = 0;
    for account in store::forgotten(conn, now - UNCONFIRMED_MS).await? {
        store::remove(conn, account).await?;
        gone += 1;
    }
    Ok(gone)
}

#[async_trait]
impl Credentials for CredentialService {
    async fn link(&self, call: &Call, purpose: LinkPurpose, token: &str) -> domain::Result<Link> {
        Ok(self.read(call, purpose, token).await?)
    }

    async fn verify_email(&self, call: &Call, command: VerifyEmail) -> domain::Result<Principal> {
        Ok(self.verify(call, command).await?)
    }

    async fn resend_verification(&self, call: &Call, command: ResendVerification) -> domain::Result<()> {
        Ok(self.resend(call, command).await?)
    }

    async fn forgot_password(&self, command: ForgotPassword) -> domain::Result<()> {
        Ok(self.forgot(command).await?)
    }

    async fn reset_password(&self, command: ResetPassword, marks: &str) -> domain::Result<String> {
        let account = self.reset(command).await?;
        // Whoever reads the mailbox would have new tries at the code with each new mark; the code itself brings one.
        // The password is another by now, whatever cannot be read or written here.
        if second_factors::is_on(&self.core, account).await.unwrap_or(true) {
            if let Ok(Some(owner)) = accounts::brief(&self.core, account.0).await
                && let Err(error) = throttle::forget_address(&self.core, &owner.email).await
            {
                tracing::warn!(%error, "what strangers have tried still counts after a new password");
            }
            return Ok(marks.to_owned());
        }
        Ok(throttle::marks::renewed(&self.core, marks, account))
    }

    async fn change_password(&self, call: &Call, command: ChangePassword) -> domain::Result<()> {
        Ok(self.replace_password(call, command).await?)
    }

    async fn change_email(&self, call: &Call, command: ChangeEmail) -> domain::Result<()> {
        Ok(self.ask_for_address(call, command).await?)
    }

    async fn undo_email(&self, command: UndoEmail) -> domain::Result<()> {
        Ok(self.take_back(command).await?)
    }
}
