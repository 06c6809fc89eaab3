//! Replacing a password or an address: by somebody who knows the password, or who holds the link of a mail.
//!
//! Confirming is in `credentials` itself.

use domain::{
    Call, Error as Refusal,
    access::{Action, Principal},
    credentials::{ChangeEmail, ChangePassword, ResetPassword, UndoEmail},
    error::Findings,
    ids::AccountId,
    text,
};

use super::{
    CredentialService, held,
    links::{Purpose, REACHES_BACK_MS},
    store,
};
use crate::{
    access::{Authorized, ManageCredentials, OfAccount},
    accounts,
    audit::{self, Entry},
    calendars,
    db::Reach,
    error::Result,
    family,
    mail::{self, Letter},
    secrets, sessions, sign_ins,
};

impl CredentialService {
    pub(super) async fn reset(&self, command: ResetPassword) -> Result<AccountId> {
        let opened = self.open(&command.token, &[Purpose::Reset]).await?;
        let account = opened.account;
        let principal = self.accounts.load(account).await?.ok_or(Refusal::NotFound)?;
        let mut findings = Findings::new();
        findings.take("password", self.rule(&command.password, &principal));
        findings.finish()?;
        let hash = self.core.passwords.hash(command.password, self.core.random.clone()).await?;
        let letter =
            mail::draft(&self.core, &principal.email, Letter::PasswordChanged { account: account.0 });
        let now = self.core.now_ms();
        self.core
            .db
            .write(&Reach::house("the secret of the link is the proof"), move |conn| {
                let (opened, hash, letter) = (opened.clone(), hash.clone(), letter.clone());
                Box::pin(async move {
                    let good = store::use_link(conn, &opened.hash, now).await?;
                    // The letter may have been sent to an address that the account has lost meanwhile.
                    if !good || !store::has_address(conn, account, &opened.email).await? {
                        return Err(Refusal::NotFound.into());
                    }
                    store::set_password(conn, account, &hash).await?;
                    store::end_links(conn, account, Purpose::Reset.code(), now).await?;
                    sign_ins::end_everywhere(conn, account, None, now).await?;
                    mail::post(conn, &letter).await?;
                    audit::append(conn, Entry::by_link(account, Action::ManageCredentials, now)).await
                })
            })
            .await?;
        self.core.mail.wake();
        Ok(account)
    }

    pub(super) async fn replace_password(&self, call: &Call, command: ChangePassword) -> Result<()> {
        let principal = call.actor.signed_in()?;
        let own: Authorized<ManageCredentials, _> = self.core.authorize(call, OfAccount::own(call)?).await?;
        let mut findings = Findings::new();
        let known = self.accounts.knows(principal.account_id, &command.current_password).await?;
        findings.require(known, "current_password", "password_wrong");
        findings.take("new_password", self.rule(&command.new_password, principal));
        findings.finish()?;
        let hash = self.core.passwords.hash(command.new_password, self.core.random.clone()).await?;
        let account = own.object().id();
        let letter =
            mail::draft(&self.core, &principal.email, Letter::PasswordChanged { account: account.0 });
        let (now, keep, end_others) = (self.core.now_ms(), call.sign_in, command.end_others);
        let epoch = principal.session_epoch;
        self.core
            .change(&own, move |conn| {
                let (hash, letter) = (hash.clone(), letter.clone());
                Box::pin(async move {
                    // Whoever was signed out while the password was hashed does not set it.
                    if !sessions::hold_epoch(conn, account, epoch).await? {
                        return Err(Refusal::Unauthenticated.into());
                    }
                    store::set_password(conn, account, &hash).await?;
                    store::end_links(conn, account, Purpose::Reset.code(), now).await?;
                    if end_others {
                        sign_ins::end_everywhere(conn, account, keep, now).await?;
                    }
                    mail::post(conn, &letter).await
                })
            })
            .await?;
        self.core.mail.wake();
        Ok(())
    }

