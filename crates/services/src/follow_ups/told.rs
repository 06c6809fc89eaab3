//! To whom a letter about a ticket still goes when it is written.
//!
//! The words are in `mail`: they say that one is asked to choose a time, and nothing besides.

use domain::{
    Actor,
    access::{Action, Decision, Grant, decide},
    follow_ups::FollowUpStatus,
    ids::{AccountId, FollowUpId},
};
use uuid::Uuid;

use super::{FollowUpService, store};
use crate::{access::Resource, accounts::AccountService, appointments, core::Core, db::Reach, error::Result};

/// The address; none when there is nothing to tell any more: the ticket is used or over, or the account no longer minds the patient or
/// may not see the ticket.
pub(crate) async fn told(core: &Core, account: Uuid, ticket: Uuid) -> Result<Option<String>> {
    let (row, email) = {
        let mut conn = core.db.read(&Reach::house("a letter is written")).await?;
        let Some(row) = store::find(&mut conn, FollowUpId(ticket)).await? else { return Ok(None) };
        let email = appointments::address(&mut conn, row.patient_id, account).await?;
        let Some(email) = email else { return Ok(None) };
        (row, email)
    };
    let principal = AccountService::new(core.clone()).load(AccountId(account)).await?;
    let Some(principal) = principal else { return Ok(None) };
    let decision = decide(&Actor::Account(Box::new(principal)), Action::ReadFollowUp, &row.facts());
    let minds = matches!(decision, Decision::Allow(Grant::OwnPatient | Grant::Helper));
    let open = FollowUpService::new(core.clone()).status(&row)? == FollowUpStatus::Open;
    Ok((minds && open).then_some(email))
}
