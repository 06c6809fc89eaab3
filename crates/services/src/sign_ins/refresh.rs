//! Buying the next pair. The table of decisions is that of `docs/api.md`, "Tokens":
//!
//! | the refresh token | what it bought before | then |
//! |---|---|---|
//! | is active | nothing | buys |
//! | was used, within a day | a pair that nobody has used | that pair ends, and it buys again: the answer was lost on its way |
//! | was used | a pair in use | the whole sign-in ends, and its owner is told |
//! | is unknown, or its sign-in or pair has ended | | is refused, and nothing changes |
//!
//! One transaction decides, and holds the sign-in meanwhile: however many come at once, one pair is left.

use domain::{
    Error as Refusal,
    access::Action,
    ids::{AccountId, SignInId},
    sign_ins::{SignInEnd, Tokens},
};
use uuid::Uuid;

use super::{Draft, SignInService, Written, end_family, store};
use crate::{
    accounts,
    audit::{self, Entry},
    core::Core,
    db::{Conn, News, Reach},
    error::Result,
    mail::{self, Letter},
    secrets,
};

/// How long a lost answer may be asked for again.
const LOST_MS: i64 = 24 * 60 * 60 * 1000;

/// What the transaction came to. A reuse has to be committed, so it is no error inside.
enum Outcome {
    Bought(Written),
    Refused,
    Reused,
}

impl SignInService {
    pub(super) async fn next(&self, presented: String) -> Result<Tokens> {
        let presented = secrets::hash(&presented);
        let draft = self.draft();
        let (core, pair) = (self.core.clone(), draft.clone());
        let outcome = self
            .core
            .db
            .write(&Reach::house("the secret of the token is the proof"), move |conn| {
                let (core, presented, pair) = (core.clone(), presented.clone(), pair.clone());
                Box::pin(async move { buy(&core, conn, &presented, pair).await })
            })
            .await?;
        match outcome {
            Outcome::Bought(written) => self.sign(draft, &written).await,
            Outcome::Refused => Err(Refusal::InvalidGrant.into()),
            Outcome::Reused => {
                self.core.mail.wake();
                Err(Refusal::InvalidGrant.into())
            }
        }
    }
}

async fn buy(core: &Core, conn: &mut Conn, presented: &[u8], pair: Draft) -> Result<Outcome> {
    let now = pair.now;
    let Some(family) = store::family_of_refresh(conn, presented).await? else { return Ok(Outcome::Refused) };
    if !store::hold_family(conn, family, now).await? {
        return Ok(Outcome::Refused);
    }
    // Read only now that the sign-in is held: whoever came first has finished.
    let Some(row) = store::refresh(conn, presented).await? else { return Ok(Outcome::Refused) };
    match row.state.as_str() {
        "active" => store::set_state(conn, presented, "consumed", now).await?,
        "consumed" => match store::child(conn, presented).await? {
            Some(child)
                if child.state == "active" && !child.access_seen && now - row.changed_at <= LOST_MS =>
            {
                store::set_state(conn, &child.token_hash, "orphaned", now).await?;
                conn.announce(News::Ended { id: child.access_id, at: now, account: None }).await?;
                tracing::info!(sign_in = %family, "an answer with tokens was lost and is given again");
            }
            Some(_) | None => {
                tracing::warn!(sign_in = %family, "a refresh token was used twice: its sign-in ends");
                end_reused(core, conn, family, now).await?;
                return Ok(Outcome::Reused);
            }
        },
        _ => return Ok(Outcome::Refused),
    }
    store::insert_refresh(conn, pair.row(family, Some(presented))).await?;
    let Some(family) = store::family(conn, family).await? else { return Ok(Outcome::Refused) };
    Ok(Outcome::Bought(Written {
        account: family.account_id,
        family: family.id,
        expires_at: family.expires_at,
        bought: true,
    }))
}

/// Ends a sign-in whose token somebody else may have: its owner is told, and the audit notes it.
async fn end_reused(core: &Core, conn: &mut Conn, family: Uuid, now: i64) -> Result<()> {
    end_family(conn, family, SignInEnd::Reuse, now).await?;
    let Some(row) = store::family(conn, family).await? else { return Ok(()) };
    if let Some(owner) = accounts::brief_within(conn, row.account_id).await? {
        let letter = Letter::ProgramSignedOut { account: row.account_id };
        mail::post(conn, &mail::draft(core, &owner.email, letter)).await?;
    }
    let entry = Entry::by_link(AccountId(row.account_id), Action::EndSignIns, now);
    audit::append(conn, entry.through(SignInId(family))).await
}
