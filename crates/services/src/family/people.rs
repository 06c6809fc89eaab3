//! Adding a child, changing what a helper may do, and ending it from either side.
//!
//! How somebody becomes a helper is in `offers`.

use domain::{
    Call, Error as Refusal,
    accounts::OwnPatient,
    error::{Conflict, Findings},
    family::{AddChild, MOST, OWN_AGE, Permissions, Relation, Terms, younger_after},
    ids::{AccountId, PatientId},
    text,
    time::plus_days,
};
use uuid::Uuid;

use super::{FamilyService, Leaving, Own, confirmed, owns, store, terms};
use crate::{
    access::OfPatient,
    appointments,
    db::{Conn, Reach},
    error::{Error, Result},
};

impl FamilyService {
    pub(super) async fn new_child(&self, call: &Call, command: AddChild) -> Result<OwnPatient> {
        let own = self.own(call).await?;
        confirmed(call.actor.signed_in()?)?;
        let today = self.today();
        let mut findings = Findings::new();
        let full_name =
            findings.take("full_name", text::required(&command.full_name, 120)).unwrap_or_default();
        // Somewhere on earth it is already tomorrow.
        let latest = plus_days(today, 1);
        let born = findings.take("birth_date", text::birth_date(&command.birth_date, latest));
        let young = born.is_none_or(|born| born > younger_after(today, OWN_AGE));
        findings.require(young, "birth_date", "child_too_old");
        findings.finish()?;
        let birth_date = born.ok_or(Error::Stored("a checked command"))?;
        let child = store::NewChild {
            id: PatientId(self.core.new_id()),
            search_name: text::search_form(&full_name),
            full_name: full_name.clone(),
            birth_date: birth_date.to_string(),
        };
        let (id, now, proof) = (child.id, self.core.now_ms(), own.clone().helping(child.id));
        self.core
            .change(&proof, move |conn| {
                let (own, child) = (own.clone(), child.clone());
                Box::pin(async move {
                    appointments::take_patients_turn(conn, child.id, own.by()).await?;
                    if store::people(conn, &own).await? >= MOST {
                        return Err(Error::conflict(Conflict::TooManyPeople));
                    }
                    store::insert_child(conn, &own, child, now).await
                })
            })
            .await?;
        let relation = Relation::Parent.code().to_owned();
        Ok(OwnPatient { id, full_name, birth_date, relation, permissions: Permissions::ALL })
    }

    pub(super) async fn new_terms(
        &self,
        call: &Call,
        patient: PatientId,
        helper: AccountId,
        command: Terms,
    ) -> Result<()> {
        let whom = self.whom(call, patient).await?;
        let mut findings = Findings::new();
        let terms = terms(&mut findings, &command, self.today());
        self.has_herself(call, &whom, terms, &mut findings).await?;
        findings.finish()?;
        let (proof, now) = (whom.clone(), self.core.now_ms());
        self.core
            .change(&proof, move |conn| {
                let whom = whom.clone();
                Box::pin(async move {
                    let owns = owns(&whom);
                    let changed = store::change(conn, &whom, helper, terms, owns, now).await?;
                    if changed { Ok(()) } else { Err(Refusal::NotFound.into()) }
                })
            })
            .await
    }

    pub(super) async fn stop(&self, call: &Call, patient: PatientId, helper: AccountId) -> Result<()> {
        if call.actor.account_id() == Some(helper) {
            return self.stop_helping(call, patient).await;
        }
        let whom: Leaving = self.core.authorize(call, OfPatient { patient, hospital: None }).await?;
        let reach = Reach::house("offers to the helper's address end as well");
        let (now, proof) = (self.core.now_ms(), whom.clone().reaching(reach));
        self.core
            .change(&proof, move |conn| {
                let whom = whom.clone();
                Box::pin(async move {
                    let owns = owns(&whom);
                    if !store::endings::end_helper(conn, &whom, helper, owns, now).await? {
                        return Err(Refusal::NotFound.into());
                    }
                    // Whoever is sent away leaves nobody behind.
                    follow(conn, patient, helper.0, whom.by(), now).await?;
                    store::offers::end_open(conn, patient, Some(helper.0), None, now).await
                })
            })
            .await
    }

    async fn stop_helping(&self, call: &Call, patient: PatientId) -> Result<()> {
        let own = self.own(call).await?;
        let (now, today) = (self.core.now_ms(), self.today().to_string());
        let reach = Reach::house("who else looks after the patient, and whether any hospital knows her");
        let proof = own.clone().helping(patient).reaching(reach);
        self.core
            .change(&proof, move |conn| {
                let (own, today) = (own.clone(), today.clone());
                Box::pin(async move { leave(conn, &own, patient, &today, now).await })
            })
            .await
    }
}

/// Ends what somebody who goes has let others do, and they others; never what the one does who sends her away.
async fn follow(conn: &mut Conn, patient: PatientId, goes: Uuid, sends: AccountId, now: i64) -> Result<()> {
    let mut leaving = vec![goes];
    while let Some(account) = leaving.pop() {
        leaving.extend(store::endings::end_given_by(conn, patient, account, sends, now).await?);
    }
    Ok(())
}

/// Ends what an account has let others do since an instant, and what it has asked of them, and lets it act again for whom it has left:
/// it may not have been its owner. Says for which patients something has changed.
pub(crate) async fn take_back(
    conn: &mut Conn,
    account: AccountId,
    since: i64,
    now: i64,
) -> Result<Vec<PatientId>> {
    // What is asked goes first: whoever says yes at this moment has said it before, and is seen below, or hears that it is over.
    store::endings::end_asked_since(conn, account, since, now).await?;
    // What comes back to her is judged as what she gave, and not as what another gave who has it by now.
    let back = store::endings::restore_left_since(conn, account, since).await?;
    let mut changed: Vec<_> = back.into_iter().map(PatientId).collect();
    for (helper, patient) in store::endings::end_given_since(conn, account, since, now).await? {
        follow(conn, PatientId(patient), helper, account, now).await?;
        changed.push(PatientId(patient));
    }
    Ok(changed)
}

/// Ends the caller's own part. A patient with visits is left to somebody; one who was only ever typed in goes with it.
async fn leave(conn: &mut Conn, own: &Own, patient: PatientId, today: &str, now: i64) -> Result<()> {
    if !store::endings::end_own(conn, own, patient, now).await? {
        return Err(Refusal::NotFound.into());
    }
    let me = own.object().id().0;
    store::endings::hand_up(conn, own, patient, now).await?;
    store::offers::end_open(conn, patient, Some(me), None, now).await?;
    store::offers::end_open(conn, patient, None, Some(me), now).await?;
    if store::is_minded(conn, own, patient, today).await? {
        return Ok(());
    }
    if store::is_blank(conn, own, patient).await? {
        return store::remove(conn, own, patient).await;
    }
    Err(Error::conflict(Conflict::LastHelper))
}
