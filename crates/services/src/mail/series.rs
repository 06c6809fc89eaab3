//! The letter about a row of visits: when they are, and their entries for a calendar as they are when the letter is sent.
//!
//! It names nobody and nothing of a person's health; who gets it is decided in `appointments`.

use uuid::Uuid;

use super::{
    texts::{Invitation, Texts, Written},
    visits::when,
};
use crate::{
    appointments::told_of_row,
    calendars::{self, Method},
    core::Core,
    error::Result,
};

/// Recipient and letter; none when nothing of it is to come any more.
pub(super) async fn compose(
    core: &Core,
    (account, series): (Uuid, Uuid),
    texts: &Texts,
) -> Result<Option<(String, Written)>> {
    let Some((email, visits)) = told_of_row(core, account, series).await? else { return Ok(None) };
    let times = visits.iter().map(when).collect::<Result<Vec<_>>>()?.join("; ");
    // Several entries of different names are published (RFC 5546, 3.2.1): a request is about one.
    let file = calendars::publication(core, &visits)?;
    let link = format!("{}/appointments", core.mail.origin);
    let invitation = Some(Invitation { method: Method::Publish.code(), text: file.text });
    let written = texts.write(&texts.series_booked, &[("times", times.as_str())], &link);
    Ok(Some((email, Written { invitation, ..written })))
}
