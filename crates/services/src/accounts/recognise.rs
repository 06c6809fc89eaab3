//! Checking who somebody is by a password: whose it is, how often it may be tried, and what is asked of a known browser.
//!
//! What a password may be is in `passwords::rules`; how tries are counted is in `throttle`.

use domain::{
    Error as Refusal,
    access::Principal,
    accounts::{Entry, Passed, SignIn, Step},
    ids::{AccountId, PasskeyId},
    text,
};
use uuid::Uuid;

use super::{AccountService, complete, store};
use crate::{
    db::Reach,
    error::Result,
    second_factors,
    throttle::{self, Bucket, Try, marks},
};

/// What a password may be compared with now, and the tries that count until it was right.
struct Leave {
    /// The account that has signed in with this browser before, and its try.
    own: Option<(Uuid, Try)>,
    /// The try at the address, unless strangers have used up theirs.
    anybody: Option<Try>,
}

impl Leave {
    /// Whether the password of an account is looked at.
    fn covers(&self, account: Uuid) -> bool {
        self.anybody.is_some() || self.own.as_ref().is_some_and(|(own, _)| *own == account)
    }
}

impl AccountService {
    /// Whose address and password these are. Whoever has confirmed the address comes first; two hashes are checked each time, so
    /// that nobody can tell from the time whether it has an account. Wrong tries are counted, and soon have to wait, by the address
    /// and not by the account; but a browser that the account has signed in with is counted for itself.
    ///
    /// Who it is, as of before the check: whoever replaces the password meanwhile begins a new epoch.
    pub(crate) async fn check(&self, command: SignIn, shown: &str) -> Result<Principal> {
        // An address that is none takes as long as one without an account.
        let email = text::email(&command.email).unwrap_or_default();
        if command.password.len() > text::PASSWORD_MAX {
            return Err(Refusal::SignInFailed.into());
        }
        let row = {
            let mut conn = self.core.db.read(&Reach::house("the password is the proof")).await?;
            store::secrets(&mut conn, &email).await?
        };
        let ids = [row.confirmed_id, row.claimed_id];
        let leave = self.leave(&command.email, shown, ids).await?;
        let epochs = [row.confirmed_epoch, row.claimed_epoch];
        let hashes = [row.confirmed_hash, row.claimed_hash];
        let mut stored = ids
            .into_iter()
            .zip(hashes)
            .map(|(id, hash)| hash.filter(|_| id.is_some_and(|id| leave.covers(id))));
        let stored = [stored.next().flatten(), stored.next().flatten()];
        let right = match self.core.passwords.verify(command.password.clone(), stored.clone()).await {
            Ok(right) => right,
            Err(error) => {
                // The password was not looked at, so it was not wrong.
                let tries = leave.own.map(|(_, own)| own).into_iter().chain(leave.anybody).collect();
                throttle::take_back(&self.core, tries).await?;
                return Err(error);
            }
        };
        let found = ids.into_iter().zip(epochs).zip(stored).zip(right).find(|(_, right)| *right);
        let Some((((Some(id), Some(epoch)), Some(hash)), _)) = found else {
            return Err(Refusal::SignInFailed.into());
        };
        self.was_right(leave, id).await?;
        let id = AccountId(id);
        self.renew(id, command.password, hash).await?;
        let principal = self.load(id).await?.ok_or(Refusal::SignInFailed)?;
        Ok(Principal { session_epoch: epoch, ..principal })
    }

    /// Lets a try begin, or says how long to wait.
    async fn leave(&self, address: &str, shown: &str, ids: [Option<Uuid>; 2]) -> Result<Leave> {
        let anybody = throttle::begin(&self.core, &Bucket::of_address(&self.core, address)).await;
        let Some(mark) = marks::of(&self.core, shown, ids) else {
            return Ok(Leave { own: None, anybody: Some(anybody?) });
        };
        let anybody = match anybody {
            Ok(begun) => Some(begun),
            Err(crate::error::Error::Refused(Refusal::TooMany { .. })) => None,
            Err(error) => return Err(error),
        };
        match throttle::begin(&self.core, &Bucket::of_mark(&self.core, &mark)).await {
            Ok(own) => Ok(Leave { own: Some((mark.account.0, own)), anybody }),
            Err(error) => {
                throttle::take_back(&self.core, anybody.into_iter().collect()).await?;
                Err(error)
            }
        }
    }

