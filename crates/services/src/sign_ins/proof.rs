//! Showing anew who one is, and texts that are sealed for an account.
//!
//! What needs a proof is said in `domain::access`; whether one is fresh is looked at by the guard.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{Call, Error as Refusal, ids::AccountId, sign_ins::StepUp};
use jiff::Timestamp;

use super::{Own, SignInService, store};
use crate::{core::instant, error::Result, second_factors};

impl SignInService {
    pub(super) async fn show(&self, call: &Call, command: StepUp) -> Result<Timestamp> {
        let own: Own = self.own(call).await?;
        let (account, now) = (own.object().id(), self.core.now_ms());
        if !self.is_right(account, &command.proof).await? {
            return Err(Refusal::invalid("proof", "proof_wrong").into());
        }
        let sign_in = call.sign_in;
        self.core
            .change(&own, move |conn| {
                Box::pin(async move {
                    match sign_in {
                        Some(sign_in) => store::prove(conn, sign_in, account, now).await,
                        None => Ok(()),
                    }
                })
            })
            .await?;
        instant(now)
    }

    /// Six digits are a code where there is a second factor: no password is so short.
    async fn is_right(&self, account: AccountId, proof: &str) -> Result<bool> {
        let digits: String = proof.chars().filter(|sign| !sign.is_whitespace()).collect();
        let is_code = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_code || !second_factors::is_on(&self.core, account).await? {
            return self.accounts.knows(account, proof).await;
        }
        match second_factors::spend(&self.core, account, &digits, "").await {
            Ok(()) => Ok(true),
            Err(crate::error::Error::Refused(Refusal::Invalid { .. })) => Ok(false),
            Err(error) => Err(error),
        }
    }

    pub(super) fn sealed(&self, account: AccountId, text: &str) -> Result<String> {
        let sealed = self.core.pepper.seal(&*self.core.random, &owner(account), text.as_bytes())?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    pub(super) fn opened(&self, account: AccountId, sealed: &str) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        String::from_utf8(self.core.pepper.open_sealed(&owner(account), &bytes)?).ok()
    }
}

/// Nothing that was sealed for another purpose opens as such a text.
fn owner(account: AccountId) -> Vec<u8> {
    [b"text of ".as_slice(), account.0.as_bytes()].concat()
}
