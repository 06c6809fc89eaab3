//! Sign-ins: tokens of the API with their chain of refreshes, and the list that a person ends sign-ins from.
//!
//! Cookies' sessions are kept in `sessions`; here they only appear in the list.

mod ended;
mod jwt;
mod keys;
mod proof;
mod refresh;
mod seen;
pub(crate) mod store;

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    Call, Error as Refusal,
    access::Principal,
    accounts::SignIn,
    ids::{AccountId, PasskeyId, SignInId},
    sign_ins::{
        Holder, IssueTokens, RefreshTokens, RevokeToken, SignInEnd, SignInKind, SignIns, SignedIn, StepUp,
        Tokens,
    },
};
use jiff::Timestamp;
use uuid::Uuid;

pub(crate) use ended::Ended;

use crate::{
    access::{Authorized, EndSignIns, ManageSignIns, OfAccount},
    accounts::AccountService,
    core::{Core, instant},
    db::{Conn, News, Reach},
    error::{Error, Result},
    second_factors, secrets,
    sessions::{self, Sessions},
};
use keys::Keyring;
use seen::Seen;

/// How long an access token lives.
const ACCESS_SECONDS: i64 = 10 * 60;
const HOUR_MS: i64 = 60 * 60 * 1000;
/// How long a sign-in of staff lasts, and of everybody else.
const STAFF_MS: i64 = 12 * HOUR_MS;
const PATIENT_MS: i64 = 30 * 24 * HOUR_MS;
/// How long a person is warned of a reuse.
const WARNED_MS: i64 = 30 * 24 * HOUR_MS;

/// The service.
pub(crate) struct SignInService {
    core: Core,
    accounts: Arc<AccountService>,
    sessions: Sessions,
    keys: Keyring,
    seen: Seen,
}

/// The caller's own account.
type Own = Authorized<ManageSignIns, OfAccount>;
/// The same, to end sign-ins.
type Ending = Authorized<EndSignIns, OfAccount>;

/// What a token is made of before it is known whether it may be.
#[derive(Clone)]
struct Draft {
    refresh_token: String,
    hash: Vec<u8>,
    access_id: Uuid,
    now: i64,
}

/// A pair that was written down.
struct Written {
    account: Uuid,
    family: Uuid,
    expires_at: i64,
    bought: bool,
}

impl SignInService {
    pub(crate) fn new(core: Core, accounts: Arc<AccountService>) -> Self {
        let sessions = Sessions::new(core.clone());
        Self { core, accounts, sessions, keys: Keyring::default(), seen: Seen::default() }
    }

    fn draft(&self) -> Draft {
        let refresh_token = secrets::token(&*self.core.random);
        let hash = secrets::hash(&refresh_token);
        Draft { refresh_token, hash, access_id: self.core.new_id(), now: self.core.now_ms() }
    }

    async fn first(&self, command: IssueTokens, device: &str) -> Result<Tokens> {
        let IssueTokens { email, password, code } = command;
        let principal = self.accounts.check(SignIn { email, password }, "").await?;
        let account = principal.account_id;
        match code {
            _ if !second_factors::is_on(&self.core, account).await? => {}
            Some(code) => second_factors::spend(&self.core, account, &code, "").await?,
            None => return Err(Refusal::SecondFactorRequired.into()),
        }
        self.begin(&principal, None, device).await
    }

    /// The first pair for somebody who has proved all that is asked for.
    pub(crate) async fn begin(
        &self,
        principal: &Principal,
        passkey: Option<PasskeyId>,
        device: &str,
    ) -> Result<Tokens> {
        let (account, epoch) = (principal.account_id, principal.session_epoch);
        let family = SignInId(self.core.new_id());
        let draft = self.draft();
        let expires_at = draft.now + if principal.is_employed() { STAFF_MS } else { PATIENT_MS };
        let (pair, device) = (draft.clone(), device.to_owned());
        self.core
            .db
            .write(&Reach::house("a sign-in begins"), move |conn| {
                let (pair, device) = (pair.clone(), device.clone());
                Box::pin(async move {
                    if !sessions::hold_epoch(conn, account, epoch).await? {
                        return Err(Refusal::SignInFailed.into());
                    }
                    store::insert_family(conn, family, account, &device, pair.now, expires_at).await?;
                    if let Some(passkey) = passkey {
                        store::note_passkey(conn, family, account, passkey).await?;
                    }
                    store::insert_refresh(conn, pair.row(family.0, None)).await
                })
            })
            .await?;
        let written = Written { account: account.0, family: family.0, expires_at, bought: false };
        self.sign(draft, &written).await
    }

