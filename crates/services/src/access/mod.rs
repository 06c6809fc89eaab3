//! The guard: the only way from what somebody wants to a row, and the record of it.
//!
//! What is allowed is decided in `domain::access`; here the decision becomes a value, [`Authorized`], that nobody else can
//! make. Stores that hold what not everybody may see ask for one, so a forgotten check does not compile.

mod actions;
mod care;
mod denials;
mod fresh;
mod scopes;
mod store;

use std::marker::PhantomData;

use domain::{
    Call,
    access::{Action, Decision, Facts, Grant, Principal, Role, decide},
    ids::{AccountId, HospitalId, PatientId},
};
use futures::future::BoxFuture;
use uuid::Uuid;

pub(crate) use actions::*;
pub(crate) use care::{CARE_MS, Sight};
pub(crate) use denials::Denials;
pub(crate) use scopes::*;

use crate::{
    audit::{self, Entry},
    core::Core,
    db::{Conn, Reach},
    error::{Error, Result},
    sessions,
};

/// Something that is guarded.
pub(crate) trait Resource: Send + Sync {
    /// What the decision looks at.
    fn facts(&self) -> Facts;
    /// What the audit calls it: its kind and its id.
    fn entity(&self) -> (&'static str, Option<Uuid>);
}

/// A guarded row that is found by its id.
pub(crate) trait Loaded: Resource + Sized {
    /// Its id, as somebody has named it.
    type Id: Copy + Send;
    /// Reads it. Only the guard calls this.
    fn load(conn: &mut Conn, id: Self::Id) -> BoxFuture<'_, Result<Option<Self>>>;
}

/// That an action can be done to a resource.
pub(crate) trait ActionOn<R> {
    /// Which action it is.
    const ACTION: Action;
}

/// An object together with the decision that its holder may do `A` with it. Only the guard makes one.
pub(crate) struct Authorized<A, R> {
    object: R,
    grant: Grant,
    by: AccountId,
    /// For what needs a proof: the generation of the caller's sessions in which it was given.
    epoch: Option<i64>,
    entry: Entry,
    reach: Reach,
    action: PhantomData<fn() -> A>,
}

impl<A, R: Clone> Clone for Authorized<A, R> {
    fn clone(&self) -> Self {
        Self {
            object: self.object.clone(),
            grant: self.grant,
            by: self.by,
            epoch: self.epoch,
            entry: self.entry.clone(),
            reach: self.reach.clone(),
            action: PhantomData,
        }
    }
}

impl<A, R> Authorized<A, R> {
    /// The object.
    pub(crate) fn object(&self) -> &R {
        &self.object
    }

    /// The object, when the decision is no longer needed.
    pub(crate) fn into_object(self) -> R {
        self.object
    }

    /// Why it is allowed.
    pub(crate) fn grant(&self) -> Grant {
        self.grant
    }

    /// Who may.
    pub(crate) fn by(&self) -> AccountId {
        self.by
    }

    /// The rows that the decision has opened.
    pub(crate) fn reach(&self) -> &Reach {
        &self.reach
    }

    /// The same with rows that the decision alone does not open, for what concerns others as well.
    pub(crate) fn reaching(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self
    }

    /// The same as this action, for the audit: where one decision opens the way to several.
    pub(crate) fn doing(mut self, action: Action) -> Self {
        self.entry = self.entry.doing(action);
        self
    }

    /// What the audit says of another object of the same hospital and patient that has gone the same way with this one.
    pub(crate) fn entry_of_another(&self, id: Uuid) -> Entry {
        self.entry.clone().of_another(id)
    }

    /// The same in an emergency, for the audit.
    pub(crate) fn in_emergency(mut self) -> Self {
        self.entry = self.entry.in_emergency();
        self
    }

    /// The same as whoever acts for a patient, for the audit: where the account asks, and it is about her.
    pub(crate) fn helping(mut self, patient: PatientId) -> Self {
        self.entry = self.entry.by_helper().about(&[patient]);
        self
    }

    /// The same in the name of a hospital, for the audit.
    pub(crate) fn at(mut self, hospital: HospitalId) -> Self {
        self.entry = self.entry.at(hospital);
        self
    }

