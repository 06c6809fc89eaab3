//! Signing in with a passkey: a challenge that names nobody, and the answer that says who it is.
//!
//! What follows on a sign-in is the same as on a password: an entry, or tokens.

use domain::{
    Error as Refusal,
    access::Principal,
    ids::{ChallengeId, PasskeyId},
    passkeys::{PasskeyChallenge, PasskeySignIn},
};

use super::{ANSWER_MAX, PasskeyService, ceremony::Key, failed, store};
use crate::{
    db::Reach,
    error::{Error, Result},
};

impl PasskeyService {
    pub(super) async fn ask(&self) -> Result<PasskeyChallenge> {
        let begun = self.ceremony()?.begin_sign_in()?;
        let (id, now) = (ChallengeId(self.core.new_id()), self.core.now_ms());
        let options = begun.options.clone();
        self.core
            .db
            .write(&Reach::house("the passkey is the proof"), move |conn| {
                let begun = begun.clone();
                Box::pin(async move { store::begin(conn, id, None, &begun, now).await })
            })
            .await?;
        Ok(PasskeyChallenge { id, options })
    }

    /// Whose passkey it is, as of before the check: whoever takes the passkey away meanwhile begins a new epoch.
    pub(super) async fn recognise(&self, command: PasskeySignIn) -> Result<(Principal, PasskeyId)> {
        let PasskeySignIn { challenge_id, credential } = command;
        let since = self.too_old();
        let house = Reach::house("the passkey is the proof");
        // Used up first: an answer that is wrong, or comes twice, cannot be tried again.
        let taken =
            self.core.db.write(&house, move |conn| Box::pin(store::take(conn, challenge_id, since))).await?;
        let Some(waiting) = taken else {
            return Err(Refusal::invalid("credential", "passkey_late").into());
        };
        let ceremony = self.ceremony()?;
        if credential.len() > ANSWER_MAX {
            return Err(failed());
        }
        let claim = ceremony.claim(&credential).ok_or_else(failed)?;
        let row = {
            let mut conn = self.core.db.read(&house).await?;
            store::find(&mut conn, &claim.credential_id).await?
        };
        let row = row.filter(|row| row.account_id == claim.account.0).ok_or_else(failed)?;
        let id = PasskeyId(row.id);
        let principal = self.accounts.load_by(claim.account, Some(id)).await?.ok_or_else(failed)?;
        let key = ceremony.check(&waiting.state, &credential, &row.public_key)?.ok_or_else(failed)?;
        self.note(id, key).await?;
        Ok((principal, id))
    }

    async fn note(&self, id: PasskeyId, key: Key) -> Result<()> {
        let now = self.core.now_ms();
        self.core
            .db
            .write(&Reach::house("the passkey is the proof"), move |conn| {
                let key = key.clone();
                Box::pin(async move {
                    let noted: Result<bool, Error> = store::note_use(conn, id, &key, now).await;
                    if noted? { Ok(()) } else { Err(failed()) }
                })
            })
            .await
    }
}