    async fn sign(&self, draft: Draft, written: &Written) -> Result<Tokens> {
        let (now, ends) = (draft.now.div_euclid(1000), written.expires_at.div_euclid(1000));
        let expires = ends.min(now + ACCESS_SECONDS);
        let claims =
            jwt::Claims::new(written.account, written.family, draft.access_id, written.bought, now, expires);
        let signer = self.keys.signer(&self.core).await?;
        let access_token = jwt::sign(&claims, &signer.kid, &signer.pair)
            .map_err(|error| Error::Library(error.to_string()))?;
        let seconds = |end: i64| u32::try_from(end - now).unwrap_or(0);
        Ok(Tokens {
            access_token,
            token_type: "Bearer".to_owned(),
            expires_in: seconds(expires),
            refresh_token: draft.refresh_token,
            refresh_expires_in: seconds(ends),
        })
    }

    /// What an access token says, if we signed it, its time is now, and nothing of it has ended.
    async fn claims(&self, token: &str) -> Result<Option<jwt::Claims>> {
        let now = self.core.now_ms().div_euclid(1000);
        let signed = match self.seen.claims(token) {
            Some(claims) => Some(claims),
            None => self.signed(token, now).await?,
        };
        let Some(claims) = signed.filter(|claims| claims.holds_at(now)) else { return Ok(None) };
        let ended = self.core.ended.any(&self.core, [claims.sid, claims.jti]).await?;
        Ok((!ended).then_some(claims))
    }

    /// What a token says, if we signed it.
    async fn signed(&self, token: &str, now: i64) -> Result<Option<jwt::Claims>> {
        let Some(kid) = jwt::named_key(token) else { return Ok(None) };
        let Some(key) = self.keys.public(&self.core, &kid).await? else { return Ok(None) };
        let claims = jwt::verified(token, &key);
        if let Some(claims) = &claims {
            self.seen.note(token, claims, now);
        }
        Ok(claims)
    }

    async fn read_holder(&self, token: &str) -> Result<Option<Holder>> {
        let Some(claims) = self.claims(token).await? else { return Ok(None) };
        if claims.bought && !self.core.ended.was_used(claims.jti) {
            // From now on the token that bought this pair must not buy another.
            let id = claims.jti;
            self.core
                .db
                .write(&Reach::house("who somebody is, before anything can be decided"), move |conn| {
                    Box::pin(store::see_access(conn, id))
                })
                .await?;
            self.core.ended.note_use(id, self.core.now_ms());
        }
        let principal = self.who(AccountId(claims.sub), SignInId(claims.sid)).await?;
        Ok(principal.map(|principal| Holder { principal, sign_in: SignInId(claims.sid) }))
    }

    /// With what a sign-in was made is looked up for those only to whom it makes a difference.
    async fn who(&self, account: AccountId, sign_in: SignInId) -> Result<Option<Principal>> {
        let plain = self.accounts.load(account).await?;
        let waits = |who: &Principal| who.platform_held_back || !who.held_back.is_empty();
        if !plain.as_ref().is_some_and(waits) {
            return Ok(plain);
        }
        let passkey = {
            let reach = Reach::house("who somebody is, before anything can be decided");
            store::passkey_of(&mut self.core.db.read(&reach).await?, sign_in, account).await?
        };
        if passkey.is_none() { Ok(plain) } else { self.accounts.load_by(account, passkey).await }
    }

    async fn revoke_any(&self, token: String) -> Result<()> {
        let family = if let Some(claims) = self.claims(&token).await? {
            Some(claims.sid)
        } else {
            let mut conn = self.core.db.read(&Reach::house("the secret of the token is the proof")).await?;
            store::family_of_refresh(&mut conn, &secrets::hash(&token)).await?
        };
        let Some(family) = family else { return Ok(()) };
        let now = self.core.now_ms();
        self.core
            .db
            .write(&Reach::house("the secret of the token is the proof"), move |conn| {
                Box::pin(end_family(conn, family, SignInEnd::SignedOut, now))
            })
            .await?;
        Ok(())
    }

    async fn own(&self, call: &Call) -> Result<Own> {
        self.core.authorize(call, OfAccount::own(call)?).await
    }

    async fn listed(&self, call: &Call, own: &Own) -> Result<Vec<SignedIn>> {
        let account = own.object().id();
        let now = self.core.now_ms();
        let mut list = self.sessions.of_account(own.reach(), account).await?;
        let mut conn = self.core.db.read(own.reach()).await?;
        for row in store::families_of(&mut conn, account, now, now - WARNED_MS).await? {
            list.push(SignedIn {
                id: SignInId(row.id),
                kind: SignInKind::Api,
                device: row.device,
                created_at: instant(row.created_at)?,
                expires_at: instant(row.expires_at)?,
                current: false,
                ended: row.ended_at.and(row.ended_why.as_deref()).and_then(why),
            });
        }
        list.sort_by_key(|item| std::cmp::Reverse(item.created_at));
        for item in &mut list {
            item.current = Some(item.id) == call.sign_in;
        }
        Ok(list)
    }