    /// The same about several patients, for the audit.
    pub(crate) fn about_all(mut self, patients: &[PatientId]) -> Self {
        self.entry = self.entry.about(patients);
        self
    }

    /// The same about a patient, for the audit.
    pub(crate) fn about(mut self, patient: PatientId) -> Self {
        self.entry = self.entry.about(&[patient]);
        self
    }
}

/// Rows about people, closed until the audit has noted who will see them.
pub(crate) struct Sealed<T> {
    content: T,
    about: Vec<PatientId>,
}

impl<T> Sealed<T> {
    /// Rows about these patients.
    pub(crate) fn about(content: T, patients: impl IntoIterator<Item = PatientId>) -> Self {
        let mut about: Vec<_> = patients.into_iter().collect();
        about.sort_unstable();
        about.dedup();
        Self { content, about }
    }
}

impl<T> Sealed<Vec<T>> {
    /// These rows and those, to be opened at once.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.content.extend(other.content);
        self.about.extend(other.about);
        Self::about(self.content, self.about)
    }
}

impl Core {
    /// Decides on a scope: something that is known without reading rows about people.
    pub(crate) async fn authorize<A, R>(&self, call: &Call, object: R) -> Result<Authorized<A, R>>
    where
        A: ActionOn<R>,
        R: Resource,
    {
        let facts = object.facts();
        let facts = match doctor_asking(call, &facts) {
            Some((doctor, patient)) => {
                let mut conn = self.db.read(&Reach::of(call.actor.principal())).await?;
                let since = self.now_ms() - CARE_MS;
                facts.cared_for(store::treats(&mut conn, doctor, patient, since).await?)
            }
            None => facts,
        };
        call.trace.note(A::ACTION);
        match decide(&call.actor, A::ACTION, &facts) {
            Decision::Allow(grant) => {
                if A::ACTION.needs_proof() && !self.is_fresh(call).await? {
                    return Err(domain::Error::StepUpRequired.into());
                }
                let caller = call.actor.signed_in()?;
                let (by, epoch) =
                    (caller.account_id, A::ACTION.needs_proof().then_some(caller.session_epoch));
                let entry = Entry::of(call, A::ACTION, Some(grant), &facts, object.entity(), self.now_ms());
                let reach = Reach::granted(call.actor.principal(), grant, &facts);
                Ok(Authorized { object, grant, by, epoch, entry, reach, action: PhantomData })
            }
            Decision::Deny(denial) => {
                if let Some(account) = call.actor.account_id() {
                    let entry = Entry::of(call, A::ACTION, None, &facts, object.entity(), self.now_ms());
                    self.note_denial(account, entry).await?;
                }
                Err(denial.refusal().into())
            }
        }
    }

    /// Reads a row for somebody who may do `A` with it; absent and foreign are the same. The audit has noted it before
    /// the row is handed out.
    pub(crate) async fn load<A, R>(&self, call: &Call, id: R::Id) -> Result<Authorized<A, R>>
    where
        A: ActionOn<R>,
        R: Loaded,
    {
        let found = self.aim(call, id).await?;
        self.note(found.entry.clone()).await?;
        Ok(found)
    }

    /// As [`Core::load`] for what is about to be changed: the audit notes it in the transaction of the change.
    pub(crate) async fn aim<A, R>(&self, call: &Call, id: R::Id) -> Result<Authorized<A, R>>
    where
        A: ActionOn<R>,
        R: Loaded,
    {
        call.trace.note(A::ACTION);
        // Whoever is not signed in learns that, and not whether there is such a row.
        let principal = call.actor.signed_in()?;
        let found = {
            let mut conn = self.db.read(&Reach::of(Some(principal))).await?;
            R::load(&mut conn, id).await?
        };
        self.authorize(call, found.ok_or(domain::Error::NotFound)?).await
    }

    /// Decides on something else that may be done with what the caller sees already.
    pub(crate) async fn permit<A, R>(
        &self,
        call: &Call,
        seen: &Authorized<A, R>,
        action: Action,
        facts: &Facts,
    ) -> Result<()> {
        call.trace.note(action);
        match decide(&call.actor, action, facts) {
            Decision::Allow(_) => Ok(()),
            Decision::Deny(denial) => {
                self.note_denial(seen.by, seen.entry.clone().doing(action).denied()).await?;
                Err(denial.refusal().into())
            }
        }
    }

