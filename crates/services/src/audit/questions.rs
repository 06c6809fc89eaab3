//! Questions about accesses: a patient asks, the hospital answers.
//!
//! What was accessed stands in the audit and is not repeated here.

use domain::{
    Call, Error as Refusal,
    audit::{AccessQuestion, AnswerQuestion, AskAboutAccess},
    error::{Conflict, Findings},
    ids::{HospitalId, PatientId},
    text,
};

use super::{AuditService, Managed, seen_by_hospital, store};
use crate::{
    access::{self, Authorized, OfHospital, OfPatient},
    core::instant,
    error::{Error, Result},
};

/// Most questions of a patient that wait for an answer.
const OPEN: i64 = 10;
/// The wait that is named to whoever has asked that much.
const A_DAY: u32 = 24 * 60 * 60;

impl AuditService {
    pub(super) async fn put_question(
        &self,
        call: &Call,
        patient: PatientId,
        command: AskAboutAccess,
    ) -> Result<()> {
        let whom = OfPatient { patient, hospital: None };
        let whom: Authorized<access::AskAboutAccess, _> = self.core.authorize(call, whom).await?;
        let mut findings = Findings::new();
        let question = findings.take("question", text::required(&command.question, 500)).unwrap_or_default();
        findings.finish()?;
        let (id, now, proof) = (self.core.new_id(), self.core.now_ms(), whom.clone());
        self.core
            .change(&proof, move |conn| {
                let (whom, question, chain) = (whom.clone(), question.clone(), command.chain.clone());
                Box::pin(async move {
                    let place = (chain.as_str(), command.seq);
                    if store::questions::open(conn, &whom).await? >= OPEN {
                        return Err(Refusal::TooMany { retry_after: A_DAY }.into());
                    }
                    let hospital = store::questions::hospital_of_look(conn, &whom, place).await?;
                    let hospital = hospital.ok_or(Refusal::NotFound)?;
                    let asked =
                        store::questions::ask(conn, &whom, hospital, id, place, &question, now).await?;
                    if asked { Ok(()) } else { Err(Error::conflict(Conflict::AlreadyDone)) }
                })
            })
            .await
    }

    pub(super) async fn list_questions(
        &self,
        call: &Call,
        hospital: HospitalId,
    ) -> Result<Vec<AccessQuestion>> {
        let here: Managed = self.core.authorize(call, OfHospital(hospital)).await?;
        let rows = {
            let mut conn = self.core.db.read(here.reach()).await?;
            store::questions::questions(&mut conn, &here).await?
        };
        let rows = self.core.open(&here, rows).await?;
        rows.into_iter()
            .map(|row| {
                let (asked, answer) = (instant(row.asked_at)?, row.look.answer.clone());
                let question = row.look.question.clone().unwrap_or_default();
                Ok(AccessQuestion {
                    patient_id: row.patient_id.into(),
                    patient_name: row.patient_name,
                    question,
                    asked_at: asked,
                    answer,
                    event: seen_by_hospital(row.look)?,
                })
            })
            .collect()
    }

    pub(super) async fn give_answer(
        &self,
        call: &Call,
        hospital: HospitalId,
        command: AnswerQuestion,
    ) -> Result<()> {
        let here: Managed = self.core.authorize(call, OfHospital(hospital)).await?;
        let mut findings = Findings::new();
        let answer = findings.take("answer", text::required(&command.answer, 1000)).unwrap_or_default();
        findings.finish()?;
        let (now, proof) = (self.core.now_ms(), here.clone());
        self.core
            .change(&proof, move |conn| {
                let (here, command, answer) = (here.clone(), command.clone(), answer.clone());
                Box::pin(async move {
                    let place = (command.chain.as_str(), command.seq);
                    if store::questions::answer(conn, &here, command.patient_id, place, &answer, now).await? {
                        return Ok(());
                    }
                    if store::questions::was_asked(conn, &here, command.patient_id, place).await? {
                        return Err(Error::conflict(Conflict::AlreadyDone));
                    }
                    Err(Refusal::NotFound.into())
                })
            })
            .await
    }
}
