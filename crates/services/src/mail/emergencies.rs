//! The letter that tells a hospital's administrators at once that one of its doctors has opened a record in an emergency.
//!
//! It names the doctor, who is one of theirs, and neither the patient nor the reason: those are read behind the link.

use uuid::Uuid;

use super::texts::{Texts, Written};
use crate::{
    core::{Core, instant, zone},
    emergencies::told,
    error::Result,
};

/// Recipient and letter; none when she administers the hospital no longer.
pub(super) async fn compose(
    core: &Core,
    account: Uuid,
    emergency: Uuid,
    texts: &Texts,
) -> Result<Option<(String, Written)>> {
    let Some(told) = told(core, account, emergency).await? else { return Ok(None) };
    let link = format!("{}/hospital/{}/emergencies", core.mail.origin, told.hospital_id);
    let at = instant(told.declared_at)?.to_zoned(zone(&told.time_zone)?);
    let at = at.strftime("%-d %B %Y, %H:%M").to_string();
    let arguments =
        [("doctor", told.declared_by.as_str()), ("hospital", told.hospital.as_str()), ("time", at.as_str())];
    Ok(Some((told.email, texts.write(&texts.emergency_opened, &arguments, &link))))
}