    /// Opens rows about people once the audit has noted who sees them.
    pub(crate) async fn open<A, R, T>(&self, proof: &Authorized<A, R>, sealed: Sealed<T>) -> Result<T> {
        // Whom only an emergency shows in a list was looked at in an emergency.
        let (declared, others): (Vec<_>, Vec<_>) =
            sealed.about.iter().partition(|patient| proof.entry.is_declared(**patient));
        // Whom an account only acts for was looked at by a helper, though the list is the account's own.
        let (helped, others): (Vec<_>, Vec<_>) =
            others.into_iter().partition(|patient| proof.entry.is_helped(*patient));
        if !helped.is_empty() {
            self.note(proof.entry.clone().by_helper().about(&helped)).await?;
        }
        if !declared.is_empty() {
            self.note(proof.entry.clone().in_emergency().about(&declared)).await?;
        }
        self.note(proof.entry.clone().about(&others)).await?;
        Ok(sealed.content)
    }

    /// Changes something in a transaction that also notes who changed it; what the rules within deny is noted, too.
    ///
    /// The work may run more than once (after a deadlock), so it must have no effect outside the connection.
    pub(crate) async fn change<A, R, T, F>(&self, proof: &Authorized<A, R>, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Conn) -> BoxFuture<'c, Result<T>> + Send + Sync + 'static,
    {
        let (entry, work) = (proof.entry.clone(), std::sync::Arc::new(work));
        let (by, epoch) = (proof.by, proof.epoch);
        let changed = self
            .db
            .write(proof.reach(), move |conn| {
                let (entry, work) = (entry.clone(), work.clone());
                Box::pin(async move {
                    // Whoever was signed out since she was asked for the proof does nothing with it.
                    if let Some(epoch) = epoch
                        && !sessions::hold_epoch(conn, by, epoch).await?
                    {
                        return Err(domain::Error::Unauthenticated.into());
                    }
                    let done = work(conn).await?;
                    // Last, because on PostgreSQL it holds the end of its chain until the commit.
                    audit::append(conn, entry).await?;
                    Ok(done)
                })
            })
            .await;
        if let Err(Error::Refused(domain::Error::Forbidden)) = changed {
            self.note_denial(by, proof.entry.clone().denied()).await?;
        }
        changed
    }

    /// As [`Core::change`] for several objects of one caller that lie within the reach of the first. The work returns what is noted: what it
    /// has done, and nothing of what somebody else was faster with. For what needs no proof.
    pub(crate) async fn change_all<A, R, F>(&self, proofs: &[Authorized<A, R>], work: F) -> Result<()>
    where
        F: for<'c> Fn(&'c mut Conn) -> BoxFuture<'c, Result<Vec<Entry>>> + Send + Sync + 'static,
    {
        let first = proofs.first().ok_or(domain::Error::NotFound)?;
        let work = std::sync::Arc::new(work);
        self.db
            .write(first.reach(), move |conn| {
                let work = work.clone();
                Box::pin(async move {
                    for entry in work(conn).await? {
                        audit::append(conn, entry).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// Notes that somebody was denied something, unless she has tried too often for each time to be worth it.
    async fn note_denial(&self, by: AccountId, entry: Entry) -> Result<()> {
        if self.denials.is_worth_noting(by, self.now_ms()) {
            self.note(entry).await?;
        }
        Ok(())
    }

    /// Writes an entry of the audit by itself.
    pub(crate) async fn note(&self, entry: Entry) -> Result<()> {
        let reach = Reach::house("the audit writes about whoever asks, allowed or not");
        self.db.write(&reach, move |conn| Box::pin(audit::append(conn, entry.clone()))).await
    }
}

/// The doctor who asks and the patient, where the decision depends on whether she treats her.
fn doctor_asking(call: &Call, facts: &Facts) -> Option<(domain::ids::DoctorId, PatientId)> {
    let principal: &Principal = call.actor.principal()?;
    let patient = facts.patient()?;
    if principal.patients.contains(&patient) {
        return None;
    }
    let membership = principal.membership(facts.hospital()?)?;
    match membership.role {
        Role::Doctor => Some((membership.doctor_id?, patient)),
        Role::Desk | Role::HospitalAdmin => None,
    }
}
