//! Making a plan: all of it in one transaction, or nothing. From then on the old times are free and the new ones taken, and nobody is told.
//!
//! What is done with one visit is in `appointments`.

use domain::{
    Call, Error as Refusal,
    changes::{ChangeKind, MassChange, told_at, undo_until},
    error::Conflict,
    ids::{DoctorId, MassChangeId},
};

use super::{ChangeService, Found, kind_of, state_of, store};
use crate::{
    appointments::{Doing, Part, do_part, give_back, rule_of, take_turn},
    core::instant,
    db::Conn,
    error::{Error, Result},
};

/// One visit of a plan that is made.
#[derive(Clone)]
struct Step {
    position: i64,
    told_at: i64,
    part: Part,
}

impl ChangeService {
    pub(super) async fn make(&self, call: &Call, id: MassChangeId) -> Result<MassChange> {
        let found = self.found(call, id).await?;
        let now = self.core.clock.now();
        let at = now.as_millisecond();
        if state_of(found.object(), at)? != domain::changes::ChangeState::Planned {
            return Err(Error::conflict(Conflict::AlreadyDone));
        }
        let items = {
            let mut conn = self.core.db.read(found.reach()).await?;
            store::items(&mut conn, &found).await?
        };
        // A hold that has ended is in nobody's way; whoever writes gives it back first.
        give_back(&self.core, None).await?;
        let (mut steps, mut doctors) = (Vec::with_capacity(items.len()), Vec::new());
        for item in &items {
            let told_at = told_at(at, item.from_starts_at, item.to_starts_at);
            let doing = match (kind_of(item)?, item.to_doctor_id, item.to_starts_at) {
                (ChangeKind::Move, Some(doctor), Some(start)) => {
                    Doing::Move { doctor: DoctorId(doctor), start: instant(start)? }
                }
                (ChangeKind::Cancel, ..) => Doing::Cancel,
                (ChangeKind::Move, ..) => return Err(Error::Stored("a move without a time")),
            };
            doctors.extend([Some(item.from_doctor_id), item.to_doctor_id].into_iter().flatten());
            let visit = (store::visit_of(item), item.seen_version);
            let reason = found.object().reason.clone();
            let part = self.appointments.part(call, visit, doing, reason, (now, told_at)).await;
            let part = part.map_err(|error| at_item(item.position, error))?;
            steps.push(Step { position: item.position, told_at, part });
        }
        // What is called off makes room first.
        let moves =
            |step: &Step| items.iter().any(|i| i.position == step.position && i.to_starts_at.is_some());
        steps.sort_by_key(|step| (moves(step), step.position));
        doctors.sort_unstable();
        doctors.dedup();
        let patients: Vec<_> = steps.iter().map(|step| step.part.patient).collect();
        let proof = found.clone().about_all(&patients);
        self.core
            .change(&proof, move |conn| {
                let (found, steps, doctors) = (found.clone(), steps.clone(), doctors.clone());
                Box::pin(async move {
                    store::take_turn(conn, &found).await?;
                    if !store::set_made(conn, &found, at, undo_until(at)).await? {
                        return Err(Error::conflict(Conflict::AlreadyDone));
                    }
                    // Always in one order, as for a single visit.
                    for doctor in doctors {
                        take_turn(conn, DoctorId(doctor)).await?;
                    }
                    store::take_pools(conn, &found).await?;
                    for step in &steps {
                        do_step(conn, &found, step).await.map_err(|error| at_item(step.position, error))?;
                    }
                    Ok(())
                })
            })
            .await?;
        // Of visits that begin soon patients are told at once.
        self.core.mail.wake();
        self.core.cashier.wake();
        self.again(call, id).await
    }
}

async fn do_step(conn: &mut Conn, found: &Found, step: &Step) -> Result<()> {
    let version = do_part(conn, &step.part).await?;
    store::set_item_made(conn, found, step.position, version, step.told_at).await
}

/// A refusal with the visit that it is about, as a rule of its line in the plan.
fn at_item(position: i64, error: Error) -> Error {
    // That a patient is elsewhere is not told where that may be another hospital's business: the time is simply not free.
    let rule = match rule_of(&error, false) {
        Some(rule) => rule,
        None if is_about_the_visit(&error) => "visit_changed".to_owned(),
        None => return error,
    };
    Refusal::invalid(format!("items.{position}"), rule).into()
}

/// Whether an error that names no rule of a date says that the visit is not what it was when the plan was made.
fn is_about_the_visit(error: &Error) -> bool {
    match error {
        Error::Refused(
            Refusal::Conflict { .. } | Refusal::Invalid { .. } | Refusal::NotFound | Refusal::Forbidden,
        ) => true,
        Error::Refused(
            Refusal::Unauthenticated
            | Refusal::SignInFailed
            | Refusal::SecondFactorRequired
            | Refusal::StepUpRequired
            | Refusal::InvalidGrant
            | Refusal::EmailUnverified
            | Refusal::TooMany { .. }
            | Refusal::Unavailable
            | Refusal::Internal { .. },
        )
        | Error::Database(_)
        | Error::Busy
        | Error::Commit(_)
        | Error::Stored(_)
        | Error::Library(_)
        | Error::Panicked => false,
    }
}
