//! What calendars show of an account's visits: those of a span that it may see now, by begin.
//!
//! It is the list of one's own visits, read by whoever has the address of the calendar.

use domain::{Call, access::Action, time::Span};

use super::{
    AppointmentRow,
    lists::days,
    store::lists::{BEGINNING, Only, own as own_visits},
};
use crate::{
    access::{Authorized, OfAccount, ReadOwnAccount},
    core::Core,
    error::Result,
};

/// More visits than an account has within a few months, those of a large family included.
const MOST: i64 = 2000;

/// The visits of the caller's account that begin in a span.
pub(crate) async fn between(core: &Core, call: &Call, span: Span) -> Result<Vec<AppointmentRow>> {
    let own: Authorized<ReadOwnAccount, _> = core.authorize(call, OfAccount::own(call)?).await?;
    // In the audit it is how they were read.
    call.trace.note(Action::ReadCalendar);
    let own = own.doing(Action::ReadCalendar);
    let days = days(core);
    // What was called off is simply not there.
    let only = Only { standing: true, ..Only::default() };
    let rows = {
        let mut conn = core.db.read(own.reach()).await?;
        own_visits(&mut conn, &own, (only, &days), span, BEGINNING, MOST).await?
    };
    core.open(&own, rows).await
}
