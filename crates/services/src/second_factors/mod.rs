//! The second factor: turning it on and off, and checking codes, each of which counts once.
//!
//! Passwords are checked in `accounts`; when a code is asked for at signing in is there too.

mod codes;
mod store;

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    Call, Error as Refusal,
    access::Principal,
    error::{Conflict, Findings},
    ids::{AccountId, PasskeyId},
    second_factors::{
        BeginSecondFactor, ConfirmSecondFactor, Enrolment, ProveBoth, SecondFactor, SecondFactors,
    },
};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::{
    access::{Authorized, ManageCredentials, OfAccount},
    accounts::AccountService,
    core::{Core, instant},
    credentials,
    db::{Conn, Reach},
    error::{Error, Result},
    mail::{self, Letter},
    passkeys, sessions, sign_ins,
    throttle::{self, Bucket, marks},
};

const MINUTE_MS: i64 = 60 * 1000;
/// A phone has to make its first code within this.
const ENROLMENT_MS: i64 = 15 * MINUTE_MS;
/// So long whoever made recovery codes can see them, to print them or write them down.
const SHOWN_MS: i64 = 10 * MINUTE_MS;
/// Recovery codes of one account.
const RECOVERY_CODES: u8 = 10;

/// The service.
pub(crate) struct SecondFactorService {
    core: Core,
    accounts: Arc<AccountService>,
}

/// The caller's own account.
type Own = Authorized<ManageCredentials, OfAccount>;

impl SecondFactorService {
    pub(crate) fn new(core: Core, accounts: Arc<AccountService>) -> Self {
        Self { core, accounts }
    }

    async fn own(&self, call: &Call) -> Result<Own> {
        self.core.authorize(call, OfAccount::own(call)?).await
    }

    async fn read(&self, own: &Own, principal: &Principal) -> Result<SecondFactor> {
        let (account, now) = (own.object().id(), self.core.now_ms());
        let (row, left) = {
            let mut conn = self.core.db.read(own.reach()).await?;
            (store::find(&mut conn, account).await?, store::codes_left(&mut conn, account).await?)
        };
        let Some(row) = row else { return Ok(SecondFactor::default()) };
        let is_fresh = row.codes_at.is_some_and(|at| now - at < SHOWN_MS);
        let codes_id = row.codes_id.filter(|_| is_fresh);
        let begun = row.confirmed_at.is_none() && now - row.begun_at < ENROLMENT_MS;
        Ok(SecondFactor {
            since: row.confirmed_at.map(instant).transpose()?,
            recovery_left: u32::try_from(left).unwrap_or_default(),
            enrolment: begun.then(|| self.enrolment(account, &row.seed, principal)).transpose()?,
            recovery_codes: codes_id.map(|id| recovery_codes(&self.core, id)).unwrap_or_default(),
        })
    }

    fn enrolment(&self, account: AccountId, sealed: &[u8], principal: &Principal) -> Result<Enrolment> {
        let seed = unsealed(&self.core, account, sealed)?;
        let secret = codes::base32(&seed);
        let uri = codes::uri(&principal.email, &secret);
        let (qr_size, qr_path) =
            codes::picture(&uri).ok_or_else(|| Error::Library("a QR code is too large".to_owned()))?;
        Ok(Enrolment { secret: codes::grouped(&secret, " "), uri, qr_size, qr_path })
    }

    async fn start(&self, call: &Call, command: BeginSecondFactor) -> Result<SecondFactor> {
        let own = self.own(call).await?;
        let account = own.object().id();
        let known = self.accounts.knows(account, &command.password).await?;
        let mut findings = Findings::new();
        findings.require(known, "password", "password_wrong");
        findings.finish()?;
        let mut seed = [0; codes::SEED];
        self.core.random.fill(&mut seed);
        let sealed = self.core.pepper.seal(&*self.core.random, account.0.as_bytes(), &seed)?;
        let now = self.core.now_ms();
        self.core
            .change(&own, move |conn| {
                let sealed = sealed.clone();
                Box::pin(async move {
                    let begun = store::begin(conn, account, &sealed, now).await?;
                    if begun { Ok(()) } else { Err(Error::conflict(Conflict::AlreadyDone)) }
                })
            })
            .await?;
        self.read(&own, call.actor.signed_in()?).await
    }