    async fn end_one(&self, own: &Ending, id: SignInId) -> Result<()> {
        let (account, now) = (own.object().id(), self.core.now_ms());
        self.core
            .change(own, move |conn| {
                Box::pin(async move {
                    if sessions::end(conn, account, id, now).await? {
                        return Ok(());
                    }
                    let family = store::family(conn, id.0).await?;
                    if family.is_none_or(|family| family.account_id != account.0) {
                        return Err(Refusal::NotFound.into());
                    }
                    end_family(conn, id.0, SignInEnd::Ended, now).await
                })
            })
            .await
    }

    async fn end_all_but_this(&self, call: &Call) -> Result<()> {
        let own: Ending = self.core.authorize(call, OfAccount::own(call)?).await?;
        let (account, keep, now) = (own.object().id(), call.sign_in, self.core.now_ms());
        self.core.change(&own, move |conn| Box::pin(end_everywhere(conn, account, keep, now))).await
    }
}

impl Draft {
    fn row<'a>(&'a self, family: Uuid, parent: Option<&'a [u8]>) -> store::NewPair<'a> {
        let at = self.now;
        store::NewPair { token_hash: &self.hash, family, parent, access_id: self.access_id, at }
    }
}

/// Ends a sign-in, and tells every node.
async fn end_family(conn: &mut Conn, family: Uuid, reason: SignInEnd, now: i64) -> Result<()> {
    if !store::end_family(conn, family, code(reason), now).await? {
        return Ok(());
    }
    let account = store::family(conn, family).await?.map(|row| AccountId(row.account_id));
    conn.announce(News::Ended { id: family, at: now, account }).await
}

/// Ends everything an account is signed in with but one, browsers and programs, in the transaction of the cause.
pub(crate) async fn end_everywhere(
    conn: &mut Conn,
    account: AccountId,
    keep: Option<SignInId>,
    now: i64,
) -> Result<()> {
    sessions::end_all(conn, account, keep, now).await?;
    for family in store::open_families(conn, account).await? {
        if Some(SignInId(family)) != keep {
            end_family(conn, family, SignInEnd::Ended, now).await?;
        }
    }
    Ok(())
}

fn code(reason: SignInEnd) -> &'static str {
    match reason {
        SignInEnd::SignedOut => "signed_out",
        SignInEnd::Ended => "ended",
        SignInEnd::Reuse => "reuse",
    }
}

fn why(code: &str) -> Option<SignInEnd> {
    [SignInEnd::SignedOut, SignInEnd::Ended, SignInEnd::Reuse]
        .into_iter()
        .find(|reason| self::code(*reason) == code)
}

#[async_trait]
impl SignIns for SignInService {
    async fn issue(&self, command: IssueTokens, device: &str) -> domain::Result<Tokens> {
        Ok(self.first(command, device).await?)
    }

    async fn refresh(&self, command: RefreshTokens) -> domain::Result<Tokens> {
        Ok(self.next(command.refresh_token).await?)
    }

    async fn revoke(&self, command: RevokeToken) -> domain::Result<()> {
        Ok(self.revoke_any(command.token).await?)
    }

    async fn holder(&self, access_token: &str) -> domain::Result<Option<Holder>> {
        Ok(self.read_holder(access_token).await?)
    }

    async fn prove(&self, call: &Call, command: StepUp) -> domain::Result<Timestamp> {
        Ok(self.show(call, command).await?)
    }

    fn seal(&self, account: AccountId, text: &str) -> domain::Result<String> {
        Ok(self.sealed(account, text)?)
    }

    fn unseal(&self, account: AccountId, sealed: &str) -> Option<String> {
        self.opened(account, sealed)
    }

    async fn list(&self, call: &Call) -> domain::Result<Vec<SignedIn>> {
        Ok(self.listed(call, &self.own(call).await?).await?)
    }

    async fn end(&self, call: &Call, id: SignInId) -> domain::Result<()> {
        let own: Ending = self.core.authorize(call, OfAccount::own(call)?).await?;
        Ok(self.end_one(&own, id).await?)
    }

    async fn end_others(&self, call: &Call) -> domain::Result<()> {
        Ok(self.end_all_but_this(call).await?)
    }
}
