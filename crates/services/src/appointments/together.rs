//! What goes with a visit that its patient's own side calls off: visits that were free because of it, and of a kind that is paid for before
//! it is booked. Unpaid they would be kept at a price that nobody has asked for.
//!
//! Which visits these are is `payments`' business.

use domain::{
    appointments::Move,
    error::Conflict,
    ids::{AccountId, AppointmentId},
};

use super::{
    lead::lead,
    status_of, store,
    told::{Minders, Tidings},
};
use crate::{
    db::{Conn, News},
    error::{Error, Result},
    mail::VisitChange,
};

/// How the paid visit was called off.
#[derive(Clone, Copy)]
pub(crate) struct CalledOff<'a> {
    pub(crate) by: AccountId,
    pub(crate) reason: Option<&'a str>,
    pub(crate) now: i64,
}

/// Calls visits off together with the one that they hang on; returns which it was. Whoever asks notes each of them in the audit.
pub(crate) async fn call_off_with(
    conn: &mut Conn,
    visits: &[AppointmentId],
    with: CalledOff<'_>,
    minders: Option<&Minders>,
) -> Result<Vec<AppointmentId>> {
    let mut gone = Vec::new();
    for id in visits {
        if call_off(conn, *id, with, minders).await? {
            gone.push(*id);
        }
    }
    Ok(gone)
}

async fn call_off(
    conn: &mut Conn,
    id: AppointmentId,
    with: CalledOff<'_>,
    minders: Option<&Minders>,
) -> Result<bool> {
    let row = store::find(conn, id).await?.ok_or(Error::Stored("a visit that was free"))?;
    let status = status_of(&row)?;
    // Its patient may have come in this moment.
    let Some(next) = status.after(Move::Cancel) else { return Ok(false) };
    let late = lead(conn, &row, with.now).await?.is_late();
    if !store::together::call_off(conn, id, row.version, late).await? {
        return Err(Error::conflict(Conflict::StaleVersion));
    }
    let version = row.version + 1;
    let step = store::Step {
        appointment: id,
        seq: version,
        from: Some(status.code()),
        to: next.code(),
        at: with.now,
        by: Some(with.by),
        reason: with.reason.map(str::to_owned),
        seat: None,
    };
    store::insert_step(conn, step).await?;
    // Its entry goes out of her calendar.
    if let Some(minders) = minders {
        let change = VisitChange::Cancelled;
        let tidings = Tidings { appointment: id, change, step: version, own: true, not_before: None };
        minders.tell(conn, tidings).await?;
    }
    conn.announce(News::Visit(row.event(version))).await?;
    Ok(true)
}