    /// The failures of a known browser are forgotten once it was right. Those of strangers are not: whoever has an account of her
    /// own that claims the address could otherwise be right in between, as often as she likes.
    async fn was_right(&self, leave: Leave, id: Uuid) -> Result<()> {
        let others: Vec<Try> = leave.anybody.into_iter().collect();
        match leave.own {
            Some((own, begun)) if own == id => throttle::forget(&self.core, begun, others).await,
            Some((_, begun)) => {
                throttle::take_back(&self.core, std::iter::once(begun).chain(others).collect()).await
            }
            None => throttle::take_back(&self.core, others).await,
        }
    }

    /// What follows on the right password.
    pub(super) async fn next_step(&self, principal: Principal, shown: &str) -> Result<Step> {
        let (account, epoch) = (principal.account_id, principal.session_epoch);
        if second_factors::is_on(&self.core, account).await? {
            return Ok(Step::Code(Passed { account, epoch }));
        }
        Ok(Step::In(Box::new(self.entry(principal, shown))))
    }

    /// Finishes a sign-in with a code. A password that was replaced since it was given has ended it.
    pub(super) async fn finish(&self, passed: Passed, code: &str, shown: &str) -> Result<Entry> {
        let principal = self.load(passed.account).await?.ok_or(Refusal::NotFound)?;
        if principal.session_epoch != passed.epoch {
            return Err(Refusal::NotFound.into());
        }
        second_factors::spend(&self.core, passed.account, code, shown).await?;
        Ok(self.entry(principal, shown))
    }

    /// An account with its rights as they are now.
    pub(crate) async fn load(&self, id: AccountId) -> Result<Option<Principal>> {
        self.load_by(id, None).await
    }

    /// The same in a sign-in that was made with this passkey, or with none.
    pub(crate) async fn load_by(
        &self,
        id: AccountId,
        passkey: Option<PasskeyId>,
    ) -> Result<Option<Principal>> {
        let mut conn =
            self.core.db.read(&Reach::house("who somebody is, before anything can be decided")).await?;
        match store::find(&mut conn, id).await? {
            Some(row) => Ok(Some(complete(&self.core, &mut conn, row, passkey).await?)),
            None => Ok(None),
        }
    }

    /// An account that has come in, with the mark that its browser keeps.
    pub(crate) fn entry(&self, principal: Principal, shown: &str) -> Entry {
        let marks = marks::renewed(&self.core, shown, principal.account_id);
        Entry { principal, marks, passkey: None }
    }

    /// Whether a password is the one of an account that is signed in, or whose link somebody holds.
    pub(crate) async fn knows(&self, account: AccountId, password: &str) -> Result<bool> {
        if password.len() > text::PASSWORD_MAX {
            return Ok(false);
        }
        let begun = throttle::begin(&self.core, &Bucket::of_account(&self.core, account)).await?;
        let stored = {
            let mut conn = self.core.db.read(&Reach::house("the password is the proof")).await?;
            store::secret_of(&mut conn, account).await?.map(|row| row.password_hash)
        };
        match self.core.passwords.verify(password.to_owned(), [stored]).await {
            Ok([true]) => throttle::forget(&self.core, begun, Vec::new()).await.map(|()| true),
            Ok([false]) => Ok(false),
            Err(error) => {
                throttle::take_back(&self.core, vec![begun]).await?;
                Err(error)
            }
        }
    }

    /// Hashes a password anew that was just found right, where its hash is of yesterday.
    async fn renew(&self, id: AccountId, password: String, old: String) -> Result<()> {
        if !self.core.passwords.is_outdated(&old) {
            return Ok(());
        }
        let new = self.core.passwords.hash(password, self.core.random.clone()).await?;
        self.core
            .db
            .write(&Reach::house("the password is the proof"), move |conn| {
                let (old, new) = (old.clone(), new.clone());
                Box::pin(async move { store::replace_hash(conn, id, &old, &new).await })
            })
            .await?;
        Ok(())
    }
}