    async fn finish(&self, call: &Call, command: ConfirmSecondFactor) -> Result<SecondFactor> {
        let own = self.own(call).await?;
        let (account, now) = (own.object().id(), self.core.now_ms());
        let row = {
            let mut conn = self.core.db.read(own.reach()).await?;
            store::find(&mut conn, account).await?
        };
        let row = row.filter(|row| row.confirmed_at.is_none() && now - row.begun_at < ENROLMENT_MS);
        let row = row.ok_or(Refusal::NotFound)?;
        let seed = unsealed(&self.core, account, &row.seed)?;
        let Some(step) = right_step(&seed, &codes::plain(&command.code), now, row.last_step) else {
            return Err(Refusal::invalid("code", "code_wrong").into());
        };
        let (id, hashes) = self.new_codes(account);
        let letter = mail::draft(
            &self.core,
            &call.actor.signed_in()?.email,
            Letter::SecondFactor { account: account.0, on: true },
        );
        let (keep, begun_at, epoch) = (call.sign_in, row.begun_at, call.actor.signed_in()?.session_epoch);
        self.core
            .change(&own, move |conn| {
                let (hashes, letter) = (hashes.clone(), letter.clone());
                Box::pin(async move {
                    // Whoever was signed out meanwhile turns nothing on.
                    if !sessions::hold_epoch(conn, account, epoch).await? {
                        return Err(Refusal::Unauthenticated.into());
                    }
                    if !store::confirm(conn, account, begun_at, now).await? {
                        return Err(Refusal::NotFound.into());
                    }
                    store::use_step(conn, account, step).await?;
                    credentials::begin_epoch(conn, account).await?;
                    store::replace_codes(conn, account, id, &hashes, now).await?;
                    sign_ins::end_everywhere(conn, account, keep, now).await?;
                    mail::post(conn, &letter).await
                })
            })
            .await?;
        self.core.mail.wake();
        self.read(&own, call.actor.signed_in()?).await
    }

    /// Whether both factors are the caller's; what is wrong is said field by field.
    async fn prove(&self, account: AccountId, command: &ProveBoth) -> Result<()> {
        if !is_on(&self.core, account).await? {
            return Err(Refusal::NotFound.into());
        }
        let known = self.accounts.knows(account, &command.password).await?;
        let mut findings = Findings::new();
        findings.require(known, "password", "password_wrong");
        findings.finish()?;
        spend(&self.core, account, &command.code, "").await
    }

    async fn renew(&self, call: &Call, command: ProveBoth) -> Result<SecondFactor> {
        let own = self.own(call).await?;
        let (account, now) = (own.object().id(), self.core.now_ms());
        self.prove(account, &command).await?;
        let (id, hashes) = self.new_codes(account);
        self.core
            .change(&own, move |conn| {
                let hashes = hashes.clone();
                Box::pin(async move { store::replace_codes(conn, account, id, &hashes, now).await })
            })
            .await?;
        self.read(&own, call.actor.signed_in()?).await
    }

    async fn end(&self, call: &Call, command: ProveBoth) -> Result<SecondFactor> {
        let own = self.own(call).await?;
        let (account, now) = (own.object().id(), self.core.now_ms());
        self.prove(account, &command).await?;
        let letter = mail::draft(
            &self.core,
            &call.actor.signed_in()?.email,
            Letter::SecondFactor { account: account.0, on: false },
        );
        let keep = call.sign_in;
        self.core
            .change(&own, move |conn| {
                let letter = letter.clone();
                Box::pin(async move {
                    store::remove(conn, account).await?;
                    credentials::begin_epoch(conn, account).await?;
                    sign_ins::end_everywhere(conn, account, keep, now).await?;
                    mail::post(conn, &letter).await
                })
            })
            .await?;
        self.core.mail.wake();
        Ok(SecondFactor::default())
    }

    fn new_codes(&self, account: AccountId) -> (Uuid, Vec<Vec<u8>>) {
        let id = self.core.new_id();
        let hashes = recovery_codes(&self.core, id).iter().map(|code| hash(account, code)).collect();
        (id, hashes)
    }
}

/// Recovery codes belong to a name, as links of letters do: they can be shown for a while and stand in no table.
fn recovery_codes(core: &Core, id: Uuid) -> Vec<String> {
    let one = |number| {
        codes::recovery(&core.pepper.bucket("recovery", &[id.as_bytes().as_slice(), &[number]].concat()))
    };
    (0..RECOVERY_CODES).map(|number| codes::grouped(&one(number), "-")).collect()
}

