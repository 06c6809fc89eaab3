//! The letter about a visit: what was done with it, and its entry for a calendar as it is when the letter is sent (RFC 6047).
//!
//! It names nobody and nothing of a person's health; who gets it is decided in `appointments`.

use uuid::Uuid;

use super::{
    VisitChange,
    texts::{Invitation, Texts, Written},
};
use crate::{
    appointments::{self, status_of},
    calendars::{self, Method},
    core::Core,
    error::Result,
};
use domain::appointments::Status;

/// Recipient and letter; none when there is nothing to tell any more: a calendar is not asked to take in what is over or called off.
pub(super) async fn compose(
    core: &Core,
    (account, appointment): (Uuid, Uuid),
    change: VisitChange,
    step: i64,
    texts: &Texts,
) -> Result<Option<(String, Written)>> {
    let Some(told) = appointments::told(core, account, appointment, step).await? else { return Ok(None) };
    let cancelled = status_of(&told.visit)? == Status::Cancelled;
    let over = told.visit.ends_at <= core.now_ms();
    let (template, method) = match change {
        VisitChange::Booked => (&texts.visit_booked, Method::Request),
        VisitChange::Moved => (&texts.visit_moved, Method::Request),
        VisitChange::Cancelled => (&texts.visit_cancelled, Method::Cancel),
    };
    let fits = match method {
        Method::Request => !cancelled && !over,
        Method::Cancel => cancelled,
        Method::Publish => false,
    };
    if !fits {
        return Ok(None);
    }
    let file = calendars::invitation(core, &told.visit, method, &told.email)?;
    let link = format!("{}/appointments/{appointment}", core.mail.origin);
    let invitation = Some(Invitation { method: method.code(), text: file.text });
    Ok(Some((told.email, Written { invitation, ..texts.write(template, &[], &link) })))
}