    pub(super) async fn ask_for_address(&self, call: &Call, command: ChangeEmail) -> Result<()> {
        let principal = call.actor.signed_in()?;
        let own: Authorized<ManageCredentials, _> = self.core.authorize(call, OfAccount::own(call)?).await?;
        let mut findings = Findings::new();
        let email = findings.take("email", text::email(&command.email)).unwrap_or_default();
        findings.require(email != principal.email, "email", "email_same");
        let known = self.accounts.knows(principal.account_id, &command.password).await?;
        findings.require(known, "password", "password_wrong");
        findings.finish()?;
        let (account, now) = (own.object().id(), self.core.now_ms());
        let letter = mail::draft(&self.core, &email.clone(), Letter::Change { account: account.0, email });
        self.core
            .change(&own, move |conn| {
                let letter = letter.clone();
                Box::pin(async move {
                    // The last wish counts.
                    store::end_links(conn, account, Purpose::Change.code(), now).await?;
                    mail::post(conn, &letter).await
                })
            })
            .await?;
        self.core.mail.wake();
        Ok(())
    }

    /// Whoever changed the address knew the password, so a link for a new one follows.
    pub(super) async fn take_back(&self, command: UndoEmail) -> Result<()> {
        let opened = self.open(&command.token, &[Purpose::Undo]).await?;
        let account = opened.account;
        let letter =
            mail::draft(&self.core, &opened.email, Letter::TakenBack { email: opened.email.clone() });
        // Whoever changed the address knew the password: from now on nobody does.
        let unknown = secrets::token(&*self.core.random);
        let hash = self.core.passwords.hash(unknown, self.core.random.clone()).await?;
        let (core, now) = (self.core.clone(), self.core.now_ms());
        self.core
            .db
            .write(&Reach::house("the secret of the link is the proof"), move |conn| {
                let (opened, letter, hash) = (opened.clone(), letter.clone(), hash.clone());
                let core = core.clone();
                Box::pin(async move {
                    let good = store::use_link(conn, &opened.hash, now).await?;
                    if !good || store::is_taken(conn, &opened.email, account).await? {
                        return Err(Refusal::NotFound.into());
                    }
                    let before = held(conn, account).await?;
                    store::next_epoch(conn, account).await?;
                    store::confirm(conn, account, &opened.email, now).await?;
                    if before.email != opened.email {
                        // A hospital that wrote there meant the owner; whoever took the account has the mailbox.
                        accounts::end_invitations_to(conn, account, &before).await?;
                    }
                    store::set_password(conn, account, &hash).await?;
                    // What was set up of late may be hers who took the account: it would let her in past the new password, or
                    // to the owner's record.
                    let since = opened.caused_at - REACHES_BACK_MS;
                    store::end_factors_since(conn, account, since).await?;
                    calendars::end_since(conn, account, since).await?;
                    let patients = family::take_back(conn, account, since, now).await?;
                    accounts::end_invitations_since(conn, account, since, now).await?;
                    // An older link stays good: whoever took the account can cause newer ones, and only newer ones.
                    store::end_links_since(conn, account, opened.caused_at, now).await?;
                    sign_ins::end_everywhere(conn, account, None, now).await?;
                    mail::post(conn, &letter).await?;
                    // Whom it let into a hospital is for people to judge, see ADR 17.
                    for (colleague, email, hospital) in accounts::colleagues(conn, account, since).await? {
                        let letter = Letter::LookAtMembers { account: colleague, hospital };
                        mail::post(conn, &mail::draft(&core, &email, letter)).await?;
                    }
                    if !patients.is_empty() {
                        let helpers = Entry::by_link(account, Action::ManageHelpers, now).about(&patients);
                        audit::append(conn, helpers).await?;
                    }
                    audit::append(conn, Entry::by_link(account, Action::ManageCredentials, now)).await
                })
            })
            .await
            .map_err(|error| if error.broken().is_some() { Refusal::NotFound.into() } else { error })?;
        self.core.mail.wake();
        Ok(())
    }

    /// Whether somebody may choose a password: not one that is made of what is known of her.
    fn rule(&self, password: &str, principal: &Principal) -> Result<(), &'static str> {
        let hospitals = principal.memberships.iter().map(|membership| membership.hospital_name.as_str());
        let known: Vec<&str> = hospitals.chain([principal.email.as_str(), &principal.full_name]).collect();
        self.accounts.new_password(password, &known)
    }
}
