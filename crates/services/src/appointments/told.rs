//! Who is told of a visit: whom a change writes a letter to, and what the letter sees of the visit when it is written.
//!
//! What a letter says is in `mail`; its part for calendars is in `calendars`.

use domain::{
    Actor,
    access::{Action, Decision, Grant, decide},
    appointments::Status,
    ids::{AccountId, AppointmentId, PatientId, SeriesId},
};
use uuid::Uuid;

use super::{AppointmentRow, status_of, store};
use crate::{
    access::{Authorized, Resource},
    accounts::AccountService,
    core::Core,
    db::{Conn, Reach},
    error::Result,
    mail::{self, Letter, VisitChange},
};

/// Those who mind a patient, as they were before a visit of hers was changed.
#[derive(Clone)]
pub(crate) struct Minders {
    core: Core,
    accounts: Vec<(Uuid, String)>,
}

/// A step of a visit of which they are told.
#[derive(Clone, Copy)]
pub(super) struct Tidings {
    pub(super) appointment: AppointmentId,
    pub(super) change: VisitChange,
    /// Its number in the visit's history.
    pub(super) step: i64,
    /// Whether the patient's own side has taken it.
    pub(super) own: bool,
    /// Before that nobody hears of it, where that is not at once.
    pub(super) not_before: Option<i64>,
}

impl Minders {
    /// Of the patient whose visit somebody may change.
    pub(crate) async fn of<A, R: Sync>(
        core: &Core,
        _proof: &Authorized<A, R>,
        patient: PatientId,
    ) -> Result<Self> {
        // The people of a demo are written to by nobody.
        let accounts = if core.proven {
            Vec::new()
        } else {
            let reach = Reach::house("the notice goes to those who mind the patient");
            store::told::minders(&mut core.db.read(&reach).await?, patient).await?
        };
        Ok(Self { core: core.clone(), accounts })
    }

    /// Of the patient for whom the house itself does something, in its own transaction.
    pub(crate) async fn within(core: &Core, conn: &mut Conn, patient: PatientId) -> Result<Self> {
        Ok(Self { core: core.clone(), accounts: store::told::minders(conn, patient).await? })
    }

    /// Writes to them, in the transaction of the step. Whoever took it gets the letter, too: the entry for her calendar is in it.
    pub(super) async fn tell(&self, conn: &mut Conn, tidings: Tidings) -> Result<()> {
        let Tidings { appointment: AppointmentId(appointment), change, step, own, not_before } = tidings;
        let letter = |account| Letter::Visit { account, appointment, change, step, own };
        self.post(conn, letter, not_before).await
    }

    /// Writes each of them a letter, in the transaction of its cause.
    pub(crate) async fn write(&self, conn: &mut Conn, letter: impl Fn(Uuid) -> Letter) -> Result<()> {
        self.post(conn, letter, None).await
    }

    async fn post(
        &self,
        conn: &mut Conn,
        letter: impl Fn(Uuid) -> Letter,
        not_before: Option<i64>,
    ) -> Result<()> {
        for (account, email) in &self.accounts {
            let draft = mail::draft(&self.core, email, letter(*account));
            let draft = match not_before {
                Some(at) => draft.due(at),
                None => draft,
            };
            mail::post(conn, &draft).await?;
        }
        Ok(())
    }
}

/// A visit as a letter about it sees it, and the address that the letter goes to.
pub(crate) struct Told {
    pub(crate) email: String,
    pub(crate) visit: AppointmentRow,
}

/// What there is to tell of a step.
pub(crate) enum Tale {
    /// This.
    Told(Box<Told>),
    /// Nothing any more: another step has followed, of which another letter tells, or this one was undone, or the account no longer
    /// minds the patient or may not see the visit.
    Nothing,
    /// Not before an instant: a step that has followed may still be undone, and then this one stands.
    NotBefore(i64),
}

/// What there is to tell of a step, or without one of the visit as it stands when nothing of it may be undone.
pub(crate) async fn told(core: &Core, account: Uuid, appointment: Uuid, step: Option<i64>) -> Result<Tale> {
    let (visit, email) = {
        let mut conn = core.db.read(&Reach::house("a letter is written")).await?;
        let Some(visit) = store::find(&mut conn, AppointmentId(appointment)).await? else {
            return Ok(Tale::Nothing);
        };
        let (last, undone, later) =
            store::told::standing(&mut conn, appointment, step.unwrap_or(0), core.now_ms()).await?;
        match later {
            _ if undone => return Ok(Tale::Nothing),
            Some(at) => return Ok(Tale::NotBefore(at)),
            None if step.is_some_and(|step| last > step) => return Ok(Tale::Nothing),
            None => {}
        }
        let email = store::told::address(&mut conn, visit.patient_id, account).await?;
        let Some(email) = email else { return Ok(Tale::Nothing) };
        (visit, email)
    };
    let principal = AccountService::new(core.clone()).load(AccountId(account)).await?;
    let Some(principal) = principal else { return Ok(Tale::Nothing) };
    let decision = decide(&Actor::Account(Box::new(principal)), Action::ReadAppointment, &visit.facts());
    let minds = matches!(decision, Decision::Allow(Grant::OwnPatient | Grant::Helper));
    Ok(if minds { Tale::Told(Box::new(Told { email, visit })) } else { Tale::Nothing })
}

/// The visits of a row that are still to come, and the address that the letter about them goes to; none when there is nothing to tell any
/// more.
pub(crate) async fn told_of_row(
    core: &Core,
    account: Uuid,
    series: Uuid,
) -> Result<Option<(String, Vec<AppointmentRow>)>> {
    let (visits, email) = {
        let mut conn = core.db.read(&Reach::house("a letter is written")).await?;
        let visits = store::series::visits(&mut conn, SeriesId(series)).await?;
        let Some(patient) = visits.first().map(|visit| visit.patient_id) else { return Ok(None) };
        let email = store::told::address(&mut conn, patient, account).await?;
        let Some(email) = email else { return Ok(None) };
        (visits, email)
    };
    let principal = AccountService::new(core.clone()).load(AccountId(account)).await?;
    let Some(principal) = principal else { return Ok(None) };
    let (actor, now) = (Actor::Account(Box::new(principal)), core.now_ms());
    let mut seen = Vec::with_capacity(visits.len());
    for visit in visits {
        let decision = decide(&actor, Action::ReadAppointment, &visit.facts());
        let minds = matches!(decision, Decision::Allow(Grant::OwnPatient | Grant::Helper));
        let happens = matches!(status_of(&visit)?, Status::Booked | Status::Confirmed);
        if minds && happens && visit.ends_at > now {
            seen.push(visit);
        }
    }
    Ok((!seen.is_empty()).then_some((email, seen)))
}
