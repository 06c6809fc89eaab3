//! Whether whoever asks has shown a short while ago who she is.
//!
//! Which actions need that is said in `domain::access`; how it is shown is the business of `sign_ins`.

use domain::{Call, sign_ins::PROOF_MINUTES};

use crate::{core::Core, db::Reach, error::Result, sign_ins};

impl Core {
    /// Whether the password or a code was given lately: in this session of a browser, or with this sign-in of a program.
    pub(super) async fn is_fresh(&self, call: &Call) -> Result<bool> {
        let since = self.now_ms() - PROOF_MINUTES * 60_000;
        if call.proven_at.is_some_and(|at| at.as_millisecond() > since) {
            return Ok(true);
        }
        let (Some(sign_in), Some(account)) = (call.sign_in, call.actor.account_id()) else {
            return Ok(false);
        };
        let mut conn = self.db.read(&Reach::of(call.actor.principal())).await?;
        Ok(sign_ins::store::proven_at(&mut conn, sign_in, account).await?.is_some_and(|at| at > since))
    }
}