/// What of a recovery code is stored: it has 80 bits, so nobody guesses it from this.
fn hash(account: AccountId, code: &str) -> Vec<u8> {
    crate::secrets::hash(&format!("recovery code {account} {}", codes::plain(code)))
}

fn unsealed(core: &Core, account: AccountId, sealed: &[u8]) -> Result<Vec<u8>> {
    core.pepper.open_sealed(account.0.as_bytes(), sealed).ok_or(Error::Stored("seed of a second factor"))
}

/// The step whose code it is: this one or, for slow hands, the one before (RFC 6238, 5.2); never one that was used.
fn right_step(seed: &[u8], code: &str, now: i64, last: i64) -> Option<i64> {
    let step = codes::step_at(now);
    let is = |step: i64| bool::from(codes::digits(seed, step).as_bytes().ct_eq(code.as_bytes()));
    [step, step - 1].into_iter().find(|step| *step > last && is(*step))
}

/// Whether signing in to an account asks for a code.
pub(crate) async fn is_on(core: &Core, account: AccountId) -> Result<bool> {
    is_on_for(&mut core.db.read(&Reach::house("the password is the proof")).await?, account).await
}

/// The same on a connection at hand.
async fn is_on_for(conn: &mut Conn, account: AccountId) -> Result<bool> {
    Ok(store::find(conn, account).await?.is_some_and(|row| row.confirmed_at.is_some()))
}

/// Whether a sign-in has shown a second factor: no sign-in of an account with codes can be without one, and a passkey is one as long as
/// the account has it.
pub(crate) async fn is_shown(
    conn: &mut Conn,
    account: AccountId,
    passkey: Option<PasskeyId>,
) -> Result<bool> {
    if is_on_for(conn, account).await? {
        return Ok(true);
    }
    match passkey {
        Some(passkey) => passkeys::is_of(conn, account, passkey).await,
        None => Ok(false),
    }
}

/// Uses a code of an account up, or says that it is wrong. Wrong codes are counted as wrong passwords are, and apart from them.
pub(crate) async fn spend(core: &Core, account: AccountId, given: &str, shown: &str) -> Result<()> {
    let mark = marks::of(core, shown, [Some(account.0), None]);
    let begun = throttle::begin(core, &Bucket::of_codes(core, account, mark.as_ref())).await?;
    let (typed, now) = (codes::plain(given), core.now_ms());
    let (hash, reach) = (hash(account, &typed), Reach::house("the password is the proof"));
    let row = {
        let mut conn = core.db.read(&reach).await?;
        store::find(&mut conn, account).await?
    };
    let row = row.filter(|row| row.confirmed_at.is_some()).ok_or(Refusal::NotFound)?;
    let seed = unsealed(core, account, &row.seed)?;
    let step = right_step(&seed, &typed, now, row.last_step);
    let used = core
        .db
        .write(&reach, move |conn| {
            let hash = hash.clone();
            Box::pin(async move { used_up(conn, account, step, &hash).await })
        })
        .await?;
    if !used {
        return Err(Refusal::invalid("code", "code_wrong").into());
    }
    throttle::forget(core, begun, Vec::new()).await
}

async fn used_up(conn: &mut Conn, account: AccountId, step: Option<i64>, hash: &[u8]) -> Result<bool> {
    match step {
        Some(step) => store::use_step(conn, account, step).await,
        None => store::use_code(conn, account, hash).await,
    }
}

#[async_trait]
impl SecondFactors for SecondFactorService {
    async fn second_factor(&self, call: &Call) -> domain::Result<SecondFactor> {
        let own = self.own(call).await?;
        Ok(self.read(&own, call.actor.signed_in()?).await?)
    }

    async fn begin(&self, call: &Call, command: BeginSecondFactor) -> domain::Result<SecondFactor> {
        Ok(self.start(call, command).await?)
    }

    async fn confirm(&self, call: &Call, command: ConfirmSecondFactor) -> domain::Result<SecondFactor> {
        Ok(self.finish(call, command).await?)
    }

    async fn renew_recovery_codes(&self, call: &Call, command: ProveBoth) -> domain::Result<SecondFactor> {
        Ok(self.renew(call, command).await?)
    }

    async fn turn_off(&self, call: &Call, command: ProveBoth) -> domain::Result<SecondFactor> {
        Ok(self.end(call, command).await?)
    }
}
