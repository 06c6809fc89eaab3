//! Who is told of an offer, or that one waits no longer, and what the letter says of it when it is written.
//!
//! The words are in `mail`.

use domain::{
    Actor,
    access::{Action, Decision, Grant, decide},
    ids::{AccountId, PatientId, WaitlistEntryId},
};
use jiff::Timestamp;
use uuid::Uuid;

use super::store;
use crate::{
    access::Resource,
    accounts::AccountService,
    appointments::{self, Minders},
    core::{Core, instant, zone},
    db::{Conn, Reach},
    error::Result,
    mail::Letter,
};

/// Tells those who mind a patient that a time is kept for her. In the transaction of the offer.
pub(super) async fn offered(core: &Core, conn: &mut Conn, entry: &store::EntryRow, hold: Uuid) -> Result<()> {
    let minders = Minders::within(core, conn, entry.patient_id.into()).await?;
    let entry = entry.id;
    minders.write(conn, |account| Letter::WaitlistOffer { account, entry, hold }).await
}

/// Tells them that she waits no longer. In the transaction of the end.
pub(super) async fn ended(core: &Core, conn: &mut Conn, entry: Uuid, patient: PatientId) -> Result<()> {
    let minders = Minders::within(core, conn, patient).await?;
    minders.write(conn, |account| Letter::WaitlistEnded { account, entry }).await
}

/// What a letter needs: the address, and until when a time is kept, as its hospital's clocks show it.
pub(crate) struct Told {
    pub(crate) email: String,
    pub(crate) until: Option<String>,
}

/// None when there is nothing to tell any more: the offer is over, or the account no longer minds the patient or may not see the entry.
pub(crate) async fn told(
    core: &Core,
    account: Uuid,
    entry: Uuid,
    hold: Option<Uuid>,
) -> Result<Option<Told>> {
    let (row, email) = {
        let mut conn = core.db.read(&Reach::house("a letter is written")).await?;
        let Some(row) = store::find(&mut conn, WaitlistEntryId(entry)).await? else { return Ok(None) };
        let email = appointments::address(&mut conn, row.patient_id, account).await?;
        let Some(email) = email else { return Ok(None) };
        (row, email)
    };
    let principal = AccountService::new(core.clone()).load(AccountId(account)).await?;
    let Some(principal) = principal else { return Ok(None) };
    let decision = decide(&Actor::Account(Box::new(principal)), Action::ReadWaitlist, &row.facts());
    if !matches!(decision, Decision::Allow(Grant::OwnPatient | Grant::Helper)) {
        return Ok(None);
    }
    let until = match (hold, row.hold_id, row.offer_ends_at) {
        (None, ..) => None,
        (Some(hold), Some(open), Some(until)) if hold == open && until > core.now_ms() => {
            Some(clock_time(instant(until)?, &row.time_zone)?)
        }
        (Some(_), ..) => return Ok(None),
    };
    Ok(Some(Told { email, until }))
}

/// `10:15` on the clocks of a zone, with their offset where a reader elsewhere could be wrong about it.
fn clock_time(at: Timestamp, zone_name: &str) -> Result<String> {
    Ok(at.to_zoned(zone(zone_name)?).strftime("%H:%M on %-d %B (%Z)").to_string())
}
