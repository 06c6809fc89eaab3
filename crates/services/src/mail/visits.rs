//! The letters about a visit: what was done with it, with its entry for a calendar as it is when the letter is sent (RFC 6047); and that
//! it is free no longer.
//!
//! They name nobody and nothing of a person's health; who gets it is decided in `appointments`.

use domain::{appointments::Status, money::minor_digits};
use uuid::Uuid;

use super::{
    VisitChange,
    compose::Ready,
    texts::{Invitation, Texts, Written},
};
use crate::{
    appointments::{self, AppointmentRow, Tale, status_of},
    calendars::{self, Method},
    core::{Core, instant, zone},
    error::Result,
};

/// Recipient and letter; none when there is nothing to tell any more: a calendar is not asked to take in what is over or called off.
pub(super) async fn compose(
    core: &Core,
    (account, appointment): (Uuid, Uuid),
    change: VisitChange,
    step: i64,
    texts: &Texts,
) -> Result<Ready> {
    let told = match appointments::told(core, account, appointment, Some(step)).await? {
        Tale::Told(told) => told,
        Tale::Nothing => return Ok(Ready::Now(None)),
        Tale::NotBefore(at) => return Ok(Ready::NotBefore(at)),
    };
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
        return Ok(Ready::Now(None));
    }
    let file = calendars::invitation(core, &told.visit, method, &told.email)?;
    let when = when(&told.visit)?;
    let link = format!("{}/appointments/{appointment}", core.mail.origin);
    let invitation = Some(Invitation { method: method.code(), text: file.text });
    let written = Written { invitation, ..texts.write(template, &[("when", when.as_str())], &link) };
    Ok(Ready::Now(Some((told.email, written))))
}

/// That a visit is free no longer, and what it costs; none when it does not take place any more.
pub(super) async fn priced(
    core: &Core,
    (account, appointment): (Uuid, Uuid),
    texts: &Texts,
) -> Result<Ready> {
    let told = match appointments::told(core, account, appointment, None).await? {
        Tale::Told(told) => told,
        Tale::Nothing => return Ok(Ready::Now(None)),
        Tale::NotBefore(at) => return Ok(Ready::NotBefore(at)),
    };
    let ahead = matches!(status_of(&told.visit)?, Status::Booked | Status::Confirmed)
        && told.visit.ends_at > core.now_ms();
    if !ahead {
        return Ok(Ready::Now(None));
    }
    let (when, price) = (when(&told.visit)?, amount(told.visit.price_minor, &told.visit.currency));
    let link = format!("{}/appointments/{appointment}", core.mail.origin);
    let arguments = [("when", when.as_str()), ("price", price.as_str())];
    Ok(Ready::Now(Some((told.email, texts.write(&texts.visit_priced, &arguments, &link)))))
}

/// "50.00 EUR": in a letter without signs that a mail program may not have.
fn amount(minor: i64, currency: &str) -> String {
    let digits = minor_digits(currency).unwrap_or(2);
    let unit = 10_i64.pow(u32::from(digits));
    if digits == 0 {
        format!("{minor} {currency}")
    } else {
        format!("{}.{:0width$} {currency}", minor / unit, minor % unit, width = usize::from(digits))
    }
}

/// When it is, as the clocks of the hospital show it: "Tuesday 24 November 2026, 10:00", and where that is.
pub(super) fn when(visit: &AppointmentRow) -> Result<String> {
    let local = instant(visit.starts_at)?.to_zoned(zone(&visit.time_zone)?);
    Ok(format!("{} ({})", local.strftime("%A %-d %B %Y, %H:%M"), visit.city))
}
