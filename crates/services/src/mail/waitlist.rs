//! The letters about the waiting list: that a time is kept, and that one waits no longer.
//!
//! They name nobody and nothing of a person's health; who gets them is decided in `waitlist`.

use uuid::Uuid;

use super::texts::{Template, Texts, Written};
use crate::{
    core::Core,
    error::Result,
    waitlist::{Told, told},
};

/// That a time is kept, and until when; none when it is kept no longer.
pub(super) async fn offered(
    core: &Core,
    (account, entry): (Uuid, Uuid),
    hold: Uuid,
    texts: &Texts,
) -> Result<Option<(String, Written)>> {
    let told = told(core, account, entry, Some(hold)).await?;
    Ok(told.map(|told| written(core, told, &texts.waitlist_offer, texts)))
}

/// That she waits no longer.
pub(super) async fn ended(
    core: &Core,
    (account, entry): (Uuid, Uuid),
    texts: &Texts,
) -> Result<Option<(String, Written)>> {
    let told = told(core, account, entry, None).await?;
    Ok(told.map(|told| written(core, told, &texts.waitlist_ended, texts)))
}

fn written(core: &Core, told: Told, template: &Template, texts: &Texts) -> (String, Written) {
    let link = format!("{}/waiting-list", core.mail.origin);
    let until = told.until.unwrap_or_default();
    (told.email, texts.write(template, &[("until", &until)], &link))
}
