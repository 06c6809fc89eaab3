//! What follows when patients are told: the money of cancelled visits goes back, and what hangs on them goes with them.
//!
//! Letters wait in the outbox by themselves, and the waiting list looks at the clock.

use domain::{
    access::{Action, Grant},
    appointments::Initiator,
    ids::{AccountId, AppointmentId},
};

use super::store;
use crate::{
    access::Resource,
    appointments::{AppointmentRow, CalledOff, Minders, call_off_with, find_visit},
    audit::{self, Entry},
    core::Core,
    db::Reach,
    error::Result,
    payments::{self, follow_ups},
};

/// Asks for the money of visits whose patients are told by now to be sent back; returns how many there were. Done twice it does no harm.
pub(crate) async fn repay_due(core: &Core) -> Result<usize> {
    let reach = Reach::house("what cancelled visits are owed is sent back when their patients are told");
    let now = core.now_ms();
    let owed = {
        let mut conn = core.db.read(&reach).await?;
        store::owed(&mut conn, now).await?
    };
    let count = owed.len();
    for row in owed {
        let inside = core.clone();
        core.db
            .write(&reach, move |conn| {
                let core = inside.clone();
                Box::pin(async move {
                    if !store::set_settled(conn, row, now).await? {
                        return Ok(());
                    }
                    let visit = find_visit(conn, AppointmentId(row.appointment_id)).await?;
                    let Some(visit) = visit else { return Ok(()) };
                    let side = visit.cancelled_by.as_deref().and_then(Initiator::parse);
                    let Some(side) = side else { return Ok(()) };
                    let lead = payments::lead_of_cancelled(conn, &visit, now).await?;
                    payments::of_visit(conn, visit.id, (side, lead), row.planned_by, now).await?;
                    let minders = Minders::within(&core, conn, visit.patient_id.into()).await?;
                    if side != Initiator::Patient {
                        return follow_ups::look_again(conn, visit.id, now, Some(&minders)).await;
                    }
                    // A member has called off a visit of her own among others.
                    let gone = follow_ups::given_up(conn, visit.id, now, core.cashier.is_open()).await?;
                    let with = CalledOff { by: AccountId(row.planned_by), reason: None, now };
                    let gone = call_off_with(conn, &gone, with, Some(&minders)).await?;
                    // Last, as whatever the audit writes.
                    for one in gone {
                        audit::append(conn, noted(row, &visit, now).of_another(one.0)).await?;
                    }
                    Ok(())
                })
            })
            .await?;
    }
    Ok(count)
}

/// What the audit says of a visit that its patient's own side has called off among others, when something goes with it: by then nobody
/// asks, and the entry of the change says nothing of that.
fn noted(row: store::OwedRow, visit: &AppointmentRow, now: i64) -> Entry {
    let (by, grant) = (AccountId(row.planned_by), if row.own { Grant::OwnPatient } else { Grant::Helper });
    Entry::without_call(by, Action::CancelAppointment, grant, &visit.facts(), visit.entity(), now)
}
