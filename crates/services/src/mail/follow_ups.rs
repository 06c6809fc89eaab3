//! The letter that asks somebody back: that she may choose a time, and where.
//!
//! It names nobody and nothing of a person's health; who gets it is decided in `follow_ups`.

use uuid::Uuid;

use super::texts::{Texts, Written};
use crate::{core::Core, error::Result, follow_ups::told};

/// Recipient and letter; none when there is no time to choose any more.
pub(super) async fn compose(
    core: &Core,
    account: Uuid,
    follow_up: Uuid,
    texts: &Texts,
) -> Result<Option<(String, Written)>> {
    let Some(email) = told(core, account, follow_up).await? else { return Ok(None) };
    let link = format!("{}/follow-ups/{follow_up}", core.mail.origin);
    Ok(Some((email, texts.write(&texts.follow_up, &[], &link))))
}
