//! Links of mails: made when their letter is sent, good for one purpose, once, and for a while.
//!
//! What a link does when it is used is in `credentials` itself.

use domain::ids::AccountId;
use uuid::Uuid;

use super::store;
use crate::{core::Core, db::Reach, error::Result, secrets};

const MINUTE_MS: i64 = 60 * 1000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// How far an account that is taken back goes back: what can let somebody in is rarely noticed at once, and whoever set it up herself
/// does so again in a minute.
pub(crate) const REACHES_BACK_MS: i64 = 30 * 24 * HOUR_MS;

/// What a link does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Confirms the address of a new account.
    Confirm,
    /// Gives an account another address.
    Change,
    /// Sets a new password.
    Reset,
    /// Takes an account back for the address that the mail went to.
    Undo,
}

impl Purpose {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Change => "change",
            Self::Reset => "reset",
            Self::Undo => "undo",
        }
    }

    pub(super) fn parse(code: &str) -> Option<Self> {
        [Self::Confirm, Self::Change, Self::Reset, Self::Undo].into_iter().find(|one| one.code() == code)
    }

    /// How long it is good. A link that confirms gives nothing to whoever does not know the password, and mail is read in the
    /// evening: it has a day. A link to a new password is the key to the account: it has half an hour. An owner who was robbed of
    /// her address has the three days until whoever took it could have settled.
    pub(crate) fn life_ms(self) -> i64 {
        match self {
            Self::Confirm | Self::Change => 24 * HOUR_MS,
            Self::Reset => 30 * MINUTE_MS,
            Self::Undo => 72 * HOUR_MS,
        }
    }
}

/// A link that a letter wants.
#[derive(Debug, Clone)]
pub(crate) struct NewLink {
    pub(crate) purpose: Purpose,
    pub(crate) account: Uuid,
    pub(crate) email: String,
    pub(crate) next: String,
    /// When its cause was, which is before its letter was sent.
    pub(crate) caused_at: i64,
}

/// Makes the link of a letter good from now on, and returns its secret; none when its account is gone.
pub(crate) async fn make(core: &Core, letter: Uuid, link: NewLink) -> Result<Option<String>> {
    let secret = core.pepper.link_secret(&format!("{} {letter}", link.purpose.code()));
    let hash = secrets::hash(&secret);
    let ends = core.now_ms() + link.purpose.life_ms();
    let made = core
        .db
        .write(&Reach::house("a letter is written"), move |conn| {
            let (hash, link) = (hash.clone(), link.clone());
            Box::pin(async move {
                let account = AccountId(link.account);
                if !store::hold(conn, account).await? {
                    return Ok(false);
                }
                // The account was taken back since the letter's cause: what came of that is worth nothing any more.
                let undoes = link.purpose == Purpose::Undo;
                if undoes && store::was_taken_back(conn, account, link.caused_at).await? {
                    return Ok(false);
                }
                store::insert_link(conn, &hash, &link, ends).await?;
                Ok(true)
            })
        })
        .await?;
    Ok(made.then_some(secret))
}

/// The secret of an invitation, which its maker sees and its letter carries.
pub(crate) fn invitation_secret(core: &Core, invitation: Uuid) -> String {
    core.pepper.link_secret(&format!("invitation {invitation}"))
}
